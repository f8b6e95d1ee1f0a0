//! Keeping others from writing for a moment.

use super::{Backend, Database, SnapshotError, catalogue, is_retriable, quoted, run};
use sqlx::{AnyConnection, Connection, Executor};

/// How often it is tried where others are in the way (PostgreSQL).
const ATTEMPTS: u32 = 40;
/// Shorter than PostgreSQL takes to find a deadlock: whoever writes goes on, and this side tries again.
const PATIENCE: &str = "SET LOCAL lock_timeout = '250ms'";

/// A database to which nobody writes; readers notice nothing. Whoever drops it lets go too, a moment later.
#[derive(Debug)]
pub struct HeldStill(AnyConnection);

impl HeldStill {
    pub async fn release(mut self) -> Result<(), SnapshotError> {
        self.0.execute("ROLLBACK").await?;
        Ok(self.0.close().await?)
    }
}

pub(super) async fn hold_still(db: &Database) -> Result<HeldStill, SnapshotError> {
    let mut attempt = 1;
    loop {
        let mut connection = db.connection_apart().await?;
        match stop_writers(&mut connection, db.backend()).await {
            Ok(()) => return Ok(HeldStill(connection)),
            Err(error) if attempt < ATTEMPTS && (is_retriable(&error) || is_out_of_patience(&error)) => {
                attempt += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn stop_writers(connection: &mut AnyConnection, backend: Backend) -> Result<(), sqlx::Error> {
    if backend == Backend::Sqlite {
        return connection.execute("BEGIN IMMEDIATE").await.map(drop);
    }
    connection.execute("BEGIN").await?;
    connection.execute(PATIENCE).await?;
    let tables = catalogue::read(connection, backend).await?;
    let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
    run(connection, format!("LOCK TABLE {} IN SHARE MODE", names.join(", "))).await
}

/// `lock_not_available`
fn is_out_of_patience(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("55P03"))
}
