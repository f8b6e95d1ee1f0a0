//! The books on both databases: what is posted, what is refused, what the audit finds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audits;
#[path = "../support/databases.rs"]
mod databases;
mod holds;
mod movements;
#[path = "../support/old_schema.rs"]
mod old_schema;
mod older_books;
mod sales;
mod statements;

use jiff::Timestamp;
use ledger::{
    Account, Entry, Guard, Hold, HoldId, LedgerError, Origin, Transaction, balance, open_account, place_hold,
    post_all,
};
use money::Money;
use platform::Database;
use platform::db::{Batch, Migrations, Unwritten, WriteError};
use rust_embed::RustEmbed;
use sqlx::AnyConnection;

#[derive(RustEmbed)]
#[folder = "../../../migrations/payments"]
struct Schema;

static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

#[derive(Debug)]
struct Refused(LedgerError);

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self(error.into())
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        Self(error)
    }
}

impl WriteError for Refused {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match &self.0 {
            LedgerError::Database(error) => Some(error),
            _ => None,
        }
    }
}

fn world() -> Account {
    Account::summed("world")
}

fn person(name: &str) -> Account {
    Account::stored(name)
}

fn transfer(id: &str, from: Account, to: Account, cents: i32) -> Transaction {
    let amount = Money::from_cents(cents);
    let lines = vec![Entry::new(from, amount.neg().unwrap()), Entry::new(to, amount)];
    Transaction::new(id, Timestamp::UNIX_EPOCH, lines).unwrap()
}

async fn posted(db: &Database, transaction: Transaction) -> Result<(), Refused> {
    written(db, |batch| post_all(batch, &[transaction])).await
}

fn words(words: &str) -> Origin {
    Origin::Words(words.to_owned())
}

async fn written(
    db: &Database,
    add: impl FnOnce(&mut Batch<Guard>) -> Result<(), LedgerError>,
) -> Result<(), Refused> {
    let mut batch = Batch::default();
    add(&mut batch)?;
    match db.write_batch(batch).await {
        Ok(()) => Ok(()),
        Err(Unwritten::Unmet(guard)) => Err(Refused(guard.refusal(db.readers()).await)),
        Err(Unwritten::Database(error)) => Err(error.into()),
    }
}

async fn opened(c: &mut AnyConnection) -> Result<(), Refused> {
    for account in [world(), person("ann"), person("bob")] {
        open_account(&mut *c, &account).await?;
    }
    Ok(())
}

/// Ann has 10.00, Bob nothing.
async fn begun(db: &Database) {
    db.write(|c| Box::pin(opened(c))).await.unwrap();
    posted(db, transfer("start", world(), person("ann"), 1000)).await.unwrap();
}

async fn total(db: &Database, name: &str) -> Money {
    balance(db.readers(), &person(name)).await.unwrap().unwrap().total
}

fn hold_id(id: &str) -> HoldId {
    HoldId::new(id).unwrap()
}

fn hold(id: &str, cents: i32) -> Hold {
    Hold {
        id: hold_id(id),
        account: person("ann"),
        amount: Money::from_cents(cents),
        placed_at: Timestamp::UNIX_EPOCH,
    }
}

async fn held(db: &Database, id: &str, cents: i32) -> Result<(), Refused> {
    written(db, |batch| {
        place_hold(batch, &hold(id, cents));
        Ok(())
    })
    .await
}

async fn assert_append_only(db: &Database) {
    for statement in [
        "UPDATE ledger_postings SET amount = 1",
        "DELETE FROM ledger_postings",
        "UPDATE ledger_transactions SET posted_at = 1",
        "DELETE FROM ledger_transactions",
        "UPDATE ledger_movements SET balance = 1",
        "DELETE FROM ledger_movements",
    ] {
        let refused = sqlx::query(statement).execute(db.readers()).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
}
