//! A forgotten password, and what links in mail lead to: `/password/forgot`, `/password/reset`, `/sign-up/sent`,
//! `/sign-up/confirm`.

use super::shell;
use crate::model::{Chrome, ConfirmPage, ForgotPage, MailReach, ResetPage};
use app::components::field::{TextField, error_summary, text_field};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub fn forgot_password(chrome: &Chrome, page: &ForgotPage) -> String {
    let title = if page.written_to.is_some() { "Look into your mail" } else { "A new password" };
    shell::page(chrome, shell::form_title(title, &page.form), || {
        let main = match (&page.written_to, page.reach) {
            (_, MailReach::Nowhere) => switched_off(),
            (Some(address), reach) => written(address, reach),
            (None, _) => ask(page),
        };
        view! { <div class="sign"><h1>{title}</h1> {main}</div> }.into_any()
    })
}

fn switched_off() -> AnyView {
    view! {
        <p class="lead">"This shop cannot write to you, so a forgotten password cannot be replaced here."</p>
        <p>
            "Links for new passwords come by e-mail, and no mail server is set. Whoever runs the shop can set one. If "
            "you are signed in somewhere, you can choose another password on the page of "
            <a href="/account">"your account"</a> "."
        </p>
        <p><a href="/sign-in">"Back to signing in"</a></p>
    }
    .into_any()
}

fn ask(page: &ForgotPage) -> AnyView {
    let email = TextField {
        kind: "email",
        autocomplete: Some("username"),
        hint: Some("We write to this address. The link in the mail is good for an hour."),
        ..TextField::new("email", "E-mail")
    };
    view! {
        {error_summary(&page.form)}
        <form method="post" action="/password/forgot" novalidate>
            {text_field(&page.form, email)}
            <button class="button button-large" type="submit">"Send the link"</button>
        </form>
        <p>"You know it again? " <a href="/sign-in">"Sign in"</a></p>
    }
    .into_any()
}

/// The same words whether or not there is an account.
fn written(address: &str, reach: MailReach) -> AnyView {
    view! {
        <p class="lead">{format!("We have written to {address}.")}</p>
        <p>
            "If there is an account with this address, the mail has a link with which you choose a new password, within "
            "an hour. If there is none, the mail says so."
        </p>
        {lab_mailbox(address, reach)}
        <p>"Nothing came? " <a href="/password/forgot">"Ask again"</a></p>
    }
    .into_any()
}

fn lab_mailbox(address: &str, reach: MailReach) -> Option<AnyView> {
    (reach == MailReach::Lab).then(|| {
        let mailbox = format!("/mail?address={}", utf8_percent_encode(address, NON_ALPHANUMERIC));
        view! { <p><a class="button" href=mailbox>"Open the mailbox"</a></p> }.into_any()
    })
}

pub fn reset_password(chrome: &Chrome, page: &ResetPage) -> String {
    shell::page(chrome, shell::form_title("A new password", &page.form), || {
        let main = match &page.token {
            Some(token) => new_password(page, token),
            None => over(
                "This link is over: it was used, or it is older than an hour, or there is a newer one.",
                "/password/forgot",
                "Ask for a new link",
            ),
        };
        view! { <div class="sign"><h1>"A new password"</h1> {main}</div> }.into_any()
    })
}

fn new_password(page: &ResetPage, token: &str) -> AnyView {
    let password = TextField {
        kind: "password",
        autocomplete: Some("new-password"),
        hint: Some("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
        ..TextField::new("new_password", "New password")
    };
    view! {
        <p>"You are signed out everywhere then, and sign in with the new password."</p>
        {error_summary(&page.form)}
        <form method="post" action="/password/reset" novalidate>
            <input type="hidden" name="token" value=token.to_owned() />
            {text_field(&page.form, password)}
            <button class="button button-large" type="submit">"Set the new password"</button>
        </form>
    }
    .into_any()
}

fn over(words: &'static str, href: &'static str, link: &'static str) -> AnyView {
    view! {
        <p class="lead">{words}</p>
        <p><a class="button" href=href>{link}</a></p>
    }
    .into_any()
}

/// The same words whether or not there was an account before.
pub fn sign_up_sent(chrome: &Chrome) -> String {
    shell::page(chrome, "Look into your mail", || {
        view! {
            <div class="sign">
                <h1>"Look into your mail"</h1>
                <p class="lead">"We have written to the address that you gave."</p>
                <p>"The mail says how to go on. A link in it is good for a day."</p>
                <p>"Nothing came? Look whether the address was right, and " <a href="/sign-up">"sign up again"</a> "."</p>
            </div>
        }
        .into_any()
    })
}

pub fn confirm_sign_up(chrome: &Chrome, page: &ConfirmPage) -> String {
    shell::page(chrome, "Your new account", || {
        let main = match &page.token {
            Some(token) => view! {
                <p>"One more press, and the account is yours."</p>
                <form method="post" action="/sign-up/confirm">
                    <input type="hidden" name="token" value=token.clone() />
                    <button class="button button-large" type="submit">"Open the account"</button>
                </form>
            }
            .into_any(),
            None => over(
                "This link is over: it was used, or it is older than a day.",
                "/sign-up",
                "Sign up again",
            ),
        };
        view! { <div class="sign"><h1>"Your new account"</h1> {main}</div> }.into_any()
    })
}
