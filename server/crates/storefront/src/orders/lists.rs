//! Lists of orders, for the buyer, the merchant and the operator. What a merchant looks for is in [`sold`](super::sold).

use super::order::{Order, Shipping};
use super::rows::{select_orders, shipping};
use super::view::{self, Role};
use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::ids::{ItemId, MerchantId, OrderId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use shop_pages::model::{OrderSummary, RefundedSale};
use sqlx::{AnyExecutor, AssertSqlSafe};
use std::collections::HashMap;
use text_types::sql::placeholders;

/// What `item_days.day` counts in.
const MICROSECONDS_OF_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What is older than a place, and what is newer, of the orders of one owner, who is `$1`.
macro_rules! pages_of {
    ($which:literal) => {
        [
            $crate::orders::rows::select_orders!(concat!(
                "WHERE ",
                $which,
                " AND (o.created_at, o.id) < ($2, $3) ORDER BY o.created_at DESC, o.id DESC LIMIT $4"
            )),
            $crate::orders::rows::select_orders!(concat!(
                "WHERE ",
                $which,
                " AND (o.created_at, o.id) > ($2, $3) ORDER BY o.created_at, o.id LIMIT $4"
            )),
        ]
    };
}
pub(super) use pages_of;

const SOLD: &str = select_orders!(
    "WHERE o.merchant_id = $1 AND o.transaction_id IS NOT NULL ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
);
/// What is newer than a place, and what is older.
const TO_FULFIL: [&str; 2] = {
    let [older, newer] = pages_of!("o.merchant_id = $1 AND o.state IN ('Reserved', 'SettleFailed')");
    [newer, older]
};
const WAITING: &str = "SELECT COUNT(*) AS orders, MIN(created_at) AS since FROM orders \
    WHERE merchant_id = $1 AND state IN ('Reserved', 'SettleFailed')";
/// The condition stands as it does in the index.
const REFUNDED: &str = select_orders!(
    "WHERE o.merchant_id = $1 AND o.created_at >= $2 AND o.created_at < $3 AND (o.state = 'Refunded' OR o.refunded > 0) \
     ORDER BY o.created_at DESC, o.id DESC LIMIT $4"
);
const NEWEST: &str = select_orders!("ORDER BY o.created_at DESC, o.id DESC LIMIT $1");
const BOUGHT: [&str; 2] = pages_of!("o.buyer_id = $1");

/// What is older than a place among what a customer bought, and what is newer.
const OF_CUSTOMER: [&str; 2] = [
    select_orders!(
        "WHERE o.merchant_id = $4 AND o.buyer_id = $5 AND o.transaction_id IS NOT NULL \
         AND (o.created_at, o.id) < ($1, $2) ORDER BY o.created_at DESC, o.id DESC LIMIT $3"
    ),
    select_orders!(
        "WHERE o.merchant_id = $4 AND o.buyer_id = $5 AND o.transaction_id IS NOT NULL \
         AND (o.created_at, o.id) > ($1, $2) ORDER BY o.created_at, o.id LIMIT $3"
    ),
];

/// What the pages of buyers, of sellers and of the operator ask of all orders.
#[cfg(test)]
pub const FIRST_PAGES: [&str; 10] = [
    SOLD,
    TO_FULFIL[0],
    TO_FULFIL[1],
    WAITING,
    REFUNDED,
    NEWEST,
    BOUGHT[0],
    BOUGHT[1],
    OF_CUSTOMER[0],
    OF_CUSTOMER[1],
];

fn summaries(orders: Vec<Order>, role: Role) -> Vec<OrderSummary> {
    orders.into_iter().map(|order| view::summary(&order, role)).collect()
}

/// Up to `limit` of a part of what the buyer ordered, newest first.
pub async fn for_buyer(
    db: &Database,
    buyer: &UserId,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    paging::rows_of(db, BOUGHT, buyer.as_str(), part, limit).await
}

/// Where the buyer had things sent, each once, the latest first.
pub async fn addresses(db: &Database, buyer: &UserId, limit: i64) -> Result<Vec<Shipping>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT ship_name, ship_line1, ship_line2, ship_city, ship_state, ship_zip, ship_country, \
         MIN(ship_speed) AS ship_speed FROM orders WHERE buyer_id = $1 AND ship_name IS NOT NULL \
         GROUP BY ship_name, ship_line1, ship_line2, ship_city, ship_state, ship_zip, ship_country \
         ORDER BY MAX(created_at) DESC LIMIT $2",
    )
    .bind(buyer.as_str())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter().filter_map(|row| shipping(row).transpose()).collect()
}

/// The latest that the merchant sold, newest first; without what was never authorized.
pub async fn for_merchant(
    db: &Database,
    merchant: &MerchantId,
    limit: i64,
) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(SOLD).bind(merchant.as_str()).bind(limit).fetch_all(db.readers()).await?;
    Ok(summaries(orders, Role::Merchant))
}

/// Up to `limit` of a part of what the merchant has to do, the longest waiting first.
pub async fn to_fulfil(
    db: &Database,
    merchant: &MerchantId,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    paging::rows_of_waiting(db, TO_FULFIL, merchant.as_str(), part, limit).await
}

/// How many those are, and since when the first of them waits.
pub async fn waiting(
    db: &Database,
    merchant: &MerchantId,
) -> Result<(usize, Option<Timestamp>), sqlx::Error> {
    let row = sqlx::query(WAITING).bind(merchant.as_str()).fetch_one(db.readers()).await?;
    let orders = usize::try_from(row.integer("orders")?).unwrap_or_default();
    Ok((orders, row.optional("since", Columns::time)?))
}

/// The newest sales, of those placed from a moment on and before another, of which money went back.
pub async fn refunded(
    db: &Database,
    merchant: &MerchantId,
    [from, before]: [Timestamp; 2],
    limit: i64,
) -> Result<Vec<RefundedSale>, sqlx::Error> {
    let orders: Vec<Order> = sqlx::query_as(REFUNDED)
        .bind(merchant.as_str())
        .bind(from.as_microsecond())
        .bind(before.as_microsecond())
        .bind(limit)
        .fetch_all(db.readers())
        .await?;
    Ok(orders.iter().map(view::refunded_sale).collect())
}

/// Up to `limit` of a part of what somebody bought of the merchant, the newest first.
pub async fn of_customer(
    db: &Database,
    merchant: &MerchantId,
    buyer: &UserId,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    let [older, newer] = OF_CUSTOMER;
    let values = vec![merchant.to_string(), buyer.to_string()];
    let statement = |is_newer| if is_newer { newer } else { older }.to_owned();
    paging::rows_where(db, statement, values, part, limit).await
}

/// Everybody's newest orders, for the operator.
pub async fn newest(db: &Database, limit: i64) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(NEWEST).bind(limit).fetch_all(db.readers()).await?;
    Ok(summaries(orders, Role::Operator))
}

/// What was ordered, by the ids of the orders.
pub async fn titles(db: &Database, ids: &[&OrderId]) -> Result<HashMap<OrderId, String>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, title FROM orders WHERE id IN ({})", placeholders(1, ids.len()));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.parsed("id")?, row.text("title")?))).collect()
}

/// The items ordered most often since the beginning of that day, of orders that are paid.
pub async fn most_sold(db: &Database, since: Timestamp, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "JOIN (SELECT item_id, SUM(sold) AS sold FROM item_days WHERE day >= $1 GROUP BY item_id \
         HAVING SUM(sold) > 0) s ON s.item_id = i.id WHERE i.state = 'Published' ORDER BY s.sold DESC, i.created_at, i.slug LIMIT $2"
    ))
    .bind(since.as_microsecond().div_euclid(MICROSECONDS_OF_A_DAY))
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// The buyer's newest order of the item that is paid, and not all of it back.
pub async fn paid_order_of(
    executor: impl AnyExecutor<'_>,
    buyer: &UserId,
    item: &ItemId,
) -> Result<Option<OrderId>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM orders WHERE buyer_id = $1 AND item_id = $2 AND state = 'Paid' \
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(buyer.as_str())
    .bind(item.as_str())
    .fetch_optional(executor)
    .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// The buyer's newest order of the item that is under way or paid: a second purchase may be a mistake.
pub async fn purchase_of(
    db: &Database,
    buyer: &UserId,
    item: &ItemId,
) -> Result<Option<OrderId>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM orders WHERE buyer_id = $1 AND item_id = $2 AND gift = 0 \
         AND state IN ('Authorized', 'Paying', 'Reserved', 'Fulfilling', 'Paid') ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(buyer.as_str())
    .bind(item.as_str())
    .fetch_optional(db.readers())
    .await?;
    row.map(|row| row.parsed("id")).transpose()
}
