//! The form for a new listing.

use super::super::shell;
use crate::model::{Chrome, NewItemPage};
use app::components::field::{
    RadioOption, TextField, error_summary, file_field, radio_group, select_field, text_area, text_field,
};
use app::form::FormState;
use leptos::prelude::*;

pub fn new_item(chrome: &Chrome, page: &NewItemPage) -> String {
    shell::page(chrome, shell::form_title("Add an item", &page.form), || {
        view! {
            <div class="narrow">
                <p class="overline"><a href="/sell">"Your shop"</a></p>
                <h1>"Add an item"</h1>
                {error_summary(&page.form)}
                <form method="post" action="/sell/items/new" enctype="multipart/form-data" novalidate>
                    {words(page)}
                    {price(page)}
                    {delivery(&page.form)}
                    {files(page)}
                    <button class="button button-large" type="submit" aria-describedby="next">"List this item"</button>
                    <p class="effect" id="next">"It is for sale at once, and buyers find it under New."</p>
                </form>
            </div>
        }
        .into_any()
    })
}

fn words(page: &NewItemPage) -> AnyView {
    let form = &page.form;
    let categories: Vec<_> =
        page.categories.iter().map(|category| (category.slug.clone(), category.name.clone())).collect();
    let creator = TextField {
        hint: Some("Who made it: the artist, author, designer."),
        ..TextField::new("creator", "Creator")
    };
    let about = "What it is, what it is made of, how long it takes. A blank line starts a new paragraph.";
    view! {
        <fieldset class="group">
            <legend><h2>"What it is"</h2></legend>
            {text_field(form, TextField::new("title", "Title"))}
            {text_field(form, creator)}
            {select_field(form, "category", "Category", &categories)}
            {text_area(form, "description", "Description", 6, Some(about))}
        </fieldset>
    }
    .into_any()
}

fn price(page: &NewItemPage) -> AnyView {
    let price = TextField {
        hint: Some("Dollars and cents, such as 4.50. This is all the buyer pays."),
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new("price", "Price in US dollars")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"What it costs"</h2></legend>
            {text_field(&page.form, price)}
            <p class="muted">
                {format!("Of each sale the marketplace keeps {}. Amazon Payments takes its fee as well. ", page.fee_words)}
                "Your listings show what is left for you."
            </p>
        </fieldset>
    }
    .into_any()
}

fn delivery(form: &FormState) -> AnyView {
    let kinds = [
        RadioOption::new("digital", "Digital", "A file that buyers download."),
        RadioOption::new("physical", "Physical", "Something you send by post. Buyers tell you where to."),
    ];
    let deliveries = [
        RadioOption::new("instant", "At once", "The buyer is charged and downloads the file, without you."),
        RadioOption::new(
            "manual",
            "By hand",
            "The buyer's money is held until you press Fulfil. Physical goods always go this way.",
        ),
    ];
    let licence = TextField {
        hint: Some("What the buyer may do with it, in a few words: personal use, up to five computers."),
        optional: true,
        ..TextField::new("licence", "Licence")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"How it is delivered"</h2></legend>
            {radio_group(form, "kind", "Kind of goods", Some("digital"), &kinds)}
            {radio_group(form, "delivery", "When", Some("instant"), &deliveries)}
            {text_field(form, licence)}
        </fieldset>
    }
    .into_any()
}

fn files(page: &NewItemPage) -> AnyView {
    let form = &page.form;
    view! {
        <fieldset class="group">
            <legend><h2>"Files"</h2></legend>
            {file_field(form, "file", "File for sale", None, "What the buyer downloads. Physical goods need none.")}
            {file_field(
                form,
                "cover",
                "Cover (optional)",
                Some("image/png,image/jpeg,image/webp"),
                "A square picture. Without one we draw a cover from the title.",
            )}
            <p class="muted">{page.room_words.clone()}</p>
        </fieldset>
    }
    .into_any()
}
