//! What pays.

use crate::engine::authorizations::Entered;
use crate::state::Site;
use crate::web::cbui::pages::{Answer, entered_by_id, page_of, path, seen_by_id, shown, status_for};
use crate::web::cbui::view;
use crate::web::form::typed;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use fps_protocol::ids::InstrumentId;
use payments_pages::model::{Addable, CbuiInstrument};
use payments_pages::pages;
use platform::web::{FormFields, see_other};

pub async fn instrument_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let entered = seen_by_id(&site, &visitor, &id).await?;
    if !entered.request.chooses_instrument() {
        return Ok(see_other(&path(&entered.request, "confirm")));
    }
    let mut form = FormState::default();
    if let Some(chosen) = &entered.claim.instrument {
        form.set("instrument", chosen.as_str());
    }
    Ok(page(&site, &visitor, &entered, form))
}

fn page(site: &Site, visitor: &Visitor, entered: &Entered<'_>, form: FormState) -> Response {
    let request = &entered.request;
    let status = status_for(&form);
    let page = CbuiInstrument {
        authorization: shown(site, request),
        instruments: entered.payment_options.iter().map(view::instrument).collect(),
        addable: Addable { card: request.takes_new_card(), bank_account: request.takes_new_bank_account() },
        form,
    };
    page_of(request, status, pages::cbui_instrument(&visitor.chrome(), &page))
}

pub async fn choose_instrument(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let entered = entered_by_id(&site, &visitor, &id).await?;
    match entered.usable_option(fields.get("instrument").unwrap_or_default()) {
        Ok(option) => use_instrument(&site, &entered, &option.instrument.id).await,
        Err(unusable) => {
            let mut form = typed(&fields);
            form.refuse("instrument", unusable.to_string());
            Ok(page(&site, &visitor, &entered, form))
        }
    }
}

/// An address that was chosen stays when the payment method is changed.
pub(super) async fn use_instrument(
    site: &Site,
    entered: &Entered<'_>,
    instrument_id: &InstrumentId,
) -> Answer {
    site.payments.authorizations().choose_instrument(entered, instrument_id).await?;
    let needs_address = entered.request.chooses_address() && entered.claim.address.is_none();
    Ok(see_other(&path(&entered.request, if needs_address { "address" } else { "confirm" })))
}
