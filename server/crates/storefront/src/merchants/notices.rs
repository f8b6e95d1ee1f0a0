//! What a merchant is told: a purchase was authorized, cancelled, refunded. The SQL of `merchant_notices`.

use platform::Database;
use sqlx::AnyConnection;

/// Why a merchant is told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// The money is reserved: the merchant is to fulfil.
    Reserved,
    /// Paid with instant delivery: nothing is to be done.
    Sold,
    Cancelled,
    Refunded,
    /// The buyer asks for money back at Amazon Payments: the merchant is to answer.
    RefundRequested,
}

impl NoticeKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Sold => "sold",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::RefundRequested => "refund_requested",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Reserved, Self::Sold, Self::Cancelled, Self::Refunded, Self::RefundRequested]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// The sentence that the merchant reads.
    pub fn sentence(self, title: &str, buyer: &str) -> String {
        match self {
            Self::Reserved => {
                format!("{buyer} ordered {title}. The payment is reserved: fulfil the order to be paid.")
            }
            Self::Sold => format!("{buyer} bought {title}. It was delivered and paid at once."),
            Self::Cancelled => format!("{buyer}'s order of {title} was cancelled. Do not send it."),
            Self::Refunded => format!("{buyer}'s payment for {title} was refunded."),
            Self::RefundRequested => format!("{buyer} asks for a refund of {title}. Refund it or decline."),
        }
    }
}

/// A notice with what is needed to put it into words.
#[derive(Debug, Clone)]
pub struct Notice {
    pub order_id: String,
    pub kind: NoticeKind,
    pub title: String,
    pub buyer: String,
    pub at: i64,
    pub unread: bool,
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    order_id: String,
    kind: String,
    title: String,
    buyer: String,
    at: i64,
    read_at: Option<i64>,
}

/// Tells the merchant once per order and kind; a repeated notification adds nothing. Only a second request
/// for a refund is news again.
pub async fn add(
    connection: &mut AnyConnection,
    id: &str,
    merchant_id: &str,
    order_id: &str,
    kind: NoticeKind,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO merchant_notices (id, merchant_id, order_id, kind, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (order_id, kind) DO UPDATE SET at = excluded.at, read_at = NULL \
         WHERE excluded.kind = 'refund_requested'",
    )
    .bind(id)
    .bind(merchant_id)
    .bind(order_id)
    .bind(kind.as_str())
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest notices first.
pub async fn newest(db: &Database, merchant_id: &str, limit: i64) -> Result<Vec<Notice>, sqlx::Error> {
    let rows: Vec<NoticeRow> = sqlx::query_as(
        "SELECT n.order_id, n.kind, o.title, u.name AS buyer, n.at, n.read_at FROM merchant_notices n \
         JOIN orders o ON o.id = n.order_id JOIN users u ON u.id = o.buyer_id \
         WHERE n.merchant_id = $1 ORDER BY n.at DESC, n.id DESC LIMIT $2",
    )
    .bind(merchant_id)
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind = NoticeKind::parse(&row.kind)
                .ok_or_else(|| sqlx::Error::Decode(format!("unknown notice kind {}", row.kind).into()))?;
            let unread = row.read_at.is_none();
            Ok(Notice {
                order_id: row.order_id,
                kind,
                title: row.title,
                buyer: row.buyer,
                at: row.at,
                unread,
            })
        })
        .collect()
}

pub async fn mark_read(
    connection: &mut AnyConnection,
    merchant_id: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE merchant_notices SET read_at = $1 WHERE merchant_id = $2 AND read_at IS NULL")
        .bind(at)
        .bind(merchant_id)
        .execute(connection)
        .await?;
    Ok(())
}
