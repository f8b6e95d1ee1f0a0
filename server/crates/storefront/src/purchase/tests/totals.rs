//! What pages show of all orders is what the orders amount to, whatever happened to them.

use super::{PRINT, SONG, Stage};
use crate::orders::state::Phase;
use platform::Random;
use platform::db::Backend;
use sqlx::{AnyConnection, AssertSqlSafe};

const STEPS: usize = 300;
const ORDERS: usize = 8;

/// Each with what is counted on, and the same added up.
const TOTALS: [(&str, &str); 9] = [
    (
        "SELECT state, orders, fees FROM order_totals WHERE orders <> 0 OR fees <> 0",
        "SELECT state, COUNT(*), CAST(SUM(CASE WHEN state IN ('Paid', 'Refunded') THEN COALESCE(marketplace_fee, 0) \
         ELSE 0 END) AS BIGINT) FROM orders GROUP BY state",
    ),
    (
        "SELECT merchant_id, earned, CAST(0 AS BIGINT) FROM merchant_totals WHERE earned <> 0",
        "SELECT merchant_id, earned, CAST(0 AS BIGINT) FROM (SELECT merchant_id, \
         CAST(SUM(CASE state WHEN 'Paid' THEN COALESCE(charged, price) - refunded ELSE 0 END - marketplace_fee - amazon_fee) AS BIGINT) \
         AS earned FROM orders WHERE state IN ('Paid', 'Refunded') AND marketplace_fee IS NOT NULL \
         GROUP BY merchant_id) s WHERE earned <> 0",
    ),
    (
        "SELECT item_id, sold, CAST(0 AS BIGINT) FROM item_totals WHERE sold <> 0",
        "SELECT item_id, COUNT(*), CAST(0 AS BIGINT) FROM orders WHERE state = 'Paid' GROUP BY item_id",
    ),
    (
        "SELECT item_id, day, sold FROM item_days WHERE sold <> 0",
        "SELECT item_id, created_at / 86400000000, COUNT(*) FROM orders WHERE state = 'Paid' GROUP BY 1, 2",
    ),
    (
        "SELECT merchant_id, sold * 1000 + day % 1000, gross FROM sales_days WHERE merchant_id <> '' AND sold <> 0",
        "SELECT merchant_id, COUNT(*) * 1000 + created_at / 86400000000 % 1000, CAST(SUM(COALESCE(charged, price)) AS BIGINT) \
         FROM orders WHERE state IN ('Paid', 'Refunded') GROUP BY merchant_id, created_at / 86400000000",
    ),
    (
        "SELECT CAST(day AS TEXT), refunded * 1000 + refunds, marketplace_fees * 1000 + amazon_fees * 1000000 + fees_unknown \
         FROM sales_days WHERE merchant_id = '' AND sold <> 0",
        "SELECT CAST(created_at / 86400000000 AS TEXT), \
         CAST(SUM(CASE state WHEN 'Refunded' THEN COALESCE(charged, price) ELSE refunded END) * 1000 \
         + SUM(CASE WHEN state = 'Refunded' OR refunded > 0 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(COALESCE(marketplace_fee, 0) * 1000 + COALESCE(amazon_fee, 0) * 1000000 \
         + CASE WHEN amazon_fee IS NULL THEN 1 ELSE 0 END) AS BIGINT) \
         FROM orders WHERE state IN ('Paid', 'Refunded') GROUP BY created_at / 86400000000",
    ),
    (
        "SELECT merchant_id, CAST(SUM(gross) AS BIGINT), CAST(SUM(refunded) AS BIGINT) FROM sales_days \
         GROUP BY merchant_id HAVING SUM(sold) <> 0",
        "SELECT m.id, CAST(SUM(COALESCE(charged, price)) AS BIGINT), \
         CAST(SUM(CASE state WHEN 'Refunded' THEN COALESCE(charged, price) ELSE refunded END) AS BIGINT) FROM orders o \
         JOIN (SELECT id FROM merchants UNION ALL SELECT '') m ON m.id IN (o.merchant_id, '') \
         WHERE state IN ('Paid', 'Refunded') GROUP BY m.id",
    ),
    (
        "SELECT merchant_id || ' ' || item_id, sold * 1000 + day % 1000, gross * 1000 - refunded FROM item_sales_days \
         WHERE sold <> 0",
        "SELECT merchant_id || ' ' || item_id, COUNT(*) * 1000 + created_at / 86400000000 % 1000, \
         CAST(SUM(COALESCE(charged, price) * 1000 - CASE state WHEN 'Refunded' THEN COALESCE(charged, price) ELSE refunded END) AS BIGINT) FROM orders \
         WHERE state IN ('Paid', 'Refunded') GROUP BY merchant_id, item_id, created_at / 86400000000",
    ),
    (
        "SELECT merchant_id || ' ' || buyer_id, bought, gross * 1000 - refunded FROM customers WHERE bought <> 0",
        "SELECT merchant_id || ' ' || buyer_id, COUNT(*), \
         CAST(SUM(COALESCE(charged, price) * 1000 - CASE state WHEN 'Refunded' THEN COALESCE(charged, price) ELSE refunded END) AS BIGINT) FROM orders \
         WHERE state IN ('Paid', 'Refunded') GROUP BY merchant_id, buyer_id",
    ),
];

impl Stage {
    async fn totals_are_the_sums(&self, after: &str) {
        for (counted, added_up) in TOTALS {
            let mut rows = Vec::new();
            for query in [counted, added_up] {
                let mut found: Vec<(String, i64, i64)> =
                    sqlx::query_as(query).fetch_all(self.shop.db.readers()).await.unwrap();
                found.sort();
                rows.push(found);
            }
            assert_eq!(rows[0], rows[1], "{counted} after {after}");
        }
    }

    pub(super) async fn change(&self, statements: Vec<String>) {
        let changed: Result<(), sqlx::Error> =
            self.shop.db.transact(statements, |c, statements| Box::pin(all(c, statements))).await;
        changed.unwrap();
    }
}

async fn all(connection: &mut AnyConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *connection).await?;
    }
    Ok(())
}

fn one_of<T: Copy>(random: &Random, all: &[T]) -> T {
    all[usize::try_from(random.next_u64() % all.len() as u64).unwrap()]
}

/// Anything that can stand in an order's row, whatever stood there.
fn any_change(random: &Random, order: &str) -> String {
    let state = one_of(random, Phase::ALL).as_str();
    let (item, merchant) = (one_of(random, &[SONG, PRINT]), one_of(random, &["m", "n"]));
    let (price, refunded) = (1 + random.next_u64() % 1_000_000, random.next_u64() % 1_000_000);
    let fees = match random.next_u64() % 4 {
        0 => "marketplace_fee = NULL, amazon_fee = NULL".to_owned(),
        some => format!("marketplace_fee = {}, amazon_fee = {}", some * 1_000, random.next_u64() % 1_000),
    };
    let charged = match random.next_u64() % 2 {
        0 => "NULL".to_owned(),
        _ => (random.next_u64() % price).to_string(),
    };
    match random.next_u64() % 5 {
        0 => format!("UPDATE orders SET charged = {charged} WHERE id = '{order}'"),
        4 => format!("UPDATE orders SET item_id = '{item}', merchant_id = '{merchant}' WHERE id = '{order}'"),
        1 => format!(
            "UPDATE orders SET price = {price}, charged = {charged}, refunded = {refunded} WHERE id = '{order}'"
        ),
        _ => format!("UPDATE orders SET state = '{state}', {fees} WHERE id = '{order}'"),
    }
}

#[tokio::test]
async fn totals_follow_whatever_happens_to_orders() {
    for stage in Stage::set_on_each().await {
        let (random, mut orders) = (Random::seeded(7), Vec::new());
        for step in 0..STEPS {
            if orders.len() < ORDERS && random.next_u64().is_multiple_of(8) {
                stage.shop.clock.advance(jiff::SignedDuration::from_hours(3)).unwrap();
                orders.push(stage.place(one_of(&random, &[SONG, PRINT])).await);
            } else if !orders.is_empty() {
                let order = &orders[usize::try_from(random.next_u64()).unwrap() % orders.len()];
                let more = random.next_u64() % 2;
                stage.change((0..=more).map(|_| any_change(&random, order.as_str())).collect()).await;
            }
            stage.totals_are_the_sums(&format!("step {step}")).await;
        }
        assert_eq!(orders.len(), ORDERS);
        let gone = ["order_attempts", "order_events", "orders"].map(|table| format!("DELETE FROM {table}"));
        stage.change(gone.to_vec()).await;
        stage.totals_are_the_sums("all were deleted").await;
    }
}

/// Those who change orders at the same time wait for each other, and nothing of either is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn totals_are_right_when_many_orders_change_at_once() {
    for stage in Stage::set_on_each().await {
        let mut orders = Vec::new();
        for _ in 0..ORDERS {
            stage.shop.clock.advance(jiff::SignedDuration::from_hours(3)).unwrap();
            orders.push(stage.place(SONG).await);
        }
        let tasks = orders.iter().zip(1..).map(|(order, seed)| {
            let (random, order) = (Random::seeded(seed), order.to_string());
            let stage = &stage;
            async move {
                for _ in 0..40 {
                    stage.change(vec![any_change(&random, &order)]).await;
                }
            }
        });
        futures_util::future::join_all(tasks).await;
        stage.totals_are_the_sums("many changes at once").await;
    }
}

/// Orders from before there were totals are counted where they stand.
#[tokio::test]
async fn a_database_from_before_is_counted_once() {
    for stage in Stage::set_on_each().await {
        stage.bought(SONG).await;
        stage.place(PRINT).await;
        let file = match stage.shop.db.backend() {
            Backend::Sqlite => include_str!("../../../../../../migrations/shop/sqlite/0009_totals.sql"),
            Backend::Postgres => include_str!("../../../../../../migrations/shop/postgres/0009_totals.sql"),
        };
        // The part that fills them, on tables that are empty.
        let begin = file.find("INSERT INTO order_totals").unwrap();
        let filling = &file[begin..begin + file[begin..].find("\n\n").unwrap()];
        let mut statements = ["order_totals", "merchant_totals", "item_totals"]
            .map(|table| format!("DELETE FROM {table}"))
            .to_vec();
        statements.extend(filling.split_terminator(';').map(ToOwned::to_owned));
        assert_eq!(statements.len(), 6, "{filling}");
        stage.change(statements).await;
        stage.totals_are_the_sums("the tables were filled").await;
        let sold: i64 = sqlx::query_scalar("SELECT CAST(SUM(sold) AS BIGINT) FROM item_totals")
            .fetch_one(stage.shop.db.readers())
            .await
            .unwrap();
        assert_eq!(sold, 1);
    }
}
