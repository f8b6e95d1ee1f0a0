//! The mailbox: what Amazon has written to the account's owner, and one mail of it, as a page and in plain text.

mod account_words;
mod matter;
mod payment_words;
mod token_words;

use crate::domain::accounts::Account;
use crate::domain::mail::{self, Mail, MailId};
use crate::engine::Engine;
use crate::engine::mail as reading;
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::paging::{self, Part};
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use matter::Matters;
use payments_pages::model::{Letter, MANY_UNREAD, MailPage, MailRow};
use payments_pages::pages;
use platform::web::{FormFields, Refusal, keep_for_the_moment};

const PATH: &str = "/account/mail";
const PER_PAGE: usize = 25;

pub async fn show(
    State(engine): State<Engine>,
    holder: AccountHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, account) = (&engine.db, &holder.account);
    let asked: Part<MailId> = paging::part_of(query.as_deref());
    let (mails, paging) = paging::page(
        asked,
        PER_PAGE,
        |mail: &Mail| mail.id.clone(),
        |part, limit| Box::pin(async move { mail::page(db, &account.id, &part, limit).await }),
    )
    .await?;
    let matters = Matters::of(db, &mails).await?;
    let newest = mails.first().map(|mail| mail.id.to_string());
    let row = |mail: &Mail| {
        Ok(MailRow {
            id: mail.id.to_string(),
            at: mail.id.at,
            subject: matters.find(mail)?.subject(mail.kind, account),
            unread: mail.unread,
        })
    };
    let page = MailPage {
        mails: mails.iter().map(row).collect::<Result<_, sqlx::Error>>()?,
        // All of it stands at the newest.
        unread_up_to: newest.filter(|_| holder.chrome.unread > 0 && paging.newer.is_none()),
        paging,
    };
    Ok(keep_for_the_moment(Html(pages::mail(&holder.chrome, &page)).into_response()))
}

/// Marks as read what the page showed, and all before it.
pub async fn mark_read(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let id = fields.get("up_to").unwrap_or_default().parse();
    let id = id.map_err(|_| Refusal::bad_request("The form does not say up to which mail all is read."))?;
    reading::read_up_to(&engine, &holder.account.id, &id).await?;
    holder.go(PATH, "All mail is marked as read.").await
}

pub async fn open(
    State(engine): State<Engine>,
    mut holder: AccountHolder,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let letter = letter(&engine, &holder.account, &id).await?;
    // This one was counted before it was opened.
    holder.chrome.unread = mail::unread(&engine.db, &holder.account.id, MANY_UNREAD).await?;
    Ok(Html(pages::letter(&holder.chrome, &letter)).into_response())
}

pub async fn open_as_text(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let letter = letter(&engine, &holder.account, &id).await?;
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "private, no-store")];
    Ok((headers, pages::letter_text(&letter)).into_response())
}

/// Somebody else's mail does not exist for this account.
async fn letter(engine: &Engine, account: &Account, id: &str) -> Result<Letter, Refusal> {
    let id: MailId = id.parse().map_err(|_| Refusal::not_found())?;
    let mail = reading::open(engine, &account.id, &id).await?.ok_or_else(Refusal::not_found)?;
    let matters = Matters::of(&engine.db, std::slice::from_ref(&mail)).await?;
    let matter = matters.find(&mail)?;
    matter.letter(engine, &mail, account).await
}
