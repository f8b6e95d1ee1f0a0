//! What narrows a list: a form that asks by its address.

use leptos::prelude::*;

/// A field for a word, which is its own id.
pub(super) fn text(name: &'static str, label: &'static str, value: &str) -> AnyView {
    let value = value.to_owned();
    view! {
        <div class="lab-field">
            <label for=name>{label}</label>
            <input id=name name=name type="text" value=value autocomplete="off" spellcheck="false" />
        </div>
    }
    .into_any()
}

/// The form at `path`.
pub(super) fn form(path: &'static str, fields: impl IntoView) -> AnyView {
    view! {
        <form class="lab-filter" method="get" action=path role="search" aria-label="Filter">
            {fields}
            <button class="button button-quiet" type="submit">"Filter"</button>
            <a class="lab-clear" href=path>"Clear"</a>
        </form>
    }
    .into_any()
}
