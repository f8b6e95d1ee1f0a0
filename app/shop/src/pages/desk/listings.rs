//! All listings of a merchant, by whether they are sold.

use super::super::sections::{DESK, sections};
use super::super::shell;
use crate::model::{Chrome, Listing, ListingState, ListingsPage};
use app::components::amount::amount;
use app::components::paging::pages;
use app::components::table::{Column, table};
use leptos::prelude::*;

/// The states as the filter has them: the word in the address, and the one that people read.
const FILTERS: [(Option<ListingState>, &str, &str); 4] = [
    (None, "", "All"),
    (Some(ListingState::Published), "published", "On sale"),
    (Some(ListingState::Draft), "draft", "Drafts"),
    (Some(ListingState::Archived), "archived", "Archived"),
];

pub fn listings(chrome: &Chrome, page: &ListingsPage) -> String {
    shell::page(chrome, "Your listings", || {
        let new_item =
            page.registered.then(|| view! { <a class="button" href="/sell/items/new">"Add an item"</a> });
        let query = FILTERS.iter().find(|(state, ..)| *state == page.state).map_or("", |(_, word, _)| word);
        let kept = if query.is_empty() { String::new() } else { format!("state={query}") };
        view! {
            <div class="desk">
                <div class="heading">
                    <div><p class="overline">{page.name.clone()}</p><h1>"Your listings"</h1></div>
                    {new_item}
                </div>
                {sections("Your shop", DESK, "/sell/items")}
                {filter(page.state)}
                {content(page)}
                {pages(page.paging.clone(), "/sell/items", &kept, "")}
            </div>
        }
        .into_any()
    })
}

fn filter(chosen: Option<ListingState>) -> AnyView {
    let links: Vec<_> = FILTERS
        .iter()
        .map(|(state, word, label)| {
            let href =
                if word.is_empty() { "/sell/items".to_owned() } else { format!("/sell/items?state={word}") };
            let here = (*state == chosen).then_some("true");
            view! { <li><a href=href aria-current=here>{*label}</a></li> }
        })
        .collect();
    view! { <nav class="listing-states" aria-label="Which listings"><ul role="list">{links}</ul></nav> }
        .into_any()
}

fn content(page: &ListingsPage) -> AnyView {
    if !page.listings.is_empty() {
        return view! {
            <p class="muted">"How each price divides if the buyer pays with a card; other ways cost less."</p>
            {table_of(&page.listings)}
        }
        .into_any();
    }
    let words = match page.state {
        None => "Your shelf is empty. An item needs a title, a price and, unless you ship it, a file.",
        Some(ListingState::Draft) => "No drafts. What you save without publishing it waits here.",
        Some(ListingState::Published) => "Nothing of yours is on sale. Publish a draft, or add an item.",
        Some(ListingState::Archived) => {
            "Nothing is archived. Archive what you sell no more: its buyers keep it."
        }
    };
    view! { <div class="empty"><p>{words}</p></div> }.into_any()
}

pub(super) fn table_of(listings: &[Listing]) -> AnyView {
    const COLUMNS: [Column; 8] = [
        Column::words("Item"),
        Column::words("State"),
        Column::numbers("Price"),
        Column::numbers("You"),
        Column::numbers("Marketplace"),
        Column::numbers("Amazon"),
        Column::numbers("Sold"),
        Column::numbers("Left"),
    ];
    table("Listings, with how each price divides", &COLUMNS, listings.iter().map(row).collect())
}

pub(super) const fn state_words(state: ListingState) -> &'static str {
    match state {
        ListingState::Draft => "Draft",
        ListingState::Published => "On sale",
        ListingState::Archived => "Archived",
    }
}

fn row(listing: &Listing) -> Vec<AnyView> {
    let priced = listing.split.total.is_positive();
    let split = listing.split.in_cents();
    let part = |money| if priced { amount(money) } else { "—".into_any() };
    let left = match listing.stock {
        None => "—".to_owned(),
        Some(0) => "sold out".to_owned(),
        Some(pieces) => pieces.to_string(),
    };
    let edit = format!("/sell/items/{}", listing.card.slug);
    vec![
        view! { <a href=edit>{listing.card.title.clone()}</a> }.into_any(),
        state_words(listing.state).into_any(),
        part(split.total),
        view! { <strong>{part(split.merchant)}</strong> }.into_any(),
        part(split.marketplace),
        part(split.amazon),
        listing.sold.to_string().into_any(),
        left.into_any(),
    ]
}
