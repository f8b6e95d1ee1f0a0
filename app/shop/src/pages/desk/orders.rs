//! A merchant's orders: found, opened, fulfilled one or many at a time.

use crate::model::{Chrome, FulfilledOrder, FulfilledPage, OrderStatus, OrderSummary, SoldOrdersPage};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use crate::status;
use app::components::action::Weight;
use app::components::amount::amount;
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const PATH: &str = "/sell/orders";

pub fn sold_orders(chrome: &Chrome, page: &SoldOrdersPage) -> String {
    shell::page(chrome, "Orders", || {
        view! {
            <div class="desk">
                <div><p class="overline">"Your shop"</p><h1>"Orders"</h1></div>
                {sections("Your shop", DESK, PATH)}
                {search(page)}
                {found(page)}
                {pages(page.paging.clone(), PATH, &own_query(page), "")}
            </div>
        }
        .into_any()
    })
}

/// What stands in addresses of this list beside the page.
fn own_query(page: &SoldOrdersPage) -> String {
    let pairs = [("show", &page.show), ("q", &page.query)];
    let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    pairs
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect::<Vec<_>>()
        .join("&")
}

fn search(page: &SoldOrdersPage) -> AnyView {
    let options: Vec<_> = page
        .filters
        .iter()
        .map(|(value, label)| {
            view! { <option value=value.clone() selected=*value == page.show>{label.clone()}</option> }
        })
        .collect();
    view! {
        <form class="order-filter" method="get" action=PATH role="search" aria-label="Your orders">
            <div class="field">
                <label for="show">"Show"</label>
                <select id="show" name="show">{options}</select>
            </div>
            <div class="field">
                <label for="find">"Buyer, title or order"</label>
                <input id="find" name="q" type="search" value=page.query.clone() />
            </div>
            <button class="button button-quiet" type="submit">"Find"</button>
        </form>
    }
    .into_any()
}

fn found(page: &SoldOrdersPage) -> AnyView {
    if page.orders.is_empty() {
        return nothing(page);
    }
    let may_fulfil = page.orders.iter().any(|order| order.actions.fulfil);
    let list = list(&page.orders, may_fulfil);
    if !may_fulfil {
        return list;
    }
    view! {
        <form method="post" action="/sell/orders/fulfil">
            {list}
            <div class="selected">
                <button class=Weight::Primary.class() type="submit" aria-describedby="fulfil-effect">"Fulfil selected"</button>
                <p class="effect" id="fulfil-effect">
                    "Charges the buyer of each order that you ticked, one by one, in full. The next page says which went and which did not. To add a tracking number, or to charge less, open the order."
                </p>
            </div>
        </form>
    }
    .into_any()
}

fn nothing(page: &SoldOrdersPage) -> AnyView {
    if page.query.is_empty() && page.show.is_empty() {
        return view! { <p class="muted">"No orders yet. They are listed here from the first one on."</p> }
            .into_any();
    }
    let words = (!page.query.is_empty()).then(|| {
        format!(
            " Words are looked for among the latest {} of them; the whole number of an order finds any.",
            page.searched
        )
    });
    view! { <p>"No order fits." {words} " " <a href=PATH>"Show all"</a></p> }.into_any()
}

fn list(orders: &[OrderSummary], may_fulfil: bool) -> AnyView {
    const COLUMNS: [Column; 6] = [
        Column::words("Item"),
        Column::words("Buyer"),
        Column::words("Placed"),
        Column::words("Status"),
        Column::numbers("Price"),
        Column::words("Fulfil"),
    ];
    let shown = if may_fulfil { 6 } else { 5 };
    let rows = orders.iter().map(|order| row(order).into_iter().take(shown).collect());
    table("Orders", &COLUMNS[..shown], rows.collect())
}

fn row(order: &OrderSummary) -> Vec<AnyView> {
    let title = view! { <a href=format!("/orders/{}", order.id)>{order.title.clone()}</a> };
    let tick = order.actions.fulfil.then(|| {
        let label = format!("Fulfil {} for {}", order.title, order.buyer);
        view! { <label class="tick"><input type="checkbox" name=format!("order-{}", order.id) aria-label=label /></label> }
    });
    vec![
        title.into_any(),
        order.buyer.clone().into_any(),
        time::date_time(order.placed_at),
        status::badge(order.status),
        amount(order.price),
        tick.into_any(),
    ]
}

/// What became of those that were fulfilled together.
pub fn fulfilled(chrome: &Chrome, page: &FulfilledPage) -> String {
    shell::page(chrome, "Fulfilled", || {
        let count = |went: Went| page.orders.iter().filter(|order| Went::of(order) == went).count();
        let rows: Vec<_> = page.orders.iter().map(outcome).collect();
        let counts = [(Went::Charged, "charged"), (Went::UnderWay, "under way"), (Went::Not, "not charged")];
        let counts = counts.map(|(went, words)| (count(went), words));
        let some = counts.iter().filter(|(count, _)| *count > 0);
        let words: Vec<_> = some.map(|(count, words)| format!("{count} {words}")).collect();
        let words = format!("{}.", words.join(", "));
        view! {
            <div class="desk">
                <div><p class="overline">"Orders"</p><h1>"What became of them"</h1></div>
                {sections("Your shop", DESK, PATH)}
                <p class="lead">{words}</p>
                <ul class="waiting" role="list">{rows}</ul>
                <p><a href="/sell/orders?show=to-fulfil">"Orders to fulfil"</a></p>
            </div>
        }
        .into_any()
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Went {
    Charged,
    UnderWay,
    Not,
}

impl Went {
    fn of(order: &FulfilledOrder) -> Self {
        match order.order.status {
            OrderStatus::Paid => Self::Charged,
            OrderStatus::SettlePending => Self::UnderWay,
            _ => Self::Not,
        }
    }
}

fn outcome(fulfilled: &FulfilledOrder) -> AnyView {
    let order = &fulfilled.order;
    let (price, buyer) = (order.price, &order.buyer);
    let words = match Went::of(fulfilled) {
        Went::Charged => format!("{buyer} was charged {price}. Send it now, if it is a thing to send."),
        Went::UnderWay => {
            format!("{price} is being charged to {buyer}. Do not send anything before it is paid.")
        }
        Went::Not => {
            let why = fulfilled.failure.as_deref().unwrap_or("It was not open to be fulfilled any more.");
            format!("Do not send it: {price} was not charged. {why}")
        }
    };
    view! {
        <li>
            <p class="waiting-title"><a href=format!("/orders/{}", order.id)>{order.title.clone()}</a> " " {status::badge(order.status)}</p>
            <p class="muted">{words}</p>
        </li>
    }
    .into_any()
}
