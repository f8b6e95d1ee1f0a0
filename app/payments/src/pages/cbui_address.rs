use super::authorization::{address, signed_in_as, step_page};
use super::cbui_terms::address_lines;
use crate::model::{CbuiAddress, Chrome, SavedAddress, Step};
use app::components::field::{TextField, error_summary, field_id, text_field};
use app::form::FormState;
use leptos::prelude::*;

const FIELD: &str = "address";
/// The value that means the fields below.
const NEW: &str = "new";

/// Where to ship to: from the address book, or a new one.
pub fn cbui_address(chrome: &Chrome, data: &CbuiAddress) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let caller = &data.authorization.caller;
        let content = view! {
            {error_summary(&data.form)}
            {signed_in_as(&chrome, &data.authorization)}
            <p class="lead">{format!("{caller} wants to know where to ship to, and is told the address.")}</p>
            {from_the_book(&data)}
            {new_address(&data)}
        };
        step_page(&chrome, &data.authorization, Step::Address, "Shipping address", content.into_any(), None)
    })
}

/// Nothing without an address to choose.
fn from_the_book(data: &CbuiAddress) -> Option<AnyView> {
    let first = data.addresses.first()?;
    let chosen = match data.form.value(FIELD) {
        "" => first.id.as_str(),
        chosen => chosen,
    };
    let error = data.form.error(FIELD).map(str::to_owned);
    let described_by = error.is_some().then_some("address-error");
    let error = error.map(|error| view! { <p class="field-error" id="address-error">{error}</p> });
    let rows: Vec<_> = data
        .addresses
        .iter()
        .enumerate()
        .map(|(index, saved)| {
            let id = if index == 0 { field_id(FIELD) } else { format!("{}-{index}", field_id(FIELD)) };
            row(id, saved, chosen == saved.id)
        })
        .collect();
    let view = view! {
        <form method="post" action=address(&data.authorization, "address") novalidate>
            <fieldset class="instruments" aria-describedby=described_by>
                <legend>"Ship to"</legend>
                {error}
                {rows}
            </fieldset>
            <button class="button" type="submit">"Continue"</button>
        </form>
    };
    Some(view.into_any())
}

fn row(id: String, saved: &SavedAddress, checked: bool) -> AnyView {
    let (name, rest) = saved.lines.split_first().map_or(("", &[][..]), |(name, rest)| (name, rest));
    let note_id = format!("{id}-lines");
    view! {
        <div class="instrument">
            <input
                type="radio"
                id=id.clone()
                name=FIELD
                value=saved.id.clone()
                checked=checked
                aria-describedby=note_id.clone()
            />
            <label for=id>{name.to_owned()}</label>
            <span class="instrument-note" id=note_id>{address_lines(rest)}</span>
        </div>
    }
    .into_any()
}

/// Out of the way while there are others to choose from, unless it is what the person is at.
fn new_address(data: &CbuiAddress) -> AnyView {
    let label = if data.addresses.is_empty() { "Continue" } else { "Ship to this address" };
    let form = view! {
        <form method="post" action=address(&data.authorization, "address") novalidate>
            <input type="hidden" name=FIELD value=NEW />
            {fields(&data.form)}
            <button class="button" type="submit">{label}</button>
        </form>
    };
    if data.addresses.is_empty() {
        return form.into_any();
    }
    view! {
        <details class="new-address" open=data.form.value(FIELD) == NEW>
            <summary>"Ship to another address"</summary>
            {form}
        </details>
    }
    .into_any()
}

fn fields(form: &FormState) -> AnyView {
    let field = |name, label, autocomplete| TextField {
        autocomplete: Some(autocomplete),
        ..TextField::new(name, label)
    };
    let optional = |field: TextField| TextField { optional: true, ..field };
    let state = TextField {
        hint: Some("Needed in the United States."),
        width: Some("medium"),
        ..optional(field("state", "State or province", "shipping address-level1"))
    };
    let zip =
        TextField { width: Some("short"), ..field("zip", "ZIP or postal code", "shipping postal-code") };
    let phone =
        TextField { kind: "tel", width: Some("medium"), ..optional(field("phone", "Phone", "shipping tel")) };
    view! {
        {text_field(form, field("full_name", "Full name", "shipping name"))}
        {text_field(form, field("line1", "Address line 1", "shipping address-line1"))}
        {text_field(form, optional(field("line2", "Address line 2", "shipping address-line2")))}
        {text_field(form, field("city", "City", "shipping address-level2"))}
        {text_field(form, state)}
        {text_field(form, zip)}
        {text_field(form, field("country", "Country", "shipping country-name"))}
        {text_field(form, phone)}
    }
    .into_any()
}
