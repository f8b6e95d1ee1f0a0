//! The front page, items, and the page for errors.

use super::goods::{cards, dividers, guest, john, martha, record, some_cards, song};
use shop_pages::model::{Availability, ErrorPage, Filters, HomePage, ItemPage, Reading, SortChoice, Way};
use shop_pages::pages;

pub fn catalogue_pages() -> Vec<(&'static str, String)> {
    let front = HomePage {
        categories: dividers(),
        new: some_cards(&[34, 12, 6, 16, 29, 25]),
        popular: some_cards(&[0, 37, 19, 26, 8, 32]),
        items: cards().into_iter().take(24).collect(),
        total: 68,
        page: 1,
        pages: 3,
        next: Some("/?page=2".to_owned()),
        ..HomePage::default()
    };
    let music = HomePage {
        category: Some("Music".to_owned()),
        filters: Some(filters()),
        new: Vec::new(),
        popular: Vec::new(),
        items: some_cards(&[0, 1, 2, 3, 4, 5]),
        total: 6,
        pages: 1,
        next: None,
        ..front.clone()
    };
    let nothing = HomePage {
        category: None,
        query: "nothing <like> this".to_owned(),
        items: Vec::new(),
        total: 0,
        ..music.clone()
    };
    let corrected = HomePage {
        category: None,
        query: "Now andd forver".to_owned(),
        reading: Reading::As("Now and forever".to_owned()),
        items: some_cards(&[0]),
        total: 1,
        ..music.clone()
    };
    let everything =
        HomePage { new: Vec::new(), popular: Vec::new(), items: cards(), page: 2, ..front.clone() };
    let refused = ErrorPage {
        status: 404,
        title: "There is no such page".to_owned(),
        detail: "The address may be mistyped, or what was here is no longer for sale.".to_owned(),
        request_id: "0193a5c0-7f2e-7b11-9d51-2f0f4b1c9a77".to_owned(),
        suggestions: some_cards(&[0, 1, 2, 3]),
    };
    vec![
        ("home", pages::home(&guest("/"), &front)),
        ("home-signed-in", pages::home(&john("/"), &front)),
        ("home-category", pages::home(&guest("/?category=music"), &music)),
        ("home-nothing", pages::home(&guest("/?q=nothing"), &nothing)),
        ("home-corrected", pages::home(&guest("/?q=Now+andd+forver"), &corrected)),
        ("home-page-2", pages::home(&guest("/?page=2"), &everything)),
        ("item", pages::item(&guest("/items/now-and-forever"), &song())),
        (
            "item-owned",
            pages::item(
                &john("/items/now-and-forever"),
                &ItemPage { owned_order: Some("ord-1".to_owned()), ..song() },
            ),
        ),
        (
            "item-not-for-sale",
            pages::item(
                &john("/items/now-and-forever"),
                &ItemPage { availability: Availability::SellerNotRegistered, ..song() },
            ),
        ),
        ("item-own", pages::item(&martha("/items/now-and-forever"), &ItemPage { own_item: true, ..song() })),
        ("item-physical", pages::item(&guest("/items/harbour-lp"), &record())),
        ("error", pages::error(&guest("/nowhere"), &refused)),
    ]
}

fn filters() -> Filters {
    let choice = |(label, count): (&str, &str)| Way {
        label: label.to_owned(),
        count: Some(count.to_owned()),
        href: "/?category=music&tag=piano".to_owned(),
        current: false,
    };
    let sort = |(value, label)| SortChoice { value, label, current: value == "best" };
    Filters {
        chosen: vec![Way {
            label: "up to $5.00".to_owned(),
            href: "/?category=music".to_owned(),
            ..Way::default()
        }],
        tags: [("piano", "3"), ("sea", "2")].map(choice).into(),
        formats: [("MP3 audio", "5"), ("FLAC audio", "1")].map(choice).into(),
        sellers: [("Right Here Records", "6")].map(choice).into(),
        ratings: [("4 stars and up", "4")].map(choice).into(),
        least: String::new(),
        price_error: None,
        most: "5.00".to_owned(),
        sorts: [("best", "Title"), ("newest", "Newest first"), ("price", "Price, lowest first")]
            .map(sort)
            .into(),
        kept: vec![("category", "music".to_owned())],
    }
}
