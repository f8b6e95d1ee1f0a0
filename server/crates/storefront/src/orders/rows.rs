//! From an order's row to its type and back. Nullable columns are matched into the state that they belong to; a
//! row that fits no state is an error, never a guess.

use super::order::{FeesTaken, Order, Shipping};
use super::state::{Phase, State};
use crate::catalogue::store::small;
use crate::coupons::Discount;
use crate::ids::{TokenId, TransactionId};
use crate::merchants::RefundRule;
use platform::db::Columns;
use sqlx::FromRow;
use sqlx::any::AnyRow;

/// Orders with the names of buyer, seller and item, and what follows in the statement.
macro_rules! select_orders {
    ($rest:expr) => {
        concat!(
            "SELECT o.id, o.buyer_id, u.name AS buyer_name, u.guest_email, o.item_id, i.slug AS item_slug, o.merchant_id, ",
            "m.user_id AS merchant_user_id, m.name AS merchant_name, o.title, o.price, o.shipping_price, o.coupon_id, o.coupon_code, o.coupon_bearer, o.discount, o.fixed_fee, ",
            "o.variable_fee, o.recipient_token_id, o.refund_token_id, o.delivery, o.physical, o.ship_name, ",
            "o.ship_line1, o.ship_line2, o.ship_city, o.ship_state, o.ship_zip, o.ship_country, o.ship_speed, ",
            "o.refund_days, o.refund_unless_downloaded, o.item_version, o.took_stock, o.handling_days, o.gift, ",
            "o.caller_reference, o.basket_id, o.authorization_reference, o.state, o.sender_token_id, o.payment_method, o.transaction_id, ",
            "o.refund_attempt, o.refund_transaction_id, o.refund_amount, o.refund_policy, o.refunded, o.failure, ",
            "o.shipped_at, o.charged, o.tracking, o.seller_message, o.paid_at, ",
            "o.settle_accepted, o.marketplace_fee, o.amazon_fee, o.checks, o.created_at FROM orders o ",
            $crate::catalogue::store::join_item!("o.item_id"),
            $crate::merchants::store::join_merchant!("o.merchant_id"),
            $crate::users::store::join_user!("o.buyer_id"),
            $rest
        )
    };
}
pub(super) use select_orders;

/// The order whose id is `$id`, as `o` beside the rows of another table.
macro_rules! join_order {
    ($id:literal) => {
        concat!("JOIN orders o ON o.id = ", $id, " ")
    };
}
pub(crate) use join_order;

impl FromRow<'_, AnyRow> for Order {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            buyer_id: row.parsed("buyer_id")?,
            buyer_name: row.text("buyer_name")?,
            guest_email: row.optional("guest_email", Columns::text)?,
            item_id: row.parsed("item_id")?,
            item_slug: row.parsed("item_slug")?,
            merchant_id: row.parsed("merchant_id")?,
            merchant_user_id: row.parsed("merchant_user_id")?,
            merchant_name: row.text("merchant_name")?,
            title: row.text("title")?,
            price: row.money("price")?,
            shipping_price: row.money("shipping_price")?,
            discount: discount(row)?,
            charged_less: row.optional("charged", Columns::money)?,
            fixed_fee: row.money("fixed_fee")?,
            variable_fee: row.percent("variable_fee")?,
            recipient_token: row.parsed("recipient_token_id")?,
            refund_token: refund_token(row)?,
            delivery: row.parsed("delivery")?,
            physical: row.flag("physical")?,
            shipping: shipping(row)?,
            item_version: row.optional("item_version", Columns::integer)?,
            took_stock: row.flag("took_stock")?,
            handling_days: row.optional("handling_days", small)?,
            refund_rule: RefundRule::from_row(row)?,
            is_gift: row.flag("gift")?,
            caller_reference: row.parsed("caller_reference")?,
            basket: row.optional("basket_id", Columns::parsed)?,
            shared_authorization: row.optional("authorization_reference", Columns::parsed)?,
            sender_token: row.optional("sender_token_id", Columns::parsed)?,
            payment_method: row.optional("payment_method", Columns::parsed)?,
            state: state(row)?,
            refund_attempt: row.integer("refund_attempt")?,
            refund_amount: row.optional("refund_amount", Columns::money)?,
            refund_policy: row.parsed("refund_policy")?,
            refunded: row.money("refunded")?,
            shipped_at: row.optional("shipped_at", Columns::time)?,
            tracking: row.optional("tracking", Columns::text)?,
            seller_message: row.optional("seller_message", Columns::text)?,
            paid_at: row.optional("paid_at", Columns::time)?,
            settle_accepted: row.flag("settle_accepted")?,
            fees_taken: fees_taken(row)?,
            checks: row.integer("checks")?,
            placed_at: row.time("created_at")?,
        })
    }
}

/// `''` where Amazon did not tell it.
fn refund_token(row: &AnyRow) -> Result<Option<TokenId>, sqlx::Error> {
    if row.text("refund_token_id")?.is_empty() { Ok(None) } else { row.parsed("refund_token_id").map(Some) }
}

/// The columns do not fit together.
fn contradictory(row: &AnyRow, columns: &str) -> sqlx::Error {
    let id = row.text("id").unwrap_or_default();
    sqlx::Error::Decode(format!("orders.{columns} of {id}").into())
}

/// The state that the columns spell.
fn state(row: &AnyRow) -> Result<State, sqlx::Error> {
    let phase: Phase = row.parsed("state")?;
    let transaction: Option<TransactionId> = row.optional("transaction_id", Columns::parsed)?;
    let refund: Option<TransactionId> = row.optional("refund_transaction_id", Columns::parsed)?;
    let token: Option<TokenId> = row.optional("sender_token_id", Columns::parsed)?;
    let why = row.optional("failure", Columns::text)?;
    Ok(match (phase, transaction, refund, why) {
        (Phase::AwaitingAuthorization, None, None, None) => State::AwaitingAuthorization,
        (Phase::Abandoned, None, None, None) => State::Abandoned,
        (Phase::AuthorizationFailed, None, None, Some(why)) => State::AuthorizationFailed { why },
        (Phase::Authorized, None, None, None) => {
            State::Authorized { token: token.ok_or_else(|| contradictory(row, "sender_token_id"))? }
        }
        (Phase::Paying, Some(transaction), None, None) => State::Paying { transaction },
        (Phase::PaymentFailed, transaction, None, Some(why)) => State::PaymentFailed { transaction, why },
        (Phase::Reserved, Some(transaction), None, None) => State::Reserved { transaction },
        (Phase::Fulfilling, Some(transaction), None, None) => State::Fulfilling { transaction },
        (Phase::SettleFailed, Some(transaction), None, Some(why)) => State::SettleFailed { transaction, why },
        (Phase::SettlingToRefund, Some(transaction), None, None) => State::SettlingToRefund { transaction },
        (Phase::Paid, Some(transaction), None, None) => State::Paid { transaction },
        (Phase::Cancelling, Some(transaction), None, None) => State::Cancelling { transaction },
        (Phase::Cancelled, Some(transaction), None, None) => State::Cancelled { transaction },
        (Phase::Refunding, Some(transaction), refund, None) => State::Refunding { transaction, refund },
        (Phase::Refunded, Some(transaction), Some(refund), None) => State::Refunded { transaction, refund },
        _ => return Err(contradictory(row, "state")),
    })
}

pub(super) fn shipping(row: &AnyRow) -> Result<Option<Shipping>, sqlx::Error> {
    let Some(name) = row.optional("ship_name", Columns::text)? else { return Ok(None) };
    Ok(Some(Shipping {
        name,
        line1: row.text("ship_line1")?,
        line2: row.text("ship_line2")?,
        city: row.text("ship_city")?,
        state: row.text("ship_state")?,
        zip: row.text("ship_zip")?,
        country: row.text("ship_country")?,
        speed: row.parsed("ship_speed")?,
    }))
}

/// All columns of it, or none.
fn discount(row: &AnyRow) -> Result<Option<Discount>, sqlx::Error> {
    let Some(coupon) = row.optional("coupon_id", Columns::parsed)? else { return Ok(None) };
    Ok(Some(Discount {
        coupon,
        code: row.parsed("coupon_code")?,
        bearer: row.parsed("coupon_bearer")?,
        amount: row.money("discount")?,
    }))
}

fn fees_taken(row: &AnyRow) -> Result<Option<FeesTaken>, sqlx::Error> {
    let marketplace = row.optional("marketplace_fee", Columns::money)?;
    let amazon = row.optional("amazon_fee", Columns::money)?;
    match (marketplace, amazon) {
        (None, None) => Ok(None),
        (Some(marketplace), Some(amazon)) => Ok(Some(FeesTaken { marketplace, amazon })),
        _ => Err(contradictory(row, "marketplace_fee and amazon_fee")),
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
