//! What is kept of a page, and what is put around it.

use super::samples::{card, item_page};
use super::*;
use std::sync::Arc;

#[test]
fn a_kept_fragment_gives_the_same_page() {
    let page = item_page("Now and Forever");
    let fragment = item_main(&page);
    assert_eq!(complete(&chrome(), &fragment), item(&chrome(), &page));
    let again = Fragment { html: Arc::clone(&fragment.html), head: fragment.head.clone() };
    assert!(complete(&signed_in(), &again).contains("Sign out"), "around it stands this visitor's page");
}

#[test]
fn a_page_for_nobody_in_particular_becomes_anybodys() {
    // Text of people that looks like what the page is made of.
    let hostile = format!("{HOSTILE}</nav></main><main id=\"main\"><nav class=\"site-nav\"");
    let page = HomePage { query: hostile.clone(), items: vec![card(&hostile)], ..HomePage::default() };
    for (main, path) in [(item_main(&item_page(&hostile)), "/items/a"), (home_main(&page), "/?q=a")] {
        let at = |chrome: Chrome| Chrome { path: path.to_owned(), ..chrome };
        let shared = complete(&at(chrome()), &main);
        let own = OwnParts::of(&shared);
        let seen = Chrome { seen: vec![card(&hostile)], ..chrome() };
        for visitor in [chrome(), signed_in(), Chrome { notice: None, ..signed_in() }, seen] {
            let visitor = at(visitor);
            assert_eq!(own.fill(&shared, &visitor), complete(&visitor, &main), "{visitor:?}");
        }
    }
}

#[test]
fn what_stands_around_a_page_of_ones_own_is_what_stands_around_the_others() {
    use crate::model::{Fragment, Head};
    use leptos::prelude::*;
    for chrome in [chrome(), signed_in()] {
        let own = shell::page(&chrome, HOSTILE, || view! { <p>{HOSTILE}</p> }.into_any());
        let html = app::render::fragment(|| view! { <p>{HOSTILE}</p> }).into();
        let head = Head { title: HOSTILE.to_owned(), ..Head::default() };
        assert_eq!(own, complete(&chrome, &Fragment { head, html }));
    }
}

#[test]
fn the_grid_alone_is_what_the_page_shows() {
    let cards = vec![card("Now and Forever")];
    let page = HomePage { items: cards.clone(), total: 1, page: 1, pages: 1, ..HomePage::default() };
    assert!(home(&chrome(), &page).contains(&item_grid_html(&cards)));
}

#[test]
fn product_data_is_what_json_readers_expect() {
    let html = item(&chrome(), &item_page(HOSTILE));
    let start = html.find(r#"<script type="application/ld+json">"#).unwrap();
    let json = html[start..].split_once('>').unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(data["name"], HOSTILE);
    assert_eq!(data["offers"]["price"], "0.99");
    assert_eq!(data["offers"]["priceCurrency"], "USD");
    assert!(html.contains(r#"<link rel="canonical" href="http://shop.test/"#));
    assert!(
        html.contains(r#"<meta property="og:image" content="http://shop.test/covers/now-and-forever.png""#)
    );
}
