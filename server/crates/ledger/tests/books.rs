//! The books on both databases: what is posted, what is refused, what the audit finds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/databases.rs"]
mod databases;

use futures_util::future::join_all;
use jiff::Timestamp;
use ledger::{
    Account, Entry, Finding, Guard, Hold, HoldId, LedgerError, Part, Transaction, audit, balance, capture,
    open_account, place_hold, post_all, release,
};
use money::Money;
use platform::Database;
use platform::db::{Batch, Migrations, Unwritten, WriteError};
use rust_embed::{DynRustEmbed, EmbeddedFile, RustEmbed};
use sqlx::AnyConnection;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../../migrations/payments"]
struct Schema;

static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

/// As it was before movements were kept.
struct OldSchema;

impl DynRustEmbed for OldSchema {
    fn get(&self, path: &str) -> Option<EmbeddedFile> {
        Schema::get(path)
    }

    fn names(&self) -> Vec<Cow<'static, str>> {
        let is_old = |name: &Cow<'_, str>| name.contains("/0001_") || name.contains("/0002_");
        Schema::iter().filter(is_old).collect()
    }
}

static OLD_MIGRATIONS: Migrations = Migrations::embedded(&OldSchema);

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
    Transaction::new(id, id, "a transfer", Timestamp::UNIX_EPOCH, lines).unwrap()
}

async fn posted(db: &Database, transaction: Transaction) -> Result<(), Refused> {
    written(db, |batch| post_all(batch, &[transaction])).await
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

#[tokio::test]
async fn money_moves_and_the_books_stay_in_order() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        posted(db, transfer("t1", person("ann"), person("bob"), 300)).await.unwrap();
        assert_eq!(total(db, "ann").await, Money::from_cents(700));
        assert_eq!(total(db, "bob").await, Money::from_cents(300));
        assert_eq!(total(db, "world").await, Money::from_cents(-1000), "the outside world may be below zero");
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn nobody_gives_what_they_have_not() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let refused = posted(db, transfer("t1", person("bob"), person("ann"), 1)).await.unwrap_err();
        assert!(matches!(refused.0, LedgerError::InsufficientFunds { account } if account == person("bob")));
        let nobody = posted(db, transfer("t2", world(), person("eve"), 1)).await;
        assert!(nobody.is_err());
        assert!(audit(db.readers()).await.unwrap().is_clean(), "nothing of it was kept");
        assert_eq!(ledger::transaction_count(db.readers()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_same_movement_is_posted_once() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let once = transfer("t1", person("ann"), person("bob"), 300);
        posted(db, once.clone()).await.unwrap();
        assert!(matches!(posted(db, once).await.unwrap_err().0, LedgerError::Database(_)));
        assert_eq!(total(db, "bob").await, Money::from_cents(300));
    }
}

#[tokio::test]
async fn parallel_transfers_never_overdraw() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        // There and back, so that two of them want the same rows in the other order.
        let transfers = (0..40).map(|n| {
            let (from, to) = if n % 4 == 3 { ("bob", "ann") } else { ("ann", "bob") };
            posted(db, transfer(&format!("t{n}"), person(from), person(to), 100))
        });
        let done = join_all(transfers).await;
        for refused in done.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(matches!(refused.0, LedgerError::InsufficientFunds { .. }), "{refused:?}");
        }
        assert!(done.iter().any(Result::is_ok));
        assert!(!total(db, "ann").await.is_negative() && !total(db, "bob").await.is_negative());
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
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

async fn captured(db: &Database, id: &str, cents: i32, transaction: Transaction) -> Result<(), Refused> {
    let at = transaction.posted_at();
    written(db, |batch| capture(batch, &hold(id, cents), &[transaction], at)).await
}

async fn released(db: &Database, id: &str, cents: i32) -> Result<(), Refused> {
    written(db, |batch| release(batch, &hold(id, cents), Timestamp::UNIX_EPOCH)).await
}

#[tokio::test]
async fn what_is_held_cannot_be_spent_and_is_resolved_once() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        held(db, "h1", 800).await.unwrap();
        assert!(matches!(held(db, "h2", 201).await.unwrap_err().0, LedgerError::InsufficientFunds { .. }));
        let spend = transfer("t1", person("ann"), person("bob"), 300);
        assert!(matches!(posted(db, spend).await.unwrap_err().0, LedgerError::InsufficientFunds { .. }));
        let ann = balance(db.readers(), &person("ann")).await.unwrap().unwrap();
        assert_eq!((ann.total, ann.available()), (Money::from_cents(1000), Money::from_cents(200)));
        assert!(audit(db.readers()).await.unwrap().is_clean());

        // A part is taken; the rest is free again.
        captured(db, "h1", 800, transfer("t2", person("ann"), person("bob"), 500)).await.unwrap();
        let ann = balance(db.readers(), &person("ann")).await.unwrap().unwrap();
        assert_eq!((ann.total, ann.held), (Money::from_cents(500), Money::ZERO));
        let again =
            captured(db, "h1", 800, transfer("t3", person("ann"), person("bob"), 1)).await.unwrap_err();
        assert!(matches!(again.0, LedgerError::HoldAlreadyResolved { .. }));
        assert!(matches!(
            released(db, "h1", 800).await.unwrap_err().0,
            LedgerError::HoldAlreadyResolved { .. }
        ));
        assert!(matches!(released(db, "none", 1).await.unwrap_err().0, LedgerError::UnknownHold { .. }));

        held(db, "h3", 500).await.unwrap();
        released(db, "h3", 500).await.unwrap();
        assert!(matches!(
            released(db, "h3", 500).await.unwrap_err().0,
            LedgerError::HoldAlreadyResolved { .. }
        ));
        posted(db, transfer("t4", person("ann"), person("bob"), 500)).await.unwrap();
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn the_books_are_append_only() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        for statement in [
            "UPDATE ledger_postings SET amount = 1",
            "DELETE FROM ledger_postings",
            "UPDATE ledger_transactions SET description = 'x'",
            "DELETE FROM ledger_transactions",
            "UPDATE ledger_movements SET balance = 1",
            "DELETE FROM ledger_movements",
        ] {
            let refused = sqlx::query(statement).execute(db.readers()).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
        }
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn a_statement_has_the_balance_after_each_movement() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        for (id, cents) in [("t1", 300), ("t2", 50)] {
            posted(db, transfer(id, person("ann"), person("bob"), cents)).await.unwrap();
        }
        let ann = person("ann");
        let lines = async |part, limit| ledger::statement(db.readers(), &ann, part, limit).await.unwrap();
        let read = lines(Part::Newest, 10).await;
        let shown: Vec<_> =
            read.iter().map(|line| (line.reference.as_str(), line.amount, line.balance)).collect();
        let cents = Money::from_cents;
        assert_eq!(
            shown,
            [
                ("t2", cents(-50), cents(650)),
                ("t1", cents(-300), cents(700)),
                ("start", cents(1000), cents(1000))
            ]
        );
        assert_eq!(read.iter().map(|line| line.sequence).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(lines(Part::OlderThan(3), 1).await, read[1..2], "a page of it is the same");
        assert_eq!(lines(Part::NewerThan(1), 1).await, read[1..2]);
        assert_eq!(lines(Part::NewerThan(0), 10).await, read);
        assert_eq!(lines(Part::OlderThan(1), 10).await, []);
        let moved = async |id, account| ledger::moved(db.readers(), id, &person(account)).await.unwrap();
        assert_eq!(moved("t1", "ann").await, Some(cents(-300)));
        assert_eq!((moved("t1", "eve").await, moved("t9", "ann").await), (None, None));
    }
}

/// Two lines of one account in one transaction are one movement, and transactions that are posted together have
/// one each; what is moved at a time that the clock had before stands where it was posted.
#[tokio::test]
async fn movements_are_numbered_as_they_are_posted() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let second = |second| Timestamp::from_second(second).unwrap();
        let cents = Money::from_cents;
        let twice = Transaction::new(
            "twice",
            "twice",
            "d",
            second(10),
            vec![
                Entry::new(person("ann"), cents(-500)),
                Entry::new(person("bob"), cents(490)),
                Entry::new(person("bob"), cents(10)),
            ],
        );
        let back = vec![Entry::new(person("bob"), cents(-200)), Entry::new(person("ann"), cents(200))];
        let transactions = [twice.unwrap(), Transaction::new("back", "back", "d", second(5), back).unwrap()];
        written(db, |batch| post_all(batch, &transactions)).await.unwrap();
        let of = async |name| ledger::statement(db.readers(), &person(name), Part::Newest, 10).await.unwrap();
        let shown = |lines: &[ledger::StatementLine]| -> Vec<_> {
            lines.iter().map(|line| (line.reference.clone(), line.amount, line.balance)).collect()
        };
        let (twice, back) = (|| "twice".to_owned(), || "back".to_owned());
        assert_eq!(
            shown(&of("bob").await),
            [(back(), cents(-200), cents(300)), (twice(), cents(500), cents(500))]
        );
        assert_eq!(
            shown(&of("ann").await)[..2],
            [(back(), cents(200), cents(700)), (twice(), cents(-500), cents(500))]
        );
        let at = async |name| {
            let moments = [10, 4, 5, 9, 5].map(second);
            let balances = ledger::balances_at(db.readers(), &person(name), moments).await.unwrap();
            balances.into_iter().map(|(at, balance)| (at.as_second(), balance)).collect::<Vec<_>>()
        };
        assert_eq!(at("bob").await, [(4, cents(0)), (5, cents(300)), (9, cents(300)), (10, cents(500))]);
        assert!(at("nobody").await.iter().all(|(_, balance)| balance.is_zero()));
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

/// Books that were kept before movements were get theirs, in the order in which their statement was shown.
#[tokio::test]
async fn older_books_get_their_movements() {
    for test in databases::each(&OLD_MIGRATIONS).await {
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

#[tokio::test]
async fn accounts_are_summed_however_many() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        posted(db, transfer("t1", person("ann"), person("bob"), 300)).await.unwrap();
        held(db, "h1", 200).await.unwrap();
        let mut accounts = vec![person("ann")];
        accounts.extend((0..2_500).map(|number| person(&format!("nobody {number}"))));
        accounts.push(person("bob"));
        for (accounts, total, held) in [(accounts, 1000, 200), (Vec::new(), 0, 0)] {
            let totals = db.snapshot(accounts, |moment, accounts| Box::pin(ledger::totals(moment, accounts)));
            let totals = totals.await.unwrap();
            assert_eq!((totals.total, totals.held), (Money::from_cents(total), Money::from_cents(held)));
        }
    }
}

#[tokio::test]
async fn the_audit_finds_what_was_done_behind_its_back() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        sqlx::query("UPDATE ledger_accounts SET balance = 999, held = 5 WHERE id = 'ann'")
            .execute(db.readers())
            .await
            .unwrap();
        sqlx::query("INSERT INTO ledger_transactions VALUES ('odd', 'r', 'd', 0)")
            .execute(db.readers())
            .await
            .unwrap();
        sqlx::query("INSERT INTO ledger_postings VALUES ('odd', 0, 'world', 7)")
            .execute(db.readers())
            .await
            .unwrap();
        let found = audit(db.readers()).await.unwrap();
        let ann = || "ann".to_owned();
        assert_eq!(found.sum, Money::from_micros(7));
        assert_eq!(
            found.findings,
            [
                Finding::BalanceDiffers { account: ann() },
                Finding::MovementsDiffer { account: ann() },
                Finding::HeldDiffers { account: ann() },
                Finding::Unbalanced { transaction: "odd".to_owned() },
            ]
        );
    }
}
