//! Nothing of a person is forgotten, and nothing secret told.

use super::tables::{Column, LEFT_OUT, SECTIONS};
use crate::MIGRATIONS;
use crate::databases::each;
use platform::db::Backend;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// Of each table, the columns that its sections and parts name.
fn named() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut name = |table, columns: &'static [Column], others: &[&[&'static str]]| {
        let columns = columns.iter().filter(|column| column.expression.is_none()).map(|column| column.name);
        let others = others.iter().copied().flatten().copied();
        named.entry(table).or_default().extend(columns.chain(others));
    };
    for section in SECTIONS.into_iter().flatten() {
        name(section.table, section.columns, &[section.without]);
        for part in section.parts {
            name(part.table, part.columns, &[part.without, &[part.link]]);
        }
    }
    named
}

#[tokio::test]
async fn each_table_and_each_column_is_in_the_file_or_named_as_left_out() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    let there: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' \
         AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name <> '_sqlx_migrations'",
    )
    .fetch_all(sqlite.db.readers())
    .await
    .unwrap();
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, column) in &there {
        tables.entry(table).or_default().insert(column);
    }
    for (left_out, why) in LEFT_OUT {
        for table in *left_out {
            assert!(tables.remove(table).is_some(), "{table} is left out as {why}, and not there");
        }
    }
    // What is wrong here is a table or a column that somebody added: is it a person's?
    assert_eq!(named(), tables);
}

#[tokio::test]
async fn nothing_that_lets_somebody_in_is_in_the_file() {
    let secret = ["password", "digest", "token", "secret", "key"];
    for section in SECTIONS.into_iter().flatten() {
        let parts = section.parts.iter().flat_map(|part| part.columns);
        for column in section.columns.iter().chain(parts) {
            assert!(!secret.iter().any(|word| column.name.contains(word)), "{}", column.name);
        }
    }
}

#[tokio::test]
async fn the_rows_of_a_person_are_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    for section in SECTIONS.into_iter().flatten() {
        let explain = format!(
            "EXPLAIN QUERY PLAN SELECT 1 FROM {} WHERE {} AND {} > $2 LIMIT $3",
            section.table, section.whose, section.key
        );
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(explain)).fetch_all(sqlite.db.readers()).await.unwrap();
        assert!(plan.iter().all(|step| !step.3.starts_with("SCAN ")), "{}: {plan:?}", section.name);
    }
}
