//! A database that is full, or cannot be written: callers and people are told to come again, nothing is half done, and
//! all goes on when there is room.

use crate::tests::support::{Answer, App, JOHN, recipient_token, start_time};
use fps_protocol::signature::{self, HmacAlgorithm};
use fps_protocol::{Parameters, Secret};
use http::StatusCode;
use platform::db::{Batch, Statement};
use serde_json::json;
use sqlx::Executor;
use std::collections::BTreeMap;
use std::convert::Infallible;

const CALLER: &str = "DDCALLER000000000001";

async fn token(app: &App, reference: &str) -> String {
    let parameters = json!({ "transactionAmount": "1.00", "recipientToken": recipient_token() });
    let asked = json!({
        "access_key": CALLER, "pipeline": "SingleUse", "account": JOHN, "payment_method": "ABT",
        "caller_reference": reference, "parameters": parameters,
    });
    let made = app.browser().post_json("/_control/tokens", asked).await.json();
    made["token_id"].as_str().unwrap().to_owned()
}

async fn pay(app: &App, token: &str, reference: &str) -> Answer {
    let (recipient, timestamp) = (recipient_token(), start_time().to_string());
    let named: BTreeMap<&str, &str> = BTreeMap::from([
        ("Action", "Pay"),
        ("AWSAccessKeyId", CALLER),
        ("SignatureVersion", "2"),
        ("SignatureMethod", "HmacSHA256"),
        ("Timestamp", &timestamp),
        ("Version", "2010-08-28"),
        ("SenderTokenId", token),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "1.00"),
        ("CallerReference", reference),
    ]);
    let mut signed: Parameters = named.into_iter().collect();
    let secret = Secret::new("digitaldownload-demo-secret");
    let sha256 = HmacAlgorithm::Sha256;
    let signature = signature::sign_v2(&secret, sha256, "GET", "127.0.0.1:3001", "/", &signed, "Signature");
    signed.push("Signature", signature);
    app.browser().get(&format!("/?{}", signed.to_query())).await
}

/// On the connections that write: actions' and batches'.
async fn set(app: &App, pragma: &'static str) {
    let db = &app.payments.db;
    db.write(move |c| Box::pin(async move { c.execute(pragma).await.map(drop) })).await.unwrap();
    let mut batch = Batch::<Infallible>::default();
    batch.push(Statement::new(pragma));
    db.write_batch(batch).await.unwrap();
}

async fn assert_johns_balance(app: &App, balance: &str) {
    let ledger = app.browser().get("/_control/ledger").await.json();
    assert_eq!(ledger["sum"], "0.0000", "{ledger}");
    let accounts = ledger["accounts"].as_array().unwrap();
    let john = accounts.iter().find(|account| account.to_string().contains(JOHN)).unwrap();
    assert_eq!(john["balance"], balance);
}

/// Payments until no more fit: each has taken place as a whole, or not at all.
#[tokio::test]
async fn a_full_disk_refuses_for_the_moment() {
    let app = App::new().await;
    let mut tokens = Vec::new();
    for number in 0..60 {
        tokens.push(token(&app, &format!("token-{number}")).await);
    }
    // No new page: what is there has room for some rows.
    set(&app, "PRAGMA max_page_count = 1").await;
    let mut paid = 0;
    let full = loop {
        let answer = pay(&app, &tokens[paid], &format!("pay-{paid}")).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        paid += 1;
    };
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE, "{}", full.body);
    assert!(full.body.contains("<Code>InternalError</Code>"), "{}", full.body);
    assert!(app.payments.db.ping().await.is_err());
    assert_johns_balance(&app, &format!("{}.0000", 500 - paid)).await;
    let filler = "INSERT INTO settings (name, value) VALUES (hex(randomblob(8)), hex(randomblob(200)))";
    let add_row = async || {
        app.payments.db.write(move |c| Box::pin(async move { c.execute(filler).await.map(drop) })).await
    };
    while add_row().await.is_ok() {}
    let long = format!("second-{}", "x".repeat(100));
    let mut page = app.browser().follow(&app.asks_for_payment(&long)).await;
    for number in 0.. {
        if page.status == StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        page = app.browser().follow(&app.asks_for_payment(&format!("{long}{number}"))).await;
    }
    assert!(page.body.contains("Not available at the moment"), "{}", page.body);

    set(&app, "PRAGMA max_page_count = 1000000").await;
    assert!(app.payments.db.ping().await.is_ok());
    for _ in 0..2 {
        let answer = pay(&app, &tokens[paid], &format!("pay-{paid}")).await.expect(StatusCode::OK);
        assert!(answer.body.contains("Success"), "{}", answer.body);
    }
    assert_johns_balance(&app, &format!("{}.0000", 499 - paid)).await;
}

#[tokio::test]
async fn a_database_that_was_read_only_goes_on() {
    let app = App::new().await;
    let token = token(&app, "token").await;
    set(&app, "PRAGMA query_only = ON").await;
    let refused = pay(&app, &token, "first").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    let paid = pay(&app, &token, "first").await.expect(StatusCode::OK);
    assert!(paid.body.contains("Success"), "{}", paid.body);
    assert_johns_balance(&app, "499.0000").await;

    set(&app, "PRAGMA query_only = ON").await;
    let page = app.browser().follow(&app.asks_for_payment("second")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
    assert!(page.body.contains("Not available at the moment"), "{}", page.body);
    app.browser().follow(&app.asks_for_payment("second")).await.to();
}
