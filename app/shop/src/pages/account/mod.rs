//! `/account` and what is below it: who the person is here, how they sign in, and what is kept about them.

mod leaving;
mod second_factor;

pub use leaving::{delete_account, personal_data};
pub use second_factor::{new_recovery_codes, recovery_codes, second_factor, second_factor_off, sign_in_code};

use super::shell;
use crate::model::{AccountEmailPage, AccountPage, Chrome, ConfirmPage, MailReach};
use app::components::field::{TextField, error_summary, text_field};
use app::components::security::{password_form, session_list};
use app::form::FormState;
use leptos::prelude::*;

const PASSWORD: TextField = TextField {
    kind: "password",
    autocomplete: Some("current-password"),
    hint: Some("You are asked again, so that nobody does this who finds your browser open."),
    ..TextField::new("current_password", "Current password")
};
const ACCOUNT: &str = "/account";
const PROFILE: &str = "/account/profile";
const SECOND_FACTOR: &str = "/account/second-factor";
const DATA: &str = "/account/data";

/// The sections, and a page that stands in one of them, or below it.
fn section(
    chrome: &Chrome,
    here: &'static str,
    title: &'static str,
    form: &FormState,
    main: impl FnOnce() -> AnyView,
) -> String {
    shell::page(chrome, shell::form_title(title, form), || {
        let current = if chrome.path == here { "page" } else { "true" };
        let entries = [
            (ACCOUNT, "Sign-in"),
            (PROFILE, "Profile"),
            (SECOND_FACTOR, "Second factor"),
            (DATA, "Your data"),
        ];
        let entries = entries.map(|(href, label)| {
            view! { <li><a href=href aria-current=(href == here).then_some(current)>{label}</a></li> }
        });
        view! {
            <div class="narrow">
                <h1>{title}</h1>
                <nav class="sections" aria-label="Sections of your account"><ul>{entries}</ul></nav>
                {main()}
            </div>
        }
        .into_any()
    })
}

pub fn account(chrome: &Chrome, page: &AccountPage) -> String {
    let factor = match page.second_factor {
        Some(0) => "On. There are no recovery codes left.".to_owned(),
        Some(1) => "On, with one recovery code left.".to_owned(),
        Some(codes) => format!("On, with {codes} recovery codes left."),
        None => "Off: signing in asks for the password alone.".to_owned(),
    };
    let set_up = if page.second_factor.is_some() { "Change it" } else { "Set it up" };
    section(chrome, ACCOUNT, "Your account", &page.form, || {
        view! {
            <dl class="facts">
                <div><dt>"Name"</dt><dd>{page.name.clone()}</dd></div>
                <div><dt>"E-mail"</dt><dd>{page.email.clone()}</dd></div>
                <div>
                    <dt>"Second factor"</dt>
                    <dd>
                        {factor} " " <a href=SECOND_FACTOR>{set_up} <span class="visually-hidden">": second factor"</span></a>
                    </dd>
                </div>
            </dl>
            <p>
                <a href="/credit">"Your credit"</a> ": pay ahead once, then buy with one press."
            </p>
            {password_form(&page.form, "/account/password", &page.email)}
            {session_list(&page.sessions, "/account/sessions")}
        }
        .into_any()
    })
}

pub fn account_profile(chrome: &Chrome, email: &str, form: &FormState) -> String {
    let name = TextField {
        autocomplete: Some("name"),
        hint: Some("Sellers see it with your orders, buyers with what you write to them."),
        ..TextField::new("name", "Name")
    };
    let email = email.to_owned();
    section(chrome, PROFILE, "Profile", form, || {
        view! {
            {error_summary(form)}
            <form method="post" action="/account/profile" novalidate>
                {text_field(form, name)}
                <button class="button" type="submit">"Save the name"</button>
            </form>
            <section class="security" aria-labelledby="email">
                <h2 id="email">"E-mail"</h2>
                <p>{format!("You sign in with {email}, and all mail goes there.")}</p>
                <p><a class="button button-quiet" href="/account/email">"Change the address"</a></p>
            </section>
        }
        .into_any()
    })
}

pub fn account_email(chrome: &Chrome, page: &AccountEmailPage) -> String {
    section(chrome, PROFILE, "Another e-mail address", &page.form, || {
        if page.reach == MailReach::Nowhere {
            return view! {
                <p class="lead">"This shop cannot write to you, so a new address cannot be confirmed here."</p>
                <p>"No mail server is set. Whoever runs the shop can set one."</p>
            }
            .into_any();
        }
        let email = TextField {
            kind: "email",
            autocomplete: Some("email"),
            hint: Some(
                "We write to it. It is yours here once you follow the link in that mail, within a day.",
            ),
            ..TextField::new("email", "New address")
        };
        view! {
            <p>{format!("So far you sign in with {}. That address is told of the change.", page.email)}</p>
            {error_summary(&page.form)}
            <form method="post" action="/account/email" novalidate>
                {text_field(&page.form, email)}
                {text_field(&page.form, PASSWORD)}
                <button class="button" type="submit">"Send the link"</button>
            </form>
        }
        .into_any()
    })
}

/// Where the link of the mail leads, also without being signed in.
pub fn confirm_email(chrome: &Chrome, page: &ConfirmPage) -> String {
    shell::page(chrome, "Your new address", || {
        let main = match &page.token {
            Some(token) => view! {
                <p>"One more press, and you sign in with this address from now on."</p>
                <form method="post" action="/account/email/confirm">
                    <input type="hidden" name="token" value=token.clone() />
                    <button class="button button-large" type="submit">"Confirm the address"</button>
                </form>
            }
            .into_any(),
            None => view! {
                <p class="lead">"This link is over: it was used, or it is older than a day, or there is a newer one."</p>
                <p><a class="button" href="/account">"Your account"</a></p>
            }
            .into_any(),
        };
        view! { <div class="sign"><h1>"Your new address"</h1> {main}</div> }.into_any()
    })
}
