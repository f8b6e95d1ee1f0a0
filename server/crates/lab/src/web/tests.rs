//! Who gets what of the lab's pages: everybody who reaches the site, or, where others than this machine do, whoever has
//! typed the control token.

use crate::state::{Lab, Recording, Settings};
use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::{Request, StatusCode};
use platform::web::access_table::{NO_SUCH_METHOD, Row, differences, not_told_apart};
use platform::{Clock, Random};
use tower::ServiceExt;

/// Of whoever has the token, and of whoever has not: `o` gets it, `d` stands before the door, `h` finds nothing, `r` is
/// refused what is asked.
const ROWS: &[Row] = &[
    ("GET", "/lab", "od"),
    ("GET", "/lab/sign-in", "oo"),
    ("POST", "/lab/sign-in", "rr"),
    ("GET", "/lab/events", "od"),
    ("GET", "/lab/follow", "od"),
    ("GET", "/lab/beside", "od"),
    ("GET", "/lab/requests", "od"),
    ("GET", "/lab/requests/{id}", "hd"),
    ("GET", "/lab/signature", "od"),
    ("POST", "/lab/signature", "rd"),
    ("GET", "/lab/notifications", "hd"),
    ("GET", "/lab/notifications/{id}", "hd"),
    ("POST", "/lab/notifications/{id}", "hd"),
    ("GET", "/lab/books", "hd"),
    ("GET", "/lab/books/accounts/{id}", "hd"),
    ("GET", "/lab/books/transactions/{id}", "hd"),
    ("GET", "/lab/lessons", "od"),
    ("GET", "/lab/lessons/{slug}", "hd"),
    ("POST", "/lab/lessons/{slug}", "hd"),
    ("GET", "/lab/attack", "od"),
    ("POST", "/lab/attack", "rd"),
    ("GET", "/lab/clock", "od"),
    ("POST", "/lab/clock", "rd"),
    ("GET", "/lab/faults", "od"),
    ("POST", "/lab/faults", "rd"),
    ("GET", "/lab/accounts", "od"),
    ("POST", "/lab/accounts", "rd"),
    ("GET", "/lab/doctor", "od"),
    ("POST", "/lab/doctor", "rd"),
    ("GET", "/lab/reset", "od"),
    ("POST", "/lab/reset", "rd"),
    ("GET", "/lab/snapshots", "od"),
    ("POST", "/lab/snapshots", "rd"),
    ("GET", "/lab/snapshots/diff", "od"),
    ("GET", "/lab/scenarios", "od"),
    ("POST", "/lab/scenarios", "rd"),
];

/// A lab without sites, which only those enter who have the token.
fn closed(folder: &tempfile::TempDir) -> Router {
    let settings = Settings {
        folder: folder.path().to_owned(),
        payments_url: "http://payments.example".parse().unwrap(),
        shop_url: None,
        control_token: Some("letmein".into()),
        demo: None,
        tls: platform::Tls::default(),
        recording: Recording::On,
    };
    let clock = Clock::fixed("2030-01-01T00:00:00Z".parse().unwrap());
    Lab::open(settings, clock, Random::seeded(1)).unwrap().pages()
}

async fn ask(router: &Router, method: &str, path: &str, cookie: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path.replace("{id}", "none").replace("{slug}", "none"))
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let cookie = answer.headers().get(SET_COOKIE).map_or("", |value| value.to_str().unwrap());
    (answer.status(), cookie.split(';').next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn where_others_come_the_lab_is_for_those_who_have_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let router = closed(&folder);
    let (refused, nothing) = ask(&router, "POST", "/lab/sign-in", "", "token=letmeout").await;
    assert_eq!((refused, nothing.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""));
    let (entered, cookie) = ask(&router, "POST", "/lab/sign-in", "", "token=letmein").await;
    assert!(entered.is_redirection() && cookie.starts_with("lab="), "{entered} {cookie}");
    let cookies = [cookie.as_str(), "lab=letmein"];
    let verdict = async |person: usize, method: &str, path: &str| {
        // It is among the router's paths by what it answers where there is nothing.
        if path == "/" {
            return NO_SUCH_METHOD;
        }
        match ask(&router, method, path, cookies[person], "").await.0 {
            StatusCode::UNAUTHORIZED => 'd',
            StatusCode::NOT_FOUND => 'h',
            StatusCode::METHOD_NOT_ALLOWED => NO_SUCH_METHOD,
            status if status.is_success() || status.is_redirection() => 'o',
            _ => 'r',
        }
    };
    assert_eq!(differences(&router, ROWS, verdict).await, [""; 0]);
}

#[test]
fn the_browser_tests_know_every_page() {
    let pages = include_str!("../../../../../end2end/fixtures/pages.json");
    assert_eq!(not_told_apart(ROWS, pages, "lab", &["/lab/events"]), [""; 0]);
}
