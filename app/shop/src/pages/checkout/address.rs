//! Where a thing goes, how fast, and what that costs.

use super::SHOWN;
use crate::model::{Quote, RateRow, ShippingOffer};
use app::components::field::{RadioOption, TextField, radio_group, text_field};
use app::form::FormState;
use leptos::prelude::*;
use money::Money;

/// Where the prices are for, and the way to those for elsewhere.
fn destination(offer: &ShippingOffer, nobody_sends: &str) -> AnyView {
    let words = match &offer.rates {
        Some(RateRow { region, standard: None, express: None }) => {
            format!("{nobody_sends} to this country ({region}).")
        }
        Some(rates) => format!(
            "What follows is for sending it to: {}. If you change the country, update the total.",
            rates.region
        ),
        None => {
            "Choose the country it goes to and update the total, to see what sending it costs.".to_owned()
        }
    };
    view! {
        <div class="destination">
            <p class="hint">{words}</p>
            <button class="button button-quiet" type="submit" name="update" value="total">"Update total"</button>
        </div>
    }
    .into_any()
}

/// A speed that can be chosen, with what it costs where that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speed {
    pub value: &'static str,
    label: &'static str,
    words: &'static str,
    pub rate: Option<Money>,
}

/// Those that the seller offers to where it goes.
pub(super) fn speeds(offer: &ShippingOffer) -> Vec<Speed> {
    let speed = |value, label, words, rate| Speed { value, label, words, rate };
    let (standard, express) =
        offer.rates.as_ref().map_or((None, None), |rates| (rates.standard, rates.express));
    let all = [
        speed("standard", "Standard", "Sent by ordinary post.", standard),
        speed("express", "Express", "Sent by the fastest post the seller has.", express),
    ];
    all.into_iter().filter(|speed| offer.rates.is_none() || speed.rate.is_some()).collect()
}

/// The fields for what is sent, for this price without sending it. `nobody_sends`: "The seller does not send".
pub(super) fn where_it_goes(
    form: &FormState,
    price: Money,
    offer: &ShippingOffer,
    nobody_sends: &str,
) -> AnyView {
    view! {
        <fieldset class="group">
            <legend><h2>"Where it goes"</h2></legend>
            {known(offer)}
            {text_field(form, TextField { autocomplete: Some("name"), ..TextField::new("ship_name", "Full name") })}
            {text_field(form, TextField { autocomplete: Some("address-line1"), ..TextField::new("ship_line1", "Address line 1") })}
            {text_field(form, TextField { autocomplete: Some("address-line2"), optional: true, ..TextField::new("ship_line2", "Address line 2") })}
            <div class="row">
                {text_field(form, TextField { autocomplete: Some("address-level2"), ..TextField::new("ship_city", "City") })}
                {text_field(form, TextField { autocomplete: Some("address-level1"), optional: true, ..TextField::new("ship_state", "State or region") })}
            </div>
            <div class="row">
                {text_field(form, TextField { autocomplete: Some("postal-code"), ..TextField::new("ship_zip", "ZIP or postal code") })}
                {text_field(form, TextField { autocomplete: Some("country-name"), list: Some("countries"), ..TextField::new("ship_country", "Country") })}
            </div>
            {countries(offer)}
            {destination(offer, nobody_sends)}
            {how_fast(form, price, offer)}
        </fieldset>
    }
    .into_any()
}

/// The ways to the addresses that the buyer gave before.
fn known(offer: &ShippingOffer) -> Option<AnyView> {
    if offer.known.len() < 2 {
        return None;
    }
    let ways: Vec<_> = offer
        .known
        .iter()
        .map(|(words, path)| view! { <li><a href=path.clone()>{words.clone()}</a></li> })
        .collect();
    let view = view! {
        <details class="known-addresses">
            <summary>"Send it to another of your addresses"</summary>
            <ul>{ways}</ul>
        </details>
    };
    Some(view.into_any())
}

/// What the field for the country offers while it is typed in.
fn countries(offer: &ShippingOffer) -> AnyView {
    let options: Vec<_> =
        offer.countries.iter().map(|name| view! { <option value=*name></option> }).collect();
    view! { <datalist id="countries">{options}</datalist> }.into_any()
}

/// Each speed says what it costs, and the form says what was shown.
fn how_fast(form: &FormState, price: Money, offer: &ShippingOffer) -> Option<AnyView> {
    let speeds = speeds(offer);
    let first = speeds.first()?.value;
    let options: Vec<_> = speeds
        .iter()
        .map(|speed| {
            let cost = speed.rate.map_or(String::new(), |shipping| {
                let total = Quote { price, shipping }.total();
                format!(
                    " {} for sending it, {total} in all.",
                    if shipping == Money::ZERO { "Nothing".to_owned() } else { shipping.to_string() }
                )
            });
            RadioOption::new(speed.value, speed.label, format!("{}{cost}", speed.words))
        })
        .collect();
    let shown: Vec<_> = speeds
        .iter()
        .map(|speed| {
            let quote = speed.rate.map(|shipping| Quote { price, shipping }.to_string()).unwrap_or_default();
            view! { <input type="hidden" name=format!("{SHOWN}_{}", speed.value) value=quote /> }
        })
        .collect();
    let choice = radio_group(form, "ship_speed", "How fast", Some(first), &options);
    Some(view! { {shown} {choice} }.into_any())
}
