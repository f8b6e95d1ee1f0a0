//! What pays.

use crate::domain::accounts::Account;
use crate::state::Site;
use crate::web::cbui::steps::{Answer, authorization, entered, page_of, status_for};
use crate::web::cbui::visit::{self, Visit};
use crate::web::cbui::{flow, offers, view};
use crate::web::form::typed;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use payments_pages::model::CbuiInstrument;
use payments_pages::pages;
use platform::web::{FormFields, see_other};

pub async fn instrument_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    if !visit.chooses_instrument() {
        return Ok(see_other(&visit.path("confirm")));
    }
    let mut form = FormState::default();
    if let Some(chosen) = &visit.authorization.instrument_id {
        form.set("instrument", chosen);
    }
    instrument_page(&site, &visitor, &visit, account, form).await
}

async fn instrument_page(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    account: &Account,
    form: FormState,
) -> Answer {
    let instruments = flow::offers(&site.payments, visit, account).await?;
    let status = status_for(&form);
    let page = CbuiInstrument {
        authorization: authorization(site, visit),
        instruments: instruments.iter().map(view::instrument).collect(),
        addable: offers::addable(visit),
        form,
    };
    Ok(page_of(visit, status, pages::cbui_instrument(&visitor.chrome(), &page)))
}

pub async fn choose_instrument(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    let chosen = fields.get("instrument").unwrap_or_default();
    let offered = flow::offers(&site.payments, &visit, account).await?;
    let refusal = match offered.iter().find(|offer| offer.instrument.id == chosen) {
        Some(offer) => offer.unusable.clone(),
        None => Some("Choose how you want to pay.".to_owned()),
    };
    if let Some(reason) = refusal {
        let mut form = typed(&fields);
        form.refuse("instrument", reason);
        return instrument_page(&site, &visitor, &visit, account, form).await;
    }
    flow::choose(&site.payments, &visit, account, chosen).await?;
    Ok(see_other(&visit.path(after_choice(&visit))))
}

/// An address that was chosen stays when the payment method is changed.
pub(super) fn after_choice(visit: &Visit) -> &'static str {
    if visit.chooses_address() && visit.authorization.address_id.is_none() { "address" } else { "confirm" }
}
