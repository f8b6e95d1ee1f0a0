//! Fresh, empty databases for a test: SQLite always, PostgreSQL where `DD_TEST_POSTGRES_URL` names a
//! server. Also used by the tests of the emulator.

use platform::db::Migrations;
use platform::{Database, Random};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

/// A database and what must live as long as it.
pub struct TestDatabase {
    pub db: Database,
    _folder: TempDir,
}

/// Each of the databases that are to be had here, with the schema.
pub async fn each(migrations: &Migrations) -> Vec<TestDatabase> {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite://{}", folder.path().join("test.db").display())];
    match std::env::var("DD_TEST_POSTGRES_URL") {
        Ok(cluster) => urls.push(fresh_schema(&cluster).await),
        Err(_) => {
            eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        }
    }
    let mut folder = Some(folder);
    let mut databases = Vec::new();
    for url in urls {
        let db = Database::open(&url).await.unwrap();
        db.migrate(migrations).await.unwrap();
        let folder = folder.take().unwrap_or_else(|| tempfile::tempdir().unwrap());
        databases.push(TestDatabase { db, _folder: folder });
    }
    databases
}

/// A schema of its own in the test cluster; a URL that sees only it.
async fn fresh_schema(cluster: &str) -> String {
    let name = format!("unit_{}", Random::from_system().upper_alphanumeric(16).to_lowercase());
    let mut connection = PgConnection::connect(cluster).await.expect("the test cluster answers");
    connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {name}"))).await.unwrap();
    format!("{cluster}?options=-csearch_path%3D{name}")
}
