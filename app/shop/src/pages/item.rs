//! One item: cover, preview, price, what you get, more by the seller.

use super::cards::{cover_path, grid};
use super::cart::{CART, WISHES};
use super::facts::{fact, file_words};
use super::previews::{demo, pictures, previews};
use super::reviews;
use super::seller::{closed_words, mark, rating};
use super::selling_terms::{delivery_words, rates_table, refund_rule_words};
use super::shell;
use super::split_bar;
use crate::model::{Availability, Chrome, FileFacts, Fragment, Head, ItemPage, Preview, ReviewView, Seller};
use app::components::amount::amount;
use leptos::prelude::*;
use serde_json::{Value, json};

/// Of what is sent.
pub(super) const WITH_SHIPPING: &str =
    "What sending it costs is added at the checkout, and divides the same way.";

pub fn item(chrome: &Chrome, page: &ItemPage) -> String {
    shell::complete(chrome, &item_main(page))
}

/// The item's main part. It depends on the visitor only through `owned_order` and `own_item`: without
/// these it is the same for everybody, and can be kept.
pub fn item_main(page: &ItemPage) -> Fragment {
    let title = format!("{} by {}", page.card.title, page.card.creator);
    let image = format!("{}.png", cover_path(&page.card.slug));
    let preview = Preview { description: summary(page), image };
    let html = app::render::fragment(|| main(page));
    Fragment { head: Head { title, query: String::new(), preview: Some(preview) }, html: html.into() }
}

/// What it is, by whom and for how much, before the seller's own words: those may be few, or none.
fn summary(page: &ItemPage) -> String {
    let card = &page.card;
    let facts = format!("{} by {}, {} from {}.", card.title, card.creator, card.price, card.seller);
    shell::described(&format!("{facts} {}", page.description.text))
}

fn main(page: &ItemPage) -> AnyView {
    let card = &page.card;
    let cover_class = if card.physical { "item-cover item-cover-physical" } else { "item-cover" };
    view! {
        <article class="item">
            <div class=cover_class>
                <img src=cover_path(&card.slug) alt=format!("Cover of {}", card.title) width="600" height="600" />
            </div>
            <div class="item-head">
                <p class="overline">
                    <a href=format!("/?category={}", card.category)>{page.category_name.clone()}</a>
                </p>
                <h1>{card.title.clone()}</h1>
                <p class="item-by">{format!("by {}", card.creator)}</p>
                {reviews::short(card.rating).map(|short| view! { <p><a class="item-rating" href="#reviews">{short}</a></p> })}
                <p class="item-price">{amount(card.price)}</p>
                {split_bar::ways(&page.splits, card.physical.then_some(WITH_SHIPPING))}
                {buying(page)}
                {previews(page)}
                {what_you_get(page)}
            </div>
            <div class="item-text">
                {demo(page)}
                <h2>"About it"</h2>
                <div class="prose" inner_html=page.description.html.clone()></div>
                {news(page)}
                {tags(&page.tags)}
                {pictures(page)}
            </div>
        </article>
        {reviews::section(page)}
        {more(page)}
        <script type="application/ld+json" inner_html=product_data(page)></script>
    }
    .into_any()
}

fn buying(page: &ItemPage) -> AnyView {
    if page.own_item {
        return own(page);
    }
    if let Some(why) = closed_words(&page.card.seller, &page.availability) {
        return not_saleable(page, why);
    }
    let checkout = format!("/checkout/{}", page.card.slug);
    if let Some(order) = &page.owned_order {
        return view! {
            <div class="panel buying">
                <p>"You have bought this already."</p>
                <a class="button button-large" href=format!("/orders/{order}")>"Open your order"</a>
                {review_way(page)}
                <a class="button button-quiet" href=checkout>"Buy Now"</a>
                <p class="effect">"Buying it once more makes a second order, at the same price."</p>
                {page.wished.then(|| wish(page))}
            </div>
        }
        .into_any();
    }
    view! {
        <div class="buying">
            <a class="button button-large" href=checkout>"Buy Now"</a>
            <div class="put-aside">{add_to_cart(page)} {wish(page)}</div>
            <p class="effect">{next_step(page)}</p>
        </div>
    }
    .into_any()
}

/// For who buys several things at once.
fn add_to_cart(page: &ItemPage) -> AnyView {
    view! {
        <form method="post" action=CART>
            <button class="button button-quiet" type="submit" name="add" value=page.card.slug.clone()>"Add to cart"</button>
        </form>
    }
    .into_any()
}

/// For who does not buy it now.
fn wish(page: &ItemPage) -> AnyView {
    let (field, words) =
        if page.wished { ("remove", "Remove from wish list") } else { ("add", "Add to wish list") };
    view! {
        <form method="post" action=WISHES>
            <button class="button button-quiet" type="submit" name=field value=page.card.slug.clone()>{words}</button>
        </form>
    }
    .into_any()
}

/// For who has paid for it.
fn review_way(page: &ItemPage) -> Option<AnyView> {
    let path = reviews::review_path(&page.card.slug);
    page.may_review.then(|| view! { <a class="button button-quiet" href=path>"Review it"</a> }.into_any())
}

/// What buyers see instead of the button, and why.
fn held_for_its_seller(page: &ItemPage) -> Option<AnyView> {
    let what = match page.availability {
        Availability::Held => "This item is held: buyers cannot buy it, and its page says so.",
        Availability::SellerHeld => {
            "Your shop is held: nothing of it can be bought, and each item's page says so."
        }
        _ => return None,
    };
    let reason = page.hold_reason.clone();
    let view = view! {
        <div class="panel">
            <p><strong>{what}</strong> " DigitalDownload gives this reason:"</p>
            <blockquote class="quoted">{reason}</blockquote>
            <p>"Orders that were placed go on."</p>
        </div>
    };
    Some(view.into_any())
}

/// What a seller sees where others find the button.
fn own(page: &ItemPage) -> AnyView {
    let words = match page.availability {
        Availability::Draft => view! { <strong>"This item is a draft"</strong> ": nobody else sees it. " }.into_any(),
        Availability::Archived => {
            view! { "This is your own listing. " <strong>"It is archived"</strong> " and cannot be bought. " }.into_any()
        }
        Availability::SoldOut => {
            view! { "This is your own listing. " <strong>"It is sold out"</strong> ": add pieces to sell more. " }.into_any()
        }
        Availability::ForSale => {
            view! { "This is your own listing. Buyers find the button " <strong>"Buy Now"</strong> " here. " }.into_any()
        }
        Availability::Held | Availability::SellerHeld => {
            view! { "This is your own listing. " }.into_any()
        }
        Availability::SellerNotRegistered | Availability::OnVacation { .. } => {
            let closed = closed_words(&page.card.seller, &page.availability);
            view! { {closed} "This is your own listing. " }.into_any()
        }
    };
    let edit = format!("/sell/items/{}", page.card.slug);
    view! {
        {held_for_its_seller(page)}
        <p class="panel">{words} <a href=edit>"Edit it"</a> " or go " <a href="/sell">"to your listings"</a> "."</p>
    }
    .into_any()
}

/// It cannot be bought: why.
fn not_saleable(page: &ItemPage, why: AnyView) -> AnyView {
    let owned = page.owned_order.as_ref().map(|order| {
        view! {
            <p>"You have bought this already. " <a href=format!("/orders/{order}")>"Open your order"</a></p>
            {review_way(page)}
        }
    });
    let wish = (page.wished || owned.is_none()).then(|| wish(page));
    view! { <div class="panel buying">{why} {owned} {wish}</div> }.into_any()
}

fn next_step(page: &ItemPage) -> String {
    let seller = &page.card.seller;
    if page.card.physical {
        format!(
            "Next: where to send it and how you pay. Your money is held, and {seller} gets it on shipping."
        )
    } else if page.instant {
        "Next: how you pay. The download is yours as soon as the payment is through.".to_owned()
    } else {
        format!("Next: how you pay. Your money is held until {seller} delivers; {seller} makes this by hand.")
    }
}

fn what_you_get(page: &ItemPage) -> AnyView {
    let files = files(&page.files);
    let licence = (!page.licence.is_empty()).then(|| fact("Licence", page.licence.clone()));
    view! {
        <section aria-labelledby="what-you-get">
            <h2 id="what-you-get">"What you get"</h2>
            <dl class="facts">
                {fact("Delivery", delivery_words(&page.card, page.instant))}
                {files}
                {licence}
                {fact("Refunds", refund_rule_words(page.seller.refund_rule, page.card.physical))}
            </dl>
        </section>
        {shipping(page)}
        {sold_by(page)}
    }
    .into_any()
}

/// Who sells it, as far as buyers know them.
fn sold_by(page: &ItemPage) -> AnyView {
    let (name, seller) = (&page.card.seller, &page.seller);
    view! {
        <section class="sold-by" aria-labelledby="sold-by">
            {mark(name, seller.picture.as_deref())}
            <div>
                <h2 id="sold-by">"Sold by " {seller_link(name, seller)}</h2>
                {rating(seller.rating)}
            </div>
        </section>
    }
    .into_any()
}

/// The seller's name, which leads to the seller's page.
pub(super) fn seller_link(name: &str, seller: &Seller) -> AnyView {
    match &seller.path {
        Some(path) => view! { <a href=path.clone()>{name.to_owned()}</a> }.into_any(),
        None => name.to_owned().into_any(),
    }
}

fn shipping(page: &ItemPage) -> Option<AnyView> {
    if page.rates.is_empty() {
        return None;
    }
    let view = view! {
        <section aria-labelledby="shipping">
            <h2 id="shipping">"Shipping"</h2>
            {rates_table(&page.rates)}
        </section>
    };
    Some(view.into_any())
}

/// One file as its format; several with how many there are, each with its name.
fn files(files: &[FileFacts]) -> Option<AnyView> {
    match files {
        [] => None,
        [file] => Some(fact("Format", file_words(file))),
        several => {
            let rows: Vec<_> = several
                .iter()
                .map(|file| view! { <li><span class="file-name">{file.name.clone()}</span> " " <span class="muted">{file_words(file)}</span></li> })
                .collect();
            let list = view! { <ul class="file-list" role="list">{rows}</ul> };
            Some(view! { <div><dt>{format!("{} files", several.len())}</dt><dd>{list}</dd></div> }.into_any())
        }
    }
}

fn news(page: &ItemPage) -> Option<AnyView> {
    let news = page.news.clone();
    (!news.is_empty())
        .then(|| view! { <h3>"New in this version"</h3> <p class="lines">{news}</p> }.into_any())
}

fn tags(tags: &[String]) -> Option<AnyView> {
    if tags.is_empty() {
        return None;
    }
    let links: Vec<_> = tags
        .iter()
        .map(|tag| {
            let tag_in_address = url_encoded(tag);
            view! { <li><a href=format!("/?tag={tag_in_address}")>{tag.clone()}</a></li> }
        })
        .collect();
    Some(view! { <ul class="tags" role="list" aria-label="Tags">{links}</ul> }.into_any())
}

fn url_encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn more(page: &ItemPage) -> Option<AnyView> {
    if page.more_by_seller.is_empty() {
        return None;
    }
    let view = view! {
        <section class="shelf shelf-after" aria-labelledby="more">
            <h2 id="more">{format!("More from {}", page.card.seller)}</h2>
            {grid(&page.more_by_seller)}
        </section>
    };
    Some(view.into_any())
}

/// What search engines read. `<` is written as an escape, so that no text can end the script element.
fn product_data(page: &ItemPage) -> String {
    let card = &page.card;
    let stock = if page.availability == Availability::ForSale { "InStock" } else { "OutOfStock" };
    let availability = format!("https://schema.org/{stock}");
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.title,
        "description": page.description.text,
        "category": page.category_name,
        "image": format!("{}.png", cover_path(&card.slug)),
        "brand": { "@type": "Brand", "name": card.creator },
        "offers": {
            "@type": "Offer",
            "price": card.price.to_two_decimals(),
            "priceCurrency": card.price.currency().code(),
            "availability": availability,
            "seller": { "@type": "Organization", "name": card.seller },
        },
    });
    if let Some(average) = card.rating.average() {
        data["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": average,
            "reviewCount": card.rating.reviews(),
            "bestRating": 5,
            "worstRating": 1,
        });
        data["review"] = page.reviews.iter().map(review_data).collect();
    }
    data.to_string().replace('<', "\\u003c")
}

fn review_data(review: &ReviewView) -> Value {
    json!({
        "@type": "Review",
        "author": { "@type": "Person", "name": review.author },
        "datePublished": review.at.strftime("%Y-%m-%d").to_string(),
        "reviewBody": review.words,
        "reviewRating": { "@type": "Rating", "ratingValue": review.stars, "bestRating": 5, "worstRating": 1 },
    })
}
