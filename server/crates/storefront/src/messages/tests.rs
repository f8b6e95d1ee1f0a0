//! Threads and their messages are found by indexes.

use super::store::{MESSAGES, THREADS, UNREAD_THREADS};
use crate::MIGRATIONS;
use crate::databases::each;
use platform::db::Backend;
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn messages_are_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    for query in MESSAGES.into_iter().chain(THREADS).chain([UNREAD_THREADS]) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        // "n" is what was found for a count.
        let found = |step: &str| step.starts_with("SEARCH ") || step == "SCAN n" || step == "CO-ROUTINE n";
        assert!(plan.iter().all(|step| found(&step.3)), "{query}: {plan:?}");
    }
}
