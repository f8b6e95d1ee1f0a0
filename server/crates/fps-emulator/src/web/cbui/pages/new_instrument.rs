//! A card or a bank account that is added on the way, and used at once.

use crate::engine::authorizations::{AuthorizationRequest, Entered};
use crate::engine::instruments::{self, AddInstrumentError, InstrumentDetails};
use crate::state::Site;
use crate::web::cbui::pages::instrument::use_instrument;
use crate::web::cbui::pages::{Answer, entered_by_id, page_of, path, seen_by_id, shown, status_for};
use crate::web::form::typed;
use crate::web::new_instruments;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use payments_pages::model::{CbuiNewInstrument, NewInstrument};
use payments_pages::pages;
use platform::web::{FormFields, see_other};

pub async fn card_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    form(&site, &visitor, &id, NewInstrument::Card).await
}

pub async fn bank_account_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    form(&site, &visitor, &id, NewInstrument::BankAccount).await
}

pub async fn add_card(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    add(&site, &visitor, &id, &fields, NewInstrument::Card).await
}

pub async fn add_bank_account(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    add(&site, &visitor, &id, &fields, NewInstrument::BankAccount).await
}

/// Whether the caller takes it; if not, there is no such form.
fn is_taken(request: &AuthorizationRequest, kind: NewInstrument) -> bool {
    match kind {
        NewInstrument::Card => request.takes_new_card(),
        NewInstrument::BankAccount => request.takes_new_bank_account(),
    }
}

async fn form(site: &Site, visitor: &Visitor, id: &str, kind: NewInstrument) -> Answer {
    let request = seen_by_id(site, visitor, id).await?.request;
    if !is_taken(&request, kind) {
        return Ok(see_other(&path(&request, "instrument")));
    }
    Ok(page(site, visitor, &request, kind, FormState::default()))
}

fn page(
    site: &Site,
    visitor: &Visitor,
    request: &AuthorizationRequest,
    kind: NewInstrument,
    form: FormState,
) -> Response {
    let status = status_for(&form);
    let show_test_numbers = site.payments.config.lab;
    let page = CbuiNewInstrument { authorization: shown(site, request), kind, form, show_test_numbers };
    page_of(request, status, pages::cbui_new_instrument(&visitor.chrome(), &page))
}

async fn add(site: &Site, visitor: &Visitor, id: &str, fields: &FormFields, kind: NewInstrument) -> Answer {
    let entered = entered_by_id(site, visitor, id).await?;
    if !is_taken(&entered.request, kind) {
        return Ok(see_other(&path(&entered.request, "instrument")));
    }
    let mut form = typed(fields);
    let details = match kind {
        NewInstrument::Card => new_instruments::read_card(fields, site.payments.clock.now(), &mut form),
        NewInstrument::BankAccount => new_instruments::read_bank_account(fields, &mut form),
    };
    let Some(details) = details else {
        return Ok(page(site, visitor, &entered.request, kind, form));
    };
    store(site, visitor, &entered, details, kind, form).await
}

async fn store(
    site: &Site,
    visitor: &Visitor,
    entered: &Entered<'_>,
    details: InstrumentDetails,
    kind: NewInstrument,
    mut form: FormState,
) -> Answer {
    match instruments::add(&site.payments.engine(), entered.account, details).await {
        Ok(instrument_id) => use_instrument(site, entered, &instrument_id).await,
        Err(AddInstrumentError::TooMany) => {
            form.refuse("", "Your account has as many payment methods as it can have. Use one of those.");
            Ok(page(site, visitor, &entered.request, kind, form))
        }
        Err(AddInstrumentError::Database(error)) => Err(error.into()),
    }
}
