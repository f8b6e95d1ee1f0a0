//! Filters of the operator's lists: forms that only ask, so they are sent with GET and can be linked to.

use crate::model::Choice;
use app::components::field::{error_summary, field_id};
use app::form::FormState;
use leptos::prelude::*;

/// A filter with its fields; `in_use` shows the way back to everything.
pub(super) fn filter(path: &'static str, form: &FormState, in_use: bool, fields: Vec<AnyView>) -> AnyView {
    let clear = in_use.then(|| view! { <a href=path>"Show all"</a> });
    view! {
        {error_summary(form)}
        <form class="filter" method="get" action=path novalidate>
            {fields}
            <p class="filter-buttons">
                <button class="button button-quiet" type="submit">"Show"</button>
                {clear}
            </p>
        </form>
    }
    .into_any()
}

pub(super) fn choice(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    any: Option<&'static str>,
    options: &[Choice],
) -> AnyView {
    let chosen = form.value(name);
    let any = any.map(|any| view! { <option value="" selected=chosen.is_empty()>{any}</option> });
    let options: Vec<_> = options
        .iter()
        .map(|(value, label)| {
            view! { <option value=value.clone() selected=chosen == value>{label.clone()}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            <select id=field_id(name) name=name>{any} {options}</select>
        </div>
    }
    .into_any()
}

/// A text or, with `kind` "date", a day.
pub(super) fn input(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    hint: Option<&'static str>,
) -> AnyView {
    let (error_id, hint_id) = (format!("{}-error", field_id(name)), format!("{}-hint", field_id(name)));
    let error = form.error(name).map(str::to_owned);
    let described_by: Vec<String> =
        hint.map(|_| hint_id.clone()).into_iter().chain(error.as_ref().map(|_| error_id.clone())).collect();
    let invalid = error.as_ref().map(|_| "true");
    let error = error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> });
    let hint = hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> });
    let described_by = (!described_by.is_empty()).then(|| described_by.join(" "));
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            {hint}
            {error}
            <input
                id=field_id(name)
                name=name
                type=kind
                value=form.value(name).to_owned()
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
    .into_any()
}
