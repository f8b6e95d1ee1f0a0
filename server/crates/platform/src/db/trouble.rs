//! What happens when the database is at fault: it is told, nothing is half written, and it is over with its cause.

use super::tests::{Fixture, fixture_with, ids, insert, insert_one};
use super::*;
use sqlx::Connection;

const SHORT: Duration = Duration::from_millis(300);
/// Longer than any machine needs.
const PATIENCE: Duration = Duration::from_mins(1);

async fn fixture(backend: Backend) -> Option<Fixture> {
    fixture_with(backend, Timeouts { answer: SHORT, ..Timeouts::default() }).await
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("nobody waits for ever")
}

/// Two rows or none.
async fn pair(db: &Database, id: i64) -> Result<(), sqlx::Error> {
    db.write(move |c| {
        Box::pin(async move {
            insert(&mut *c, id).await.map_err(told)?;
            insert(c, id + 1_000).await.map_err(told)
        })
    })
    .await
}

fn told(refused: super::tests::Refused) -> sqlx::Error {
    match refused {
        super::tests::Refused::Database(error) => error,
        super::tests::Refused::OnPurpose => unreachable!(),
    }
}

fn assert_unavailable<T: std::fmt::Debug>(outcome: Result<T, sqlx::Error>) {
    let error = outcome.unwrap_err();
    assert!(is_unavailable(&error), "{error:?}");
}

async fn until_well(db: &Database) {
    in_time(async {
        while db.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// A statement on the connection that writes.
async fn set(db: &Database, pragma: &'static str) {
    db.write(move |c| Box::pin(async move { c.execute(pragma).await.map(drop) })).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_told_and_what_was_given_up_is_never_done() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    let mut other = AnyConnection::connect(&fixture.url).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let writes = (1..=20).map(|id| {
        let db = fixture.db.clone();
        tokio::spawn(async move { in_time(pair(&db, id)).await })
    });
    for write in writes.collect::<Vec<_>>() {
        assert_unavailable(write.await.unwrap());
    }
    assert_unavailable(in_time(fixture.db.ping()).await);
    assert_eq!(ids(&fixture.db).await, [0; 0], "readers go on");
    other.execute("ROLLBACK").await.unwrap();
    until_well(&fixture.db).await;
    pair(&fixture.db, 100).await.unwrap();
    assert_eq!(ids(&fixture.outside).await, [100, 1_100]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_database_keeps_all_of_an_action_or_nothing() {
    // Here nothing waits, so a machine that is slow must not look like one that is full.
    let fixture = fixture_with(Backend::Sqlite, Timeouts { answer: PATIENCE, ..Timeouts::default() });
    let fixture = fixture.await.unwrap();
    // No new page at all: what is there has room for some rows.
    set(&fixture.db, "PRAGMA max_page_count = 1").await;
    let mut kept = 0;
    for round in 0.. {
        let writes = (0..50).map(|number| {
            let db = fixture.db.clone();
            tokio::spawn(async move { pair(&db, round * 10_000 + number).await })
        });
        let (mut failed, before) = (false, kept);
        for write in writes.collect::<Vec<_>>() {
            match write.await.unwrap() {
                Ok(()) => kept += 2,
                Err(error) => {
                    assert!(is_unavailable(&error), "{error:?}");
                    failed = true;
                }
            }
        }
        let rows = ids(&fixture.outside).await;
        assert_eq!(rows.len(), kept, "what was acknowledged is there, and nothing else");
        let whole = |id: &i64| rows.contains(&(id + 1_000)) || rows.contains(&(id - 1_000));
        assert!(rows.iter().all(whole), "half of an action is there: {rows:?}");
        if failed && kept == before {
            break;
        }
    }
    assert_unavailable(fixture.db.ping().await);
    set(&fixture.db, "PRAGMA max_page_count = 1000000").await;
    until_well(&fixture.db).await;
    pair(&fixture.db, 9_000_000).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_read_only_can_be_written_when_it_no_longer_is() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    // As if the connection had been opened while the file was read-only: it stays so, another one is not.
    set(&fixture.db, "PRAGMA query_only = ON").await;
    assert_unavailable(pair(&fixture.db, 1).await);
    until_well(&fixture.db).await;
    pair(&fixture.db, 2).await.unwrap();
    assert_eq!(ids(&fixture.outside).await, [2, 1_002]);
    let read_only = Database::open(&format!("{}?mode=ro", fixture.url)).await.unwrap();
    assert_unavailable(read_only.ping().await);
    assert_unavailable(pair(&read_only, 3).await);
    assert_eq!(ids(&read_only).await, [2, 1_002]);
}

/// Also while the whole pool waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_somebody_holds_is_not_waited_for_for_ever() {
    let Some(fixture) = fixture(Backend::Postgres).await else { return };
    pair(&fixture.db, 1).await.unwrap();
    let mut other = AnyConnection::connect(&fixture.url).await.unwrap();
    other.execute(sqlx::raw_sql("BEGIN; UPDATE notes SET text = 'held' WHERE id = 1")).await.unwrap();
    let update = async |db: Database| {
        db.write(|c| {
            Box::pin(async move { c.execute("UPDATE notes SET text = 'new' WHERE id = 1").await.map(drop) })
        })
        .await
    };
    let waiting: Vec<_> = (0..40).map(|_| tokio::spawn(update(fixture.db.clone()))).collect();
    for write in waiting {
        assert_unavailable(in_time(write).await.unwrap());
    }
    other.execute("ROLLBACK").await.unwrap();
    in_time(async { while update(fixture.db.clone()).await.is_err() {} }).await;
    until_well(&fixture.db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_read_only_is_not_well() {
    let Some(fixture) = fixture(Backend::Postgres).await else { return };
    let read_only = format!("{}%20-cdefault_transaction_read_only%3Don", fixture.url);
    let db = Database::open(&read_only).await.unwrap();
    assert_unavailable(db.ping().await);
    assert_unavailable(pair(&db, 1).await);
    assert_eq!(ids(&fixture.outside).await, [0; 0]);
    insert_one(&fixture.db, 1).await.unwrap();
    fixture.db.ping().await.unwrap();
}
