//! The SQL of `orders`, `order_events` and `download_grants`.

use super::OrderError;
use super::ids::OrderId;
use super::order::{Order, Shipping};
use super::row::{OrderRow, StateColumns, select_orders};
use super::state::{GrantChange, Happening};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, TokenId};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use sqlx::{AnyConnection, AnyPool};

/// An order about to be placed; what is sold and on what terms comes from the item's and the merchant's rows.
#[derive(Debug, Clone)]
pub(super) struct NewOrder {
    pub id: OrderId,
    pub buyer_id: String,
    pub item_slug: String,
    pub shipping: Option<Shipping>,
    pub caller_reference: CallerReference,
    pub fixed_fee: i64,
    pub variable_fee: i64,
    pub at: i64,
}

/// Adds the order, if the item's merchant can be paid.
pub(super) async fn insert(connection: &mut AnyConnection, new: &NewOrder) -> Result<bool, sqlx::Error> {
    let ship = new.shipping.as_ref();
    let inserted = sqlx::query(
        "INSERT INTO orders (id, buyer_id, item_id, merchant_id, title, price, fixed_fee, variable_fee, \
         recipient_token_id, refund_token_id, delivery, physical, ship_name, ship_line1, ship_line2, ship_city, \
         ship_state, ship_zip, ship_country, ship_speed, caller_reference, state, created_at, updated_at) \
         SELECT $1, $2, i.id, m.id, i.title, i.price, $3, $4, m.recipient_token_id, m.refund_token_id, \
         i.delivery, i.physical, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'AwaitingAuthorization', $14, $14 \
         FROM items i JOIN merchants m ON m.id = i.merchant_id WHERE i.slug = $15 \
         AND m.recipient_token_id IS NOT NULL AND m.refund_token_id IS NOT NULL",
    )
    .bind(new.id.as_str())
    .bind(&new.buyer_id)
    .bind(new.fixed_fee)
    .bind(new.variable_fee)
    .bind(ship.map(|to| to.name.as_str()))
    .bind(ship.map(|to| to.line1.as_str()))
    .bind(ship.map(|to| to.line2.as_str()))
    .bind(ship.map(|to| to.city.as_str()))
    .bind(ship.map(|to| to.state.as_str()))
    .bind(ship.map(|to| to.zip.as_str()))
    .bind(ship.map(|to| to.country.as_str()))
    .bind(ship.map(|to| to.speed.as_str()))
    .bind(new.caller_reference.as_str())
    .bind(new.at)
    .bind(&new.item_slug)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The buyer's order of the same item, on the same terms and to the same place, that waits to be confirmed
/// since no earlier than `since`: a button that was pressed twice means one order. Keeps the buyer from
/// placing another one until the transaction ends.
pub(super) async fn same_wish(
    connection: &mut AnyConnection,
    new: &NewOrder,
    since: i64,
) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query("UPDATE users SET name = name WHERE id = $1")
        .bind(&new.buyer_id)
        .execute(&mut *connection)
        .await?;
    let ship = new.shipping.as_ref();
    let line = |of: fn(&Shipping) -> &String| ship.map_or("", |to| of(to).as_str());
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT o.id FROM orders o JOIN items i ON i.id = o.item_id JOIN merchants m ON m.id = i.merchant_id \
         WHERE o.buyer_id = $1 AND i.slug = $2 AND o.state = 'AwaitingAuthorization' AND o.created_at >= $3 \
         AND o.title = i.title AND o.price = i.price AND o.delivery = i.delivery AND o.fixed_fee = $4 \
         AND o.variable_fee = $5 AND o.recipient_token_id = m.recipient_token_id \
         AND o.refund_token_id = m.refund_token_id AND COALESCE(o.ship_name, '') = $6 \
         AND COALESCE(o.ship_line1, '') = $7 AND COALESCE(o.ship_line2, '') = $8 \
         AND COALESCE(o.ship_city, '') = $9 AND COALESCE(o.ship_state, '') = $10 \
         AND COALESCE(o.ship_zip, '') = $11 AND COALESCE(o.ship_country, '') = $12 \
         AND COALESCE(o.ship_speed, '') = $13 ORDER BY o.created_at DESC, o.id DESC LIMIT 1",
    )
    .bind(&new.buyer_id)
    .bind(&new.item_slug)
    .bind(since)
    .bind(new.fixed_fee)
    .bind(new.variable_fee)
    .bind(line(|to| &to.name))
    .bind(line(|to| &to.line1))
    .bind(line(|to| &to.line2))
    .bind(line(|to| &to.city))
    .bind(line(|to| &to.state))
    .bind(line(|to| &to.zip))
    .bind(line(|to| &to.country))
    .bind(line(|to| &to.speed))
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(id,)| OrderId::new(id)))
}

pub(crate) async fn load(pool: &AnyPool, id: &OrderId) -> Result<Option<Order>, OrderError> {
    let row: Option<OrderRow> =
        sqlx::query_as(select_orders!("WHERE o.id = $1")).bind(id.as_str()).fetch_optional(pool).await?;
    row.map(Order::try_from).transpose()
}

/// Reads the order and keeps everybody else from changing it until the transaction ends.
pub(crate) async fn lock(connection: &mut AnyConnection, id: &OrderId) -> Result<Option<Order>, OrderError> {
    // The write takes the row's lock on PostgreSQL; SQLite has only one writer anyway.
    sqlx::query("UPDATE orders SET updated_at = updated_at WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    let row: Option<OrderRow> = sqlx::query_as(select_orders!("WHERE o.id = $1"))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    row.map(Order::try_from).transpose()
}

/// Keeps the order's present `CallerReference`: Amazon can come back with one that was given up since.
pub(crate) async fn add_attempt(
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
pub(crate) async fn by_reference(db: &Database, reference: &str) -> Result<Option<OrderId>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT order_id FROM order_attempts WHERE caller_reference = $1")
            .bind(reference)
            .fetch_optional(db.readers())
            .await?;
    Ok(row.map(|(id,)| OrderId::new(id)))
}

/// The order that was paid, or refunded, by this transaction.
pub(crate) async fn by_transaction(db: &Database, id: &str) -> Result<Option<OrderId>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM orders WHERE transaction_id = $1 OR refund_transaction_id = $1")
            .bind(id)
            .fetch_optional(db.readers())
            .await?;
    Ok(row.map(|(id,)| OrderId::new(id)))
}

/// The order whose present attempt was authorized with this token.
pub(crate) async fn by_sender_token(db: &Database, token: &str) -> Result<Option<OrderId>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM orders WHERE sender_token_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(token)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(|(id,)| OrderId::new(id)))
}

/// Writes what can change of an order that this transaction has locked.
pub(crate) async fn save(
    connection: &mut AnyConnection,
    order: &Order,
    check_at: Option<i64>,
    at: i64,
) -> Result<(), sqlx::Error> {
    let state = StateColumns::from(&order.state);
    sqlx::query(
        "UPDATE orders SET state = $1, caller_reference = $2, sender_token_id = $3, payment_method = $4, \
         transaction_id = $5, refund_attempt = $6, refund_transaction_id = $7, failure = $8, shipped_at = $9, \
         marketplace_fee = $10, amazon_fee = $11, check_at = $12, checks = $13, updated_at = $14, \
         refund_amount = $15, refunded = $16 WHERE id = $17",
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
    .bind(check_at)
    .bind(order.checks)
    .bind(at)
    .bind(order.refund_amount.map(Money::micros))
    .bind(order.refunded.micros())
    .bind(order.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// A new attempt pays the merchant as it is registered now, which need not be as it was when the order was
/// placed.
pub(crate) async fn renew_recipient(connection: &mut AnyConnection, id: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE orders SET \
         recipient_token_id = (SELECT recipient_token_id FROM merchants WHERE id = orders.merchant_id), \
         refund_token_id = (SELECT refund_token_id FROM merchants WHERE id = orders.merchant_id) \
         WHERE id = $1 AND EXISTS (SELECT 1 FROM merchants m WHERE m.id = orders.merchant_id \
         AND m.recipient_token_id IS NOT NULL AND m.refund_token_id IS NOT NULL)",
    )
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether this refund is among those that reached the buyer.
pub(crate) async fn is_refund_counted(
    connection: &mut AnyConnection,
    id: &OrderId,
    refund: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT 1 FROM order_refunds WHERE order_id = $1 AND refund_id = $2")
            .bind(id.as_str())
            .bind(refund)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

pub(crate) async fn count_refund(
    connection: &mut AnyConnection,
    id: &OrderId,
    refund: &str,
    amount: Money,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO order_refunds (order_id, refund_id, amount, at) VALUES ($1, $2, $3, $4)")
        .bind(id.as_str())
        .bind(refund)
        .bind(amount.micros())
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn add_event(
    connection: &mut AnyConnection,
    id: &OrderId,
    happening: Happening,
    detail: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO order_events (order_id, sequence, at, kind, detail) \
         SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4 FROM order_events WHERE order_id = $1",
    )
    .bind(id.as_str())
    .bind(at)
    .bind(happening.as_str())
    .bind(detail)
    .execute(connection)
    .await?;
    Ok(())
}

/// What happened, first things first.
pub(super) async fn events(db: &Database, id: &OrderId) -> Result<Vec<(i64, Happening, String)>, OrderError> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT at, kind, detail FROM order_events WHERE order_id = $1 ORDER BY sequence")
            .bind(id.as_str())
            .fetch_all(db.readers())
            .await?;
    rows.into_iter()
        .map(|(at, kind, detail)| {
            let happening = Happening::parse(&kind)
                .ok_or_else(|| OrderError::Inconsistent(format!("order_events.kind of {id}")))?;
            Ok((at, happening, detail))
        })
        .collect()
}

/// Gives or revokes the right to download. Given again after a refund that failed.
pub(crate) async fn change_grant(
    connection: &mut AnyConnection,
    order: &Order,
    change: GrantChange,
    at: i64,
) -> Result<(), sqlx::Error> {
    let query = match change {
        GrantChange::Give => sqlx::query(
            "INSERT INTO download_grants (order_id, buyer_id, item_id, granted_at) \
             SELECT $1, $2, $3, $4 FROM items WHERE id = $3 AND file_key IS NOT NULL \
             ON CONFLICT (order_id) DO UPDATE SET revoked_at = NULL",
        )
        .bind(order.id.as_str())
        .bind(&order.buyer_id)
        .bind(&order.item_id)
        .bind(at),
        GrantChange::Revoke => sqlx::query(
            "UPDATE download_grants SET revoked_at = $1 WHERE order_id = $2 AND revoked_at IS NULL",
        )
        .bind(at)
        .bind(order.id.as_str()),
    };
    query.execute(connection).await?;
    Ok(())
}

/// Orders that the tracking job is to look after, the longest due first.
pub(crate) async fn due(db: &Database, now: i64, limit: usize) -> Result<Vec<OrderId>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM orders WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at LIMIT $2",
    )
    .bind(now)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db.readers())
    .await?;
    Ok(rows.into_iter().map(|(id,)| OrderId::new(id)).collect())
}

/// Looks after the order again at `check_at`, unless it has moved on since `order` was read.
pub(crate) async fn reschedule(
    connection: &mut AnyConnection,
    order: &Order,
    check_at: i64,
) -> Result<(), sqlx::Error> {
    let state = StateColumns::from(&order.state);
    sqlx::query("UPDATE orders SET check_at = $1, checks = $2 WHERE id = $3 AND state = $4 AND checks = $5")
        .bind(check_at)
        .bind(order.checks + 1)
        .bind(order.id.as_str())
        .bind(state.name)
        .bind(order.checks)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts the next look off, whatever the row says.
pub(crate) async fn postpone(
    connection: &mut AnyConnection,
    id: &OrderId,
    check_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE orders SET check_at = $1 WHERE id = $2")
        .bind(check_at)
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
