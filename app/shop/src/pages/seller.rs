//! A seller's own page: who it is, on what terms they sell, and what.

use super::cards::grid;
use super::reviews::count_words;
use super::selling_terms::{rates_table, refund_rule_words};
use super::shell;
use crate::model::{Availability, Chrome, Fragment, Head, Preview, Rating, SellerPage};
use app::assets;
use app::components::paging::pages;
use leptos::prelude::*;

pub fn seller(chrome: &Chrome, page: &SellerPage) -> String {
    let html = app::render::fragment(|| main(page));
    let image = page.picture.clone().unwrap_or_else(|| assets::address("/public/logo.svg").to_owned());
    let preview = Preview { description: summary(page), image };
    let title = format!("{}, seller", page.name);
    let head = Head { title, query: String::new(), preview: Some(preview) };
    shell::complete(chrome, &Fragment { head, html: html.into() })
}

/// Who it is in their own words, and what they sell.
fn summary(page: &SellerPage) -> String {
    let first: Vec<&str> = page.items.iter().take(3).map(|card| card.title.as_str()).collect();
    let sells = if first.is_empty() { String::new() } else { format!(" sells {}.", first.join(", ")) };
    let about = page.about.as_str();
    shell::described(&format!("{}{sells} {about}", page.name))
}

fn main(page: &SellerPage) -> AnyView {
    view! {
        <div class="seller">
            {head(page)}
            {closed(page)}
            <div class="seller-terms">
                {about(page)}
                {terms(page)}
            </div>
            {items(page)}
        </div>
    }
    .into_any()
}

fn head(page: &SellerPage) -> AnyView {
    let change = page
        .own
        .then(|| view! { <a class="button button-quiet" href="/sell/profile">"Change this page"</a> });
    view! {
        <div class="seller-head">
            {mark(&page.name, page.picture.as_deref())}
            <div><p class="overline">"Seller"</p><h1>{page.name.clone()}</h1> {rating(page.rating)}</div>
            {change}
        </div>
    }
    .into_any()
}

/// What buyers say of all that is sold.
pub(super) fn rating(rating: Rating) -> Option<AnyView> {
    let words = format!("of 5 stars, from {}", count_words(rating));
    let average = rating.average()?;
    Some(view! { <p class="seller-rating"><strong>{average}</strong> " " <span class="muted">{words}</span></p> }.into_any())
}

/// The seller's picture, or the first letter of the name.
pub(super) fn mark(name: &str, picture: Option<&str>) -> AnyView {
    if let Some(picture) = picture {
        return view! {
            <img class="seller-mark" src=picture.to_owned() alt=format!("Picture of {name}") width="112" height="112" />
        }
        .into_any();
    }
    let letter: String = name.chars().find(|letter| letter.is_alphanumeric()).into_iter().collect();
    view! { <span class="seller-mark" aria-hidden="true">{letter.to_uppercase()}</span> }.into_any()
}

/// Why nothing can be bought at present.
fn closed(page: &SellerPage) -> Option<AnyView> {
    let words = closed_words(&page.name, &page.availability)?;
    Some(view! { <div class="panel">{words}</div> }.into_any())
}

/// Why nothing of this seller can be bought at present; `None` where it can.
pub(super) fn closed_words(seller: &str, availability: &Availability) -> Option<AnyView> {
    let (why, more) = match availability {
        Availability::ForSale => return None,
        Availability::SoldOut => {
            ("It is sold out.".to_owned(), view! { " Please look again later." }.into_any())
        }
        Availability::Archived => {
            (format!("{seller} sells this no more."), view! { " Who has bought it keeps it." }.into_any())
        }
        Availability::Draft => (
            format!("{seller} does not sell this at present."),
            view! { " Who has bought it keeps it." }.into_any(),
        ),
        Availability::SellerNotRegistered => (
            format!("{seller} cannot take payments at present, so this cannot be bought."),
            view! { " Please look again later." }.into_any(),
        ),
        Availability::Held => (
            "DigitalDownload has stopped the sale of this for now.".to_owned(),
            view! { " Please look again later." }.into_any(),
        ),
        Availability::SellerHeld => (
            format!("DigitalDownload has stopped the sales of {seller} for now, so this cannot be bought."),
            view! { " Please look again later." }.into_any(),
        ),
        Availability::OnVacation { words } => {
            let words = (!words.is_empty())
                .then(|| view! { <blockquote class="quoted">{words.clone()}</blockquote> });
            (format!("{seller} is away at present, so this cannot be bought."), words.into_any())
        }
    };
    Some(view! { <div><strong>{why}</strong> {more}</div> }.into_any())
}

/// Blank lines part paragraphs.
fn paragraphs(text: &str) -> AnyView {
    let text = text.replace("\r\n", "\n");
    let paragraphs: Vec<_> = text
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| view! { <p>{paragraph.to_owned()}</p> })
        .collect();
    view! { {paragraphs} }.into_any()
}

fn about(page: &SellerPage) -> Option<AnyView> {
    if page.about.is_empty() && page.links.is_empty() {
        return None;
    }
    let links: Vec<_> = page.links.iter().map(|link| view! { <li>{outside(link)}</li> }).collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="seller-links" role="list">{links}</ul> });
    let view = view! {
        <section aria-labelledby="about">
            <h2 id="about">"About"</h2>
            {paragraphs(&page.about)}
            {links}
        </section>
    };
    Some(view.into_any())
}

/// The shop does not vouch for what is there.
fn outside(link: &str) -> AnyView {
    let words = link.trim_start_matches("https://").trim_end_matches('/').to_owned();
    view! { <a href=link.to_owned() rel="nofollow ugc noopener noreferrer">{words}</a> }.into_any()
}

fn terms(page: &SellerPage) -> AnyView {
    let rates = (!page.rates.is_empty()).then(|| {
        view! {
            <section aria-labelledby="rates"><h2 id="rates">"Shipping"</h2> {rates_table(&page.rates)}</section>
        }
    });
    // Of things as of downloads: those that were not fetched are told of.
    let rule = refund_rule_words(page.refund_rule, false);
    view! {
        <section aria-labelledby="refunds"><h2 id="refunds">"Refunds"</h2> <p>{rule}</p></section>
        {rates}
    }
    .into_any()
}

fn items(page: &SellerPage) -> AnyView {
    let content = if page.items.is_empty() {
        view! { <p class="muted">"Nothing is for sale here yet."</p> }.into_any()
    } else {
        view! { {grid(&page.items)} {pages(page.paging.clone(), &page.path, "", "items")} }.into_any()
    };
    view! {
        <section class="shelf shelf-after" aria-labelledby="items">
            <h2 id="items">{format!("From {}", page.name)}</h2>
            {content}
        </section>
    }
    .into_any()
}
