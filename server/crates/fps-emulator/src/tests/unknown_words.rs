//! A word in a column that nobody knows is an error wherever it is read, and never taken for another: not an
//! empty list of methods for all of them, nor an unknown role for the most powerful one.

use crate::domain::notifications::deliveries;
use crate::domain::payments::counterparties;
use crate::domain::tokens::{self, SenderTerms};
use crate::domain::{accounts, callers, instruments, mail, transactions};
use crate::engine::ActionError;
use crate::engine::payments::tests::{MERCHANTS_TOKEN, World, dollars, id, worlds};
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::{AmountType, UsageLimit};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, TokenId, TransactionId};
use platform::db::Backend;
use platform::paging::Part;
use sqlx::AssertSqlSafe;

/// A way in which rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Account,
    Caller,
    Instrument,
    Token,
    Limits,
    Counterparties,
    Transaction,
    FeeRecord,
    History,
    ReplayOfSuccess,
    ReplayOfRefusal,
    Notifications,
    Mail,
}

use Read::{
    Account, Caller, Counterparties, FeeRecord, History, Instrument, Limits, Mail, Notifications,
    ReplayOfRefusal, ReplayOfSuccess, Token, Transaction,
};

/// Table, column, what is written there, and who reads it.
const COLUMNS: &[(&str, &str, &str, &[Read])] = &[
    ("accounts", "kind", "Corporate", &[Account, Counterparties]),
    ("accounts", "status", "Open", &[Account, Caller, Counterparties]),
    ("accounts", "email_verified", "2", &[Account, Caller, Counterparties]),
    ("callers", "marketplace", "2", &[Caller]),
    ("callers", "refund_requests", "2", &[Caller]),
    ("callers", "signature_v1", "2", &[Caller]),
    ("instruments", "method", "Shells", &[Instrument, Counterparties]),
    ("instruments", "active", "2", &[Instrument, Counterparties]),
    ("tokens", "role", "Owner", &[Token, Counterparties]),
    ("tokens", "token_type", "ManyUse", &[Token, Counterparties]),
    ("tokens", "active", "2", &[Token, Counterparties]),
    ("tokens", "payment_methods", "ABT,Shells", &[Token, Counterparties]),
    ("tokens", "amount_type", "Most", &[Token, Counterparties]),
    ("tokens", "recurring_period", "a while", &[Token]),
    ("tokens", "recipient_token_ids", "A,!", &[Token, Counterparties]),
    ("tokens", "recipient_pays_fee", "2", &[Token, Counterparties]),
    ("token_limits", "kind", "Weight", &[Limits, Counterparties]),
    ("token_limits", "period", "a while", &[Limits, Counterparties]),
    ("transactions", "operation", "Gift", &[Transaction]),
    // A word that is known, of something that is no transaction.
    ("transactions", "operation", "Settle", &[Transaction]),
    ("transactions", "status", "Done", &[Transaction]),
    ("transactions", "status", "Reserved", &[Transaction]),
    ("transactions", "status_code", "Fine", &[Transaction]),
    ("transactions", "status_code", "Expired", &[Transaction]),
    ("transactions", "recipient_pays_fee", "2", &[Transaction]),
    ("transactions", "payment_method", "Shells", &[Transaction]),
    ("transactions", "refund_policy", "Everything", &[Transaction, FeeRecord]),
    ("transaction_history", "status", "Done", &[History]),
    ("transaction_history", "status_code", "Fine", &[History]),
    ("idempotency", "transaction_status", "Done", &[ReplayOfSuccess]),
    ("idempotency", "error_code", "Bad", &[ReplayOfRefusal]),
    ("notifications", "body", "notificationType=Greeting", &[Notifications]),
    ("notifications", "delivered_at", "1", &[Notifications]),
    ("mails", "kind", "Greeting", &[Mail]),
    // Of a transaction, which has no such id.
    ("mails", "reference", "no id", &[Mail]),
];

/// A payment and a refusal, with everything that belongs to them.
struct Story {
    world: World,
    token: TokenId,
    paid: PaymentRequest,
    transaction_id: TransactionId,
    /// What has a history: a reserve that was cancelled.
    cancelled_id: TransactionId,
    refused: PaymentRequest,
}

impl Story {
    async fn new(world: World) -> Self {
        let terms = SenderTerms::MultiUse {
            each_payment: Some((AmountType::Maximum, dollars("10.00"))),
            limits: vec![UsageLimit::Amount {
                most: dollars("100.00"),
                period: Some("1 Month".parse().unwrap()),
            }],
            recipient_token_ids: vec![id(MERCHANTS_TOKEN)],
        };
        let token = world.token_with(PaymentMethod::Abt, terms).await;
        let request = |amount: &str, reference: &str| {
            let reference = CallerReference::new(reference).unwrap();
            let mut request = PaymentRequest::new(token.clone(), dollars(amount), reference);
            request.recipient_token_id = Some(TokenId::new(MERCHANTS_TOKEN).unwrap());
            request.marketplace_fixed_fee = Some(dollars("0.10"));
            request
        };
        let (paid, refused) = (request("10.00", "paid"), request("11.00", "refused"));
        let transaction_id = world.pay(&paid).await.unwrap().transaction_id;
        world.pay(&refused).await.unwrap_err();
        let cancelled_id = world.reserve(&request("5.00", "reserved")).await.unwrap().transaction_id;
        world.cancel(&cancelled_id).await.unwrap();
        Self { world, token, paid, transaction_id, cancelled_id, refused }
    }

    async fn sql(&self, statement: String) {
        let execute = self.world.engine.db.transact(statement, |c, statement| {
            let query = sqlx::query(AssertSqlSafe(statement.clone()));
            Box::pin(async move { query.execute(c).await.map(drop) })
        });
        execute.await.unwrap();
    }

    /// What tells the table's rows apart; not every table has rowids.
    async fn key(&self, table: &str) -> String {
        let key = "SELECT group_concat(name, ' || ''/'' || ') FROM pragma_table_info($1) WHERE pk > 0";
        let key = sqlx::query_scalar(key).bind(table).fetch_one(self.world.engine.db.readers());
        key.await.unwrap()
    }

    /// What the database said against it. The rules' refusals are no matter here.
    async fn read(&self, how: Read) -> Result<(), sqlx::Error> {
        let (engine, caller, transaction) = (&self.world.engine, &self.world.caller, &self.transaction_id);
        let db = &engine.db;
        let action = |answer| match answer {
            Err(ActionError::Database(error)) => Err(error),
            _ => Ok(()),
        };
        match how {
            Account => accounts::find(db, &id("buyer")).await.map(drop),
            Caller => callers::find(db, &id("K1")).await.map(drop),
            Instrument => instruments::find(db, &id("CC")).await.map(drop),
            Token => {
                tokens::find(db, &id(MERCHANTS_TOKEN)).await?;
                tokens::find(db, &self.token).await.map(drop)
            }
            Limits => tokens::limits_of(db, &self.token).await.map(drop),
            Counterparties => counterparties::read(db, caller, &self.paid).await.map(drop),
            Transaction => transactions::find(db, transaction).await.map(drop),
            FeeRecord => transactions::related(db, transaction).await.map(drop),
            History => {
                let found =
                    transactions::find(db, &self.cancelled_id).await.expect("only its history is wrong");
                transactions::history(db, &found.expect("the transaction is there")).await.map(drop)
            }
            ReplayOfSuccess => action(self.world.pay(&self.paid).await),
            Notifications => deliveries::latest(db, &deliveries::Wish::default(), 10).await.map(drop),
            Mail => mail::page(db, &id("buyer"), &Part::Newest, 10).await.map(drop),
            ReplayOfRefusal => action(self.world.pay(&self.refused).await),
        }
    }
}

#[tokio::test]
async fn a_word_that_nobody_knows_is_refused_wherever_it_is_read() {
    for world in worlds().await {
        if world.engine.db.backend() != Backend::Sqlite {
            continue;
        }
        let story = Story::new(world).await;
        // Most of these words no CHECK would let in; what is tested is the reading.
        story.sql("PRAGMA ignore_check_constraints = ON".to_owned()).await;
        for (table, column, word, readers) in COLUMNS {
            for reader in *readers {
                story.read(*reader).await.unwrap_or_else(|error| panic!("{reader:?}: {error}"));
            }
            let key = story.key(table).await;
            story
                .sql(format!(
                    "CREATE TEMP TABLE kept AS SELECT {key} AS place, {column} AS value FROM {table}"
                ))
                .await;
            // A refund token shares its reference with a recipient token, and stays one.
            story.sql(format!("UPDATE OR IGNORE {table} SET {column} = '{word}'")).await;
            for reader in *readers {
                let read = story.read(*reader).await;
                assert!(read.is_err(), "{reader:?} takes {word:?} in {table}.{column}");
            }
            let value = format!("(SELECT value FROM kept WHERE place = {key})");
            story.sql(format!("UPDATE {table} SET {column} = {value}")).await;
            story.sql("DROP TABLE kept".to_owned()).await;
        }
    }
}
