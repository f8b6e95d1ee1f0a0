//! Each pipeline from its start to the tokens that it makes.

use crate::domain::instruments;
use crate::domain::tokens::{self, LimitKind, Token};
use crate::tests::support::{App, JANE, JOHN, MERCHANT, recipient_token};
use fps_protocol::Parameters;
use fps_protocol::cbui::{AmountType, Pipeline};
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::InstrumentId;
use http::StatusCode;
use money::Money;

async fn token(app: &App, answer: &Parameters, name: &str) -> Token {
    let id = answer.get(name).unwrap_or_else(|| panic!("no {name} in {answer:?}"));
    tokens::find(&app.payments.db, &id.parse().unwrap()).await.unwrap().unwrap()
}

/// What a person who pays with this is told, and what the review said.
async fn confirmed(
    app: &App,
    pipeline: Pipeline,
    parameters: &[(&str, &str)],
    instrument: &str,
) -> (Parameters, String) {
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks(pipeline, "c1", parameters), JOHN, instrument).await;
    let page = john.get(&review).await.expect(StatusCode::OK).body;
    let location = john.confirm(&review).await.to();
    assert_eq!(john.post(&review, &[]).await.to(), location, "confirmed twice it is one answer");
    (app.returned(&location).await, page)
}

#[tokio::test]
async fn a_multi_use_token_has_its_limits() {
    for app in App::on_each_database().await {
        let recipient = recipient_token();
        let parameters = [
            ("globalAmountLimit", "100.00"),
            ("amountType", "Maximum"),
            ("transactionAmount", "25.00"),
            ("recipientTokenList", recipient.as_str()),
            ("usageLimitType1", "Count"),
            ("usageLimitValue1", "3"),
            ("usageLimitPeriod1", "1 Week"),
            ("paymentReason", "Tips"),
            ("websiteDescription", "the shop of shops"),
        ];
        let (answer, page) = confirmed(&app, Pipeline::MultiUse, &parameters, "Visa ending in 1111").await;
        for words in
            ["$25.00 or less", "$100.00 in all", "3 payments every week", "Tips", "to the shop of shops"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(
            page.contains("you cancel it in your account") && page.contains("3 Jun 2031"),
            "a year by default: {page}"
        );
        assert_eq!((answer.get("status"), answer.get("callerReference")), (Some("SC"), Some("c1")));
        assert_eq!(answer.get("expiry"), Some("06/2034"));
        let token = token(&app, &answer, "tokenID").await;
        assert_eq!(token.token_type, TokenType::MultiUse);
        assert_eq!(
            (token.amount_type, token.amount),
            (Some(AmountType::Maximum), Some(Money::from_cents(2500)))
        );
        assert_eq!(token.recipient_token_ids, [recipient.parse().unwrap()]);
        let limits = tokens::limits_of(&app.payments.db, &token.id).await.unwrap();
        let kinds: Vec<_> = limits.iter().map(|limit| (limit.kind, limit.most)).collect();
        assert_eq!(kinds, [(LimitKind::Amount, 100_000_000), (LimitKind::Count, 3)]);
    }
}

#[tokio::test]
async fn the_recipient_is_shown_instead_of_the_caller_if_the_caller_wants_it() {
    let app = App::new().await;
    let recipient = recipient_token();
    let shown = async |reference: &str, cobranding: &str| {
        let parameters = [
            ("transactionAmount", "15.00"),
            ("recurringPeriod", "1 Month"),
            ("recipientToken", recipient.as_str()),
            ("isRecipientCobranding", cobranding),
        ];
        let sign_in = app.browser().follow(&app.asks(Pipeline::Recurring, reference, &parameters)).await.to();
        let page = app.browser().get(&sign_in).await.expect(StatusCode::OK).body;
        page.split("class=\"asked-who\"").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    };
    let with = shown("r1", "True").await;
    assert!(with.contains("<strong>Right Here Records</strong>") && with.contains("through DigitalDownload"));
    assert!(shown("r2", "False").await.contains("<strong>DigitalDownload</strong>"));
}

#[tokio::test]
async fn a_recurring_token_pays_once_in_each_period() {
    let app = App::new().await;
    // From tomorrow for a year; the emulator's today is 3 June 2030.
    let parameters = [
        ("transactionAmount", "15.00"),
        ("recurringPeriod", "6 Months"),
        ("validityStart", "1906794000"),
        ("validityExpiry", "1938330000"),
    ];
    let (answer, page) =
        confirmed(&app, Pipeline::Recurring, &parameters, "Bank account ending in 6789").await;
    assert!(page.contains("$15.00, once every 6 months") && page.contains("4 Jun 2030"), "{page}");
    assert_eq!(answer.get("status"), Some("SB"));
    let token = token(&app, &answer, "tokenID").await;
    assert_eq!((token.token_type, token.amount), (TokenType::Recurring, Some(Money::from_cents(1500))));
    assert_eq!(token.recurring_period.unwrap().to_string(), "6 Months");
    assert_eq!(token.valid_from.as_second(), 1_906_794_000);
    assert_eq!(token.expires_at.unwrap().as_second(), 1_938_330_000);
}

#[tokio::test]
async fn a_prepaid_balance_comes_with_two_tokens() {
    for app in App::on_each_database().await {
        let parameters =
            [("callerReferenceSender", "s1"), ("callerReferenceFunding", "f1"), ("fundingAmount", "50.00")];
        let (answer, page) =
            confirmed(&app, Pipeline::SetupPrepaid, &parameters, "Visa ending in 1111").await;
        assert!(page.contains("Filled with up to $50.00") && page.contains("Filled from"), "{page}");
        assert_eq!((answer.get("status"), answer.get("tokenID")), (Some("SC"), None));
        let pays = token(&app, &answer, "prepaidSenderTokenID").await;
        let funds = token(&app, &answer, "fundingTokenID").await;
        let instrument: InstrumentId = answer.get("prepaidInstrumentID").unwrap().parse().unwrap();
        assert_eq!((pays.instrument_id.as_ref(), pays.caller_reference.as_str()), (Some(&instrument), "s1"));
        assert_eq!(
            (funds.stored_value_id.as_ref(), funds.caller_reference.as_str()),
            (Some(&instrument), "f1")
        );
        let prepaid = instruments::find(&app.payments.db, &instrument).await.unwrap().unwrap();
        assert_eq!((prepaid.method, prepaid.account_id), (PaymentMethod::Prepaid, funds.account_id));
        // One of the references is used: it is not set up a second time.
        let again = app.asks(Pipeline::SetupPrepaid, "c2", &parameters);
        let location = app.browser().sign_in_at(&again, JOHN).await;
        assert_eq!(app.returned(&location).await.get("status"), Some("NP"));
    }
}

#[tokio::test]
async fn a_credit_comes_with_two_tokens() {
    for app in App::on_each_database().await {
        let parameters = [
            ("callerReferenceSender", "s1"),
            ("callerReferenceSettlement", "t1"),
            ("creditLimit", "20.00"),
            ("globalAmountLimit", "200.00"),
        ];
        let (answer, page) =
            confirmed(&app, Pipeline::SetupPostpaid, &parameters, "Bank account ending in 6789").await;
        assert!(page.contains("up to $20.00 at a time") && page.contains("Settled from"), "{page}");
        assert_eq!((answer.get("status"), answer.get("tokenID")), (Some("SB"), None));
        let buys = token(&app, &answer, "creditSenderTokenID").await;
        let settles = token(&app, &answer, "settlementTokenID").await;
        let instrument: InstrumentId = answer.get("creditInstrumentID").unwrap().parse().unwrap();
        assert_eq!(
            (buys.instrument_id.as_ref(), settles.stored_value_id.as_ref()),
            (Some(&instrument), Some(&instrument))
        );
        let credit = instruments::find(&app.payments.db, &instrument).await.unwrap().unwrap();
        assert_eq!(
            (credit.method, credit.credit_limit),
            (PaymentMethod::Debt, Some(Money::from_cents(2000)))
        );
        assert_eq!(tokens::limits_of(&app.payments.db, &buys.id).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_edited_token_is_another_one_with_the_same_terms() {
    for app in App::on_each_database().await {
        let limit = [("globalAmountLimit", "100.00"), ("paymentReason", "Tips")];
        let (answer, _) = confirmed(&app, Pipeline::MultiUse, &limit, "Account balance").await;
        let old = token(&app, &answer, "tokenID").await;
        let edit = |reference| app.asks(Pipeline::EditToken, reference, &[("tokenId", old.id.as_str())]);

        let mut john = app.browser();
        let review = john.go_to_review(&edit("e1"), JOHN, "Account balance").await;
        let same = app.returned(&john.confirm(&review).await.to()).await;
        assert_eq!((same.get("status"), same.get("tokenID")), (Some("SU"), Some(old.id.as_str())));

        let choose = john.follow(&edit("e2")).await.to();
        let page = john.get(&choose).await.expect(StatusCode::OK);
        assert!(page.body.contains("Paid with until now") && page.body.contains("Tips"), "{}", page.body);
        let review = john.post(&choose, &[("instrument", &page.choice("Visa ending in 1111"))]).await.to();
        let changed = app.returned(&john.confirm(&review).await.to()).await;
        assert_eq!((changed.get("status"), changed.get("expiry")), (Some("SC"), Some("06/2034")));
        let new = token(&app, &changed, "tokenID").await;
        assert_eq!((new.old_token_id, new.payment_methods), (Some(old.id.clone()), vec![PaymentMethod::Cc]));
        assert_eq!((new.payment_reason, new.expires_at), (old.payment_reason.clone(), old.expires_at));
        assert_eq!(tokens::limits_of(&app.payments.db, &new.id).await.unwrap().len(), 1);
        let old = tokens::find(&app.payments.db, &old.id).await.unwrap().unwrap();
        assert!(!old.active, "the old one is over");
    }
}

#[tokio::test]
async fn the_control_api_clicks_through_every_pipeline() {
    let app = App::new().await;
    let mut curl = app.browser();
    let mut make = async |pipeline: &str, account: &str, reference: &str, parameters: serde_json::Value| {
        let wish = serde_json::json!({
            "access_key": "DDCALLER000000000001", "pipeline": pipeline, "account": account, "payment_method": "CC",
            "caller_reference": reference, "parameters": parameters,
        });
        curl.post_json("/_control/tokens", wish).await.expect(StatusCode::OK).json()
    };
    let multi_use = make("MultiUse", JANE, "m1", serde_json::json!({ "globalAmountLimit": 9 })).await;
    assert_eq!(multi_use["status"], "SC");
    let edit = serde_json::json!({ "tokenId": multi_use["token_id"] });
    assert_eq!(make("EditToken", JANE, "e1", edit.clone()).await["status"], "SU");
    assert_eq!(make("EditToken", JOHN, "e2", edit).await["status"], "UT");
    let recurring = serde_json::json!({ "transactionAmount": "1", "recurringPeriod": "1 Day" });
    assert_eq!(make("Recurring", JANE, "r1", recurring).await["status"], "SC");
    let prepaid = serde_json::json!({
        "callerReferenceSender": "s1", "callerReferenceFunding": "f1", "fundingAmount": "5",
    });
    let prepaid = make("SetupPrepaid", JANE, "", prepaid).await;
    assert_eq!(prepaid["token_id"], prepaid["return_parameters"]["prepaidSenderTokenID"]);
    let postpaid = serde_json::json!({
        "callerReferenceSender": "s2", "callerReferenceSettlement": "t2", "creditLimit": "5",
        "globalAmountLimit": "50",
    });
    assert_eq!(make("SetupPostpaid", JANE, "", postpaid).await["status"], "SC");
    let terms = serde_json::json!({ "recipientPaysFee": true });
    assert_eq!(make("Recipient", MERCHANT, "rc1", terms).await["status"], "SR");
    let shipped = serde_json::json!({
        "transactionAmount": "1", "collectShippingAddress": true, "addressName": "Jane", "addressLine1": "1 Pine St",
        "city": "Seattle", "state": "WA", "zip": "98101",
    });
    let shipped = make("SingleUse", JANE, "o1", shipped).await;
    assert_eq!(shipped["return_parameters"]["city"], "Seattle");
    let lacking = serde_json::json!({ "transactionAmount": "1", "paymentMethod": "ACH" });
    assert_eq!(make("SingleUse", JANE, "o2", lacking).await["status"], "PE");
}
