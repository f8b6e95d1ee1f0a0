//! What can be chosen of what was found: links, and a form for prices and the order. On small screens it is folded.

use crate::model::{Filters, HomePage, SortChoice, Way};
use leptos::prelude::*;

pub fn form(filters: &Filters) -> AnyView {
    let kept: Vec<_> = filters
        .kept
        .clone()
        .into_iter()
        .map(|(name, value)| {
            view! { <input type="hidden" name=name value=value /> }
        })
        .collect();
    let sorts: Vec<_> = filters
        .sorts
        .iter()
        .map(|&SortChoice { value, label, current }| {
            view! { <option value=value selected=current>{label}</option> }
        })
        .collect();
    let error = filters
        .price_error
        .map(|error| view! { <p class="field-error" id=PRICE_ERROR role="alert">{error}</p> });
    view! {
        // Shut on a small screen, but not over what is wrong.
        <details class="filters" open=filters.price_error.is_some()>
            <summary>"Filter and sort"</summary>
            <form method="get" action="/">
                {kept}
                <div class="field">
                    <label for="sort">"Sort by"</label>
                    <select id="sort" name="sort">{sorts}</select>
                </div>
                <fieldset class="price-range">
                    <legend>"Price in dollars"</legend>
                    {error}
                    {price("min", "From", &filters.least, filters.price_error.is_some())}
                    {price("max", "To", &filters.most, filters.price_error.is_some())}
                </fieldset>
                <button class="button button-quiet" type="submit">"Show"</button>
            </form>
            {list("What buyers say", &filters.ratings)}
            {list("Formats", &filters.formats)}
            {list("Tags", &filters.tags)}
            {list("Sellers", &filters.sellers)}
        </details>
    }
    .into_any()
}

fn price(name: &'static str, label: &'static str, value: &str, wrong: bool) -> AnyView {
    let value = value.to_owned();
    let (invalid, error) = (wrong.then_some("true"), wrong.then_some(PRICE_ERROR));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                value=value
                inputmode="decimal"
                autocomplete="off"
                aria-invalid=invalid
                aria-describedby=error
            />
        </div>
    }
    .into_any()
}

fn list(heading: &'static str, choices: &[Way]) -> Option<AnyView> {
    if choices.is_empty() {
        return None;
    }
    let choices: Vec<_> = choices
        .iter()
        .cloned()
        .map(|Way { label, count, href, .. }| {
            let count = count.map(|count| view! { " " <span class="divider-count">{count}</span> });
            view! { <li><a href=href>{label} {count}</a></li> }
        })
        .collect();
    let view = view! { <nav aria-label=heading><h2>{heading}</h2><ul role="list">{choices}</ul></nav> };
    Some(view.into_any())
}

/// The id of what is wrong with the prices.
const PRICE_ERROR: &str = "price-error";

/// What is chosen now; each leads to the page without it.
pub fn chosen(page: &HomePage) -> Option<AnyView> {
    let chosen = page.filters.as_ref().map(|filters| filters.chosen.as_slice())?;
    if chosen.is_empty() {
        return None;
    }
    let links: Vec<_> = chosen.iter().cloned().map(|Way { label, href, .. }| {
        view! { <li><a href=href><span class="visually-hidden">"Remove: "</span>{label} <span aria-hidden="true">" ×"</span></a></li> }
    }).collect();
    Some(view! { <ul class="chosen" role="list" aria-label="Chosen">{links}</ul> }.into_any())
}
