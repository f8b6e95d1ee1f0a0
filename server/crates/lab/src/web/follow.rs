//! `/lab/follow` and `/lab/beside`: what happened around one purchase, drawn from what was recorded.

use super::{page, query};
use crate::follow::{Context, Owner, Part, Seen, Subject, follow, latest};
use crate::state::Lab;
use crate::store::{Kept, MOST_EVENTS};
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use lab_pages::model::{Drawing, FollowPage};
use lab_pages::pages::{self, follow_export};
use platform::deeds::Arguments;
use platform::web::Refusal;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// Purchases to choose from.
const LATEST: usize = 25;

pub async fn show(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Result<Response, Refusal> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let asked = ["order", "transaction", "subject"].into_iter().find_map(|name| fields.get(name));
    let events = lab.store.after(0, MOST_EVENTS);
    let seen = seen(&events);
    let context = context(&lab).await;
    let drawing = asked.and_then(|id| draw(&seen, id, &context));
    if let (Some(format), Some(drawing)) = (fields.get("format"), &drawing) {
        return export(format, drawing);
    }
    let refused = (asked.is_some() && drawing.is_none()).then(|| {
        "Nothing that is kept names that: take an order's id from its address in the shop, or a TransactionId.".to_owned()
    });
    let status = if refused.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let data = FollowPage {
        latest: if drawing.is_some() { Vec::new() } else { latest(&seen, &context, LATEST) },
        drawing,
        asked: asked.cloned().unwrap_or_default(),
        refused,
    };
    Ok((status, page(pages::follow(&lab.chrome("/lab/follow"), &data))).into_response())
}

/// The latest purchase, to be put beside the shop's window.
pub async fn beside(State(lab): State<Lab>) -> Html<String> {
    let events = lab.store.after(0, MOST_EVENTS);
    let seen = seen(&events);
    let context = context(&lab).await;
    let newest = seen.iter().rev().find_map(|seen| seen.event.about.orders.first());
    let drawing = newest.and_then(|order| follow(&seen, Subject::Order(order), &context));
    page(pages::beside(&lab.chrome("/lab/beside"), drawing.as_ref()))
}

fn seen(events: &[Kept]) -> Vec<Seen<'_>> {
    events.iter().map(|kept| Seen { id: kept.id, event: &kept.event }).collect()
}

/// Of an order, or else of a transaction.
fn draw(events: &[Seen<'_>], id: &str, context: &Context) -> Option<Drawing> {
    follow(events, Subject::Order(id), context).or_else(|| follow(events, Subject::Transaction(id), context))
}

fn export(format: &str, drawing: &Drawing) -> Result<Response, Refusal> {
    let (kind, text) = match format {
        "svg" => ("image/svg+xml", follow_export::svg(drawing)),
        "mermaid" => ("text/plain; charset=utf-8", follow_export::mermaid(drawing)),
        "playwright" => ("text/plain; charset=utf-8", follow_export::playwright(drawing)),
        "http" => ("text/plain; charset=utf-8", follow_export::http(drawing)),
        _ => return Err(Refusal::bad_request("The formats are svg, mermaid, playwright and http.")),
    };
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}

/// A row of the trial balance.
#[derive(Debug, Deserialize)]
struct Row {
    account: String,
    whose: String,
    email: Option<String>,
    balance: String,
}

#[derive(Debug, Deserialize)]
struct Books {
    accounts: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Caller {
    account: String,
}

/// Whose the accounts are; where it cannot be had, the drawing goes without.
async fn context(lab: &Lab) -> Context {
    let books: Option<Books> = asked(lab, "books").await;
    let callers: Vec<Caller> = asked(lab, "callers").await.unwrap_or_default();
    let callers: HashSet<String> = callers.into_iter().map(|caller| caller.account).collect();
    let owner = |row: Row| {
        let part = match row.account.split(':').next().unwrap_or_default() {
            "amazon" => Part::Amazon,
            "world" => Part::Outside,
            "account" if row.email.as_ref().is_some_and(|email| callers.contains(email)) => Part::Caller,
            "account" => Part::Person,
            _ => Part::Memo,
        };
        let (name, account) = match part {
            Part::Person | Part::Caller => (row.whose, "Amazon Payments balance".to_owned()),
            _ => match row.whose.split_once(": ") {
                Some((name, account)) => (name.to_owned(), capitalized(account)),
                None => (row.whose.clone(), row.whose),
            },
        };
        (row.account, Owner { name, account, part, now: Some(row.balance) })
    };
    let accounts: HashMap<_, _> = books.into_iter().flat_map(|books| books.accounts).map(owner).collect();
    let shown = |url: &url::Url| url.as_str().trim_end_matches('/').to_owned();
    Context {
        accounts,
        shop: lab.settings.shop_url.as_ref().map(shown),
        payments: shown(&lab.settings.payments_url),
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

async fn asked<T: serde::de::DeserializeOwned>(lab: &Lab, deed: &str) -> Option<T> {
    let answer = lab.perform(deed, Arguments::default()).await.ok()?;
    serde_json::from_value(answer).ok()
}
