//! `/sell/customers`: who bought, how often and for how much; and what one of them bought.

use super::order_path;
use crate::model::{Chrome, Customer, CustomerPage, CustomersPage, OrderSummary};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use crate::status;
use app::components::amount::amount;
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/sell/customers";

pub fn customers(chrome: &Chrome, page: &CustomersPage) -> String {
    const COLUMNS: [Column; 5] = [
        Column::words("Customer"),
        Column::words("Last order"),
        Column::numbers("Bought"),
        Column::numbers("Paid"),
        Column::numbers("Sent back"),
    ];
    shell::page(chrome, "Customers", || {
        let content = if page.customers.is_empty() {
            view! { <p class="muted">"Nobody yet. Whoever has paid for something of yours is listed here."</p> }.into_any()
        } else {
            table("Customers", &COLUMNS, page.customers.iter().map(row).collect())
        };
        view! {
            <div class="desk">
                <h1>"Customers"</h1>
                {sections("Your shop", DESK, PATH)}
                <p class="muted">"Who paid for what you sell, the latest first. You see what your own orders tell, and nothing else of them."</p>
                {content}
                {pages(page.paging.clone(), PATH, "", "")}
            </div>
        }
        .into_any()
    })
}

fn path(customer: &Customer) -> String {
    format!("{PATH}/{}", customer.id)
}

fn row(customer: &Customer) -> Vec<AnyView> {
    vec![
        view! { <a href=path(customer)>{customer.name.clone()}</a> }.into_any(),
        time::date_time(customer.last_at),
        customer.bought.to_string().into_any(),
        amount(customer.gross),
        amount(customer.refunded),
    ]
}

pub fn customer(chrome: &Chrome, page: &CustomerPage) -> String {
    const COLUMNS: [Column; 4] =
        [Column::words("Item"), Column::words("Ordered"), Column::words("Status"), Column::numbers("Price")];
    let customer = &page.customer;
    shell::page(chrome, customer.name.clone(), || {
        let figure =
            |term: &'static str, words: AnyView| view! { <div><dt>{term}</dt><dd>{words}</dd></div> };
        view! {
            <div class="desk">
                <div><p class="overline">"Customer"</p><h1>{customer.name.clone()}</h1></div>
                {sections("Your shop", DESK, PATH)}
                <dl class="figures">
                    {figure("Bought", customer.bought.to_string().into_any())}
                    {figure("Paid", amount(customer.gross))}
                    {figure("Sent back", amount(customer.refunded))}
                </dl>
                <section aria-labelledby="orders">
                    <h2 id="orders">"What they ordered"</h2>
                    {table("What they ordered", &COLUMNS, page.orders.iter().map(order).collect())}
                    {pages(page.paging.clone(), &path(customer), "", "orders")}
                </section>
            </div>
        }
        .into_any()
    })
}

fn order(order: &OrderSummary) -> Vec<AnyView> {
    vec![
        view! { <a href=order_path(&order.id)>{order.title.clone()}</a> }.into_any(),
        time::date_time(order.placed_at),
        status::badge(order.status),
        amount(order.price),
    ]
}
