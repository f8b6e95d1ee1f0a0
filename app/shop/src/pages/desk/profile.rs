//! How a seller stands before buyers: name, picture, words, the rule for refunds, rates, vacation.

use crate::model::{Chrome, ProfilePage, RATE_FIELDS, RateFields};
use crate::pages::sections::{DESK, sections};
use crate::pages::seller::mark;
use crate::pages::shell;
use app::components::field::{
    RadioOption, TextField, error_summary, file_field, optional_text_area, radio_group, text_field,
};
use app::form::FormState;
use leptos::prelude::*;

pub fn profile(chrome: &Chrome, page: &ProfilePage) -> String {
    let refused = if page.form.is_valid() { &page.picture_form } else { &page.form };
    shell::page(chrome, shell::form_title("Profile", refused), || {
        let form = &page.form;
        view! {
            <div class="desk">
                {head(page)}
                {sections("Your shop", DESK, "/sell/profile")}
                <div class="profile-form">
                    {error_summary(refused)}
                    {picture(page)}
                    <form method="post" action="/sell/profile" novalidate>
                        {words(form)}
                        {refunds(form)}
                        {rates(page)}
                        {vacation(form)}
                        <button class="button" type="submit">"Save"</button>
                        <p class="effect">"Buyers see it at once. Orders that are placed already keep what was agreed."</p>
                    </form>
                </div>
            </div>
        }
        .into_any()
    })
}

fn head(page: &ProfilePage) -> AnyView {
    let public =
        page.path.clone().map(|path| view! { <a class="button button-quiet" href=path>"See your page"</a> });
    view! {
        <div class="heading">
            <div><p class="overline">"Your shop"</p><h1>"Profile"</h1></div>
            {public}
        </div>
    }
    .into_any()
}

fn picture(page: &ProfilePage) -> AnyView {
    let remove = page.picture.is_some().then(|| {
        view! { <button class="button button-quiet" type="submit" name="remove" value="picture">"Remove the picture"</button> }
    });
    view! {
        <form class="group" method="post" action="/sell/profile/picture" enctype="multipart/form-data" novalidate>
            <h2>"Picture"</h2>
            <div class="profile-picture">
                {mark(&page.name, page.picture.as_deref())}
                {file_field(
                    &page.picture_form,
                    "picture",
                    "Your picture",
                    Some("image/png,image/jpeg,image/webp"),
                    "A square PNG, JPEG or WebP of at most 2 MB. Without one your page shows the first letter of your name.",
                    false,
                )}
            </div>
            <div class="ways">
                <button class="button button-quiet" type="submit">"Use this picture"</button>
                {remove}
            </div>
        </form>
    }
    .into_any()
}

fn words(form: &FormState) -> AnyView {
    let name = TextField {
        hint: Some(
            "Buyers see it beside everything you sell. Your page moves with it, and its old address leads there.",
        ),
        autocomplete: Some("organization"),
        ..TextField::new("name", "Shop name")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"Who you are"</h2></legend>
            {text_field(form, name)}
            {optional_text_area(form, "about", "About", 6, Some("A few words for your page. A blank line starts a new paragraph."))}
            {optional_text_area(form, "links", "Links", 3, Some("Up to five addresses that begin with https://, each on a line of its own."))}
        </fieldset>
    }
    .into_any()
}

fn refunds(form: &FormState) -> AnyView {
    let rules = [
        RadioOption::new(
            "at-once",
            "At once",
            "For the days below the buyer's own button sends all of the price back, without you. Later you are asked.",
        ),
        RadioOption::new("on-request", "On request", "You are always asked, and decide."),
    ];
    let days = TextField {
        hint: Some("From 1 to 365, counted from the sale."),
        input_mode: Some("numeric"),
        width: Some("short"),
        ..TextField::new("refund_days", "Days")
    };
    let downloads = [
        RadioOption::new(
            "always",
            "Whether it was downloaded or not",
            "The buyer keeps a copy of what was downloaded.",
        ),
        RadioOption::new("unless", "Only if it was not downloaded", "Once it was downloaded, you are asked."),
    ];
    view! {
        <fieldset class="group">
            <legend><h2>"Refunds"</h2></legend>
            <p class="muted">"Buyers read this rule before they buy. An order keeps the rule that it was made under."</p>
            {radio_group(form, "refund", "How buyers get their money back", Some("at-once"), &rules)}
            {text_field(form, days)}
            {radio_group(form, "refund_downloads", "Downloads go back at once", Some("always"), &downloads)}
        </fieldset>
    }
    .into_any()
}

fn rates(page: &ProfilePage) -> AnyView {
    let unset = page.rates_unset.then(|| {
        view! { <p class="panel">"You have set no rates yet: until you do, sending costs your buyers nothing, wherever they are."</p> }
    });
    let regions: Vec<_> = RATE_FIELDS.iter().map(|fields| region(&page.form, *fields)).collect();
    view! {
        <fieldset class="group">
            <legend><h2>"Shipping"</h2></legend>
            {unset}
            <p class="muted">
                "What you ask for sending one thing by post, in US dollars: 4.50, or 0 for nothing. It is added to the price and "
                "paid to you with it; the fees are taken of both. Leave a field empty where you do not send."
            </p>
            {regions}
        </fieldset>
    }
    .into_any()
}

fn region(form: &FormState, fields: RateFields) -> AnyView {
    let rate = |name, label| {
        let field = TextField {
            input_mode: Some("decimal"),
            width: Some("short"),
            optional: true,
            ..TextField::new(name, label)
        };
        text_field(form, field)
    };
    view! {
        <fieldset class="rates">
            <legend>{fields.label}</legend>
            <div class="row">{rate(fields.standard, "Standard")} {rate(fields.express, "Express")}</div>
        </fieldset>
    }
    .into_any()
}

fn vacation(form: &FormState) -> AnyView {
    let open = [
        RadioOption::new("open", "Open", "Your items can be bought."),
        RadioOption::new(
            "away",
            "Away",
            "Nothing of yours can be bought until you come back. Open orders go on.",
        ),
    ];
    let words = TextField {
        hint: Some(
            "What buyers read while you are away: until when, and why. \u{201c}Back on 3 March.\u{201d}",
        ),
        optional: true,
        ..TextField::new("vacation_words", "For your buyers")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"Vacation"</h2></legend>
            {radio_group(form, "vacation", "Your shop is", Some("open"), &open)}
            {text_field(form, words)}
        </fieldset>
    }
    .into_any()
}
