//! From a view to the text of a page.

use leptos::prelude::*;

/// Renders a whole document. Async data has no place here: the page got it all.
pub fn document<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    format!("<!doctype html>{}", fragment(view))
}

/// Renders a part of a page, to be kept and put into pages later.
pub fn fragment<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html())
}
