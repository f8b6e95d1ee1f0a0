//! What can be done with a transaction in each state, as callers see it, and what time does to it.

use crate::on_both_databases;
use crate::support::{Answer, App, On, recipient_token, spawn_app_with};
use std::time::Duration;

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";

on_both_databases!(every_finished_state_answers_with_its_code);

/// The state, and the answers to Settle, Cancel and Refund in it.
type Row = (&'static str, &'static str, &'static str, &'static str);

const FINISHED: &[Row] = &[
    ("paid", "InvalidTransactionState", "InvalidTransactionState", "Success"),
    ("paid by card", "InvalidTransactionState", "InvalidTransactionState", "Pending"),
    ("reserved", "Success", "Cancelled", "OriginalTransactionIncomplete"),
    ("reserved by card", "Pending", "Cancelled", "OriginalTransactionIncomplete"),
    ("settled", "InvalidTransactionState", "InvalidTransactionState", "Success"),
    ("cancelled", "InvalidTransactionState", "InvalidTransactionState", "OriginalTransactionFailed"),
    ("expired", "InvalidTransactionState", "InvalidTransactionState", "OriginalTransactionFailed"),
    ("refund", "InvalidTransactionId", "InvalidTransactionId", "TransactionTypeNotRefundable"),
    ("refunded", "InvalidTransactionState", "InvalidTransactionState", "TransactionFullyRefundedAlready"),
];

/// While the processor has not answered.
const PENDING: &[Row] = &[
    ("paying by card", "InvalidTransactionState", "Cancelled", "OriginalTransactionIncomplete"),
    ("reserving by card", "InvalidTransactionState", "Cancelled", "OriginalTransactionIncomplete"),
    ("timed out", "InvalidTransactionState", "InvalidTransactionState", "OriginalTransactionFailed"),
];

/// Brings a transaction into a state; `reference` is its own.
async fn make(app: &App, state: &str, reference: &str) -> String {
    let caller = app.caller();
    let method = if state.contains("card") || state == "timed out" { "CC" } else { "ABT" };
    let token = app.sender_token(FIRST, JOHN, method, "2.00", reference).await;
    let begun: Answer = match state {
        "paid" | "paid by card" | "paying by card" | "refund" | "refunded" => {
            caller.pay(&token, "2.00", reference).await
        }
        "timed out" => pay_within(app, "Pay", &token, reference, "5").await,
        _ => caller.reserve(&token, "2.00", reference).await,
    };
    let id = begun.expect("TransactionId");
    match state {
        "paid by card" | "reserved by card" => app.settle_down().await,
        "settled" => assert_eq!(caller.on_transaction("Settle", &id).await.outcome(), "Success"),
        "cancelled" => assert_eq!(caller.on_transaction("Cancel", &id).await.outcome(), "Cancelled"),
        "expired" => app.advance(7 * 24 * 3600 + 1).await,
        "timed out" => app.advance(5 * 60 + 1).await,
        "refunded" => assert_eq!(caller.refund(&id, "2.00", &format!("{reference}-all")).await.status, 200),
        "refund" => {
            let part = caller.refund(&id, "1.00", &format!("{reference}-part")).await;
            return part.expect("TransactionId");
        }
        _ => {}
    }
    id
}

async fn pay_within(app: &App, action: &str, token: &str, reference: &str, minutes: &str) -> Answer {
    let fields = [
        ("SenderTokenId", token),
        ("RecipientTokenId", &recipient_token(0)),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "2.00"),
        ("TransactionTimeoutInMins", minutes),
        ("CallerReference", reference),
    ];
    app.caller().call(action, &fields).await
}

async fn check(app: &App, rows: &[Row]) {
    let caller = app.caller();
    for (state, settle, cancel, refund) in rows {
        for (action, expected) in [("Settle", settle), ("Cancel", cancel), ("Refund", refund)] {
            let reference = format!("{state}-{action}");
            let id = make(app, state, &reference).await;
            let answer = match action {
                "Refund" => caller.refund(&id, "1.00", &reference).await,
                _ => caller.on_transaction(action, &id).await,
            };
            assert_eq!(answer.outcome(), **expected, "{action} of what is {state}: {answer:?}");
            let status = if answer.element("Code").is_some() { 400 } else { 200 };
            assert_eq!(answer.status, status, "{action} of what is {state}");
        }
    }
    app.settle_down().await;
    app.assert_books_balance().await;
}

async fn every_finished_state_answers_with_its_code(app: App) {
    check(&app, FINISHED).await;
    app.stop().await;
}

/// A payment service whose processor takes its time.
async fn with_a_slow_processor() -> App {
    let slow = |options: &mut server::Options| options.processor_delay = Duration::from_hours(24);
    spawn_app_with(On::Sqlite, slow).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_pending_state_answers_with_its_code() {
    let app = with_a_slow_processor().await;
    check(&app, PENDING).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_exceeds_its_timeout_has_failed() {
    let app = with_a_slow_processor().await;
    for action in ["Pay", "Reserve"] {
        let token = app.sender_token(FIRST, JOHN, "CC", "2.00", action).await;
        let begun = pay_within(&app, action, &token, action, "5").await;
        let id = begun.expect("TransactionId");
        let status = async || {
            let answer = app.caller().status(&id).await;
            (answer.outcome(), answer.expect("StatusCode"))
        };
        app.advance(5 * 60 - 1).await;
        assert_eq!(status().await, ("Pending".to_owned(), "PendingNetworkResponse".to_owned()));
        app.advance(2).await;
        assert_eq!(status().await, ("Failure".to_owned(), "Expired".to_owned()));
    }
    let notified = app.control("notifications", None).await.to_string();
    assert!(notified.contains("FAILURE") && notified.contains("Expired"), "{notified}");
    app.assert_books_balance().await;
    app.stop().await;
}
