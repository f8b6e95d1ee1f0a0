//! The buyer's orders, newest first.

use super::cards::cover_path;
use super::shell;
use crate::model::{Chrome, OrderSummary};
use crate::status;
use app::components::amount::amount;
use app::components::paging::{Paging, pages};
use app::components::time;
use leptos::prelude::*;

pub fn orders(chrome: &Chrome, orders: &[OrderSummary], paging: &Paging) -> String {
    shell::page(chrome, "Your orders", || {
        view! { <div class="narrow"><h1>"Your orders"</h1> {list(orders)} {pages(paging.clone(), "/orders", "", "")}</div> }.into_any()
    })
}

fn list(orders: &[OrderSummary]) -> AnyView {
    if orders.is_empty() {
        return view! {
            <div class="empty">
                <p>"You have not bought anything yet. What you buy is listed here, with what happened to your money."</p>
                <p><a class="button" href="/">"Look around the shop"</a></p>
            </div>
        }
        .into_any();
    }
    let rows: Vec<_> = orders.iter().map(row).collect();
    view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
}

fn unread(order: &OrderSummary) -> Option<AnyView> {
    let words = match order.unread_messages {
        0 => return None,
        1 => "1 unread message".to_owned(),
        several => format!("{several} unread messages"),
    };
    let href = format!("/orders/{}#messages", order.id);
    Some(view! { <p class="not-read"><a href=href>{words}</a></p> }.into_any())
}

fn row(order: &OrderSummary) -> AnyView {
    view! {
        <li class="row-item">
            <img src=cover_path(&order.item_slug) alt="" width="80" height="80" loading="lazy" />
            <div class="row-words">
                <h2><a href=format!("/orders/{}", order.id)>{order.title.clone()}</a></h2>
                <p class="muted">{format!("from {}, ", order.seller)} {time::date_time(order.placed_at)}</p>
                {unread(order)}
            </div>
            <p class="row-status">{status::badge(order.status)}</p>
            <p class="row-amount">{amount(order.price)}</p>
        </li>
    }
    .into_any()
}
