//! `/sell/sales.csv`: sales as a file for spreadsheets, of a time or of all time.

use super::Seller;
use crate::Shop;
use crate::coupons::Bearer;
use crate::figures;
use crate::merchants::Merchant;
use crate::orders::sales_file::{self, Beyond, Sale};
use app::components::time::machine_readable;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, future, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::web::Refusal;
use platform::web::spreadsheet::{Terminator, lines, text};
use shop_pages::status;

/// Rows that are read at once; few in tests, which are to have several pieces.
const PIECE: usize = if cfg!(test) { 64 } else { 500 };

/// RFC 4180 ends its lines so.
const ENDS: Terminator = Terminator::CRLF;
const HEADINGS: [&str; 17] = [
    "Order",
    "Placed",
    "Paid",
    "Item",
    "Buyer",
    "Status",
    "Price",
    "Shipping",
    "Refunded",
    "Marketplace fee",
    "Amazon fee",
    "Yours",
    "Currency",
    "Transaction",
    "Coupon",
    "Discount",
    "Discount borne by",
];

/// Without `from` and `to`, everything. What is sold while the file is sent is not in it.
pub async fn download(
    State(shop): State<Shop>,
    Seller { merchant, .. }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let now = shop.clock.now();
    // Rows of this very moment are taken in.
    let end = now.checked_add(jiff::SignedDuration::from_micros(1)).unwrap_or(now);
    let (from, before, name) = match asked(query.as_deref(), now)? {
        Some(period) => {
            let name = format!("sales-{}-to-{}.csv", period.from, period.to);
            (period.begins(), period.ends().min(end), name)
        }
        None => (Timestamp::UNIX_EPOCH, end, "sales.csv".to_owned()),
    };
    let rest = Rest { db: shop.db.clone(), merchant, before, beyond: Some(Beyond::From(from)) };
    // The first piece is read before anything is sent: a database that fails is a page that says so.
    let first = rest.write().await.map_err(Refusal::because)?;
    let heading = lines(ENDS, [HEADINGS]).map_err(Refusal::because)?;
    let (first, rest) = first.unzip();
    let pieces = stream::iter([Ok(heading)].into_iter().chain(first.map(Ok)));
    let pieces = pieces.chain(stream::try_unfold(rest, |rest| async {
        let Some(rest) = rest else { return Ok(None) };
        let next: Result<_, Failed> = rest.write().await;
        next.map(|next| next.map(|(text, rest)| (text, Some(rest))))
    }));
    let pieces = pieces.filter(|piece| future::ready(!matches!(piece, Ok(text) if text.is_empty())));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// `None` where no time is asked for.
fn asked(query: Option<&str>, now: Timestamp) -> Result<Option<figures::Period>, Refusal> {
    let names = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    if !names.into_iter().any(|(name, value)| ["from", "to"].contains(&name.as_ref()) && !value.is_empty()) {
        return Ok(None);
    }
    let asked = figures::asked(query, now);
    let why = asked.form.errors.first().map_or_else(String::new, |error| error.message.clone());
    asked.period.map(Some).ok_or_else(|| Refusal::bad_request(why))
}

/// What of the file is not written yet. One piece of it is in memory, however long it is.
struct Rest {
    db: Database,
    merchant: Merchant,
    before: Timestamp,
    /// `None` when the one before was the last.
    beyond: Option<Beyond>,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl Rest {
    /// A piece of the file, and what is left then. Where the database fails, the download breaks off: a file that
    /// looks whole and is not would be worse.
    async fn write(mut self) -> Result<Option<(Vec<u8>, Self)>, Failed> {
        let Some(beyond) = self.beyond.take() else { return Ok(None) };
        let limit = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let sales = sales_file::piece(&self.db, &self.merchant.id, &beyond, self.before, limit).await?;
        let text = lines(ENDS, sales.iter().map(record))?;
        self.beyond = sales.last().filter(|_| sales.len() >= PIECE).map(|sale| Beyond::Behind(sale.place()));
        Ok(Some((text, self)))
    }
}

fn record(sale: &Sale) -> [String; 17] {
    let discount = sale.discount.as_ref();
    let bearer = |bearer| match bearer {
        Bearer::Seller => "Seller",
        Bearer::Market => "Marketplace",
    };
    let decimal = |money: Option<Money>| money.map(Money::to_dollars).unwrap_or_default();
    [
        sale.id.to_string(),
        machine_readable(sale.placed_at),
        sale.paid_at.map(machine_readable).unwrap_or_default(),
        text(&sale.item),
        text(&sale.buyer),
        status::label(sale.status).to_owned(),
        decimal(Some(sale.price)),
        decimal(Some(sale.shipping)),
        decimal(Some(sale.refunded)),
        decimal(sale.fees.map(|fees| fees.marketplace)),
        decimal(sale.fees.map(|fees| fees.amazon)),
        decimal(sale.yours()),
        "USD".to_owned(),
        sale.transaction.as_ref().map(ToString::to_string).unwrap_or_default(),
        discount.map(|discount| discount.code.to_string()).unwrap_or_default(),
        decimal(discount.map(|discount| discount.amount)),
        discount.map_or("", |discount| bearer(discount.bearer)).to_owned(),
    ]
}
