//! The catalogue: what is new, what is popular, everything; or what a category or a search found.

use super::cards::grid;
use super::shell;
use crate::model::{Category, Chrome, Fragment, Head, HomePage, ItemCard, Preview};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const TAGLINE: &str = "Music, books, type and games, straight from the people who make them.";

pub fn home(chrome: &Chrome, page: &HomePage) -> String {
    shell::complete(chrome, &home_main(page))
}

/// The catalogue's main part, the same for every visitor.
pub fn home_main(page: &HomePage) -> Fragment {
    let title = match (page.query.as_str(), chosen(page)) {
        ("", None) => "Music, books, type and games".to_owned(),
        ("", Some(category)) => category.name.clone(),
        (query, _) => format!("Search: {query}"),
    };
    let preview = Preview { description: TAGLINE.to_owned(), image: "/public/logo.svg".to_owned() };
    let html = app::render::fragment(|| main(page));
    Fragment { head: Head { title, query: page.query.clone(), preview: Some(preview) }, html: html.into() }
}

fn chosen(page: &HomePage) -> Option<&Category> {
    let slug = page.category.as_deref()?;
    page.categories.iter().find(|category| category.slug == slug)
}

fn is_front(page: &HomePage) -> bool {
    page.query.is_empty() && page.category.is_none() && page.page <= 1
}

fn main(page: &HomePage) -> AnyView {
    let shelves = is_front(page).then(|| {
        view! { {shelf("new", "New", &page.new)} {shelf("popular", "Popular this week", &page.popular)} }
    });
    view! {
        {heading(page)}
        {categories(page)}
        <div class="bin">{shelves} {found(page)}</div>
    }
    .into_any()
}

fn heading(page: &HomePage) -> AnyView {
    if page.query.is_empty() && page.category.is_none() {
        return view! {
            <div class="tagline">
                <h1>{TAGLINE}</h1>
                <p>"Every listing shows who sells it. What you pay is divided in the open between the seller, this shop and Amazon Payments."</p>
            </div>
        }
        .into_any();
    }
    let name = chosen(page).map(|category| category.name.clone());
    let words = match (page.query.as_str(), name) {
        ("", Some(name)) => name,
        ("", None) => "No such category".to_owned(),
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
fn categories(page: &HomePage) -> AnyView {
    let divider = |slug: Option<&str>, name: String, items: Option<u32>| {
        let current = (page.category.as_deref() == slug).then_some("page");
        let count = items.map(|items| view! { " " <span class="divider-count">{items.to_string()}</span> });
        view! {
            <li><a href=catalogue_path(slug, &page.query, 1) aria-current=current>{name} {count}</a></li>
        }
    };
    let dividers: Vec<_> = page
        .categories
        .iter()
        .map(|category| divider(Some(&category.slug), category.name.clone(), Some(category.items)))
        .collect();
    view! {
        <nav class="dividers" aria-label="Categories">
            <ul>{divider(None, "Everything".to_owned(), None)} {dividers}</ul>
        </nav>
    }
    .into_any()
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

fn found(page: &HomePage) -> AnyView {
    if page.items.is_empty() {
        return nothing_found(page);
    }
    let heading_class = if is_front(page) { "" } else { "visually-hidden" };
    let heading = if page.category.is_none() && page.query.is_empty() { "Everything" } else { "Items" };
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
    let words = if !page.query.is_empty() {
        "No title, artist, author or seller has these words. Try fewer of them, or one word you are sure of."
    } else if page.category.is_some() {
        "Nothing is for sale here yet."
    } else {
        "Nothing is for sale yet. The first seller can list something now."
    };
    let way_on = if page.query.is_empty() && page.category.is_none() {
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
    let path = |number| catalogue_path(page.category.as_deref(), &page.query, number);
    let previous = (page.page > 1).then(|| {
        view! { <a class="button button-quiet" rel="prev" href=path(page.page - 1)>"Previous page"</a> }
    });
    let next = (page.page < page.pages).then(|| {
        view! { <a class="button button-quiet" rel="next" href=path(page.page + 1)>"Next page"</a> }
    });
    let place = format!("Page {} of {}", page.page, page.pages);
    let view = view! { <nav class="pages" aria-label="Pages">{previous} <p>{place}</p> {next}</nav> };
    Some(view.into_any())
}

fn catalogue_path(category: Option<&str>, query: &str, page: u32) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut parameters = Vec::new();
    if let Some(category) = category {
        parameters.push(format!("category={category}"));
    }
    if !query.is_empty() {
        parameters.push(format!("q={}", encode(query)));
    }
    if page > 1 {
        parameters.push(format!("page={page}"));
    }
    if parameters.is_empty() { "/".to_owned() } else { format!("/?{}", parameters.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::catalogue_path;

    #[test]
    fn catalogue_addresses_say_only_what_is_chosen() {
        assert_eq!(catalogue_path(None, "", 1), "/");
        assert_eq!(catalogue_path(Some("music"), "", 1), "/?category=music");
        assert_eq!(catalogue_path(Some("music"), "a&b=c", 2), "/?category=music&q=a%26b%3Dc&page=2");
    }
}
