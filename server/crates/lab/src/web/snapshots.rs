//! `/lab/snapshots`, and what differs between two of them.

use super::deeds_read::{ask, lead_back, perform_typed, status_of};
use super::{page, query};
use crate::follow::dollars;
use crate::snapshots::{DELETE, DIFF, Description, LIST, PAGE, RESTORE, SAVE};
use crate::state::Lab;
use app::form::FormState;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use lab_pages::model::{
    ChangedRowView, ChangedTable, ComparisonPage, PostingRow, RowChange, SnapshotDone, SnapshotRow,
    SnapshotsPage,
};
use lab_pages::pages;
use platform::deeds::DeedRefused;
use platform::lab::Site;
use platform::web::Refusal;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub const COMPARE: &str = "/lab/snapshots/diff";
/// Characters of a value that are shown.
const LONGEST: usize = 200;

pub async fn show(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Result<Html<String>, Refusal> {
    let asked = query::fields(asked.as_deref().unwrap_or_default());
    let answer = asked.get("answer").and_then(|id| lab.answers.take(id));
    let done = answer.and_then(|(deed, value)| done(deed, &value));
    render(&lab, done, FormState::default()).await
}

/// Keeps, goes back or deletes; what is wrong is said above the form as it was filled in.
pub async fn act(State(lab): State<Lab>, body: Bytes) -> Result<Response, Refusal> {
    let typed = query::fields(&String::from_utf8_lossy(&body));
    let asked = typed.get("deed").map_or("", String::as_str);
    let Some(deed) = [&SAVE, &RESTORE, &DELETE].into_iter().find(|deed| deed.name == asked) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, "There is no such form.").into_response());
    };
    match perform_typed(&lab, deed, &typed).await {
        Ok(answer) => Ok(lead_back(&lab, PAGE, deed.name, answer)),
        Err(refused) => {
            let mut form = FormState::default();
            if deed.name == SAVE.name {
                form = FormState::typed_only(typed, &["name"]);
            }
            let is_about_name = deed.name == SAVE.name
                && matches!(refused, DeedRefused::BadRequest(_) | DeedRefused::Conflict(_));
            form.refuse(if is_about_name { "name" } else { "" }, query::as_sentence(&refused.to_string()));
            Ok((status_of(&refused), render(&lab, None, form).await?).into_response())
        }
    }
}

fn done(deed: &str, answer: &Value) -> Option<SnapshotDone> {
    let text = |field: &str| answer.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(match deed {
        deed if deed == SAVE.name => SnapshotDone::Saved(text("name")),
        deed if deed == RESTORE.name => SnapshotDone::Restored(text("name")),
        deed if deed == DELETE.name => SnapshotDone::Deleted(text("deleted")),
        _ => return None,
    })
}

async fn render(lab: &Lab, done: Option<SnapshotDone>, form: FormState) -> Result<Html<String>, Refusal> {
    let snapshots: Vec<Description> = ask(lab, LIST.name, &[]).await?;
    let snapshots = snapshots.into_iter().map(|snapshot| SnapshotRow {
        name: snapshot.name.to_string(),
        saved_at: snapshot.saved_at,
        clock: snapshot.clock.now,
        frozen: snapshot.clock.frozen,
        bytes: snapshot.bytes,
        files: snapshot.files,
        has_shop: snapshot.of.0.contains(&Site::Shop),
    });
    let data = SnapshotsPage { done, form, snapshots: snapshots.collect() };
    Ok(page(pages::snapshots(&lab.chrome(PAGE), &data)))
}

#[derive(Debug, Deserialize)]
struct Told {
    before: String,
    after: String,
    sites: BTreeMap<String, Vec<ToldTable>>,
    postings: Vec<ToldPosting>,
}

#[derive(Debug, Deserialize)]
struct ToldTable {
    table: String,
    added: u64,
    removed: u64,
    changed: u64,
    rows: Vec<ToldRow>,
}

#[derive(Debug, Deserialize)]
struct ToldRow {
    key: Map<String, Value>,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
struct ToldPosting {
    added: bool,
    what: String,
    transaction_id: Option<String>,
    account: String,
    whose: String,
    amount: String,
}

/// What was chosen, or else from the first snapshot to now.
pub async fn compare(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Result<Html<String>, Refusal> {
    let asked = query::fields(asked.as_deref().unwrap_or_default());
    let snapshots: Vec<Description> = ask(&lab, LIST.name, &[]).await?;
    let mut names: Vec<String> = snapshots.into_iter().map(|snapshot| snapshot.name.to_string()).collect();
    names.push("now".to_owned());
    let chosen = |field: &str, usual: Option<&String>| {
        asked.get(field).or(usual).map_or_else(|| "now".to_owned(), Clone::clone)
    };
    let (before, after) = (chosen("a", names.first()), chosen("b", None));
    let told: Told = ask(&lab, DIFF.name, &[("a", &before), ("b", &after)]).await?;
    let data = ComparisonPage {
        before: told.before,
        after: told.after,
        names,
        postings: told.postings.into_iter().map(posting).collect(),
        sites: told.sites.into_iter().map(of_site).collect(),
    };
    Ok(page(pages::comparison(&lab.chrome(COMPARE), &data)))
}

fn posting(told: ToldPosting) -> PostingRow {
    PostingRow {
        added: told.added,
        what: told.what,
        transaction: told.transaction_id.map(|id| {
            let href = query::below(super::books::TRANSACTIONS, &id);
            (id, href)
        }),
        account: told.account,
        whose: told.whose,
        amount: dollars(&told.amount),
    }
}

fn of_site((site, tables): (String, Vec<ToldTable>)) -> (&'static str, Vec<ChangedTable>) {
    let name = if site == Site::Shop.as_str() { "The shop" } else { "Amazon Payments" };
    let table = |told: ToldTable| ChangedTable {
        table: told.table,
        added: told.added,
        changed: told.changed,
        removed: told.removed,
        rows: told.rows.into_iter().filter_map(row).collect(),
    };
    (name, tables.into_iter().map(table).collect())
}

fn row(told: ToldRow) -> Option<ChangedRowView> {
    let key: Vec<String> = told.key.iter().map(|(name, value)| format!("{name} {}", text(value))).collect();
    let whole = |columns: Map<String, Value>| {
        let there = columns.into_iter().filter(|(_, value)| !value.is_null());
        there.map(|(name, value)| (name, text(&value))).collect()
    };
    let change = match (told.before, told.after) {
        (None, Some(after)) => RowChange::Added(whole(after)),
        (Some(before), None) => RowChange::Removed(whole(before)),
        (Some(before), Some(after)) => RowChange::Changed(
            before
                .into_iter()
                .map(|(name, value)| {
                    let now = after.get(&name).map(text).unwrap_or_default();
                    (name, text(&value), now)
                })
                .collect(),
        ),
        (None, None) => return None,
    };
    Some(ChangedRowView { key: key.join(", "), change })
}

fn text(value: &Value) -> String {
    let whole = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    query::at_most(&whole, LONGEST)
}
