use super::credentials::{Account, demo_accounts, email_and_password};
use super::shell;
use crate::model::{Chrome, SignInPage};
use app::components::field::error_summary;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const DESCRIPTION: &str =
    "Sign in to your simulated Amazon Payments account: balance, payments and what shops may do.";

/// The account site's sign-in.
pub fn sign_in(chrome: &Chrome, data: &SignInPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let create = format!("/account/create?next={}", utf8_percent_encode(&data.next, NON_ALPHANUMERIC));
        let main = view! {
            {shell::notice(&chrome)}
            <h1>"Sign in"</h1>
            {error_summary(&data.form)}
            <form method="post" action="/account/sign-in" novalidate>
                <input type="hidden" name="next" value=data.next />
                {email_and_password(&data.form, Account::Existing)}
                <button class="button" type="submit">"Sign in"</button>
            </form>
            <p class="other-way">"New here? " <a href=create>"Create an account"</a></p>
            {demo_accounts(data.show_demo)}
        };
        shell::public_page(&chrome, "Sign in", DESCRIPTION, main.into_any())
    })
}
