//! `CallerReference`: the same request again gives the same answer and moves nothing, a different one is
//! refused, whatever the action and however many come at once.

use crate::on_both_databases;
use crate::support::shapes::{Pairs, SHAPES, with};
use crate::support::{Answer, App, aggregated, recipient_token};
use futures_util::future::join_all;
use serde_json::Value;

const FIRST: &str = "DDCALLER000000000001";
const SECOND: &str = "DDCALLER000000000002";
const JOHN: &str = "john@example.com";

on_both_databases!(
    the_same_request_again_gives_the_same_answer_of_every_action,
    a_different_request_under_a_used_reference_is_refused,
    sixty_four_at_once_make_one_movement_of_every_action,
    a_reference_is_one_callers_and_one_actions,
    a_refusal_uses_the_reference_up,
    a_reference_is_free_again_after_seven_days,
);

/// Every action that has a `CallerReference`, and what of it makes it another request.
pub const ACTIONS: [(&str, &str, &str); 8] = [
    ("Pay", "TransactionAmount.Value", "9.00"),
    ("Reserve", "TransactionAmount.Value", "9.00"),
    ("Refund", "RefundAmount.Value", "3.00"),
    ("FundPrepaid", "FundingAmount.Value", "9.00"),
    ("SettleDebt", "SettlementAmount.Value", "3.00"),
    ("WriteOffDebt", "AdjustmentAmount.Value", "3.00"),
    ("InstallPaymentInstruction", "PaymentReason", "another"),
    ("CancelSubscriptionAndRefund", "RefundAmount.Value", "3.00"),
];

#[test]
fn every_action_that_has_a_reference_is_here() {
    let with_reference =
        SHAPES.iter().filter(|(_, fields)| fields.iter().any(|field| field.name == "CallerReference"));
    // GetTokens looks for one and uses none up.
    let mut expected: Vec<&str> =
        with_reference.map(|(action, _)| *action).filter(|action| *action != "GetTokens").collect();
    let mut here: Vec<&str> = ACTIONS.iter().map(|(action, ..)| *action).collect();
    expected.sort_unstable();
    here.sort_unstable();
    assert_eq!(here, expected);
}

fn pairs(fields: &[(&str, &str)]) -> Pairs {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn amount(name: &str, value: &str) -> Pairs {
    vec![(format!("{name}.CurrencyCode"), "USD".to_owned()), (format!("{name}.Value"), value.to_owned())]
}

async fn call(app: &App, action: &str, request: &Pairs) -> Answer {
    let request: Vec<(&str, &str)> = request.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.caller().call(action, &request).await
}

/// A request of the action that can be granted, with everything made that it needs.
pub async fn request(app: &App, action: &str, reference: &str) -> Pairs {
    let mut request = match action {
        "Pay" | "Reserve" => {
            let token = app.sender_token(FIRST, JOHN, "ABT", "10.00", reference).await;
            let own = [("SenderTokenId", token.as_str()), ("RecipientTokenId", &recipient_token(0))];
            [pairs(&own), amount("TransactionAmount", "10.00")].concat()
        }
        "Refund" => {
            let token = app.sender_token(FIRST, JOHN, "ABT", "10.00", reference).await;
            let paid = app.caller().pay(&token, "10.00", &format!("{reference}-paid")).await;
            let own = [("TransactionId", paid.expect("TransactionId"))];
            [pairs(&[(own[0].0, &own[0].1)]), amount("RefundAmount", "4.00")].concat()
        }
        "FundPrepaid" => {
            let made = aggregated::prepaid(app, FIRST, reference, "10.00").await;
            let (token, instrument) = (made.get("fundingTokenID"), made.get("prepaidInstrumentID"));
            let own = [("SenderTokenId", token.as_str()), ("PrepaidInstrumentId", &instrument)];
            [pairs(&own), amount("FundingAmount", "10.00")].concat()
        }
        "SettleDebt" | "WriteOffDebt" => {
            let made = aggregated::postpaid(app, FIRST, reference, "50.00").await;
            let instrument = made.get("creditInstrumentID");
            owe(app, &made.get("creditSenderTokenID"), reference).await;
            if action == "WriteOffDebt" {
                [pairs(&[("CreditInstrumentId", &instrument)]), amount("AdjustmentAmount", "4.00")].concat()
            } else {
                let token = made.get("settlementTokenID");
                let own = [("SenderTokenId", token.as_str()), ("CreditInstrumentId", &instrument)];
                [pairs(&own), amount("SettlementAmount", "4.00")].concat()
            }
        }
        "InstallPaymentInstruction" => pairs(&[
            ("PaymentInstruction", "MyRole == 'Caller';"),
            ("TokenType", "Unrestricted"),
            ("PaymentReason", "one"),
        ]),
        "CancelSubscriptionAndRefund" => {
            let token = aggregated::subscription(app, FIRST, reference, "5.00").await.get("tokenID");
            let paid = app.caller().pay(&token, "5.00", &format!("{reference}-paid")).await;
            assert_eq!(paid.status, 200, "{paid:?}");
            [pairs(&[("SubscriptionId", &token)]), amount("RefundAmount", "4.00")].concat()
        }
        other => panic!("{other} has no request here"),
    };
    request.push(("CallerReference".to_owned(), reference.to_owned()));
    request
}

/// A debt of 20.00 to the caller.
async fn owe(app: &App, credit_sender_token: &str, reference: &str) {
    let mut fields = amount("TransactionAmount", "20.00");
    fields.push(("SenderTokenId".to_owned(), credit_sender_token.to_owned()));
    fields.push(("CallerReference".to_owned(), format!("{reference}-owed")));
    let paid = call(app, "Pay", &fields).await;
    assert_eq!(paid.status, 200, "{paid:?}");
}

/// An answer without what each has of its own.
fn said(answer: &Answer) -> (u16, String) {
    let end = answer.xml.find("<ResponseMetadata>").or_else(|| answer.xml.find("<RequestID>"));
    (answer.status, answer.xml[..end.unwrap_or(answer.xml.len())].to_owned())
}

/// How many transactions the books have.
async fn movements(app: &App) -> Value {
    app.ledger().await["transactions"].clone()
}

async fn the_same_request_again_gives_the_same_answer_of_every_action(app: App) {
    aggregated::let_the_caller_earn(&app).await;
    for (action, ..) in ACTIONS {
        let request = request(&app, action, &format!("same-{action}")).await;
        let first = call(&app, action, &request).await;
        assert_eq!(first.status, 200, "{action}: {first:?}");
        let books = app.ledger().await;
        let again = call(&app, action, &request).await;
        assert_eq!(said(&again), said(&first), "{action}");
        assert_ne!(again.request_id, first.request_id, "{action}");
        // However its values are spelt, in whatever order, by POST.
        let spelt: Pairs = request
            .iter()
            .rev()
            .map(|(name, value)| {
                let value = if name.ends_with(".Value") {
                    value.trim_end_matches('0').to_owned() + "0"
                } else {
                    value.clone()
                };
                (name.clone(), value)
            })
            .collect();
        let spelt: Vec<(&str, &str)> = spelt.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(said(&app.caller().post(action, &spelt).await), said(&first), "{action}");
        assert_eq!(app.ledger().await, books, "{action} again moves nothing");
    }
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_different_request_under_a_used_reference_is_refused(app: App) {
    aggregated::let_the_caller_earn(&app).await;
    for (action, name, other) in ACTIONS {
        let request = request(&app, action, &format!("other-{action}")).await;
        assert_eq!(call(&app, action, &request).await.status, 200, "{action}");
        let books = app.ledger().await;
        let different = call(&app, action, &with(&request, name, other)).await;
        assert_eq!((different.status, different.outcome().as_str()), (400, "DuplicateRequest"), "{action}");
        assert_eq!(app.ledger().await, books, "{action}");
        assert_eq!(call(&app, action, &request).await.status, 200, "{action}: the first stands");
    }
    app.stop().await;
}

async fn sixty_four_at_once_make_one_movement_of_every_action(app: App) {
    aggregated::let_the_caller_earn(&app).await;
    for (action, ..) in ACTIONS {
        let single = request(&app, action, &format!("single-{action}")).await;
        let before = movements(&app).await.as_i64().unwrap();
        assert_eq!(call(&app, action, &single).await.status, 200, "{action}");
        let one = movements(&app).await.as_i64().unwrap() - before;

        let request = request(&app, action, &format!("many-{action}")).await;
        let before = movements(&app).await.as_i64().unwrap();
        let answers = join_all((0..64).map(|_| call(&app, action, &request))).await;
        for answer in &answers {
            assert_eq!(said(answer), said(&answers[0]), "{action}");
            assert_eq!(answer.status, 200, "{action}: {answer:?}");
        }
        assert_eq!(movements(&app).await.as_i64().unwrap() - before, one, "{action} moved more than once");
    }
    app.assert_books_balance().await;
    app.stop().await;
}

async fn a_reference_is_one_callers_and_one_actions(app: App) {
    let mut ids = Vec::new();
    for (action, ..) in
        ACTIONS.into_iter().filter(|(action, ..)| matches!(*action, "Pay" | "Reserve" | "Refund"))
    {
        let mut request = request(&app, action, &format!("own-{action}")).await;
        request.retain(|(name, _)| name != "CallerReference");
        request.push(("CallerReference".to_owned(), "shared".to_owned()));
        let answer = call(&app, action, &request).await;
        assert_eq!(answer.status, 200, "{action}: {answer:?}");
        ids.push(answer.expect("TransactionId"));
    }
    let (token, recipient) = app.tokens_of(SECOND, "shared", "10.00").await;
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "10.00"),
        ("CallerReference", "shared"),
    ];
    let other = app.second_caller().call("Pay", &fields).await;
    assert_eq!(other.status, 200, "{other:?}");
    ids.push(other.expect("TransactionId"));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    app.stop().await;
}

async fn a_refusal_uses_the_reference_up(app: App) {
    let mut request = request(&app, "Pay", "spent").await;
    assert_eq!(call(&app, "Pay", &request).await.status, 200);
    request = with(&request, "CallerReference", "too-late");
    let refused = call(&app, "Pay", &request).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(said(&call(&app, "Pay", &request).await), said(&refused));
    let different = call(&app, "Pay", &with(&request, "TransactionAmount.Value", "9.00")).await;
    assert_eq!(different.outcome(), "DuplicateRequest");
    app.stop().await;
}

async fn a_reference_is_free_again_after_seven_days(app: App) {
    let first = request(&app, "Pay", "kept").await;
    let paid = call(&app, "Pay", &first).await;
    app.advance(7 * 24 * 3600 - 60).await;
    assert_eq!(said(&call(&app, "Pay", &first).await), said(&paid), "within seven days");
    app.advance(61).await;
    let token = app.sender_token(FIRST, JOHN, "ABT", "10.00", "fresh").await;
    let again = call(&app, "Pay", &with(&first, "SenderTokenId", &token)).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_ne!(again.expect("TransactionId"), paid.expect("TransactionId"));
    app.stop().await;
}
