//! What tables there are, from the database itself: no list of them has to be kept, and none can be forgotten.

use super::{Backend, Columns, rows};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// One that has rows of the site's: not that of the migrations.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) name: String,
    /// Those that are written, not those that the database makes of others.
    pub(super) columns: Vec<String>,
    /// Of the primary key; empty where there is none.
    pub(super) key: Vec<String>,
    /// What else must be unique among all rows.
    pub(super) unique: Vec<Vec<String>>,
    pub(super) parents: Vec<Parent>,
    /// SQLite: its rows have numbers besides their columns.
    pub(super) numbered: bool,
}

/// A foreign key.
#[derive(Debug, Clone, Default)]
pub(super) struct Parent {
    pub(super) columns: Vec<String>,
    pub(super) table: String,
    pub(super) referred: Vec<String>,
}

/// What differs between the two backends: three questions with answers of one shape.
struct Questions {
    /// `tab`, `col`, `numbered`, in their order.
    columns: &'static str,
    /// `tab`, `ind`, `is_primary`, `col` (or NULL, for an expression), in their order.
    unique: &'static str,
    /// `tab`, `ref`, `parent`, `col`, `parent_col` (NULL: its key), in their order.
    parents: &'static str,
}

const SQLITE: Questions = Questions {
    columns: "SELECT t.name AS tab, c.name AS col, \
         (t.wr = 0 AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(t.name) k \
                                   WHERE k.pk > 0 AND UPPER(k.type) = 'INTEGER')) AS numbered \
         FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c \
         WHERE t.schema = 'main' AND t.type IN ('table', 'shadow') AND c.hidden = 0 \
         AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> '_sqlx_migrations' ORDER BY t.name, c.cid",
    unique: "SELECT tab, ind, is_primary, col FROM (\
         SELECT t.name AS tab, '' AS ind, 1 AS is_primary, c.name AS col, c.pk AS place \
         FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c WHERE t.schema = 'main' AND c.pk > 0 \
         UNION ALL \
         SELECT t.name, l.name, 0, i.name, i.seqno FROM pragma_table_list t JOIN pragma_index_list(t.name) l \
         JOIN pragma_index_info(l.name) i \
         WHERE t.schema = 'main' AND l.\"unique\" = 1 AND l.partial = 0 AND l.origin <> 'pk') ORDER BY tab, ind, place",
    parents: "SELECT t.name AS tab, CAST(f.id AS TEXT) AS ref, f.\"table\" AS parent, f.\"from\" AS col, \
         f.\"to\" AS parent_col FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f \
         WHERE t.schema = 'main' ORDER BY t.name, f.id, f.seq",
};

const POSTGRES: Questions = Questions {
    columns: "SELECT CAST(c.relname AS TEXT) AS tab, CAST(a.attname AS TEXT) AS col, CAST(0 AS BIGINT) AS numbered \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0 \
         AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> '_sqlx_migrations' \
         ORDER BY c.relname, a.attnum",
    unique: "SELECT CAST(c.relname AS TEXT) AS tab, CAST(n.relname AS TEXT) AS ind, \
         CAST(CAST(i.indisprimary AS INT) AS BIGINT) AS is_primary, CAST(a.attname AS TEXT) AS col \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
         CROSS JOIN LATERAL unnest(CAST(i.indkey AS INT2[])) WITH ORDINALITY AS k (number, place) \
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0 \
         WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND i.indisunique AND i.indpred IS NULL \
         AND k.place <= i.indnkeyatts ORDER BY c.relname, n.relname, k.place",
    parents: "SELECT CAST(c.relname AS TEXT) AS tab, CAST(f.conname AS TEXT) AS ref, CAST(p.relname AS TEXT) AS parent, \
         CAST(a.attname AS TEXT) AS col, CAST(b.attname AS TEXT) AS parent_col \
         FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid \
         CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, theirs, place) \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.own \
         JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = k.theirs \
         WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND f.contype = 'f' \
         ORDER BY c.relname, f.conname, k.place",
};

/// The live database's, by name.
pub(super) async fn read(
    connection: &mut AnyConnection,
    backend: Backend,
) -> Result<Vec<Table>, sqlx::Error> {
    let questions = match backend {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => POSTGRES,
    };
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in rows(connection, questions.columns.to_owned()).await? {
        let name = row.text("tab")?;
        let table = tables.entry(name.clone()).or_insert_with(|| Table { name, ..Table::default() });
        table.columns.push(row.text("col")?);
        table.numbered = row.flag("numbered")?;
    }
    for index in groups(&rows(connection, questions.unique.to_owned()).await?, "ind") {
        let Some((first, table)) = of_table(index, &mut tables)? else { continue };
        // An expression is no column; what must be unique then cannot be said in columns.
        let columns = all_of(index, "col")?;
        match columns {
            Some(key) if first.flag("is_primary")? => table.key = key,
            Some(unique) => table.unique.push(unique),
            None => {}
        }
    }
    let keys: BTreeMap<String, Vec<String>> =
        tables.values().map(|table| (table.name.clone(), table.key.clone())).collect();
    for reference in groups(&rows(connection, questions.parents.to_owned()).await?, "ref") {
        let Some((first, table)) = of_table(reference, &mut tables)? else { continue };
        let parent = first.text("parent")?;
        let columns = all_of(reference, "col")?.unwrap_or_default();
        let referred = all_of(reference, "parent_col")?;
        let referred = referred.or_else(|| keys.get(&parent).cloned()).unwrap_or_default();
        table.parents.push(Parent { columns, table: parent, referred });
    }
    Ok(tables.into_values().collect())
}

/// Neighbours of the same table and `name`.
fn groups<'r>(all: &'r [AnyRow], name: &'r str) -> impl Iterator<Item = &'r [AnyRow]> {
    let of = move |row: &AnyRow| Some((row.text("tab").ok()?, row.text(name).ok()?));
    all.chunk_by(move |one, other| of(one) == of(other))
}

/// `None`: its table has no rows of the site's.
fn of_table<'r, 't>(
    group: &'r [AnyRow],
    tables: &'t mut BTreeMap<String, Table>,
) -> Result<Option<(&'r AnyRow, &'t mut Table)>, sqlx::Error> {
    let Some(first) = group.first() else { return Ok(None) };
    Ok(tables.get_mut(&first.text("tab")?).map(|table| (first, table)))
}

/// A column of each row; `None` where one of them is NULL.
fn all_of(group: &[AnyRow], column: &str) -> Result<Option<Vec<String>>, sqlx::Error> {
    group.iter().map(|row| row.optional(column, Columns::text)).collect()
}
