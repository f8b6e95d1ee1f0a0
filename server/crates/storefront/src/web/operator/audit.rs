//! `/operator/audit`: the log, filtered, and as a file.

use super::{Operator, query};
use crate::Shop;
use crate::audit::{self, AuditId, By, Deed, Entry, Filter, Kind, Who};
use crate::input::midnight;
use crate::users::store as users;
use crate::web::{links, page};
use app::components::time::machine_readable;
use app::form::FormState;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, future, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use platform::Database;
use platform::paging::{self, Part, Place};
use platform::web::Refusal;
use platform::web::spreadsheet::{Terminator, lines, text};
use shop_pages::model::{AuditPage, AuditRow};
use shop_pages::pages;

const FIELDS: [&str; 5] = ["who", "deed", "subject", "from", "to"];
const PER_PAGE: usize = 50;
/// Lines of a file that are read at once.
const PIECE: i64 = 500;
/// People of a name who are looked for at the most.
const MOST_PEOPLE: i64 = 50;
const ENDS: Terminator = Terminator::Any(b'\n');
const HEADINGS: [&str; 10] =
    ["at", "who", "who_id", "deed", "kind", "subject", "subject_id", "old", "new", "reason"];

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refusal> {
    let (filter, form) = read(&shop.db, asked.as_deref()).await?;
    let (entries, ways) = match &filter {
        Some(filter) => {
            paging::page(paging::part_of(asked.as_deref()), PER_PAGE, place, |part, limit| {
                let (db, filter) = (&shop.db, filter);
                Box::pin(async move { audit::of_page(db, filter, &part, limit).await })
            })
            .await?
        }
        None => Default::default(),
    };
    let data = AuditPage {
        entries: entries.iter().map(row).collect(),
        deeds: Deed::ALL.iter().map(|deed| (deed.to_string(), deed.label().to_owned())).collect(),
        query: query::again(&form),
        form,
        paging: links(ways),
    };
    Ok(page(filter.is_some(), pages::audit(&visitor.chrome, &data)))
}

fn place(entry: &Entry) -> Place<AuditId> {
    Place { at: entry.at, id: entry.id.clone() }
}

/// The filter, if it can be understood, and what was typed.
async fn read(db: &Database, asked: Option<&str>) -> Result<(Option<Filter>, FormState), sqlx::Error> {
    let mut form = query::read(asked, &FIELDS);
    let deed = query::word(&mut form, "deed");
    let (from, to) = (query::day(&mut form, "from"), query::day(&mut form, "to"));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        form.refuse("to", "The last day is before the first.");
    }
    let by = match query::text(&form, "who").map(str::to_lowercase).as_deref() {
        None => None,
        Some("the shop") => Some(By::Shop),
        Some(who) => Some(By::People(users::found_by(db, who, MOST_PEOPLE).await?)),
    };
    let filter = Filter {
        by,
        deed,
        subject: query::text(&form, "subject").map(str::to_owned),
        from: from.and_then(midnight),
        until: to.and_then(query::end_of),
    };
    Ok((form.is_valid().then_some(filter), form))
}

/// A line as the pages show it.
pub fn row(entry: &Entry) -> AuditRow {
    let (who, who_path) = match &entry.who {
        Who::Person { id, name } => (name.clone(), Some(format!("/operator/users/{id}"))),
        Who::Shop => ("The shop".to_owned(), None),
    };
    let id = &entry.subject.id;
    let subject_path = match entry.subject.kind {
        Kind::User => Some(format!("/operator/users/{id}")),
        Kind::Seller => Some(format!("/operator/sellers/{id}")),
        Kind::Order => Some(format!("/orders/{id}")),
        Kind::FeeRule => Some("/operator/fees".to_owned()),
        Kind::Item => Some(format!("/operator/items/{id}")),
        // A seller's stands on no page of the operator's.
        Kind::Coupon => None,
        Kind::Mail => Some("/operator/health".to_owned()),
        Kind::Review => Some(format!("/operator/reviews/{id}")),
    };
    AuditRow {
        at: entry.at,
        who,
        who_path,
        deed: entry.deed.label().to_owned(),
        subject: entry.subject.title.clone(),
        subject_path,
        old: entry.old.clone(),
        new: entry.new.clone(),
        reason: entry.reason.clone(),
    }
}

/// The newest lines about something, for its page.
pub async fn about(db: &Database, id: &str) -> Result<Vec<AuditRow>, sqlx::Error> {
    const MOST: i64 = 20;
    let filter = Filter { subject: Some(id.to_owned()), ..Filter::default() };
    Ok(audit::of_page(db, &filter, &Part::Newest, MOST).await?.iter().map(row).collect())
}

/// What is looked for as a file, all of it, a piece at a time.
pub async fn csv(
    State(shop): State<Shop>,
    Operator(_): Operator,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refusal> {
    let (Some(filter), _) = read(&shop.db, asked.as_deref()).await? else {
        return Err(Refusal::bad_request("The filter of this address cannot be understood."));
    };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (CACHE_CONTROL, "private, no-store"),
    ];

    let heading = lines(ENDS, [HEADINGS]).map_err(Refusal::because)?;
    let first = audit::of_page(&shop.db, &filter, &Part::Newest, PIECE).await?;
    let rest = Rest { db: shop.db.clone(), filter, next: Some(first) };
    let pieces = stream::once(future::ready(Ok(heading))).chain(stream::try_unfold(rest, Rest::write));
    Ok((headers, Body::from_stream(pieces)).into_response())
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What of the file is not written yet. One piece of it is in memory, however long it is.
struct Rest {
    db: Database,
    filter: Filter,
    /// `None` when the one before was the last.
    next: Option<Vec<Entry>>,
}

impl Rest {
    /// A piece of the file, and what is left then. Where the database fails, the download breaks off: a file that
    /// looks whole and is not would be worse.
    async fn write(mut self) -> Result<Option<(Vec<u8>, Self)>, Failed> {
        let Some(found) = self.next.take() else { return Ok(None) };
        let text = lines(ENDS, found.iter().map(record))?;
        let whole = usize::try_from(PIECE).unwrap_or(usize::MAX);
        if let Some(last) = found.last().filter(|_| found.len() >= whole) {
            let part = Part::OlderThan(place(last));
            self.next = Some(audit::of_page(&self.db, &self.filter, &part, PIECE).await?);
        }
        Ok(Some((text, self)))
    }
}

fn record(entry: &Entry) -> [String; 10] {
    let (who, who_id) = match &entry.who {
        Who::Person { id, name } => (name.as_str(), id.as_str()),
        Who::Shop => ("The shop", ""),
    };
    [
        machine_readable(entry.at),
        text(who),
        who_id.to_owned(),
        entry.deed.to_string(),
        entry.subject.kind.to_string(),
        text(&entry.subject.title),
        text(&entry.subject.id),
        text(&entry.old),
        text(&entry.new),
        text(&entry.reason),
    ]
}
