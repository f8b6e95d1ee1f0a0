//! Deeds, asked for.

use super::support::{Server, json, parse, refused};
use crate::deed_commands::{Asked, given};
use axum::response::IntoResponse;
use clap::error::ErrorKind;
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_command_line_becomes_the_call_of_the_table() {
    let server = Server::start(|_| json(&json!({ "done": true, "name": "x" }))).await;
    let line = [
        "thing",
        "probe",
        "a/b ü?",
        "failure",
        "--wait",
        "1m",
        "--payment-methods",
        "CC,ACH",
        "--payment-methods",
        "ABT",
        "--verified",
        "--seed",
        "-7",
    ];
    assert_eq!(server.run(&line).await.unwrap(), "name  x\ndone  yes\n");
    let seen = server.seen().remove(0);
    assert_eq!(
        (seen.method.as_str(), seen.uri.as_str()),
        ("POST", "/_control/things/a%2Fb%20%C3%BC%3F/probe?wait=60")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&seen.body).unwrap(),
        json!({ "outcome": "failure", "payment_methods": ["CC", "ACH", "ABT"], "verified": true, "seed": -7,
            "by": "hand" })
    );
    assert_eq!(seen.header("authorization"), Some("Bearer letmein"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn the_clock_is_told_in_words_and_in_json() {
    let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": 604_800, "frozen": false });
    let server = Server::start(move |_| json(&answer)).await;
    let said = server.run(&["clock", "advance", "7d"]).await.unwrap();
    assert_eq!(said, "2030-01-08T00:00:00Z, 7d ahead of real time\n");
    let said = server.run(&["clock", "set", "2030-01-08", "--json"]).await.unwrap();
    assert_eq!(said, "{\"frozen\":false,\"now\":\"2030-01-08T00:00:00Z\",\"offset_seconds\":604800}\n");
    server.run(&["clock", "freeze"]).await.unwrap();
    server.run(&["clock", "resume"]).await.unwrap();
    server.run(&["clock", "show"]).await.unwrap();
    let sent: Vec<(String, String)> =
        server.seen().into_iter().map(|seen| (seen.method, seen.body)).collect();
    let expected = [
        ("POST", r#"{"advance_seconds":604800}"#),
        ("POST", r#"{"set":"2030-01-08T00:00:00Z"}"#),
        ("POST", r#"{"freeze":true}"#),
        ("POST", r#"{"resume":true}"#),
        ("GET", ""),
    ];
    assert_eq!(sent, expected.map(|(method, body)| (method.to_owned(), body.to_owned())));
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_sent() {
    for (line, words) in [
        (&["clock", "advance", "soon"][..], "advance_seconds must be a length of time, such as 7d"),
        (&["clock", "set", "tomorrow"], "set must be a time, such as 2030-01-01"),
        (&["clock", "advance"], "<ADVANCE_SECONDS>"),
        (&["clock", "freeze", "now"], "unexpected argument 'now'"),
        (&["clock", "stop"], "unrecognized subcommand 'stop'"),
        (&["clock"], "The clock of a running payments site"),
        (&["thing", "probe", "x", "perhaps"], "[possible values: success, failure]"),
        (&["thing", "probe", "x", "success", "--seed", "small"], "seed must be a whole number"),
        (&["thing", "probe", "x", "success", "--verified=perhaps"], "verified must be true or false"),
        (&["thing", "list", "--owner"], "a value is required"),
        (&["events", "--kind", "eclipse"], "[possible values: request,"),
        (&["listen", "--forward", "nowhere"], "it must be an address such as http://"),
        (&["logs", "--limit", "0"], "0 is not in 1.."),
    ] {
        let refused = parse(line).unwrap_err();
        assert_ne!(refused.kind(), ErrorKind::DisplayHelp, "{line:?}");
        assert_eq!(refused.exit_code(), 2, "{line:?}");
        assert!(refused.to_string().contains(words), "{line:?}: {refused}");
    }
}

#[tokio::test]
async fn no_name_leads_to_another_call() {
    let server = Server::start(|_| json(&json!({}))).await;
    for name in ["", ".", ".."] {
        let refused = server.run(&["thing", "probe", name, "success"]).await.unwrap_err();
        assert!(refused.is_usage() && refused.to_string().starts_with("name cannot be"), "{refused}");
    }
    assert!(server.seen().is_empty());
}

#[test]
fn a_secret_can_come_from_standard_input() {
    let line = ["thing", "probe", "x", "success", "--password", "-"];
    let Asked::Deed(doing, matches) = parse(&line).unwrap() else { panic!("a deed") };
    let read = given::arguments(doing, &matches, &mut || Ok("hush".to_owned())).unwrap();
    assert_eq!(read.text("password"), Some("hush"));
    let failed = given::arguments(doing, &matches, &mut || Err(std::io::Error::other("closed")));
    assert_eq!(failed.unwrap_err().0, "password cannot be read: closed");
}

/// `--seed` is a setting of the sites, and here a field: neither is taken for the other.
#[tokio::test]
async fn a_setting_is_no_field_of_the_same_name() {
    let server = Server::start(|_| json(&json!({}))).await;
    server.run(&["--seed", "small", "thing", "probe", "x", "success"]).await.unwrap();
    server.run(&["thing", "probe", "x", "success", "--seed", "5"]).await.unwrap();
    let seeds: Vec<Value> = server
        .seen()
        .iter()
        .map(|seen| serde_json::from_str::<Value>(&seen.body).unwrap()["seed"].clone())
        .collect();
    assert_eq!(seeds, [Value::Null, json!(5)]);
}

#[tokio::test]
async fn a_list_is_a_table() {
    let rows = json!([{ "name": "a", "balance": "1.00", "more": [] }, { "name": "bc", "balance": "10.00" }]);
    let server = Server::start(move |_| json(&rows)).await;
    let said = server.run(&["thing", "list", "--owner", "ann+1@example.com"]).await.unwrap();
    assert_eq!(said, "name  balance\na        1.00\nbc      10.00\n");
    let seen = server.seen().remove(0);
    assert_eq!(seen.uri, "/_control/things?owner=ann%2B1%40example.com");
    assert_eq!(seen.body, "");
}

#[tokio::test]
async fn what_a_site_refuses_is_said_with_what_to_do() {
    let server = Server::start(|_| refused(StatusCode::CONFLICT, "not now; try tomorrow")).await;
    let error = server.run(&["thing", "list"]).await.unwrap_err();
    assert!(!error.is_usage());
    let url = &server.url;
    assert_eq!(error.to_string(), format!("{url}/_control/things answered 409: not now; try tomorrow"));

    let server = Server::start(|_| refused(StatusCode::UNAUTHORIZED, "a bearer token is needed")).await;
    let error = server.run(&["thing", "list"]).await.unwrap_err().to_string();
    assert!(
        error.ends_with("a bearer token is needed; set DD_CONTROL_TOKEN to what the site has"),
        "{error}"
    );

    for status in [StatusCode::OK, StatusCode::NOT_FOUND] {
        let server = Server::start(move |_| (status, "<p>a page</p>").into_response()).await;
        for line in [&["thing", "list"][..], &["clock", "show"]] {
            let error = server.run(line).await.unwrap_err().to_string();
            assert!(error.ends_with("no control API there (it needs lab mode)"), "{error}");
        }
    }
}

#[tokio::test]
async fn who_does_not_answer_is_named() {
    let nobody = Server::nowhere();
    for line in [&["clock", "show"][..], &["events"], &["logs"], &["listen"]] {
        let error = nobody.run(line).await.unwrap_err().to_string();
        assert!(error.starts_with("http://127.0.0.1:1/_control/"), "{error}");
        assert!(error.contains("does not answer; is the payments site running?"), "{error}");
    }
}
