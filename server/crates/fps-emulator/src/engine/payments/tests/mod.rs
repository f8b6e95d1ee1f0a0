//! The actions on both databases, below HTTP: who has what afterwards, and that the books are in order.

#[path = "../../../../../ledger/tests/support/databases.rs"]
pub mod databases;

mod concurrency;
mod mail;
mod payments;
mod people;
mod refunds;
mod reserves;
mod token_limits;

use crate::MIGRATIONS;
use crate::config::{Config, NotificationSettings};
use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::domain::callers::{self, Caller, MadeBy, NewCaller};
use crate::domain::instruments::{self, Instrument};
use crate::domain::ledger_accounts;
use crate::domain::notifications::deliveries::{self, Shown, Wish};
use crate::domain::tokens::{self, NewRecipientToken, NewSenderToken, SenderTerms};
use crate::engine::outbox_bell::OutboxBell;
use crate::engine::payments::{cancel, pay_or_reserve, refund, settle, status};
use crate::engine::{ActionError, ConflictQueue, Engine, Outcome};
use crate::jobs::expiry::Expiry;
use crate::jobs::processor::Processor;
use databases::TestDatabase;
use fps_protocol::actions::{Cancel, PaymentRequest, Refund, Request, Settle};
use fps_protocol::enums::{FpsOperation, MarketplaceRefundPolicy, PaymentMethod, TransactionStatus};
use fps_protocol::ids::{CallerReference, TokenId};
use fps_protocol::outbound::KeyBits;
use fps_protocol::{ErrorCode, Secret};
use jiff::{SignedDuration, Timestamp};
use money::{Money, Percent};
use platform::background::BackgroundTasks;
use platform::db::Backend;
use platform::jobs::{DueWork, Wake};
use platform::{Clock, Random};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

pub const MERCHANTS_TOKEN: &str = "MERCHANTSTOKEN";

/// A buyer with 500.00, a merchant with a recipient token, and two callers.
pub struct World {
    pub engine: Engine,
    pub expiry: Expiry,
    pub processor: Processor,
    pub caller: Caller,
    pub stranger: Caller,
    _database: TestDatabase,
}

/// An id of whatever kind.
#[track_caller]
pub fn id<T: FromStr<Err: Debug>>(text: impl AsRef<str>) -> T {
    text.as_ref().parse().unwrap()
}

pub fn dollars(text: &str) -> Money {
    Money::parse_dollars(text).unwrap()
}

/// One world on each database.
pub async fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases::each(&MIGRATIONS).await {
        worlds.push(world(database).await);
    }
    worlds
}

/// The steps in which SQLite answers each of the queries.
pub async fn query_plans<'a>(queries: &[&'a str]) -> Vec<(&'a str, Vec<String>)> {
    let worlds = worlds().await;
    let world = worlds.iter().find(|world| world.engine.db.backend() == Backend::Sqlite).unwrap();
    let mut plans = Vec::new();
    for query in queries {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(world.engine.db.readers()).await.unwrap();
        plans.push((*query, plan.into_iter().map(|step| step.3).collect()));
    }
    plans
}

async fn world(database: TestDatabase) -> World {
    let start: Timestamp = "2030-06-03T09:00:00Z".parse().unwrap();
    let engine = Engine {
        db: database.db.clone(),
        clock: Clock::fixed(start),
        random: Random::seeded(1),
        config: Arc::new(config()),
        background: BackgroundTasks::default(),
        outbox_bell: OutboxBell::default(),
        processor: Wake::default(),
        conflicts: ConflictQueue::default(),
    };
    engine.db.write(move |c| Box::pin(populate(c, start))).await.unwrap();
    let caller = callers::find(&engine.db, &id("K1")).await.unwrap().unwrap();
    let stranger = callers::find(&engine.db, &id("K2")).await.unwrap().unwrap();
    let (expiry, processor) = (Expiry::new(engine.clone()), Processor::new(engine.clone()));
    World { engine, expiry, processor, caller, stranger, _database: database }
}

fn config() -> Config {
    Config {
        public_url: "http://127.0.0.1:3001".parse().unwrap(),
        allowed_hosts: platform::web::AllowedHosts::default(),
        shop_url: "http://localhost:3000".parse().unwrap(),
        lab: true,
        lab_ports: platform::lab::Lab::default(),
        demo_accounts: true,
        caller_secret: Some("digitaldownload-demo-secret".into()),
        control_token: None,
        demo_data: platform::DemoData::Small,
        processor_delay: Duration::ZERO,
        magic_amounts: false,
        notifications: NotificationSettings::default(),
        throttle_sign_in: false,
        signing_key: None,
        signing_key_bits: KeyBits::AS_FPS,
    }
}

async fn populate(c: &mut AnyConnection, at: Timestamp) -> Result<(), ActionError> {
    for name in ["buyer", "merchant", "operator", "other"] {
        accounts::insert(&mut *c, &account(name, at)).await?;
    }
    for (access_key, account_id) in [("K1", "operator"), ("K2", "other")] {
        let caller = NewCaller {
            access_key: id(access_key),
            account_id: id(account_id),
            secret: Secret::new("secret"),
            display_name: "Shop".to_owned(),
            ipn_url: Some("http://localhost:3000/payments/ipn".to_owned()),
            marketplace: true,
            refund_requests: true,
            signature_v1: false,
            created_at: at,
            made_by: MadeBy::Owner,
        };
        callers::insert(&mut *c, &caller).await?;
    }
    for method in [PaymentMethod::Abt, PaymentMethod::Ach, PaymentMethod::Cc] {
        instruments::insert(&mut *c, &instrument(method, at)).await?;
    }
    tokens::install_recipient(&mut *c, &recipient_token(at)).await?;
    accounts::deposit(&mut *c, "opening", &id("buyer"), Money::from_cents(50_000), at).await?;
    Ok(())
}

fn account(name: &str, at: Timestamp) -> Account {
    Account {
        id: id(name),
        email: format!("{name}@example.com"),
        name: name.to_owned(),
        business_name: None,
        // Who is paid by card has a business.
        kind: if name == "buyer" { AccountKind::Personal } else { AccountKind::Business },
        status: AccountStatus::Active,
        email_verified: true,
        password_hash: String::new(),
        created_at: at,
    }
}

fn instrument(method: PaymentMethod, at: Timestamp) -> Instrument {
    Instrument {
        id: id(method.as_str()),
        account_id: id("buyer"),
        method,
        label: method.to_string(),
        last_four: None,
        expires: None,
        fingerprint: None,
        access_key: None,
        credit_limit: None,
        active: true,
        created_at: at,
    }
}

fn recipient_token(at: Timestamp) -> NewRecipientToken {
    NewRecipientToken {
        id: id(MERCHANTS_TOKEN),
        refund_token_id: id("REFUNDTOKEN"),
        access_key: id("K1"),
        account_id: id("merchant"),
        caller_reference: id("registration"),
        payment_reason: None,
        payment_methods: Vec::new(),
        max_fixed_fee: Some(Money::from_cents(100)),
        max_variable_fee: Some(Percent::parse("20").unwrap()),
        recipient_pays_fee: true,
        valid_from: None,
        expires_at: None,
        created_at: at,
    }
}

impl World {
    /// The same with the sandbox's amounts that fail.
    pub fn with_magic_amounts(self) -> Self {
        let config = Config { magic_amounts: true, ..(*self.engine.config).clone() };
        let engine = Engine { config: Arc::new(config), ..self.engine.clone() };
        let (expiry, processor) = (Expiry::new(engine.clone()), Processor::new(engine.clone()));
        Self { engine, expiry, processor, ..self }
    }

    /// Another account that can be paid, and the token to do so.
    pub async fn recipient(&self, name: &'static str) -> TokenId {
        let at = self.engine.clock.now();
        let token = NewRecipientToken {
            id: id(format!("{}STOKEN", name.to_uppercase())),
            refund_token_id: id(format!("{}SREFUNDTOKEN", name.to_uppercase())),
            account_id: id(name),
            caller_reference: id(format!("registration of {name}")),
            ..recipient_token(at)
        };
        let token_id = token.id.clone();
        let written: Result<(), ActionError> = self
            .engine
            .db
            .write(move |c| {
                let token = token.clone();
                Box::pin(async move {
                    accounts::insert(&mut *c, &account(name, at)).await?;
                    Ok(tokens::install_recipient(c, &token).await?)
                })
            })
            .await;
        written.unwrap();
        token_id
    }

    /// A sender token of the buyer for so much.
    pub async fn token(&self, method: PaymentMethod, amount: &str) -> TokenId {
        self.token_for(method, amount, Some(MERCHANTS_TOKEN)).await
    }

    /// Without a recipient token it pays the caller.
    pub async fn token_for(&self, method: PaymentMethod, amount: &str, recipient: Option<&str>) -> TokenId {
        let recipient_token_id = recipient.map(id);
        self.token_with(method, SenderTerms::SingleUse { amount: dollars(amount), recipient_token_id }).await
    }

    /// A sender token of the buyer with these terms.
    pub async fn token_with(&self, method: PaymentMethod, terms: SenderTerms) -> TokenId {
        let new = NewSenderToken {
            id: tokens::new_id(&self.engine.random),
            access_key: id("K1"),
            account_id: id("buyer"),
            caller_reference: id(format!("token {}", self.engine.random.next_u64())),
            payment_reason: None,
            instrument_id: id(method.as_str()),
            payment_method: method,
            terms,
            valid_from: None,
            expires_at: None,
            ship_to: None,
            created_at: self.engine.clock.now(),
        };
        let token_id = new.id.clone();
        let written = self.engine.db.write(move |c| {
            let new = new.clone();
            Box::pin(async move { tokens::install_sender(c, &new).await })
        });
        written.await.unwrap();
        token_id
    }

    /// A payment of a fresh token, with the marketplace's 5 % and 0.10.
    pub async fn request(&self, method: PaymentMethod, amount: &str, reference: &str) -> PaymentRequest {
        let token = self.token(method, amount).await;
        let mut request =
            PaymentRequest::new(token, dollars(amount), CallerReference::new(reference).unwrap());
        request.recipient_token_id = Some(TokenId::new(MERCHANTS_TOKEN).unwrap());
        request.marketplace_fixed_fee = Some(dollars("0.10"));
        request.marketplace_variable_fee = Some(Percent::parse("5").unwrap());
        request
    }

    pub async fn pay(&self, request: &PaymentRequest) -> Result<Outcome, ActionError> {
        let canonical = Request::Pay(request.clone()).canonical_digest_input();
        pay_or_reserve(&self.engine, &self.caller, FpsOperation::Pay, request, &canonical).await
    }

    pub async fn reserve(&self, request: &PaymentRequest) -> Result<Outcome, ActionError> {
        let canonical = Request::Reserve(request.clone()).canonical_digest_input();
        pay_or_reserve(&self.engine, &self.caller, FpsOperation::Reserve, request, &canonical).await
    }

    pub async fn settle(
        &self,
        transaction: impl AsRef<str>,
        amount: Option<&str>,
    ) -> Result<Outcome, ActionError> {
        let request = Settle {
            reserve_transaction_id: id(transaction),
            transaction_amount: amount.map(dollars),
            override_ipn_url: None,
        };
        settle(&self.engine, &self.caller, &request).await
    }

    pub async fn cancel(&self, transaction: impl AsRef<str>) -> Result<Outcome, ActionError> {
        let transaction_id = id(transaction);
        let request = Cancel { transaction_id, description: None, override_ipn_url: None };
        cancel(&self.engine, &self.caller, &request).await
    }

    pub async fn refund(
        &self,
        transaction: impl AsRef<str>,
        amount: Option<&str>,
        reference: &str,
    ) -> Result<Outcome, ActionError> {
        self.refund_with(transaction, amount, reference, None).await
    }

    pub async fn refund_with(
        &self,
        transaction: impl AsRef<str>,
        amount: Option<&str>,
        reference: &str,
        policy: Option<MarketplaceRefundPolicy>,
    ) -> Result<Outcome, ActionError> {
        let request = Refund {
            transaction_id: id(transaction),
            refund_amount: amount.map(dollars),
            caller_reference: CallerReference::new(reference).unwrap(),
            caller_description: None,
            marketplace_refund_policy: policy,
            override_ipn_url: None,
            refund_token_id: None,
        };
        let canonical = Request::Refund(request.clone()).canonical_digest_input();
        refund(&self.engine, &self.caller, &request, &canonical).await
    }

    pub async fn run_due(&self) {
        while self.expiry.run_due().await.unwrap() + self.processor.run_due().await.unwrap() > 0 {}
    }

    pub async fn advance(&self, by: SignedDuration) {
        self.engine.clock.advance(by).unwrap();
        self.run_due().await;
    }

    /// Status and status code.
    pub async fn status(&self, transaction: impl AsRef<str>) -> (TransactionStatus, &'static str) {
        let transaction = status(&self.engine, &self.caller, &id(transaction)).await.unwrap();
        (transaction.status(), transaction.status_code().as_str())
    }

    pub async fn balance(&self, account: &str) -> String {
        accounts::balance(&self.engine.db, &id(account)).await.unwrap().total.to_six_decimals()
    }

    /// The sum of the postings of one of the books' own accounts.
    pub async fn book(&self, account: &ledger::Account) -> String {
        let balance = ledger::balance(self.engine.db.readers(), account).await.unwrap();
        balance.unwrap().total.to_six_decimals()
    }

    pub async fn assert_books_in_order(&self) {
        let audit = ledger::audit(self.engine.db.readers()).await.unwrap();
        assert!(audit.is_clean(), "{audit:?}");
        assert_eq!(self.book(&ledger_accounts::refunds_in_transit()).await, "0.000000");
        assert_eq!(self.engine.db.retries(), 0, "actions lock rows in one order and never deadlock");
    }

    /// The only notification of a transaction.
    pub async fn sent(&self, transaction: impl AsRef<str>) -> fps_protocol::Parameters {
        let mut told = self.told(transaction.as_ref()).await;
        assert_eq!(told.len(), 1);
        told.remove(0).parameters
    }

    /// What is in the outbox about a transaction or token.
    pub async fn told(&self, subject: &str) -> Vec<Shown> {
        let wish = Wish { subject_id: Some(subject), ..Wish::default() };
        deliveries::latest(&self.engine.db, &wish, 1000).await.unwrap()
    }

    /// `operation transactionStatus`, or in place of this `status`, of everything in the outbox, in the order in which it was written.
    pub async fn notified(&self, transaction: impl AsRef<str>) -> Vec<String> {
        let told = self.told(transaction.as_ref()).await;
        let words = |sent: &fps_protocol::Parameters| {
            let status = sent.get("transactionStatus").or_else(|| sent.get("status")).unwrap();
            format!("{} {status}", sent.get("operation").unwrap())
        };
        let mut told: Vec<String> = told.iter().map(|one| words(&one.parameters)).collect();
        // In the alphabet's order, as tests have it.
        told.sort();
        told
    }
}

/// The code of a refusal.
#[track_caller]
pub fn code<T: Debug>(outcome: Result<T, ActionError>) -> ErrorCode {
    match outcome {
        Err(ActionError::Refused(error)) => error.code,
        other => panic!("not refused: {other:?}"),
    }
}
