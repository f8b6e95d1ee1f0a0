//! First pages cost what they show, however much there is.

use super::{download_grants, found, lists, notices, refund_requests, sales_file, sold};
use crate::MIGRATIONS;
use crate::catalogue::holds;
use crate::catalogue::store::PAGES_OF_MERCHANT;
use crate::databases::each;
use crate::merchants::people;
use platform::db::Backend;
use sqlx::AssertSqlSafe;

/// Everything is found by an index that has it in order: nothing is gone through, and nothing is sorted.
#[tokio::test]
async fn first_pages_are_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    let lists = lists::FIRST_PAGES.iter().chain(&notices::FIRST_PAGES).chain(&refund_requests::FIRST_PAGES);
    let lists = lists
        .chain(&download_grants::PAGES)
        .chain(PAGES_OF_MERCHANT.as_flattened())
        .chain(&refund_requests::DISPUTED)
        .chain([&sales_file::SALES]);
    let sold: Vec<&str> =
        sold::ALL_STATEMENTS.iter().flat_map(|([older, newer], found)| [*older, *newer, *found]).collect();
    let operators = found::first_pages().into_iter().chain(people::first_pages()).chain(holds::first_pages());
    for query in lists.chain(&sold).map(|query| (*query).to_owned()).chain(operators) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        for (_, _, _, step) in &plan {
            // What all sellers have is read in its order, up to the limit; "n" is what was found for a count.
            let in_order = step == "SCAN o USING INDEX orders_by_age"
                || step == "SCAN r USING INDEX refund_requests_open"
                || step == "SCAN r USING INDEX refund_requests_declined"
                || step == "SCAN r USING INDEX refund_requests_escalated"
                || step == "SCAN n"
                || step == "CO-ROUTINE n"
                || step == "CORRELATED SCALAR SUBQUERY 1";
            assert!(in_order || step.starts_with("SEARCH "), "{query}: {step} in {plan:?}");
        }
        // Of all orders, an index by what they are is no way to the few that are shown.
        assert!(!plan.iter().any(|step| step.3.contains("orders_by_state (")), "{query}: {plan:?}");
    }
}
