//! The SQL of `coupons`.

use super::{Code, Coupon, Reach, Value};
use crate::ids::{CouponId, ItemId, MerchantId};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Coupons, and what follows in the statement.
macro_rules! select_coupons {
    ($rest:literal) => {
        concat!(
            "SELECT id, merchant_id, item_id, code, percent, amount, begins_at, ends_at, most_uses, most_each, made_at, \
             withdrawn_at FROM coupons ",
            $rest
        )
    };
}

/// Whose rows of the list are the market's.
const MARKET: &str = "";

/// What is older than a place, and what is newer.
pub const PAGES: [&str; 2] = [
    select_coupons!(
        "WHERE COALESCE(merchant_id, '') = $1 AND (made_at, id) < ($2, $3) ORDER BY made_at DESC, id DESC LIMIT $4"
    ),
    select_coupons!(
        "WHERE COALESCE(merchant_id, '') = $1 AND (made_at, id) > ($2, $3) ORDER BY made_at, id LIMIT $4"
    ),
];

impl FromRow<'_, AnyRow> for Coupon {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let merchant: Option<MerchantId> = row.optional("merchant_id", Columns::parsed)?;
        let item: Option<ItemId> = row.optional("item_id", Columns::parsed)?;
        let reach = match (merchant, item) {
            (None, None) => Reach::Market,
            (Some(merchant), None) => Reach::Seller(merchant),
            (Some(merchant), Some(item)) => Reach::Item(merchant, item),
            (None, Some(_)) => return Err(sqlx::Error::Decode("a coupon for an item of no seller".into())),
        };
        let percent = row.optional("percent", Columns::percent)?;
        let amount = row.optional("amount", Columns::money)?;
        let value = match (percent, amount) {
            (Some(percent), None) => Value::Percent(percent),
            (None, Some(amount)) => Value::Amount(amount),
            _ => return Err(sqlx::Error::Decode("a coupon of two values or none".into())),
        };
        Ok(Self {
            id: row.parsed("id")?,
            code: row.parsed("code")?,
            reach,
            value,
            begins_at: row.time("begins_at")?,
            ends_at: row.optional("ends_at", Columns::time)?,
            most_uses: row.optional("most_uses", count)?,
            most_each: row.optional("most_each", count)?,
            made_at: row.time("made_at")?,
            withdrawn_at: row.optional("withdrawn_at", Columns::time)?,
        })
    }
}

fn count(row: &AnyRow, column: &str) -> Result<u32, sqlx::Error> {
    let count = row.integer(column)?;
    u32::try_from(count).map_err(|error| sqlx::Error::Decode(format!("{column} {count}: {error}").into()))
}

/// Adds the coupon and answers `true`, or `false` where its owner has one with this code that was not withdrawn.
pub async fn insert(connection: &mut AnyConnection, coupon: &Coupon) -> Result<bool, sqlx::Error> {
    let (percent, amount) = match coupon.value {
        Value::Percent(percent) => (Some(percent), None),
        Value::Amount(amount) => (None, Some(amount)),
    };
    let inserted = sqlx::query(
        "INSERT INTO coupons (id, merchant_id, item_id, code, percent, amount, begins_at, ends_at, most_uses, most_each, \
         made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
    )
    .bind(coupon.id.as_str())
    .bind(coupon.reach.merchant().map(MerchantId::as_str))
    .bind(coupon.reach.item().map(ItemId::as_str))
    .bind(coupon.code.as_str())
    .bind(percent.map(Percent::ten_thousandths))
    .bind(amount.map(Money::micros))
    .bind(coupon.begins_at.as_microsecond())
    .bind(coupon.ends_at.map(Timestamp::as_microsecond))
    .bind(coupon.most_uses.map(i64::from))
    .bind(coupon.most_each.map(i64::from))
    .bind(coupon.made_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Those with this code that can be for what the seller sells: the seller's own before the market's, and of each owner's
/// the one that was not withdrawn before those that were.
pub async fn of_code(
    executor: impl AnyExecutor<'_>,
    code: &Code,
    merchant: &MerchantId,
) -> Result<Vec<Coupon>, sqlx::Error> {
    const MOST: i64 = 20;
    sqlx::query_as(select_coupons!(
        "WHERE code = $1 AND (merchant_id = $2 OR merchant_id IS NULL) \
         ORDER BY CASE WHEN merchant_id IS NULL THEN 1 ELSE 0 END, CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END, \
         made_at DESC LIMIT $3"
    ))
    .bind(code.as_str())
    .bind(merchant.as_str())
    .bind(MOST)
    .fetch_all(executor)
    .await
}

/// The coupon, and nobody uses it until the transaction ends.
pub(super) async fn lock(
    connection: &mut AnyConnection,
    id: &CouponId,
) -> Result<Option<Coupon>, sqlx::Error> {
    sqlx::query("UPDATE coupons SET code = code WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *connection)
        .await?;
    find(connection, id).await
}

pub async fn find(executor: impl AnyExecutor<'_>, id: &CouponId) -> Result<Option<Coupon>, sqlx::Error> {
    sqlx::query_as(select_coupons!("WHERE id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// Up to `limit` of a part of a seller's, or of the market's, the newest first.
pub async fn of_owner(
    db: &Database,
    merchant: Option<&MerchantId>,
    part: &Part<Place<CouponId>>,
    limit: i64,
) -> Result<Vec<Coupon>, sqlx::Error> {
    paging::rows_of(db, PAGES, merchant.map_or(MARKET, MerchantId::as_str), part, limit).await
}

/// Takes nothing off from now on; answers `false` where it was withdrawn already.
pub async fn withdraw(
    connection: &mut AnyConnection,
    id: &CouponId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query("UPDATE coupons SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL")
        .bind(at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(changed.rows_affected() == 1)
}
