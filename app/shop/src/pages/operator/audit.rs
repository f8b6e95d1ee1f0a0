//! `/operator/audit`: who did what, with what was before and after.

use super::filter::{choice, filter, input};
use super::frame;
use crate::model::{AuditPage, AuditRow, Chrome};
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/audit";

pub fn audit(chrome: &Chrome, page: &AuditPage) -> String {
    frame(chrome, "Audit log", PATH, || {
        let form = &page.form;
        let fields = vec![
            input(form, "who", "Who", "search", Some("A name, or \u{201c}the shop\u{201d}.")),
            choice(form, "deed", "What", Some("Anything"), &page.deeds),
            input(form, "subject", "To what", "search", Some("Its whole name, or its id.")),
            input(form, "from", "From", "date", None),
            input(form, "to", "Up to", "date", None),
        ];
        let question = if page.query.is_empty() { "" } else { "?" };
        let file = format!("/operator/audit.csv{question}{}", page.query);
        let file = (!page.entries.is_empty()).then(|| {
            view! { <p><a href=file download="audit.csv">"Save these lines as CSV"</a></p> }
        });
        view! {
            <p class="lead">"What the operator, sellers and the shop itself did. Lines are added and never changed."</p>
            {filter(PATH, form, !page.query.is_empty() || !form.is_valid(), fields)}
            {lines(page)}
            {pages(page.paging.clone(), PATH, &page.query, "")}
            {file}
        }
        .into_any()
    })
}

fn lines(page: &AuditPage) -> AnyView {
    if !page.entries.is_empty() {
        return entries("The audit log", &page.entries);
    }
    let words = if page.query.is_empty() {
        "Nothing yet. Holds, fee rules, refunds that the operator decides, new sellers, and what sellers change of their shops and items come here."
    } else {
        "Nothing that fits. Ask for less, or show all."
    };
    view! { <p class="muted">{words}</p> }.into_any()
}

pub(super) fn entries(caption: &'static str, entries: &[AuditRow]) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("What"),
        Column::words("To what"),
        Column::words("Before and after"),
        Column::words("Who"),
        Column::words("When"),
    ];
    let rows = entries.iter().map(|entry| {
        vec![
            entry.deed.clone().into_any(),
            linked(&entry.subject, entry.subject_path.as_ref()),
            change(entry),
            linked(&entry.who, entry.who_path.as_ref()),
            time::date_time(entry.at),
        ]
    });
    table(caption, &COLUMNS, rows.collect())
}

fn linked(words: &str, path: Option<&String>) -> AnyView {
    let words = words.to_owned();
    match path {
        Some(path) => view! { <a href=path.clone()>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

fn change(entry: &AuditRow) -> AnyView {
    let (old, new) = (entry.old.clone(), entry.new.clone());
    let values = match (old.is_empty(), new.is_empty()) {
        (true, true) => None,
        (false, true) => Some(view! { <p><del>{old}</del></p> }.into_any()),
        (true, false) => Some(view! { <p><ins>{new}</ins></p> }.into_any()),
        (false, false) => Some(view! { <p><del>{old}</del> " \u{2192} " <ins>{new}</ins></p> }.into_any()),
    };
    let reason = (!entry.reason.is_empty()).then(|| {
        view! { <p class="muted">{format!("\u{201c}{}\u{201d}", entry.reason)}</p> }
    });
    view! { <div class="change">{values} {reason}</div> }.into_any()
}
