//! A page of figures reads the days that it shows, by an index.

use super::{DAYS, TOP_OF_MARKET, TOP_OF_MERCHANT, customers};
use crate::MIGRATIONS;
use crate::databases::each;
use platform::db::Backend;
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn figures_are_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    for query in [DAYS, TOP_OF_MERCHANT, TOP_OF_MARKET].into_iter().chain(customers::PAGES) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        // "s" is what was added up, at most as many rows as are shown.
        let scans: Vec<_> =
            plan.iter().filter(|step| step.3.starts_with("SCAN ") && step.3 != "SCAN s").collect();
        assert!(scans.is_empty(), "{query}: {plan:?}");
    }
}
