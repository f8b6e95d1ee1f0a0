//! The promises of [`Database`], on both backends. PostgreSQL where `DD_TEST_POSTGRES_URL` names a
//! server; see `.ci/postgres`.

use super::*;
use crate::Random;
use futures_util::FutureExt;
use rust_embed::RustEmbed;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

#[derive(RustEmbed)]
#[folder = "src/db/test_migrations"]
struct Schema;

/// The table `notes`.
pub(super) const NOTES: Migrations = Migrations::embedded(&Schema);

pub(super) struct Fixture {
    pub(super) db: Database,
    /// A second handle on the same database, that sees what is committed and nothing else.
    pub(super) outside: Database,
    pub(super) url: String,
    pub(super) migrations: Migrations,
    pub(super) folder: TempDir,
}

/// The error of actions in these tests.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("refused")]
    OnPurpose,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for Refused {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::OnPurpose => None,
            Self::Database(error) => Some(error),
        }
    }
}

async fn postgres_url() -> Option<String> {
    let Ok(cluster) = std::env::var("DD_TEST_POSTGRES_URL") else {
        eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        return None;
    };
    let name = format!("db_{}", Random::from_system().upper_alphanumeric(16).to_lowercase());
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&cluster).await.expect("the test cluster answers");
    connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {name}"))).await.unwrap();
    Some(format!("{cluster}?options=-csearch_path%3D{name}"))
}

/// A database with a table `notes`.
pub(super) async fn fixture(backend: Backend) -> Option<Fixture> {
    // A machine that runs all tests at once can be slow.
    let timeouts = Timeouts { answer: std::time::Duration::from_secs(20), ..Timeouts::default() };
    fixture_with(backend, timeouts).await
}

pub(super) async fn fixture_with(backend: Backend, timeouts: Timeouts) -> Option<Fixture> {
    fixture_of(backend, timeouts, NOTES).await
}

/// A database with the tables of these migrations.
pub(super) async fn fixture_of(
    backend: Backend,
    timeouts: Timeouts,
    migrations: Migrations,
) -> Option<Fixture> {
    let folder = tempfile::tempdir().unwrap();
    let url = match backend {
        Backend::Sqlite => format!("sqlite://{}", folder.path().join("t.db").display()),
        Backend::Postgres => postgres_url().await?,
    };
    let db = Database::open_with(&url, timeouts).await.unwrap();
    db.migrate(&migrations).await.unwrap();
    let outside = Database::open(&url).await.unwrap();
    Some(Fixture { db, outside, url, migrations, folder })
}

pub(super) async fn insert(c: &mut AnyConnection, id: i64) -> Result<(), Refused> {
    sqlx::query("INSERT INTO notes (id, text) VALUES ($1, $2)").bind(id).bind("x").execute(c).await?;
    Ok(())
}

pub(super) async fn ids(db: &Database) -> Vec<i64> {
    let rows = sqlx::query_scalar("SELECT id FROM notes ORDER BY id").fetch_all(db.readers());
    rows.await.unwrap()
}

/// Inserts, then fails: nothing of it may stay.
async fn insert_and_refuse(db: &Database, id: i64) -> Result<(), Refused> {
    db.write(move |c| {
        Box::pin(async move {
            insert(c, id).await?;
            Err(Refused::OnPurpose)
        })
    })
    .await
}

async fn insert_and_panic(db: &Database, id: i64) -> Result<(), Refused> {
    db.write(move |c| {
        Box::pin(async move {
            insert(c, id).await?;
            panic!("on purpose")
        })
    })
    .await
}

pub(super) async fn insert_one(db: &Database, id: i64) -> Result<(), Refused> {
    db.write(move |c| Box::pin(insert(c, id))).await
}

/// Actions that arrive together: every third refuses, every seventh panics, one meets a key that is
/// there already. Each ends as if it had been alone.
async fn each_action_stands_alone(fixture: Fixture) {
    insert_one(&fixture.db, 1_000).await.unwrap();
    let tasks = (0..60).map(|id| {
        let db = fixture.db.clone();
        tokio::spawn(async move {
            match id {
                id if id % 7 == 0 => (id, insert_and_panic(&db, id).await),
                id if id % 3 == 0 => (id, insert_and_refuse(&db, id).await),
                10 => (id, insert_one(&db, 1_000).await),
                id => (id, insert_one(&db, id).await),
            }
        })
    });
    let mut kept = vec![1_000];
    for task in tasks.collect::<Vec<_>>() {
        let (id, outcome) = task.await.unwrap();
        let should_stay = id % 7 != 0 && id % 3 != 0 && id != 10;
        assert_eq!(outcome.is_ok(), should_stay, "{id}: {outcome:?}");
        if outcome.is_ok() {
            kept.push(id);
        }
    }
    kept.sort_unstable();
    assert_eq!(ids(&fixture.outside).await, kept);
    // The writer lives on.
    insert_one(&fixture.db, 2_000).await.unwrap();
    fixture.db.ping().await.unwrap();
    fixture.db.close().await;
    assert!(insert_one(&fixture.db, 3_000).await.is_err(), "a closed database says so");
    fixture.db.ping().await.unwrap_err();
}

/// When `write` has returned, another connection sees the change.
async fn answers_come_after_the_commit(fixture: Fixture) {
    let tasks = (0..40).map(|id| {
        let (db, outside) = (fixture.db.clone(), fixture.outside.clone());
        tokio::spawn(async move {
            insert_one(&db, id).await.unwrap();
            assert!(ids(&outside).await.contains(&id), "{id} is not committed");
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// A client that goes away neither stops its action half way nor disturbs the next.
async fn an_abandoned_action_is_whole(fixture: Fixture) {
    for id in 0..20 {
        let db = fixture.db.clone();
        let request = tokio::spawn(async move {
            db.write(move |c| {
                Box::pin(async move {
                    insert(c, id).await?;
                    insert(c, id + 100).await
                })
            })
            .await
        });
        tokio::task::yield_now().await;
        request.abort();
        drop(request.await);
    }
    insert_one(&fixture.db, 1_000).await.unwrap();
    fixture.db.close().await;
    let kept = ids(&fixture.outside).await;
    for id in 0..20 {
        assert_eq!(kept.contains(&id), kept.contains(&(id + 100)), "{id} was done by half: {kept:?}");
    }
}

async fn recreating_empties_and_goes_on(fixture: Fixture) {
    insert_one(&fixture.db, 1).await.unwrap();
    assert_eq!(ids(&fixture.outside).await, [1]);
    for _ in 0..2 {
        fixture.db.recreate(&fixture.migrations).await.unwrap();
        assert_eq!(ids(&fixture.outside).await, [0; 0]);
        insert_one(&fixture.db, 1).await.unwrap();
        assert_eq!(ids(&fixture.outside).await, [1]);
    }
    fixture.db.migrate(&fixture.migrations).await.unwrap();
    assert_eq!(ids(&fixture.db).await, [1]);
}

/// Left at whatever point, the making of the schema holds nothing: no connection in the pool has a
/// transaction or a lock, and foreign keys are on in all of them.
async fn a_recreation_that_is_broken_off_holds_nothing(fixture: Fixture) {
    for polls in 1.. {
        let mut recreation = fixture.db.recreate(&fixture.migrations);
        let mut done = None;
        for _ in 0..polls {
            done = done.or_else(|| (&mut recreation).now_or_never());
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        drop(recreation);
        let patience = std::time::Duration::from_secs(5);
        // Again and again: a statement that was under way may end after the first look.
        let after = async {
            while insert_one(&fixture.db, 1_000 + polls).await.is_err() {
                fixture.db.migrate(&fixture.migrations).await.unwrap();
            }
        };
        tokio::time::timeout(patience, after).await.expect("nobody holds the database");
        if fixture.db.backend() == Backend::Sqlite {
            assert_foreign_keys(&fixture.db).await;
        }
        if done.is_some() {
            return;
        }
    }
}

async fn assert_foreign_keys(db: &Database) {
    let mut connections = Vec::new();
    for _ in 0..READERS {
        let mut connection = Lease::take(&db.readers().pool).await.unwrap();
        let on: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(on, 1);
        connections.push(connection);
    }
}

async fn a_snapshot_stays_at_its_moment(fixture: Fixture) {
    insert_one(&fixture.db, 1).await.unwrap();
    let db = fixture.db.clone();
    let counts = fixture.db.snapshot(db, |moment, db| {
        Box::pin(async move {
            let count = "SELECT COUNT(*) FROM notes";
            let before: i64 = sqlx::query_scalar(count).fetch_one(&mut *moment).await?;
            insert_one(db, 2).await?;
            let after: i64 = sqlx::query_scalar(count).fetch_one(moment).await?;
            Ok::<_, Refused>((before, after))
        })
    });
    assert_eq!(counts.await.unwrap(), (1, 1));
    assert_eq!(ids(&fixture.db).await, [1, 2]);
}

/// Tests of functions of a fixture, which `fixture` beside them makes.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(super::fixture(super::Backend::Sqlite).await.unwrap()).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(fixture) = super::fixture(super::Backend::Postgres).await {
                    super::$name(fixture).await;
                }
            })+
        }
    };
}

pub(super) use on_both;

/// Nothing that is read changes while the version stays, whoever writes.
async fn a_version_ends_with_what_anybody_commits(fixture: Fixture) {
    let (db, outside) = (&fixture.db, &fixture.outside);
    let version = async || db.version().await.unwrap().unwrap();
    let mut before = version().await;
    // Other tests commit on the same server of PostgreSQL.
    if db.backend() == Backend::Sqlite {
        insert_and_refuse(db, 1).await.unwrap_err();
        assert_eq!(version().await, before);
    }
    for (id, writer) in (1..).zip([db, outside, db]) {
        insert_one(writer, id).await.unwrap();
        let after = version().await;
        assert_ne!(after, before);
        before = after;
    }
    db.close().await;
    let closed = db.version().await;
    match db.backend() {
        Backend::Sqlite => assert_eq!(closed.unwrap(), None),
        Backend::Postgres => assert!(is_unavailable(&closed.unwrap_err())),
    }
}

on_both!(
    each_action_stands_alone,
    answers_come_after_the_commit,
    an_abandoned_action_is_whole,
    recreating_empties_and_goes_on,
    a_recreation_that_is_broken_off_holds_nothing,
    a_version_ends_with_what_anybody_commits,
    a_snapshot_stays_at_its_moment,
);

/// While the writer is busy with one action, the others gather; one commit takes them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actions_that_wait_share_one_commit() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    let (started, running) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Notify::new()));
    let (counter, release) = (started.clone(), running.clone());
    let db = fixture.db.clone();
    let first = tokio::spawn(async move {
        db.write(move |c| {
            let (counter, release) = (counter.clone(), release.clone());
            Box::pin(async move {
                counter.fetch_add(1, Ordering::SeqCst);
                release.notified().await;
                insert(c, 0).await
            })
        })
        .await
    });
    while started.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    // Each of these sees the others' changes of the same transaction: they share it, since nobody
    // outside can see them yet.
    let (gathered, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> =
        (1..=20).map(|id| tokio::spawn(count_uncommitted(&fixture, id, &gathered, &seen))).collect();
    while gathered.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    // All have been handed over or are about to be; give them time to reach the queue.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    running.notify_one();
    first.await.unwrap().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(ids(&fixture.outside).await.len(), 21);
    assert!(seen.load(Ordering::SeqCst) > 0, "no action shared a transaction with another");
}

fn count_uncommitted(
    fixture: &Fixture,
    id: i64,
    gathered: &Arc<AtomicUsize>,
    seen: &Arc<AtomicUsize>,
) -> impl Future<Output = Result<(), Refused>> + use<> {
    let (db, outside) = (fixture.db.clone(), fixture.outside.clone());
    let (gathered, seen) = (gathered.clone(), seen.clone());
    async move {
        gathered.fetch_add(1, Ordering::SeqCst);
        db.write(move |c| {
            let (outside, seen) = (outside.clone(), seen.clone());
            Box::pin(async move {
                insert(c, id).await?;
                let inside: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM notes").fetch_one(c).await?;
                let committed = ids(&outside).await.len();
                let others = usize::try_from(inside).unwrap_or(0) - committed - 1;
                seen.fetch_add(others, Ordering::SeqCst);
                Ok(())
            })
        })
        .await
    }
}

#[tokio::test]
async fn other_databases_are_refused() {
    for url in ["", "mysql://localhost/x", "/tmp/file.db"] {
        assert!(matches!(Database::open(url).await, Err(DatabaseError::UnknownBackend)), "{url}");
    }
}
