//! What was sold, day by day, of each seller and of the market, and which items: `sales_days` and `item_sales_days`; and to
//! whom ([`customers`]).
//! Triggers of the schema count them on with each change of an order, in its transaction; here they are only read.

pub mod customers;
mod period;
#[cfg(test)]
mod tests;

pub use period::{Asked, Period, asked};

use crate::ids::{ItemSlug, MerchantId};
use jiff::civil::Date;
use money::Money;
use platform::Database;
use platform::db::Columns;
use shop_pages::model::{SalesFigures, Span, Sums, TopItem, Unit};
use sqlx::FromRow;
use sqlx::any::AnyRow;

/// Items of the list of what sold best.
const TOP: i64 = 10;

/// Whose rows of `sales_days` are those of the market as a whole.
const MARKET: &str = "";

const DAYS: &str = "SELECT day, sold, gross, refunds, refunded, marketplace_fees, amazon_fees, fees_unknown \
     FROM sales_days WHERE merchant_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day";

/// The items of those days, each day's added up, with what follows of the statement.
macro_rules! top_items {
    ($of:literal) => {
        concat!(
            "SELECT i.slug, i.title, s.sold, s.gross, s.refunded FROM (SELECT item_id, \
             CAST(SUM(sold) AS BIGINT) AS sold, CAST(SUM(gross) AS BIGINT) AS gross, \
             CAST(SUM(refunded) AS BIGINT) AS refunded FROM item_sales_days WHERE ",
            $of,
            " GROUP BY item_id HAVING SUM(sold) > 0 ORDER BY SUM(gross) DESC, item_id LIMIT $3) s ",
            crate::catalogue::store::join_item!("s.item_id"),
            "ORDER BY s.gross DESC, s.item_id"
        )
    };
}
const TOP_OF_MERCHANT: &str = top_items!("merchant_id = $4 AND day BETWEEN $1 AND $2");
const TOP_OF_MARKET: &str = top_items!("day BETWEEN $1 AND $2");

/// A day with what was sold on it.
struct Day {
    date: Date,
    sums: Sums,
}

impl FromRow<'_, AnyRow> for Day {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let date = period::date(row.integer("day")?);
        let sums = Sums {
            sold: count(row, "sold")?,
            gross: row.money("gross")?,
            refunds: count(row, "refunds")?,
            refunded: row.money("refunded")?,
            marketplace_fees: row.money("marketplace_fees")?,
            amazon_fees: row.money("amazon_fees")?,
            fees_unknown: count(row, "fees_unknown")?,
        };
        Ok(Self { date: date.ok_or_else(|| sqlx::Error::Decode("sales_days.day".into()))?, sums })
    }
}

fn count(row: &AnyRow, column: &str) -> Result<u32, sqlx::Error> {
    let count = row.integer(column)?;
    u32::try_from(count).map_err(|error| sqlx::Error::Decode(format!("{column} {count}: {error}").into()))
}

/// What the merchant sold in the time.
pub async fn of_merchant(
    db: &Database,
    merchant: &MerchantId,
    period: Period,
    unit: Unit,
) -> Result<SalesFigures, sqlx::Error> {
    let top = sqlx::query(TOP_OF_MERCHANT).bind(period.first_day()).bind(period.last_day()).bind(TOP);
    let top = top.bind(merchant.as_str()).fetch_all(db.readers()).await?;
    figures(db, merchant.as_str(), period, unit, &top).await
}

/// What was sold in the time by all.
pub async fn of_market(db: &Database, period: Period, unit: Unit) -> Result<SalesFigures, sqlx::Error> {
    let top = sqlx::query(TOP_OF_MARKET).bind(period.first_day()).bind(period.last_day()).bind(TOP);
    let top = top.fetch_all(db.readers()).await?;
    figures(db, MARKET, period, unit, &top).await
}

async fn figures(
    db: &Database,
    owner: &str,
    period: Period,
    unit: Unit,
    top: &[AnyRow],
) -> Result<SalesFigures, sqlx::Error> {
    let days: Vec<Day> = sqlx::query_as(DAYS)
        .bind(owner)
        .bind(period.first_day())
        .bind(period.last_day())
        .fetch_all(db.readers())
        .await?;
    let mut spans: Vec<Span> =
        period.spans(unit).map(|(from, to)| Span { from, to, sums: Sums::default() }).collect();
    let mut total = Sums::default();
    let mut at = 0;
    for day in &days {
        while spans.get(at).is_some_and(|span| span.to < day.date) {
            at += 1;
        }
        if let Some(span) = spans.get_mut(at) {
            span.sums = added(span.sums, day.sums)?;
        }
        total = added(total, day.sums)?;
    }
    let top_items = top.iter().map(top_item).collect::<Result<_, _>>()?;
    Ok(SalesFigures { from: period.from, to: period.to, unit, spans, total, top_items })
}

fn added(one: Sums, other: Sums) -> Result<Sums, sqlx::Error> {
    let money = |a: Money, b: Money| a.add(b).map_err(|error| sqlx::Error::Decode(Box::new(error)));
    Ok(Sums {
        sold: one.sold.saturating_add(other.sold),
        gross: money(one.gross, other.gross)?,
        refunds: one.refunds.saturating_add(other.refunds),
        refunded: money(one.refunded, other.refunded)?,
        marketplace_fees: money(one.marketplace_fees, other.marketplace_fees)?,
        amazon_fees: money(one.amazon_fees, other.amazon_fees)?,
        fees_unknown: one.fees_unknown.saturating_add(other.fees_unknown),
    })
}

fn top_item(row: &AnyRow) -> Result<TopItem, sqlx::Error> {
    Ok(TopItem {
        slug: row.parsed::<ItemSlug>("slug")?.to_string(),
        title: row.text("title")?,
        sold: count(row, "sold")?,
        gross: row.money("gross")?,
        refunded: row.money("refunded")?,
    })
}
