use super::authorization::{address, signed_in_as, step_page};
use super::cbui_terms::terms;
use crate::model::{Addable, Ask, Authorization, CbuiInstrument, Chrome, Instrument, Step};
use app::components::amount::amount;
use app::components::field::{error_summary, field_id};
use leptos::prelude::*;

const FIELD: &str = "instrument";

/// Step 2: which of the person's instruments pays.
pub fn cbui_instrument(chrome: &Chrome, data: &CbuiInstrument) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        // Without anything to choose, what was wrong with the choice is beside the point.
        let summary = data.instruments.iter().any(is_usable).then(|| error_summary(&data.form));
        let content = view! {
            {summary}
            {signed_in_as(&chrome, &data.authorization)}
            {terms(&data.authorization)}
            {choice(&data)}
            {ways_to_add(&data.authorization, data.addable)}
        };
        let heading = match data.authorization.ask {
            Ask::EditToken { .. } => "Payment method",
            _ => "Payment authorization",
        };
        step_page(&chrome, &data.authorization, Step::Choose, heading, content.into_any(), None)
    })
}

fn is_usable(instrument: &Instrument) -> bool {
    instrument.unusable.is_none()
}

/// With nothing that can pay there is no button: it could only fail.
fn choice(data: &CbuiInstrument) -> AnyView {
    let usable: Vec<&Instrument> = data.instruments.iter().filter(|one| is_usable(one)).collect();
    let Some(first) = usable.first() else {
        let rows = (!data.instruments.is_empty()).then(|| instruments(data, "", None));
        return view! { {nothing_usable(data)} {rows} }.into_any();
    };
    let chosen = match data.form.value(FIELD) {
        "" if usable.len() == 1 => first.id.as_str(),
        chosen => chosen,
    };
    view! {
        <form method="post" action=address(&data.authorization, "instrument") novalidate>
            {instruments(data, chosen, Some(first))}
            <button class="button" type="submit">"Continue"</button>
        </form>
    }
    .into_any()
}

fn nothing_usable(data: &CbuiInstrument) -> AnyView {
    let (what, way_on) = match (data.instruments.is_empty(), data.addable == Addable::default()) {
        (false, false) => (
            "None of your payment methods can pay this.",
            "Add one, use another account, or cancel and go back.",
        ),
        (false, true) => {
            ("None of your payment methods can pay this.", "Use another account, or cancel and go back.")
        }
        (true, _) => (
            "You have no payment method that is taken here.",
            "Add one, use another account, or cancel and go back.",
        ),
    };
    view! {
        <div class="problem" role="alert">
            <p><strong>{what}</strong> " " {way_on}</p>
        </div>
    }
    .into_any()
}

/// What the account lacks and the caller takes.
fn ways_to_add(authorization: &Authorization, addable: Addable) -> Option<AnyView> {
    let ways = [
        (addable.card, "add-card", "Add a card"),
        (addable.bank_account, "add-bank-account", "Add a bank account"),
    ];
    let links: Vec<_> = ways
        .into_iter()
        .filter(|(is_there, ..)| *is_there)
        .map(|(_, step, label)| view! { <a class="button button-quiet" href=address(authorization, step)>{label}</a> })
        .collect();
    (!links.is_empty()).then(|| view! { <p class="actions ways-to-add">{links}</p> }.into_any())
}

/// The error summary leads to the first one that can be chosen.
fn instruments(data: &CbuiInstrument, chosen: &str, first: Option<&Instrument>) -> AnyView {
    let error = data.form.error(FIELD).map(str::to_owned);
    let described_by = error.is_some().then_some("instrument-error");
    let error = error.map(|error| view! { <p class="field-error" id="instrument-error">{error}</p> });
    let rows: Vec<_> = data
        .instruments
        .iter()
        .enumerate()
        .map(|(index, instrument)| {
            let is_first = first.is_some_and(|first| first.id == instrument.id);
            let id = if is_first { field_id(FIELD) } else { format!("{}-{index}", field_id(FIELD)) };
            row(id, instrument, chosen)
        })
        .collect();
    view! {
        <fieldset class="instruments" aria-describedby=described_by>
            <legend>"Pay with"</legend>
            {error}
            {rows}
        </fieldset>
    }
    .into_any()
}

fn row(id: String, instrument: &Instrument, chosen: &str) -> AnyView {
    let note_id = format!("{id}-note");
    let unusable = !is_usable(instrument);
    let note = instrument.unusable.clone().or_else(|| kind_unless_said(instrument));
    let described_by = note.is_some().then(|| note_id.clone());
    let note = note.map(|note| view! { <span class="instrument-note" id=note_id>{note}</span> });
    let available = instrument.available.map(|available| {
        view! { <span class="instrument-available"><span>"Available"</span> {amount(available)}</span> }
    });
    view! {
        <div class=if unusable { "instrument instrument-unusable" } else { "instrument" }>
            <input
                type="radio"
                id=id.clone()
                name=FIELD
                value=instrument.id.clone()
                checked=!unusable && instrument.id == chosen
                disabled=unusable
                aria-describedby=described_by
            />
            <label for=id>{instrument.label.clone()}</label>
            {note}
            {available}
        </div>
    }
    .into_any()
}

/// "Balance" below "Account balance" would say it twice.
fn kind_unless_said(instrument: &Instrument) -> Option<String> {
    let said = instrument.label.to_lowercase().contains(&instrument.kind.to_lowercase());
    (!said).then(|| instrument.kind.clone())
}
