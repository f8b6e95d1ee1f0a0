//! `/operator/orders`: everybody's orders, filtered.

use super::filter::{choice, filter, input};
use super::frame;
use crate::model::{Chrome, OrderSummary, OrdersPage};
use crate::status;
use app::components::amount::amount;
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/orders";

pub fn all_orders(chrome: &Chrome, page: &OrdersPage) -> String {
    frame(chrome, "Orders", PATH, || {
        let form = &page.form;
        let fields = vec![
            choice(form, "status", "Status", Some("Any"), &page.states),
            input(form, "seller", "Seller", "search", Some("How the name begins.")),
            input(form, "buyer", "Buyer", "search", Some("How the name begins.")),
            input(form, "q", "Item or number", "search", Some("Words of its title, or an id.")),
        ];
        let content = if page.orders.is_empty() {
            let words = if page.query.is_empty() { "No orders yet." } else { "No order like that." };
            view! { <p class="muted">{words}</p> }.into_any()
        } else {
            orders_table("Orders", &page.orders)
        };
        view! {
            {filter(PATH, form, !page.query.is_empty(), fields)}
            {content}
            {pages(page.paging.clone(), PATH, &page.query, "")}
        }
        .into_any()
    })
}

pub(super) fn orders_table(caption: &'static str, orders: &[OrderSummary]) -> AnyView {
    const COLUMNS: [Column; 6] = [
        Column::words("Item"),
        Column::words("Buyer"),
        Column::words("Seller"),
        Column::words("Placed"),
        Column::words("Status"),
        Column::numbers("Price"),
    ];
    let rows = orders.iter().map(|order| {
        vec![
            view! { <a href=format!("/orders/{}", order.id)>{order.title.clone()}</a> }.into_any(),
            order.buyer.clone().into_any(),
            order.seller.clone().into_any(),
            time::date_time(order.placed_at),
            status::badge(order.status),
            amount(order.price),
        ]
    });
    table(caption, &COLUMNS, rows.collect())
}
