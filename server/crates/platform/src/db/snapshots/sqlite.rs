//! A snapshot as a file.

use super::{Columns, Database, SavedSnapshot, SnapshotError, SnapshotName, rows, run};
use sqlx::{AnyConnection, Connection};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs;

/// What a path is in SQL.
fn literal(path: &Path) -> Result<String, io::Error> {
    let not_text = || io::Error::new(io::ErrorKind::InvalidInput, "its path is not UTF-8");
    Ok(format!("'{}'", path.to_str().ok_or_else(not_text)?.replace('\'', "''")))
}

/// Where it is written until it is whole.
fn unfinished(place: &Path) -> PathBuf {
    let mut path = OsString::from(place);
    path.push(".part");
    path.into()
}

pub(super) async fn save(db: &Database, place: &Path, name: &SnapshotName) -> Result<(), SnapshotError> {
    if fs::try_exists(place).await? {
        return Err(SnapshotError::AlreadyThere(name.clone()));
    }
    let folder = place.parent().unwrap_or(Path::new("."));
    private_folder(folder).await?;
    let part = unfinished(place);
    remove_if_there(&part).await?;
    let mut connection = db.connection_apart().await?;
    run(&mut connection, format!("VACUUM INTO {}", literal(&part)?)).await?;
    connection.close().await?;
    only_for_us(&part).await?;
    fs::File::open(&part).await?.sync_all().await?;
    fs::rename(&part, place).await?;
    Ok(on_disk(folder).await?)
}

pub(super) async fn delete(place: &Path, name: &SnapshotName) -> Result<(), SnapshotError> {
    match fs::remove_file(place).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SnapshotError::NotThere(name.clone()));
        }
        removed => removed?,
    }
    remove_if_there(&unfinished(place)).await?;
    if let Some(folder) = place.parent() {
        on_disk(folder).await?;
        // Another database's may be in it.
        drop(fs::remove_dir(folder).await);
    }
    Ok(())
}

pub(super) async fn list(folder: &Path, file: &str) -> Result<Vec<SavedSnapshot>, SnapshotError> {
    let mut folders = match fs::read_dir(folder).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        folders => folders?,
    };
    let mut all = Vec::new();
    while let Some(entry) = folders.next_entry().await? {
        let Some(name) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        match fs::metadata(entry.path().join(file)).await {
            Ok(found) => all.push(SavedSnapshot { name, bytes: found.len() }),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(all)
}

/// Makes its tables those of the schema `alias`.
pub(super) async fn attach(
    connection: &mut AnyConnection,
    place: &Path,
    name: &SnapshotName,
    alias: &str,
) -> Result<String, SnapshotError> {
    // Else SQLite would make an empty one.
    if !fs::try_exists(place).await? {
        return Err(SnapshotError::NotThere(name.clone()));
    }
    run(connection, format!("ATTACH {} AS {alias}", literal(place)?)).await?;
    Ok(alias.to_owned())
}

/// Drops the triggers; the statements that make them again, in their order.
pub(super) async fn lift_rules(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    let sql = "SELECT 'DROP TRIGGER \"' || REPLACE(name, '\"', '\"\"') || '\"' AS lift, sql \
         FROM main.sqlite_master WHERE type = 'trigger' ORDER BY rowid";
    let mut again = Vec::new();
    for row in rows(connection, sql.to_owned()).await? {
        run(connection, row.text("lift")?).await?;
        again.push(row.text("sql")?);
    }
    Ok(again)
}

/// What the numbers of AUTOINCREMENT go on behind.
pub(super) async fn restore_counters(connection: &mut AnyConnection, saved: &str) -> Result<(), sqlx::Error> {
    let there = "SELECT name FROM main.sqlite_master WHERE name = 'sqlite_sequence'";
    if rows(connection, there.to_owned()).await?.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "DELETE FROM main.sqlite_sequence; \
         INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM {saved}.sqlite_sequence"
    );
    run(connection, sql).await
}

async fn remove_if_there(path: &Path) -> Result<(), io::Error> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Passwords' digests and keys are in it.
async fn private_folder(folder: &Path) -> Result<(), io::Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder).await
}

#[cfg(unix)]
async fn only_for_us(file: &Path) -> Result<(), io::Error> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).await
}

#[cfg(not(unix))]
async fn only_for_us(_: &Path) -> Result<(), io::Error> {
    Ok(())
}

/// A name that was given or taken in the folder stays so through a failure of power.
#[cfg(unix)]
async fn on_disk(folder: &Path) -> Result<(), io::Error> {
    fs::File::open(folder).await?.sync_all().await
}

#[cfg(not(unix))]
async fn on_disk(_: &Path) -> Result<(), io::Error> {
    Ok(())
}
