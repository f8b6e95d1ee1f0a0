use super::authorization::{address, signed_in_as, step_page};
use crate::model::{CbuiNewInstrument, Chrome, NewInstrument, Step};
use app::components::field::{TextField, error_summary, text_field};
use app::form::FormState;
use leptos::prelude::*;

/// What the simulation takes: (name, number, and for a bank account the account).
const TEST_CARDS: [(&str, &str); 4] = [
    ("Visa", "4111 1111 1111 1111"),
    ("Mastercard", "5555 5555 5555 4444"),
    ("American Express", "3782 822463 10005"),
    ("Discover", "6011 1111 1111 1117"),
];
const TEST_BANK: [(&str, &str); 2] =
    [("Routing number", "110 000 000"), ("Account number", "000 123 456 789")];

/// On the way: a card or a bank account that the account does not have yet.
pub fn cbui_new_instrument(chrome: &Chrome, data: &CbuiNewInstrument) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (heading, step, fields) = match data.kind {
            NewInstrument::Card => ("Add a card", "add-card", card(&data.form)),
            NewInstrument::BankAccount => {
                ("Add a bank account", "add-bank-account", bank_account(&data.form))
            }
        };
        let content = view! {
            {error_summary(&data.form)}
            {signed_in_as(&chrome, &data.authorization)}
            {warning()}
            <form method="post" action=address(&data.authorization, step) novalidate>
                {fields}
                <button class="button" type="submit">"Add and use it"</button>
            </form>
            <p class="other-way">
                <a href=address(&data.authorization, "instrument")>"Back to your payment methods"</a>
            </p>
        };
        let numbers = data.show_test_numbers.then(|| test_numbers(data.kind));
        step_page(&chrome, &data.authorization, Step::Choose, heading, content.into_any(), numbers)
    })
}

pub(super) fn warning() -> AnyView {
    view! {
        <p class="warning">
            <strong>"Never give a real number here."</strong>
            " This is a simulation. It keeps the last four digits and a fingerprint, nothing else of the number, and "
            "charges nobody."
        </p>
    }
    .into_any()
}

pub(super) fn card(form: &FormState) -> AnyView {
    let number = TextField {
        autocomplete: Some("cc-number"),
        input_mode: Some("numeric"),
        ..TextField::new("card_number", "Card number")
    };
    let expiry = TextField {
        autocomplete: Some("cc-exp"),
        input_mode: Some("text"),
        hint: Some("Month and year, such as 08/34."),
        width: Some("short"),
        ..TextField::new("expiry", "Good until")
    };
    view! { {text_field(form, number)} {text_field(form, expiry)} }.into_any()
}

pub(super) fn bank_account(form: &FormState) -> AnyView {
    let number = |name, label, hint| TextField {
        autocomplete: Some("off"),
        input_mode: Some("numeric"),
        hint: Some(hint),
        ..TextField::new(name, label)
    };
    view! {
        {text_field(form, number("routing_number", "Routing number", "Nine digits that name the bank."))}
        {text_field(form, number("account_number", "Account number", "From 4 to 17 digits."))}
    }
    .into_any()
}

pub(super) fn test_numbers(kind: NewInstrument) -> AnyView {
    let (heading, note, numbers): (_, _, &[_]) = match kind {
        NewInstrument::Card => (
            "Test cards",
            "They pass the check of the digits. Any month that is not over will do.",
            &TEST_CARDS,
        ),
        NewInstrument::BankAccount => {
            ("A test bank account", "It passes the check of the digits.", &TEST_BANK)
        }
    };
    let numbers: Vec<_> = numbers
        .iter()
        .map(|(name, number)| view! { <li><strong>{*name}</strong> " " <code>{*number}</code></li> })
        .collect();
    view! {
        <section class="demo" aria-labelledby="test-numbers">
            <h2 id="test-numbers">{heading}</h2>
            <p>{note}</p>
            <ul>{numbers}</ul>
        </section>
    }
    .into_any()
}
