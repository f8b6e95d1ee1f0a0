//! Books from before the schema that there is now.

use super::old_schema::OldSchema;
use super::{
    MIGRATIONS, Schema, assert_append_only, databases, hold, person, posted, total, transfer, words, world,
    written,
};
use jiff::Timestamp;
use ledger::{Entry, Hold, LedgerError, Part, Transaction, audit, release};
use money::Money;
use platform::db::Migrations;

/// Before movements were kept.
static WITHOUT_MOVEMENTS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0002"));

/// Before accounts and transactions had numbers.
static WITHOUT_NUMBERS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0008"));

/// Books that were kept before movements were get theirs, in the order in which their statement was shown.
#[tokio::test]
async fn older_books_get_their_movements() {
    for test in databases::each(&WITHOUT_MOVEMENTS).await {
        let db = &test.db;
        for statement in [
            "INSERT INTO ledger_accounts (id, kind, balance, held) VALUES \
                 ('world', 'Summed', 0, 0), ('ann', 'Stored', 6, 0), ('bob', 'Stored', 4, 0), ('eve', 'Stored', 0, 0)",
            "INSERT INTO ledger_transactions (id, reference, description, posted_at) VALUES \
                 ('c', 'c', 'd', 1), ('b', 'b', 'd', 2), ('a', 'a', 'd', 2)",
            "INSERT INTO ledger_postings (transaction_id, line, account_id, amount) VALUES \
                 ('c', 0, 'world', -10), ('c', 1, 'ann', 10), \
                 ('b', 0, 'ann', -3), ('b', 1, 'bob', 1), ('b', 2, 'bob', 2), \
                 ('a', 0, 'ann', -1), ('a', 1, 'bob', 1)",
        ] {
            sqlx::query(statement).execute(db.readers()).await.unwrap();
        }
        db.migrate(&MIGRATIONS).await.unwrap();
        assert!(audit(db.readers()).await.unwrap().is_clean());
        let micros =
            |line: &ledger::StatementLine| (line.sequence, line.amount.micros(), line.balance.micros());
        let of = async |name| -> Vec<_> {
            let lines = ledger::statement(db.readers(), &person(name), Part::Newest, 10).await.unwrap();
            lines.iter().map(micros).collect()
        };
        assert_eq!(of("ann").await, [(3, -3, 6), (2, -1, 9), (1, 10, 10)]);
        assert_eq!(of("bob").await, [(2, 3, 4), (1, 1, 1)]);
        assert_eq!(of("eve").await, []);
        posted(db, transfer("start", world(), person("bob"), 1)).await.unwrap();
        assert_eq!(of("bob").await[0], (3, 10_000, 10_004));
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

/// Books whose accounts and transactions had no numbers say what they said, and a fee is called by its own record.
#[tokio::test]
async fn books_without_numbers_get_them() {
    for test in databases::each(&WITHOUT_NUMBERS).await {
        let db = &test.db;
        for statement in [
            "INSERT INTO ledger_accounts (id, kind, balance, held, movements) VALUES \
                 ('world', 'Summed', 0, 0, 0), ('ann', 'Stored', 6, 2, 2), ('bob', 'Stored', 4, 0, 2)",
            "INSERT INTO ledger_transactions (id, reference, description, posted_at) VALUES \
                 ('0-1', 'ann', 'Deposit', 1), ('charge:T', 'T', 'Charge', 2), ('fee:T', 'F', 'Marketplace fee', 2)",
            "INSERT INTO ledger_postings (transaction_id, line, account_id, amount) VALUES \
                 ('0-1', 0, 'world', -10), ('0-1', 1, 'ann', 10), ('charge:T', 0, 'ann', -4), ('charge:T', 1, 'bob', 4), \
                 ('fee:T', 0, 'bob', -1), ('fee:T', 1, 'world', 1), ('fee:T', 2, 'bob', 1), ('fee:T', 3, 'world', -1)",
            "INSERT INTO ledger_movements (account_id, sequence, transaction_id, posted_at, amount, balance) VALUES \
                 ('ann', 1, '0-1', 1, 10, 10), ('ann', 2, 'charge:T', 2, -4, 6), \
                 ('bob', 1, 'charge:T', 2, 4, 4), ('bob', 2, 'fee:T', 2, 0, 4)",
            "INSERT INTO ledger_holds (id, account_id, amount, state, placed_at) VALUES ('h1', 'ann', 2, 'Active', 3)",
        ] {
            sqlx::query(statement).execute(db.readers()).await.unwrap();
        }
        db.migrate(&MIGRATIONS).await.unwrap();
        assert!(audit(db.readers()).await.unwrap().is_clean());
        assert_append_only(db).await;
        let of = async |name| -> Vec<_> {
            let lines = ledger::statement(db.readers(), &person(name), Part::Newest, 10).await.unwrap();
            let shown = |line: ledger::StatementLine| (line.origin, line.balance.micros());
            lines.into_iter().map(shown).collect()
        };
        let line = |name: &str, balance| (words(name), balance);
        assert_eq!(of("ann").await, [line("charge:T", 6), line("deposit:0-1", 10)]);
        assert_eq!(of("bob").await, [line("fee:F", 4), line("charge:T", 4)]);
        assert_eq!(total(db, "world").await, Money::from_micros(-10));
        let again = Transaction::new(
            "charge:T",
            Timestamp::UNIX_EPOCH,
            vec![
                Entry::new(world(), Money::from_micros(-1)),
                Entry::new(person("ann"), Money::from_micros(1)),
            ],
        );
        assert!(matches!(posted(db, again.unwrap()).await.unwrap_err().0, LedgerError::Database(_)));
        let held = Hold { amount: Money::from_micros(2), ..hold("h1", 0) };
        written(db, |batch| release(batch, &held, Timestamp::UNIX_EPOCH)).await.unwrap();
        posted(db, transfer("t1", world(), person("bob"), 1)).await.unwrap();
        assert_eq!(of("bob").await[0], line("t1", 10_004));
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}
