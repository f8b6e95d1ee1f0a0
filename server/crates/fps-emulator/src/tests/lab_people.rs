//! Accounts, callers and tokens by hand.

use crate::tests::account_site::{call_api, signed_in};
use crate::tests::support::{App, Browser, JOHN, MERCHANT, recipient_token};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

pub async fn patch(curl: &mut Browser, path: &str, body: Value) -> crate::tests::support::Answer {
    curl.send(Request::patch(path), Body::from(body.to_string())).await
}

fn ann() -> Value {
    json!({
        "email": "Ann@example.com", "name": "Ann", "password": "a long password", "kind": "Personal",
        "verified": true, "balance": "50.00", "instruments": ["CC", "ACH"],
    })
}

async fn listed(curl: &mut Browser, path: &str, field: &str, value: &str) -> Value {
    let all = curl.get(path).await.expect(StatusCode::OK).json();
    let found = all.as_array().unwrap().iter().find(|one| one[field] == value);
    found.unwrap_or_else(|| panic!("no {value} in {all}")).clone()
}

#[tokio::test]
async fn an_account_is_opened_with_what_it_is_to_have_and_changed() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let made = curl.post_json("/_control/accounts", ann()).await.expect(StatusCode::OK).json();
        let shown = listed(&mut curl, "/_control/accounts", "email", "ann@example.com").await;
        assert_eq!(shown["account_id"], made["account_id"]);
        assert_eq!(
            (&shown["balance"], &shown["instruments"], &shown["status"], &shown["kind"]),
            (&json!("50.000000"), &json!(["CC", "ACH"]), &json!("Active"), &json!("Personal"))
        );
        assert!(!shown.to_string().contains("password") && !shown.to_string().contains("argon2"));
        let fields = [("email", "ann@example.com"), ("password", "a long password")];
        app.browser().post("/account/sign-in", &fields).await.to();
        assert_eq!(curl.get("/_control/books/trial-balance").await.json()["sum"], "0.000000");

        let change = json!({ "status": "Suspended", "verified": false });
        let changed = patch(&mut curl, "/_control/accounts/ann@example.com", change).await;
        let changed = changed.expect(StatusCode::OK).json();
        assert_eq!((&changed["status"], &changed["verified"]), (&json!("Suspended"), &json!(false)));
        assert_eq!(listed(&mut curl, "/_control/accounts", "email", "ann@example.com").await, changed);

        let business = json!({
            "email": "books@example.com", "name": "Bea", "password": "a long password", "kind": "Business",
            "business_name": "Bea's Books", "verified": false,
        });
        curl.post_json("/_control/accounts", business).await.expect(StatusCode::OK);
        let shown = listed(&mut curl, "/_control/accounts", "email", "books@example.com").await;
        assert_eq!((&shown["instruments"], &shown["verified"]), (&json!(["ABT"]), &json!(false)));
    }
}

#[tokio::test]
async fn no_account_is_opened_with_what_cannot_be() {
    let app = App::new().await;
    let mut curl = app.browser();
    for (field, value, status, words) in [
        ("email", json!("ann"), 400, "email"),
        ("email", json!("ann@example.com\u{202e}"), 400, "email"),
        ("email", json!(JOHN), 409, "already"),
        ("name", json!(""), 400, "name"),
        ("name", json!("Amazon Payments"), 400, "name"),
        ("password", json!("short"), 400, "password"),
        ("kind", json!("Developer"), 400, "one of Personal, Business"),
        ("business_name", json!("Ann's"), 400, "Business"),
        ("balance", json!("-1"), 400, "balance"),
        ("balance", json!("ten"), 400, "balance"),
        ("balance", json!("1.001"), 400, "balance"),
        ("balance", json!("1000000.01"), 400, "balance"),
        ("balance", json!("99999999999999999999"), 400, "balance"),
        ("instruments", json!(["Debt"]), 400, "CC, ACH and ABT"),
        ("verified", json!("perhaps"), 400, "true or false"),
    ] {
        let mut wish = ann();
        wish[field] = value.clone();
        let refused = curl.post_json("/_control/accounts", wish).await;
        let (got, error) = (refused.status.as_u16(), refused.json());
        assert_eq!(got, status, "{field} {value}: {error}");
        assert!(error["error"].as_str().unwrap().contains(words), "{field} {value}: {error}");
        assert!(!error.to_string().contains("a long password"));
    }
    for (path, body, status) in [
        ("nobody@example.com", json!({ "verified": true }), StatusCode::NOT_FOUND),
        (JOHN, json!({}), StatusCode::BAD_REQUEST),
        (JOHN, json!({ "status": "Gone" }), StatusCode::BAD_REQUEST),
        (JOHN, json!({ "balance": "1" }), StatusCode::BAD_REQUEST),
    ] {
        patch(&mut curl, &format!("/_control/accounts/{path}"), body).await.expect(status);
    }
}

#[tokio::test]
async fn a_caller_is_made_shown_without_its_secret_and_changed() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let wish = json!({
            "account": JOHN, "name": "My market", "sites": ["http://127.0.0.1:9000/"],
            "ipn_url": "http://127.0.0.1:9000/ipn",
        });
        let made = curl.post_json("/_control/callers", wish.clone()).await.expect(StatusCode::OK).json();
        let (key, secret) = (made["access_key"].as_str().unwrap(), made["secret"].as_str().unwrap());
        assert_eq!((key.len(), secret.len()), (20, 40));
        let shown = listed(&mut curl, "/_control/callers", "access_key", key).await;
        let expected = json!({
            "access_key": key, "account": JOHN, "name": "My market", "sites": ["http://127.0.0.1:9000/"],
            "ipn_url": "http://127.0.0.1:9000/ipn", "marketplace": true,
        });
        assert_eq!(shown, expected);
        let all = curl.get("/_control/callers").await.body;
        assert!(!all.contains(secret) && !all.contains("digitaldownload-demo-secret"));
        let again =
            curl.post_json("/_control/callers", wish.clone()).await.expect(StatusCode::CONFLICT).json();
        assert!(again["error"].as_str().unwrap().contains("already"), "{again}");

        let path = format!("/_control/callers/{key}");
        let change = json!({ "sites": ["https://shop.example/a"], "ipn_url": "" });
        let changed = patch(&mut curl, &path, change).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&changed["sites"], &changed["ipn_url"], &changed["name"]),
            (&json!(["https://shop.example/a"]), &Value::Null, &json!("My market"))
        );
        let renewed =
            curl.post_json(&format!("{path}/secret"), json!({})).await.expect(StatusCode::OK).json();
        assert_eq!(renewed["secret"].as_str().unwrap().len(), 40);
        assert_ne!(renewed["secret"], secret);

        for (path, body, status) in [
            (path.as_str(), json!({}), 400),
            (&path, json!({ "sites": ["ftp://shop.example/"] }), 400),
            (&path, json!({ "sites": ["https://shop.example/?a=b"] }), 400),
            (&path, json!({ "ipn_url": "http://127.0.0.1:3001/_control/reset" }), 400),
            (&path, json!({ "ipn_url": "nowhere" }), 400),
            (&path, json!({ "name": "Second Demo Caller" }), 409),
            (&path, json!({ "name": "" }), 400),
            ("/_control/callers/NOBODY", json!({ "name": "X" }), 404),
        ] {
            let refused = patch(&mut curl, path, body.clone()).await;
            assert_eq!(refused.status.as_u16(), status, "{body}: {}", refused.body);
        }
        for (field, value, status) in [
            ("account", json!("nobody@example.com"), 404),
            ("account", json!("jane@example.com"), 409), // the name is taken
            ("name", json!("Amazon Payments"), 400),
            ("sites", json!(["x"]), 400),
            ("ipn_url", json!("http://a:b@shop.example/"), 400),
        ] {
            let mut wrong = wish.clone();
            wrong[field] = value.clone();
            let refused = curl.post_json("/_control/callers", wrong).await;
            assert_eq!(refused.status.as_u16(), status, "{field} {value}: {}", refused.body);
        }
        let first = "/_control/callers/DDCALLER000000000001/secret";
        curl.post_json(first, json!({})).await.expect(StatusCode::CONFLICT);
        curl.post_json("/_control/callers/X/secret", json!({})).await.expect(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn tokens_are_listed_and_cancelled_as_by_their_owner() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let id = recipient_token();
        let of_merchant = format!("/_control/tokens?account={MERCHANT}&access_key=DDCALLER000000000001");
        let token = listed(&mut curl, &of_merchant, "token_id", &id).await;
        assert_eq!(
            (&token["role"], &token["status"], &token["account"]),
            (&json!("Recipient"), &json!("Active"), &json!(MERCHANT))
        );
        assert_eq!(curl.get(&format!("/_control/tokens?account={JOHN}")).await.json(), json!([]));
        curl.get("/_control/tokens?account=nobody@example.com").await.expect(StatusCode::NOT_FOUND);
        curl.get("/_control/tokens?access_key=-").await.expect(StatusCode::BAD_REQUEST);

        let cancel = format!("/_control/tokens/{id}/cancel");
        let cancelled = curl.post_json(&cancel, json!({})).await.expect(StatusCode::OK).json();
        assert_eq!(cancelled["status"], "Cancelled");
        let told = curl.get(&format!("/_control/notifications?transaction_id={id}")).await.json();
        assert_eq!(told[0]["kind"], "TokenCancellation");
        curl.post_json(&cancel, json!({})).await.expect(StatusCode::CONFLICT);
        curl.post_json("/_control/tokens/X/cancel", json!({})).await.expect(StatusCode::NOT_FOUND);
        let page = signed_in(&app, MERCHANT).await.get("/account/tokens").await.expect(StatusCode::OK).body;
        assert!(page.contains("Cancelled"), "{page}");
    }
}

/// A stranger's account and program, from nothing to a payment.
#[tokio::test]
async fn who_was_made_by_hand_pays_and_calls() {
    let app = App::new().await;
    let mut curl = app.browser();
    curl.post_json("/_control/accounts", ann()).await.expect(StatusCode::OK);
    let wish = json!({
        "access_key": "DDCALLER000000000001", "pipeline": "SingleUse", "account": "ann@example.com",
        "payment_method": "CC", "caller_reference": "t1",
        "parameters": { "transactionAmount": "10.00", "recipientToken": recipient_token() },
    });
    let token = curl.post_json("/_control/tokens", wish).await.expect(StatusCode::OK).json();
    let (token, recipient) = (token["token_id"].as_str().unwrap().to_owned(), recipient_token());
    let call = [
        ("Action", "Pay"),
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", recipient.as_str()),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "10.00"),
        ("CallerReference", "p1"),
    ];
    assert_eq!(call_api(&app, call.into_iter().collect()).await.len(), 35);
}
