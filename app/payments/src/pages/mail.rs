//! The mailbox, and one mail: as a page, and in plain text.

use super::account_shell;
use super::authorization::fact;
use crate::model::{Chrome, Letter, MailPage, MailRow};
use app::components::action::Weight;
use app::components::time::{date_time, date_time_words};
use leptos::prelude::*;

const FROM: &str = "Amazon Payments (simulated)";

/// What Amazon has written to the account, the newest first.
pub fn mail(chrome: &Chrome, data: &MailPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = view! {
            <p class="lead">
                "What Amazon Payments writes to you. It stays here: nothing is sent to your e-mail address."
            </p>
            {mark_all(data.unread_up_to)}
            {mails(data.mails)}
            {account_shell::pages(data.paging, "/account/mail", "", "")}
        };
        account_shell::page(&chrome, "Mail", main.into_any())
    })
}

fn mark_all(up_to: Option<String>) -> Option<AnyView> {
    let up_to = up_to?;
    let view = view! {
        <form class="mark-all" method="post" action="/account/mail/read">
            <input type="hidden" name="up_to" value=up_to />
            <button class=Weight::Quiet.class() type="submit">"Mark all as read"</button>
        </form>
    };
    Some(view.into_any())
}

fn mails(rows: Vec<MailRow>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <p class="empty">
                "No mail yet. When you pay, are paid, or allow a shop something, Amazon Payments writes to you here."
            </p>
        }
        .into_any();
    }
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    view! { <ul class="mails">{rows}</ul> }.into_any()
}

fn row(mail: MailRow) -> AnyView {
    let mark = mail.unread.then(|| view! { <span class="unread">"New"</span> " " });
    let class = mail.unread.then_some("mail-unread");
    view! {
        <li class=class>
            <a href=address(&mail.id)>{mail.subject}</a>
            <span class="mail-when">{mark} {date_time(mail.at)}</span>
        </li>
    }
    .into_any()
}

fn address(id: &str) -> String {
    format!("/account/mail/{id}")
}

/// One mail. Its parts are words and amounts, and nothing that others wrote becomes markup.
pub fn letter(chrome: &Chrome, data: &Letter) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (name, email) = data.to;
        let paragraphs: Vec<_> =
            data.paragraphs.into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect();
        let quoted = data.quoted.map(|words| view! { <blockquote class="quoted">{words}</blockquote> });
        let facts: Vec<_> = data.facts.into_iter().map(|(name, value)| fact(&name, value)).collect();
        let facts = (!facts.is_empty()).then(|| view! { <dl class="sum">{facts}</dl> });
        let text = format!("{}/text", address(&data.id));
        let main = view! {
            <dl class="facts">
                {fact("From", FROM)}
                {fact("To", format!("{name}, {email}"))}
                {fact("Date", date_time(data.at))}
            </dl>
            <div class="letter">
                {paragraphs}
                {quoted}
                {facts}
                <p><a href=data.link.path>{data.link.label}</a></p>
            </div>
            <p class="found"><a href="/account/mail">"All mail"</a> " · " <a href=text>"As plain text"</a></p>
        };
        account_shell::page(&chrome, &data.subject, main.into_any())
    })
}

/// The same for those who read no HTML.
pub fn letter_text(data: &Letter) -> String {
    let (name, email) = &data.to;
    let mut text = format!(
        "From: {FROM}\nTo: {name} <{email}>\nDate: {}\nSubject: {}\n",
        date_time_words(data.at),
        data.subject
    );
    for paragraph in &data.paragraphs {
        text.extend(["\n", paragraph, "\n"]);
    }
    if let Some(words) = &data.quoted {
        text.push('\n');
        text.extend(words.lines().flat_map(|line| ["> ", line, "\n"]));
    }
    if !data.facts.is_empty() {
        text.push('\n');
        text.extend(data.facts.iter().flat_map(|(name, value)| [name, ": ", value, "\n"]));
    }
    text.extend(["\n", data.link.label, ": ", &data.link.address, "\n"]);
    text
}
