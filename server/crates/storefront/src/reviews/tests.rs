//! Reviews are found by indexes, and counted whatever happens to them.

use super::public_name;
use super::store::{OF_ITEM, OF_MERCHANT, rating, statement};
use crate::MIGRATIONS;
use crate::databases::each;
use platform::db::Backend;
use platform::{Database, Random};
use shop_pages::model::Rating;
use sqlx::{AnyConnection, AssertSqlSafe};

#[test]
fn others_see_no_more_of_a_name_than_they_need() {
    for (name, shown) in [
        ("Jane Doe", "Jane D."),
        ("Bram de Wit", "Bram W."),
        ("Prince", "Prince"),
        ("  ", "Somebody"),
        ("ünder  ärmel", "ünder ä."),
    ] {
        assert_eq!(public_name(name), shown, "{name:?}");
    }
}

#[tokio::test]
async fn reviews_are_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    let lists = OF_ITEM.into_iter().chain(OF_MERCHANT).map(str::to_owned);
    let all = [false, true].into_iter().flat_map(|held| [false, true].map(|newer| statement(held, newer)));
    for query in lists.chain(all) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        assert!(plan.iter().all(|step| step.3.starts_with("SEARCH ")), "{query}: {plan:?}");
    }
}

const WORLD: [&str; 5] = [
    "INSERT INTO users (id, email, name, password_hash, operator, created_at) VALUES \
     ('s', 's@example.com', 'S', '', 0, 0), ('a', 'a@example.com', 'A', '', 0, 0), ('b', 'b@example.com', 'B', '', 0, 0), \
     ('c', 'c@example.com', 'C', '', 0, 0)",
    "INSERT INTO merchants (id, user_id, name, created_at) VALUES ('m', 's', 'Seller', 0)",
    "INSERT INTO categories (slug, name, position) VALUES ('music', 'Music', 1)",
    "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, physical, \
     licence, created_at) VALUES ('i', 'i', 'm', 'music', 'I', '', '', 1, 'Manual', 1, '', 0), \
     ('j', 'j', 'm', 'music', 'J', '', '', 1, 'Manual', 1, '', 0)",
    "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
     recipient_token_id, refund_token_id, delivery, physical, caller_reference, state, created_at, updated_at) VALUES \
     ('o', 'a', 'i', 'm', 'I', 1, 0, 0, 'R', 'F', 'Manual', 1, 'c', 'Paid', 0, 0)",
];

async fn run(db: &Database, statements: Vec<String>) {
    let written: Result<(), sqlx::Error> = db
        .transact(statements, |c: &mut AnyConnection, all| {
            Box::pin(async move {
                for statement in all {
                    sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *c).await?;
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

async fn counted(db: &Database, table: &str, column: &str, id: &str) -> Rating {
    let sql = format!("SELECT one, two, three, four, five FROM {table} WHERE {column} = '{id}'");
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_optional(db.readers()).await.unwrap();
    row.map_or(Rating::default(), |row| rating(&row).unwrap())
}

async fn added_up(db: &Database, column: &str, id: &str) -> Rating {
    let mut counts = [0; 5];
    for (stars, count) in (1..).zip(&mut counts) {
        let sql = format!(
            "SELECT COUNT(*) FROM reviews WHERE {column} = '{id}' AND stars = {stars} AND withdrawn_at IS NULL \
             AND held_at IS NULL"
        );
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db.readers()).await.unwrap();
        *count = u32::try_from(found).unwrap();
    }
    Rating(counts)
}

/// Written, changed, withdrawn, held and deleted at random: what is counted is what one gets by adding up.
#[tokio::test]
async fn whatever_happens_to_reviews_is_counted() {
    for test in each(&MIGRATIONS).await {
        run(&test.db, WORLD.map(str::to_owned).into()).await;
        let random = Random::seeded(23);
        let below = |bound: u64| random.next_u64() % bound;
        let generation = "SELECT generation FROM catalogue_generation";
        let before: i64 = sqlx::query_scalar(generation).fetch_one(test.db.readers()).await.unwrap();
        for _ in 0..60 {
            let (item, buyer) = (
                ["i", "j"][usize::try_from(below(2)).unwrap()],
                ["a", "b", "c"][usize::try_from(below(3)).unwrap()],
            );
            let which = format!("WHERE item_id = '{item}' AND buyer_id = '{buyer}'");
            let stars = 1 + below(5);
            let statement = match below(8) {
                0..3 => format!(
                    "INSERT INTO reviews (id, item_id, merchant_id, buyer_id, order_id, stars, words, at) VALUES \
                     ('{item}{buyer}', '{item}', 'm', '{buyer}', 'o', {stars}, '', 0) \
                     ON CONFLICT (item_id, buyer_id) DO UPDATE SET stars = {stars}"
                ),
                3 => format!("UPDATE reviews SET withdrawn_at = 1 {which}"),
                4 => format!("UPDATE reviews SET withdrawn_at = NULL, stars = {stars} {which}"),
                5 => format!("UPDATE reviews SET held_at = 1, held_reason = '' {which}"),
                6 => format!("UPDATE reviews SET held_at = NULL, held_reason = NULL {which}"),
                _ => format!("DELETE FROM reviews {which}"),
            };
            run(&test.db, vec![statement]).await;
            for item in ["i", "j"] {
                let found = counted(&test.db, "item_ratings", "item_id", item).await;
                assert_eq!(found, added_up(&test.db, "item_id", item).await);
            }
            let of_merchant = counted(&test.db, "merchant_ratings", "merchant_id", "m").await;
            assert_eq!(of_merchant, added_up(&test.db, "merchant_id", "m").await);
        }
        let after: i64 = sqlx::query_scalar(generation).fetch_one(test.db.readers()).await.unwrap();
        assert!(after > before, "pages with reviews are made anew");
    }
}
