//! Every code of the API's error table: over HTTP how it arises, or else why it cannot arise here.

use crate::tests::support::{App, JANE, JOHN, MERCHANT, config, recipient_token, start_time};
use fps_protocol::signature::{self, HmacAlgorithm};
use fps_protocol::{ErrorCode, Parameters, Secret};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Codes that no request can bring about, because the emulator knows nothing that they could tell of.
const NOT_HERE: [(ErrorCode, &str); 11] = [
    (ErrorCode::AccessFailure, "accounts are in the same database as everything else"),
    (ErrorCode::AccountClosed, "the codes that say whose account it is are more precise"),
    (ErrorCode::AccountLimitsExceeded, "accounts have no limits of their own"),
    (ErrorCode::InternalServerError, "seen of VerifySignature; here that fails with InternalError, too"),
    (ErrorCode::InvalidAccountState, "it is always known whose account is meant"),
    (ErrorCode::InvalidSignature, "SignatureDoesNotMatch is the documented one"),
    (ErrorCode::PaymentInstrumentNotCC, "any instrument can be reserved"),
    (ErrorCode::PaymentMethodNotDefined, "every sender token has an instrument"),
    (ErrorCode::UnverifiedAccountRecipient, "of an account only the e-mail address is verified"),
    (ErrorCode::UnverifiedAccountSender, "of an account only the e-mail address is verified"),
    (ErrorCode::UnverifiedBankAccount, "bank accounts are good as they are given"),
];

type Field<'a> = (&'a str, &'a str);

const USD: Field<'_> = ("TransactionAmount.CurrencyCode", "USD");
const CALLER: &str = "caller@example.com";
const FIRST: Field<'_> = ("DDCALLER000000000001", "digitaldownload-demo-secret");
const SECOND: Field<'_> = ("DDCALLER000000000002", "second-demo-secret");

/// A site, and the codes that it has given so far.
struct Site {
    app: App,
    given: Vec<ErrorCode>,
    references: u32,
}

impl Site {
    async fn new() -> Self {
        let config = crate::config::Config { magic_amounts: true, ..config() };
        Self { app: App::with(config).await, given: Vec::new(), references: 0 }
    }

    fn reference(&mut self) -> String {
        self.references += 1;
        format!("reference-{}", self.references)
    }

    /// The answer's text; what is common to all requests can be given differently.
    async fn call_as(&self, caller: Field<'_>, action: &str, fields: &[Field<'_>]) -> String {
        let timestamp = start_time().to_string();
        let common = [
            ("Action", action),
            ("AWSAccessKeyId", caller.0),
            ("SignatureVersion", "2"),
            ("SignatureMethod", "HmacSHA256"),
            ("Timestamp", timestamp.as_str()),
            ("Version", "2010-08-28"),
        ];
        let named: BTreeMap<&str, &str> = common.into_iter().chain(fields.iter().copied()).collect();
        let mut signed: Parameters = named.into_iter().collect();
        let (secret, host) = (Secret::new(caller.1), "127.0.0.1:3001");
        let signature =
            signature::sign_v2(&secret, HmacAlgorithm::Sha256, "GET", host, "/", &signed, "Signature");
        signed.push("Signature", signature);
        self.app.browser().get(&format!("/?{}", signed.to_query())).await.body
    }

    /// The content of an element of a success.
    async fn element(&self, name: &str, action: &str, fields: &[Field<'_>]) -> String {
        let answer = self.call_as(FIRST, action, fields).await;
        let found = answer.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once('<'));
        found.unwrap_or_else(|| panic!("no {name} in {answer}")).0.to_owned()
    }

    async fn refuses(&mut self, code: ErrorCode, action: &str, fields: &[Field<'_>]) {
        self.refuses_to(FIRST, code, action, fields).await;
    }

    #[track_caller]
    fn note(&mut self, code: ErrorCode, answer: &str) {
        assert!(answer.contains(&format!("<Code>{code}</Code>")), "{code}: {answer}");
        self.given.push(code);
    }

    async fn refuses_to(&mut self, caller: Field<'_>, code: ErrorCode, action: &str, fields: &[Field<'_>]) {
        let answer = self.call_as(caller, action, fields).await;
        self.note(code, &answer);
    }

    /// What a click of the person through a pipeline brings back.
    async fn click(&mut self, pipeline: &str, email: &str, method: &str, parameters: Value) -> Value {
        let asked = json!({
            "access_key": FIRST.0, "pipeline": pipeline, "account": email, "payment_method": method,
            "caller_reference": self.reference(), "parameters": parameters,
        });
        self.app.browser().post_json("/_control/tokens", asked).await.json()
    }

    /// A sender token of John's for the merchant.
    async fn token(&mut self, method: &str, amount: &str) -> String {
        let parameters = json!({ "transactionAmount": amount, "recipientToken": recipient_token() });
        text(&self.click("SingleUse", JOHN, method, parameters).await["token_id"])
    }

    async fn sql(&self, statement: impl Into<String>) {
        let statement = statement.into();
        let written = self.app.payments.db.write(move |c| {
            let statement = statement.clone();
            Box::pin(async move { sqlx::query(AssertSqlSafe(statement)).execute(c).await.map(|_| ()) })
        });
        written.await.unwrap();
    }

    /// A payment of 10.00 with a token, under a reference of its own.
    async fn pays_not(&mut self, code: ErrorCode, token: &str) {
        self.pays_not_with(code, token, &[]).await;
    }

    async fn pays_not_with(&mut self, code: ErrorCode, token: &str, changes: &[Field<'_>]) {
        let (reference, recipient) = (self.reference(), recipient_token());
        let fields = [payment(token, &recipient, "10.00", &reference).as_slice(), changes].concat();
        self.refuses(code, "Pay", &fields).await;
    }

    /// The id of a transaction of 10.00.
    async fn made(&mut self, action: &str) -> String {
        let (token, reference) = (self.token("ABT", "10.00").await, self.reference());
        let recipient = recipient_token();
        self.element("TransactionId", action, &payment(&token, &recipient, "10.00", &reference)).await
    }

    async fn refunds_not(&mut self, code: ErrorCode, id: &str, more: &[Field<'_>]) {
        let reference = self.reference();
        let fields = [&[("TransactionId", id), ("CallerReference", &reference)], more].concat();
        self.refuses(code, "Refund", &fields).await;
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn payment<'a>(token: &'a str, recipient: &'a str, amount: &'a str, reference: &'a str) -> [Field<'a>; 5] {
    [
        ("SenderTokenId", token),
        ("RecipientTokenId", recipient),
        USD,
        ("TransactionAmount.Value", amount),
        ("CallerReference", reference),
    ]
}

#[tokio::test]
async fn every_code_is_given_or_has_a_reason_not_to_be() {
    let mut site = Site::new().await;
    requests(&mut site).await;
    accounts(&mut site).await;
    sender_tokens(&mut site).await;
    recipient_tokens(&mut site).await;
    instruments_and_amounts(&mut site).await;
    reserves_and_refunds(&mut site).await;
    tokens(&mut site).await;
    prepaid(&mut site).await;
    trouble(&mut site).await;
    for code in ErrorCode::ALL {
        let excused = NOT_HERE.iter().any(|(not_here, _)| not_here == code);
        assert_ne!(site.given.contains(code), excused, "{code} is given: {}", site.given.contains(code));
    }
}

async fn requests(site: &mut Site) {
    use ErrorCode as E;
    let balance = "GetAccountBalance";
    site.refuses(E::InvalidRequest, balance, &[("Colour", "blue")]).await;
    site.refuses(E::InvalidParams, "Cancel", &[]).await;
    site.refuses(E::InvalidParameterValue, balance, &[("Timestamp", "now")]).await;
    let stale = ("Timestamp", "1999-01-01T00:00:00Z");
    site.refuses(E::RequestExpired, balance, &[stale]).await;
    // Its client dies on the code that says so.
    site.refuses(E::AuthFailure, balance, &[stale, ("Version", "2011-09-20")]).await;
    site.refuses_to((FIRST.0, SECOND.1), E::SignatureDoesNotMatch, balance, &[]).await;
    site.refuses_to(("NOBODY", SECOND.1), E::InvalidClientTokenId, balance, &[]).await;
    let future = [("StartDate", "2031-01-01")];
    site.refuses(E::InvalidDateRange, "GetAccountActivity", &future).await;
}

async fn accounts(site: &mut Site) {
    use ErrorCode as E;
    let token = site.token("ABT", "10.00").await;
    for (email, suspended, unverified) in [
        (CALLER, E::InvalidAccountStateCaller, E::UnverifiedEmailAddressCaller),
        (JOHN, E::InvalidAccountStateSender, E::UnverifiedEmailAddressSender),
        (MERCHANT, E::InvalidAccountStateRecipient, E::UnverifiedEmailAddressRecipient),
    ] {
        let set = |what: &str| format!("UPDATE accounts SET {what} WHERE email = '{email}'");
        site.sql(set("status = 'Suspended'")).await;
        site.pays_not(suspended, &token).await;
        site.sql(set("status = 'Active', email_verified = 0")).await;
        site.pays_not(unverified, &token).await;
        site.sql(set("email_verified = 1")).await;
    }
    site.sql("UPDATE callers SET marketplace = 0").await;
    site.pays_not(E::NotMarketplaceApp, &token).await;
    site.sql("UPDATE callers SET marketplace = 1").await;
    let merchants = format!("SELECT id FROM accounts WHERE email = '{MERCHANT}'");
    site.sql(format!("UPDATE tokens SET account_id = ({merchants}) WHERE id = '{token}'")).await;
    site.pays_not(E::SameSenderAndRecipient, &token).await;
}

async fn sender_tokens(site: &mut Site) {
    use ErrorCode as E;
    site.pays_not(E::InvalidTokenIdSender, "NOBODYS").await;
    let token = site.token("ABT", "10.00").await;
    site.pays_not_with(E::SameTokenIdUsedMultipleTimes, &token, &[("RecipientTokenId", &token)]).await;
    site.pays_not_with(E::IncompatibleTokens, &token, &[("TransactionAmount.Value", "10.01")]).await;
    let (reference, recipient) = (site.reference(), recipient_token());
    site.element("TransactionId", "Pay", &payment(&token, &recipient, "10.00", &reference)).await;
    site.refuses(E::DuplicateRequest, "Pay", &payment(&token, &recipient, "9.00", &reference)).await;
    site.pays_not(E::TokenNotActiveSender, &token).await;
    let terms =
        json!({ "transactionAmount": "10.00", "recurringPeriod": "1 Month", "recipientToken": recipient });
    let recurring = text(&site.click("Recurring", JOHN, "ABT", terms).await["token_id"]);
    let reference = site.reference();
    site.element("TransactionId", "Pay", &payment(&recurring, &recipient, "10.00", &reference)).await;
    site.pays_not(E::TokenUsageError, &recurring).await;
}

async fn recipient_tokens(site: &mut Site) {
    use ErrorCode as E;
    let token = site.token("CC", "10.00").await;
    site.pays_not_with(E::InvalidTokenIdRecipient, &token, &[("RecipientTokenId", "NOBODYS")]).await;
    let set = |what: &str| format!("UPDATE tokens SET {what} WHERE id = '{}'", recipient_token());
    site.sql(set("payment_methods = 'ABT'")).await;
    site.pays_not(E::InvalidRecipientForCCTransaction, &token).await;
    site.sql(set("payment_methods = ''")).await;
    site.sql(set("active = 0")).await;
    site.pays_not(E::TokenNotActiveRecipient, &token).await;
    site.sql(set("active = 1")).await;
}

async fn instruments_and_amounts(site: &mut Site) {
    use ErrorCode as E;
    let by_card = site.token("CC", "10.00").await;
    site.sql("UPDATE instruments SET active = 0").await;
    site.pays_not(E::InactiveInstrument, &by_card).await;
    site.sql("UPDATE instruments SET active = 1, expires = '01/2030' WHERE method = 'CC'").await;
    site.pays_not(E::InstrumentExpired, &by_card).await;
    site.sql("UPDATE instruments SET active = 1, expires = '12/2040' WHERE method = 'CC'").await;
    site.sql("UPDATE instruments SET active = 1").await;
    site.pays_not_with(E::AmountOutOfRange, &by_card, &[("TransactionAmount.Value", "0.01")]).await;
    let large = site.token("ABT", "9000.00").await;
    let amount = |value| [("TransactionAmount.Value", value)];
    site.pays_not_with(E::InsufficientBalance, &large, &amount("9000.00")).await;
    // The sandbox's own amount.
    site.pays_not_with(E::TransactionDenied, &large, &amount("1.60")).await;
}

async fn reserves_and_refunds(site: &mut Site) {
    use ErrorCode as E;
    let amount = |value| [("RefundAmount.CurrencyCode", "USD"), ("RefundAmount.Value", value)];
    let reserved = site.made("Reserve").await;
    let more = [("ReserveTransactionId", reserved.as_str()), USD, ("TransactionAmount.Value", "10.01")];
    site.refuses(E::SettleAmountGreaterThanReserveAmount, "Settle", &more).await;
    site.refunds_not(E::OriginalTransactionIncomplete, &reserved, &[]).await;
    let id = [("TransactionId", reserved.as_str())];
    site.element("TransactionStatus", "Cancel", &id).await;
    site.refuses(E::InvalidTransactionState, "Cancel", &id).await;
    site.refunds_not(E::OriginalTransactionFailed, &reserved, &[]).await;
    site.refuses(E::InvalidTransactionId, "Cancel", &[("TransactionId", "NOTHING")]).await;

    let paid = site.made("Pay").await;
    site.refunds_not(E::RefundAmountExceeded, &paid, &amount("10.01")).await;
    let terms = json!({ "recipientPaysFee": "True", "maxFixedFee": "1", "maxVariableFee": "1" });
    let anothers = text(&site.click("Recipient", JANE, "ABT", terms).await["refund_token_id"]);
    site.refunds_not(E::SenderNotOriginalRecipient, &paid, &[("RefundTokenId", &anothers)]).await;
    let reference = site.reference();
    let whole = [("TransactionId", paid.as_str()), ("CallerReference", &reference)];
    let refund = site.element("TransactionId", "Refund", &whole).await;
    site.refunds_not(E::TransactionFullyRefundedAlready, &paid, &[]).await;
    site.refunds_not(E::TransactionTypeNotRefundable, &refund, &[]).await;
}

async fn tokens(site: &mut Site) {
    use ErrorCode as E;
    let token = site.token("ABT", "10.00").await;
    let id = [("TokenId", token.as_str())];
    site.refuses(E::InvalidTokenId, "CancelToken", &[("TokenId", "NOBODYS")]).await;
    site.refuses(E::InvalidTokenType, "GetTokenUsage", &id).await;
    site.refuses(E::TokenAccessDenied, "GetPaymentInstruction", &id).await;
    site.refuses(E::InvalidCallerReference, "GetTokenByCaller", &[("CallerReference", "nothing's")]).await;
    let cancelled = site.call_as(FIRST, "CancelToken", &id).await;
    assert!(cancelled.contains("CancelTokenResponse"), "{cancelled}");
    site.refuses(E::TokenNotActive, "CancelToken", &id).await;
}

/// The names of the amount are those of the action.
fn transfer<'a>(
    token: &'a str,
    [instrument_name, currency, value]: [&'a str; 3],
    instrument: &'a str,
    amount: &'a str,
    reference: &'a str,
) -> [Field<'a>; 5] {
    [
        ("SenderTokenId", token),
        (instrument_name, instrument),
        (currency, "USD"),
        (value, amount),
        ("CallerReference", reference),
    ]
}

async fn prepaid(site: &mut Site) {
    use ErrorCode as E;
    const FUND: [&str; 3] = ["PrepaidInstrumentId", "FundingAmount.CurrencyCode", "FundingAmount.Value"];
    const SETTLE: [&str; 3] =
        ["CreditInstrumentId", "SettlementAmount.CurrencyCode", "SettlementAmount.Value"];
    let references = json!({
        "callerReferenceSender": "prepaid-s", "callerReferenceFunding": "prepaid-f", "fundingAmount": "20000.00",
    });
    let setup = site.click("SetupPrepaid", JOHN, "ABT", references).await;
    let returned = |name: &str| text(&setup["return_parameters"][name]);
    let (balance, funding) = (returned("prepaidInstrumentID"), returned("fundingTokenID"));
    let about = |id| [("PrepaidInstrumentId", id)];
    site.refuses(E::InvalidPaymentInstrument, "GetPrepaidBalance", &about("NOTHING")).await;
    site.refuses_to(SECOND, E::InstrumentAccessDenied, "GetPrepaidBalance", &about(&balance)).await;

    let ordinary = site.token("ABT", "10.00").await;
    for (code, token, amount) in [
        (E::InvalidSenderRoleForAccountType, &ordinary, "1.00"),
        (E::PrepaidFundingLimitExceeded, &funding, "10000.01"),
    ] {
        let reference = site.reference();
        site.refuses(code, "FundPrepaid", &transfer(token, FUND, &balance, amount, &reference)).await;
    }
    site.sql(format!("UPDATE tokens SET instrument_id = '{balance}' WHERE id = '{funding}'")).await;
    let reference = site.reference();
    let from_itself = transfer(&funding, FUND, &balance, "1.00", &reference);
    site.refuses(E::InvalidPaymentMethod, "FundPrepaid", &from_itself).await;

    let references = json!({
        "callerReferenceSender": "credit-s", "callerReferenceSettlement": "credit-f",
        "creditLimit": "50.00", "globalAmountLimit": "50.00",
    });
    let setup = site.click("SetupPostpaid", JOHN, "ABT", references).await;
    let returned = |name: &str| text(&setup["return_parameters"][name]);
    let (credit, settlement) = (returned("creditInstrumentID"), returned("settlementTokenID"));
    let unowed = transfer(&settlement, SETTLE, &credit, "1.00", &reference);
    site.refuses(E::SettleAmountGreaterThanDebt, "SettleDebt", &unowed).await;
}

/// What does not happen to a database that nobody has his hands in.
async fn trouble(site: &mut Site) {
    let (token, reference, recipient) =
        (site.token("ABT", "10.00").await, site.reference(), recipient_token());
    let fields = payment(&token, &recipient, "10.00", &reference);
    site.element("TransactionId", "Pay", &fields).await;
    // As if somebody else were faster each time.
    site.sql("UPDATE idempotency SET answered = NULL, transaction_status = NULL, error_code = NULL").await;
    site.refuses(ErrorCode::ConcurrentModification, "Pay", &fields).await;
    site.sql("ALTER TABLE tokens RENAME TO lost").await;
    site.refuses(ErrorCode::InternalError, "CancelToken", &[("TokenId", &token)]).await;
}
