//! The SQL of `reviews`, and of `item_ratings` and `merchant_ratings`, which triggers keep.

use super::{Answer, Review, Said, Stars};
use crate::ids::{ItemId, MerchantId, OrderId, ReviewId, UserId};
use crate::users::store::join_user;
use crate::users::{Hold, hold_statements};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use shop_pages::model::Rating;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// How an item is rated, as columns beside its own, from the row that [`join_rating`] brings.
macro_rules! rating_columns {
    () => {
        ", rated.one, rated.two, rated.three, rated.four, rated.five"
    };
}
pub(crate) use rating_columns;

/// The row of ratings of the item whose id is `$id`, as `rated`; most items have none.
macro_rules! join_rating {
    ($id:literal) => {
        concat!("LEFT JOIN item_ratings rated ON rated.item_id = ", $id, " ")
    };
}
pub(crate) use join_rating;

/// From the five columns; of what nobody reviewed they are NULL.
pub fn rating(row: &AnyRow) -> Result<Rating, sqlx::Error> {
    let mut counts = [0; 5];
    for (count, column) in counts.iter_mut().zip(["one", "two", "three", "four", "five"]) {
        let found = row.optional(column, Columns::integer)?.unwrap_or(0);
        *count = u32::try_from(found).unwrap_or(0);
    }
    Ok(Rating(counts))
}

impl FromRow<'_, AnyRow> for Review {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let stars = Stars::new(row.integer("stars")?);
        let stars = stars.ok_or_else(|| sqlx::Error::ColumnDecode {
            index: "stars".to_owned(),
            source: "not one to five stars".into(),
        })?;
        let answer = row.optional("answer", Columns::text)?.zip(row.optional("answered_at", Columns::time)?);
        Ok(Self {
            id: row.parsed("id")?,
            item_id: row.parsed("item_id")?,
            merchant_id: row.parsed("merchant_id")?,
            buyer_id: row.parsed("buyer_id")?,
            buyer: row.text("buyer")?,
            order_id: row.parsed("order_id")?,
            said: Said { stars, words: row.text("words")? },
            at: row.time("at")?,
            changed_at: row.optional("changed_at", Columns::time)?,
            withdrawn: row.optional("withdrawn_at", Columns::time)?.is_some(),
            refunded: row.optional("refunded_at", Columns::time)?.is_some(),
            answer: answer.map(|(words, at)| Answer { words, at }),
            held: Hold::from_row(row)?,
        })
    }
}

impl Review {
    /// In the order of lists.
    pub fn place(&self) -> Place<ReviewId> {
        Place { at: self.at, id: self.id.clone() }
    }
}

macro_rules! select_reviews {
    ($rest:expr) => {
        concat!(
            "SELECT r.id, r.item_id, r.merchant_id, r.buyer_id, u.name AS buyer, r.order_id, r.stars, r.words, r.at, \
             r.changed_at, r.withdrawn_at, r.refunded_at, r.answer, r.answered_at, r.held_at, r.held_reason \
             FROM reviews r ",
            join_user!("r.buyer_id"),
            $rest
        )
    };
}

/// What is older than a place in a list, and what is newer.
macro_rules! pages_of {
    ($which:literal) => {
        [
            select_reviews!(concat!(
                "WHERE r.withdrawn_at IS NULL AND r.held_at IS NULL AND ",
                $which,
                " AND (r.at, r.id) < ($2, $3) ORDER BY r.at DESC, r.id DESC LIMIT $4"
            )),
            select_reviews!(concat!(
                "WHERE r.withdrawn_at IS NULL AND r.held_at IS NULL AND ",
                $which,
                " AND (r.at, r.id) > ($2, $3) ORDER BY r.at, r.id LIMIT $4"
            )),
        ]
    };
}

pub(super) const OF_ITEM: [&str; 2] = pages_of!("r.item_id = $1");
pub(super) const OF_MERCHANT: [&str; 2] = pages_of!("r.merchant_id = $1");

/// Up to `limit` of a part of what everybody sees of an item's reviews, the newest first.
pub async fn of_item(
    db: &Database,
    item: &ItemId,
    part: &Part<Place<ReviewId>>,
    limit: i64,
) -> Result<Vec<Review>, sqlx::Error> {
    paging::rows_of(db, OF_ITEM, item.as_str(), part, limit).await
}

/// The same of all that a merchant sells.
pub async fn of_merchant(
    db: &Database,
    merchant: &MerchantId,
    part: &Part<Place<ReviewId>>,
    limit: i64,
) -> Result<Vec<Review>, sqlx::Error> {
    paging::rows_of(db, OF_MERCHANT, merchant.as_str(), part, limit).await
}

/// The statement of a part of the operator's list; `$1` and `$2` are the place, `$3` the limit.
pub(super) fn statement(held: bool, newer: bool) -> String {
    let condition = if held { "AND r.held_at IS NOT NULL " } else { "" };
    let (beyond, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
    format!(
        "{} {condition}AND (r.at, r.id) {beyond} ($1, $2) ORDER BY r.at {order}, r.id {order} LIMIT $3",
        select_reviews!("WHERE r.withdrawn_at IS NULL")
    )
}

/// Up to `limit` of a part of all reviews, or of those that are held, the newest first.
pub async fn of_page(
    db: &Database,
    held: bool,
    part: &Part<Place<ReviewId>>,
    limit: i64,
) -> Result<Vec<Review>, sqlx::Error> {
    paging::rows_where(db, |newer| statement(held, newer), Vec::new(), part, limit).await
}

pub async fn by_id(executor: impl AnyExecutor<'_>, id: &ReviewId) -> Result<Option<Review>, sqlx::Error> {
    sqlx::query_as(select_reviews!("WHERE r.id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// What this person said of this item, also where they withdrew it.
pub async fn of_buyer(
    executor: impl AnyExecutor<'_>,
    item: &ItemId,
    buyer: &UserId,
) -> Result<Option<Review>, sqlx::Error> {
    sqlx::query_as(select_reviews!("WHERE r.item_id = $1 AND r.buyer_id = $2"))
        .bind(item.as_str())
        .bind(buyer.as_str())
        .fetch_optional(executor)
        .await
}

/// Of all that the merchant sells.
pub async fn rating_of_merchant(
    executor: impl AnyExecutor<'_>,
    merchant: &MerchantId,
) -> Result<Rating, sqlx::Error> {
    let row = sqlx::query("SELECT one, two, three, four, five FROM merchant_ratings WHERE merchant_id = $1")
        .bind(merchant.as_str())
        .fetch_optional(executor)
        .await?;
    row.map_or(Ok(Rating::default()), |row| rating(&row))
}

/// A review about to be written for the first time.
#[derive(Debug, Clone)]
pub struct NewReview {
    pub id: ReviewId,
    pub item_id: ItemId,
    pub merchant_id: MerchantId,
    pub buyer_id: UserId,
    pub order_id: OrderId,
    pub said: Said,
    pub at: Timestamp,
}

/// Adds it; `false`: this person's review of the item is there.
pub async fn insert(connection: &mut AnyConnection, new: &NewReview) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO reviews (id, item_id, merchant_id, buyer_id, order_id, stars, words, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (item_id, buyer_id) DO NOTHING",
    )
    .bind(new.id.as_str())
    .bind(new.item_id.as_str())
    .bind(new.merchant_id.as_str())
    .bind(new.buyer_id.as_str())
    .bind(new.order_id.as_str())
    .bind(i64::from(new.said.stars.count()))
    .bind(&new.said.words)
    .bind(new.at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Puts other words and stars in the place of what was said: a change, or anew after it was withdrawn.
pub async fn change(connection: &mut AnyConnection, new: &NewReview) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE reviews SET order_id = $1, stars = $2, words = $3, \
         changed_at = CASE WHEN withdrawn_at IS NULL THEN $4 END, \
         at = CASE WHEN withdrawn_at IS NULL THEN at ELSE $4 END, withdrawn_at = NULL, refunded_at = NULL \
         WHERE item_id = $5 AND buyer_id = $6",
    )
    .bind(new.order_id.as_str())
    .bind(i64::from(new.said.stars.count()))
    .bind(&new.said.words)
    .bind(new.at.as_microsecond())
    .bind(new.item_id.as_str())
    .bind(new.buyer_id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the words back, and the answer to them; `false`: there is nothing to take back.
pub async fn withdraw(
    connection: &mut AnyConnection,
    item: &ItemId,
    buyer: &UserId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let withdrawn = sqlx::query(
        "UPDATE reviews SET withdrawn_at = $1, words = '', changed_at = NULL, answer = NULL, answered_at = NULL \
         WHERE item_id = $2 AND buyer_id = $3 AND withdrawn_at IS NULL",
    )
    .bind(at.as_microsecond())
    .bind(item.as_str())
    .bind(buyer.as_str())
    .execute(connection)
    .await?;
    Ok(withdrawn.rows_affected() == 1)
}

/// Puts the seller's answer to it, or takes it away.
pub async fn answer(
    connection: &mut AnyConnection,
    id: &ReviewId,
    answer: Option<&Answer>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE reviews SET answer = $1, answered_at = $2 WHERE id = $3 AND withdrawn_at IS NULL")
        .bind(answer.map(|answer| answer.words.as_str()))
        .bind(answer.map(|answer| answer.at.as_microsecond()))
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Holds the review, or releases it; answers `false` where it is so already.
pub async fn set_hold(
    connection: &mut AnyConnection,
    id: &ReviewId,
    hold: Option<&Hold>,
) -> Result<bool, sqlx::Error> {
    Hold::set(connection, hold_statements!("reviews"), id.as_str(), hold).await
}

/// All that was paid with the order went back.
pub async fn mark_refunded(
    connection: &mut AnyConnection,
    order: &OrderId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE reviews SET refunded_at = $1 WHERE order_id = $2 AND refunded_at IS NULL")
        .bind(at.as_microsecond())
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
