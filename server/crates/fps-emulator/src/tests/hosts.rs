use super::support::{App, JOHN, RETURN_URL};
use axum::body::Body;
use fps_protocol::Secret;
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::signature::{API_HOSTS, CBUI_HOSTS};
use http::{Request, StatusCode};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_page_that_points_its_name_here_reads_and_signs_nothing() {
    let app = App::new().await;
    let mut browser = app.browser();
    for path in ["/", "/account", "/account/sign-in", "/cobranded-ui/x/sign-in", "/nothing"] {
        let request = Request::get(path).header("host", "evil.example:3001");
        browser.send(request, Body::empty()).await.expect(StatusCode::MISDIRECTED_REQUEST);
    }
    let rebound = Request::post("/account/sign-in").header("host", "evil.example:3001");
    let rebound = rebound.header(FORM.0, FORM.1).header("origin", "http://evil.example:3001");
    let rebound = rebound.header("sec-fetch-site", "same-origin");
    let body = format!("email={JOHN}&password=amazonpayments");
    browser.send(rebound, body.into()).await.expect(StatusCode::MISDIRECTED_REQUEST);
    let call = Request::get("/_control/ledger").header("host", "evil.example:3001");
    browser.send(call, Body::empty()).await.expect(StatusCode::FORBIDDEN);
    for alias in ["localhost:3001", "127.0.0.1:8080", "[::1]:3001"] {
        let request = Request::get("/account/sign-in").header("host", alias);
        browser.send(request, Body::empty()).await.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn programs_know_the_service_by_names_of_their_own() {
    let app = App::new().await;
    let mut program = app.browser();
    for host in [API_HOSTS[0], "fps.of.the.test.lab:8443"] {
        let asked = Request::get("/?Action=Pay").header("host", host);
        let answer = program.send(asked, Body::empty()).await;
        assert!(answer.body.contains("<Code>"), "{host}: {}", answer.body);
        let asked = Request::post("/").header("host", host).header(FORM.0, FORM.1);
        let answer = program.send(asked, Body::from("Action=Pay")).await;
        assert!(answer.body.contains("<Code>"), "{host}: {}", answer.body);
        let front = Request::get("/").header("host", host);
        program.send(front, Body::empty()).await.expect(StatusCode::MISDIRECTED_REQUEST);
        let certificate = Request::get("/certs/000000/PKICert.pem").header("host", host);
        let status = program.send(certificate, Body::empty()).await.status;
        assert_ne!(status, StatusCode::MISDIRECTED_REQUEST);
        let start = Request::get("/cobranded-ui/actions/start").header("host", host);
        program.send(start, Body::empty()).await.expect(StatusCode::MISDIRECTED_REQUEST);
    }
}

#[tokio::test]
async fn who_comes_by_amazons_own_name_goes_on_under_the_sites() {
    let app = App::new().await;
    let mut john = app.browser();
    for (host, reference) in CBUI_HOSTS.into_iter().zip(["order-7", "order-8"]) {
        let site = format!("https://{host}/").parse().unwrap();
        let (key, reference) = ("DDCALLER000000000001".parse().unwrap(), reference.parse().unwrap());
        let url = CbuiUrl::new(&site, &key, Pipeline::SingleUse, &reference, &RETURN_URL.parse().unwrap());
        let url = url.with("transactionAmount", "10.00").signed(&Secret::new("digitaldownload-demo-secret"));
        let asked = format!("{}?{}", url.path(), url.query().unwrap());
        let sent = john.send(Request::get(asked).header("host", host), Body::empty()).await.to();
        let path =
            sent.strip_prefix("http://127.0.0.1:3001").unwrap_or_else(|| panic!("{host} leads to {sent}"));
        john.get(path).await.expect(StatusCode::OK);
    }
}
