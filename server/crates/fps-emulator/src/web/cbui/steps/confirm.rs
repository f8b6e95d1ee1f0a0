//! The review, and the decision.

use crate::domain::accounts::{Account, AccountKind};
use crate::domain::addresses::Address;
use crate::state::Site;
use crate::web::cbui::grants::Chosen;
use crate::web::cbui::offers::Offer;
use crate::web::cbui::steps::{Answer, authorization, entered, page_of};
use crate::web::cbui::visit::{self, Visit};
use crate::web::cbui::{Stop, flow, view};
use crate::web::sign_in::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use payments_pages::model::{CbuiConfirm, Reviewed};
use payments_pages::pages;
use platform::web::{FormFields, see_other};

/// What was chosen on the way.
struct Choices {
    offer: Option<Offer>,
    address: Option<Address>,
}

pub async fn confirm_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    let choices = choices(&site, &visit, account).await?;
    Ok(review(&site, &visitor, &visit, account, &choices, Why::Asked))
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

/// Why the review is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Asked,
    /// What was chosen cannot be used.
    Unusable,
    /// Something else was confirmed than what is chosen by now.
    Changed,
}

impl Choices {
    fn reviewed(&self, account: &Account) -> Reviewed {
        let instrument = self.offer.as_ref().map(|offer| offer.instrument.id.clone());
        let address = self.address.as_ref().map(|address| address.id.clone());
        Reviewed {
            account: account.id.clone(),
            instrument: instrument.unwrap_or_default(),
            address: address.unwrap_or_default(),
        }
    }
}

/// Whether what the person looked at before pressing Confirm, which the page's form names, is what is chosen.
/// A program that names nothing agrees to whatever is.
fn agrees(fields: &FormFields, chosen: &Reviewed) -> bool {
    let named =
        [("account", &chosen.account), ("instrument", &chosen.instrument), ("address", &chosen.address)];
    named.iter().all(|(name, chosen)| fields.get(name).is_none_or(|named| named == *chosen))
}

fn review(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    account: &Account,
    choices: &Choices,
    why: Why,
) -> Response {
    let takes_no_cards = !visit.chooses_instrument() && account.kind == AccountKind::Personal;
    let note =
        "Yours is a personal account: it cannot take payments by card, only from balances and bank accounts.";
    let status = match why {
        Why::Asked => StatusCode::OK,
        Why::Unusable => StatusCode::UNPROCESSABLE_ENTITY,
        Why::Changed => StatusCode::CONFLICT,
    };
    let page = CbuiConfirm {
        authorization: authorization(site, visit),
        reviewed: choices.reviewed(account),
        changed: why == Why::Changed,
        problem: choices.offer.as_ref().and_then(|offer| offer.unusable.clone()),
        instrument: choices.offer.as_ref().map(view::instrument),
        note: takes_no_cards.then(|| note.to_owned()),
        ship_to: choices.address.as_ref().map(Address::lines).unwrap_or_default(),
    };
    page_of(visit, status, pages::cbui_confirm(&visitor.chrome(), &page))
}

pub async fn confirm(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    let choices = choices(&site, &visit, account).await?;
    if !agrees(&fields, &choices.reviewed(account)) {
        return Ok(review(&site, &visitor, &visit, account, &choices, Why::Changed));
    }
    if choices.offer.as_ref().is_some_and(|offer| offer.unusable.is_some()) {
        return Ok(review(&site, &visitor, &visit, account, &choices, Why::Unusable));
    }
    let address = choices.address.map(Into::into);
    let chosen = Chosen { instrument: choices.offer.map(|offer| offer.instrument), address };
    match flow::confirm(&site.payments, &visit, account, chosen).await? {
        Some(location) => Ok(see_other(&location)),
        None => changed_meanwhile(&site, &visitor, &id).await,
    }
}

async fn changed_meanwhile(site: &Site, visitor: &Visitor, id: &str) -> Answer {
    let visit = visit::visit(&site.payments, id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(site, visitor, visit).await?;
    let choices = choices(site, &visit, account).await?;
    Ok(review(site, visitor, &visit, account, &choices, Why::Changed))
}

/// Back to the caller without a token.
pub async fn cancel(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let location = flow::abandon(&site.payments, &id, visitor.account.as_ref()).await?;
    Ok(see_other(&location))
}
