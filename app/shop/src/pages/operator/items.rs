//! `/operator/items`: everything that is listed, and one item.

use super::audit::entries;
use super::filter::{choice, filter, input};
use super::frame;
use super::hold::{Words, hold};
use crate::model::{Chrome, ItemOversight, ItemsPage};
use crate::pages::cards::item_path;
use crate::pages::facts::fact;
use app::components::amount::amount;
use app::components::field::error_summary;
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/items";

pub fn items(chrome: &Chrome, page: &ItemsPage) -> String {
    frame(chrome, "Items", PATH, || {
        let form = &page.form;
        let fields = vec![
            input(form, "q", "Find", "search", Some("Words, as in the shop.")),
            choice(form, "show", "Show", None, &page.shows),
        ];
        let more = page.more.then(|| view! { <p class="muted">"There are more: use more words."</p> });
        view! {
            {filter(PATH, form, !page.query.is_empty(), fields)}
            {list(page)}
            {more}
            {pages(page.paging.clone(), PATH, &page.query, "")}
        }
        .into_any()
    })
}

fn list(page: &ItemsPage) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("Item"),
        Column::words("Seller"),
        Column::words("Standing"),
        Column::words("Listed"),
        Column::numbers("Price"),
    ];
    if page.items.is_empty() {
        return view! { <p class="muted">"Nothing like that. Use other words, or show all."</p> }.into_any();
    }
    let rows = page.items.iter().map(|row| {
        vec![
            view! { <a href=format!("{PATH}/{}", row.card.slug)>{row.card.title.clone()}</a> }.into_any(),
            row.card.seller.clone().into_any(),
            standing(row.held),
            time::date(row.listed_at),
            amount(row.card.price),
        ]
    });
    table("Items", &COLUMNS, rows.collect())
}

fn standing(held: bool) -> AnyView {
    if held { view! { <span class="badge badge-bad">"Held"</span> }.into_any() } else { "Good".into_any() }
}

pub fn item_oversight(chrome: &Chrome, page: &ItemOversight) -> String {
    let card = &page.row.card;
    frame(chrome, card.title.clone(), PATH, || {
        let seller = page.seller_held.then_some(" (the shop is held: nothing of it can be bought)");
        let words = Words {
            id: "hold",
            field: "reason",
            heading: "Sale",
            held: "Held",
            hold: (
                format!("{PATH}/{}/hold", card.slug),
                "Hold this item",
                "It cannot be bought, and its page says so. Orders that are placed go on, and downloads that were \
                 bought stay."
                    .to_owned(),
            ),
            release: (
                format!("{PATH}/{}/release", card.slug),
                "Release it",
                "It can be bought again at once.".to_owned(),
            ),
            read_by: "The seller reads it on the item's page, and it is kept in the audit log.",
        };
        let history = (!page.history.is_empty()).then(|| {
            view! {
                <section aria-labelledby="history">
                    <h2 id="history">"What was done"</h2>
                    {entries("What was done to this item", &page.history)}
                </section>
            }
        });
        view! {
            {error_summary(&page.form)}
            <p>
                <a href=item_path(&card.slug)>"Its page in the shop"</a>
                {format!(", by {}, sold by ", card.creator)}
                <a href=page.seller_path.clone()>{card.seller.clone()}</a> {seller}
            </p>
            <dl class="facts">
                <div><dt>"Price"</dt><dd>{amount(card.price)}</dd></div>
                {fact("Listed", time::date_time_words(page.row.listed_at))}
                {fact("Category", card.category.clone())}
            </dl>
            {hold(&page.form, page.held.as_ref(), words)}
            {history}
        }
        .into_any()
    })
}
