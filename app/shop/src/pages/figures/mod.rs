//! `/sell/figures`: what was sold in a time, by day, week or month; what sold best; what went back.

mod amazon;
mod charts;
mod period;

pub use amazon::amazon_figures;

use super::sections::{DESK, OPERATOR, sections};
use super::shell;
use crate::model::{Chrome, CouponSums, FiguresPage, MarketFiguresPage, RefundedSale, SalesFigures};
use app::components::amount::amount;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/sell/figures";

pub fn figures(chrome: &Chrome, page: &FiguresPage) -> String {
    shell::page(chrome, shell::form_title("Figures", &page.form), || {
        view! {
            <div class="desk">
                <h1>"Figures"</h1>
                {sections("Your shop", DESK, PATH)}
                {period::form(&page.form, PATH, true)}
                {page.figures.as_ref().map(|figures| shown(figures, &page.refunds, page.coupons))}
            </div>
        }
        .into_any()
    })
}

/// `/operator/figures`: the same of all sellers together.
pub fn market_figures(chrome: &Chrome, page: &MarketFiguresPage) -> String {
    const PATH: &str = "/operator/figures";
    let shown = |figures: &SalesFigures| {
        view! {
            <section aria-labelledby="sum">
                <h2 id="sum">{period::words(figures.from, figures.to)}</h2>
                {charts::sums(&figures.total, "Left for sellers")}
                {taken_off(page.coupons)}
            </section>
            {charts::over_time(figures, "Sales of the market", "Left for sellers", PATH)}
            {charts::top_items(figures)}
        }
    };
    shell::page(chrome, shell::form_title("Figures of the market", &page.form), || {
        view! {
            <div class="desk">
                <h1>"Figures of the market"</h1>
                {sections("Operator", OPERATOR, PATH)}
                {period::form(&page.form, PATH, true)}
                {page.figures.as_ref().map(shown)}
            </div>
        }
        .into_any()
    })
}

fn shown(figures: &SalesFigures, refunds: &[RefundedSale], coupons: CouponSums) -> AnyView {
    let query = period::query(figures.from, figures.to);
    view! {
        <section aria-labelledby="sum">
            <h2 id="sum">{period::words(figures.from, figures.to)}</h2>
            {charts::sums(&figures.total, "Left for you")}
            {taken_off(coupons)}
        </section>
        {charts::over_time(figures, "Sales", "Left for you", PATH)}
        {charts::top_items(figures)}
        {went_back(refunds)}
        <section aria-labelledby="elsewhere">
            <h2 id="elsewhere">"Elsewhere"</h2>
            <ul class="plain-links">
                <li>
                    <a href=format!("{}?{query}", amazon::PATH)>"What Amazon Payments says of these sales"</a>
                </li>
                <li><a href=format!("/sell/sales.csv?{query}")>"These sales as a file for spreadsheets (CSV)"</a></li>
                <li><a href="/sell/sales.csv">"All sales as a file for spreadsheets (CSV)"</a></li>
            </ul>
        </section>
    }
    .into_any()
}

/// The sums are of what was paid, which is without it.
fn taken_off(coupons: CouponSums) -> Option<AnyView> {
    let CouponSums { orders, by_sellers, by_market } = coupons;
    if orders == 0 {
        return None;
    }
    let sales = if orders == 1 { "1 sale".to_owned() } else { format!("{orders} sales") };
    let words = match (by_sellers.is_zero(), by_market.is_zero()) {
        (_, true) => format!("Coupons took {by_sellers} off the prices of {sales}, borne by the seller."),
        (true, false) => {
            format!("Coupons took {by_market} off the prices of {sales}, borne by the marketplace.")
        }
        (false, false) => format!(
            "Coupons took {by_sellers} off the prices of {sales}, borne by the seller, and {by_market}, borne by the \
             marketplace."
        ),
    };
    Some(view! { <p class="muted">{format!("{words} The sums above are of what was paid.")}</p> }.into_any())
}

fn went_back(refunds: &[RefundedSale]) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("Item"),
        Column::words("Buyer"),
        Column::words("Ordered"),
        Column::numbers("Price"),
        Column::numbers("Sent back"),
    ];
    let content = if refunds.is_empty() {
        view! { <p class="muted">"Of these sales no money was sent back."</p> }.into_any()
    } else {
        table("Sales of which money was sent back", &COLUMNS, refunds.iter().map(refunded).collect())
    };
    view! { <section aria-labelledby="refunds"><h2 id="refunds">"Refunds"</h2> {content}</section> }
        .into_any()
}

fn refunded(sale: &RefundedSale) -> Vec<AnyView> {
    vec![
        view! { <a href=format!("/orders/{}", sale.order_id)>{sale.title.clone()}</a> }.into_any(),
        sale.buyer.clone().into_any(),
        time::date_time(sale.placed_at),
        amount(sale.price),
        amount(sale.refunded),
    ]
}
