//! What the signed-in account's pages share: the way between them, and the word after a redirect.

use super::shell::{self, Place};
use crate::model::{Chrome, MANY_UNREAD};
pub(super) use app::components::paging::pages;
use leptos::prelude::*;

const MAIL: &str = "/account/mail";

const PAGES: [(&str, &str); 8] = [
    ("/account", "Activity"),
    (MAIL, "Mail"),
    ("/account/balance", "Balance"),
    ("/account/instruments", "Payment methods"),
    ("/account/tokens", "Authorizations"),
    ("/account/profile", "Profile"),
    ("/account/security", "Security"),
    ("/account/developer", "Developer"),
];

/// A page of the account; `title` is its heading and its tab's.
pub(super) fn page(chrome: &Chrome, title: &str, main: AnyView) -> AnyView {
    let heading = title.to_owned();
    let main = view! {
        {navigation(chrome)}
        {shell::notice(chrome)}
        <h1>{heading}</h1>
        {main}
    };
    shell::page(chrome, Place::Site, title, main.into_any())
}

fn navigation(chrome: &Chrome) -> AnyView {
    let links: Vec<_> = PAGES
        .iter()
        .map(|(href, label)| {
            let below = || *href != "/account" && chrome.path.starts_with(&format!("{href}/"));
            let current = if chrome.path == *href { Some("page") } else { below().then_some("true") };
            let unread = (*href == MAIL).then(|| unread(chrome.unread)).flatten();
            view! { <li><a href=*href aria-current=current>{*label} {unread}</a></li> }
        })
        .collect();
    view! { <nav class="account-nav" aria-label="Your account"><ul>{links}</ul></nav> }.into_any()
}

/// How many mails are new, beside the word.
fn unread(count: u32) -> Option<AnyView> {
    let shown = match count {
        0 => return None,
        MANY_UNREAD.. => format!("{}+", MANY_UNREAD - 1),
        count => count.to_string(),
    };
    let view =
        view! { <span class="unread-count">{shown} <span class="visually-hidden">" unread"</span></span> };
    Some(view.into_any())
}

/// What the account has, and what of it is held.
pub(super) fn balance(balance: money::Money, held: money::Money) -> AnyView {
    use app::components::amount::amount;
    let held = held.is_positive().then(|| {
        view! {
            <div class="balance-held">
                <dt>"Held for payments that are not finished"</dt>
                <dd>{amount(held)}</dd>
            </div>
        }
    });
    view! {
        <dl class="balance">
            <div><dt>"Balance"</dt><dd>{amount(balance)}</dd></div>
            {held}
        </dl>
    }
    .into_any()
}
