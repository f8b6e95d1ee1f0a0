//! What of orders keeps a buyer or a seller from leaving, and what goes from orders with a buyer who leaves.

use crate::ids::{MerchantId, UserId};
use crate::users::store::DELETED;
use platform::db::Columns;
use sqlx::AnyConnection;

/// Whose orders.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    Buyer(&'a UserId),
    Seller(&'a MerchantId),
}

/// What somebody has to see through first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// Orders of which somebody waits for money, goods or an answer.
    pub orders: i64,
    /// Requests for money back that nobody has answered.
    pub requests: i64,
}

/// An order that waits for its buyer at Amazon Payments is under way for as long as Amazon is asked about it.
macro_rules! under_way {
    ($column:literal) => {
        concat!(
            "SELECT (SELECT COUNT(*) FROM orders WHERE ",
            $column,
            " = $1 AND (state IN ('Authorized', 'Paying', 'Reserved', 'Fulfilling', 'SettleFailed', \
             'SettlingToRefund', 'Cancelling', 'Refunding') OR state = 'AwaitingAuthorization' AND check_at IS NOT NULL)) \
             AS orders, (SELECT COUNT(*) FROM refund_requests r JOIN orders o ON o.id = r.order_id WHERE o.",
            $column,
            " = $1 AND r.state IN ('Open', 'Escalated')) AS requests"
        )
    };
}

pub async fn under_way(connection: &mut AnyConnection, of: Of<'_>) -> Result<UnderWay, sqlx::Error> {
    let (sql, id) = match of {
        Of::Buyer(id) => (under_way!("buyer_id"), id.as_str()),
        Of::Seller(id) => (under_way!("merchant_id"), id.as_str()),
    };
    let row = sqlx::query(sql).bind(id).fetch_one(connection).await?;
    Ok(UnderWay { orders: row.integer("orders")?, requests: row.integer("requests")? })
}

/// The orders of a buyer.
macro_rules! of_buyer {
    ($statement:literal) => {
        concat!($statement, " IN (SELECT id FROM orders WHERE buyer_id = $1)")
    };
}

/// What says who the buyer is, or opens what was bought. How far a parcel goes stays: it says what sending it costs.
const GOES: [&str; 4] = [
    of_buyer!("DELETE FROM download_links WHERE order_id"),
    // As they came from Amazon, with the buyer's name and addresses.
    of_buyer!("UPDATE order_calls SET answer = NULL WHERE order_id"),
    of_buyer!("UPDATE received_notifications SET body = '' WHERE order_id"),
    "UPDATE orders SET ship_line1 = '', ship_line2 = '', ship_city = '', ship_state = '', ship_zip = '' \
     WHERE buyer_id = $1 AND ship_name IS NOT NULL",
];
/// What has the name; `$2` stands in its place.
const RENAMED: [&str; 3] = [
    "UPDATE orders SET ship_name = $2 WHERE buyer_id = $1 AND ship_name IS NOT NULL",
    of_buyer!("UPDATE refund_requests SET requester = $2 WHERE order_id"),
    // What they got from others.
    "UPDATE gifts SET email = '', message = '', name = $2 WHERE recipient_id = $1",
];

/// Takes from a buyer's orders whose they are. What was bought, paid and given back stays.
pub async fn forget_buyer(connection: &mut AnyConnection, buyer: &UserId) -> Result<(), sqlx::Error> {
    for statement in GOES {
        sqlx::query(statement).bind(buyer.as_str()).execute(&mut *connection).await?;
    }
    for statement in RENAMED {
        sqlx::query(statement).bind(buyer.as_str()).bind(DELETED).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::orders::state::Phase;

    #[test]
    fn each_phase_is_under_way_or_over() {
        for phase in Phase::ALL {
            let over = match phase {
                Phase::Abandoned
                | Phase::AuthorizationFailed
                | Phase::PaymentFailed
                | Phase::Paid
                | Phase::Cancelled
                | Phase::Refunded => true,
                Phase::AwaitingAuthorization
                | Phase::Authorized
                | Phase::Paying
                | Phase::Reserved
                | Phase::Fulfilling
                | Phase::SettleFailed
                | Phase::SettlingToRefund
                | Phase::Cancelling
                | Phase::Refunding => false,
            };
            assert_eq!(under_way!("buyer_id").contains(&format!("'{phase}'")), !over, "{phase}");
        }
    }
}
