//! What the lab makes go wrong, as callers, receivers and people with a browser have it: every kind of fault over HTTP.

use crate::on_both_databases;
use crate::support::{Answer, App, On, listen, recipient_token, spawn_app};
use axum::Router;
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use url::Url;

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
/// Longer than any machine needs.
const PATIENCE: Duration = Duration::from_mins(1);

on_both_databases!(
    what_is_answered_with_an_error_is_not_done,
    an_answer_is_lost_after_the_work_and_a_connection_before_it,
    a_request_that_waits_is_done_when_it_has_waited,
    a_lost_notification_is_not_tried_again_and_can_be_replayed,
    a_notification_is_held_up_by_the_clock,
    notifications_arrive_twice_and_after_the_next_to_the_same_receiver,
    a_changed_byte_is_not_genuine_and_the_right_one_comes_next,
);

async fn break_(app: &App, fault: Value) -> String {
    app.control("faults", Some(fault)).await["id"].as_str().unwrap().to_owned()
}

async fn standing(app: &App) -> Value {
    app.control("faults", None).await
}

/// Of John's, for one payment.
async fn token(app: &App, reference: &str) -> String {
    app.sender_token(FIRST, JOHN, "ABT", "2.00", reference).await
}

fn payment<'a>(token: &'a str, recipient: &'a str, reference: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("SenderTokenId", token),
        ("RecipientTokenId", recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "2.00"),
        ("CallerReference", reference),
    ]
}

/// The codes of fps.md §6.3, and the statuses of §6.2.
fn documented() -> Vec<(&'static str, u16)> {
    let table = include_str!("../../../docs/fps.md");
    let table = table.split("### 6.3 Codes").nth(1).unwrap().split("\n### ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let rows = rows.filter(|code| code.chars().all(|c| c.is_ascii_alphabetic() || c == '_'));
    let status = |code| match code {
        "SignatureDoesNotMatch" | "InvalidClientTokenId" | "InvalidSignature" | "RequestExpired" => 403,
        "AuthFailure" => 401,
        "InternalError" | "InternalServerError" => 500,
        _ => 400,
    };
    rows.filter(|code| *code != "code").map(|code| (code, status(code))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_documented_error_is_answered_in_its_own_words_and_heals() {
    let app = spawn_app(On::Sqlite).await.unwrap();
    let caller = app.caller();
    let codes = documented();
    assert!(codes.len() > 58, "{codes:?}");
    for (code, status) in codes {
        break_(&app, json!({ "action": "GetAccountBalance", "code": code })).await;
        let Answer { status: answered, xml, request_id, .. } = caller.call("GetAccountBalance", &[]).await;
        assert_eq!(answered, status, "{code}: {xml}");
        let (begins, ends) = (
            format!("<Response><Errors><Error><Code>{code}</Code><Message>"),
            format!("</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"),
        );
        assert!(xml.contains(&begins) && xml.ends_with(&ends), "{xml}");
    }
    assert_eq!(caller.call("GetAccountBalance", &[]).await.status, 200, "all is well again");
    app.stop().await;
}

async fn what_is_answered_with_an_error_is_not_done(app: App) {
    let (caller, token) = (app.caller(), token(&app, "r").await);
    break_(&app, json!({ "action": "Pay", "code": "InternalError", "times": 2 })).await;
    assert_eq!(caller.call("GetAccountBalance", &[]).await.status, 200, "another action");
    for left in [1, 0] {
        let answer = caller.pay(&token, "2.00", "r").await;
        assert_eq!((answer.status, answer.outcome().as_str()), (500, "InternalError"));
        let standing = standing(&app).await;
        assert_eq!(standing[0]["times"].as_u64().unwrap_or(0), left, "{standing}");
    }
    assert!(app.balance(JOHN).await.starts_with("500.00"));
    assert_eq!(caller.pay(&token, "2.00", "r").await.outcome(), "Success", "the same request, once more");
    assert!(app.balance(JOHN).await.starts_with("498.00"));
    app.stop().await;
}

async fn an_answer_is_lost_after_the_work_and_a_connection_before_it(app: App) {
    let (caller, recipient) = (app.caller(), recipient_token(0));
    for (lost, has) in [("answer", "498.00"), ("connection", "498.00")] {
        let token = token(&app, lost).await;
        let fields = payment(&token, &recipient, lost);
        break_(&app, json!({ "action": "Pay", "drop": lost })).await;
        let unheard = caller.try_call("Pay", &fields).await;
        assert!(unheard.is_err(), "{lost}: {unheard:?}");
        assert!(app.balance(JOHN).await.starts_with(has), "{lost}: {}", app.balance(JOHN).await);
        let shown = &app.control("requests?action=Pay&limit=1", None).await[0];
        assert_eq!(shown["code"] == "Success", lost == "answer", "{shown}");
        let id = shown["request_id"].as_str().unwrap();
        let made = app.control(&format!("requests/{id}"), None).await;
        assert_eq!(made["changes"].to_string().contains("posted"), lost == "answer", "{made}");
        // Whoever asks again has one payment, whether there was one before or not.
        let again = caller.call("Pay", &fields).await.expect("TransactionId");
        assert_eq!(caller.call("Pay", &fields).await.expect("TransactionId"), again);
        if lost == "answer" {
            assert!(made["changes"].to_string().contains(&again), "the one that nobody heard of: {made}");
        }
    }
    assert!(app.balance(JOHN).await.starts_with("496.00"), "each was paid once");
    app.assert_books_balance().await;
    app.stop().await;
}

/// No clock is looked at: what waits as long as can be is overtaken, and what waits for a moment is done.
async fn a_request_that_waits_is_done_when_it_has_waited(app: App) {
    let (caller, recipient) = (app.caller(), recipient_token(0));
    let [waiting, other] = [token(&app, "waiting").await, token(&app, "other").await];
    break_(&app, json!({ "action": "Pay", "delay_ms": 60_000 })).await;
    let late = tokio::spawn({
        let (caller, recipient, token) = (caller.clone(), recipient.clone(), waiting.clone());
        async move { caller.try_call("Pay", &payment(&token, &recipient, "waiting")).await }
    });
    let taken = async { while standing(&app).await != json!([]) {} };
    tokio::time::timeout(PATIENCE, taken).await.expect("the request has come");
    assert_eq!(caller.pay(&other, "2.00", "other").await.outcome(), "Success");
    assert!(!late.is_finished() && app.balance(JOHN).await.starts_with("498.00"), "it waits yet");
    late.abort();
    break_(&app, json!({ "action": "Pay", "delay_ms": 1 })).await;
    assert_eq!(caller.pay(&waiting, "2.00", "waiting").await.outcome(), "Success");
    break_(&app, json!({ "delay_ms": 1, "code": "InternalError" })).await;
    assert_eq!(caller.call("GetAccountBalance", &[]).await.outcome(), "InternalError", "any action");
    assert!(app.balance(JOHN).await.starts_with("496.00"));
    app.stop().await;
}

/// A receiver of notifications: what it got, by references and in order.
#[derive(Clone)]
struct Inbox {
    address: Url,
    bodies: watch::Sender<Vec<String>>,
}

impl Inbox {
    async fn open() -> Self {
        let bodies = watch::Sender::new(Vec::new());
        let taken = bodies.clone();
        let take = move |body: String| {
            taken.send_modify(|bodies| bodies.push(body));
            std::future::ready(())
        };
        Self { address: listen(Router::new().route("/ipn", post(take))).await.join("/ipn").unwrap(), bodies }
    }

    /// Pays, and has this inbox told of it.
    async fn pay(&self, app: &App, reference: &str) {
        let (token, recipient) = (token(app, reference).await, recipient_token(0));
        let mut fields = payment(&token, &recipient, reference);
        fields.push(("OverrideIPNURL", self.address.as_str()));
        assert_eq!(app.caller().call("Pay", &fields).await.outcome(), "Success");
        app.settle_down().await;
    }

    /// The references of the first so many, once they are there.
    async fn references(&self, count: usize) -> Vec<String> {
        let mut bodies = self.bodies.subscribe();
        let there = tokio::time::timeout(PATIENCE, bodies.wait_for(|bodies| bodies.len() >= count));
        let bodies =
            there.await.unwrap_or_else(|_| panic!("no {count} came: {:?}", self.bodies.borrow())).unwrap();
        bodies.iter().map(|body| fields(body)["callerReference"].clone()).collect()
    }
}

fn fields(body: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// The newest notification of a payment.
async fn told(app: &App, reference: &str) -> Value {
    app.control(&format!("notifications?caller_reference={reference}"), None).await[0].clone()
}

async fn a_lost_notification_is_not_tried_again_and_can_be_replayed(app: App) {
    let inbox = Inbox::open().await;
    break_(&app, json!({ "notifications": "drop" })).await;
    inbox.pay(&app, "lost").await;
    app.advance(2 * 24 * 3600).await;
    let lost = told(&app, "lost").await;
    assert_eq!(
        (lost["state"].as_str(), lost["attempts"].as_array().unwrap().len()),
        (Some("GivenUp"), 1),
        "{lost}"
    );
    assert!(inbox.bodies.borrow().is_empty());
    inbox.pay(&app, "next").await;
    let replay = format!("notifications/{}/replay", lost["id"].as_str().unwrap());
    assert_eq!(app.control(&replay, Some(json!({ "sign": "same" }))).await["http_status"], 200);
    assert_eq!(inbox.references(2).await, ["next", "lost"], "and all others arrive");
    app.stop().await;
}

async fn a_notification_is_held_up_by_the_clock(app: App) {
    let inbox = Inbox::open().await;
    break_(&app, json!({ "notifications": "delay", "delay_ms": 3_600_000 })).await;
    inbox.pay(&app, "late").await;
    app.advance(3_500).await;
    assert_eq!(told(&app, "late").await["state"], "Pending");
    assert!(inbox.bodies.borrow().is_empty(), "an hour is not over");
    app.advance(100).await;
    assert_eq!(inbox.references(1).await, ["late"]);
    app.settle_down().await;
    let late = told(&app, "late").await;
    assert_eq!(
        (late["state"].as_str(), late["attempts"].as_array().unwrap().len()),
        (Some("Delivered"), 2),
        "{late}"
    );
    app.stop().await;
}

async fn notifications_arrive_twice_and_after_the_next_to_the_same_receiver(app: App) {
    let (inbox, other) = (Inbox::open().await, Inbox::open().await);
    break_(&app, json!({ "notifications": "double" })).await;
    inbox.pay(&app, "double").await;
    assert_eq!(inbox.references(2).await, ["double", "double"]);
    assert_eq!(inbox.bodies.borrow()[0], inbox.bodies.borrow()[1], "the same bytes");
    break_(&app, json!({ "notifications": "reorder", "delay_ms": 600_000 })).await;
    inbox.pay(&app, "overtaken").await;
    other.pay(&app, "elsewhere").await;
    inbox.pay(&app, "next").await;
    assert_eq!(other.references(1).await, ["elsewhere"]);
    assert_eq!(inbox.references(4).await[2..], ["next", "overtaken"]);
    break_(&app, json!({ "notifications": "reorder", "delay_ms": 1 })).await;
    inbox.pay(&app, "alone").await;
    assert_eq!(inbox.references(5).await[4], "alone", "where none comes it arrives all the same");
    app.stop().await;
}

async fn a_changed_byte_is_not_genuine_and_the_right_one_comes_next(app: App) {
    let inbox = Inbox::open().await;
    let genuine = async |body: &str| {
        let asked = [("UrlEndPoint", inbox.address.as_str()), ("HttpParameters", body)];
        let answer = app.caller().call("VerifySignature", &asked).await;
        answer.element("VerificationStatus").map(str::to_owned)
    };
    // Behind the first name and its equals sign, so that a value changes.
    break_(&app, json!({ "notifications": "corrupt", "seed": 20 })).await;
    inbox.pay(&app, "changed").await;
    inbox.references(1).await;
    let id = told(&app, "changed").await["id"].as_str().unwrap().to_owned();
    app.control(&format!("notifications/{id}/replay"), Some(json!({ "sign": "same" }))).await;
    inbox.references(2).await;
    let [changed, right] = [0, 1].map(|at| inbox.bodies.borrow()[at].clone());
    let differs = changed.bytes().zip(right.bytes()).filter(|(one, other)| one != other).count();
    assert_eq!((differs, changed.len()), (1, right.len()), "{changed}\n{right}");
    assert_ne!(genuine(&changed).await.as_deref(), Some("Success"));
    assert_eq!(genuine(&right).await.as_deref(), Some("Success"));
    // The shop looks at signatures, and is told again.
    break_(&app, json!({ "notifications": "corrupt" })).await;
    let mut john = app.signed_in(JOHN).await;
    let review = app.to_review(&mut john, "now-and-forever", JOHN, "Account balance").await;
    let back = app.confirm(&mut john, &review).await.expect_status(303);
    john.follow(back).await.expect_status(200);
    app.settle_down().await;
    app.advance(10).await;
    let told = app.control(&format!("notifications?access_key={FIRST}"), None).await;
    let statuses: Vec<u64> = told[0]["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["http_status"].as_u64().unwrap())
        .collect();
    assert!(matches!(statuses[..], [400..=499, 200]), "{told}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_hits_the_same_occasions_and_faults_are_counted_and_taken_away() {
    let app = spawn_app(On::Sqlite).await.unwrap();
    let caller = app.caller();
    let hits = async |seed: u64| {
        let fault = json!({ "action": "GetAccountBalance", "code": "AccessFailure", "share": 40, "times": 99, "seed": seed });
        let id = break_(&app, fault).await;
        let mut hits = Vec::new();
        for _ in 0..40 {
            hits.push(caller.call("GetAccountBalance", &[]).await.status == 400);
        }
        let standing = standing(&app).await;
        let count = hits.iter().filter(|hit| **hit).count();
        assert_eq!(
            (&standing[0]["id"], standing[0]["times"].as_u64()),
            (&json!(id), Some(99 - count as u64))
        );
        assert_eq!(
            app.try_control(Method::DELETE, &format!("faults/{id}"), None).await,
            (200, json!({ "cleared": 1 }))
        );
        assert!((6..=26).contains(&count), "{count} of 40");
        hits
    };
    let first = hits(7).await;
    assert_eq!(hits(7).await, first, "the same seed, the same occasions");
    assert_ne!(hits(8).await, first);
    for action in ["Pay", "Settle"] {
        break_(&app, json!({ "action": action, "code": "InternalError" })).await;
    }
    assert_eq!(app.try_control(Method::DELETE, "faults", None).await, (200, json!({ "cleared": 2 })));
    assert_eq!(standing(&app).await, json!([]));
    let (status, answer) = app.try_control(Method::DELETE, "faults/nothing", None).await;
    assert_eq!(status, 404);
    assert!(answer["error"].as_str().unwrap().contains("/_control/faults lists them"), "{answer}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_refused_with_what_to_do() {
    let app = spawn_app(On::Sqlite).await.unwrap();
    for (fault, words) in [
        (json!({}), "say what goes wrong"),
        (json!([]), "object"),
        (json!({ "acton": "Pay", "code": "InternalError" }), "acton"),
        (json!({ "action": "Pray", "code": "InternalError" }), "no action"),
        (json!({ "action": "Pay", "code": "OutOfMoney" }), "lists them"),
        (json!({ "action": "Pay", "drop": "everything" }), "drop must be one of answer, connection"),
        (json!({ "notifications": "burn" }), "one of drop, delay, double, reorder, corrupt"),
        (json!({ "notifications": "drop", "action": "Pay" }), "another one"),
        (json!({ "code": "InternalError", "times": "often" }), "times must be a whole number"),
        (json!({ "code": "InternalError", "times": -1 }), "times is 1 to"),
        (json!({ "code": "InternalError", "share": 101 }), "1 to 100"),
        (json!({ "delay_ms": 60_001 }), "60000 at the most"),
    ] {
        let (status, answer) = app.try_control(Method::POST, "faults", Some(fault.clone())).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(status == 400 && error.contains(words), "{fault}: {status} {answer}");
    }
    assert_eq!(standing(&app).await, json!([]), "nothing stands of it");
    app.stop().await;
}
