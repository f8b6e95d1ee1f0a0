//! Lists and sums of orders, for the buyer, the merchant and the operator.

use super::OrderError;
use super::ids::OrderId;
use super::order::Order;
use super::row::{OrderRow, select_orders};
use super::state::Phase;
use super::view::{self, Role};
use crate::Shop;
use jiff::Timestamp;
use money::Money;
use shop_pages::model::{OrderStatus, OrderSummary, ReceivedNotification};
use std::collections::HashMap;

/// Orders of one page of a list.
const LIST_LIMIT: i64 = 200;

fn summaries(rows: Vec<OrderRow>, role: Role) -> Result<Vec<OrderSummary>, OrderError> {
    rows.into_iter().map(|row| Ok(view::summary(&Order::try_from(row)?, role))).collect()
}

/// What the buyer ordered, newest first.
pub async fn for_buyer(shop: &Shop, buyer_id: &str) -> Result<Vec<OrderSummary>, OrderError> {
    let rows = sqlx::query_as(select_orders!(
        "WHERE o.buyer_id = $1 ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
    ))
    .bind(buyer_id)
    .bind(LIST_LIMIT)
    .fetch_all(shop.db.readers())
    .await?;
    summaries(rows, Role::Buyer)
}

/// What the merchant sold, newest first; without what was never authorized.
pub async fn for_merchant(shop: &Shop, merchant_id: &str) -> Result<Vec<OrderSummary>, OrderError> {
    let rows = sqlx::query_as(select_orders!(
        "WHERE o.merchant_id = $1 AND o.transaction_id IS NOT NULL ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
    ))
    .bind(merchant_id)
    .bind(LIST_LIMIT)
    .fetch_all(shop.db.readers())
    .await?;
    summaries(rows, Role::Merchant)
}

/// What the merchant has to do, longest waiting first.
pub async fn to_fulfil(shop: &Shop, merchant_id: &str) -> Result<Vec<OrderSummary>, OrderError> {
    let rows = sqlx::query_as(select_orders!(
        "WHERE o.merchant_id = $1 AND o.state IN ('Reserved', 'SettleFailed') ORDER BY o.created_at LIMIT $2"
    ))
    .bind(merchant_id)
    .bind(LIST_LIMIT)
    .fetch_all(shop.db.readers())
    .await?;
    summaries(rows, Role::Merchant)
}

/// Everybody's orders, newest first, for the operator.
pub async fn all(shop: &Shop) -> Result<Vec<OrderSummary>, OrderError> {
    let rows = sqlx::query_as(select_orders!("ORDER BY o.created_at DESC, o.id DESC LIMIT $1"))
        .bind(LIST_LIMIT)
        .fetch_all(shop.db.readers())
        .await?;
    summaries(rows, Role::Operator)
}

pub async fn count(shop: &Shop) -> Result<u32, OrderError> {
    let (orders,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM orders").fetch_one(shop.db.readers()).await?;
    Ok(u32::try_from(orders).unwrap_or(u32::MAX))
}

/// How many orders stand where.
pub async fn by_status(shop: &Shop) -> Result<Vec<(OrderStatus, u32)>, OrderError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT state, COUNT(*) FROM orders GROUP BY state ORDER BY state")
            .fetch_all(shop.db.readers())
            .await?;
    let mut counted: Vec<(OrderStatus, u32)> = Vec::new();
    for (name, orders) in rows {
        let phase =
            Phase::parse(&name).ok_or_else(|| OrderError::Inconsistent(format!("orders.state {name}")))?;
        let status = view::status(phase);
        let orders = u32::try_from(orders).unwrap_or(u32::MAX);
        match counted.iter_mut().find(|(known, _)| *known == status) {
            Some((_, sum)) => *sum = sum.saturating_add(orders),
            None => counted.push((status, orders)),
        }
    }
    Ok(counted)
}

/// The marketplace's share of what was paid, less what it gave back with refunds.
pub async fn operator_fees(shop: &Shop) -> Result<Money, OrderError> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(marketplace_fee), 0) AS BIGINT) FROM orders \
         WHERE state IN ('Paid', 'Refunded')",
    )
    .fetch_one(shop.db.readers())
    .await?;
    Ok(Money::from_micros(sum))
}

/// What the merchant got of the sales that were paid and still has: less what went back to buyers, and
/// less the fees that were not given back with it.
pub async fn earned_by(shop: &Shop, merchant_id: &str) -> Result<Money, OrderError> {
    let (earned,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE state WHEN 'Paid' THEN price - refunded ELSE 0 END \
         - marketplace_fee - amazon_fee), 0) AS BIGINT) FROM orders \
         WHERE merchant_id = $1 AND state IN ('Paid', 'Refunded') AND marketplace_fee IS NOT NULL",
    )
    .bind(merchant_id)
    .fetch_one(shop.db.readers())
    .await?;
    Ok(Money::from_micros(earned))
}

/// How often each of the merchant's items was sold, by item id.
pub async fn sold_by_item(shop: &Shop, merchant_id: &str) -> Result<HashMap<String, u32>, OrderError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT item_id, COUNT(*) FROM orders WHERE merchant_id = $1 AND state = 'Paid' GROUP BY item_id",
    )
    .bind(merchant_id)
    .fetch_all(shop.db.readers())
    .await?;
    Ok(rows.into_iter().map(|(item, sold)| (item, u32::try_from(sold).unwrap_or(u32::MAX))).collect())
}

/// The buyer's newest order of the item that is under way or paid: a second purchase may be a mistake.
pub async fn purchase_of(shop: &Shop, buyer_id: &str, item_id: &str) -> Result<Option<OrderId>, OrderError> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM orders WHERE buyer_id = $1 AND item_id = $2 \
         AND state IN ('Authorized', 'Paying', 'Reserved', 'Fulfilling', 'Paid') ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(buyer_id)
    .bind(item_id)
    .fetch_optional(shop.db.readers())
    .await?;
    Ok(row.map(|(id,)| OrderId::new(id)))
}

#[derive(sqlx::FromRow)]
struct NotificationRow {
    received_at: i64,
    transaction_id: Option<String>,
    order_id: Option<String>,
    summary: String,
    outcome: String,
}

/// The notifications that came in, newest first.
pub async fn notifications(shop: &Shop) -> Result<Vec<ReceivedNotification>, OrderError> {
    let rows: Vec<NotificationRow> = sqlx::query_as(
        "SELECT received_at, transaction_id, order_id, summary, outcome FROM received_notifications \
         ORDER BY received_at DESC LIMIT $1",
    )
    .bind(LIST_LIMIT)
    .fetch_all(shop.db.readers())
    .await?;
    rows.into_iter()
        .map(|row| {
            let at = Timestamp::from_microsecond(row.received_at)
                .map_err(|_| OrderError::Inconsistent("received_notifications.received_at".to_owned()))?;
            Ok(ReceivedNotification {
                at,
                transaction_id: row.transaction_id.unwrap_or_default(),
                order_id: row.order_id,
                summary: row.summary,
                outcome: row.outcome,
            })
        })
        .collect()
}
