//! `/guest/…`: what was bought without an account, on another device, and how it gets into one.

use super::password::{answer, keeps_to_itself};
use super::{InAddress, SignedIn, Visitor, address, page};
use crate::Shop;
use crate::accounts::guests;
use crate::ids::{OrderId, UserId};
use crate::orders;
use crate::purchase::claims::{self, ClaimError, LinkError};
use crate::users::User;
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging::Part;
use platform::web::{ClientAddress, FormFields, Refusal, local_path, see_other};
use shop_pages::model::{ClaimPage, GuestLinkPage, GuestOrderPage, MailReach};
use shop_pages::pages;

/// Orders that are named before they are claimed.
const NAMED: i64 = 10;

const CLAIMED: &str = "What you bought without an account is in this one now.";
const NOTHING: &str = "There is nothing to add: it is in an account already.";
const OWN_SALE: &str = "This was bought from your own shop, so it cannot be in this account.";

/// Where the link of a mail leads: opening it alone does nothing, since programs open links before people do.
pub async fn order_form(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(id): InAddress<OrderId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = |name| address::asked(query.as_deref(), name);
    let (until, key) = address::sealed(asked("until").as_deref(), asked("key").as_deref());
    let found = claims::follow(&shop, &id, (until, &key)).await?;
    let over = found.is_none();
    let data = GuestOrderPage {
        order: found.map(|(order, _)| (order.id.to_string(), order.title)),
        until,
        key,
        account: visitor.user.as_ref().map(|user| user.name.clone()),
    };
    Ok(keeps_to_itself(&shop, answer(over, pages::guest_order(&visitor.chrome, &data))))
}

/// Fields: `until`, `key`; `claim`, to have it in the account that one is signed in to.
pub async fn order(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (until, key) = address::sealed(fields.get("until"), fields.get("key"));
    let Some((_, guest)) = claims::follow(&shop, &id, (until, &key)).await? else {
        let data = GuestOrderPage { order: None, until: 0, key: String::new(), account: None };
        return Ok(keeps_to_itself(&shop, answer(true, pages::guest_order(&visitor.chrome, &data))));
    };
    match &visitor.user {
        Some(user) if fields.get("claim").is_some() => {
            visitor.tell(claimed(&shop, &guest.id, user).await?).await?;
            Ok(see_other("/orders"))
        }
        Some(_) => {
            Err(Refusal::bad_request("You are signed in: add the order to your account, or sign out first."))
        }
        None => {
            visitor.become_guest(&shop, &guest).await?;
            Ok(see_other(&format!("/orders/{id}")))
        }
    }
}

/// What to tell who has claimed it.
async fn claimed(shop: &Shop, guest: &UserId, user: &User) -> Result<&'static str, Refusal> {
    match claims::claim(shop, guest, &user.id).await {
        Ok(()) => Ok(CLAIMED),
        Err(ClaimError::Nothing) => Ok(NOTHING),
        Err(ClaimError::OwnSale) => Ok(OWN_SALE),
        Err(ClaimError::Database(error)) => Err(error.into()),
    }
}

/// Where `next` leads, if it leads anywhere here.
fn next_of(next: Option<&str>) -> String {
    next.and_then(local_path).unwrap_or_else(|| "/orders".to_owned())
}

/// After signing in: what this browser bought before, to be added to the account.
pub async fn claim_form(
    State(shop): State<Shop>,
    visitor: Visitor,
    method: http::Method,
    uri: http::Uri,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let browsers = visitor.guest.clone();
    let next = next_of(address::asked(query.as_deref(), "next").as_deref());
    let SignedIn { user, chrome, .. } = match visitor.signed_in(&method, &uri).await {
        Ok(signed_in) => signed_in,
        Err(answer) => return Ok(*answer),
    };
    let mut titles = Vec::new();
    for guest in guests::claimable(&shop, browsers.as_ref(), &user).await? {
        let bought = orders::for_buyer(&shop.db, &guest.id, &Part::Newest, NAMED).await?;
        titles.extend(bought.into_iter().map(|order| order.title));
    }
    if titles.is_empty() {
        return Ok(see_other(&next));
    }
    Ok(page(true, pages::claim(&chrome, &ClaimPage { titles, next })))
}

pub async fn claim(
    State(shop): State<Shop>,
    visitor: Visitor,
    method: http::Method,
    uri: http::Uri,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let browsers = visitor.guest.clone();
    let signed_in = match visitor.signed_in(&method, &uri).await {
        Ok(signed_in) => signed_in,
        Err(answer) => return Ok(*answer),
    };
    let mut told = NOTHING;
    for guest in guests::claimable(&shop, browsers.as_ref(), &signed_in.user).await? {
        told = claimed(&shop, &guest.id, &signed_in.user).await?;
    }
    signed_in.tell(told).await?;
    Ok(see_other(&next_of(fields.get("next"))))
}

pub async fn link_form(State(shop): State<Shop>, visitor: Visitor) -> Response {
    link_page(&shop, &visitor, FormState::default(), None)
}

fn link_page(shop: &Shop, visitor: &Visitor, form: FormState, written_to: Option<String>) -> Response {
    let lab = shop.config.mail_reach() == MailReach::Lab;
    let data = GuestLinkPage { form, written_to, lab };
    page(data.form.is_valid(), pages::guest_link(&visitor.chrome, &data))
}

/// Fields: `order`, `email`. The answer is the same whether or not there is such an order.
pub async fn link(
    State(shop): State<Shop>,
    visitor: Visitor,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed_only(fields.into_map(), &["order", "email"]);
    let email = guests::address(&mut form, "email");
    if form.value("order").trim().is_empty() {
        form.refuse(
            "order",
            "Enter the number of the order. It stands on its page and in the mails about it.",
        );
    }
    let Some(email) = email.filter(|_| form.is_valid()) else {
        return Ok(link_page(&shop, &visitor, form, None));
    };
    match claims::send_link(&shop, form.value("order"), &email, from).await {
        Ok(()) => Ok(link_page(&shop, &visitor, FormState::default(), Some(email))),
        Err(LinkError::NotNow(not_now)) => Err(not_now.into()),
        Err(LinkError::Database(error)) => Err(error.into()),
    }
}
