//! The books on both databases: what is posted, what is refused, what the audit finds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/databases.rs"]
mod databases;
#[path = "support/old_schema.rs"]
mod old_schema;

use futures_util::future::join_all;
use jiff::Timestamp;
use ledger::{
    Account, Entry, Finding, Guard, Hold, HoldId, LedgerError, Name, Origin, Part, Transaction, audit,
    balance, capture, open_account, place_hold, post_all, release,
};
use money::Money;
use old_schema::OldSchema;
use platform::Database;
use platform::db::{Backend, Batch, Migrations, Statement, Unwritten, WriteError};
use rust_embed::RustEmbed;
use sqlx::AnyConnection;

#[derive(RustEmbed)]
#[folder = "../../../migrations/payments"]
struct Schema;

static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

/// Before movements were kept.
static WITHOUT_MOVEMENTS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0002"));
/// Before accounts and transactions had numbers.
static WITHOUT_NUMBERS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0008"));

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

#[tokio::test]
async fn the_books_are_append_only() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        assert_append_only(db).await;
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
            read.iter().map(|line| (line.origin.clone(), line.amount, line.balance)).collect();
        let cents = Money::from_cents;
        assert_eq!(
            shown,
            [
                (words("t2"), cents(-50), cents(650)),
                (words("t1"), cents(-300), cents(700)),
                (words("start"), cents(1000), cents(1000))
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
            second(10),
            vec![
                Entry::new(person("ann"), cents(-500)),
                Entry::new(person("bob"), cents(490)),
                Entry::new(person("bob"), cents(10)),
            ],
        );
        let back = vec![Entry::new(person("bob"), cents(-200)), Entry::new(person("ann"), cents(200))];
        let transactions = [twice.unwrap(), Transaction::new("back", second(5), back).unwrap()];
        written(db, |batch| post_all(batch, &transactions)).await.unwrap();
        let of = async |name| ledger::statement(db.readers(), &person(name), Part::Newest, 10).await.unwrap();
        let shown = |lines: &[ledger::StatementLine]| -> Vec<_> {
            lines.iter().map(|line| (line.origin.clone(), line.amount, line.balance)).collect()
        };
        let (twice, back) = (|| words("twice"), || words("back"));
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

/// A transaction of one line, whatever the books say to it.
async fn write_line(db: &Database, id: &str, account: &str, micros: i64, summed: Option<i64>) {
    for statement in [
        "INSERT INTO ledger_names (id) VALUES ($1)",
        "INSERT INTO ledger_transactions (number, posted_at) SELECT 8 * number, 0 FROM ledger_names WHERE id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(db.readers()).await.unwrap();
    }
    let line = "INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed) \
                SELECT 8 * n.number, 0, a.number, $3, $4 FROM ledger_names n, ledger_accounts a \
                WHERE n.id = $1 AND a.id = $2";
    let written =
        sqlx::query(line).bind(id).bind(account).bind(micros).bind(summed).execute(db.readers()).await;
    assert_eq!(written.unwrap().rows_affected(), 1);
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
        write_line(db, "odd", "world", 7, Some(1)).await;
        sqlx::query("INSERT INTO ledger_transactions (number, posted_at) VALUES (8000, 0)")
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
                Finding::Unbalanced { transaction: "8000".to_owned() },
                Finding::Unbalanced { transaction: "odd".to_owned() },
                Finding::Orphan { id: "8000".to_owned() },
            ]
        );
    }
}

/// A balance that is a sum is that of the lines that are marked so.
#[tokio::test]
async fn the_audit_finds_lines_that_no_sum_or_a_wrong_one_has() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        write_line(db, "left out", "world", -5, None).await;
        write_line(db, "too much", "bob", 5, Some(1)).await;
        let found = audit(db.readers()).await.unwrap();
        assert!(found.sum.is_zero());
        for account in ["bob", "world"] {
            assert!(
                found.findings.contains(&Finding::BalanceDiffers { account: account.to_owned() }),
                "{found:?}"
            );
        }
    }
}

/// A line is not left out because its account is missing.
#[tokio::test]
async fn nothing_is_posted_to_an_account_that_was_never_opened() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        for account in [person("eve"), Account::summed("the moon")] {
            let refused = posted(db, transfer("t1", person("ann"), account, 300)).await.unwrap_err();
            assert!(!matches!(refused.0, LedgerError::InsufficientFunds { .. }), "{refused:?}");
        }
        assert_eq!(ledger::transaction_count(db.readers()).await.unwrap(), 1);
        assert_eq!(total(db, "ann").await, Money::from_cents(1000));
    }
}

/// What transactions can belong to.
const SALES_TABLE: &str = "CREATE TABLE sales (number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE)";

fn sale(number: i64, id: &str) -> Statement {
    let insert = Statement::new("INSERT INTO sales (number, id) VALUES ($1, $2)");
    insert.bind(number).bind(id).changing("sales", "number, id")
}

/// What belongs to a row outside of the books is called by that row's number, also when both are written together.
#[tokio::test]
async fn each_belongs_once_to_what_it_is_for() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        sqlx::query(SALES_TABLE).execute(db.readers()).await.unwrap();
        let of = |role, id: &str| {
            let cent = Money::from_cents(1);
            let lines = [(person("ann"), cent.neg().unwrap()), (person("bob"), cent)];
            let lines = lines.into_iter().map(|(account, amount)| Entry::new(account, amount)).collect();
            Transaction::new(Name::of(role, "sales", id), Timestamp::UNIX_EPOCH, lines).unwrap()
        };
        let together = written(db, |batch| {
            batch.push(sale(5, "S"));
            batch.push(sale(9, "R"));
            post_all(batch, &[of(1, "S"), of(2, "S"), of(7, "R")])
        });
        together.await.unwrap();
        posted(db, of(1, "R")).await.unwrap();
        for refused in [of(1, "S"), of(7, "R"), of(1, "nothing")] {
            assert!(matches!(posted(db, refused).await.unwrap_err().0, LedgerError::Database(_)));
        }
        let lines = ledger::statement(db.readers(), &person("bob"), Part::Newest, 10).await.unwrap();
        let numbered = |(number, role)| Origin::Numbered { number, role };
        let origins: Vec<_> = lines.into_iter().map(|line| line.origin).collect();
        assert_eq!(origins, [(9, 1), (9, 7), (5, 2), (5, 1)].map(numbered));
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

/// What a sale that is split three ways takes of a SQLite file: 1.8 kB when lines named accounts and transactions by
/// texts.
#[tokio::test]
async fn a_sale_takes_little_room() {
    const SALES: i64 = 1_000;
    let tests = databases::each(&MIGRATIONS).await;
    let db = &tests.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap().db;
    begun(db).await;
    let eve: Result<(), sqlx::Error> =
        db.write(|c| Box::pin(async { open_account(c, &person("eve")).await })).await;
    eve.unwrap();
    posted(db, transfer("more", world(), person("ann"), 100_000)).await.unwrap();
    // As long as FPS's, and in no order.
    let id = |number: i64| format!("{:035}", i128::from(number) * 7_919 % 1_000 * 10_i128.pow(32));
    sqlx::query(SALES_TABLE).execute(db.readers()).await.unwrap();
    for number in 0..SALES {
        sqlx::query("INSERT INTO sales (number, id) VALUES ($1, $2)")
            .bind(number)
            .bind(id(number))
            .execute(db.readers())
            .await
            .unwrap();
    }
    let pages = async || -> i64 {
        let (count,): (i64,) = sqlx::query_as("PRAGMA page_count").fetch_one(db.readers()).await.unwrap();
        count
    };
    let before = pages().await;
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    let entry = |account, micros| Entry::new(account, Money::from_micros(micros));
    for number in 0..SALES {
        let charge = vec![entry(person("ann"), -20_000), entry(person("bob"), 16_000), entry(world(), 4_000)];
        let fee = vec![entry(person("bob"), -1_000), entry(person("eve"), 1_000)];
        let sale = [
            Transaction::new(Name::of(1, "sales", id(number)), at, charge).unwrap(),
            Transaction::new(Name::of(2, "sales", id(number)), at, fee).unwrap(),
        ];
        written(db, |batch| post_all(batch, &sale)).await.unwrap();
    }
    let room = (pages().await - before) * 4_096 / SALES;
    assert!(room <= 400, "{room} bytes");
}
