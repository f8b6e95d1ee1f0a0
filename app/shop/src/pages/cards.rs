//! Items as they stand in a grid.

use super::reviews;
use crate::model::ItemCard;
use leptos::prelude::*;

/// A grid as HTML, to be kept: it is the same for every visitor.
pub fn item_grid_html(cards: &[ItemCard]) -> String {
    app::render::fragment(|| grid(cards))
}

/// The view is kept flat, with as few parts as it can have: catalogue pages are mostly this.
pub(super) fn grid(cards: &[ItemCard]) -> AnyView {
    let cards: Vec<_> = cards.iter().map(card).collect();
    view! { <ul class="grid" role="list">{cards}</ul> }.into_any()
}

/// Below what somebody came for.
pub(super) fn suggestions(heading: &'static str, cards: &[ItemCard]) -> Option<AnyView> {
    if cards.is_empty() {
        return None;
    }
    let view = view! {
        <section class="shelf shelf-after" aria-labelledby="suggestions">
            <h2 id="suggestions">{heading}</h2>
            {grid(cards)}
        </section>
    };
    Some(view.into_any())
}

fn card(card: &ItemCard) -> impl IntoView + use<> {
    view! {
        <li class="card">
            <img src=cover_path(&card.slug) alt="" width="300" height="300" loading="lazy" />
            <h3><a href=item_path(&card.slug)>{card.title.clone()}</a></h3>
            <p class="card-by">{card.creator.clone()}</p>
            <p class="card-price">{card.price.to_string()}</p>
            <p class="card-seller">{format!("from {}", card.seller)}</p>
            {reviews::short(card.rating).map(|short| view! { <p class="card-rating">{short}</p> })}
        </li>
    }
}

pub(super) fn cover_path(slug: &str) -> String {
    format!("/covers/{slug}")
}

pub(super) fn item_path(slug: &str) -> String {
    format!("/items/{slug}")
}
