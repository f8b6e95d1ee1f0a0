//! The control API that tests and people use to move time, make tokens and look at the books.

use crate::on_both_databases;
use crate::support::{App, Browser};
use serde_json::json;

on_both_databases!(
    the_clock_moves_freezes_and_resumes,
    tokens_refuse_bad_input_with_a_reason,
    reset_brings_the_demo_data_back,
    other_sites_cannot_call_it,
    health_and_metrics_answer,
);

async fn the_clock_moves_freezes_and_resumes(app: App) {
    let before = app.control("clock", None).await;
    assert_eq!((before["offset_seconds"].as_i64(), before["frozen"].as_bool()), (Some(0), Some(false)));
    let after = app.control("clock", Some(json!({ "advance_seconds": 604_800 }))).await;
    assert_eq!(after["offset_seconds"], 604_800);
    let set = app.control("clock", Some(json!({ "set": "2031-01-01T00:00:00Z" }))).await;
    assert!(set["now"].as_str().unwrap().starts_with("2031-01-01T00:00:0"), "{set}");
    assert_eq!(app.control("clock", Some(json!({ "freeze": true }))).await["frozen"], true);
    assert_eq!(app.control("clock", Some(json!({ "resume": true }))).await["frozen"], false);
    app.stop().await;
}

async fn tokens_refuse_bad_input_with_a_reason(app: App) {
    let client = platform::http_client();
    for body in ["", "{}", "[]", "{\"access_key\":\"X\"}", "nonsense"] {
        let request =
            client.post(app.payments("/_control/tokens")).header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert_eq!(status, 400, "{body}: {text}");
        assert!(text.len() > 10, "{body} is told why: {text}");
    }
    app.stop().await;
}

async fn reset_brings_the_demo_data_back(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    app.advance(86_400).await;
    app.control("reset", Some(json!({}))).await;
    assert!(app.balance("john@example.com").await.starts_with("500.00"));
    assert_eq!(app.control("clock", None).await["offset_seconds"], 0);
    let mut john = app.signed_in("john@example.com").await;
    john.get(app.shop(&order)).await.expect_status(404);
    app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    app.assert_books_balance().await;
    app.stop().await;
}

async fn other_sites_cannot_call_it(app: App) {
    let request =
        platform::http_client().post(app.payments("/_control/reset")).header("origin", "http://evil.example");
    let answer = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 403);
    app.stop().await;
}

async fn health_and_metrics_answer(app: App) {
    let mut browser = Browser::new();
    for base in [app.shop("/"), app.payments("/")] {
        assert_eq!(browser.get(format!("{base}healthz")).await.expect_status(200).text().trim(), "ok");
        let metrics = browser.get(format!("{base}metrics")).await.expect_status(200);
        assert!(metrics.header("content-type").starts_with("text/plain"));
        assert!(metrics.text().contains("# TYPE"), "{}", metrics.text());
    }
    app.stop().await;
}
