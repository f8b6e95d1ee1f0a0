//! A batch as one statement: each of its statements is a common table expression, and the query over them fails when
//! a guard does not find its row. Nothing then remains of any (the statement is its own transaction), and an action
//! costs one trip to the server.

use crate::db::batch::{Statement, Statements, UnmetAt, Value, bind_all};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};
use std::fmt::Write;

/// Begins the text that is no number, in the error that a guard raises.
const UNMET: &str = "unmet:";
/// `invalid_text_representation`.
const NO_NUMBER: &str = "22P02";

/// The text and its values, to be sent as often as it takes.
#[derive(Debug)]
pub(super) struct Joined {
    sql: String,
    values: Vec<Value>,
}

impl Joined {
    pub(super) fn of(statements: Statements) -> Self {
        let mut sql = String::with_capacity(4096);
        let mut first_value = 0;
        for (index, statement) in statements.all.iter().enumerate() {
            sql.push_str(if index == 0 { "WITH " } else { ", " });
            let returned = statement.changed.map_or("1", |changed| changed.columns);
            let before = &statements.all[..index];
            written!(
                sql,
                "s{index} AS ({} RETURNING {returned})",
                expression(statement, before, first_value)
            );
            first_value += statement.values.len();
        }
        // A condition is looked at when those before it do not hold, and looking at it runs its statement: rows are
        // locked in the order of the statements, those without a guard (whose condition never holds) among them.
        sql.push_str(" SELECT CASE");
        for index in 0..statements.all.len() {
            let found = format!("(SELECT COUNT(*) FROM s{index})");
            if statements.is_guarded(index) {
                written!(sql, " WHEN {found} <> 1 THEN CAST('{UNMET}{index},' || {found} AS BIGINT)");
            } else {
                written!(sql, " WHEN {found} < 0 THEN 0");
            }
        }
        sql.push_str(" ELSE 0 END");
        Self { sql, values: statements.all.into_iter().flat_map(|statement| statement.values).collect() }
    }

    pub(super) fn query(&self) -> Query<'static, Any, AnyArguments> {
        bind_all(sqlx::query(AssertSqlSafe(self.sql.clone())), &self.values)
    }
}

/// The statement with its values numbered behind those before it, and with what was changed in place of tables.
fn expression(statement: &Statement, before: &[Statement], first_value: usize) -> String {
    let mut text = String::with_capacity(statement.sql.len() + 64);
    let mut rest = &*statement.sql;
    while let Some(at) = rest.find(['$', '{']) {
        text.push_str(&rest[..at]);
        let is_value = rest[at..].starts_with('$');
        rest = &rest[at + 1..];
        if is_value {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let number: usize = rest[..end].parse().unwrap_or_default();
            written!(text, "${}", first_value + number);
            rest = &rest[end..];
        } else {
            let end = rest.find('}').unwrap_or(rest.len());
            text.push_str(&what_was_changed(&rest[..end], before));
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    text.push_str(rest);
    text
}

/// A table that nothing changed is itself.
fn what_was_changed(table: &str, before: &[Statement]) -> String {
    let parts = before.iter().enumerate().filter_map(|(index, statement)| {
        let changed = statement.changed.filter(|changed| changed.table == table)?;
        Some(format!("SELECT {} FROM s{index}", changed.columns))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { table.to_owned() } else { format!("({})", parts.join(" UNION ALL ")) }
}

/// Whether it is a guard that failed, and which.
pub(super) fn unmet(error: &sqlx::Error) -> Option<UnmetAt> {
    let told = error.as_database_error().filter(|told| told.code().is_some_and(|code| code == NO_NUMBER))?;
    let (_, number) = told.message().split_once(UNMET)?;
    Some(UnmetAt(number.split(',').next()?.parse().ok()?))
}

/// Writing to a text does not fail.
macro_rules! written {
    ($text:expr, $($what:tt)*) => {
        let _ = write!($text, $($what)*);
    };
}
use written;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Batch;

    #[test]
    fn statements_are_numbered_through_and_guards_are_looked_at_in_order() {
        let mut batch = Batch::default();
        batch.guard(Statement::new("INSERT INTO a (x, y) VALUES ($1, $2)").bind(1).bind("b"), 'a');
        let update = Statement::new("UPDATE t SET n = n + $1 WHERE id = $2").bind(2).bind("t");
        batch.guard(update.changing("t", "id, n"), 't');
        batch.push(Statement::new("INSERT INTO b SELECT $1, t.n FROM {t} t, {u} u").bind(3));
        let joined = Joined::of(batch.into_parts().0);
        let expected = "WITH s0 AS (INSERT INTO a (x, y) VALUES ($1, $2) RETURNING 1), \
             s1 AS (UPDATE t SET n = n + $3 WHERE id = $4 RETURNING id, n), \
             s2 AS (INSERT INTO b SELECT $5, t.n FROM (SELECT id, n FROM s1) t, u u RETURNING 1) \
             SELECT CASE WHEN (SELECT COUNT(*) FROM s0) <> 1 THEN CAST('unmet:0,' || (SELECT COUNT(*) FROM s0) AS BIGINT) \
             WHEN (SELECT COUNT(*) FROM s1) <> 1 THEN CAST('unmet:1,' || (SELECT COUNT(*) FROM s1) AS BIGINT) \
             WHEN (SELECT COUNT(*) FROM s2) < 0 THEN 0 ELSE 0 END";
        assert_eq!(joined.sql, expected);
        assert_eq!(joined.values.len(), 5);
    }
}
