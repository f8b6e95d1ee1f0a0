//! `/gifts/{id}`: what somebody else paid for, to be accepted and then to have; and the giver's way to send it again.

use super::orders::back_to;
use super::password::{answer, keeps_to_itself};
use super::{Customer, InAddress, SignedIn, Visitor, address, page};
use crate::Shop;
use crate::accounts::guests;
use crate::catalogue::StoredFile;
use crate::ids::OrderId;
use crate::orders::Order;
use crate::orders::gifts::{Addressee, Gift};
use crate::orders::view;
use crate::purchase::downloads;
use crate::purchase::gifts::{self, GiftError};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::web::{ClientAddress, FormFields, Refusal, see_other};
use shop_pages::model::{GiftPage, OwnGift};
use shop_pages::pages;

pub(super) const FIELDS: [&str; 3] = ["gift_email", "gift_name", "gift_message"];
const LONGEST_NAME: usize = 80;
const LONGEST_MESSAGE: usize = 500;

/// Whom the checkout's form says that it is for; `None`: the buyer, or what is wrong stands at its field.
pub(super) fn read(form: &mut FormState) -> Option<Addressee> {
    let is_empty = |field: &str| form.value(field).trim().is_empty();
    if FIELDS.iter().all(|field| is_empty(field)) {
        return None;
    }
    let mut optional = |field: &str, what: &str, longest| {
        if form.value(field).trim().is_empty() {
            return Some(String::new());
        }
        let typed = match field {
            "gift_message" => crate::input::paragraphs(form.value(field), what, longest),
            _ => crate::input::single_line(form.value(field), what, longest),
        };
        typed.map_err(|problem| form.refuse(field, problem)).ok()
    };
    let name = optional("gift_name", "a name", LONGEST_NAME);
    let message = optional("gift_message", "a message", LONGEST_MESSAGE);
    let email = guests::address(form, "gift_email");
    Some(Addressee { email: email?, name: name?, message: message? })
}

/// Who has accepted it sees what they have; others need the link of the mail, which does nothing by being opened.
pub async fn show(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(id): InAddress<OrderId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    if let Some(user) = &visitor.user
        && let Some((order, gift)) = gifts::accepted_by(&shop, &user.id, &id).await?
    {
        let files = downloads::granted_files(&shop, &user.id, &id).await?;
        let own = OwnGift {
            downloads: view::downloads(&id, files.iter().map(StoredFile::facts).collect()),
            licence_key: downloads::licence_key(&shop, &user.id, &id).await?,
        };
        let data = GiftPage { own: Some(own), ..of(&order, &gift) };
        return Ok(page(true, pages::gift(&visitor.chrome, &data)));
    }
    let asked = |name| address::asked(query.as_deref(), name);
    let (until, key) = address::sealed(asked("until").as_deref(), asked("key").as_deref());
    let found = gifts::follow(&shop, &id, (until, &key)).await?;
    let open = found.filter(|(order, gift)| gift.accepted.is_none() && order.is_paid());
    let Some((order, gift)) = open else {
        return Ok(keeps_to_itself(&shop, answer(true, pages::gift_over(&visitor.chrome))));
    };
    let signed_in = visitor.user.is_some();
    let data = GiftPage { link: Some((until, key)), signed_in, ..of(&order, &gift) };
    Ok(keeps_to_itself(&shop, answer(false, pages::gift(&visitor.chrome, &data))))
}

fn of(order: &Order, gift: &Gift) -> GiftPage {
    GiftPage {
        id: order.id.to_string(),
        title: order.title.clone(),
        item_slug: order.item_slug.to_string(),
        giver: order.buyer_name.clone(),
        message: gift.to.message.clone(),
        link: None,
        signed_in: true,
        own: None,
    }
}

/// Fields: `until`, `key`.
pub async fn accept(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (until, key) = address::sealed(fields.get("until"), fields.get("key"));
    match gifts::take(&shop, &visitor.user.id, &id, (until, &key)).await {
        Ok(()) => {
            visitor.tell("It is yours. You find it in your library from now on.").await?;
            Ok(see_other(&format!("/gifts/{id}")))
        }
        Err(GiftError::NotFound | GiftError::NotNow) => Ok(answer(true, pages::gift_over(&visitor.chrome))),
        Err(error) => Err(refused(error)),
    }
}

/// Field: `gift_email`.
pub async fn send_again(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    ClientAddress(from): ClientAddress,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed_only(fields.into_map(), &FIELDS);
    let Some(email) = guests::address(&mut form, "gift_email") else {
        return super::orders::again(&shop, &visitor, &id, form).await;
    };
    match gifts::send_again(&shop, &visitor.user.id, &id, email, from).await {
        Ok(()) => {
            visitor
                .tell(
                    "We have written to whom it is for. Links of earlier mails to another address are over.",
                )
                .await?;
        }
        Err(GiftError::NotNow) => {
            visitor.tell("The gift cannot be sent now: it was accepted meanwhile, or is not paid.").await?;
        }
        Err(error) => return Err(refused(error)),
    }
    back_to(&visitor, &id, Ok(())).await
}

fn refused(error: GiftError) -> Refusal {
    match error {
        GiftError::NotFound => Refusal::not_found(),
        GiftError::NotNow => Refusal::conflict("That cannot be done with the gift now."),
        GiftError::TooOften(not_now) => not_now.into(),
        GiftError::Order(error) => error.into(),
        GiftError::Database(error) => error.into(),
    }
}
