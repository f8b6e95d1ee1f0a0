//! The SQL of `orders` and `order_attempts`: placing, reading, changing. Lists and sums are in
//! [`lists`](super::lists).

use super::gifts;
use super::order::{NewOrder, Order, Shipping};
use super::rows::{StateColumns, select_orders};
use crate::catalogue::store::handling_days_of;
use crate::ids::{BasketId, CallerReference, FeeRuleId, ItemId, OrderId, TokenId, TransactionId, UserId};
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AnyExecutor};

/// Adds the order with its first attempt.
pub async fn insert(connection: &mut AnyConnection, new: &NewOrder) -> Result<(), sqlx::Error> {
    let ship = new.shipping.as_ref();
    let (refund_days, unless_downloaded) = new.refund_rule.columns();
    sqlx::query(concat!(
        "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
         recipient_token_id, refund_token_id, delivery, physical, ship_name, ship_line1, ship_line2, ship_city, \
         ship_state, ship_zip, ship_country, ship_speed, caller_reference, state, created_at, updated_at, check_at, \
         refund_days, refund_unless_downloaded, shipping_price, fee_rule, item_version, basket_id, \
         authorization_reference, coupon_id, coupon_code, coupon_bearer, discount, gift, handling_days) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         'AwaitingAuthorization', $22, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, ",
        handling_days_of!("$3"),
        ")",
    ))
    .bind(new.id.as_str())
    .bind(new.buyer_id.as_str())
    .bind(new.item_id.as_str())
    .bind(new.merchant_id.as_str())
    .bind(&new.title)
    .bind(new.price.micros())
    .bind(new.fixed_fee.micros())
    .bind(new.variable_fee.ten_thousandths())
    .bind(new.recipient_token.as_str())
    .bind(token_or_nothing(new.refund_token.as_ref()))
    .bind(new.delivery.as_str())
    .bind(i64::from(new.physical))
    .bind(ship.map(|to| to.name.as_str()))
    .bind(ship.map(|to| to.line1.as_str()))
    .bind(ship.map(|to| to.line2.as_str()))
    .bind(ship.map(|to| to.city.as_str()))
    .bind(ship.map(|to| to.state.as_str()))
    .bind(ship.map(|to| to.zip.as_str()))
    .bind(ship.map(|to| to.country.as_str()))
    .bind(ship.map(|to| to.speed.as_str()))
    .bind(new.caller_reference.as_str())
    .bind(new.at.as_microsecond())
    .bind(new.check_at.map(Timestamp::as_microsecond))
    .bind(refund_days)
    .bind(unless_downloaded)
    .bind(new.shipping_price.micros())
    .bind(new.fee_rule.as_ref().map(FeeRuleId::as_str))
    .bind(new.item_version)
    .bind(new.basket.as_ref().map(BasketId::as_str))
    .bind(new.shared_authorization.as_ref().map(CallerReference::as_str))
    .bind(new.discount.as_ref().map(|discount| discount.coupon.as_str()))
    .bind(new.discount.as_ref().map(|discount| discount.code.as_str()))
    .bind(new.discount.as_ref().map(|discount| discount.bearer.as_str()))
    .bind(new.discount.as_ref().map(|discount| discount.amount.micros()))
    .bind(i64::from(new.gift.is_some()))
    .execute(&mut *connection)
    .await?;
    if let Some(to) = &new.gift {
        gifts::insert(&mut *connection, &new.id, to).await?;
    }
    add_attempt(connection, &new.id, &new.caller_reference).await
}

/// `''` where Amazon did not tell the token.
fn token_or_nothing(token: Option<&TokenId>) -> &str {
    token.map_or("", TokenId::as_str)
}

/// The buyer's order of the same item, on the same terms and to the same place, that waits to be confirmed
/// since no earlier than `since`: a button that was pressed twice means one order. With it, when its present
/// attempt began; nobody begins another one until the transaction ends.
pub async fn lock_same_as(
    connection: &mut AnyConnection,
    new: &NewOrder,
    since: Timestamp,
) -> Result<Option<(OrderId, Timestamp)>, sqlx::Error> {
    let Some((id, _)) = same_as(&mut *connection, new, since).await? else { return Ok(None) };
    lock(&mut *connection, &id).await?;
    // What changed before it was locked is seen now.
    same_as(connection, new, since).await
}

async fn same_as(
    connection: &mut AnyConnection,
    new: &NewOrder,
    since: Timestamp,
) -> Result<Option<(OrderId, Timestamp)>, sqlx::Error> {
    let ship = new.shipping.as_ref();
    let line = |of: fn(&Shipping) -> &str| ship.map_or("", of);
    let (refund_days, unless_downloaded) = new.refund_rule.columns();
    let row = sqlx::query(
        "SELECT id, updated_at FROM orders WHERE buyer_id = $1 AND item_id = $2 AND state = 'AwaitingAuthorization' \
         AND created_at >= $3 AND title = $4 AND price = $5 AND delivery = $6 AND fixed_fee = $7 \
         AND variable_fee = $8 AND recipient_token_id = $9 AND refund_token_id = $10 \
         AND COALESCE(ship_name, '') = $11 AND COALESCE(ship_line1, '') = $12 AND COALESCE(ship_line2, '') = $13 \
         AND COALESCE(ship_city, '') = $14 AND COALESCE(ship_state, '') = $15 AND COALESCE(ship_zip, '') = $16 \
         AND COALESCE(ship_country, '') = $17 AND COALESCE(ship_speed, '') = $18 \
         AND COALESCE(refund_days, -1) = $19 AND refund_unless_downloaded = $20 \
         AND shipping_price = $21 AND COALESCE(item_version, 0) = $22 AND basket_id IS NULL \
         AND COALESCE(coupon_id, '') = $23 \
         AND COALESCE((SELECT g.email || ':' || g.name || ':' || g.message FROM gifts g WHERE g.order_id = orders.id), '') = $24 \
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(new.buyer_id.as_str())
    .bind(new.item_id.as_str())
    .bind(since.as_microsecond())
    .bind(&new.title)
    .bind(new.price.micros())
    .bind(new.delivery.as_str())
    .bind(new.fixed_fee.micros())
    .bind(new.variable_fee.ten_thousandths())
    .bind(new.recipient_token.as_str())
    .bind(token_or_nothing(new.refund_token.as_ref()))
    .bind(line(|to| &to.name))
    .bind(line(|to| &to.line1))
    .bind(line(|to| &to.line2))
    .bind(line(|to| &to.city))
    .bind(line(|to| &to.state))
    .bind(line(|to| &to.zip))
    .bind(line(|to| &to.country))
    .bind(line(|to| to.speed.as_str()))
    .bind(refund_days.unwrap_or(-1))
    .bind(unless_downloaded)
    .bind(new.shipping_price.micros())
    .bind(new.item_version.unwrap_or(0))
    .bind(new.discount.as_ref().map_or("", |discount| discount.coupon.as_str()))
    .bind(new.gift.as_ref().map_or_else(String::new, |to| format!("{}:{}:{}", to.email, to.name, to.message)))
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.parsed("id")?, row.time("updated_at")?))).transpose()
}

/// What a guest bought is somebody's with an account now, with the right to download it.
pub async fn change_buyer(
    connection: &mut AnyConnection,
    from: &UserId,
    to: &UserId,
) -> Result<(), sqlx::Error> {
    for sql in [
        "UPDATE orders SET buyer_id = $1 WHERE buyer_id = $2",
        "UPDATE download_grants SET buyer_id = $1 WHERE buyer_id = $2",
    ] {
        sqlx::query(sql).bind(to.as_str()).bind(from.as_str()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Whether the buyer ordered anything of this seller.
pub async fn bought_of(
    connection: &mut AnyConnection,
    buyer: &UserId,
    seller: &UserId,
) -> Result<bool, sqlx::Error> {
    let sql = concat!(
        "SELECT 1 FROM orders o ",
        crate::merchants::store::join_merchant!("o.merchant_id"),
        "WHERE o.buyer_id = $1 AND m.user_id = $2 LIMIT 1"
    );
    let found = sqlx::query(sql).bind(buyer.as_str()).bind(seller.as_str()).fetch_optional(connection);
    Ok(found.await?.is_some())
}

/// The buyer's orders of the item that wait to be confirmed, placed no earlier than `since`, the newest first.
pub async fn unconfirmed(
    db: &Database,
    buyer: &UserId,
    item: &ItemId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<OrderId>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id FROM orders WHERE buyer_id = $1 AND item_id = $2 AND state = 'AwaitingAuthorization' \
         AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(buyer.as_str())
    .bind(item.as_str())
    .bind(since.as_microsecond())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// `None` where there is no such order.
pub async fn load(executor: impl AnyExecutor<'_>, id: &OrderId) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as(select_orders!("WHERE o.id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// Reads the order and keeps everybody else from changing it until the transaction ends.
pub async fn lock(connection: &mut AnyConnection, id: &OrderId) -> Result<Option<Order>, sqlx::Error> {
    // The write takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
    sqlx::query("UPDATE orders SET updated_at = updated_at WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    load(connection, id).await
}

/// Keeps the order's present `CallerReference`: Amazon can come back with one that was given up since.
pub async fn add_attempt(
    connection: &mut AnyConnection,
    id: &OrderId,
    reference: &CallerReference,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO order_attempts (caller_reference, order_id) VALUES ($1, $2)")
        .bind(reference.as_str())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// The order that has, or had, an attempt with this `CallerReference`.
pub async fn by_reference(db: &Database, reference: &CallerReference) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as(select_orders!("JOIN order_attempts a ON a.order_id = o.id WHERE a.caller_reference = $1"))
        .bind(reference.as_str())
        .fetch_optional(db.readers())
        .await
}

/// The order that was paid, or refunded, by this transaction.
pub async fn by_transaction(db: &Database, id: &TransactionId) -> Result<Option<Order>, sqlx::Error> {
    sqlx::query_as(select_orders!("WHERE o.transaction_id = $1 OR o.refund_transaction_id = $1"))
        .bind(id.as_str())
        .fetch_optional(db.readers())
        .await
}

/// The newest order whose present attempt was authorized with this token.
pub async fn by_sender_token(db: &Database, token: &TokenId) -> Result<Option<OrderId>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM orders WHERE sender_token_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(token.as_str())
    .fetch_optional(db.readers())
    .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// The orders that were placed with a basket, in their order.
pub async fn of_basket(executor: impl AnyExecutor<'_>, basket: &BasketId) -> Result<Vec<Order>, sqlx::Error> {
    sqlx::query_as(select_orders!("WHERE o.basket_id = $1 ORDER BY o.created_at, o.id"))
        .bind(basket.as_str())
        .fetch_all(executor)
        .await
}

/// When an order is looked at next though nothing happens to it; `None`: not at all.
#[derive(Debug, Clone, Copy)]
pub struct NextLooks {
    /// A job asks after what is open.
    pub check_at: Option<Timestamp>,
    /// A job compares the order with what Amazon says of its payment.
    pub compare_at: Option<Timestamp>,
}

/// Writes what can change of an order that this transaction has locked.
pub async fn save(
    connection: &mut AnyConnection,
    order: &Order,
    next: NextLooks,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let state = StateColumns::from(&order.state);
    sqlx::query(
        "UPDATE orders SET state = $1, caller_reference = $2, sender_token_id = $3, payment_method = $4, \
         transaction_id = $5, refund_attempt = $6, refund_transaction_id = $7, failure = $8, shipped_at = $9, \
         marketplace_fee = $10, amazon_fee = $11, check_at = $12, checks = $13, updated_at = $14, \
         refund_amount = $15, refunded = $16, recipient_token_id = $17, refund_token_id = $18, settle_accepted = $19, \
         compare_at = $20, charged = $21, tracking = $22, seller_message = $23, paid_at = $24, refund_policy = $25, \
         took_stock = $26, authorization_reference = $27 WHERE id = $28",
    )
    .bind(state.name)
    .bind(order.caller_reference.as_str())
    .bind(order.sender_token.as_ref().map(TokenId::as_str))
    .bind(order.payment_method.map(PaymentMethod::as_str))
    .bind(state.transaction)
    .bind(order.refund_attempt)
    .bind(state.refund)
    .bind(state.failure)
    .bind(order.shipped_at.map(Timestamp::as_microsecond))
    .bind(order.fees_taken.map(|fees| fees.marketplace.micros()))
    .bind(order.fees_taken.map(|fees| fees.amazon.micros()))
    .bind(next.check_at.map(Timestamp::as_microsecond))
    .bind(order.checks)
    .bind(at.as_microsecond())
    .bind(order.refund_amount.map(Money::micros))
    .bind(order.refunded.micros())
    .bind(order.recipient_token.as_str())
    .bind(token_or_nothing(order.refund_token.as_ref()))
    .bind(i64::from(order.settle_accepted))
    .bind(next.compare_at.map(Timestamp::as_microsecond))
    .bind(order.charged_less.map(Money::micros))
    .bind(order.tracking.as_deref())
    .bind(order.seller_message.as_deref())
    .bind(order.paid_at.map(Timestamp::as_microsecond))
    .bind(order.refund_policy.as_str())
    .bind(i64::from(order.took_stock))
    .bind(order.shared_authorization.as_ref().map(CallerReference::as_str))
    .bind(order.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// What an order may be due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// To be asked whether the buyer has confirmed it.
    Confirmation,
    /// To be asked after its payment or refund.
    Payment,
    /// To be compared with what Amazon says of it.
    Comparison,
}

/// Orders that are due, the longest due first.
pub async fn due(
    db: &Database,
    what: Due,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<OrderId>, sqlx::Error> {
    let rows = sqlx::query(match what {
        Due::Confirmation => {
            "SELECT id FROM orders WHERE check_at IS NOT NULL AND check_at <= $1 \
             AND state = 'AwaitingAuthorization' ORDER BY check_at, id LIMIT $2"
        }
        Due::Payment => {
            "SELECT id FROM orders WHERE check_at IS NOT NULL AND check_at <= $1 \
             AND state <> 'AwaitingAuthorization' ORDER BY check_at, id LIMIT $2"
        }
        Due::Comparison => {
            "SELECT id FROM orders WHERE compare_at IS NOT NULL AND compare_at <= $1 \
             ORDER BY compare_at, id LIMIT $2"
        }
    })
    .bind(now.as_microsecond())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// When the comparison is that is due next; `None` where no order has a payment.
pub async fn next_comparison(db: &Database) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query("SELECT MIN(compare_at) AS next FROM orders WHERE compare_at IS NOT NULL")
        .fetch_one(db.readers())
        .await?;
    row.optional("next", Columns::time)
}

/// Looks at the order again at `check_at`, unless it has moved on since it was read; `checks` looks were had in this
/// state.
pub async fn reschedule(
    connection: &mut AnyConnection,
    order: &Order,
    check_at: Option<Timestamp>,
    checks: i64,
) -> Result<(), sqlx::Error> {
    let state = StateColumns::from(&order.state);
    sqlx::query("UPDATE orders SET check_at = $1, checks = $2 WHERE id = $3 AND state = $4 AND checks = $5")
        .bind(check_at.map(Timestamp::as_microsecond))
        .bind(checks)
        .bind(order.id.as_str())
        .bind(state.name)
        .bind(order.checks)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts the next look off, whatever the row says.
pub async fn postpone(
    connection: &mut AnyConnection,
    id: &OrderId,
    check_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE orders SET check_at = $1 WHERE id = $2")
        .bind(check_at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Compares the order again at `compare_at`, unless it was changed since it was due at `now`.
pub async fn put_off_comparison(
    connection: &mut AnyConnection,
    id: &OrderId,
    compare_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE orders SET compare_at = $1 WHERE id = $2 AND compare_at <= $3")
        .bind(compare_at.map(Timestamp::as_microsecond))
        .bind(id.as_str())
        .bind(now.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}
