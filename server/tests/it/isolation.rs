//! One caller never sees, uses or moves another's tokens, transactions and instruments, and cannot even
//! learn that they are there.

use crate::on_both_databases;
use crate::support::shapes::{Kind, Pairs, SHAPES, full, with};
use crate::support::{Answer, App, Caller, aggregated};
use serde_json::json;
use std::collections::BTreeMap;

const FIRST: &str = "DDCALLER000000000001";
const SECOND: &str = "DDCALLER000000000002";
const JOHN: &str = "john@example.com";

on_both_databases!(
    what_is_anothers_is_answered_like_what_is_not_there,
    lists_show_only_ones_own,
    another_callers_payment_buys_nothing_in_the_shop,
);

/// Something of each kind that a caller has, by the name of the parameter that takes it.
type Belongings = BTreeMap<&'static str, String>;

async fn belongings(app: &App, access_key: &str, caller: &Caller) -> Belongings {
    let mut own = Belongings::new();
    let parameters = json!({ "recipientPaysFee": "True", "maxFixedFee": "2.00", "maxVariableFee": "10" });
    let made =
        app.click(access_key, "Recipient", "merchant@example.com", "ABT", "iso-recipient", parameters).await;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    own.insert("RecipientTokenId", text("token_id"));
    own.insert("RefundTokenId", text("refund_token_id"));
    let sender_token = async |reference: &str| {
        let parameters = json!({ "transactionAmount": "10.00", "recipientToken": own["RecipientTokenId"] });
        let made = app.click(access_key, "SingleUse", JOHN, "ABT", reference, parameters).await;
        made["token_id"].as_str().unwrap().to_owned()
    };
    let (paid, reserved, unused) = (
        sender_token("iso-paid").await,
        sender_token("iso-reserved").await,
        sender_token("iso-unused").await,
    );
    let move_money = async |action: &str, token: &str| {
        let fields = [
            ("SenderTokenId", token),
            ("RecipientTokenId", own["RecipientTokenId"].as_str()),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", "10.00"),
            ("CallerReference", token),
        ];
        let answer = caller.call(action, &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.expect("TransactionId")
    };
    let (paid, reserved) = (move_money("Pay", &paid).await, move_money("Reserve", &reserved).await);
    own.insert("TransactionId", paid);
    own.insert("ReserveTransactionId", reserved);
    own.insert("SenderTokenId", unused.clone());
    own.insert("TokenId", unused);
    let made = aggregated::prepaid(app, access_key, "iso-prepaid", "10.00").await;
    own.insert("PrepaidInstrumentId", made.get("prepaidInstrumentID"));
    let made = aggregated::postpaid(app, access_key, "iso-postpaid", "10.00").await;
    own.insert("CreditInstrumentId", made.get("creditInstrumentID"));
    let made = aggregated::subscription(app, access_key, "iso-recurring", "5.00").await;
    own.insert("SubscriptionId", made.get("tokenID"));
    own
}

async fn call(caller: &Caller, action: &str, pairs: &Pairs) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    caller.call(action, &pairs).await
}

/// Code and message, without the id that was asked for.
fn said(answer: &Answer, id: &str) -> (u16, String, String) {
    (answer.status, answer.outcome(), answer.expect("Message").replace(id, "ID"))
}

async fn what_is_anothers_is_answered_like_what_is_not_there(app: App) {
    let firsts = belongings(&app, FIRST, &app.caller()).await;
    let own = belongings(&app, SECOND, &app.second_caller()).await;
    let second = app.second_caller();
    let books = app.ledger().await;
    let mut number = 0;
    for (action, fields) in SHAPES {
        let mut good = full(fields);
        for (name, value) in &own {
            good = with(&good, name, value);
        }
        for field in *fields {
            let unknown = match field.kind {
                Kind::Token | Kind::Instrument => "X".repeat(firsts[field.name].len()),
                Kind::Transaction => "X".repeat(35),
                _ => continue,
            };
            let mut answers = Vec::new();
            for id in [&firsts[field.name], &unknown] {
                number += 1;
                let request = with(&with(&good, field.name, id), "CallerReference", &format!("iso-{number}"));
                let answer = call(&second, action, &request).await;
                assert!((400..404).contains(&answer.status), "{action} {}: {answer:?}", field.name);
                answers.push(said(&answer, id));
            }
            // For instruments FPS had a code of its own (fps.md §6.3); their ids cannot be guessed.
            if field.kind == Kind::Instrument {
                assert_eq!(answers[0].1, "InstrumentAccessDenied", "{action} {}", field.name);
            } else {
                assert_eq!(answers[0], answers[1], "{action} {}", field.name);
            }
        }
    }
    assert_eq!(app.ledger().await, books, "nothing moved");
    // And it is still the first caller's to use.
    let settled = app.caller().on_transaction("Settle", &firsts["ReserveTransactionId"]).await;
    assert_eq!(settled.outcome(), "Success");
    app.stop().await;
}

async fn lists_show_only_ones_own(app: App) {
    let firsts = belongings(&app, FIRST, &app.caller()).await;
    let second = app.second_caller();
    for (action, fields) in [
        ("GetTokens", vec![]),
        ("GetAccountActivity", vec![("StartDate".to_owned(), "2030-06-01".to_owned())]),
    ] {
        let answer = call(&second, action, &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for id in firsts.values() {
            assert!(!answer.xml.contains(id.as_str()), "{action} shows {id}: {answer:?}");
        }
    }
    let answer = second.call("GetTokenByCaller", &[("CallerReference", "iso-unused")]).await;
    assert_eq!(answer.outcome(), "InvalidCallerReference");
    app.stop().await;
}

/// Amazon signs for all callers with one key: an order's reference in another caller's payment, and the
/// notification sent to the shop, must not make the order a paid one.
async fn another_callers_payment_buys_nothing_in_the_shop(app: App) {
    let mut john = app.signed_in(JOHN).await;
    let checkout = [("payment_method", "amazon-payments")];
    let asked = john.post(app.shop("/checkout/now-and-forever"), &checkout).await.location();
    let reference = asked.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned();
    let orders = john.get(app.shop("/orders")).await.expect_status(200).text();
    let id = orders.split("/orders/").nth(1).unwrap().split('"').next().unwrap();
    let order = app.shop(&format!("/orders/{id}"));
    let (sender, recipient) = app.tokens_of(SECOND, "theirs", "0.99").await;
    let url = app.shop("/payments/ipn");
    let fields = [
        ("SenderTokenId", sender.as_str()),
        ("RecipientTokenId", recipient.as_str()),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "0.99"),
        ("CallerReference", reference.as_str()),
        ("OverrideIPNURL", url.as_str()),
    ];
    let paid = app.second_caller().call("Pay", &fields).await;
    assert_eq!(paid.status, 200, "{paid:?}");
    app.settle_down().await;
    let page = john.get(&order).await.expect_status(200).text();
    assert!(page.contains("You have not confirmed this payment"), "{page}");
    john.get(format!("{order}/download")).await.expect_status(404);
    let mut operator = app.signed_in("operator@example.com").await;
    let told = operator.get(app.shop("/operator")).await.expect_status(200).text();
    assert!(told.contains("refused: not a payment of this shop"), "{told}");
    app.stop().await;
}
