//! The requests of the Query API that are kept.

use super::{filter, shell};
use crate::model::{Chrome, RequestFilter, RequestRow, RequestsPage};
use app::components::table::{Column, table};
use app::components::time::machine_readable;
use leptos::prelude::*;

pub fn requests(chrome: &Chrome, data: &RequestsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "What programs asked the web service for, the newest first.";
        let kept = data.kept.clone();
        let main = view! {
            {filter(&data.filter)}
            {rows(&data)}
            <p class="lab-note">{kept}" "<a href="/lab/signature">"Work out the signature of a pasted one"</a></p>
        };
        shell::page(&chrome, "Requests", lead, main.into_any())
    })
}

fn filter(asked: &RequestFilter) -> AnyView {
    let fields = [
        filter::text("action", "Action", &asked.action),
        filter::text("access_key", "Caller's access key", &asked.access_key),
        filter::text("code", "Result", &asked.code),
    ];
    filter::form("/lab/requests", fields.into_iter().collect::<Vec<_>>())
}

fn rows(data: &RequestsPage) -> AnyView {
    if data.rows.is_empty() {
        return if data.filter == RequestFilter::default() {
            view! {
                <p class="lab-empty">
                    "Nobody has asked for anything yet. Buy something in the shop, or "
                    <a href="/lab/scenarios">"let a scenario happen"</a> "."
                </p>
            }
            .into_any()
        } else {
            view! { <p class="lab-empty">"No request that is kept fits. " <a href="/lab/requests">"Show all"</a></p> }
                .into_any()
        };
    }
    let columns = [
        Column::words("Time"),
        Column::words("Action"),
        Column::words("Caller"),
        Column::words("Result"),
        Column::numbers("Took"),
    ];
    table("Requests", &columns, data.rows.iter().map(row).collect())
}

fn row(row: &RequestRow) -> Vec<AnyView> {
    let href = format!("/lab/requests/{}", row.id);
    let time = row.at.strftime("%-d %b, %H:%M:%S%.3f").to_string();
    let action = action_words(&row.action);
    vec![
        view! { <time datetime=machine_readable(row.at)>{time}</time> }.into_any(),
        view! { <a href=href>{action}</a> }.into_any(),
        row.caller.clone().map(|caller| of("access_key", caller)).into_any(),
        view! { {(row.code != "Success").then(flag)} {of("code", row.code.clone())} }.into_any(),
        row.took.clone().into_any(),
    ]
}

fn flag() -> AnyView {
    view! { <span class="lab-flag">"failed"</span> " " }.into_any()
}

/// A word that leads to all requests with it. Access keys and codes are letters, digits and underscores.
pub(super) fn of(field: &'static str, value: String) -> AnyView {
    let href = format!("/lab/requests?{field}={value}");
    view! { <a href=href><code>{value}</code></a> }.into_any()
}

pub(super) fn action_words(action: &str) -> String {
    if action.is_empty() { "No known action".to_owned() } else { action.to_owned() }
}
