//! The catalogue: what is new, what is popular, everything; or what a category or a search found.

use super::cards::grid;
use super::{filters, shell};
use crate::model::{Chrome, Fragment, Head, HomePage, ItemCard, Preview, Reading, Way};
use app::assets;
use leptos::prelude::*;

const TAGLINE: &str = "Music, books, type and games, straight from the people who make them.";

pub fn home(chrome: &Chrome, page: &HomePage) -> String {
    shell::complete(chrome, &home_main(page))
}

/// The catalogue's main part, the same for every visitor.
pub fn home_main(page: &HomePage) -> Fragment {
    let title = match (page.query.as_str(), &page.category) {
        ("", None) if page.filters.is_some() => "Everything".to_owned(),
        ("", None) => "Music, books, type and games".to_owned(),
        ("", Some(category)) => category.clone(),
        (query, _) => format!("Search: {query}"),
    };
    let description = shell::described(&description(page));
    let preview = Preview { description, image: assets::address("/public/logo.svg").to_owned() };
    let html = app::render::fragment(|| main(page));
    Fragment { head: Head { title, query: page.query.clone(), preview: Some(preview) }, html: html.into() }
}

/// What is on the page, for those who have only its address.
fn description(page: &HomePage) -> String {
    let first: Vec<&str> = page.items.iter().take(3).map(|card| card.title.as_str()).collect();
    match (page.query.as_str(), &page.category) {
        ("", None) => {
            format!("{TAGLINE} What you pay is divided in the open: seller, shop and Amazon Payments.")
        }
        ("", Some(category)) if first.is_empty() => format!("{category} at DigitalDownload."),
        ("", Some(category)) => {
            format!(
                "{category} at DigitalDownload, from the people who make it: {} and more.",
                first.join(", ")
            )
        }
        (query, _) => format!("What DigitalDownload has for “{query}”."),
    }
}

/// Of all that is for sale, and none of it chosen.
fn is_everything(page: &HomePage) -> bool {
    page.filters.is_none() && page.query.is_empty()
}

fn main(page: &HomePage) -> AnyView {
    let shelves =
        view! { {shelf("popular", "Popular this week", &page.popular)} {shelf("new", "New", &page.new)} };
    let found = view! { {reading(page)} {filters::chosen(page)} {found(page)} }.into_any();
    let results = match &page.filters {
        Some(all) => view! { <div class="finding">{filters::form(all)} <div>{found}</div></div> }.into_any(),
        None => found,
    };
    view! {
        {heading(page)}
        {categories(&page.categories)}
        <div class="bin">{shelves} {results}</div>
    }
    .into_any()
}

fn heading(page: &HomePage) -> AnyView {
    if is_everything(page) {
        return view! {
            <div class="tagline">
                <h1>{TAGLINE}</h1>
                <p>"Every listing shows who sells it. What you pay is divided in the open between the seller, this shop and Amazon Payments."</p>
            </div>
        }
        .into_any();
    }
    let words = match (page.query.as_str(), &page.category) {
        ("", Some(name)) => name.clone(),
        ("", None) => "Everything".to_owned(),
        (query, Some(name)) => format!("“{query}” in {name}"),
        (query, None) => format!("“{query}”"),
    };
    let count = match page.total {
        0 => "Nothing found".to_owned(),
        1 => "1 item".to_owned(),
        total if page.more => format!("More than {total} items. Another word makes them fewer."),
        total => format!("{total} items"),
    };
    view! { <div class="heading"><h1>{words}</h1><p class="count">{count}</p></div> }.into_any()
}

/// The dividers between the shelves of a record shop. A search stays when the category changes.
fn categories(categories: &[Way]) -> AnyView {
    let divider = |choice: &Way| {
        let Way { label, count, href, current } = choice.clone();
        let count = count.map(|count| view! { " " <span class="divider-count">{count}</span> });
        view! { <li><a href=href aria-current=current.then_some("page")>{label} {count}</a></li> }
    };
    let dividers: Vec<_> = categories.iter().map(divider).collect();
    view! { <nav class="dividers" aria-label="Categories"><ul>{dividers}</ul></nav> }.into_any()
}

fn shelf(id: &'static str, heading: &'static str, cards: &[ItemCard]) -> Option<AnyView> {
    if cards.is_empty() {
        return None;
    }
    let view = view! {
        <section class="shelf" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            {grid(cards)}
        </section>
    };
    Some(view.into_any())
}

/// What the search made of its words, where that is not what was typed.
fn reading(page: &HomePage) -> Option<AnyView> {
    let words = match &page.reading {
        Reading::As(words) if !page.items.is_empty() => {
            view! { "Showing results for " <strong>{words.clone()}</strong> "." }.into_any()
        }
        Reading::InPart => "Nothing has all of these words. Here is what has some of them.".into_any(),
        Reading::As(_) | Reading::AsTyped | Reading::NotAtAll => return None,
    };
    Some(view! { <p class="reading">{words}</p> }.into_any())
}

fn found(page: &HomePage) -> AnyView {
    if page.items.is_empty() {
        return if page.popular.is_empty() { nothing_found(page) } else { ().into_any() };
    }
    let everything = is_everything(page);
    let heading_class = if everything { "" } else { "visually-hidden" };
    let heading = if everything { "Everything" } else { "Items" };
    view! {
        <section class="shelf" aria-labelledby="found">
            <h2 id="found" class=heading_class>{heading}</h2>
            {grid(&page.items)}
            {pages(page)}
        </section>
    }
    .into_any()
}

fn nothing_found(page: &HomePage) -> AnyView {
    let is_filtered = page.filters.as_ref().is_some_and(|filters| !filters.chosen.is_empty());
    let words = if page.reading == Reading::NotAtAll {
        "There is no word here that says enough: those that are in nearly everything find nothing, nor do signs. Add one of the \
         title, or who made it."
    } else if is_filtered {
        "Nothing here is all that is chosen. Take away one of these."
    } else if !page.query.is_empty() {
        "Nothing here has these words, or words like them. Try fewer of them, or one that you are sure of."
    } else if page.category.is_some() {
        "Nothing is for sale here yet."
    } else {
        "Nothing is for sale yet. The first seller can list something now."
    };
    let way_on = if is_everything(page) {
        view! { <a class="button" href="/sell">"Start selling"</a> }.into_any()
    } else {
        view! { <a class="button button-quiet" href="/">"Show everything"</a> }.into_any()
    };
    view! { <div class="empty"><p>{words}</p><p>{way_on}</p></div> }.into_any()
}

fn pages(page: &HomePage) -> Option<AnyView> {
    if page.pages <= 1 {
        return None;
    }
    let link =
        |href: String, rel, words| view! { <a class="button button-quiet" rel=rel href=href>{words}</a> };
    let previous = page.previous.clone().map(|href| link(href, "prev", "Previous page"));
    let next = page.next.clone().map(|href| link(href, "next", "Next page"));
    let place = format!("Page {} of {}", page.page, page.pages);
    let view = view! { <nav class="pages" aria-label="Pages">{previous} <p>{place}</p> {next}</nav> };
    Some(view.into_any())
}
