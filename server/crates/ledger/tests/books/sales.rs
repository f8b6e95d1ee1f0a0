//! Movements that belong to what they are for.

use super::{MIGRATIONS, begun, databases, person, posted, transfer, world, written};
use jiff::Timestamp;
use ledger::{Entry, LedgerError, Name, Origin, Part, Transaction, audit, open_account, post_all};
use money::Money;
use platform::db::{Backend, Statement};

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
