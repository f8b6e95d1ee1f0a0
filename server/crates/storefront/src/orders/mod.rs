//! Orders: what they are, what an event does to one ([`state`]), and the SQL of all that is kept with them. What
//! brings events about is not known here.

pub mod calls;
pub mod differences;
pub mod download_grants;
pub mod download_links;
pub mod found;
pub mod gifts;
pub mod leaving;
pub mod licences;
mod lists;
pub mod notices;
mod order;
pub mod received_notifications;
pub mod refund_requests;
pub mod refund_terms;
pub mod refunds;
mod rows;
pub mod sales_file;
pub mod sold;
pub mod state;
pub mod store;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod timeline;
mod totals;
pub mod view;

pub use crate::ids::OrderId;
pub use lists::{
    addresses, for_buyer, for_merchant, most_sold, newest, of_customer, paid_order_of, purchase_of, refunded,
    titles, to_fulfil, waiting,
};
pub use order::{FeesTaken, Fulfilment, NewOrder, Order, Shipping};
pub(crate) use rows::join_order;
pub use totals::{by_status, count, earned_by, operator_fees, sold_of, taken_off};

use platform::Database;
use platform::db::WriteError;
use shop_pages::model::OrderStatus;

/// Why an order is not shown, or not changed as somebody asked for.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Also for somebody else's order: that it exists is nobody's business.
    #[error("there is no such order")]
    NotFound,
    /// It was asked for too late or too early; the order stands where it says.
    #[error("that cannot be done now")]
    NotNow(OrderStatus),
    /// A new attempt would pay a merchant who took the registration back.
    #[error("the seller cannot be paid at present")]
    SellerNotRegistered,
    /// A new attempt would buy of a seller, or an item, that the operator holds.
    #[error("the operator holds it")]
    Held,
    /// A new attempt would pay for what is sold out, or not sold any more.
    #[error("the item is not for sale")]
    NotForSale,
    /// A new attempt would use a coupon once more than it can be.
    #[error("the coupon is used up")]
    CouponUsedUp,
    /// Only the seller can change that.
    #[error("the seller declined a refund")]
    RefundDeclined,
    /// A row that no code of ours writes; logged where it is met.
    #[error("a row contradicts itself: {0}")]
    Inconsistent(String),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for OrderError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Inconsistent(error.to_string())
            }
            other => Self::Database(other),
        }
    }
}

impl WriteError for OrderError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// The order, or [`OrderError::NotFound`].
pub async fn find(db: &Database, id: &OrderId) -> Result<Order, OrderError> {
    store::load(db.readers(), id).await?.ok_or(OrderError::NotFound)
}
