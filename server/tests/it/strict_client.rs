//! What a strict client of 2011 does with answers: it dies on an element or a word of an enumeration that
//! it does not know (fps.md §3.4, §14.7). Its types are written down here, and every answer is held
//! against them.

use crate::on_both_databases;
use crate::support::{Answer, App, aggregated};
use fps_protocol::actions::Action;
use fps_protocol::xml::Element;
use serde_json::json;

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";

on_both_databases!(a_strict_client_knows_every_element_and_every_word);

/// What an element holds.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Word(&'static [&'static str]),
    /// Once, with these elements.
    One(&'static [Attribute]),
    /// Any number of times.
    Many(&'static [Attribute]),
}

type Attribute = (&'static str, Is);

use Is::{Many, One, Text, Word};

const STATUS: Is = Word(&["Cancelled", "Failure", "Pending", "Reserved", "Success"]);
const OPERATION: Is =
    Word(&["Pay", "Refund", "Settle", "SettleDebt", "WriteOffDebt", "FundPrepaid", "Reserve"]);
const METHOD: Is = Word(&["ABT", "ACH", "CC", "Debt", "Prepaid"]);
const ROLE: Is = Word(&["Caller", "Recipient", "Sender"]);

const AMOUNT: Is = One(&[("CurrencyCode", Word(&["USD"])), ("Value", Text)]);

const PAID: &[Attribute] = &[("TransactionId", Text), ("TransactionStatus", STATUS)];

const TOKEN: &[Attribute] = &[
    ("TokenId", Text),
    ("FriendlyName", Text),
    ("TokenStatus", Word(&["Active", "Inactive"])),
    ("DateInstalled", Text),
    ("CallerReference", Text),
    ("TokenType", Word(&["MultiUse", "Recurring", "SingleUse", "Unrestricted"])),
    ("OldTokenId", Text),
    ("PaymentReason", Text),
];

const USAGE: &[Attribute] = &[
    ("Count", Text),
    ("Amount", AMOUNT),
    ("LastResetCount", Text),
    ("LastResetAmount", AMOUNT),
    ("LastResetTimestamp", Text),
];

const RELATED: &[Attribute] = &[
    ("TransactionId", Text),
    ("RelationType", Word(&["MarketplaceFee", "Parent", "Refund", "RefundReversal", "Reserve", "Settle"])),
];

const HISTORY: &[Attribute] =
    &[("Date", Text), ("TransactionStatus", STATUS), ("StatusCode", Text), ("Amount", AMOUNT)];

const DETAIL: &[Attribute] = &[
    ("TransactionId", Text),
    ("CallerReference", Text),
    ("CallerDescription", Text),
    ("SenderDescription", Text),
    ("DateReceived", Text),
    ("DateCompleted", Text),
    ("TransactionAmount", AMOUNT),
    ("FPSFees", AMOUNT),
    ("MarketplaceFees", AMOUNT),
    ("FPSFeesPaidBy", ROLE),
    ("SenderTokenId", Text),
    ("RecipientTokenId", Text),
    ("PrepaidInstrumentId", Text),
    ("CreditInstrumentId", Text),
    ("FPSOperation", OPERATION),
    ("PaymentMethod", METHOD),
    ("TransactionStatus", STATUS),
    ("StatusCode", Text),
    ("StatusMessage", Text),
    ("SenderName", Text),
    ("SenderEmail", Text),
    ("CallerName", Text),
    ("RecipientName", Text),
    ("RecipientEmail", Text),
    ("RelatedTransaction", Many(RELATED)),
    ("StatusHistory", Many(HISTORY)),
];

const PART: &[Attribute] = &[
    ("InstrumentId", Text),
    ("Role", ROLE),
    ("Name", Text),
    ("Reference", Text),
    ("Description", Text),
    ("FeesPaid", AMOUNT),
];

const ACTIVITY: &[Attribute] = &[
    ("TransactionId", Text),
    ("CallerTransactionDate", Text),
    ("DateReceived", Text),
    ("DateCompleted", Text),
    ("TransactionAmount", AMOUNT),
    ("FPSOperation", OPERATION),
    ("TransactionStatus", STATUS),
    ("StatusMessage", Text),
    ("StatusCode", Text),
    ("OriginalTransactionId", Text),
    ("TransactionPart", Many(PART)),
    ("PaymentMethod", METHOD),
    ("SenderName", Text),
    ("CallerName", Text),
    ("RecipientName", Text),
    ("FPSFees", AMOUNT),
    ("Balance", AMOUNT),
    ("SenderTokenId", Text),
    ("RecipientTokenId", Text),
];

const BALANCES: &[Attribute] = &[
    ("TotalBalance", AMOUNT),
    ("PendingInBalance", AMOUNT),
    ("PendingOutBalance", AMOUNT),
    ("AvailableBalances", One(&[("DisburseBalance", AMOUNT), ("RefundBalance", AMOUNT)])),
];

/// The results that this client reads.
const RESULTS: &[(&str, &[Attribute])] = &[
    ("Pay", PAID),
    ("Reserve", PAID),
    ("Settle", PAID),
    ("Cancel", PAID),
    ("Refund", PAID),
    (
        "GetTransactionStatus",
        &[
            ("TransactionId", Text),
            ("TransactionStatus", STATUS),
            ("CallerReference", Text),
            ("StatusCode", Text),
            ("StatusMessage", Text),
        ],
    ),
    ("GetTransaction", &[("Transaction", One(DETAIL))]),
    (
        "GetAccountActivity",
        &[("BatchSize", Text), ("Transaction", Many(ACTIVITY)), ("StartTimeForNextTransaction", Text)],
    ),
    ("GetAccountBalance", &[("AccountBalance", One(BALANCES))]),
    (
        "GetRecipientVerificationStatus",
        &[("RecipientVerificationStatus", Word(&["PendingUserAction", "PendingReview", "Closed", "Active"]))],
    ),
    ("GetTokenByCaller", &[("Token", One(TOKEN))]),
    ("GetTokens", &[("Token", Many(TOKEN))]),
    ("GetTokenUsage", &[("TokenUsageLimits", Many(USAGE))]),
    ("VerifySignature", &[("VerificationStatus", Word(&["Success", "Failure"]))]),
    ("CancelToken", &[]),
];

fn hold_against(element: &Element, attributes: &[Attribute], path: &str) {
    for child in &element.children {
        let path = format!("{path}/{}", child.name);
        let (_, kind) = attributes
            .iter()
            .find(|(name, _)| *name == child.name)
            .unwrap_or_else(|| panic!("the client does not know {path}"));
        let count = element.children.iter().filter(|other| other.name == child.name).count();
        match kind {
            Many(inner) => hold_against(child, inner, &path),
            _ if count > 1 => panic!("the client expects one {path}"),
            One(inner) => hold_against(child, inner, &path),
            Word(words) => {
                assert!(
                    words.contains(&child.text.as_str()),
                    "the client does not know {path}={}",
                    child.text
                );
            }
            Text => assert!(child.children.is_empty() && !child.text.is_empty(), "{path} is no text"),
        }
    }
}

/// Reads a success as the client does.
fn read(action: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{action}: {answer:?}");
    let root = Element::parse(&answer.xml).unwrap();
    assert_eq!(root.name, format!("{action}Response"));
    let (_, attributes) = RESULTS.iter().find(|(name, _)| *name == action).unwrap();
    for child in &root.children {
        match child.name.strip_prefix(action) {
            Some("Result") => hold_against(child, attributes, action),
            _ => assert_eq!(child.name, "ResponseMetadata", "{answer:?}"),
        }
    }
}

/// Calls for `Version` 2011-09-20 and reads the answer; the answer's transaction id, where it has one.
async fn call(app: &App, action: &str, fields: &[(&str, &str)]) -> String {
    let fields = [fields, &[("Version", "2011-09-20")]].concat();
    let answer = app.caller().call(action, &fields).await;
    read(action, &answer);
    answer.element("TransactionId").unwrap_or_default().to_owned()
}

/// Transactions of every kind and state that this client can bring about.
async fn transactions(app: &App) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, method) in ["ABT", "CC", "ACH"].into_iter().enumerate() {
        for action in ["Pay", "Reserve"] {
            let reference = format!("{action}-{number}");
            let token = app.sender_token(FIRST, JOHN, method, "10.00", &reference).await;
            let fields = [
                ("SenderTokenId", token.as_str()),
                ("RecipientTokenId", &crate::support::recipient_token(0)),
                ("TransactionAmount.CurrencyCode", "USD"),
                ("TransactionAmount.Value", "10.00"),
                ("MarketplaceFixedFee.CurrencyCode", "USD"),
                ("MarketplaceFixedFee.Value", "0.10"),
                ("CallerDescription", "for the caller"),
                ("SenderDescription", "for the sender"),
                ("CallerReference", &reference),
            ];
            ids.push(call(app, action, &fields).await);
        }
    }
    app.settle_down().await;
    call(app, "Settle", &[("ReserveTransactionId", &ids[1])]).await;
    call(app, "Cancel", &[("TransactionId", &ids[3])]).await;
    for (number, id) in [ids[0].clone(), ids[2].clone()].into_iter().enumerate() {
        let reference = format!("refund-{number}");
        let fields = [
            ("TransactionId", id.as_str()),
            ("RefundAmount.CurrencyCode", "USD"),
            ("RefundAmount.Value", "4.00"),
            ("CallerReference", &reference),
            ("MarketplaceRefundPolicy", "MasterAndMarketplaceTxn"),
        ];
        ids.push(call(app, "Refund", &fields).await);
    }
    ids
}

async fn a_strict_client_knows_every_element_and_every_word(app: App) {
    let ids = transactions(&app).await;
    for moment in ["pending", "finished", "expired"] {
        for id in &ids {
            call(&app, "GetTransactionStatus", &[("TransactionId", id)]).await;
            call(&app, "GetTransaction", &[("TransactionId", id)]).await;
        }
        call(&app, "GetAccountActivity", &[("StartDate", "2030-06-01")]).await;
        let narrowed = [("StartDate", "2030-06-01"), ("Status", "Success"), ("Role", "Caller")];
        call(&app, "GetAccountActivity", &narrowed).await;
        match moment {
            "pending" => app.settle_down().await,
            _ => app.advance(7 * 24 * 3600 + 1).await,
        }
    }
    call(&app, "GetAccountBalance", &[]).await;
    let recipient = crate::support::recipient_token(0);
    call(&app, "GetRecipientVerificationStatus", &[("RecipientTokenId", &recipient)]).await;
    tokens(&app).await;
    app.stop().await;
}

async fn tokens(app: &App) {
    let single = app.sender_token(FIRST, JOHN, "CC", "1.00", "single").await;
    call(app, "GetTokenByCaller", &[("TokenId", &single)]).await;
    call(app, "GetTokenByCaller", &[("CallerReference", "single")]).await;
    let parameters = json!({
        "globalAmountLimit": "50", "amountType": "Maximum", "transactionAmount": "10",
        "usageLimitType1": "Count", "usageLimitPeriod1": "1 Month", "usageLimitValue1": "3",
    });
    let made = app.click(FIRST, "MultiUse", JOHN, "ABT", "multi", parameters).await;
    let token = made["token_id"].as_str().unwrap().to_owned();
    call(app, "GetTokenUsage", &[("TokenId", &token)]).await;
    call(app, "GetTokenByCaller", &[("TokenId", &token)]).await;
    let token = aggregated::subscription(app, FIRST, "recurring", "5.00").await.get("tokenID");
    call(app, "GetTokenByCaller", &[("TokenId", &token)]).await;
    call(app, "GetTokens", &[]).await;
    call(app, "GetTokens", &[("TokenStatus", "Active")]).await;
    call(app, "CancelToken", &[("TokenId", &single)]).await;
    call(app, "GetTokenByCaller", &[("TokenId", &single)]).await;
}

#[test]
fn the_results_are_those_of_actions() {
    for (name, _) in RESULTS {
        assert!(Action::from_name(name).is_ok(), "{name} is no action");
    }
}

/// The codes that it makes classes of; any other is a missing constant to it (fps.md §6.3).
#[test]
fn every_code_is_one_that_the_client_has_a_class_for() {
    use fps_protocol::{ApiVersion, ErrorCode, FpsError};
    const ONLY_SEEN: [&str; 4] =
        ["InvalidRequest", "InvalidParameterValue", "RequestExpired", "InternalServerError"];
    for code in ErrorCode::ALL {
        let told = FpsError::new(*code, "m").for_version(ApiVersion::V2011).code;
        assert!(!ONLY_SEEN.contains(&told.as_str()), "{code} is told as {told}");
    }
}
