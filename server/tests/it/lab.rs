//! The lab over HTTP: what happens is seen, told as it happens, and forgotten by a reset; each deed is a call, a form and
//! part of the API's description.

use crate::on_both_databases;
use crate::support::{App, Browser};
use serde_json::{Value, json};

on_both_databases!(
    a_purchase_is_seen_from_both_sides,
    a_request_is_shown_with_what_it_signed_and_changed,
    the_stream_goes_on_where_it_was_left,
    a_reset_forgets_what_happened,
    every_deed_is_a_call_a_form_and_described,
    forms_do_what_calls_do_and_say_what_is_wrong,
    the_doctor_finds_what_is_wrong,
);

/// What was told after an event.
pub async fn events(app: &App, after: u64) -> Vec<Value> {
    let url = app.payments(&format!("/_control/events?format=ndjson&after={after}"));
    let mut answer = platform::http_client().get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    // What there is comes at once, in as many pieces as it takes; the end of a piece need not be that of a line, nor of a
    // character.
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\n") {
        bytes.extend_from_slice(&answer.chunk().await.unwrap().unwrap());
    }
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

async fn a_purchase_is_seen_from_both_sides(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    let id = order.trim_start_matches("/orders/").split('/').next().unwrap().to_owned();
    app.settle_down().await;
    let events = events(&app, 0).await;
    let kinds = kinds(&events);
    for kind in [
        "order",
        "sent_to_pay",
        "authorization_opened",
        "authorization_ended",
        "returned",
        "request",
        "written",
        "asked",
        "attempt",
        "received",
        "clock",
    ] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    let mut browser = Browser::new();
    let page = browser.get(app.payments(&format!("/lab?order={id}"))).await.expect_status(200).text();
    assert!(page.contains("Now and Forever") && page.contains("→ paid"), "{page}");
    let nothing = browser.get(app.payments("/lab?order=nobodys")).await.expect_status(200).text();
    assert!(nothing.contains("Nothing that is kept fits"), "{nothing}");
    app.stop().await;
}

async fn a_request_is_shown_with_what_it_signed_and_changed(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    let pays = app.control("requests?action=Pay&limit=1", None).await;
    let pay = &pays[0];
    assert_eq!((pay["code"].as_str(), pay["status"].as_u64()), (Some("Success"), Some(200)));
    let id = pay["request_id"].as_str().unwrap();
    let shown = app.control(&format!("requests/{id}"), None).await;
    assert!(shown["string_to_sign"].as_str().unwrap().starts_with("POST\n127.0.0.1"), "{shown}");
    assert_eq!(shown["parameters"]["Action"], "Pay");
    assert!(shown["answer"].as_str().unwrap().contains("<PayResult>"), "{shown}");
    let changes: Vec<&str> = shown["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["change"].as_str().unwrap())
        .collect();
    for change in ["transaction", "token_used", "posted", "queued", "answer_kept"] {
        assert!(changes.contains(&change), "{change} in {changes:?}");
    }
    assert!(!shown.to_string().contains("demo-secret"));
    let unknown =
        platform::http_client().get(app.payments("/_control/requests/nothing")).send().await.unwrap();
    assert_eq!(unknown.status().as_u16(), 404);
    app.stop().await;
}

async fn the_stream_goes_on_where_it_was_left(app: App) {
    app.advance(60).await;
    let first = events(&app, 0).await;
    let clock = first.iter().find(|event| event["kind"] == "clock").unwrap()["id"].as_u64().unwrap();
    app.advance(60).await;
    let url = app.payments("/_control/events?kind=clock");
    let request = platform::http_client().get(url).header("last-event-id", clock.to_string());
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    while !text.contains("data: ") {
        text += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
    }
    let id: u64 = text.split("id: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(id > clock, "{text}");
    let wrong =
        platform::http_client().get(app.payments("/_control/events?format=xml")).send().await.unwrap();
    assert_eq!(wrong.status().as_u16(), 400);
    app.stop().await;
}

async fn a_reset_forgets_what_happened(app: App) {
    app.control("faults", Some(json!({ "action": "Pay", "code": "InternalError" }))).await;
    app.advance(60).await;
    app.control("reset", Some(json!({}))).await;
    assert_eq!(app.control("faults", None).await, json!([]));
    let left = events(&app, 0).await;
    assert!(left.iter().all(|event| event["kind"] != "clock"), "{left:?}");
    assert!(left.iter().any(|event| event["deed"] == "reset"), "{left:?}");
    app.stop().await;
}

async fn every_deed_is_a_call_a_form_and_described(app: App) {
    let described = app.control("openapi.json", None).await;
    assert_eq!(described["openapi"], "3.1.0");
    let mut browser = Browser::new();
    for deed in server::deeds() {
        let path = format!("/_control{}", deed.path);
        let operation = &described["paths"][&path][deed.method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], deed.name, "{path}");
        let page = browser.get(app.payments(deed.page)).await.expect_status(200).text();
        assert!(!page.is_empty(), "{} stands on {}", deed.name, deed.page);
    }
    let count = described["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len());
    assert_eq!(
        count.sum::<usize>(),
        server::deeds().len() + 1,
        "the stream is described too, and nothing is described that nobody does"
    );
    app.stop().await;
}

async fn forms_do_what_calls_do_and_say_what_is_wrong(app: App) {
    let mut browser = Browser::new();
    let clock = app.payments("/lab/clock");
    browser.get(&clock).await.expect_status(200);
    let done = browser.post(&clock, &[("deed", "clock-change"), ("advance_seconds", "7d")]).await;
    let done = done.expect_status(303).header("location").to_owned();
    let page = browser.get(app.payments(&done)).await.expect_status(200).text();
    assert!(page.contains("Done: ") && page.contains("604800"), "{page}");
    let wrong = browser.post(&clock, &[("deed", "clock-change"), ("advance_seconds", "soon")]).await;
    let wrong = wrong.expect_status(422).text();
    assert!(wrong.contains("advance_seconds must be a length of time") && wrong.contains("soon"), "{wrong}");
    browser.post(&clock, &[("deed", "reset")]).await.expect_status(422);
    assert_eq!(app.control("clock", None).await["offset_seconds"], 604_800);
    app.stop().await;
}

async fn the_doctor_finds_what_is_wrong(app: App) {
    let wrong = async || {
        let findings = app.control("doctor", None).await;
        let all = findings.as_array().unwrap();
        assert!(all.len() >= 6, "{findings}");
        let wrong = all.iter().filter(|finding| finding["well"] == false);
        wrong.map(|finding| finding["check"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(wrong().await, [""; 0]);
    app.control("faults", Some(json!({ "action": "Settle", "code": "InternalError" }))).await;
    app.control("clock", Some(json!({ "freeze": true }))).await;
    app.control("processor", Some(json!({ "hold": true }))).await;
    let expected = ["The clock runs", "No faults are set", "The processor of cards and bank accounts works"]
        .map(str::to_owned);
    assert_eq!(wrong().await, expected);
    app.stop().await;
}
