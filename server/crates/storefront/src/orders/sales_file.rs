//! Sales as rows of a file, the oldest first: a piece at a time, each behind the place where the one before ended.

use super::order::{FeesTaken, Order};
use super::rows::select_orders;
use super::{timeline, view};
use crate::coupons::Discount;
use crate::ids::{MerchantId, OrderId, TransactionId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::paging::Place;
use shop_pages::model::OrderStatus;

/// What was sold, and not only begun.
pub(super) const SALES: &str = select_orders!(
    "WHERE o.merchant_id = $1 AND o.transaction_id IS NOT NULL AND (o.created_at, o.id) > ($2, $3) \
     AND o.created_at < $4 ORDER BY o.created_at, o.id LIMIT $5"
);

/// A sale as its row says it.
#[derive(Debug, Clone)]
pub struct Sale {
    pub id: OrderId,
    pub placed_at: Timestamp,
    /// When the money was charged.
    pub paid_at: Option<Timestamp>,
    pub item: String,
    pub buyer: String,
    pub status: OrderStatus,
    /// Without shipping, and without what a coupon took off.
    pub price: Money,
    pub shipping: Money,
    /// What of the price before a coupon took off, and who bears it.
    pub discount: Option<Discount>,
    pub refunded: Money,
    /// Less what was given back; `None` until they are known.
    pub fees: Option<FeesTaken>,
    pub transaction: Option<TransactionId>,
}

impl Sale {
    fn new(order: &Order, paid_at: Option<Timestamp>) -> Self {
        let charged = order.charged();
        // Who charged less than shipping costs sold nothing else.
        let shipping = order.shipping_price.min(charged);
        Self {
            id: order.id.clone(),
            placed_at: order.placed_at,
            paid_at,
            item: order.title.clone(),
            buyer: order.buyer_name.clone(),
            status: view::status(order.state.phase()),
            price: charged.sub(shipping).unwrap_or(Money::ZERO),
            shipping,
            discount: order.discount.clone(),
            refunded: view::went_back(order),
            fees: order.fees_taken,
            transaction: order.state.transaction().cloned(),
        }
    }

    pub fn place(&self) -> Place<OrderId> {
        Place { at: self.placed_at, id: self.id.clone() }
    }

    /// What the buyer paid: the price with shipping.
    pub fn charged(&self) -> Money {
        // They are parts of what was charged: their sum is within bounds.
        self.price.add(self.shipping).unwrap_or(self.price)
    }

    /// What the seller has of it; `None` until it is paid and the fees are known.
    pub fn yours(&self) -> Option<Money> {
        let fees = self.fees?;
        let left = self.charged().sub(self.refunded).and_then(|left| left.sub(fees.marketplace));
        left.and_then(|left| left.sub(fees.amazon)).ok()
    }
}

/// Where a file of what was placed from a moment on begins, or the place behind which it goes on.
#[derive(Debug, Clone)]
pub enum Beyond {
    From(Timestamp),
    Behind(Place<OrderId>),
}

/// The next sales of those placed before a moment, `limit` at the most.
pub async fn piece(
    db: &Database,
    merchant: &MerchantId,
    beyond: &Beyond,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Sale>, sqlx::Error> {
    let (at, id) = match beyond {
        Beyond::From(at) => (*at, ""),
        Beyond::Behind(place) => (place.at, place.id.as_str()),
    };
    let orders: Vec<Order> = sqlx::query_as(SALES)
        .bind(merchant.as_str())
        .bind(at.as_microsecond())
        .bind(id)
        .bind(before.as_microsecond())
        .bind(limit)
        .fetch_all(db.readers())
        .await?;
    let ids: Vec<_> = orders.iter().map(|order| &order.id).collect();
    let paid = timeline::paid_at(db, &ids).await?;
    Ok(orders.iter().map(|order| Sale::new(order, paid.get(&order.id).copied())).collect())
}
