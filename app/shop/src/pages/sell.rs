//! `/sell`: how to become a merchant, or the merchant's desk.

use super::desk;
use super::shell;
use crate::model::{Chrome, SellPage};
use app::components::field::{TextField, error_summary, text_field};
use leptos::prelude::*;

pub fn sell(chrome: &Chrome, page: &SellPage) -> String {
    match &page.merchant {
        Some(merchant) => {
            shell::page(chrome, format!("Sell: {}", merchant.name), || desk::desk(merchant, &page.fee_words))
        }
        None => shell::page(chrome, shell::form_title("Start selling", &page.form), || start(page)),
    }
}

fn start(page: &SellPage) -> AnyView {
    let name = TextField {
        hint: Some("Buyers see it beside everything you sell. Your own name, a label, a press."),
        autocomplete: Some("organization"),
        ..TextField::new("name", "Shop name")
    };
    view! {
        <div class="narrow">
            <h1>"Start selling"</h1>
            <p class="lead">"Anything you made and can put into a file or a parcel: songs, books, type, games, records."</p>
            <ol class="steps-ahead">
                <li>"Choose the name you sell under."</li>
                <li>"Register with Amazon Payments, so that buyers' money reaches you. You come back here."</li>
                <li>"List your first item."</li>
            </ol>
            <p class="panel">
                {format!("Listing is free. Of each sale the marketplace keeps {}, and Amazon Payments takes its own fee. ", page.fee_words)}
                "Your listings show what is left for you."
            </p>
            {error_summary(&page.form)}
            <form method="post" action="/sell" novalidate>
                {text_field(&page.form, name)}
                <button class="button" type="submit">"Start selling"</button>
            </form>
        </div>
    }
    .into_any()
}
