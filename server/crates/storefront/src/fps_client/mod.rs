//! The shop's way to Amazon: signed calls of the web service, signed addresses of the Co-Branded UI, and
//! the checking of what Amazon signed.

mod certificates;
mod co_branded_ui;
mod record;
mod recorded;
mod terms;

pub use certificates::Unverifiable;
pub use record::{Call, Record};
pub use terms::{BasketTerms, FeeTerms, FundingTerms, PaymentTerms, PrepaidTerms, RefundTerms};

use crate::Config;
use certificates::Certificates;
use fps_protocol::actions::DescriptorPolicy;
use fps_protocol::actions::{
    Action, ActivityDate, Cancel, CancelToken, FundPrepaid, GetAccountActivity, GetPrepaidBalance,
    GetRecipientVerificationStatus, GetTokenByCaller, GetTotalPrepaidLiability, GetTransaction,
    GetTransactionStatus, PaymentRequest, Refund, Request, Settle, StoredValueRequest,
};
use fps_protocol::enums::{ChargeFeeTo, SortOrder, TransactionalRole};
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TokenId, TransactionId};
use fps_protocol::responses::{
    self, AccountActivityResult, ActionResult, Answer, ApiFailure, PrepaidBalanceResult,
    PrepaidLiabilityResult, RecipientVerificationResult, TokenCancelled, TokenResult, TransactionDetail,
    TransactionResult, TransactionStatusResult,
};
use fps_protocol::{ErrorCode, Parameters, Secret, Verified, api_request};
use money::Money;
use platform::Clock;
use platform::lab::Lab;
use record::{Outcome, asked};
use secrecy::ExposeSecret;
use std::sync::Arc;
use url::Url;

/// The longest answer that is read; real ones have less than two thousand bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Transactions of one batch of the list of all, and the longest answer with so many.
const BATCH: u32 = 100;
const LONGEST_BATCH: usize = 1024 * 1024;

/// Calls Amazon with the shop's keys; clones share connections and the certificate.
#[derive(Debug, Clone)]
pub struct FpsClient {
    inner: Arc<Inner>,
    /// Where its calls are written down, if anybody wants to know of them.
    record: Option<Record>,
}

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    endpoint: Url,
    shop: Url,
    access_key: AccessKey,
    secret: Secret,
    clock: Clock,
    certificates: Certificates,
    /// Where it is told what is asked, and who is sent to pay.
    lab_ports: Lab,
}

/// What a call led to, as far as the shop can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply<T> {
    Known(T),
    /// Amazon's verdict on the request. `None` is a code that is not in the table.
    Refused(Option<ErrorCode>),
    /// No answer, or none that says whether the request took effect. Logged where it happens.
    Unknown,
}

impl FpsClient {
    pub fn new(config: &Config, clock: Clock) -> Self {
        let http = platform::http_client_with(&config.tls);
        let inner = Inner {
            certificates: Certificates::new(http.clone(), config.payments_url.clone(), clock.clone()),
            http,
            endpoint: config.payments_url.clone(),
            shop: config.public_url.clone(),
            access_key: config.access_key.clone(),
            secret: Secret::new(config.secret.expose_secret()),
            clock,
            lab_ports: config.lab_ports.clone(),
        };
        Self { inner: Arc::new(inner), record: None }
    }

    /// The same client, and what it is asked and answered from now on.
    pub fn recorded(&self) -> (Self, Record) {
        let record = Record::default();
        (Self { inner: self.inner.clone(), record: Some(record.clone()) }, record)
    }

    /// Pay or Reserve with the token that the buyer gave for it. The `CallerReference` makes repeating it safe.
    pub async fn take_payment(&self, terms: PaymentTerms, token: &TokenId) -> Reply<TransactionResult> {
        let mut payment = PaymentRequest::new(token.clone(), terms.amount, terms.reference);
        payment.recipient_token_id = Some(terms.recipient_token);
        payment.charge_fee_to = Some(ChargeFeeTo::Recipient);
        payment.caller_description = Some(terms::description(&terms.title));
        payment.sender_description = Some(terms::description(&terms.title));
        payment.marketplace_fixed_fee = Some(terms.fees.fixed);
        payment.marketplace_variable_fee = Some(terms.fees.variable);
        self.call(if terms.reserve { Request::Reserve(payment) } else { Request::Pay(payment) }).await
    }

    /// Charges what is reserved: this much of it, or else the whole.
    pub async fn settle(&self, reserve: &TransactionId, amount: Option<Money>) -> Reply<TransactionResult> {
        let settle = Settle {
            reserve_transaction_id: reserve.clone(),
            transaction_amount: amount,
            override_ipn_url: None,
        };
        self.call(Request::Settle(settle)).await
    }

    pub async fn cancel(&self, reserve: &TransactionId) -> Reply<TransactionResult> {
        let cancel = Cancel { transaction_id: reserve.clone(), description: None, override_ipn_url: None };
        self.call(Request::Cancel(cancel)).await
    }

    /// Fills a prepaid balance with the token that the buyer gave for it. The `CallerReference` makes repeating it safe.
    pub async fn fund_prepaid(&self, terms: FundingTerms) -> Reply<TransactionResult> {
        self.call(Request::FundPrepaid(FundPrepaid(StoredValueRequest {
            sender_token_id: terms.funding_token,
            instrument_id: terms.instrument,
            amount: terms.amount,
            caller_reference: terms.reference,
            caller_description: Some("Credit at DigitalDownload".to_owned()),
            sender_description: Some("Credit at DigitalDownload".to_owned()),
            descriptor_policy: DescriptorPolicy::default(),
            transaction_timeout_in_mins: None,
            override_ipn_url: None,
        })))
        .await
    }

    /// What is left of a prepaid balance.
    pub async fn prepaid_balance(&self, instrument: &InstrumentId) -> Reply<PrepaidBalanceResult> {
        let asked = GetPrepaidBalance { prepaid_instrument_id: instrument.clone() };
        self.call(Request::GetPrepaidBalance(asked)).await
    }

    /// What all buyers have paid ahead and not spent.
    pub async fn prepaid_liability(&self) -> Reply<PrepaidLiabilityResult> {
        self.call(Request::GetTotalPrepaidLiability(GetTotalPrepaidLiability)).await
    }

    /// Gives a token back: what it has begun goes on, and nothing more can be begun with it.
    pub async fn cancel_token(&self, token: &TokenId, reason: &str) -> Reply<TokenCancelled> {
        let reason_text = Some(reason.to_owned());
        self.call(Request::CancelToken(CancelToken {
            token_id: token.clone(),
            reason_text,
            override_ipn_url: None,
        }))
        .await
    }

    /// Merchant and Amazon return what they got, and the marketplace where the terms say so.
    pub async fn refund(&self, terms: RefundTerms) -> Reply<TransactionResult> {
        let refund = Refund {
            transaction_id: terms.payment,
            refund_amount: terms.amount,
            caller_reference: terms.reference,
            caller_description: Some(terms::description(&terms.title)),
            marketplace_refund_policy: Some(terms.policy),
            override_ipn_url: None,
            refund_token_id: terms.refund_token,
        };
        self.call(Request::Refund(refund)).await
    }

    pub async fn status(&self, transaction: &TransactionId) -> Reply<TransactionStatusResult> {
        self.call(Request::GetTransactionStatus(GetTransactionStatus { transaction_id: transaction.clone() }))
            .await
    }

    /// All that Amazon says of a transaction, with what is related to it.
    pub async fn transaction(&self, transaction: &TransactionId) -> Reply<TransactionDetail> {
        self.call(Request::GetTransaction(GetTransaction { transaction_id: transaction.clone() })).await
    }

    /// How far the account of a merchant is verified who registered here.
    pub async fn recipient_verification(&self, recipient: &TokenId) -> Reply<RecipientVerificationResult> {
        let asked = GetRecipientVerificationStatus { recipient_token_id: recipient.clone() };
        self.call(Request::GetRecipientVerificationStatus(asked)).await
    }

    /// A batch of what the shop called, for whichever seller, from a place on: the oldest first.
    pub async fn activity(&self, from: ActivityDate) -> Reply<AccountActivityResult> {
        let request = GetAccountActivity {
            start_date: from,
            end_date: None,
            max_batch_size: Some(BATCH),
            sort_order: Some(SortOrder::Ascending),
            operation: None,
            payment_method: None,
            roles: vec![TransactionalRole::Caller],
            status: None,
        };
        self.call_up_to(Request::GetAccountActivity(request), LONGEST_BATCH).await
    }

    /// The token, if it was given to this shop for this reference.
    pub async fn token(&self, token: &TokenId, reference: &CallerReference) -> Reply<TokenResult> {
        self.call(Request::GetTokenByCaller(GetTokenByCaller::Both(token.clone(), reference.clone()))).await
    }

    /// The token that a person gave this shop under the reference: for a return that did not arrive (fps.md §5).
    pub async fn token_given_for(&self, reference: &CallerReference) -> Reply<TokenResult> {
        self.call(Request::GetTokenByCaller(GetTokenByCaller::Reference(reference.clone()))).await
    }

    /// Checks Amazon's signature on what arrived at `path` of the shop.
    pub async fn verify(
        &self,
        method: &str,
        path: &str,
        parameters: Parameters,
    ) -> Result<Verified<Parameters>, Unverifiable> {
        let Ok(here) = self.inner.shop.join(path) else { return Err(Unverifiable::Forged) };
        self.inner.certificates.verify(method, &here, parameters).await
    }

    async fn call<T: ActionResult + Outcome>(&self, request: Request) -> Reply<T> {
        self.call_up_to(request, LONGEST_ANSWER).await
    }

    async fn call_up_to<T: ActionResult + Outcome>(&self, request: Request, longest: usize) -> Reply<T> {
        let about = self.inner.lab_ports.records().then(|| recorded::about(&request));
        let (reply, call) = self.ask(asked(&request), request, longest).await;
        if let Some(about) = about {
            self.record_call(about, &call);
        }
        if let Some(record) = &self.record {
            record.add(call);
        }
        reply
    }

    async fn ask<T: ActionResult + Outcome>(
        &self,
        asked: String,
        request: Request,
        longest: usize,
    ) -> (Reply<T>, Call) {
        let action = request.action();
        let inner = &self.inner;
        let call = request.to_parameters();
        // The machine's time: the two sites need not have the same clock.
        let at = inner.clock.wall();
        let signed = api_request::sign("POST", &inner.endpoint, call, &inner.access_key, &inner.secret, at);
        let form = inner.http.post(inner.endpoint.clone());
        let form = form.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let answer = match form.body(signed.to_query()).send().await {
            Ok(answer) => answer,
            Err(error) => {
                return (unknown(action, &error.without_url().to_string()), Call::unanswered(action, asked));
            }
        };
        let status = answer.status();
        match read(answer, longest).await {
            Ok(body) => understand(action, asked, status, &body),
            Err(error) => (unknown(action, &error), Call::unanswered(action, asked)),
        }
    }
}

/// Makes sense of an answer. Only what is plainly a success or plainly a verdict counts as known.
fn understand<T: ActionResult + Outcome>(
    action: Action,
    asked: String,
    status: reqwest::StatusCode,
    body: &str,
) -> (Reply<T>, Call) {
    let parsed = responses::parse::<T>(action, body);
    let call = match &parsed {
        Ok(answer) => {
            Call::answered(action, asked, (answer.result.outcome(), Some(&answer.request_id)), body)
        }
        Err(ApiFailure::Refused(refusal)) => {
            Call::answered(action, asked, (refusal.code.clone(), refusal.request_id.as_ref()), body)
        }
        Err(ApiFailure::Unreadable(_)) => Call::unanswered(action, asked),
    };
    (verdict(action, status, parsed), call)
}

fn verdict<T>(
    action: Action,
    status: reqwest::StatusCode,
    parsed: Result<Answer<T>, ApiFailure>,
) -> Reply<T> {
    if status.is_server_error() {
        return unknown(action, &format!("status {status}"));
    }
    match parsed {
        Ok(answer) if status.is_success() => {
            tracing::info!(%action, request_id = answer.request_id, "Amazon answered {action}");
            Reply::Known(answer.result)
        }
        Ok(_) => unknown(action, &format!("a success with status {status}")),
        Err(ApiFailure::Refused(refusal)) if says_nothing(refusal.known_code()) => {
            unknown(action, &refusal.code)
        }
        Err(ApiFailure::Refused(refusal)) => {
            let (code, request_id) = (&refusal.code, &refusal.request_id);
            if action == Action::GetTokenByCaller {
                // Asked again and again of orders that wait: that there is no token yet is the usual answer.
                tracing::debug!(%action, code, request_id, "Amazon knows no such token");
            } else {
                tracing::warn!(%action, code, request_id, "Amazon refused {action}");
            }
            Reply::Refused(refusal.known_code())
        }
        Err(ApiFailure::Unreadable(why)) => unknown(action, &why),
    }
}

/// Errors that are about the call and not about the payment: an earlier sending of the same request can
/// have taken effect all the same.
fn says_nothing(code: Option<ErrorCode>) -> bool {
    matches!(
        code,
        Some(
            ErrorCode::AccessFailure
                | ErrorCode::AuthFailure
                | ErrorCode::ConcurrentModification
                | ErrorCode::InternalError
                | ErrorCode::InternalServerError
                | ErrorCode::InvalidClientTokenId
                | ErrorCode::InvalidSignature
                | ErrorCode::RequestExpired
                | ErrorCode::SignatureDoesNotMatch
        )
    )
}

fn unknown<T>(action: Action, why: &str) -> Reply<T> {
    tracing::warn!(%action, why, "what became of {action} is unknown; it is looked after");
    Reply::Unknown
}

/// The body as text, up to a limit.
async fn read(mut answer: reqwest::Response, limit: usize) -> Result<String, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| error.without_url().to_string())? {
        if body.len() + chunk.len() > limit {
            return Err("the answer is too long".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| "the answer is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    fn reply(status: u16, body: &str) -> Reply<TransactionResult> {
        understand(Action::Pay, String::new(), StatusCode::from_u16(status).unwrap(), body).0
    }

    fn error(code: &str) -> String {
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>"
        )
    }

    #[test]
    fn only_a_plain_verdict_counts_as_refused() {
        assert_eq!(
            reply(400, &error("InsufficientBalance")),
            Reply::Refused(Some(ErrorCode::InsufficientBalance))
        );
        assert_eq!(reply(400, &error("NeverHeardOf")), Reply::Refused(None));
        assert_eq!(reply(403, &error("RequestExpired")), Reply::Unknown);
        assert_eq!(reply(500, &error("InternalError")), Reply::Unknown);
        assert_eq!(reply(503, &error("InsufficientBalance")), Reply::Unknown);
        assert_eq!(reply(502, "<html>Bad gateway</html>"), Reply::Unknown);
        assert_eq!(reply(200, "<html>Please sign in to the Wi-Fi</html>"), Reply::Unknown);
        assert_eq!(reply(200, ""), Reply::Unknown);
    }
}
