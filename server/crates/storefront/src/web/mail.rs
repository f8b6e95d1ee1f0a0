//! `/mail`: one's own mailbox; in the lab any, by its address.

use super::{InAddress, SignedIn, Visitor, address, links, page};
use crate::Shop;
use crate::ids::MailId;
use crate::mail::{Mail, Mailbox, Sending};
use crate::mailbox;
use crate::users::User;
use axum::extract::{FromRequestParts, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use platform::paging;
use platform::web::{FormFields, Refusal, never_compressed, see_other};
use shop_pages::model::{Chrome, Letter, MailPage, MailboxOf, MailboxPage};
use shop_pages::pages;

/// Whose mailbox is asked for, by somebody who may look into it.
#[derive(Debug)]
pub struct Reader {
    chrome: Chrome,
    of: Of,
}

#[derive(Debug)]
enum Of {
    User(User),
    /// In the lab.
    Address(String),
}

impl Reader {
    fn mailbox(&self) -> Mailbox<'_> {
        match &self.of {
            Of::User(user) => Mailbox::Of(&user.id),
            Of::Address(address) => Mailbox::At(address),
        }
    }

    fn shown(&self) -> MailboxOf {
        match &self.of {
            Of::User(_) => MailboxOf::Own,
            Of::Address(address) => MailboxOf::Address(address.clone()),
        }
    }
}

impl FromRequestParts<Shop> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        if let Some(address) = asked_for(parts.uri.query()).filter(|_| shop.config.lab) {
            let visitor = Visitor::from_request_parts(parts, shop).await.map_err(Refusal::into_response)?;
            return Ok(Self { chrome: visitor.chrome, of: Of::Address(address) });
        }
        let SignedIn { user, chrome, .. } = SignedIn::from_request_parts(parts, shop).await?;
        Ok(Self { chrome, of: Of::User(user) })
    }
}

/// What became of the mail on its way to a mail server.
fn sending_words(mail: &Mail) -> Option<&'static str> {
    Some(match mail.sending {
        Sending::None => return None,
        Sending::Queued if mail.attempts == 0 => "It is about to be sent by e-mail as well.",
        Sending::Queued => "It could not be sent by e-mail yet; it is tried again.",
        Sending::Sent => "It was sent by e-mail as well.",
        Sending::Failed => "It could not be sent by e-mail.",
    })
}

/// As addresses are kept.
fn asked_for(query: Option<&str>) -> Option<String> {
    let asked = address::asked(query, "address");
    asked.map(|address| identity::email_key(&address)).filter(|address| !address.is_empty())
}

pub async fn list(
    State(shop): State<Shop>,
    reader: Reader,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let part = paging::part_of(query.as_deref());
    let (entries, ways) = mailbox::page(&shop, reader.mailbox(), part).await?;
    let data =
        MailboxPage { of: reader.shown(), entries, paging: links(ways), sends: shop.config.smtp.is_some() };
    Ok(page(true, pages::mailbox(&reader.chrome, &data)))
}

/// Of one's own mailbox, whoever's is looked into in the lab.
pub async fn mark_all_read(
    State(shop): State<Shop>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let up_to = fields.get("up_to").map(str::parse).transpose();
    let up_to =
        up_to.map_err(|_| Refusal::bad_request("Press the button on the page of your mail again."))?;
    mailbox::mark_all_read(&shop, &visitor.user.id, up_to).await?;
    Ok(see_other("/mail"))
}

async fn opened(shop: &Shop, reader: &Reader, id: &MailId) -> Result<(Mail, Letter), Refusal> {
    mailbox::open(shop, reader.mailbox(), id).await?.ok_or_else(Refusal::not_found)
}

pub async fn show(
    State(shop): State<Shop>,
    mut reader: Reader,
    InAddress(id): InAddress<MailId>,
) -> Result<Response, Refusal> {
    let (mail, letter) = opened(&shop, &reader, &id).await?;
    if let (true, Of::User(_), Some(viewer)) = (mail.unread, &reader.of, &mut reader.chrome.viewer) {
        viewer.unread_mail = viewer.unread_mail.saturating_sub(1);
    }
    let data = MailPage {
        of: reader.shown(),
        id: id.to_string(),
        sent: sending_words(&mail),
        to: mail.address,
        at: mail.at,
        letter,
    };
    // It may have a link in it that lets somebody in.
    Ok(never_compressed(page(true, pages::mail(&reader.chrome, &data))))
}

pub async fn text(
    State(shop): State<Shop>,
    reader: Reader,
    InAddress(id): InAddress<MailId>,
) -> Result<Response, Refusal> {
    let (_, letter) = opened(&shop, &reader, &id).await?;
    let text = format!("{}\n\n{}", letter.subject, pages::letter_text(&letter));
    Ok(never_compressed(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()))
}
