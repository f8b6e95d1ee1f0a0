//! From an order's row to its type. Nullable columns are matched into the state that they belong to; a
//! row that fits no state is an inconsistency, never a guess.

use super::OrderError;
use super::ids::{OrderId, TokenId, TransactionId};
use super::order::{Delivery, FeesTaken, Order, Shipping};
use super::state::{Phase, State};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::CallerReference;
use jiff::Timestamp;
use money::{Money, Percent};

/// The columns of [`OrderRow`], to stand between SELECT and WHERE.
macro_rules! select_orders {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.buyer_id, u.name AS buyer_name, o.item_id, i.slug AS item_slug, o.merchant_id, ",
            "m.user_id AS merchant_user_id, m.name AS merchant_name, o.title, o.price, o.fixed_fee, ",
            "o.variable_fee, o.recipient_token_id, o.refund_token_id, o.delivery, o.physical, o.ship_name, ",
            "o.ship_line1, o.ship_line2, o.ship_city, o.ship_state, o.ship_zip, o.ship_country, o.ship_speed, ",
            "o.caller_reference, o.state, o.sender_token_id, o.payment_method, o.transaction_id, ",
            "o.refund_attempt, o.refund_transaction_id, o.refund_amount, o.refunded, o.failure, o.shipped_at, ",
            "o.marketplace_fee, ",
            "o.amazon_fee, o.checks, o.created_at FROM orders o JOIN items i ON i.id = o.item_id ",
            "JOIN merchants m ON m.id = o.merchant_id JOIN users u ON u.id = o.buyer_id ",
            $rest
        )
    };
}
pub(super) use select_orders;

#[derive(sqlx::FromRow)]
pub(super) struct OrderRow {
    id: String,
    buyer_id: String,
    buyer_name: String,
    item_id: String,
    item_slug: String,
    merchant_id: String,
    merchant_user_id: String,
    merchant_name: String,
    title: String,
    price: i64,
    fixed_fee: i64,
    variable_fee: i64,
    recipient_token_id: String,
    refund_token_id: String,
    delivery: String,
    physical: i64,
    ship_name: Option<String>,
    ship_line1: Option<String>,
    ship_line2: Option<String>,
    ship_city: Option<String>,
    ship_state: Option<String>,
    ship_zip: Option<String>,
    ship_country: Option<String>,
    ship_speed: Option<String>,
    caller_reference: String,
    state: String,
    sender_token_id: Option<String>,
    payment_method: Option<String>,
    transaction_id: Option<String>,
    refund_attempt: i64,
    refund_transaction_id: Option<String>,
    refund_amount: Option<i64>,
    refunded: i64,
    failure: Option<String>,
    shipped_at: Option<i64>,
    marketplace_fee: Option<i64>,
    amazon_fee: Option<i64>,
    checks: i64,
    created_at: i64,
}

impl TryFrom<OrderRow> for Order {
    type Error = OrderError;

    fn try_from(row: OrderRow) -> Result<Self, OrderError> {
        let broken = |column: &str| OrderError::Inconsistent(format!("orders.{column} of {}", row.id));
        let state = row.state().ok_or_else(|| broken("state"))?;
        let delivery = Delivery::parse(&row.delivery).ok_or_else(|| broken("delivery"))?;
        let method = row.payment_method.as_deref().map(str::parse::<PaymentMethod>).transpose();
        let payment_method = method.map_err(|_| broken("payment_method"))?;
        let time =
            |micros| Timestamp::from_microsecond(micros).map_err(|_| broken("created_at or shipped_at"));
        let (placed_at, shipped_at) = (time(row.created_at)?, row.shipped_at.map(time).transpose()?);
        let token =
            |text: &String| TokenId::new(text).map_err(|_| broken("recipient, refund or sender token"));
        let (recipient_token, refund_token) = (token(&row.recipient_token_id)?, token(&row.refund_token_id)?);
        let sender_token = row.sender_token_id.as_ref().map(token).transpose()?;
        let caller_reference =
            CallerReference::new(&row.caller_reference).map_err(|_| broken("caller_reference"))?;
        let fees_taken = row.marketplace_fee.zip(row.amazon_fee).map(|(marketplace, amazon)| FeesTaken {
            marketplace: Money::from_micros(marketplace),
            amazon: Money::from_micros(amazon),
        });
        Ok(Self {
            shipping: row.shipping(),
            id: OrderId::new(row.id),
            buyer_id: row.buyer_id,
            buyer_name: row.buyer_name,
            item_id: row.item_id,
            item_slug: row.item_slug,
            merchant_id: row.merchant_id,
            merchant_user_id: row.merchant_user_id,
            merchant_name: row.merchant_name,
            title: row.title,
            price: Money::from_micros(row.price),
            fixed_fee: Money::from_micros(row.fixed_fee),
            variable_fee: Percent::from_ten_thousandths(row.variable_fee),
            recipient_token,
            refund_token,
            delivery,
            physical: row.physical != 0,
            caller_reference,
            sender_token,
            payment_method,
            state,
            refund_attempt: row.refund_attempt,
            refund_amount: row.refund_amount.map(Money::from_micros),
            refunded: Money::from_micros(row.refunded),
            shipped_at,
            fees_taken,
            checks: row.checks,
            placed_at,
        })
    }
}

impl OrderRow {
    /// The state that the columns spell, or `None` where they spell none.
    fn state(&self) -> Option<State> {
        let transaction = self.transaction_id.clone().map(TransactionId::new).transpose().ok()?;
        let refund = self.refund_transaction_id.clone().map(TransactionId::new).transpose().ok()?;
        let token = self.sender_token_id.clone().map(TokenId::new).transpose().ok()?;
        let why = self.failure.clone();
        Some(match (Phase::parse(&self.state)?, transaction, refund, why) {
            (Phase::AwaitingAuthorization, None, None, None) => State::AwaitingAuthorization,
            (Phase::Abandoned, None, None, None) => State::Abandoned,
            (Phase::AuthorizationFailed, None, None, Some(why)) => State::AuthorizationFailed { why },
            (Phase::Authorized, None, None, None) => State::Authorized { token: token? },
            (Phase::Paying, Some(transaction), None, None) => State::Paying { transaction },
            (Phase::PaymentFailed, transaction, None, Some(why)) => State::PaymentFailed { transaction, why },
            (Phase::Reserved, Some(transaction), None, None) => State::Reserved { transaction },
            (Phase::Fulfilling, Some(transaction), None, None) => State::Fulfilling { transaction },
            (Phase::SettleFailed, Some(transaction), None, Some(why)) => {
                State::SettleFailed { transaction, why }
            }
            (Phase::SettlingToRefund, Some(transaction), None, None) => {
                State::SettlingToRefund { transaction }
            }
            (Phase::Paid, Some(transaction), None, None) => State::Paid { transaction },
            (Phase::Cancelling, Some(transaction), None, None) => State::Cancelling { transaction },
            (Phase::Cancelled, Some(transaction), None, None) => State::Cancelled { transaction },
            (Phase::Refunding, Some(transaction), refund, None) => State::Refunding { transaction, refund },
            (Phase::Refunded, Some(transaction), Some(refund), None) => {
                State::Refunded { transaction, refund }
            }
            _ => return None,
        })
    }

    fn shipping(&self) -> Option<Shipping> {
        let text = |column: &Option<String>| column.clone().unwrap_or_default();
        Some(Shipping {
            name: self.ship_name.clone()?,
            line1: text(&self.ship_line1),
            line2: text(&self.ship_line2),
            city: text(&self.ship_city),
            state: text(&self.ship_state),
            zip: text(&self.ship_zip),
            country: text(&self.ship_country),
            speed: text(&self.ship_speed),
        })
    }
}

/// A state's name and the columns that carry its data.
pub(super) struct StateColumns<'a> {
    pub name: &'static str,
    pub transaction: Option<&'a str>,
    pub refund: Option<&'a str>,
    pub failure: Option<&'a str>,
}

impl<'a> From<&'a State> for StateColumns<'a> {
    fn from(state: &'a State) -> Self {
        let (refund, failure) = match state {
            State::Refunding { refund, .. } => (refund.as_ref(), None),
            State::Refunded { refund, .. } => (Some(refund), None),
            State::AuthorizationFailed { why }
            | State::PaymentFailed { why, .. }
            | State::SettleFailed { why, .. } => (None, Some(why.as_str())),
            _ => (None, None),
        };
        Self {
            name: state.phase().as_str(),
            transaction: state.transaction().map(TransactionId::as_str),
            refund: refund.map(TransactionId::as_str),
            failure,
        }
    }
}
