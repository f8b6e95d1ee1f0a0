//! Events, logs, and what callers are told.

use super::support::{Seen, Server, json, lines, refused};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

fn event(id: u64, kind: &str, more: Value) -> String {
    let mut event = json!({ "id": id, "at": "2030-01-01T00:00:00Z", "wall": "2030-01-01T00:00:00Z",
        "site": "payments", "kind": kind });
    let (Value::Object(event), Value::Object(more)) = (&mut event, more) else { panic!("objects") };
    event.extend(more);
    Value::Object(event.clone()).to_string()
}

fn asked(id: u64, action: &str) -> String {
    event(id, "asked", json!({ "action": action, "asked": "To do it", "outcome": "Success" }))
}

fn requested(id: u64, request: &str, action: &str) -> String {
    event(
        id,
        "request",
        json!({ "request": request, "caller": "K", "action": action, "method": "POST", "host": "h", "path": "/",
            "query": "", "body": "", "status": 200, "code": "Success", "answer": "<PayResponse/>", "duration_us": 12_345 }),
    )
}

#[tokio::test]
async fn events_go_on_where_the_connection_broke() {
    let server = Server::start(|seen: &Seen| match seen.header("last-event-id") {
        Some("4") => lines(&[asked(5, "Pay"), String::new(), requested(6, "R", "Pay")], false),
        Some("6") => lines(&[asked(7, "Refund")], true),
        other => panic!("after {other:?}"),
    })
    .await;
    let line = ["events", "--json", "--after", "4", "--kind", "asked"];
    let said = server.run_for(2, &line).await.unwrap();
    assert_eq!(
        said.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
            .collect::<Vec<_>>(),
        [5, 7]
    );
    assert!(server.seen().iter().all(|seen| seen.uri == "/_control/events?format=ndjson"));
    let said = server.run_for(3, &["events", "--after", "4"]).await.unwrap();
    assert!(said.contains("     5  2030-01-01T00:00:00.000Z  payments  asked"), "{said}");
    assert!(said.contains("Pay was answered: Success") && said.contains("The shop asks: Refund"), "{said}");
}

#[tokio::test]
async fn a_stream_that_is_refused_says_why() {
    let server = Server::start(|_| refused(StatusCode::BAD_REQUEST, "there is no such event")).await;
    let error = server.run(&["events", "--after", "9"]).await.unwrap_err().to_string();
    assert!(error.ends_with("answered 400: there is no such event"), "{error}");
}

fn requests(seen: &Seen) -> Response {
    if seen.uri.starts_with("/_control/events") {
        return lines(
            &[requested(1, "R2", "Pay"), requested(2, "R3", "Settle"), requested(3, "R4", "Pay")],
            true,
        );
    }
    let row = |id: &str, code: &str| {
        json!({ "request_id": id, "at": "2030-01-01T00:00:00Z", "action": "Pay", "access_key": "K",
            "status": 200, "code": code, "duration_ms": 7 })
    };
    json(&json!([row("R2", "Success"), row("R1", "InvalidParams")]))
}

#[tokio::test]
async fn logs_have_the_latest_last_and_follow_without_a_gap() {
    let server = Server::start(requests).await;
    let said = server.run(&["logs", "--action", "Pay"]).await.unwrap();
    let ids: Vec<&str> = said.lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    assert_eq!(ids, ["R1", "R2"]);
    assert!(said.starts_with("2030-01-01T00:00:00.000Z  Pay "), "{said}");
    assert_eq!(server.seen()[0].uri, "/_control/requests?action=Pay&limit=50");

    let followed = server.run_for(3, &["logs", "--action", "Pay", "--follow"]).await.unwrap();
    let ids: Vec<&str> = followed.lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    assert_eq!(ids, ["R1", "R2", "R4"]);
    let as_json = server.run(&["logs", "--json"]).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&as_json).unwrap()[0]["request_id"], "R2");
}

fn told(id: &str, url: Option<&str>) -> Value {
    json!({ "id": id, "access_key": "K", "kind": "TransactionStatus", "subject_id": "T1", "url": url,
        "body": "status=SUCCESS&transactionId=T1&signature=a%2Bb%3D", "created_at": "2030-01-01T00:00:00Z",
        "parameters": { "status": "SUCCESS", "transactionId": "T1", "signature": "a+b=" },
        "state": "pending", "attempts": [] })
}

fn sent_then_kept(seen: &Seen) -> Response {
    let attempt = json!({ "notification": "N1", "caller": "K", "transactions": ["T1"],
        "notification_type": "TransactionStatus", "summary": "PAY SUCCESS", "url": "http://shop/ipn", "number": 2,
        "http_status": 500, "error": null, "then": "pending" });
    let queued = |url: Option<&str>| {
        json!({ "by": "Pay", "changes": [{ "change": "queued", "notification_type": "TransactionStatus",
            "subject": "T1", "url": url }] })
    };
    match seen.uri.as_str() {
        "/_control/events?format=ndjson" => lines(
            &[
                event(1, "written", queued(Some("http://shop/ipn"))),
                event(2, "attempt", attempt),
                event(3, "written", queued(None)),
            ],
            true,
        ),
        "/_control/notifications?transaction_id=T1" => {
            json(&json!([told("N2", None), told("N1", Some("http://shop/ipn"))]))
        }
        "/taken" => (StatusCode::ACCEPTED, "thank\u{1b}you").into_response(),
        _ => refused(StatusCode::NOT_FOUND, "no such call"),
    }
}

#[tokio::test]
async fn listening_shows_what_is_sent_and_what_is_kept() {
    let server = Server::start(sent_then_kept).await;
    let said = server.run_for(10, &["listen"]).await.unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "2030-01-01T00:00:00Z  TransactionStatus  N1",
            "  attempt 2 to http://shop/ipn: 500",
            "  signature      a+b=",
            "  status         SUCCESS",
            "  transactionId  T1",
        ]
    );
    assert_eq!(
        lines[5..7],
        ["2030-01-01T00:00:00Z  TransactionStatus  N2", "  kept: the caller has no address",]
    );
}

#[tokio::test]
async fn a_notification_is_forwarded_byte_by_byte() {
    let server = Server::start(sent_then_kept).await;
    let to = format!("{}/taken", server.url);
    let said = server.run(&["listen", "--once", "--forward", &to]).await.unwrap();
    let expected = format!("  forwarded to {to}: 202 Accepted  thank\u{fffd}you");
    assert_eq!(said.lines().last().unwrap(), expected);
    assert!(!said.contains("N2"), "{said}");
    let seen = server.seen();
    let taken = seen.iter().find(|seen| seen.uri == "/taken").unwrap();
    assert_eq!(taken.body, "status=SUCCESS&transactionId=T1&signature=a%2Bb%3D");
    assert_eq!(taken.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        (taken.header("x-notification-id"), taken.header("x-notification-attempt")),
        (Some("N1"), Some("2"))
    );
    assert_eq!(taken.header("authorization"), None, "the token is for the control API alone");

    let as_json = server.run(&["listen", "--once", "--json", "--forward", &to]).await.unwrap();
    let lines: Vec<Value> = as_json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["id"], &lines[1]["forwarded"]["status"]), (&json!("N1"), &json!(202)));
}

#[tokio::test]
async fn nobody_to_forward_to_ends_what_waits_for_one_and_nothing_else() {
    let server = Server::start(sent_then_kept).await;
    let nobody = "http://127.0.0.1:1/ipn";
    let error = server.run(&["listen", "--once", "--forward", nobody]).await.unwrap_err().to_string();
    assert!(error.starts_with("http://127.0.0.1:1/ipn did not take the notification"), "{error}");
    let said = server.run_for(12, &["listen", "--forward", nobody]).await.unwrap();
    assert!(said.contains("N2") && said.contains("http://127.0.0.1:1/ipn does not answer"), "{said}");
}
