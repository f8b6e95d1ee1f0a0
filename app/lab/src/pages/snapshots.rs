//! What is kept by name: keeping it, going back to it, and what has changed since.

use super::shell;
use crate::model::{
    ChangedRowView, ChangedTable, Chrome, ComparisonPage, PostingRow, RowChange, SnapshotDone, SnapshotRow,
    SnapshotsPage,
};
use app::components::field::{TextField, error_summary, text_field};
use app::components::table::{Column, table};
use app::components::time::date_time;
use leptos::prelude::*;

const PATH: &str = "/lab/snapshots";
const COMPARE: &str = "/lab/snapshots/diff";

/// All that there are, with what can be done with each.
pub fn snapshots(chrome: &Chrome, data: &SnapshotsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let whole = chrome.shop.is_some();
        let lead = if whole {
            "Keep all that the shop and Amazon Payments know under a name: their books and orders, the files, the clock. Go \
             back to it as often as you like, or see what has changed since."
        } else {
            "Keep all that Amazon Payments knows under a name, with the clock. Go back to it as often as you like, or see \
             what has changed since. The shop runs elsewhere, and what it knows is not kept."
        };
        let main = view! {
            {error_summary(&data.form)}
            {data.done.as_ref().map(done)}
            {save_form(&data)}
            <section aria-labelledby="kept">
                <h2 id="kept">"What is kept"</h2>
                {kept(&data.snapshots)}
            </section>
            <p class="lab-note">
                "Keys and certificates, and access keys that were made since, stay as they are when one goes back. A "
                <a href="/lab/reset">"reset"</a> " deletes all snapshots."
            </p>
        };
        shell::page(&chrome, "Snapshots", lead, main.into_any())
    })
}

fn done(done: &SnapshotDone) -> AnyView {
    let (words, name) = match done {
        SnapshotDone::Saved(name) => ("Kept: ", name),
        SnapshotDone::Restored(name) => ("Everything is as it was at ", name),
        SnapshotDone::Deleted(name) => ("Deleted: ", name),
    };
    let name = name.clone();
    view! { <section class="lab-done" role="status"><p>{words} <strong>{name}</strong> "."</p></section> }
        .into_any()
}

fn save_form(data: &SnapshotsPage) -> AnyView {
    let name = TextField {
        hint: Some("Such as before-refund: lower-case letters, digits, - and _"),
        autocomplete: Some("off"),
        ..TextField::new("name", "Name")
    };
    view! {
        <form class="snapshot-save" method="post" action=PATH novalidate>
            <input type="hidden" name="deed" value="snapshot-save" />
            {text_field(&data.form, name)}
            <button class="button" type="submit">"Keep how it is now"</button>
        </form>
    }
    .into_any()
}

fn kept(snapshots: &[SnapshotRow]) -> AnyView {
    if snapshots.is_empty() {
        return view! {
            <p class="lab-empty">"Nothing yet. Keep how it is now, buy something, and look at what that changed."</p>
        }
        .into_any();
    }
    let all: Vec<_> = snapshots.iter().map(snapshot).collect();
    view! { <ul class="snapshots">{all}</ul> }.into_any()
}

fn snapshot(row: &SnapshotRow) -> AnyView {
    let name = row.name.clone();
    let frozen = row.frozen.then_some(", frozen");
    let of = if row.has_shop { "Both sites" } else { "Amazon Payments alone" };
    let files = match row.files {
        0 => String::new(),
        1 => " and 1 file".to_owned(),
        many => format!(" and {many} files"),
    };
    let since = format!("{COMPARE}?a={name}&b=now");
    view! {
        <li>
            <h3>{name.clone()}</h3>
            <dl class="lab-facts">
                <div><dt>"Kept"</dt><dd>{date_time(row.saved_at)}</dd></div>
                <div><dt>"The clock then"</dt><dd>{date_time(row.clock)} {frozen}</dd></div>
                <div><dt>"Of"</dt><dd>{of} ", " {size(row.bytes)} " of rows" {files}</dd></div>
            </dl>
            <div class="snapshot-deeds">
                <a href=since>"What has changed since "{name.clone()}</a>
                {confirmed("snapshot-restore", &name, "Go back", "What has come since is lost. Keep it under another name first, if you may want it.")}
                {confirmed("snapshot-delete", &name, "Delete", "It cannot be brought back.")}
            </div>
        </li>
    }
    .into_any()
}

/// What cannot be undone takes two clicks, also where no script runs.
fn confirmed(deed: &'static str, name: &str, words: &'static str, warning: &'static str) -> AnyView {
    let name = name.to_owned();
    let label = format!("{words}: {name}");
    view! {
        <details>
            <summary>{words} <span class="visually-hidden">": "{name.clone()}</span></summary>
            <form method="post" action=PATH>
                <input type="hidden" name="deed" value=deed />
                <input type="hidden" name="name" value=name />
                <p>{warning}</p>
                <button class="button" type="submit" aria-label=label>{words}</button>
            </form>
        </details>
    }
    .into_any()
}

fn size(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / 1_000_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// What differs.
pub fn comparison(chrome: &Chrome, data: &ComparisonPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = view! {
            "From " <strong>{data.before.clone()}</strong> " to " <strong>{data.after.clone()}</strong>
            ": what the books and the tables have otherwise."
        };
        let sites: Vec<_> = data.sites.iter().map(|(site, tables)| of_site(site, tables)).collect();
        let main = view! {
            <p><a href=PATH>"All snapshots"</a></p>
            {choose(&data)}
            <section aria-labelledby="postings">
                <h2 id="postings">"Postings"</h2>
                {postings(&data.postings)}
            </section>
            {sites}
        };
        shell::page(&chrome, "What changed", lead, main.into_any())
    })
}

fn choose(data: &ComparisonPage) -> AnyView {
    let select = |field: &'static str, label: &'static str, chosen: &str| {
        let options: Vec<_> = data
            .names
            .iter()
            .map(|name| view! { <option value=name.clone() selected=name == chosen>{name.clone()}</option> })
            .collect();
        view! { <div class="lab-field"><label for=field>{label}</label><select id=field name=field>{options}</select></div> }
    };
    view! {
        <form class="lab-filter" method="get" action=COMPARE>
            {select("a", "From", &data.before)}
            {select("b", "To", &data.after)}
            <button class="button" type="submit">"Compare"</button>
        </form>
    }
    .into_any()
}

fn postings(postings: &[PostingRow]) -> AnyView {
    if postings.is_empty() {
        return view! { <p class="lab-empty">"No money has moved."</p> }.into_any();
    }
    let columns = [
        Column::words("Account"),
        Column::words("What"),
        Column::words("Transaction"),
        Column::numbers("Amount"),
        Column::words("Standing"),
    ];
    let rows = postings.iter().map(|row| {
        let transaction = row.transaction.clone().map_or_else(
            || "—".into_any(),
            |(id, href)| view! { <a href=href class="lab-about"><code>{id}</code></a> }.into_any(),
        );
        let account = row.account.clone();
        let gone = (!row.added).then(|| view! { <span class="lab-flag">"not any more"</span> });
        vec![
            view! { <span title=account>{row.whose.clone()}</span> }.into_any(),
            row.what.clone().into_any(),
            transaction,
            row.amount.clone().into_any(),
            gone.into_any(),
        ]
    });
    table("Postings that differ", &columns, rows.collect())
}

fn of_site(site: &'static str, tables: &[ChangedTable]) -> AnyView {
    let nothing = tables.is_empty().then(|| view! { <p class="lab-empty">"No row differs."</p> });
    let tables: Vec<_> = tables.iter().map(changed_table).collect();
    view! { <section><h2>{site}</h2>{nothing}{tables}</section> }.into_any()
}

fn changed_table(table: &ChangedTable) -> AnyView {
    let counts: Vec<String> =
        [(table.added, "added"), (table.changed, "changed"), (table.removed, "removed")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, words)| format!("{count} {words}"))
            .collect();
    let shown = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
    let more = (table.added + table.changed + table.removed).saturating_sub(shown);
    let more = (more > 0).then(|| view! { <p class="lab-note">{format!("And {more} more.")}</p> });
    let rows: Vec<_> = table.rows.iter().map(changed_row).collect();
    let name = table.table.clone();
    view! {
        <details class="lab-deed">
            <summary><code>{name}</code> " " <span class="muted">{counts.join(", ")}</span></summary>
            <ul class="snapshot-rows">{rows}</ul>
            {more}
        </details>
    }
    .into_any()
}

fn changed_row(row: &ChangedRowView) -> AnyView {
    let whole = |columns: &[(String, String)]| -> Vec<AnyView> {
        let fact = |(name, value): (String, String)| view! { <div><dt>{name}</dt><dd class="mono">{value}</dd></div> };
        columns.iter().cloned().map(|column| fact(column).into_any()).collect()
    };
    let (words, facts) = match &row.change {
        RowChange::Added(columns) => ("Added", whole(columns)),
        RowChange::Removed(columns) => ("Removed", whole(columns)),
        RowChange::Changed(columns) => {
            let facts = columns.iter().cloned().map(|(name, before, after)| {
                view! { <div><dt>{name}</dt><dd class="mono"><del>{before}</del> " → " <ins>{after}</ins></dd></div> }
                    .into_any()
            });
            ("Changed", facts.collect())
        }
    };
    let key = (!row.key.is_empty()).then(|| row.key.clone()).map(|key| view! { " " <code>{key}</code> });
    view! { <li><p><strong>{words}</strong>{key}</p><dl class="lab-facts">{facts}</dl></li> }.into_any()
}
