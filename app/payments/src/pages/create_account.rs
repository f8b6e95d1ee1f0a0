use super::credentials::{Account, email_and_password};
use super::shell;
use crate::model::{Chrome, CreateAccountPage};
use app::components::field::{TextField, error_summary, text_field};
use leptos::prelude::*;

const DESCRIPTION: &str = "Make a simulated Amazon Payments account to try how a marketplace takes payments.";

/// A new account, without a shop that asks for one.
pub fn create_account(chrome: &Chrome, data: &CreateAccountPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let name = TextField { autocomplete: Some("name"), ..TextField::new("name", "Name") };
        let business = TextField {
            autocomplete: Some("organization"),
            hint: Some("If you sell: the name that buyers see."),
            optional: true,
            ..TextField::new("business_name", "Business name")
        };
        let main = view! {
            <h1>"Create an account"</h1>
            <p class="lead">"It is free, and nothing in it is real: a balance, a card to play with."</p>
            {error_summary(&data.form)}
            <form method="post" action="/account/create" novalidate>
                <input type="hidden" name="next" value=data.next.clone() />
                {text_field(&data.form, name)}
                {text_field(&data.form, business)}
                {email_and_password(&data.form, Account::New)}
                <button class="button" type="submit">"Create account"</button>
            </form>
            <p class="other-way">"You have one? " <a href="/account/sign-in">"Sign in"</a></p>
        };
        shell::public_page(&chrome, "Create an account", DESCRIPTION, main.into_any())
    })
}
