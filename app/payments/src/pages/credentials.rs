//! E-mail and password, asked for the same way on every page; and the demo accounts, where they may be
//! shown: public, for a machine of one's own.

use app::components::field::{TextField, text_field};
use app::form::FormState;
use leptos::prelude::*;

const DEMO_PASSWORD: &str = "amazonpayments";
/// What is asked of a new password, said before it is typed.
pub(super) const NEW_PASSWORD_HINT: &str =
    "At least 8 characters. A few words in a row are easy to remember and hard to guess.";
const DEMO_ACCOUNTS: [(&str, &str); 4] = [
    ("john@example.com", "buys: card, bank account, balance"),
    ("jane@example.com", "buys: card"),
    ("merchant@example.com", "sells"),
    ("caller@example.com", "runs the shop"),
];

/// Whether the account exists already, so that password managers fill in or propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    Existing,
    New,
}

pub(super) fn email_and_password(form: &FormState, account: Account) -> AnyView {
    let (autocomplete, hint) = match account {
        Account::Existing => ("current-password", None),
        Account::New => ("new-password", Some(NEW_PASSWORD_HINT)),
    };
    let email =
        TextField { kind: "email", autocomplete: Some("username"), ..TextField::new("email", "E-mail") };
    let password = TextField {
        kind: "password",
        autocomplete: Some(autocomplete),
        hint,
        ..TextField::new("password", "Password")
    };
    view! { {text_field(form, email)} {text_field(form, password)} }.into_any()
}

pub(super) fn demo_accounts(show: bool) -> Option<AnyView> {
    if !show {
        return None;
    }
    let accounts: Vec<_> = DEMO_ACCOUNTS
        .iter()
        .map(|(email, role)| view! { <li><strong>{*email}</strong> " " <span>{*role}</span></li> })
        .collect();
    let view = view! {
        <section class="demo" aria-labelledby="demo-accounts">
            <h2 id="demo-accounts">"Demo accounts"</h2>
            <p>"Each with the password " <code>{DEMO_PASSWORD}</code></p>
            <ul>{accounts}</ul>
        </section>
    };
    Some(view.into_any())
}
