//! Requests as client libraries put them on the wire, and answers as those can read them (fps.md §14).

use crate::on_both_databases;
use crate::support::App;
use fps_protocol::parameters::Parameters;
use fps_protocol::signature::{self, HmacAlgorithm};
use fps_protocol::{Secret, encoding::percent_encode};

const KEY: &str = "DDCALLER000000000001";

on_both_databases!(
    every_way_of_signing_and_sending_is_understood,
    an_answer_is_in_the_namespace_of_the_version_that_was_asked_for,
    every_answer_has_its_request_id_in_the_header_and_in_the_text,
    the_very_same_request_again_is_no_replay,
    names_and_methods_are_those_of_the_documents,
);

/// A call that is answered with `InvalidTransactionId` once it is understood.
fn status_request(app: &App, more: &[(&str, &str)]) -> Parameters {
    let now = app.clock.now();
    let mut parameters: Parameters = [
        ("Action", "GetTransactionStatus"),
        ("AWSAccessKeyId", KEY),
        ("TransactionId", "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22"),
        ("Version", "2010-08-28"),
    ]
    .into_iter()
    .collect();
    parameters.push("Timestamp", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    for (name, value) in more {
        match *value {
            "" => parameters = parameters.without(name),
            value => parameters.set(name, value),
        }
    }
    parameters
}

fn secret() -> Secret {
    Secret::new("digitaldownload-demo-secret".to_owned())
}

fn signed_v2(mut parameters: Parameters, algorithm: HmacAlgorithm, method: &str, host: &str) -> String {
    parameters.set("SignatureVersion", "2");
    parameters.set("SignatureMethod", algorithm.as_str());
    let signature = signature::sign_v2(&secret(), algorithm, method, host, "/", &parameters, "Signature");
    format!("Signature={}&{}", percent_encode(&signature), parameters.to_query())
}

fn signed_v1(mut parameters: Parameters) -> String {
    parameters.set("SignatureVersion", "1");
    let signature = signature::sign_v1(&secret(), &parameters, "Signature");
    format!("{}&Signature={}", parameters.to_query(), percent_encode(&signature))
}

fn get(line: &str, host: &str) -> String {
    format!("GET {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

fn post(line: &str, host: &str, body: &str) -> String {
    format!(
        "POST {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n\r\n{body}",
        body.len()
    )
}

async fn every_way_of_signing_and_sending_is_understood(app: App) {
    use HmacAlgorithm::{Sha1, Sha256};
    let caller = app.caller();
    let port = app.payments.port().unwrap();
    let sent = format!("127.0.0.1:{port}");
    let plain = || status_request(&app, &[]);
    let v2 = |method: &str, host: &str| signed_v2(plain(), Sha256, method, host);
    let old = "fps.sandbox.amazonaws.com";
    let millis = app.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    let later = app.clock.now() + jiff::SignedDuration::from_mins(10);
    let later = later.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let expires = status_request(&app, &[("Timestamp", ""), ("Expires", &later)]);
    let cases = [
        ("host with port", get(&format!("/?{}", v2("GET", &sent)), &sent)),
        ("host without port", get(&format!("/?{}", v2("GET", "127.0.0.1")), &sent)),
        ("historical host, signed only", get(&format!("/?{}", v2("GET", old)), &sent)),
        ("historical host, live", get(&format!("/?{}", v2("GET", "fps.amazonaws.com")), &sent)),
        ("historical host, sent", get(&format!("/?{}", v2("GET", old)), old)),
        ("host in capitals", get(&format!("/?{}", v2("GET", old)), "FPS.Sandbox.AmazonAWS.com")),
        ("posted", post("/", &sent, &v2("POST", &sent))),
        (
            "posted to an absolute form with an empty path",
            post(&format!("http://{old}"), old, &v2("POST", old)),
        ),
        ("absolute form", get(&format!("http://{old}/?{}", v2("GET", old)), old)),
        ("absolute form with an empty path", get(&format!("http://{old}?{}", v2("GET", old)), old)),
        ("HmacSHA1", get(&format!("/?{}", signed_v2(plain(), Sha1, "GET", &sent)), &sent)),
        ("version 1", get(&format!("/?{}", signed_v1(plain())), &sent)),
        ("version 1, posted", post("/", &sent, &signed_v1(plain()))),
        ("milliseconds", {
            let parameters = status_request(&app, &[("Timestamp", &millis)]);
            get(&format!("/?{}", signed_v2(parameters, Sha256, "GET", &sent)), &sent)
        }),
        ("Expires", get(&format!("/?{}", signed_v2(expires, Sha256, "GET", &sent)), &sent)),
        ("empty pairs", get(&format!("/?&{}&&", v2("GET", &sent)), &sent)),
    ];
    for (name, request) in cases {
        let answer = caller.send_raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{name}: {answer}");
        assert!(answer.contains("<Code>InvalidTransactionId</Code>"), "{name}: {answer}");
    }
    app.stop().await;
}

async fn an_answer_is_in_the_namespace_of_the_version_that_was_asked_for(app: App) {
    let caller = app.caller();
    let token = app.sender_token(KEY, "john@example.com", "ABT", "1.00", "t1").await;
    let id = caller.pay(&token, "1.00", "p1").await.expect("TransactionId");
    for (version, namespace) in [
        ("2008-09-17", "2008-09-17"),
        ("2010-08-28", "2010-08-28"),
        ("2011-09-20", "2011-09-20"),
        // Sent to the API once, and answered like this.
        ("2009-01-09", "2008-09-17"),
    ] {
        let answer =
            caller.call("GetTransactionStatus", &[("TransactionId", &id), ("Version", version)]).await;
        let start = format!(
            "<?xml version=\"1.0\"?>\n<GetTransactionStatusResponse xmlns=\"http://fps.amazonaws.com/doc/{namespace}/\">\
             <GetTransactionStatusResult><TransactionId>"
        );
        assert!(answer.xml.starts_with(&start), "{version}: {answer:?}");
    }
    app.stop().await;
}

async fn every_answer_has_its_request_id_in_the_header_and_in_the_text(app: App) {
    let caller = app.caller();
    let token = app.sender_token(KEY, "john@example.com", "ABT", "1.00", "t1").await;
    let paid = caller.pay(&token, "1.00", "p1").await;
    assert_eq!(paid.expect("RequestId"), format!("{}:0", paid.request_id));
    let refused = caller.status("X").await;
    assert_eq!(refused.expect("RequestID"), refused.request_id);
    assert_eq!(refused.request_id.len(), 36);
    assert_ne!(paid.request_id, refused.request_id);
    for answer in [&paid, &refused] {
        assert_eq!(answer.content_type, "text/xml; charset=UTF-8");
        let text = answer.xml.strip_prefix("<?xml version=\"1.0\"?>\n").unwrap();
        assert!(!text.contains(['\n', '\t']) && !text.contains("> <"), "not indented: {text}");
    }
    app.stop().await;
}

async fn the_very_same_request_again_is_no_replay(app: App) {
    let caller = app.caller();
    let token = app.sender_token(KEY, "john@example.com", "ABT", "1.00", "t1").await;
    let recipient = crate::support::recipient_token(0);
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "1.00"),
        ("CallerReference", "p1"),
    ];
    let query = caller.sign("Pay", &fields).to_query();
    let first = caller.send_query(&query).await;
    assert_eq!(first.outcome(), "Success");
    let again = caller.send_query(&query).await;
    assert_eq!(first.expect("TransactionId"), again.expect("TransactionId"));
    app.stop().await;
}

async fn names_and_methods_are_those_of_the_documents(app: App) {
    let caller = app.caller();
    // Both names of the reserve; a bare fixed fee; parameters that mean nothing when they are empty.
    for name in ["ReserveTransactionId", "TransactionId"] {
        assert_eq!(caller.call("Settle", &[(name, "X")]).await.outcome(), "InvalidTransactionId", "{name}");
    }
    let token = app.sender_token(KEY, "john@example.com", "ABT", "10.00", "t1").await;
    let recipient = crate::support::recipient_token(0);
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "10"),
        ("MarketplaceFixedFee", "0.10"),
        ("CallerDescription", ""),
        ("OverrideIPNURL", ""),
        ("CallerReference", "p1"),
    ];
    let before: f64 = app.balance("caller@example.com").await.parse().unwrap();
    assert_eq!(caller.post("Pay", &fields).await.outcome(), "Success");
    let after: f64 = app.balance("caller@example.com").await.parse().unwrap();
    assert!((after - before - 0.10).abs() < 1e-6, "{before} became {after}");
    // An unsigned VerifySignature is understood, and tells nothing about anybody.
    let answer = caller
        .send_query(
            "Action=VerifySignature&UrlEndPoint=http%3A%2F%2Fa%2F&HttpParameters=a%3Db&Version=2010-08-28",
        )
        .await;
    assert_eq!(answer.outcome(), "InvalidParams");
    app.stop().await;
}
