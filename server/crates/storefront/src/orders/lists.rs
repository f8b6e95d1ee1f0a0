//! Lists and sums of orders, for the buyer, the merchant and the operator.

use super::order::Order;
use super::rows::select_orders;
use super::state::Phase;
use super::view::{self, Role};
use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::ids::{ItemId, MerchantId, OrderId, UserId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{OrderStatus, OrderSummary};
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Orders of one page of a list.
const LIST_LIMIT: i64 = 200;

fn summaries(orders: Vec<Order>, role: Role) -> Vec<OrderSummary> {
    orders.into_iter().map(|order| view::summary(&order, role)).collect()
}

/// The `COUNT(*) AS orders` of a row.
fn counted(row: &AnyRow) -> Result<u32, sqlx::Error> {
    Ok(u32::try_from(row.integer("orders")?).unwrap_or(u32::MAX))
}

/// What the buyer ordered, newest first.
pub async fn for_buyer(db: &Database, buyer: &UserId) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(select_orders!(
        "WHERE o.buyer_id = $1 ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
    ))
    .bind(buyer.as_str())
    .bind(LIST_LIMIT)
    .fetch_all(db.readers())
    .await?;
    Ok(summaries(orders, Role::Buyer))
}

/// What the merchant sold, newest first; without what was never authorized.
pub async fn for_merchant(db: &Database, merchant: &MerchantId) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(select_orders!(
        "WHERE o.merchant_id = $1 AND o.transaction_id IS NOT NULL ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
    ))
    .bind(merchant.as_str())
    .bind(LIST_LIMIT)
    .fetch_all(db.readers())
    .await?;
    Ok(summaries(orders, Role::Merchant))
}

/// What the merchant has to do, longest waiting first.
pub async fn to_fulfil(db: &Database, merchant: &MerchantId) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(select_orders!(
        "WHERE o.merchant_id = $1 AND o.state IN ('Reserved', 'SettleFailed') ORDER BY o.created_at LIMIT $2"
    ))
    .bind(merchant.as_str())
    .bind(LIST_LIMIT)
    .fetch_all(db.readers())
    .await?;
    Ok(summaries(orders, Role::Merchant))
}

/// Everybody's orders, newest first, for the operator.
pub async fn all(db: &Database) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = sqlx::query_as(select_orders!("ORDER BY o.created_at DESC, o.id DESC LIMIT $1"))
        .bind(LIST_LIMIT)
        .fetch_all(db.readers())
        .await?;
    Ok(summaries(orders, Role::Operator))
}

/// How many orders there are.
pub async fn count(db: &Database) -> Result<u32, sqlx::Error> {
    counted(&sqlx::query("SELECT COUNT(*) AS orders FROM orders").fetch_one(db.readers()).await?)
}

/// How many orders stand where.
pub async fn by_status(db: &Database) -> Result<Vec<(OrderStatus, u32)>, sqlx::Error> {
    let rows = sqlx::query("SELECT state, COUNT(*) AS orders FROM orders GROUP BY state ORDER BY state")
        .fetch_all(db.readers())
        .await?;
    let mut sums: Vec<(OrderStatus, u32)> = Vec::new();
    for row in &rows {
        let (status, orders) = (view::status(row.parsed::<Phase>("state")?), counted(row)?);
        match sums.iter_mut().find(|(known, _)| *known == status) {
            Some((_, sum)) => *sum = sum.saturating_add(orders),
            None => sums.push((status, orders)),
        }
    }
    Ok(sums)
}

/// The marketplace's share of what was paid, less what it gave back with refunds.
pub async fn operator_fees(db: &Database) -> Result<Money, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(marketplace_fee), 0) AS BIGINT) AS fees FROM orders \
         WHERE state IN ('Paid', 'Refunded')",
    )
    .fetch_one(db.readers())
    .await?;
    row.money("fees")
}

/// What the merchant got of the sales that were paid and still has: less what went back to buyers, and
/// less the fees that were not given back with it.
pub async fn earned_by(db: &Database, merchant: &MerchantId) -> Result<Money, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE state WHEN 'Paid' THEN price - refunded ELSE 0 END \
         - marketplace_fee - amazon_fee), 0) AS BIGINT) AS earned FROM orders \
         WHERE merchant_id = $1 AND state IN ('Paid', 'Refunded') AND marketplace_fee IS NOT NULL",
    )
    .bind(merchant.as_str())
    .fetch_one(db.readers())
    .await?;
    row.money("earned")
}

/// How often each of the merchant's items was sold.
pub async fn sold_by_item(db: &Database, merchant: &MerchantId) -> Result<HashMap<ItemId, u32>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT item_id, COUNT(*) AS orders FROM orders WHERE merchant_id = $1 AND state = 'Paid' \
         GROUP BY item_id",
    )
    .bind(merchant.as_str())
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| Ok((row.parsed("item_id")?, counted(row)?))).collect()
}

/// The items paid most often since then, and after them the editors' picks.
pub async fn popular_items(db: &Database, since: Timestamp, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    sqlx::query_as(select_items!(
        "LEFT JOIN (SELECT item_id, COUNT(*) AS sold FROM orders WHERE state = 'Paid' AND created_at >= $1 \
         GROUP BY item_id) s ON s.item_id = i.id \
         WHERE s.sold IS NOT NULL OR i.featured_rank IS NOT NULL \
         ORDER BY COALESCE(s.sold, 0) DESC, COALESCE(i.featured_rank, 1000000), i.created_at, i.slug LIMIT $2"
    ))
    .bind(since.as_microsecond())
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// The buyer's newest order of the item that is under way or paid: a second purchase may be a mistake.
pub async fn purchase_of(
    db: &Database,
    buyer: &UserId,
    item: &ItemId,
) -> Result<Option<OrderId>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM orders WHERE buyer_id = $1 AND item_id = $2 \
         AND state IN ('Authorized', 'Paying', 'Reserved', 'Fulfilling', 'Paid') ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(buyer.as_str())
    .bind(item.as_str())
    .fetch_optional(db.readers())
    .await?;
    row.map(|row| row.parsed("id")).transpose()
}
