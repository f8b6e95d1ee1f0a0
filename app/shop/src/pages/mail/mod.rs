//! `/mail`: a mailbox, and one mail of it.

mod letter;

pub use letter::{letter_document, letter_text};

use super::shell;
use crate::model::{Chrome, MailEntry, MailPage, MailboxOf, MailboxPage};
use app::components::{paging, time};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub fn mailbox(chrome: &Chrome, page: &MailboxPage) -> String {
    let title = match &page.of {
        MailboxOf::Own => "Your mail".to_owned(),
        MailboxOf::Address(address) => format!("Mail to {address}"),
    };
    shell::page(chrome, title.clone(), || {
        let query = query(&page.of);
        view! {
            <div class="narrow">
                <h1>{title}</h1>
                {lab_line(&page.of)}
                {where_it_goes(page)}
                {mark_all(page)}
                {list(page)}
                {paging::pages(page.paging.clone(), "/mail", &query, "")}
            </div>
        }
        .into_any()
    })
}

/// What addresses of a mailbox have as a query.
fn query(of: &MailboxOf) -> String {
    match of {
        MailboxOf::Own => String::new(),
        MailboxOf::Address(address) => {
            format!("address={}", utf8_percent_encode(address, NON_ALPHANUMERIC))
        }
    }
}

fn address(path: &str, of: &MailboxOf) -> String {
    let query = query(of);
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// That this is not how mailboxes are elsewhere.
fn lab_line(of: &MailboxOf) -> Option<AnyView> {
    let MailboxOf::Address(_) = of else { return None };
    Some(
        view! {
            <p class="lab-line">
                "The lab is on: anybody can open any mailbox here, without signing in. Elsewhere people see their own \
                 alone."
            </p>
        }
        .into_any(),
    )
}

fn where_it_goes(page: &MailboxPage) -> AnyView {
    let words = if page.sends {
        "All of it was sent by e-mail as well."
    } else {
        "It is kept here and nowhere else: this shop sends nothing by e-mail."
    };
    view! { <p class="muted">{words}</p> }.into_any()
}

/// Of one's own mail, up to the newest that the page shows.
fn mark_all(page: &MailboxPage) -> Option<AnyView> {
    let unread = page.entries.iter().any(|entry| entry.unread);
    let newest = page.entries.first().filter(|_| unread && page.of == MailboxOf::Own)?;
    let view = view! {
        <form class="mark-all" method="post" action="/mail/read">
            <input type="hidden" name="up_to" value=newest.id.clone() />
            <button class="button button-quiet" type="submit">"Mark all as read"</button>
        </form>
    };
    Some(view.into_any())
}

fn list(page: &MailboxPage) -> AnyView {
    if page.entries.is_empty() {
        return view! {
            <div class="empty">
                <p>"There is no mail yet. What becomes of an order, a sale or an account is written here."</p>
                <p><a class="button" href="/">"Look around the shop"</a></p>
            </div>
        }
        .into_any();
    }
    let rows: Vec<_> = page.entries.iter().map(|entry| row(entry, &page.of)).collect();
    view! { <ul class="mails" role="list">{rows}</ul> }.into_any()
}

fn row(entry: &MailEntry, of: &MailboxOf) -> AnyView {
    let unread = entry.unread.then(|| view! { <span class="badge badge-wait">"New"</span> });
    let class = if entry.unread { "mail unread-mail" } else { "mail" };
    view! {
        <li class=class>
            <a href=address(&format!("/mail/{}", entry.id), of)>{entry.subject.clone()}</a>
            <p class="muted">{time::date_time(entry.at)} " " {unread}</p>
        </li>
    }
    .into_any()
}

pub fn mail(chrome: &Chrome, page: &MailPage) -> String {
    shell::page(chrome, page.letter.subject.clone(), || {
        let of = &page.of;
        view! {
            <article class="narrow letter">
                <p><a href=address("/mail", of)>"All mail"</a></p>
                {lab_line(of)}
                <h1>{page.letter.subject.clone()}</h1>
                <p class="muted">{format!("To {}, ", page.to)} {time::date_time(page.at)}</p>
                <div class="letter-body">{letter::parts(&page.letter)}</div>
                {page.sent.map(|words| view! { <p class="muted">{words}</p> })}
                <p><a href=address(&format!("/mail/{}/text", page.id), of)>"The same as plain text"</a></p>
            </article>
        }
        .into_any()
    })
}
