//! The review, and the decision.

use crate::domain::accounts::AccountKind;
use crate::domain::addresses::Address;
use crate::engine::authorizations::{Entered, PaymentOption, Selection};
use crate::state::Site;
use crate::web::cbui::pages::{Answer, entered_by_id, page_of, path, read_id, seen_by_id, shown};
use crate::web::cbui::{Stop, view};
use crate::web::sign_in::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use payments_pages::model::{CbuiConfirm, Reviewed};
use payments_pages::pages;
use platform::web::{FormFields, see_other};

/// An authorization with all that must be chosen chosen.
struct Review<'v> {
    entered: Entered<'v>,
    option: Option<PaymentOption>,
    address: Option<Address>,
}

pub async fn confirm_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let review = review(&site, seen_by_id(&site, &visitor, &id).await?).await?;
    Ok(page(&site, &visitor, &review, Why::Asked))
}

/// What was chosen; to the page that is still to be done if something was not.
async fn review<'v>(site: &Site, entered: Entered<'v>) -> Result<Review<'v>, Stop> {
    let option = entered.chosen_option().cloned();
    if entered.request.chooses_instrument() && option.is_none() {
        return Err(Stop::Leave(path(&entered.request, "instrument")));
    }
    let address = site.payments.authorizations().chosen_address(&entered).await?;
    if entered.request.chooses_address() && address.is_none() {
        return Err(Stop::Leave(path(&entered.request, "address")));
    }
    Ok(Review { entered, option, address })
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

impl Review<'_> {
    fn reviewed(&self) -> Reviewed {
        let instrument = self.option.as_ref().map(|option| option.instrument.id.to_string());
        let address = self.address.as_ref().map(|address| address.id.to_string());
        Reviewed {
            account: self.entered.account.id.to_string(),
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

fn page(site: &Site, visitor: &Visitor, review: &Review<'_>, why: Why) -> Response {
    let (request, account) = (&review.entered.request, review.entered.account);
    let takes_no_cards = !request.chooses_instrument() && account.kind == AccountKind::Personal;
    let note =
        "Yours is a personal account: it cannot take payments by card, only from balances and bank accounts.";
    let status = match why {
        Why::Asked => StatusCode::OK,
        Why::Unusable => StatusCode::UNPROCESSABLE_ENTITY,
        Why::Changed => StatusCode::CONFLICT,
    };
    let option = review.option.as_ref();
    let page = CbuiConfirm {
        authorization: shown(site, request),
        reviewed: review.reviewed(),
        changed: why == Why::Changed,
        problem: option.and_then(|option| option.unusable).map(|unusable| unusable.to_string()),
        instrument: option.map(view::instrument),
        note: takes_no_cards.then(|| note.to_owned()),
        ship_to: review.address.as_ref().map(|address| address.label.lines()).unwrap_or_default(),
    };
    page_of(request, status, pages::cbui_confirm(&visitor.chrome(), &page))
}

pub async fn confirm(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let seen = review(&site, entered_by_id(&site, &visitor, &id).await?).await?;
    if !agrees(&fields, &seen.reviewed()) {
        return Ok(page(&site, &visitor, &seen, Why::Changed));
    }
    if seen.option.as_ref().is_some_and(|option| option.unusable.is_some()) {
        return Ok(page(&site, &visitor, &seen, Why::Unusable));
    }
    let selection = Selection {
        instrument: seen.option.map(|option| option.instrument),
        address: seen.address.map(|address| address.label.into()),
    };
    if let Some(location) = site.payments.authorizations().confirm(seen.entered, selection).await? {
        return Ok(see_other(&location));
    }
    let review = review(&site, entered_by_id(&site, &visitor, &id).await?).await?;
    Ok(page(&site, &visitor, &review, Why::Changed))
}

/// Back to the caller without a token.
pub async fn cancel(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let authorizations = site.payments.authorizations();
    let request = authorizations.load(&read_id(&id)?).await?;
    let location = authorizations.abandon(request, visitor.account.as_ref()).await?;
    Ok(see_other(&location))
}
