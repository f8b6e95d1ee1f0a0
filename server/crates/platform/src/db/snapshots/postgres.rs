//! A snapshot as a schema beside the site's.

use super::catalogue::{self, Table};
use super::{
    Backend, Columns, Database, SavedSnapshot, SnapshotError, SnapshotName, live_schema, quoted, rows, run,
};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Connection, Executor};

/// Where a snapshot has what its sequences would give next: `name`, `next`. No table of a site is called so.
const SEQUENCES: &str = "_sequences";

/// What the names of the snapshots' schemas begin and end with; two sites may have their schemas in one database.
async fn around(connection: &mut AnyConnection) -> Result<(&'static str, String), sqlx::Error> {
    let live = live_schema(connection, Backend::Postgres).await?;
    let digest = hex::encode(Sha256::digest(live));
    Ok(("snapshot_", format!("_{}", digest.get(..8).unwrap_or_default())))
}

/// Not quoted. At most 58 bytes: PostgreSQL cuts off what is longer than 63.
async fn schema_of(connection: &mut AnyConnection, name: &SnapshotName) -> Result<String, sqlx::Error> {
    let (prefix, suffix) = around(connection).await?;
    Ok(format!("{prefix}{name}{suffix}"))
}

async fn is_there(connection: &mut AnyConnection, schema: &str) -> Result<bool, sqlx::Error> {
    let sql = format!("SELECT CAST(nspname AS TEXT) FROM pg_namespace WHERE nspname = '{schema}'");
    Ok(!rows(connection, sql).await?.is_empty())
}

/// As it stands before the name of a table.
pub(super) async fn find(
    connection: &mut AnyConnection,
    name: &SnapshotName,
) -> Result<String, SnapshotError> {
    let schema = schema_of(connection, name).await?;
    if is_there(connection, &schema).await? {
        Ok(quoted(&schema))
    } else {
        Err(SnapshotError::NotThere(name.clone()))
    }
}

pub(super) async fn save(db: &Database, name: &SnapshotName) -> Result<(), SnapshotError> {
    let mut connection = db.connection_apart().await?;
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let schema = schema_of(&mut connection, name).await?;
    if is_there(&mut connection, &schema).await? {
        return Err(SnapshotError::AlreadyThere(name.clone()));
    }
    let schema = quoted(&schema);
    run(&mut connection, format!("CREATE SCHEMA {schema}")).await?;
    let tables = catalogue::read(&mut connection, Backend::Postgres).await?;
    for table in tables.iter().map(|table| table.name.as_str()).chain(["_sqlx_migrations"]) {
        let table = quoted(table);
        run(&mut connection, format!("CREATE TABLE {schema}.{table} AS SELECT * FROM {table}")).await?;
    }
    run(&mut connection, format!("CREATE TABLE {schema}.{SEQUENCES} (name TEXT, next BIGINT)")).await?;
    for sequence in sequences(&mut connection).await? {
        let of = quoted(&sequence);
        let text = sequence.replace('\'', "''");
        let sql = format!(
            "INSERT INTO {schema}.{SEQUENCES} \
             SELECT '{text}', last_value + CAST(is_called AS INT) FROM {of}"
        );
        run(&mut connection, sql).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(connection.close().await?)
}

async fn sequences(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    let sql =
        "SELECT CAST(sequencename AS TEXT) AS name FROM pg_sequences WHERE schemaname = current_schema()";
    rows(connection, sql.to_owned()).await?.iter().map(|row| row.text("name")).collect()
}

pub(super) async fn delete(db: &Database, name: &SnapshotName) -> Result<(), SnapshotError> {
    let mut connection = db.connection_apart().await?;
    let schema = find(&mut connection, name).await?;
    run(&mut connection, format!("DROP SCHEMA {schema} CASCADE")).await?;
    Ok(connection.close().await?)
}

pub(super) async fn list(db: &Database) -> Result<Vec<SavedSnapshot>, SnapshotError> {
    let mut connection = db.connection_apart().await?;
    let (prefix, suffix) = around(&mut connection).await?;
    let sql = format!(
        "SELECT CAST(n.nspname AS TEXT) AS name, \
         CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS BIGINT) AS bytes \
         FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' \
         WHERE starts_with(CAST(n.nspname AS TEXT), '{prefix}') GROUP BY n.nspname"
    );
    let mut all = Vec::new();
    for row in rows(&mut connection, sql).await? {
        let schema = row.text("name")?;
        let name = schema.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(&suffix));
        let Some(name) = name.and_then(|name| name.parse().ok()) else { continue };
        all.push(SavedSnapshot { name, bytes: row.integer("bytes")?.unsigned_abs() });
    }
    connection.close().await?;
    Ok(all)
}

/// Locks all tables, drops foreign keys and turns triggers off; the statements that undo it. The keys are looked at
/// when they are made again.
pub(super) async fn lift_rules(
    connection: &mut AnyConnection,
    tables: &[Table],
) -> Result<Vec<String>, sqlx::Error> {
    let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    run(connection, format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names.join(", "))).await?;
    let sql = "SELECT 'ALTER TABLE ' || quote_ident(c.relname) || ' DROP CONSTRAINT ' || quote_ident(f.conname) AS lift, \
         'ALTER TABLE ' || quote_ident(c.relname) || ' ADD CONSTRAINT ' || quote_ident(f.conname) || ' ' \
         || pg_get_constraintdef(f.oid) AS again \
         FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid \
         WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND f.contype = 'f' ORDER BY f.conname";
    let mut again = Vec::new();
    for row in rows(connection, sql.to_owned()).await? {
        run(connection, row.text("lift")?).await?;
        again.push(row.text("again")?);
    }
    for name in names {
        run(connection, format!("ALTER TABLE {name} DISABLE TRIGGER USER")).await?;
        again.push(format!("ALTER TABLE {name} ENABLE TRIGGER USER"));
    }
    Ok(again)
}

/// RESTART, and not setval: that would stay when the transaction does not. What has been kept has its number already.
pub(super) async fn restore_counters(connection: &mut AnyConnection, saved: &str) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SELECT s.name, s.next, CAST(t.relname AS TEXT) AS tab, CAST(a.attname AS TEXT) AS col \
         FROM {saved}.{SEQUENCES} s \
         LEFT JOIN pg_class q ON q.relname = s.name AND q.relnamespace = CAST(current_schema() AS regnamespace) \
         LEFT JOIN pg_depend d ON d.objid = q.oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') \
         LEFT JOIN pg_class t ON t.oid = d.refobjid \
         LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
    );
    for row in rows(connection, sql).await? {
        let mut next = row.integer("next")?;
        if let (Some(table), Some(column)) =
            (row.optional("tab", Columns::text)?, row.optional("col", Columns::text)?)
        {
            let (table, column) = (quoted(&table), quoted(&column));
            let free = format!("SELECT CAST(COALESCE(MAX({column}), 0) + 1 AS BIGINT) AS free FROM {table}");
            let free = rows(connection, free).await?.first().map_or(Ok(0), |row| row.integer("free"))?;
            next = next.max(free);
        }
        let name = quoted(&row.text("name")?);
        run(connection, format!("ALTER SEQUENCE {name} RESTART WITH {next}")).await?;
    }
    Ok(())
}
