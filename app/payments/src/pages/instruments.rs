use super::account_shell;
use super::cbui_new_instrument::{bank_account, card, test_numbers, warning};
use crate::model::{Chrome, InstrumentCard, InstrumentsPage, NewInstrument, NewInstrumentPage};
use app::components::action::{Weight, post_button};
use app::components::amount::amount;
use app::components::field::error_summary;
use leptos::prelude::*;

/// What the account pays with.
pub fn instruments(chrome: &Chrome, data: &InstrumentsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let rows: Vec<_> = data.instruments.into_iter().map(row).collect();
        let main = view! {
            <ul class="cards">{rows}</ul>
            <p class="actions">
                <a class="button button-quiet" href="/account/instruments/add-card">"Add a card"</a>
                <a class="button button-quiet" href="/account/instruments/add-bank-account">"Add a bank account"</a>
            </p>
        };
        account_shell::page(&chrome, "Payment methods", main.into_any())
    })
}

fn row(instrument: InstrumentCard) -> AnyView {
    let tone = if instrument.unusable { "status status-failed" } else { "aside" };
    let note = instrument.note.map(|note| view! { <p class=tone>{note}</p> });
    let held = instrument.amount.map(|(word, money)| {
        view! { <p class="aside">{word} " " {amount(money)}</p> }
    });
    let remove = instrument.remove.map(|effect| {
        let path = format!("/account/instruments/{}/remove", instrument.id);
        post_button(path, "Remove", Weight::Danger, format!("effect-{}", instrument.id), effect)
    });
    view! { <li class="card"><h2>{instrument.label}</h2> {note} {held} {remove}</li> }.into_any()
}

/// The form for a card or a bank account.
pub fn new_instrument(chrome: &Chrome, data: &NewInstrumentPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (title, address, fields) = match data.kind {
            NewInstrument::Card => ("Add a card", "add-card", card(&data.form)),
            NewInstrument::BankAccount => {
                ("Add a bank account", "add-bank-account", bank_account(&data.form))
            }
        };
        let main = view! {
            {error_summary(&data.form)}
            {warning()}
            <form method="post" action=format!("/account/instruments/{address}") novalidate>
                {fields}
                <button class="button" type="submit">"Add"</button>
            </form>
            <p class="other-way"><a href="/account/instruments">"Back to your payment methods"</a></p>
            {data.show_test_numbers.then(|| test_numbers(data.kind))}
        };
        account_shell::page(&chrome, title, main.into_any())
    })
}
