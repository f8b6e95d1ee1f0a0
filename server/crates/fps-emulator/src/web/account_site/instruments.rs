//! What the account pays with: shown, added, removed.

use crate::domain::accounts::{self, Account};
use crate::domain::callers;
use crate::domain::instruments::{self, Instrument};
use crate::domain::payments::month_is_over;
use crate::domain::stored_value::books;
use crate::state::Site;
use crate::web::account_site::signed_in::SignedIn;
use crate::web::new_instruments::{self, StoreError};
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::PaymentMethod;
use money::Money;
use payments_pages::model::{InstrumentCard, InstrumentsPage, NewInstrument, NewInstrumentPage};
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/instruments";

pub async fn show(State(site): State<Site>, visitor: SignedIn) -> Result<Response, Refusal> {
    let mut page = InstrumentsPage::default();
    for instrument in instruments::all_of_account(&site.payments.db, &visitor.account.id).await? {
        page.instruments.push(card(&site, &visitor.account, instrument).await?);
    }
    Ok(Html(pages::instruments(&visitor.chrome, &page)).into_response())
}

async fn card(site: &Site, account: &Account, instrument: Instrument) -> Result<InstrumentCard, Refusal> {
    let is_over = instrument
        .expires
        .as_deref()
        .is_some_and(|expires| month_is_over(expires, site.payments.clock.now()));
    let note = match (&instrument.expires, &instrument.access_key) {
        (Some(expires), _) if is_over => Some(format!("Expired in {expires}")),
        (Some(expires), _) => Some(format!("Good until {expires}")),
        (None, Some(key)) => {
            let caller = callers::find(&site.payments.db, key).await?;
            caller.map(|caller| format!("With {}", caller.display_name))
        }
        (None, None) => None,
    };
    let removable = matches!(instrument.method, PaymentMethod::Cc | PaymentMethod::Ach);
    Ok(InstrumentCard {
        amount: amount(site, account, &instrument).await?,
        note,
        unusable: is_over,
        remove: removable.then(|| {
            "Authorizations that pay with it cannot take any more payments. What is paid stays paid."
                .to_owned()
        }),
        id: instrument.id,
        label: instrument.label,
    })
}

/// What is in it, or owed through it.
async fn amount(
    site: &Site,
    account: &Account,
    instrument: &Instrument,
) -> Result<Option<(String, Money)>, Refusal> {
    let db = &site.payments.db;
    Ok(match instrument.method {
        PaymentMethod::Abt => {
            let balance = accounts::balance(db, &account.id).await?;
            Some(("Available".to_owned(), balance.available()))
        }
        PaymentMethod::Prepaid => {
            let balance = ledger::balance(db.readers(), &books::prepaid(&instrument.id)).await?;
            Some(("Available".to_owned(), balance.map_or(Money::ZERO, |balance| balance.available())))
        }
        PaymentMethod::Debt => {
            let balance = ledger::balance(db.readers(), &books::debt(&instrument.id)).await?;
            let owed = balance.and_then(|balance| balance.total.neg().ok());
            Some(("Owed".to_owned(), owed.unwrap_or(Money::ZERO)))
        }
        PaymentMethod::Ach | PaymentMethod::Cc => None,
    })
}

pub async fn card_form(State(site): State<Site>, visitor: SignedIn) -> Response {
    form(&site, &visitor, NewInstrument::Card)
}

pub async fn bank_account_form(State(site): State<Site>, visitor: SignedIn) -> Response {
    form(&site, &visitor, NewInstrument::BankAccount)
}

fn form(site: &Site, visitor: &SignedIn, kind: NewInstrument) -> Response {
    Html(pages::new_instrument(&visitor.chrome, &page(site, kind, FormState::default()))).into_response()
}

fn page(site: &Site, kind: NewInstrument, form: FormState) -> NewInstrumentPage {
    NewInstrumentPage { kind, form, show_test_numbers: site.payments.config.lab }
}

pub async fn add_card(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    add(&site, &visitor, NewInstrument::Card, &fields).await
}

pub async fn add_bank_account(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    add(&site, &visitor, NewInstrument::BankAccount, &fields).await
}

async fn add(
    site: &Site,
    visitor: &SignedIn,
    kind: NewInstrument,
    fields: &FormFields,
) -> Result<Response, Refusal> {
    let mut form = new_instruments::typed(fields);
    let details = match kind {
        NewInstrument::Card => new_instruments::read_card(fields, site.payments.clock.now(), &mut form),
        NewInstrument::BankAccount => new_instruments::read_bank_account(fields, &mut form),
    };
    if let Some(details) = details {
        match new_instruments::store(&site.payments, &visitor.account, details).await {
            Ok(_) => return visitor.go(PATH, "Added. You can pay with it now.").await,
            Err(StoreError::TooMany) => {
                form.refuse("", "You have as many payment methods as an account can have. Remove one first.");
            }
            Err(StoreError::Sqlx(error)) => return Err(error.into()),
        }
    }
    let page = page(site, kind, form);
    Ok(SignedIn::again(pages::new_instrument(&visitor.chrome, &page)))
}

/// Nothing pays with it any more; what it paid for keeps its record of it.
pub async fn remove(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(id): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let account_id = visitor.account.id.clone();
    let removed: Result<bool, sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let (account_id, id) = (account_id.clone(), id.clone());
            Box::pin(async move { instruments::remove(c, &account_id, &id).await })
        })
        .await;
    if removed? { visitor.go(PATH, "Removed.").await } else { Err(Refusal::not_found()) }
}
