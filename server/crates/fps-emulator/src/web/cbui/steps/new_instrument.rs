//! A card or a bank account that is added on the way, and used at once.

use crate::domain::accounts::Account;
use crate::engine::instruments::{self, AddInstrumentError, InstrumentDetails};
use crate::state::Site;
use crate::web::cbui::steps::instrument::after_choice;
use crate::web::cbui::steps::{Answer, authorization, entered, page_of, status_for};
use crate::web::cbui::visit::{self, Visit};
use crate::web::cbui::{flow, offers};
use crate::web::form::typed;
use crate::web::new_instruments;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
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
fn is_taken(visit: &Visit, kind: NewInstrument) -> bool {
    let addable = offers::addable(visit);
    match kind {
        NewInstrument::Card => addable.card,
        NewInstrument::BankAccount => addable.bank_account,
    }
}

async fn form(site: &Site, visitor: &Visitor, id: &str, kind: NewInstrument) -> Answer {
    let visit = visit::visit(&site.payments, id, visitor.account.as_ref()).await?;
    let (visit, _) = entered(site, visitor, visit).await?;
    if !is_taken(&visit, kind) {
        return Ok(see_other(&visit.path("instrument")));
    }
    Ok(page(site, visitor, &visit, kind, FormState::default()))
}

fn page(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    kind: NewInstrument,
    form: FormState,
) -> axum::response::Response {
    let status = status_for(&form);
    let show_test_numbers = site.payments.config.lab;
    let page = CbuiNewInstrument { authorization: authorization(site, visit), kind, form, show_test_numbers };
    page_of(visit, status, pages::cbui_new_instrument(&visitor.chrome(), &page))
}

async fn add(site: &Site, visitor: &Visitor, id: &str, fields: &FormFields, kind: NewInstrument) -> Answer {
    let visit = visit::visit(&site.payments, id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(site, visitor, visit).await?;
    if !is_taken(&visit, kind) {
        return Ok(see_other(&visit.path("instrument")));
    }
    let mut form = typed(fields);
    let details = match kind {
        NewInstrument::Card => new_instruments::read_card(fields, site.payments.clock.now(), &mut form),
        NewInstrument::BankAccount => new_instruments::read_bank_account(fields, &mut form),
    };
    let Some(details) = details else {
        return Ok(page(site, visitor, &visit, kind, form));
    };
    store(site, visitor, &visit, account, details, kind, form).await
}

async fn store(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    account: &Account,
    details: InstrumentDetails,
    kind: NewInstrument,
    mut form: FormState,
) -> Answer {
    match instruments::add(&site.payments.engine(), account, details).await {
        Ok(instrument_id) => {
            flow::choose(&site.payments, visit, account, &instrument_id).await?;
            Ok(see_other(&visit.path(after_choice(visit))))
        }
        Err(AddInstrumentError::TooMany) => {
            form.refuse("", "Your account has as many payment methods as it can have. Use one of those.");
            Ok(page(site, visitor, visit, kind, form))
        }
        Err(AddInstrumentError::Database(error)) => Err(error.into()),
    }
}
