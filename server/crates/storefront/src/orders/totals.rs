//! What all orders, a merchant's and an item's amount to: `order_totals`, `merchant_totals` and `item_totals`. Triggers
//! of the schema count them on with each change of an order, in its transaction; here they are only read.

use super::state::Phase;
use super::view;
use crate::ids::{ItemId, MerchantId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{CouponSums, OrderStatus};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;
use text_types::sql::placeholders;

macro_rules! sums_of_coupons {
    ($of:literal) => {
        concat!(
            "SELECT COUNT(*) AS orders, \
             CAST(COALESCE(SUM(CASE WHEN coupon_bearer = 'Seller' THEN discount ELSE 0 END), 0) AS BIGINT) AS by_sellers, \
             CAST(COALESCE(SUM(CASE WHEN coupon_bearer = 'Market' THEN discount ELSE 0 END), 0) AS BIGINT) AS by_market \
             FROM orders WHERE ",
            $of,
            " coupon_id IS NOT NULL AND paid_at IS NOT NULL AND created_at >= $1 AND created_at < $2"
        )
    };
}

/// A count of a row.
fn counted(row: &AnyRow, column: &str) -> Result<u32, sqlx::Error> {
    Ok(u32::try_from(row.integer(column)?).unwrap_or(u32::MAX))
}

/// How many orders there are.
pub async fn count(db: &Database) -> Result<u32, sqlx::Error> {
    let sql = "SELECT CAST(COALESCE(SUM(orders), 0) AS BIGINT) AS orders FROM order_totals";
    counted(&sqlx::query(sql).fetch_one(db.readers()).await?, "orders")
}

/// How many orders stand where.
pub async fn by_status(db: &Database) -> Result<Vec<(OrderStatus, u32)>, sqlx::Error> {
    let rows = sqlx::query("SELECT state, orders FROM order_totals WHERE orders <> 0 ORDER BY state")
        .fetch_all(db.readers())
        .await?;
    let mut sums: Vec<(OrderStatus, u32)> = Vec::new();
    for row in &rows {
        let (status, orders) = (view::status(row.parsed::<Phase>("state")?), counted(row, "orders")?);
        match sums.iter_mut().find(|(known, _)| *known == status) {
            Some((_, sum)) => *sum = sum.saturating_add(orders),
            None => sums.push((status, orders)),
        }
    }
    Ok(sums)
}

/// The marketplace's share of what was paid, less what it gave back with refunds.
pub async fn operator_fees(db: &Database) -> Result<Money, sqlx::Error> {
    let sql = "SELECT CAST(COALESCE(SUM(fees), 0) AS BIGINT) AS fees FROM order_totals";
    sqlx::query(sql).fetch_one(db.readers()).await?.money("fees")
}

/// What the merchant got of the sales that were paid and still has: less what went back to buyers, and
/// less the fees that were not given back with it.
pub async fn earned_by(db: &Database, merchant: &MerchantId) -> Result<Money, sqlx::Error> {
    let row = sqlx::query("SELECT earned FROM merchant_totals WHERE merchant_id = $1")
        .bind(merchant.as_str())
        .fetch_optional(db.readers())
        .await?;
    row.map_or(Ok(Money::ZERO), |row| row.money("earned"))
}

/// What coupons took off that was ordered in the time and paid, of a merchant's or of all sales.
pub async fn taken_off(
    db: &Database,
    merchant: Option<&MerchantId>,
    [from, before]: [Timestamp; 2],
) -> Result<CouponSums, sqlx::Error> {
    const OF_MERCHANT: &str = sums_of_coupons!("merchant_id = $3 AND");
    const OF_ALL: &str = sums_of_coupons!("");
    let query = sqlx::query(if merchant.is_some() { OF_MERCHANT } else { OF_ALL });
    let query = query.bind(from.as_microsecond()).bind(before.as_microsecond());
    let query = merchant.into_iter().fold(query, |query, merchant| query.bind(merchant.as_str()));
    let row = query.fetch_one(db.readers()).await?;
    Ok(CouponSums {
        orders: counted(&row, "orders")?,
        by_sellers: row.money("by_sellers")?,
        by_market: row.money("by_market")?,
    })
}

/// How often each of these items was sold and not taken back; those that never were are not in it.
pub async fn sold_of(db: &Database, items: &[&ItemId]) -> Result<HashMap<ItemId, u32>, sqlx::Error> {
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    let sql =
        format!("SELECT item_id, sold FROM item_totals WHERE item_id IN ({})", placeholders(1, items.len()));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for item in items {
        query = query.bind(item.as_str());
    }
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.parsed("item_id")?, counted(row, "sold")?))).collect()
}
