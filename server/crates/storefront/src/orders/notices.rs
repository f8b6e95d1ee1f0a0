//! What a merchant is told: a purchase was authorized, cancelled, refunded. The SQL of `merchant_notices`.

use crate::ids::{MerchantId, NoticeId, OrderId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};
use text_types::words;

words! {
    /// Why a merchant is told something.
    pub enum NoticeKind {
        /// The money is reserved: the merchant is to fulfil.
        Reserved = "reserved",
        /// Paid with instant delivery: nothing is to be done.
        Sold = "sold",
        /// What was ordered was charged: the merchant is to deliver.
        Charged = "charged",
        /// It could not be charged: the merchant is not to deliver.
        NotCharged = "not_charged",
        Cancelled = "cancelled",
        Refunded = "refunded",
        /// The buyer asks for money back at Amazon Payments: the merchant is to answer.
        RefundRequested = "refund_requested",
        /// The buyer asks the marketplace to decide.
        MarketplaceAsked = "marketplace_asked",
        MarketplaceGranted = "marketplace_granted",
        MarketplaceDeclined = "marketplace_declined",
    }
}

impl NoticeKind {
    /// The sentence that the merchant reads.
    pub fn sentence(self, title: &str, buyer: &str) -> String {
        match self {
            Self::Reserved => {
                format!("{buyer} ordered {title}. The payment is reserved: fulfil the order to be paid.")
            }
            Self::Sold => format!("{buyer} bought {title}. It was delivered and paid at once."),
            Self::Charged => {
                format!("{buyer}'s payment for {title} was charged. Send it now, if it is a thing to send.")
            }
            Self::NotCharged => {
                format!("{buyer}'s payment for {title} could not be charged. Do not send it.")
            }
            Self::Cancelled => format!("{buyer}'s order of {title} was cancelled. Do not send it."),
            Self::Refunded => format!("{buyer}'s payment for {title} was refunded."),
            Self::RefundRequested => format!("{buyer} asks for a refund of {title}. Refund it or decline."),
            Self::MarketplaceAsked => {
                format!(
                    "{buyer} asked the marketplace to decide on a refund of {title}. You can still refund it."
                )
            }
            Self::MarketplaceGranted => {
                format!("The marketplace decided on {title}: money goes back to {buyer}.")
            }
            Self::MarketplaceDeclined => {
                format!("The marketplace decided on {title}: nothing goes back to {buyer}.")
            }
        }
    }
}

/// A notice about to be given.
#[derive(Debug, Clone)]
pub struct NewNotice {
    pub id: NoticeId,
    pub merchant_id: MerchantId,
    pub order_id: OrderId,
    pub kind: NoticeKind,
    pub at: Timestamp,
}

/// A notice with what is needed to put it into words.
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub order_id: OrderId,
    pub kind: NoticeKind,
    pub title: String,
    pub buyer: String,
    pub at: Timestamp,
    pub unread: bool,
}

impl Notice {
    /// In the order of the list.
    pub fn place(&self) -> Place<NoticeId> {
        Place { at: self.at, id: self.id.clone() }
    }
}

impl FromRow<'_, AnyRow> for Notice {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            order_id: row.parsed("order_id")?,
            kind: row.parsed("kind")?,
            title: row.text("title")?,
            buyer: row.text("buyer")?,
            at: row.time("at")?,
            unread: row.optional("read_at", Columns::time)?.is_none(),
        })
    }
}

/// Tells the merchant once per order and kind; a repeated notification adds nothing. Only a second request
/// for a refund, a second charge that failed, or a second decision after money could not go back is news again.
pub async fn add(connection: &mut AnyConnection, new: &NewNotice) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO merchant_notices (id, merchant_id, order_id, kind, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (order_id, kind) DO UPDATE SET at = excluded.at, read_at = NULL \
         WHERE excluded.kind IN ('refund_requested', 'not_charged', 'marketplace_granted')",
    )
    .bind(new.id.as_str())
    .bind(new.merchant_id.as_str())
    .bind(new.order_id.as_str())
    .bind(new.kind.as_str())
    .bind(new.at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

macro_rules! of_merchant {
    ($rest:literal) => {
        concat!(
            "SELECT n.id, n.order_id, n.kind, o.title, u.name AS buyer, n.at, n.read_at FROM merchant_notices n ",
            super::join_order!("n.order_id"),
            crate::users::store::join_user!("o.buyer_id"),
            "WHERE n.merchant_id = $1 AND ",
            $rest
        )
    };
}
/// What is older than a place in the list, and what is newer.
const PAGES: [&str; 2] = [
    of_merchant!("(n.at, n.id) < ($2, $3) ORDER BY n.at DESC, n.id DESC LIMIT $4"),
    of_merchant!("(n.at, n.id) > ($2, $3) ORDER BY n.at, n.id LIMIT $4"),
];
/// All pages of a merchant say it, so it goes no further than is said.
const UNREAD: &str = "SELECT COUNT(*) AS unread FROM \
    (SELECT 1 FROM merchant_notices WHERE merchant_id = $1 AND read_at IS NULL LIMIT $2) AS n";

/// What the merchant's page asks.
#[cfg(test)]
pub const FIRST_PAGES: [&str; 3] = [PAGES[0], PAGES[1], UNREAD];

/// Up to `limit` of a part of the merchant's notices, the newest first.
pub async fn of_merchant(
    db: &Database,
    merchant: &MerchantId,
    part: &Part<Place<NoticeId>>,
    limit: i64,
) -> Result<Vec<Notice>, sqlx::Error> {
    paging::rows_of(db, PAGES, merchant.as_str(), part, limit).await
}

/// How many the merchant has not read, counted up to `most`.
pub async fn unread(db: &Database, merchant: &MerchantId, most: u32) -> Result<u32, sqlx::Error> {
    let row =
        sqlx::query(UNREAD).bind(merchant.as_str()).bind(i64::from(most)).fetch_one(db.readers()).await?;
    Ok(u32::try_from(row.integer("unread")?).unwrap_or(u32::MAX))
}

pub async fn mark_read(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE merchant_notices SET read_at = $1 WHERE merchant_id = $2 AND read_at IS NULL")
        .bind(at.as_microsecond())
        .bind(merchant.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
