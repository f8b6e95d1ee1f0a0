//! The SQL of `messages` and `message_threads`.

use super::{A_DAY, Author, MOST_IN_A_DAY, MessageError, NewMessage, Reader, TWICE};
use crate::ids::{MerchantId, MessageId, OrderId, UserId};
use crate::orders::Order;
use crate::orders::join_order;
use crate::users::store::join_user;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use std::collections::HashMap;
use text_types::sql::placeholders;

/// Characters of the last message that lists show.
const BEGINNING: usize = 140;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub author: Author,
    pub text: String,
    pub at: Timestamp,
}

impl Message {
    /// In the order of the thread.
    pub fn place(&self) -> Place<MessageId> {
        Place { at: self.at, id: self.id.clone() }
    }
}

impl FromRow<'_, AnyRow> for Message {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            author: row.parsed("author")?,
            text: row.text("text")?,
            at: row.time("at")?,
        })
    }
}

/// What is older than a place in the thread, and what is newer.
pub(super) const MESSAGES: [&str; 2] = [
    "SELECT id, author, text, at FROM messages WHERE order_id = $1 AND (at, id) < ($2, $3) \
     ORDER BY at DESC, id DESC LIMIT $4",
    "SELECT id, author, text, at FROM messages WHERE order_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4",
];

/// Up to `limit` messages of a part of what was written about the order, the newest first.
pub async fn thread(
    db: &Database,
    order: &OrderId,
    part: &Part<Place<MessageId>>,
    limit: i64,
) -> Result<Vec<Message>, sqlx::Error> {
    paging::rows_of(db, MESSAGES, order.as_str(), part, limit).await
}

/// An order's messages in a list.
#[derive(Debug, Clone)]
pub struct Thread {
    pub order_id: OrderId,
    pub title: String,
    pub buyer: String,
    pub last_at: Timestamp,
    pub last_author: Author,
    /// How the last message begins.
    pub last_text: String,
    pub unread: bool,
}

impl Thread {
    /// In the order of the list.
    pub fn place(&self) -> Place<OrderId> {
        Place { at: self.last_at, id: self.order_id.clone() }
    }
}

impl FromRow<'_, AnyRow> for Thread {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            order_id: row.parsed("order_id")?,
            title: row.text("title")?,
            buyer: row.text("buyer")?,
            last_at: row.time("last_at")?,
            last_author: row.parsed("last_author")?,
            last_text: row.text("last_text")?,
            unread: row.integer("unread")? > 0,
        })
    }
}

macro_rules! select_threads {
    ($rest:literal) => {
        concat!(
            "SELECT t.order_id, o.title, u.name AS buyer, t.last_at, t.last_author, t.last_text, \
             t.unread_by_merchant AS unread FROM message_threads t ",
            join_order!("t.order_id"),
            join_user!("t.buyer_id"),
            "WHERE t.merchant_id = $1 AND ",
            $rest
        )
    };
}

/// What was written to last before a place in the list, and after it.
pub(super) const THREADS: [&str; 2] = [
    select_threads!("(t.last_at, t.order_id) < ($2, $3) ORDER BY t.last_at DESC, t.order_id DESC LIMIT $4"),
    select_threads!("(t.last_at, t.order_id) > ($2, $3) ORDER BY t.last_at, t.order_id LIMIT $4"),
];

/// Up to `limit` of a part of the seller's threads, the one that was written to last first.
pub async fn of_merchant(
    db: &Database,
    merchant: &MerchantId,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Thread>, sqlx::Error> {
    paging::rows_of(db, THREADS, merchant.as_str(), part, limit).await
}

pub(super) const UNREAD_THREADS: &str = "SELECT COUNT(*) AS unread FROM \
    (SELECT 1 FROM message_threads WHERE merchant_id = $1 AND unread_by_merchant > 0 LIMIT $2) AS n";

/// About how many orders the seller has something to read, counted up to `most`.
pub async fn unread_threads(db: &Database, merchant: &MerchantId, most: u32) -> Result<u32, sqlx::Error> {
    let query = sqlx::query(UNREAD_THREADS).bind(merchant.as_str()).bind(i64::from(most));
    Ok(u32::try_from(query.fetch_one(db.readers()).await?.integer("unread")?).unwrap_or(most))
}

/// How much the buyer has not read of each of these orders; those where it is nothing are not in it.
pub async fn unread_by_buyer(db: &Database, orders: &[&str]) -> Result<HashMap<String, u32>, sqlx::Error> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT order_id, unread_by_buyer FROM message_threads WHERE unread_by_buyer > 0 AND order_id IN ({})",
        placeholders(1, orders.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for order in orders {
        query = query.bind(*order);
    }
    let rows = query.fetch_all(db.readers()).await?;
    let unread = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    rows.iter().map(|row| Ok((row.text("order_id")?, unread(row.integer("unread_by_buyer")?)))).collect()
}

/// How much one side has not read of the order.
pub async fn unread(db: &Database, order: &OrderId, reader: Reader) -> Result<i64, sqlx::Error> {
    let sql = match reader {
        Reader::Buyer => "SELECT unread_by_buyer AS unread FROM message_threads WHERE order_id = $1",
        Reader::Merchant => "SELECT unread_by_merchant AS unread FROM message_threads WHERE order_id = $1",
    };
    let row = sqlx::query(sql).bind(order.as_str()).fetch_optional(db.readers()).await?;
    row.map_or(Ok(0), |row| row.integer("unread"))
}

/// This side has seen `seen` more of what it had not read.
pub(super) async fn mark_read(
    connection: &mut AnyConnection,
    order: &OrderId,
    reader: Reader,
    seen: i64,
) -> Result<(), sqlx::Error> {
    // What came since it was shown stays unread.
    let sql = match reader {
        Reader::Buyer => {
            "UPDATE message_threads SET unread_by_buyer = unread_by_buyer - $2 \
             WHERE order_id = $1 AND unread_by_buyer >= $2"
        }
        Reader::Merchant => {
            "UPDATE message_threads SET unread_by_merchant = unread_by_merchant - $2 \
             WHERE order_id = $1 AND unread_by_merchant >= $2"
        }
    };
    sqlx::query(sql).bind(order.as_str()).bind(seen).execute(connection).await?;
    Ok(())
}

/// Adds a message, if its author did not write as much as is allowed.
pub async fn send(
    connection: &mut AnyConnection,
    order: &Order,
    new: &NewMessage,
) -> Result<(), MessageError> {
    // First of all: who writes about the same order at the same time waits here.
    add_to_thread(connection, order, new).await?;
    let last: Option<Message> = sqlx::query_as(
        "SELECT id, author, text, at FROM messages WHERE order_id = $1 ORDER BY at DESC, id DESC LIMIT 1",
    )
    .bind(order.id.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let again = |last: &Message| last.author == new.author && last.text == new.text;
    if last.is_some_and(|last| again(&last) && new.at.duration_since(last.at) < TWICE) {
        return Err(MessageError::Again);
    }
    if written(connection, &order.id, new).await? >= MOST_IN_A_DAY {
        return Err(MessageError::TooMany);
    }
    sqlx::query("INSERT INTO messages (id, order_id, author, text, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(new.id.as_str())
        .bind(order.id.as_str())
        .bind(new.author.as_str())
        .bind(&new.text)
        .bind(new.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// What a guest wrote and is written is somebody's with an account now.
pub async fn change_buyer(
    connection: &mut AnyConnection,
    from: &UserId,
    to: &UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE message_threads SET buyer_id = $1 WHERE buyer_id = $2")
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// How much the author wrote about the order within the last day.
async fn written(
    connection: &mut AnyConnection,
    order: &OrderId,
    new: &NewMessage,
) -> Result<i64, sqlx::Error> {
    let since = new.at.checked_sub(A_DAY).unwrap_or(Timestamp::MIN);
    let row = sqlx::query(
        "SELECT COUNT(*) AS written FROM messages WHERE order_id = $1 AND at > $2 AND author = $3",
    )
    .bind(order.as_str())
    .bind(since.as_microsecond())
    .bind(new.author.as_str())
    .fetch_one(connection)
    .await?;
    row.integer("written")
}

async fn add_to_thread(
    connection: &mut AnyConnection,
    order: &Order,
    new: &NewMessage,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO message_threads (order_id, merchant_id, buyer_id, last_at, last_author, last_text, \
         unread_by_buyer, unread_by_merchant) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (order_id) DO UPDATE SET last_at = excluded.last_at, last_author = excluded.last_author, \
         last_text = excluded.last_text, \
         unread_by_buyer = message_threads.unread_by_buyer + excluded.unread_by_buyer, \
         unread_by_merchant = message_threads.unread_by_merchant + excluded.unread_by_merchant",
    )
    .bind(order.id.as_str())
    .bind(order.merchant_id.as_str())
    .bind(order.buyer_id.as_str())
    .bind(new.at.as_microsecond())
    .bind(new.author.as_str())
    .bind(new.text.chars().take(BEGINNING).collect::<String>())
    .bind(i64::from(new.author != Author::Buyer))
    .bind(i64::from(new.author != Author::Merchant))
    .execute(connection)
    .await?;
    Ok(())
}
