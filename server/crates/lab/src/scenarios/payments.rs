//! The stories without a shop: a program's signed requests, and people at Amazon Payments.

use super::Made;
use super::stage::{AFTER_A_RESERVE, ANOTHER_SELLER, JOHN, MERCHANTS_TOKEN, Stage, at};
use crate::doors::{ApiAnswer, DoorError};
use fps_protocol::actions::Action;
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::CallerReference;
use serde_json::json;
use url::Url;

const SONG: &str = "0.99";
const MADE_TO_ORDER: &str = "12.00";
/// What is charged of it.
const LESS: &str = "7.50";
/// More than John has.
const TOO_MUCH: &str = "9000.00";
const A_MONTH: &str = "9.99";
/// The longest month, so that the next period has begun.
const AFTER_A_MONTH: i64 = 31 * 86_400;

/// A payment that is asked for.
struct Payment<'a> {
    token: &'a str,
    recipient: &'a str,
    amount: &'a str,
    reference: &'a str,
}

impl Payment<'_> {
    async fn ask(&self, stage: &Stage<'_>, action: Action) -> Result<ApiAnswer, DoorError> {
        stage.caller().call(action, &self.fields()).await
    }

    fn fields(&self) -> [(&str, &str); 5] {
        [
            ("SenderTokenId", self.token),
            ("RecipientTokenId", self.recipient),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", self.amount),
            ("CallerReference", self.reference),
        ]
    }
}

/// John's token for one payment to the merchant.
async fn single_use(stage: &Stage<'_>, amount: &str, reference: &str) -> Result<String, DoorError> {
    let parameters = json!({ "transactionAmount": amount, "recipientToken": MERCHANTS_TOKEN });
    stage.token("SingleUse", JOHN, reference, parameters).await
}

/// A token, and a payment with it that is granted.
async fn begun(stage: &Stage<'_>, action: Action, amount: &str, story: &str) -> Result<Made, DoorError> {
    let reference = stage.reference(story);
    let token = single_use(stage, amount, &reference).await?;
    let payment = Payment { token: &token, recipient: MERCHANTS_TOKEN, amount, reference: &reference };
    let answer = stage.caller().must(action, &payment.fields()).await?;
    Ok(Made {
        reference: Some(reference),
        token: Some(token),
        transaction: answer.transaction_id,
        ..Made::default()
    })
}

/// How the payment stands after everything that is due has run.
async fn ended(stage: &Stage<'_>, made: Made) -> Result<Made, DoorError> {
    stage.settle_down().await?;
    let id = made.transaction.clone().unwrap_or_default();
    let answer = stage.caller().must(Action::GetTransactionStatus, &[("TransactionId", &id)]).await?;
    Ok(Made { state: answer.transaction_status.unwrap_or_default(), ..made })
}

pub async fn purchase(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let made = begun(stage, Action::Pay, SONG, "purchase").await?;
    ended(stage, made).await
}

pub async fn reserve_and_expire(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let made = begun(stage, Action::Reserve, MADE_TO_ORDER, "reserve").await?;
    stage.advance(AFTER_A_RESERVE).await?;
    ended(stage, made).await
}

pub async fn decline(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let reference = stage.reference("decline");
    let token = single_use(stage, TOO_MUCH, &reference).await?;
    let payment =
        Payment { token: &token, recipient: MERCHANTS_TOKEN, amount: TOO_MUCH, reference: &reference };
    let answer = payment.ask(stage, Action::Pay).await?;
    refused(answer, reference, token)
}

/// The end of a story whose payment is not to be granted.
fn refused(answer: ApiAnswer, reference: String, token: String) -> Result<Made, DoorError> {
    if answer.code == "Success" {
        return Err(DoorError::Impossible("a payment was granted that cannot be".to_owned()));
    }
    Ok(Made {
        reference: Some(reference),
        token: Some(token),
        refused: Some(answer.code),
        state: "Refused".to_owned(),
        ..Made::default()
    })
}

pub async fn refund(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let made = begun(stage, Action::Pay, SONG, "refund").await?;
    let id = made.transaction.clone().unwrap_or_default();
    let reference = stage.reference("refund-of");
    let fields = [
        ("TransactionId", id.as_str()),
        ("RefundAmount.CurrencyCode", "USD"),
        ("RefundAmount.Value", SONG),
        ("CallerReference", &reference),
    ];
    let answer = stage.caller().must(Action::Refund, &fields).await?;
    let made = ended(stage, made).await?;
    Ok(Made {
        more_transactions: answer.transaction_id.into_iter().collect(),
        state: "Refunded".to_owned(),
        ..made
    })
}

pub async fn partial_settle(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let made = begun(stage, Action::Reserve, MADE_TO_ORDER, "settle").await?;
    let id = made.transaction.clone().unwrap_or_default();
    let fields = [
        ("ReserveTransactionId", id.as_str()),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", LESS),
    ];
    stage.caller().must(Action::Settle, &fields).await?;
    ended(stage, made).await
}

/// John is sent to the Co-Branded UI, and presses Cancel; nobody waits for him where he is sent back to.
pub async fn abandoned(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let reference = stage.reference("abandoned");
    let start = sent_to_pay(stage, &reference)?;
    let mut john = stage.browser();
    let review = stage.to_review(&mut john, start, JOHN).await?;
    let back = stage.leave(&mut john, review).await?;
    let status = back.query_pairs().find(|(name, _)| name == "status").map(|(_, status)| status.into_owned());
    let left = status.as_deref() == Some("A");
    let ends = if left { "Abandoned".to_owned() } else { status.unwrap_or_default() };
    Ok(Made { reference: Some(reference), state: ends, ..Made::default() })
}

/// The signed address that the demo caller would send John to.
fn sent_to_pay(stage: &Stage<'_>, reference: &str) -> Result<Url, DoorError> {
    let caller = stage.caller();
    let unusable = |_| DoorError::Impossible("the reference cannot be used".to_owned());
    let reference = CallerReference::new(reference).map_err(unusable)?;
    let back = at(stage.site_of_caller(), "/payments/return");
    let url = CbuiUrl::new(&caller.endpoint, &caller.access_key, Pipeline::SingleUse, &reference, &back)
        .with("transactionAmount", SONG)
        .with("recipientToken", MERCHANTS_TOKEN)
        .with("paymentReason", "A story of the lab");
    Ok(url.signed(&caller.secret))
}

pub async fn token_cancelled(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let reference = stage.reference("cancelled");
    let token = single_use(stage, SONG, &reference).await?;
    let mut john = stage.account_holder(JOHN).await?;
    stage.take_back(&mut john, &token).await?;
    let payment = Payment { token: &token, recipient: MERCHANTS_TOKEN, amount: SONG, reference: &reference };
    let answer = payment.ask(stage, Action::Pay).await?;
    stage.settle_down().await?;
    refused(answer, reference, token)
}

/// A registration of its own, so that the shop's, which runs elsewhere, stays.
pub async fn registration_taken_back(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let reference = stage.reference("registration");
    let terms = json!({ "recipientPaysFee": "True", "maxFixedFee": "1.00", "maxVariableFee": "20" });
    let recipient = stage.token("Recipient", ANOTHER_SELLER, &reference, terms).await?;
    let mut seller = stage.account_holder(ANOTHER_SELLER).await?;
    let reference = stage.reference("taken-back");
    let parameters = json!({ "transactionAmount": SONG, "recipientToken": recipient });
    let token = stage.token("SingleUse", JOHN, &reference, parameters).await?;
    stage.take_back(&mut seller, &recipient).await?;
    let payment = Payment { token: &token, recipient: &recipient, amount: SONG, reference: &reference };
    let answer = payment.ask(stage, Action::Pay).await?;
    stage.settle_down().await?;
    refused(answer, reference, recipient.clone())
}

pub async fn subscription_month(stage: &Stage<'_>) -> Result<Made, DoorError> {
    let reference = stage.reference("subscription");
    let terms = json!({
        "transactionAmount": A_MONTH, "recurringPeriod": "1 Month", "recipientToken": MERCHANTS_TOKEN,
    });
    let token = stage.token("Recurring", JOHN, &reference, terms).await?;
    let month = |number: u8| format!("{reference}-{number}");
    let pay = async |reference: String| {
        let payment =
            Payment { token: &token, recipient: MERCHANTS_TOKEN, amount: A_MONTH, reference: &reference };
        payment.ask(stage, Action::Pay).await
    };
    let first = granted(pay(month(1)).await?)?;
    let early = pay(month(2)).await?;
    stage.advance(AFTER_A_MONTH).await?;
    let next = granted(pay(month(3)).await?)?;
    let made = Made {
        reference: Some(month(1)),
        transaction: first,
        more_transactions: next.into_iter().collect(),
        token: Some(token.clone()),
        refused: Some(early.code),
        ..Made::default()
    };
    ended(stage, made).await
}

fn granted(answer: ApiAnswer) -> Result<Option<String>, DoorError> {
    if answer.code == "Success" {
        return Ok(answer.transaction_id);
    }
    Err(DoorError::Refused { action: Action::Pay.as_str(), code: answer.code, message: answer.message })
}
