//! Going back to a snapshot's rows.

use super::catalogue::{self, Parent, Table};
use super::{Backend, Columns, SnapshotError, equal, listed, postgres, quoted, rows, run, sqlite};
use sqlx::{AnyConnection, Connection, Executor};

/// Rows that a restore leaves as they are: a key, a certificate.
///
/// Each takes the place of the snapshot's row with the same primary key. The snapshot's other rows come back all the
/// same; a kept row that would be twice what must be unique beside one of them, or that refers to a row which is not
/// there any more, is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub table: &'static str,
    /// SQL, of the table's own columns: `name IN ('signing_key', 'certificate')`.
    pub condition: &'static str,
    /// Only those that came after the snapshot: what it has is what comes back.
    pub only_new: bool,
}

/// All of a restore but its end: the transaction stays open, also when it fails, and the connection is of no use then.
pub(super) async fn prepare(
    connection: &mut AnyConnection,
    backend: Backend,
    saved: &str,
    kept: &[Kept],
) -> Result<(), SnapshotError> {
    match backend {
        Backend::Sqlite => {
            // They are looked at together, at the end: one by one each row would look for its children.
            connection.execute("PRAGMA foreign_keys = OFF").await?;
            connection.execute("BEGIN IMMEDIATE").await?;
        }
        Backend::Postgres => {
            connection.execute("BEGIN").await?;
        }
    }
    let tables = catalogue::read(connection, backend).await?;
    let rules = match backend {
        Backend::Sqlite => sqlite::lift_rules(connection).await?,
        Backend::Postgres => postgres::lift_rules(connection, &tables).await?,
    };
    for (number, kept) in kept.iter().enumerate() {
        let columns = listed(&of(&tables, kept)?.columns, "");
        let Kept { table, condition, .. } = kept;
        let table = quoted(table);
        run(
            connection,
            format!("CREATE TEMP TABLE kept_{number} AS SELECT {columns} FROM {table} WHERE {condition}"),
        )
        .await?;
    }
    for table in &tables {
        copy(connection, backend, saved, table).await?;
    }
    for (number, kept) in kept.iter().enumerate() {
        put_back(connection, backend, of(&tables, kept)?, &format!("kept_{number}"), kept.only_new).await?;
    }
    match backend {
        Backend::Sqlite => sqlite::restore_counters(connection, saved).await?,
        Backend::Postgres => postgres::restore_counters(connection, saved).await?,
    }
    for rule in rules {
        run(connection, rule).await?;
    }
    if backend == Backend::Sqlite {
        no_dangling(connection).await?;
    }
    Ok(())
}

/// A restore that is done up to its last word. Whoever drops it has changed nothing.
#[derive(Debug)]
pub struct PreparedRestore(pub(super) AnyConnection);

impl PreparedRestore {
    pub async fn commit(mut self) -> Result<(), SnapshotError> {
        self.0.execute("COMMIT").await?;
        Ok(self.0.close().await?)
    }
}

fn of<'t>(tables: &'t [Table], kept: &Kept) -> Result<&'t Table, sqlx::Error> {
    let unknown = || sqlx::Error::Configuration(format!("rows to keep: no table {}", kept.table).into());
    tables.iter().find(|table| table.name == kept.table).ok_or_else(unknown)
}

const fn overriding(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "",
        Backend::Postgres => "OVERRIDING SYSTEM VALUE ",
    }
}

async fn copy(
    connection: &mut AnyConnection,
    backend: Backend,
    saved: &str,
    table: &Table,
) -> Result<(), sqlx::Error> {
    let (name, overriding) = (quoted(&table.name), overriding(backend));
    let columns = listed(&table.columns, "");
    // Rows stay in the order in which they were written.
    let (columns, order) =
        if table.numbered { (format!("rowid, {columns}"), " ORDER BY rowid") } else { (columns, "") };
    let sql = format!(
        "DELETE FROM {name}; INSERT INTO {name} ({columns}) {overriding}SELECT {columns} FROM {saved}.{name}{order}"
    );
    run(connection, sql).await
}

/// `kept`: the table with the rows.
async fn put_back(
    connection: &mut AnyConnection,
    backend: Backend,
    table: &Table,
    kept: &str,
    only_new: bool,
) -> Result<(), sqlx::Error> {
    let (name, overriding) = (quoted(&table.name), overriding(backend));
    let same =
        if table.key.is_empty() { "1 = 0".to_owned() } else { equal(&table.key, "o", &table.key, kept) };
    if only_new {
        run(connection, format!("DELETE FROM {kept} WHERE EXISTS (SELECT 1 FROM {name} o WHERE {same})"))
            .await?;
    }
    for unique in &table.unique {
        let twice = equal(unique, "o", unique, kept);
        let clash = format!("SELECT 1 FROM {name} o WHERE {twice} AND NOT ({same})");
        run(connection, format!("DELETE FROM {kept} WHERE EXISTS ({clash})")).await?;
    }
    // A row may refer to another that is kept too, in the same table.
    for Parent { columns, table: parent, referred } in
        table.parents.iter().filter(|parent| parent.table != table.name)
    {
        let refers = columns.iter().map(|column| format!("{} IS NOT NULL", quoted(column)));
        let refers = refers.collect::<Vec<_>>().join(" AND ");
        let there = equal(referred, "p", columns, kept);
        let sql = format!(
            "DELETE FROM {kept} WHERE {refers} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {there})",
            quoted(parent)
        );
        run(connection, sql).await?;
    }
    let columns = listed(&table.columns, "");
    let sql = format!(
        "DELETE FROM {name} AS o WHERE EXISTS (SELECT 1 FROM {kept} WHERE {same}); \
         INSERT INTO {name} ({columns}) {overriding}SELECT {columns} FROM {kept}"
    );
    run(connection, sql).await
}

async fn no_dangling(connection: &mut AnyConnection) -> Result<(), SnapshotError> {
    let sql = "SELECT \"table\" AS tab FROM pragma_foreign_key_check LIMIT 1";
    match rows(connection, sql.to_owned()).await?.first() {
        Some(row) => Err(SnapshotError::Dangling { table: row.text("tab")? }),
        None => Ok(()),
    }
}
