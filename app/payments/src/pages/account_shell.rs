//! What the signed-in account's pages share: the way between them, and the word after a redirect.

use super::shell::{self, Place};
use crate::model::{Chrome, Paging};
use leptos::prelude::*;

const PAGES: [(&str, &str); 7] = [
    ("/account", "Activity"),
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
    let notice = chrome.notice.clone().map(|notice| {
        view! { <p class="notice" role="status">{notice}</p> }
    });
    let main = view! {
        {navigation(&chrome.path)}
        {notice}
        <h1>{heading}</h1>
        {main}
    };
    shell::page(chrome, Place::Site, title, main.into_any())
}

fn navigation(path: &str) -> AnyView {
    let links: Vec<_> = PAGES
        .iter()
        .map(|(href, label)| {
            let current = (path == *href).then_some("page");
            view! { <li><a href=*href aria-current=current>{*label}</a></li> }
        })
        .collect();
    view! { <nav class="account-nav" aria-label="Your account"><ul>{links}</ul></nav> }.into_any()
}

/// The way between the pages of the list in a section of the page at `path`, whose own query is `query`; nothing
/// where there is one page.
pub(super) fn pages(paging: Paging, path: &str, query: &str, section: &str) -> Option<AnyView> {
    let Paging { newer, older } = paging;
    if newer.is_none() && older.is_none() {
        return None;
    }
    let address = |page: &str| {
        let parts: Vec<&str> = [query, page].into_iter().filter(|part| !part.is_empty()).collect();
        let question = if parts.is_empty() { "" } else { "?" };
        format!("{path}{question}{}#{section}", parts.join("&"))
    };
    let link = |rel, words, page: &str| {
        view! { <a class="button button-quiet" rel=rel href=address(page)>{words}</a> }
    };
    let newest = newer.is_some().then(|| link("first", "Newest", ""));
    let newer = newer.map(|page| link("prev", "Newer", &page));
    let older = older.map(|page| link("next", "Older", &page));
    Some(view! { <nav class="pages" aria-label="Pages">{newer} {newest} {older}</nav> }.into_any())
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
