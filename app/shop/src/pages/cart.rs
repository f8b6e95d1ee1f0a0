//! The cart, what became of one that was ordered, and the wish list.

use super::cards::{cover_path, item_path};
use super::item::seller_link;
use super::live::Live;
use super::seller::closed_words;
use super::shell;
use crate::model::{
    Availability, BasketPage, CartPage, CartPart, Chrome, OrderStatus, OrderSummary, WishListPage,
};
use crate::status;
use app::components::amount::amount;
use leptos::prelude::*;

pub(super) const CART: &str = "/cart";
pub(super) const WISHES: &str = "/wishlist";

pub fn cart(chrome: &Chrome, page: &CartPage) -> String {
    shell::page(chrome, "Your cart", || {
        view! { <div class="narrow"><h1>"Your cart"</h1> {contents(page)}</div> }.into_any()
    })
}

fn contents(page: &CartPage) -> AnyView {
    if page.parts.is_empty() {
        return view! {
            <div class="empty">
                <p>"Your cart is empty. Put several things in it, also of several sellers, and pay for all of them with one \
                    visit to Amazon Payments."</p>
                <p><a class="button" href="/">"Look around the shop"</a></p>
            </div>
        }
        .into_any();
    }
    let rows: Vec<_> = page.parts.iter().map(|part| row(part, remove(part, CART))).collect();
    view! {
        <ul class="rows" role="list">{rows}</ul>
        {checkout(page)}
    }
    .into_any()
}

fn remove(part: &CartPart, list: &'static str) -> AnyView {
    let title = format!(" {}", part.card.title);
    view! {
        <form method="post" action=list>
            <button class="button-text" type="submit" name="remove" value=part.card.slug.clone()>
                "Remove" <span class="visually-hidden">{title}</span>
            </button>
        </form>
    }
    .into_any()
}

pub fn wish_list(chrome: &Chrome, page: &WishListPage) -> String {
    shell::page(chrome, "Your wish list", || {
        view! { <div class="narrow"><h1>"Your wish list"</h1> {wishes(chrome, page)}</div> }.into_any()
    })
}

fn wishes(chrome: &Chrome, page: &WishListPage) -> AnyView {
    if page.parts.is_empty() {
        return view! {
            <div class="empty">
                <p>"Your wish list is empty. “Add to wish list”, on the page of anything here, keeps it for later."</p>
                <p><a class="button" href="/">"Look around the shop"</a></p>
            </div>
        }
        .into_any();
    }
    let sign_in = chrome.viewer.is_none().then(|| {
        let path = shell::sign_path("/sign-in", WISHES);
        view! { " " <a href=path>"Sign in"</a> " to keep it: without an account it is forgotten after thirty days." }
    });
    let rows: Vec<_> = page.parts.iter().map(|part| row(part, ways_from_wish(part))).collect();
    view! {
        <p class="muted">"Each price is what it costs now." {sign_in}</p>
        <ul class="rows" role="list">{rows}</ul>
    }
    .into_any()
}

fn ways_from_wish(part: &CartPart) -> AnyView {
    let title = format!(" {}", part.card.title);
    let add = part.can_be_bought().then(|| {
        view! {
            <form method="post" action=CART>
                <button class="button button-quiet" type="submit" name="add" value=part.card.slug.clone()>
                    "Add to cart" <span class="visually-hidden">{title}</span>
                </button>
            </form>
        }
    });
    view! { {add} {remove(part, WISHES)} }.into_any()
}

fn row(part: &CartPart, ways: AnyView) -> AnyView {
    let card = &part.card;
    // Its page is there for its seller, and for those who have it.
    let hidden = part.availability == Availability::Draft && !part.own_item && part.owned_order.is_none();
    let title = card.title.clone();
    let title = if hidden {
        title.into_any()
    } else {
        view! { <a href=item_path(&card.slug)>{title}</a> }.into_any()
    };
    let class = if part.can_be_bought() { "row-item row-aside" } else { "row-item row-aside row-over" };
    view! {
        <li class=class>
            <img src=cover_path(&card.slug) alt="" width="80" height="80" loading="lazy" />
            <div class="row-words">
                <h2>{title}</h2>
                <p class="muted">"sold by " {seller_link(&card.seller, &part.seller)}</p>
                {note(part)}
            </div>
            <div class="row-status row-ways">{ways}</div>
            <p class="row-amount">{amount(card.price)}</p>
        </li>
    }
    .into_any()
}

/// Why it cannot be bought, or what should be known before.
fn note(part: &CartPart) -> Option<AnyView> {
    if part.own_item {
        return Some(
            view! { <p>"This is your own listing: you cannot buy it from yourself."</p> }.into_any(),
        );
    }
    if let Some(why) = closed_words(&part.card.seller, &part.availability) {
        return Some(why);
    }
    if let Some(order) = &part.owned_order {
        let order = format!("/orders/{order}");
        return Some(
            view! { <p>"You have bought this already. " <a href=order>"Open your order"</a></p> }.into_any(),
        );
    }
    part.card.physical.then(|| view! { <p class="muted">"Sent by post, which costs extra."</p> }.into_any())
}

fn checkout(page: &CartPage) -> AnyView {
    if page.total.is_zero() {
        return view! { <p>"Nothing of this can be bought at present."</p> }.into_any();
    }
    let postage = page.parts.iter().any(|part| part.can_be_bought() && part.card.physical);
    let extra = if postage {
        "Without sending it: the next page says what that costs."
    } else {
        "Nothing is added: no tax, no postage."
    };
    view! {
        <dl class="sum"><div class="total"><dt>"Together"</dt><dd>{amount(page.total)}</dd></div></dl>
        <p class="muted">{extra}</p>
        <p class="ways">
            <a class="button button-large" href="/cart/checkout">"Check out"</a>
            <a class="button button-quiet" href="/">"Keep shopping"</a>
        </p>
    }
    .into_any()
}

pub fn basket(chrome: &Chrome, page: &BasketPage) -> String {
    let title = if went_well(page) { "Thank You" } else { "Your purchase" };
    shell::page(chrome, title, || {
        let live = Live::of_basket(page).address(&format!("/cart/{}", page.id));
        let rows: Vec<_> = page.orders.iter().map(order_row).collect();
        view! {
            <div class="narrow">
                <div class="live" data-live=live>
                    <h1>{title}</h1>
                    <p class="lead">{summary(page)}</p>
                </div>
                <ul class="rows" role="list">{rows}</ul>
                {given_back(page)}
                <p class="ways">
                    <a class="button" href="/">"Keep shopping"</a>
                    <a class="button button-quiet" href="/library">"Open your library"</a>
                </p>
            </div>
        }
        .into_any()
    })
}

const fn is_taken(status: OrderStatus) -> bool {
    !matches!(status, OrderStatus::AwaitingAuthorization | OrderStatus::Abandoned | OrderStatus::Failed)
}

fn went_well(page: &BasketPage) -> bool {
    page.orders.iter().any(|order| is_taken(order.status))
}

fn summary(page: &BasketPage) -> String {
    let all = page.orders.len();
    let taken = page.orders.iter().filter(|order| is_taken(order.status)).count();
    if !page.with_credit && !page.confirmed {
        return "You have not confirmed this at Amazon Payments. Nothing was charged. What you have not bought since is in your cart still.".to_owned();
    }
    match (taken, all) {
        (1, 1) => "Your order went through. It says itself where it stands.".to_owned(),
        (taken, all) if taken == all => format!("All {all} orders went through. Each says where it stands."),
        (0, _) => "None of the orders could be paid. Each says why; nothing was charged.".to_owned(),
        (taken, all) => format!(
            "{taken} of {all} orders went through. The others say why they did not; those were not charged."
        ),
    }
}

fn order_row(order: &OrderSummary) -> AnyView {
    view! {
        <li class="row-item">
            <img src=cover_path(&order.item_slug) alt="" width="80" height="80" loading="lazy" />
            <div class="row-words">
                <h2><a href=format!("/orders/{}", order.id)>{order.title.clone()}</a></h2>
                <p class="muted">{format!("from {}", order.seller)}</p>
            </div>
            <p class="row-status">{status::badge(order.status)}</p>
            <p class="row-amount">{amount(order.price)}</p>
        </li>
    }
    .into_any()
}

fn given_back(page: &BasketPage) -> Option<AnyView> {
    let words = if page.with_credit {
        "Paid with your credit: nothing was asked at Amazon Payments."
    } else if page.given_back {
        "What you allowed at Amazon Payments for this purchase has been given back: nothing more can be charged with it."
    } else {
        return None;
    };
    Some(view! { <p class="muted">{words}</p> }.into_any())
}
