//! What a merchant looks for among their orders: where they stand, and words.

use super::lists::pages_of;
use super::order::Order;
use super::rows::select_orders;
use crate::ids::{MerchantId, OrderId};
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};
use text_types::sql::placeholders;
use text_types::words;

/// Among so many of the latest orders words are looked for; the id of an order finds any.
pub const SEARCHED: i64 = 2000;

words! {
    /// Where the orders that are shown stand.
    pub enum Filter {
        /// Also what follows; not what was never authorized.
        All = "",
        ToFulfil = "to-fulfil",
        Reserved = "reserved",
        NotCharged = "not-charged",
        UnderWay = "under-way",
        Paid = "paid",
        RefundAsked = "refund-asked",
        Refunded = "refunded",
        Cancelled = "cancelled",
        Failed = "failed",
    }
}

/// An order's place, and what is compared with the words.
macro_rules! candidates {
    ($from:literal, $which:literal) => {
        concat!(
            "SELECT o.id, o.created_at, o.title, u.name AS buyer FROM ",
            $from,
            " ",
            $crate::users::store::join_user!("o.buyer_id"),
            "WHERE ",
            $which,
            " ORDER BY o.created_at DESC, o.id DESC LIMIT $2"
        )
    };
}

/// The statements of a filter: its pages, older and newer, and the candidates for a search.
macro_rules! statements {
    ($which:literal) => {
        ([pages_of!($which)[0], pages_of!($which)[1]], candidates!("orders o", $which))
    };
}

const ALL: Statements = statements!("o.merchant_id = $1 AND o.transaction_id IS NOT NULL");
const TO_FULFIL: Statements = statements!("o.merchant_id = $1 AND o.state IN ('Reserved', 'SettleFailed')");
const RESERVED: Statements = statements!("o.merchant_id = $1 AND o.state = 'Reserved'");
const NOT_CHARGED: Statements = statements!("o.merchant_id = $1 AND o.state = 'SettleFailed'");
const UNDER_WAY: Statements = statements!(
    "o.merchant_id = $1 AND o.state IN ('Paying', 'Fulfilling', 'Cancelling', 'SettlingToRefund', 'Refunding')"
);
const PAID: Statements = statements!("o.merchant_id = $1 AND o.state = 'Paid'");
const REFUNDED: Statements = statements!("o.merchant_id = $1 AND o.state = 'Refunded'");
const CANCELLED: Statements = statements!("o.merchant_id = $1 AND o.state = 'Cancelled'");
const FAILED: Statements = statements!("o.merchant_id = $1 AND o.state = 'PaymentFailed'");
/// Begins with the requests, which are few; see `refund_requests`.
const REFUND_ASKED: &str = candidates!(
    "refund_requests r CROSS JOIN orders o",
    "r.merchant_id = $1 AND r.state = 'Open' AND o.id = r.order_id AND o.state = 'Paid'"
);

type Statements = ([&'static str; 2], &'static str);

#[cfg(test)]
pub const ALL_STATEMENTS: [Statements; 9] =
    [ALL, TO_FULFIL, RESERVED, NOT_CHARGED, UNDER_WAY, PAID, REFUNDED, CANCELLED, FAILED];

impl Filter {
    /// `None` where the orders are found by something else than their state.
    const fn pages(self) -> Option<[&'static str; 2]> {
        Some(match self {
            Self::All => ALL.0,
            Self::ToFulfil => TO_FULFIL.0,
            Self::Reserved => RESERVED.0,
            Self::NotCharged => NOT_CHARGED.0,
            Self::UnderWay => UNDER_WAY.0,
            Self::Paid => PAID.0,
            Self::RefundAsked => return None,
            Self::Refunded => REFUNDED.0,
            Self::Cancelled => CANCELLED.0,
            Self::Failed => FAILED.0,
        })
    }

    const fn candidates(self) -> &'static str {
        match self {
            Self::All => ALL.1,
            Self::ToFulfil => TO_FULFIL.1,
            Self::Reserved => RESERVED.1,
            Self::NotCharged => NOT_CHARGED.1,
            Self::UnderWay => UNDER_WAY.1,
            Self::Paid => PAID.1,
            Self::RefundAsked => REFUND_ASKED,
            Self::Refunded => REFUNDED.1,
            Self::Cancelled => CANCELLED.1,
            Self::Failed => FAILED.1,
        }
    }
}

/// An order's place in lists.
pub fn place(order: &Order) -> Place<OrderId> {
    Place { at: order.placed_at, id: order.id.clone() }
}

struct Candidate {
    place: Place<OrderId>,
    title: String,
    buyer: String,
}

impl FromRow<'_, AnyRow> for Candidate {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            place: Place { at: row.time("created_at")?, id: row.parsed("id")? },
            title: row.text("title")?,
            buyer: row.text("buyer")?,
        })
    }
}

/// Up to `limit` of a part of the merchant's orders, newest first: all that stand so, or those of them in whose title or
/// buyer's name the words are, or that have them as their id.
pub async fn find(
    db: &Database,
    merchant: &MerchantId,
    (filter, words): (Filter, &str),
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    match filter.pages() {
        Some(pages) if words.is_empty() => paging::rows_of(db, pages, merchant.as_str(), part, limit).await,
        _ => {
            let places = matching(db, merchant, filter, words).await?;
            with_ids(db, merchant, &of_part(places, part, limit)).await
        }
    }
}

async fn matching(
    db: &Database,
    merchant: &MerchantId,
    filter: Filter,
    words: &str,
) -> Result<Vec<Place<OrderId>>, sqlx::Error> {
    let all: Vec<Candidate> = sqlx::query_as(filter.candidates())
        .bind(merchant.as_str())
        .bind(SEARCHED)
        .fetch_all(db.readers())
        .await?;
    let words = words.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&words);
    let mut found: Vec<_> = all
        .into_iter()
        .filter(|one| fits(&one.title) || fits(&one.buyer) || one.place.id.as_str() == words)
        .map(|one| one.place)
        .collect();
    if found.is_empty()
        && let Ok(id) = words.parse::<OrderId>()
    {
        found.extend(with_ids(db, merchant, &[id]).await?.iter().map(place));
    }
    Ok(found)
}

/// The ids of those of all places that the part has, newest first.
fn of_part(places: Vec<Place<OrderId>>, part: &Part<Place<OrderId>>, limit: i64) -> Vec<OrderId> {
    let key = |place: &Place<OrderId>| (place.at, place.id.as_str().to_owned());
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut ids: Vec<OrderId> = places
        .into_iter()
        .filter(|one| match part {
            Part::Newest => true,
            Part::OlderThan(place) => key(one) < key(place),
            Part::NewerThan(place) => key(one) > key(place),
        })
        .map(|one| one.id)
        .collect();
    if matches!(part, Part::NewerThan(_)) {
        ids.drain(..ids.len().saturating_sub(limit)).for_each(drop);
    }
    ids.truncate(limit);
    ids
}

/// Those of the merchant's orders that have these ids, newest first.
pub async fn with_ids(
    db: &Database,
    merchant: &MerchantId,
    ids: &[OrderId],
) -> Result<Vec<Order>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{} WHERE o.merchant_id = $1 AND o.transaction_id IS NOT NULL AND o.id IN ({}) \
         ORDER BY o.created_at DESC, o.id DESC",
        select_orders!(""),
        placeholders(2, ids.len())
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(merchant.as_str());
    for id in ids {
        query = query.bind(id.as_str());
    }
    query.fetch_all(db.readers()).await
}
