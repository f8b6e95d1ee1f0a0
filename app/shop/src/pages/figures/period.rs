//! The time that figures are of: the form that asks for it, and its words.

use crate::model::Unit;
use app::components::field::{TextField, error_summary, text_field};
use app::form::FormState;
use jiff::civil::Date;
use leptos::prelude::*;

/// Asks for the days, both included; `by` keeps what one bar is.
pub(super) fn form(form: &FormState, path: &'static str, by: bool) -> AnyView {
    let day = |name, label| TextField { kind: "date", width: Some("medium"), ..TextField::new(name, label) };
    let unit = form.value("by").to_owned();
    let by = (by && !unit.is_empty()).then(|| view! { <input type="hidden" name="by" value=unit /> });
    view! {
        {error_summary(form)}
        <form class="period" method="get" action=path novalidate>
            {text_field(form, day("from", "From"))}
            {text_field(form, day("to", "To"))}
            {by}
            <button class="button button-quiet" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

/// "3 Nov 2026".
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// "3 Nov 2026 to 2 Dec 2026".
pub(super) fn words(from: Date, to: Date) -> String {
    if from == to { day(from) } else { format!("{} to {}", day(from), day(to)) }
}

/// The same in an address.
pub(super) fn query(from: Date, to: Date) -> String {
    format!("from={from}&to={to}")
}

/// What a bar of these days is called.
pub(super) fn span_words(unit: Unit, from: Date, to: Date) -> String {
    match unit {
        Unit::Day => day(from),
        Unit::Week => words(from, to),
        Unit::Month => from.strftime("%b %Y").to_string(),
    }
}
