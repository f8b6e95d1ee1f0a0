//! What a batch promises, on both backends.

use super::tests::{Fixture, fixture, fixture_with, ids, insert_one};
use super::*;
use std::convert::Infallible;

fn add(id: i64, text: &str) -> Statement {
    Statement::new("INSERT INTO notes (id, text) VALUES ($1, $2)").bind(id).bind(text)
}

fn rename(id: i64, text: &str) -> Statement {
    let update = Statement::new("UPDATE notes SET text = $2 WHERE id = $1").bind(id).bind(text);
    update.changing("notes", "id, text")
}

/// A note that is written when another one is there.
async fn add_beside(db: &Database, id: i64, other: i64) -> Result<(), Unwritten<&'static str>> {
    let mut batch = Batch::default();
    batch.push(add(id, "x"));
    batch.guard(rename(other, "seen"), "the other is not there");
    batch.push(add(id + 1_000, "x"));
    db.write_batch(batch).await
}

/// Some find what they need, some do not, some meet a key that is taken; actions come in between. Each ends as if it
/// had been alone.
async fn each_batch_stands_alone(fixture: Fixture) {
    insert_one(&fixture.db, 0).await.unwrap();
    insert_one(&fixture.db, 10_000).await.unwrap();
    let tasks = (1..=60).map(|id| {
        let db = fixture.db.clone();
        tokio::spawn(async move {
            match id {
                id if id % 7 == 0 => insert_one(&db, id).await.unwrap(),
                id if id % 5 == 0 => {
                    let unwritten = add_beside(&db, id, -1).await.unwrap_err();
                    assert!(matches!(unwritten, Unwritten::Unmet("the other is not there")), "{unwritten:?}");
                }
                id if id % 3 == 0 => {
                    let unwritten = add_beside(&db, 10_000, 0).await.unwrap_err();
                    let Unwritten::Database(error) = unwritten else { panic!("{unwritten:?}") };
                    let told = error.as_database_error().expect("the database tells");
                    assert!(told.is_unique_violation(), "{error}");
                }
                id => add_beside(&db, id, 0).await.unwrap(),
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let batches = (1..=60).filter(|id| id % 7 != 0 && id % 5 != 0 && id % 3 != 0);
    let mut kept: Vec<i64> = (0..=60).filter(|id| id % 7 == 0).chain([10_000]).collect();
    kept.extend(batches.flat_map(|id| [id, id + 1_000]));
    kept.sort_unstable();
    assert_eq!(ids(&fixture.outside).await, kept);
}

async fn the_first_guard_that_finds_nothing_is_told(fixture: Fixture) {
    insert_one(&fixture.db, 1).await.unwrap();
    let mut batch = Batch::default();
    batch.guard(rename(1, "a"), 'a');
    batch.guard(rename(2, "b"), 'b');
    batch.guard(rename(3, "c"), 'c');
    // Never comes so far, and would fail.
    batch.push(add(1, "x"));
    assert!(matches!(fixture.db.write_batch(batch).await, Err(Unwritten::Unmet('b'))));
    let (text,): (String,) =
        sqlx::query_as("SELECT text FROM notes").fetch_one(fixture.outside.readers()).await.unwrap();
    assert_eq!(text, "x");
}

/// Values of every type, and NULL; what one statement changes another reads.
async fn statements_read_what_those_before_them_changed(fixture: Fixture) {
    for id in [1, 2, 3] {
        insert_one(&fixture.db, id).await.unwrap();
    }
    let mut batch = Batch::<Infallible>::default();
    for id in [1, 2] {
        batch.push(rename(id, if id == 1 { "one" } else { "two" }));
    }
    let copy = "INSERT INTO notes (id, text) \
                SELECT after.id + $1, COALESCE($3, after.text) FROM {notes} after WHERE after.id <= $2";
    batch.push(Statement::new(copy).bind(10).bind(2).bind(None::<&str>));
    fixture.db.write_batch(batch).await.map_err(sqlx::Error::from).unwrap();
    let rows: Vec<(i64, String)> = sqlx::query_as("SELECT id, text FROM notes ORDER BY id")
        .fetch_all(fixture.outside.readers())
        .await
        .unwrap();
    let rows: Vec<_> = rows.iter().map(|(id, text)| (*id, text.as_str())).collect();
    assert_eq!(rows, [(1, "one"), (2, "two"), (3, "x"), (11, "one"), (12, "two")]);
}

/// In the opposite order of their names two of these would wait for each other.
async fn rows_are_locked_in_the_order_of_the_statements(fixture: Fixture) {
    for id in 1..=8 {
        insert_one(&fixture.db, id).await.unwrap();
    }
    let tasks = (0..64).map(|number| {
        let db = fixture.db.clone();
        tokio::spawn(async move {
            let mut batch = Batch::default();
            for id in 1..=8 {
                // With a guard and without one.
                if (id + number) % 2 == 0 {
                    batch.guard(rename(id, "y"), id);
                } else {
                    batch.push(rename(id, "y"));
                }
            }
            db.write_batch(batch).await.unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(fixture.db.retries(), 0);
}

macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(fixture(Backend::Sqlite).await.unwrap()).await;
            })*
        }
        mod on_postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(fixture) = fixture(Backend::Postgres).await {
                    super::$test(fixture).await;
                }
            })*
        }
    };
}

on_both!(
    each_batch_stands_alone,
    the_first_guard_that_finds_nothing_is_told,
    statements_read_what_those_before_them_changed,
    rows_are_locked_in_the_order_of_the_statements,
);

async fn set(db: &Database, pragma: &'static str) {
    let mut batch = Batch::<Infallible>::default();
    batch.push(Statement::new(pragma));
    db.write_batch(batch).await.unwrap();
}

fn assert_unavailable(outcome: Result<(), Unwritten<&'static str>>) {
    let Err(Unwritten::Database(error)) = outcome else { panic!("{outcome:?}") };
    assert!(is_unavailable(&error), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_told_and_what_was_given_up_is_never_done() {
    let timeouts = Timeouts { answer: Duration::from_millis(300), ..Timeouts::default() };
    let fixture = fixture_with(Backend::Sqlite, timeouts).await.unwrap();
    insert_one(&fixture.db, 0).await.unwrap();
    let mut other = <AnyConnection as sqlx::Connection>::connect(&fixture.url).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let writes = (1..=20).map(|id| {
        let db = fixture.db.clone();
        tokio::spawn(async move { add_beside(&db, id, 0).await })
    });
    for write in writes.collect::<Vec<_>>() {
        assert_unavailable(write.await.unwrap());
    }
    other.execute("ROLLBACK").await.unwrap();
    while add_beside(&fixture.db, 100, 0).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ids(&fixture.outside).await, [0, 100, 1_100]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_database_keeps_all_of_a_batch_or_nothing() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    insert_one(&fixture.db, 0).await.unwrap();
    set(&fixture.db, "PRAGMA max_page_count = 1").await;
    let mut kept = 1;
    for round in 0.. {
        let writes = (1..=50).map(|number| {
            let db = fixture.db.clone();
            tokio::spawn(async move { add_beside(&db, round * 10_000 + number, 0).await })
        });
        let (mut failed, before) = (false, kept);
        for write in writes.collect::<Vec<_>>() {
            match write.await.unwrap() {
                Ok(()) => kept += 2,
                told => {
                    assert_unavailable(told);
                    failed = true;
                }
            }
        }
        assert_eq!(
            ids(&fixture.outside).await.len(),
            kept,
            "what was acknowledged is there, and nothing else"
        );
        if failed && kept == before {
            break;
        }
    }
    set(&fixture.db, "PRAGMA max_page_count = 1000000").await;
    add_beside(&fixture.db, 9_000_000, 0).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_read_only_can_be_written_when_it_no_longer_is() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    insert_one(&fixture.db, 0).await.unwrap();
    set(&fixture.db, "PRAGMA query_only = ON").await;
    assert_unavailable(add_beside(&fixture.db, 1, 0).await);
    add_beside(&fixture.db, 2, 0).await.unwrap();
    assert_eq!(ids(&fixture.outside).await, [0, 2, 1_002]);
    let read_only = Database::open(&format!("{}?mode=ro", fixture.url)).await.unwrap();
    assert_unavailable(add_beside(&read_only, 3, 0).await);
}
