//! The web service from a caller's side.

use crate::on_both_databases;
use crate::support::App;
use futures_util::future::join_all;

const FIRST: &str = "DDCALLER000000000001";
const SECOND: &str = "DDCALLER000000000002";
const JOHN: &str = "john@example.com";

on_both_databases!(
    a_balance_payment_finishes_within_the_call_and_is_split,
    a_card_payment_is_pending_until_the_processor_answers,
    the_life_of_a_reserve,
    a_reserve_ends_by_itself_after_seven_days,
    refunds_add_up_to_the_payment_and_no_further,
    the_same_request_again_gives_the_same_answer,
    sixty_four_parallel_requests_make_one_movement,
    callers_are_isolated,
    a_changed_request_is_refused,
    bad_requests_are_refused_in_xml,
    requests_stay_timely_when_the_clock_moves,
);

async fn token(app: &App, method: &str, amount: &str, reference: &str) -> String {
    app.sender_token(FIRST, JOHN, method, amount, reference).await
}

async fn a_balance_payment_finishes_within_the_call_and_is_split(app: App) {
    let token = token(&app, "ABT", "10.00", "t1").await;
    let before: f64 = app.balance("merchant@example.com").await.parse().unwrap();
    let answer = app.caller().pay(&token, "10.00", "p1").await;
    assert_eq!((answer.status, answer.outcome().as_str()), (200, "Success"));
    assert_eq!(answer.expect("TransactionId").len(), 35);
    assert!(app.balance(JOHN).await.starts_with("490.00"));
    // 1.5 % + 0.01 for a balance transfer of 10.00, paid by the recipient.
    let after: f64 = app.balance("merchant@example.com").await.parse().unwrap();
    assert!((after - before - 9.84).abs() < 1e-6, "{before} became {after}");
    app.assert_books_balance().await;

    let again = app.caller().pay(&token, "10.00", "p2").await;
    assert_eq!(again.status, 400, "a single-use token pays once: {again:?}");
    app.stop().await;
}

async fn a_card_payment_is_pending_until_the_processor_answers(app: App) {
    let token = token(&app, "CC", "10.00", "t1").await;
    let answer = app.caller().pay(&token, "10.00", "p1").await;
    assert_eq!(answer.outcome(), "Pending");
    app.settle_down().await;
    let status = app.caller().status(&answer.expect("TransactionId")).await;
    assert_eq!(status.outcome(), "Success");
    assert_eq!(status.expect("CallerReference"), "p1");
    app.assert_books_balance().await;
    app.stop().await;
}

async fn the_life_of_a_reserve(app: App) {
    let caller = app.caller();
    let settled = caller.reserve(&token(&app, "ABT", "20.00", "t1").await, "20.00", "r1").await;
    assert_eq!(settled.outcome(), "Reserved");
    assert!(app.balance(JOHN).await.starts_with("500.00"), "reserved is not charged");
    let id = settled.expect("TransactionId");
    assert_eq!(caller.refund(&id, "20.00", "early").await.status, 400, "settle first");
    let answer = caller.on_transaction("Settle", &id).await;
    assert_eq!((answer.expect("TransactionId"), answer.outcome()), (id.clone(), "Success".to_owned()));
    assert!(app.balance(JOHN).await.starts_with("480.00"));
    assert_eq!(caller.on_transaction("Cancel", &id).await.outcome(), "InvalidTransactionState");

    let cancelled = caller.reserve(&token(&app, "ABT", "20.00", "t2").await, "20.00", "r2").await;
    let id = cancelled.expect("TransactionId");
    assert_eq!(caller.on_transaction("Cancel", &id).await.outcome(), "Cancelled");
    assert_eq!(caller.on_transaction("Settle", &id).await.status, 400);
    assert!(app.balance(JOHN).await.starts_with("480.00"));
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_reserve_ends_by_itself_after_seven_days(app: App) {
    let caller = app.caller();
    let reserved = caller.reserve(&token(&app, "ABT", "20.00", "t1").await, "20.00", "r1").await;
    app.advance(7 * 24 * 3600 + 1).await;
    let status = caller.status(&reserved.expect("TransactionId")).await;
    assert_eq!((status.outcome().as_str(), status.expect("StatusCode").as_str()), ("Cancelled", "Expired"));
    app.assert_books_balance().await;
    app.stop().await;
}

async fn refunds_add_up_to_the_payment_and_no_further(app: App) {
    let caller = app.caller();
    let paid = caller.pay(&token(&app, "ABT", "10.00", "t1").await, "10.00", "p1").await;
    let id = paid.expect("TransactionId");
    let part = caller.refund(&id, "4.00", "f1").await;
    assert_eq!(part.status, 200, "{part:?}");
    assert_ne!(part.expect("TransactionId"), id, "a refund is a transaction of its own");
    assert_eq!(caller.refund(&id, "6.01", "f2").await.outcome(), "RefundAmountExceeded");
    assert_eq!(caller.refund(&id, "6.00", "f3").await.status, 200);
    assert_eq!(caller.refund(&id, "0.01", "f4").await.outcome(), "TransactionFullyRefundedAlready");
    app.settle_down().await;
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.assert_books_balance().await;
    app.stop().await;
}

async fn the_same_request_again_gives_the_same_answer(app: App) {
    let caller = app.caller();
    let token = token(&app, "ABT", "10.00", "t1").await;
    let first = caller.pay(&token, "10.0", "p1").await;
    let again = caller.pay(&token, "10.00", "p1").await;
    assert_eq!(first.expect("TransactionId"), again.expect("TransactionId"), "10.0 equals 10.00");
    assert_eq!(caller.pay(&token, "9.00", "p1").await.outcome(), "DuplicateRequest");
    assert!(app.balance(JOHN).await.starts_with("490.00"));
    app.stop().await;
}

async fn sixty_four_parallel_requests_make_one_movement(app: App) {
    let caller = app.caller();
    let token = token(&app, "ABT", "10.00", "t1").await;
    let answers = join_all((0..64).map(|_| caller.pay(&token, "10.00", "p1"))).await;
    let ids: std::collections::BTreeSet<String> =
        answers.iter().map(|answer| answer.expect("TransactionId")).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(app.balance(JOHN).await.starts_with("490.00"));
    app.assert_books_balance().await;
    app.stop().await;
}

async fn callers_are_isolated(app: App) {
    let paid = app.caller().pay(&token(&app, "ABT", "10.00", "t1").await, "10.00", "p1").await;
    let id = paid.expect("TransactionId");
    let other = app.second_caller();
    assert_eq!(other.status(&id).await.outcome(), "InvalidTransactionId");
    assert_eq!(other.refund(&id, "1.00", "f1").await.outcome(), "InvalidTransactionId");
    let foreign = token(&app, "ABT", "5.00", "t2").await;
    assert_eq!(other.pay(&foreign, "5.00", "p1").await.status, 400, "another caller's token");
    assert_ne!(SECOND, FIRST);
    assert!(app.balance(JOHN).await.starts_with("490.00"));
    app.stop().await;
}

async fn a_changed_request_is_refused(app: App) {
    let token = token(&app, "ABT", "10.00", "t1").await;
    let signed =
        app.caller().sign("Pay", &[("SenderTokenId", token.as_str()), ("TransactionAmount.Value", "10.00")]);
    for (name, value) in signed.iter() {
        let mut changed = signed.clone();
        let flipped: String = value.chars().rev().chain("x".chars()).collect();
        changed.set(name, flipped);
        let answer = app.caller().send_query(&changed.to_query()).await;
        assert!((400..404).contains(&answer.status), "{name} changed: {answer:?}");
        assert!(answer.xml.contains("<Errors><Error><Code>"), "{answer:?}");
    }
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    app.stop().await;
}

async fn bad_requests_are_refused_in_xml(app: App) {
    let caller = app.caller();
    let token = token(&app, "ABT", "10.00", "t1").await;
    for amount in
        ["-1", "+1", "1e3", "NaN", "0", "0.00", "1.001", "", "99999999999999999999", "1,0", "ten", "٣"]
    {
        let answer = caller.pay(&token, amount, "p1").await;
        assert_eq!(answer.status, 400, "amount {amount:?}: {answer:?}");
    }
    for query in
        ["Action=Nothing", "Action=Pay", "Action=%FF", "Action=%zz", "Action=Pay&Action=Pay", "Action="]
    {
        let answer = caller.send_query(query).await;
        assert!((400..404).contains(&answer.status), "{query}: {answer:?}");
        assert!(answer.xml.starts_with("<?xml version=\"1.0\"?>\n<Response><Errors>"), "{query}: {answer:?}");
    }
    let unknown = caller.call("GetTransactionStatus", &[("TransactionId", "X"), ("Colour", "red")]).await;
    assert_eq!(unknown.outcome(), "InvalidRequest");
    assert!(unknown.xml.contains("Colour"));
    app.stop().await;
}

async fn requests_stay_timely_when_the_clock_moves(app: App) {
    let caller = app.caller();
    app.advance(30 * 24 * 3600).await;
    assert_eq!(caller.status("X").await.outcome(), "InvalidTransactionId", "signed with the emulator's time");
    let wall = app.clock.wall().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let answer = caller.call("GetTransactionStatus", &[("TransactionId", "X"), ("Timestamp", &wall)]).await;
    assert_eq!(answer.outcome(), "InvalidTransactionId", "signed with wall time");
    let stale = caller
        .call("GetTransactionStatus", &[("TransactionId", "X"), ("Timestamp", "2030-06-10T00:00:00Z")])
        .await;
    assert!(stale.status >= 400 && stale.outcome() == "RequestExpired", "{stale:?}");
    app.stop().await;
}
