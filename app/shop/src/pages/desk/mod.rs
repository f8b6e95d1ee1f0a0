//! The merchant's desk: first what needs doing, then sales, then listings.

mod customers;
mod editor;
mod listings;
mod messages;
mod not_ready;
mod notices;
mod orders;
mod profile;
mod reviews;
mod split;
mod to_do;

pub use customers::{customer, customers};
pub use editor::item_editor;
pub use listings::listings;
pub use messages::messages;
pub use not_ready::not_ready;
pub use notices::notices;
pub use orders::{fulfilled, sold_orders};
pub use profile::profile;
pub use reviews::{answer_review, seller_reviews};

use super::refund_request;
use super::sections::{DESK, sections};
use crate::model::{HoldView, MerchantDesk, OrderSummary, WaitingOrders};
use crate::status;
use app::components::action::{Weight, post_button};
use app::components::amount::amount;
use app::components::paging::pages_of_waiting;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

pub(super) fn desk(desk: &MerchantDesk, fee_words: &str) -> AnyView {
    if !desk.registered && !desk.cancelled {
        return view! {
            <div class="narrow">
                {head(desk)}
                {register(fee_words)}
            </div>
        }
        .into_any();
    }
    view! {
        <div class="desk">
            {head(desk)}
            {sections("Your shop", DESK, "/sell")}
            {desk.held.as_ref().map(held)}
            {to_do::to_do(desk)}
            {(!desk.registered).then(|| register_again(desk))}
            {refund_request::waiting(&desk.refund_requests)}
            {to_fulfil(&desk.to_fulfil)}
            {notices::newest(desk)}
            {sales(desk)}
            {newest_listings(desk)}
        </div>
    }
    .into_any()
}

fn head(desk: &MerchantDesk) -> AnyView {
    let new_item =
        desk.registered.then(|| view! { <a class="button" href="/sell/items/new">"Add an item"</a> });
    view! {
        <div class="heading">
            <div><p class="overline">"Your shop"</p><h1>{desk.name.clone()}</h1></div>
            {new_item}
        </div>
    }
    .into_any()
}

fn register(fee_words: &str) -> AnyView {
    let effect =
        "Takes you to Amazon Payments, where you sign in or create an account and agree. Then you come \
                  back here and can list your first item. No money moves."
            .to_owned();
    view! {
        <section class="panel" aria-labelledby="register">
            <h2 id="register">"One step before you can sell"</h2>
            <p>
                "Buyers pay through Amazon Payments, so it must know whom to pay. You allow DigitalDownload to "
                {format!("collect payments for you and to keep {fee_words} of each sale. ")}
                "We never see your bank account."
            </p>
            {post_button("/sell/register".to_owned(), "Register with Amazon Payments", Weight::Primary, "register-effect".to_owned(), effect)}
        </section>
    }
    .into_any()
}

/// The operator holds the shop.
fn held(hold: &HoldView) -> AnyView {
    view! {
        <section class="panel" aria-labelledby="held">
            <h2 id="held">"Your shop is held"</h2>
            <p>
                "Nothing of it can be bought since " {time::date_time(hold.at)}
                ", and each item says so. Orders that were placed go on: fulfil and refund them as before. DigitalDownload gives this reason:"
            </p>
            <blockquote class="quoted">{hold.reason.clone()}</blockquote>
        </section>
    }
    .into_any()
}

/// Somebody who has sold here, and took the registration back at Amazon Payments.
fn register_again(desk: &MerchantDesk) -> AnyView {
    let items = match desk.listings.len() {
        0 => "You can list nothing until you register again.".to_owned(),
        1 if !desk.more_listings => "Your item cannot be bought until you register again.".to_owned(),
        several if !desk.more_listings => {
            format!("None of your {several} items can be bought until you register again.")
        }
        _ => "None of your items can be bought until you register again.".to_owned(),
    };
    let effect = "Takes you to Amazon Payments, and back here. No money moves.".to_owned();
    view! {
        <section class="panel" aria-labelledby="register">
            <h2 id="register">"You cannot be paid at present"</h2>
            <p>
                "The authorization by which DigitalDownload collects payments for you was cancelled at Amazon "
                {format!("Payments. {items} Orders that are paid or held already go on as before.")}
            </p>
            {post_button("/sell/register".to_owned(), "Register again", Weight::Primary, "register-effect".to_owned(), effect)}
        </section>
    }
    .into_any()
}

fn order_path(id: &str) -> String {
    format!("/orders/{id}")
}

fn to_fulfil(waiting: &WaitingOrders) -> AnyView {
    let content = if waiting.orders.is_empty() {
        view! { <p class="muted">"Nothing waits for you. A new order shows up here as soon as its money is reserved."</p> }
            .into_any()
    } else {
        let rows: Vec<_> = waiting.orders.iter().map(row).collect();
        view! {
            <p>"Their money is held for you. Open an order to see what to deliver; once it is fulfilled, the buyer is charged and you are paid."</p>
            <ul class="waiting" role="list">{rows}</ul>
            {pages_of_waiting(waiting.paging.clone(), "/sell", "", "to-fulfil")}
            <p><a href="/sell/orders?show=to-fulfil">"Find them, and fulfil several at once"</a></p>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="to-fulfil">
            <h2 id="to-fulfil">"Orders to fulfil " <span class="count">{waiting.total.to_string()}</span></h2>
            {content}
        </section>
    }
    .into_any()
}

fn row(order: &OrderSummary) -> AnyView {
    view! {
        <li>
            <p class="waiting-title"><a href=order_path(&order.id)>{order.title.clone()}</a></p>
            <p class="muted">{format!("{} ordered it for {} on ", order.buyer, order.price)} {time::date_time(order.placed_at)}</p>
        </li>
    }
    .into_any()
}

fn sales(desk: &MerchantDesk) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("Item"),
        Column::words("Buyer"),
        Column::words("Placed"),
        Column::words("Status"),
        Column::numbers("Price"),
    ];
    let content = if desk.sales.is_empty() {
        view! { <p class="muted">"No sales yet. They are listed here from the first one on."</p> }.into_any()
    } else {
        let rows = desk.sales.iter().map(|order| {
            let title = view! { <a href=order_path(&order.id)>{order.title.clone()}</a> }.into_any();
            let buyer = order.buyer.clone().into_any();
            vec![
                title,
                buyer,
                time::date_time(order.placed_at),
                status::badge(order.status),
                amount(order.price),
            ]
        });
        table("Sales", &COLUMNS, rows.collect())
    };
    view! {
        <section aria-labelledby="sales">
            <div class="heading">
                <h2 id="sales">"Sales"</h2>
                <p>"Paid to you so far: " <strong>{amount(desk.earned)}</strong></p>
            </div>
            {content}
            <p class="more"><a href="/sell/orders">"All orders"</a></p>
        </section>
    }
    .into_any()
}

/// The newest, and the way to all.
fn newest_listings(desk: &MerchantDesk) -> AnyView {
    let content = if desk.listings.is_empty() {
        view! {
            <div class="empty">
                <p>"Your shelf is empty. An item needs a title, a price and, unless you ship it, a file."</p>
                <p><a class="button" href="/sell/items/new">"Add your first item"</a></p>
            </div>
        }
        .into_any()
    } else {
        let more = desk.more_listings.then_some("There are more: ");
        view! {
            {listings::table_of(&desk.listings)}
            <p>{more} <a href="/sell/items">"See all your listings"</a></p>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="listings">
            <h2 id="listings">"Listings"</h2>
            <p class="muted">"How each price divides if the buyer pays with a card; other ways cost less."</p>
            {content}
        </section>
    }
    .into_any()
}
