//! Who bought of a seller, how often and for how much: `customers`. Triggers of the schema count them on with each change
//! of an order; here they are only read.

use super::count;
use crate::ids::{MerchantId, UserId};
use crate::users::store::join_user;
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::FromRow;
use sqlx::any::AnyRow;

/// Somebody who bought of one seller; only what that seller's own orders tell.
#[derive(Debug, Clone)]
pub struct Customer {
    pub buyer_id: UserId,
    pub name: String,
    pub bought: u32,
    pub gross: Money,
    pub refunded: Money,
    /// When they ordered last of what they paid.
    pub last_at: Timestamp,
}

impl Customer {
    /// In the order of the list.
    pub fn place(&self) -> Place<UserId> {
        Place { at: self.last_at, id: self.buyer_id.clone() }
    }
}

impl FromRow<'_, AnyRow> for Customer {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            buyer_id: row.parsed("buyer_id")?,
            name: row.text("name")?,
            bought: count(row, "bought")?,
            gross: row.money("gross")?,
            refunded: row.money("refunded")?,
            last_at: row.time("last_at")?,
        })
    }
}

macro_rules! select_customers {
    ($rest:literal) => {
        concat!(
            "SELECT c.buyer_id, u.name, c.bought, c.gross, c.refunded, c.last_at FROM customers c ",
            join_user!("c.buyer_id"),
            "WHERE c.merchant_id = $1 AND c.bought > 0 AND ",
            $rest
        )
    };
}

/// Who bought before a place in the list, and who bought after it.
pub(super) const PAGES: [&str; 2] = [
    select_customers!("(c.last_at, c.buyer_id) < ($2, $3) ORDER BY c.last_at DESC, c.buyer_id DESC LIMIT $4"),
    select_customers!("(c.last_at, c.buyer_id) > ($2, $3) ORDER BY c.last_at, c.buyer_id LIMIT $4"),
];

/// Up to `limit` of a part of the seller's customers, who bought last first.
pub async fn of_merchant(
    db: &Database,
    merchant: &MerchantId,
    part: &Part<Place<UserId>>,
    limit: i64,
) -> Result<Vec<Customer>, sqlx::Error> {
    paging::rows_of(db, PAGES, merchant.as_str(), part, limit).await
}

/// `None` for somebody who bought nothing of the seller.
pub async fn find(
    db: &Database,
    merchant: &MerchantId,
    buyer: &UserId,
) -> Result<Option<Customer>, sqlx::Error> {
    sqlx::query_as(select_customers!("c.buyer_id = $2"))
        .bind(merchant.as_str())
        .bind(buyer.as_str())
        .fetch_optional(db.readers())
        .await
}
