//! Signing in and signing up.

use super::guests::guest_path;
use super::shell;
use crate::model::{Chrome, SignPage};
use app::components::field::{TextField, error_summary, text_field};
use leptos::prelude::*;

const EMAIL: TextField =
    TextField { kind: "email", autocomplete: Some("username"), ..TextField::new("email", "E-mail") };

pub fn sign_in(chrome: &Chrome, page: &SignPage) -> String {
    let password = TextField {
        kind: "password",
        autocomplete: Some("current-password"),
        ..TextField::new("password", "Password")
    };
    shell::page(chrome, shell::form_title("Sign in", &page.form), || {
        let demo = page.show_demo.then(demo_accounts);
        view! {
            <div class="sign">
                <h1>"Sign in"</h1>
                {purpose(&page.next)}
                {error_summary(&page.form)}
                <form method="post" action="/sign-in" novalidate>
                    {next_field(&page.next)}
                    {text_field(&page.form, EMAIL)}
                    {text_field(&page.form, password)}
                    <button class="button button-large" type="submit">"Sign in"</button>
                </form>
                <p><a href="/password/forgot">"Forgot your password?"</a></p>
                <p>"New here? " <a href=shell::sign_path("/sign-up", &page.next)>"Create an account"</a></p>
                {without_account(&page.next)}
                {demo}
            </div>
        }
        .into_any()
    })
}

pub fn sign_up(chrome: &Chrome, page: &SignPage) -> String {
    let name = TextField {
        autocomplete: Some("name"),
        hint: Some("Sellers see it with your orders."),
        ..TextField::new("name", "Name")
    };
    let password = TextField {
        kind: "password",
        autocomplete: Some("new-password"),
        hint: Some("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
        ..TextField::new("password", "Password")
    };
    shell::page(chrome, shell::form_title("Sign up", &page.form), || {
        view! {
            <div class="sign">
                <h1>"Sign up"</h1>
                {purpose(&page.next)}
                {error_summary(&page.form)}
                <form method="post" action="/sign-up" novalidate>
                    {next_field(&page.next)}
                    {text_field(&page.form, name)}
                    {text_field(&page.form, EMAIL)}
                    {text_field(&page.form, password)}
                    <button class="button button-large" type="submit">"Sign up"</button>
                </form>
                <p>"You have an account? " <a href=shell::sign_path("/sign-in", &page.next)>"Use it instead"</a></p>
            </div>
        }
        .into_any()
    })
}

/// Nobody needs an account to buy, nor to come back to what they bought.
fn without_account(next: &str) -> Option<AnyView> {
    let checkout = next.starts_with("/checkout/") || next.starts_with("/cart/checkout");
    if checkout {
        let view = view! { <p>"In a hurry? " <a href=guest_path(next)>"Buy without an account"</a></p> };
        return Some(view.into_any());
    }
    let order = next.starts_with("/orders") || next.starts_with("/library");
    order.then(|| {
        view! { <p>"Bought without an account? " <a href="/guest/link">"Get a link to your order"</a></p> }
            .into_any()
    })
}

/// Why the person is asked, when they were on the way to something.
fn purpose(next: &str) -> Option<AnyView> {
    let words = if next.starts_with("/checkout/") {
        "So that your purchase finds its way into your library. After this you choose how to pay."
    } else if next.starts_with("/sell") {
        "So that we know whose shop it is."
    } else {
        return None;
    };
    Some(view! { <p class="lead">{words}</p> }.into_any())
}

fn next_field(next: &str) -> Option<AnyView> {
    if next.is_empty() {
        return None;
    }
    Some(view! { <input type="hidden" name="next" value=next.to_owned() /> }.into_any())
}

/// The public accounts of the demonstration.
fn demo_accounts() -> AnyView {
    let account = |who: &'static str, email: &'static str| {
        view! { <div><dt>{who}</dt><dd><code>{email}</code></dd></div> }
    };
    view! {
        <section class="panel" aria-labelledby="demo">
            <h2 id="demo">"Accounts to try"</h2>
            <dl class="facts">
                {account("Buyer", "john@example.com")}
                {account("Another buyer", "jane@example.com")}
                {account("Merchant", "merchant@example.com")}
                {account("Operator", "operator@example.com")}
            </dl>
            <p>"All of them use " <code>"digitaldownload"</code> " here."</p>
        </section>
    }
    .into_any()
}
