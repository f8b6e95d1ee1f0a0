//! Everything that happens, as one stream.

use super::{filter, shell};
use crate::model::{ActivityFilter, ActivityPage, ActivityRow, Chrome};
use app::components::table::{Column, table};
use app::components::time::machine_readable;
use leptos::prelude::*;

/// The kinds of events, as the filter has them.
const KINDS: [(&str, &str); 14] = [
    ("", "Everything"),
    ("request", "Requests"),
    ("written", "Changes and postings"),
    ("attempt", "Notifications sent"),
    ("received", "Notifications received"),
    ("asked", "Calls by the shop"),
    ("order", "Orders"),
    ("sent_to_pay", "Redirects to pay"),
    ("returned", "Returns"),
    ("authorization_opened", "Authorizations opened"),
    ("authorization_ended", "Authorizations ended"),
    ("clock", "Clock"),
    ("fault", "Faults"),
    ("deed", "Done by hand"),
];

/// The front of the lab.
pub fn activity(chrome: &Chrome, data: &ActivityPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "Everything that happens on both sites, the newest first. It grows by itself while a script may run.";
        let kept = data.kept.clone();
        let main = view! {
            {filter(&data.filter)}
            <div data-live="activity" data-newest=data.newest.to_string()>
                {rows(&data)}
                {older(data.older.clone())}
            </div>
            <p class="lab-note">{kept}</p>
        };
        shell::page(&chrome, "Activity", lead, main.into_any())
    })
}

fn filter(asked: &ActivityFilter) -> AnyView {
    let kinds: Vec<_> = KINDS
        .into_iter()
        .map(|(value, label)| view! { <option value=value selected=value == asked.kind>{label}</option> })
        .collect();
    let fields = view! {
        <div class="lab-field">
            <label for="kind">"Kind"</label>
            <select id="kind" name="kind">{kinds}</select>
        </div>
        {filter::text("action", "Action or job", &asked.action)}
        {filter::text("result", "Result", &asked.result)}
        {filter::text("caller", "Caller's access key", &asked.caller)}
        {filter::text("order", "Order, reference or transaction", &asked.order)}
        {filter::text("request", "Request id", &asked.request)}
    };
    filter::form("/lab", fields)
}

fn rows(data: &ActivityPage) -> AnyView {
    if data.rows.is_empty() {
        return if data.filter == ActivityFilter::default() {
            view! {
                <p class="lab-empty">
                    "Nothing has happened yet. Buy something in the shop, or "
                    <a href="/lab/scenarios">"let a scenario happen"</a> "."
                </p>
            }
            .into_any()
        } else {
            view! { <p class="lab-empty">"Nothing that is kept fits. " <a href="/lab">"Show everything"</a></p> }
                .into_any()
        };
    }
    let columns = [
        Column::words("Time"),
        Column::words("Where"),
        Column::words("What"),
        Column::words("About"),
        Column::numbers("Took"),
    ];
    table("What happened", &columns, data.rows.iter().map(row).collect())
}

fn row(row: &ActivityRow) -> Vec<AnyView> {
    let at = row.at;
    let time = at.strftime("%-d %b, %H:%M:%S%.3f").to_string();
    let words = row.words.clone();
    let words = match row.href.clone() {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    let class = if row.is_failure { "lab-what lab-failed" } else { "lab-what" };
    let failed = row.is_failure.then(|| view! { <span class="lab-flag">"failed"</span> " " });
    let about: Vec<_> = row
        .about
        .iter()
        .cloned()
        .map(|(what, id, href)| view! { <a class="lab-about" href=href><span class="muted">{what}</span> " " <code>{id}</code></a> " " })
        .collect();
    vec![
        view! { <time datetime=machine_readable(at)>{time}</time> }.into_any(),
        row.site.into_any(),
        view! { <span class=class>{failed} {words}</span> }.into_any(),
        view! { <span class="lab-abouts">{about}</span> }.into_any(),
        row.took.clone().unwrap_or_default().into_any(),
    ]
}

fn older(href: Option<String>) -> AnyView {
    href.map(|href| view! { <p class="lab-older"><a href=href>"Older"</a></p> }).into_any()
}
