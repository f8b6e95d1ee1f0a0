//! A small stand-in for Amazon: keeps transactions, answers signed calls, and can be told to lose
//! answers, to refuse, or to leave payments pending.

use crate::purchase::basket;
use axum::extract::State;
use axum::response::{IntoResponse, Response as HttpResponse};
use axum::routing::{get, post};
use fps_protocol::actions::{GetTokenByCaller, PaymentRequest, Request};
use fps_protocol::api_request::ApiRequest;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, StoredValueTokens};
use fps_protocol::enums::{
    FpsOperation, IpnOperation, PaymentMethod, RecipientVerificationStatus, RelationType, TokenStatus,
    TokenType, TransactionStatus, TransactionalRole,
};
use fps_protocol::ids::{TokenId, TransactionId};
use fps_protocol::ipn::TransactionStatusNotification;
use fps_protocol::outbound::{self, KeyBits, SigningKey};
use fps_protocol::responses::{
    AccountActivityResult, ActivityTransaction, PrepaidBalanceResult, RecipientVerificationResult,
    RelatedTransaction, Response, TokenCancelled, TokenDetails, TokenResult, TransactionDetail,
    TransactionResult, TransactionStatusResult,
};
use fps_protocol::{ApiVersion, ErrorCode, FpsError, Parameters, Secret, Unverified};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use money::{Money, Percent};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};
use url::Url;

pub const ACCESS_KEY: &str = "DDCALLER000000000001";
pub const SECRET: &str = "digitaldownload-demo-secret";
pub const SHOP: &str = "http://localhost:3000";

#[derive(Clone)]
pub struct FakeAmazon {
    pub url: Url,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    transactions: HashMap<TransactionId, TransactionStatus>,
    by_reference: HashMap<String, TransactionId>,
    /// Tokens that this shop was given, each with its reference.
    tokens: Vec<(TokenId, String, TokenType)>,
    /// Payments that Amazon lost.
    lost: HashSet<TransactionId>,
    /// Nothing is answered, whatever is asked.
    away: bool,
    /// Refunds given there: of which payment, which, how much.
    refunds: Vec<(TransactionId, TransactionId, Money)>,
    /// Refunds that the shop asked for: of which payment, which.
    own_refunds: Vec<(TransactionId, TransactionId)>,
    /// What was asked of each Settle.
    settled: Vec<Option<Money>>,
    /// The actions that were called, in order.
    calls: Vec<&'static str>,
    /// Answers to lose after the call took effect; those about tokens always arrive.
    lose: usize,
    /// Refuse this action, without any effect.
    refuse: Option<(&'static str, ErrorCode)>,
    pending: bool,
    /// Tokens that the shop cancelled.
    given_back: Vec<TokenId>,
    /// What is left of any prepaid balance.
    prepaid: Money,
    /// Payments need not be of the usual price and fee.
    any_terms: bool,
    /// What was to be paid, and the fixed and variable fee of it.
    terms: Vec<(Money, Option<Money>, Option<Percent>)>,
    /// How far the account of any recipient is verified.
    verified: Option<RecipientVerificationStatus>,
}

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate([7; 32], KeyBits::AS_FPS).unwrap())
}

impl FakeAmazon {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let amazon = Self { url, book: Arc::default() };
        let router = axum::Router::new()
            .route("/", post(call))
            .route("/certs/101128/PKICert.pem", get(certificate))
            .with_state(amazon.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        amazon
    }

    pub fn lose_answers(&self, answers: usize) {
        self.book.lock().unwrap().lose = answers;
    }

    pub fn refuse(&self, refuse: Option<(&'static str, ErrorCode)>) {
        self.book.lock().unwrap().refuse = refuse;
    }

    pub fn verify_recipients(&self, status: RecipientVerificationStatus) {
        self.book.lock().unwrap().verified = Some(status);
    }

    /// Takes payments of any price and fee from now on.
    pub fn take_any_terms(&self) {
        self.book.lock().unwrap().any_terms = true;
    }

    /// What Pay and Reserve said: the amount, the fixed and the variable fee.
    pub fn terms(&self) -> Vec<(Money, Option<Money>, Option<Percent>)> {
        self.book.lock().unwrap().terms.clone()
    }

    pub fn leave_pending(&self, pending: bool) {
        self.book.lock().unwrap().pending = pending;
    }

    /// All but those that only ask for a token, for a balance, or for all about a transaction.
    pub fn calls(&self) -> Vec<&'static str> {
        let only_ask = ["GetTokenByCaller", "GetTransaction", "GetPrepaidBalance"];
        let calls = self.book.lock().unwrap().calls.clone();
        calls.into_iter().filter(|action| !only_ask.contains(action)).collect()
    }

    /// How often this was called.
    pub fn called(&self, action: &str) -> usize {
        self.book.lock().unwrap().calls.iter().filter(|call| **call == action).count()
    }

    /// The amount of each Settle that was not refused outright.
    pub fn settled(&self) -> Vec<Option<Money>> {
        self.book.lock().unwrap().settled.clone()
    }

    /// Whether calls are answered at all.
    pub fn go_away(&self, away: bool) {
        self.book.lock().unwrap().away = away;
    }

    /// The tokens that the shop cancelled.
    pub fn given_back(&self) -> Vec<String> {
        self.book.lock().unwrap().given_back.iter().map(ToString::to_string).collect()
    }

    /// What is left of any prepaid balance from now on.
    pub fn set_prepaid(&self, cents: i32) {
        self.book.lock().unwrap().prepaid = Money::from_cents(cents);
    }

    /// The query of the signed return from setting up a prepaid balance, which stands at `path`.
    pub fn signed_prepaid_return(&self, path: &str, sender: &str, funding: &str) -> String {
        self.give_token("PREPAIDSENDER", sender, TokenType::MultiUse);
        self.give_token("FUNDING", funding, TokenType::SingleUse);
        let made = StoredValueTokens {
            instrument_id: "PREPAID".parse().unwrap(),
            sender_token_id: "PREPAIDSENDER".parse().unwrap(),
            source_token_id: "FUNDING".parse().unwrap(),
        };
        self.query(path, &CbuiReturn { prepaid: Some(made), ..CbuiReturn::new(CbuiStatus::SuccessAbt) })
    }

    /// The buyer confirmed, or the merchant registered, and nobody came back.
    pub fn give_token(&self, token: &str, reference: &str, kind: TokenType) {
        let given = (TokenId::new(token).unwrap(), reference.to_owned(), kind);
        self.book.lock().unwrap().tokens.push(given);
    }

    /// Amazon does not know the payment any more.
    pub fn lose(&self, payment: &TransactionId, lost: bool) {
        let mut book = self.book.lock().unwrap();
        if lost {
            book.lost.insert(payment.clone())
        } else {
            book.lost.remove(payment)
        };
    }

    /// Somebody pays the seller with the shop's keys, and not through the shop.
    pub fn take_payment_of_another_program(&self, reference: &str) {
        self.book.lock().unwrap().remember(reference, TransactionStatus::Success);
    }

    /// What the processor makes of a pending transaction.
    pub fn finish(&self, id: &TransactionId, status: TransactionStatus) {
        self.book.lock().unwrap().transactions.insert(id.clone(), status);
    }

    /// The merchant gives this much back, and the notification is lost.
    pub fn refund_unheard(&self, payment: &TransactionId, refund: &str, cents: i32) {
        let refund = TransactionId::new(refund).unwrap();
        self.book.lock().unwrap().refunds.push((payment.clone(), refund, Money::from_cents(cents)));
    }

    /// Transactions that took money.
    pub fn charges(&self) -> usize {
        let book = self.book.lock().unwrap();
        book.transactions.values().filter(|status| **status == TransactionStatus::Success).count()
    }

    pub fn transaction(&self, reference: &str) -> TransactionId {
        self.book.lock().unwrap().by_reference[reference].clone()
    }

    fn certificate_url(&self) -> Url {
        self.url.join("/certs/101128/PKICert.pem").unwrap()
    }

    /// The query of a signed return to `path`.
    pub fn signed_return(
        &self,
        path: &str,
        status: CbuiStatus,
        reference: &str,
        token: Option<&str>,
    ) -> String {
        if let Some(token) = token {
            let kind = match (status, path) {
                (CbuiStatus::SuccessRecipient, _) => TokenType::Unrestricted,
                (_, basket::RETURN_PATH) => TokenType::MultiUse,
                _ => TokenType::SingleUse,
            };
            self.give_token(token, reference, kind);
        }
        self.signed_return_of_another_caller(path, status, reference, token)
    }

    /// The same, of an authorization that was not given to this shop.
    pub fn signed_return_of_another_caller(
        &self,
        path: &str,
        status: CbuiStatus,
        reference: &str,
        token: Option<&str>,
    ) -> String {
        let back = CbuiReturn {
            caller_reference: Some(reference.to_owned()),
            token_id: token.map(|token| TokenId::new(token).unwrap()),
            refund_token_id: (status == CbuiStatus::SuccessRecipient)
                .then(|| TokenId::new("REFUNDTOKEN").unwrap()),
            ..CbuiReturn::new(status)
        };
        self.query(path, &back)
    }

    fn query(&self, path: &str, back: &CbuiReturn) -> String {
        let to = Url::parse(SHOP).unwrap().join(path).unwrap();
        let url =
            outbound::signed_return(key(), &to, &back.to_parameters(), &self.certificate_url()).unwrap();
        url.query().unwrap().to_owned()
    }

    /// The body of a signed notification.
    pub fn notification(&self, told: &TransactionStatusNotification) -> Vec<u8> {
        self.any_notification(told.to_parameters())
    }

    /// The same of any kind.
    pub fn any_notification(&self, parameters: Parameters) -> Vec<u8> {
        let to = Url::parse(SHOP).unwrap().join("/payments/ipn").unwrap();
        let signed = outbound::sign(key(), "POST", &to, parameters, &self.certificate_url()).unwrap();
        signed.to_query().into_bytes()
    }
}

/// A notification of one dollar by account balance.
pub fn news(
    operation: IpnOperation,
    status: TransactionStatus,
    transaction: &TransactionId,
    reference: &str,
) -> TransactionStatusNotification {
    TransactionStatusNotification {
        operation,
        transaction_id: transaction.clone(),
        transaction_status: status,
        status_code: None,
        status_message: None,
        transaction_amount: Money::from_cents(100),
        transaction_date: Timestamp::UNIX_EPOCH,
        payment_method: Some(PaymentMethod::Abt),
        caller_reference: Some(reference.to_owned()),
        payment_reason: None,
        buyer_name: None,
        buyer_email: None,
        recipient_name: None,
        recipient_email: None,
        parent_transaction_id: None,
        ship_to: None,
    }
}

async fn certificate(State(_): State<FakeAmazon>) -> String {
    outbound::certificate_pem(key(), "Amazon Payments, simulated", [7; 16], Timestamp::UNIX_EPOCH).unwrap()
}

async fn call(State(amazon): State<FakeAmazon>, headers: HeaderMap, body: String) -> HttpResponse {
    let parameters = Parameters::from_form(body.as_bytes()).unwrap();
    let host = headers["host"].to_str().unwrap().to_owned();
    let request = ApiRequest { method: "POST".into(), host, path: "/".into(), parameters };
    let verified = Unverified::new(request).verify(&Secret::new(SECRET)).expect("the shop signs its calls");
    let mut parameters = verified.parameters.clone();
    for common in
        ["AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp", "Version"]
    {
        parameters = parameters.without(common);
    }
    let request = Request::parse(&parameters).expect("the shop sends what FPS takes");
    let mut book = amazon.book.lock().unwrap();
    if book.away {
        return (StatusCode::SERVICE_UNAVAILABLE, "").into_response();
    }
    let answer = book.perform(&request);
    if book.lose > 0 && !matches!(request, Request::GetTokenByCaller(_)) {
        book.lose -= 1;
        return (StatusCode::BAD_GATEWAY, "<html>Bad gateway</html>").into_response();
    }
    match answer {
        Ok(answer) => answer.to_xml(ApiVersion::V2010, "request:0").into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.http_status()).unwrap();
            (status, error.to_xml("request")).into_response()
        }
    }
}

fn details((token, reference, token_type): &(TokenId, String, TokenType)) -> TokenDetails {
    TokenDetails {
        token_id: token.clone(),
        friendly_name: "Friendly1".to_owned(),
        status: TokenStatus::Active,
        date_installed: Timestamp::UNIX_EPOCH,
        caller_reference: reference.clone(),
        token_type: *token_type,
        old_token_id: None,
        payment_reason: None,
    }
}

impl Book {
    fn perform(&mut self, request: &Request) -> Result<Response, FpsError> {
        let name = request.action().as_str();
        self.calls.push(name);
        if let Some((refused, code)) = self.refuse
            && refused == name
        {
            return Err(FpsError::new(code, "no"));
        }
        let done = |status| if self.pending { TransactionStatus::Pending } else { status };
        match request {
            Request::Pay(pay) => {
                let status = done(TransactionStatus::Success);
                Ok(Response::Pay(self.take(pay, status)))
            }
            Request::Reserve(pay) => Ok(Response::Reserve(self.take(pay, TransactionStatus::Reserved))),
            Request::Settle(settle) => {
                self.settled.push(settle.transaction_amount);
                let status = done(TransactionStatus::Success);
                self.resolve(&settle.reserve_transaction_id, status).map(Response::Settle)
            }
            Request::Cancel(cancel) => {
                self.resolve(&cancel.transaction_id, TransactionStatus::Cancelled).map(Response::Cancel)
            }
            Request::Refund(refund) => {
                assert_eq!(refund.refund_token_id.as_ref().map(TokenId::as_str), Some("SELLERREFUND"));
                if self.transactions.get(&refund.transaction_id) != Some(&TransactionStatus::Success) {
                    return Err(FpsError::new(ErrorCode::OriginalTransactionIncomplete, "not charged yet"));
                }
                if self.is_back(&refund.transaction_id) {
                    return Err(FpsError::new(ErrorCode::TransactionFullyRefundedAlready, "all of it"));
                }
                let result = self.remember(refund.caller_reference.as_str(), TransactionStatus::Pending);
                self.transactions.insert(refund.transaction_id.clone(), TransactionStatus::Success);
                self.own_refunds.push((refund.transaction_id.clone(), result.transaction_id.clone()));
                Ok(Response::Refund(result))
            }
            Request::GetTransactionStatus(ask) => {
                let unknown = || FpsError::new(ErrorCode::InvalidTransactionId, "unknown");
                let status = *self.transactions.get(&ask.transaction_id).ok_or_else(unknown)?;
                let of_it = self.by_reference.iter().find(|(_, id)| **id == ask.transaction_id);
                Ok(Response::GetTransactionStatus(TransactionStatusResult {
                    transaction_id: ask.transaction_id.clone(),
                    transaction_status: status,
                    caller_reference: of_it.map(|(reference, _)| reference.clone()).ok_or_else(unknown)?,
                    status_code: None,
                    status_message: None,
                }))
            }
            Request::GetTransaction(ask) if self.lost.contains(&ask.transaction_id) => {
                Err(FpsError::new(ErrorCode::InvalidTransactionId, "unknown"))
            }
            Request::GetTransaction(ask) => {
                Ok(Response::GetTransaction(Box::new(self.detail(&ask.transaction_id))))
            }
            Request::GetTokenByCaller(GetTokenByCaller::Both(token, reference)) => {
                let given = self.tokens.iter().find(|(id, of, _)| id == token && of == reference.as_str());
                let given = given.ok_or_else(|| FpsError::new(ErrorCode::InvalidTokenId, "unknown"))?;
                Ok(Response::GetTokenByCaller(TokenResult { token: details(given) }))
            }
            Request::GetTokenByCaller(GetTokenByCaller::Reference(reference)) => {
                let given = self.tokens.iter().find(|(_, of, _)| of == reference.as_str());
                let none = || FpsError::new(ErrorCode::InvalidCallerReference, "no token has it");
                Ok(Response::GetTokenByCaller(TokenResult { token: details(given.ok_or_else(none)?) }))
            }
            Request::GetRecipientVerificationStatus(_) => {
                let usual = RecipientVerificationStatus::VerificationCompleteNoLimits;
                let status = self.verified.unwrap_or(usual);
                Ok(Response::GetRecipientVerificationStatus(RecipientVerificationResult { status }))
            }
            Request::GetAccountActivity(ask) => {
                assert_eq!(ask.roles, [TransactionalRole::Caller]);
                Ok(Response::GetAccountActivity(self.activity()))
            }
            Request::CancelToken(cancel) => {
                self.given_back.push(cancel.token_id.clone());
                Ok(Response::CancelToken(TokenCancelled))
            }
            Request::FundPrepaid(funding) => {
                let status = done(TransactionStatus::Success);
                Ok(Response::FundPrepaid(self.remember(funding.0.caller_reference.as_str(), status)))
            }
            Request::GetPrepaidBalance(_) => {
                let available = self.prepaid;
                Ok(Response::GetPrepaidBalance(PrepaidBalanceResult { available, pending_in: None }))
            }
            _ => Err(FpsError::internal()),
        }
    }

    /// All that was called, in one batch.
    fn activity(&self) -> AccountActivityResult {
        let own_refund = |id: &TransactionId| self.own_refunds.iter().any(|(_, refund)| refund == id);
        let payments = self.by_reference.values().filter(|id| !own_refund(id) && !self.lost.contains(*id));
        let payments = payments.map(|id| self.listed(id, None, Money::from_cents(100)));
        let refunds = self.refunds.iter().map(|(of, id, amount)| self.listed(id, Some(of), *amount));
        let transactions: Vec<_> = payments.chain(refunds).collect();
        AccountActivityResult { batch_size: None, transactions, start_time_for_next_transaction: None }
    }

    fn listed(
        &self,
        id: &TransactionId,
        refund_of: Option<&TransactionId>,
        amount: Money,
    ) -> ActivityTransaction {
        ActivityTransaction {
            transaction_id: id.clone(),
            caller_transaction_date: Timestamp::UNIX_EPOCH,
            date_received: Timestamp::UNIX_EPOCH,
            date_completed: None,
            transaction_amount: amount,
            operation: if refund_of.is_some() { FpsOperation::Refund } else { FpsOperation::Pay },
            transaction_status: self.transactions.get(id).copied().unwrap_or(TransactionStatus::Success),
            status_message: None,
            status_code: None,
            original_transaction_id: refund_of.map(ToString::to_string),
            parts: Vec::new(),
            payment_method: PaymentMethod::Abt,
            sender_name: None,
            caller_name: "Shop".to_owned(),
            recipient_name: None,
            // One cent and 1.5 %, as for a balance.
            fps_fees: if refund_of.is_some() { Money::ZERO } else { Money::from_micros(25_000) },
            balance: Money::ZERO,
            sender_token_id: None,
            recipient_token_id: refund_of.is_none().then(|| "SELLER".to_owned()),
        }
    }

    fn is_back(&self, payment: &TransactionId) -> bool {
        let of_it = self.refunds.iter().filter(|(of, ..)| of == payment);
        of_it.map(|(.., amount)| amount.micros()).sum::<i64>() == Money::from_cents(100).micros()
    }

    fn detail(&self, id: &TransactionId) -> TransactionDetail {
        let refund = self.refunds.iter().find(|(_, refund, _)| refund == id);
        let given = self.refunds.iter().filter(|(of, ..)| of == id).map(|(_, refund, _)| refund);
        let asked = self.own_refunds.iter().filter(|(of, _)| of == id).map(|(_, refund)| refund);
        let related = given.chain(asked).map(|refund| RelatedTransaction {
            transaction_id: refund.clone(),
            relation: Some(RelationType::Refund),
        });
        TransactionDetail {
            transaction_id: id.clone(),
            caller_reference: "c".to_owned(),
            caller_description: None,
            sender_description: None,
            date_received: Timestamp::UNIX_EPOCH,
            date_completed: None,
            transaction_amount: refund.map_or(Money::from_cents(100), |(.., amount)| *amount),
            fps_fees: Money::ZERO,
            marketplace_fees: None,
            fps_fees_paid_by: TransactionalRole::Recipient,
            sender_token_id: None,
            recipient_token_id: None,
            prepaid_instrument_id: None,
            credit_instrument_id: None,
            operation: if refund.is_some() { FpsOperation::Refund } else { FpsOperation::Pay },
            payment_method: PaymentMethod::Abt,
            transaction_status: self.transactions.get(id).copied().unwrap_or(TransactionStatus::Success),
            status_code: None,
            status_message: None,
            sender_name: None,
            sender_email: None,
            caller_name: "Shop".to_owned(),
            recipient_name: None,
            recipient_email: None,
            related: related.collect(),
            history: Vec::new(),
        }
    }

    fn take(&mut self, payment: &PaymentRequest, status: TransactionStatus) -> TransactionResult {
        assert_eq!(payment.recipient_token_id.as_ref().map(TokenId::as_str), Some("SELLER"));
        let (amount, fixed) = (payment.transaction_amount, payment.marketplace_fixed_fee);
        assert!(self.any_terms || (amount, fixed) == (Money::from_cents(100), Some(Money::from_cents(5))));
        self.terms.push((amount, fixed, payment.marketplace_variable_fee));
        self.remember(payment.caller_reference.as_str(), status)
    }

    /// A new transaction, or the first answer again.
    fn remember(&mut self, reference: &str, status: TransactionStatus) -> TransactionResult {
        let fresh = TransactionId::new(format!("T{:034}", self.transactions.len())).unwrap();
        let id = self.by_reference.entry(reference.to_owned()).or_insert(fresh).clone();
        let status = *self.transactions.entry(id.clone()).or_insert(status);
        TransactionResult { transaction_id: id, transaction_status: status }
    }

    fn resolve(&mut self, id: &TransactionId, to: TransactionStatus) -> Result<TransactionResult, FpsError> {
        match self.transactions.get_mut(id) {
            Some(status)
                if *status == TransactionStatus::Reserved
                    || (*status, to) == (TransactionStatus::Pending, TransactionStatus::Cancelled) =>
            {
                *status = to;
                Ok(TransactionResult { transaction_id: id.clone(), transaction_status: to })
            }
            Some(_) => Err(FpsError::new(ErrorCode::InvalidTransactionState, "not reserved")),
            None => Err(FpsError::new(ErrorCode::InvalidTransactionId, "unknown")),
        }
    }
}
