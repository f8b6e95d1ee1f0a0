//! The review, and the decision.

use super::{Answer, authorization, entered, page_of};
use crate::accounts::{Account, AccountKind};
use crate::addresses::Address;
use crate::cbui::grants::Chosen;
use crate::cbui::offers::Offer;
use crate::cbui::visit::{self, Visit};
use crate::cbui::{Stop, flow, view};
use crate::sign_in::Visitor;
use crate::site::Site;
use app::payments::model::CbuiConfirm;
use app::payments::pages;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use platform::web::see_other;

/// What was chosen on the way.
struct Choices {
    offer: Option<Offer>,
    address: Option<Address>,
}

pub async fn confirm_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    let choices = choices(&site, &visit, account).await?;
    Ok(review(&site, &visitor, &visit, account, &choices, StatusCode::OK))
}

/// What was chosen; to the step that is still to be done if something was not.
async fn choices(site: &Site, visit: &Visit, account: &Account) -> Result<Choices, Stop> {
    let offer = flow::chosen(&site.payments, visit, account).await?;
    if visit.chooses_instrument() && offer.is_none() {
        return Err(Stop::Leave(visit.path("instrument")));
    }
    let address = flow::chosen_address(&site.payments, visit, account).await?;
    if visit.chooses_address() && address.is_none() {
        return Err(Stop::Leave(visit.path("address")));
    }
    Ok(Choices { offer, address })
}

fn review(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    account: &Account,
    choices: &Choices,
    status: StatusCode,
) -> Response {
    let takes_no_cards = !visit.chooses_instrument() && account.kind == AccountKind::Personal;
    let note =
        "Yours is a personal account: it cannot take payments by card, only from balances and bank accounts.";
    let page = CbuiConfirm {
        authorization: authorization(site, visit),
        problem: choices.offer.as_ref().and_then(|offer| offer.unusable.clone()),
        instrument: choices.offer.as_ref().map(view::instrument),
        note: takes_no_cards.then(|| note.to_owned()),
        ship_to: choices.address.as_ref().map(Address::lines).unwrap_or_default(),
    };
    page_of(visit, status, pages::cbui_confirm(&visitor.chrome(), &page))
}

pub async fn confirm(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    let choices = choices(&site, &visit, account).await?;
    if choices.offer.as_ref().is_some_and(|offer| offer.unusable.is_some()) {
        return Ok(review(&site, &visitor, &visit, account, &choices, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let address = choices.address.map(Into::into);
    let chosen = Chosen { instrument: choices.offer.map(|offer| offer.instrument), address };
    let location = flow::confirm(&site.payments, &visit, account, chosen).await?;
    Ok(see_other(&location))
}

/// Back to the caller without a token. Whoever holds the address may, until somebody has signed in.
pub async fn cancel(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let location = flow::abandon(&site.payments, &id, visitor.account.as_ref()).await?;
    Ok(see_other(&location))
}
