use super::authorization::{address, step_page};
use super::credentials::{Account, demo_accounts, email_and_password};
use super::shell;
use crate::model::{Authorization, CbuiSignIn, Chrome, Step};
use app::components::field::{TextField, error_summary, text_field};
use leptos::prelude::*;

/// Step 1: sign in, or create the account first.
pub fn cbui_sign_in(chrome: &Chrome, data: &CbuiSignIn) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (heading, form) = if data.creating {
            ("Create an account", create_account(&data))
        } else {
            ("Sign in", sign_in(&data))
        };
        let form = view! { {shell::notice(&chrome)} {form} }.into_any();
        let demo = demo_accounts(data.show_demo);
        step_page(&chrome, &data.authorization, Step::SignIn, heading, form, demo)
    })
}

/// People have an account at the shop, too, and mix the two up.
fn which_account(authorization: &Authorization) -> String {
    let caller = &authorization.caller;
    format!(
        "Your account at Amazon Payments, not the one at {caller}. {caller} does not see what you type here."
    )
}

fn sign_in(data: &CbuiSignIn) -> AnyView {
    let authorization = &data.authorization;
    view! {
        <p class="lead">{which_account(authorization)}</p>
        {error_summary(&data.form)}
        <form method="post" action=address(authorization, "sign-in") novalidate>
            {email_and_password(&data.form, Account::Existing)}
            <button class="button" type="submit">"Sign in"</button>
        </form>
        <p class="other-way">
            "New here? " <a href=address(authorization, "create-account")>"Create an account"</a>
        </p>
    }
    .into_any()
}

fn create_account(data: &CbuiSignIn) -> AnyView {
    let authorization = &data.authorization;
    let name = TextField { autocomplete: Some("name"), ..TextField::new("name", "Name") };
    let business = TextField {
        autocomplete: Some("organization"),
        hint: Some("If you sell: the name that buyers see."),
        optional: true,
        ..TextField::new("business_name", "Business name")
    };
    view! {
        <p class="lead">{which_account(authorization)}</p>
        {error_summary(&data.form)}
        <form method="post" action=address(authorization, "create-account") novalidate>
            {text_field(&data.form, name)}
            {text_field(&data.form, business)}
            {email_and_password(&data.form, Account::New)}
            <button class="button" type="submit">"Create account"</button>
        </form>
        <p class="other-way">
            "You have one? " <a href=address(authorization, "sign-in")>"Sign in"</a>
        </p>
    }
    .into_any()
}
