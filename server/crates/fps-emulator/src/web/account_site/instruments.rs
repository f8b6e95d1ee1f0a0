//! What the account pays with: shown, added, removed.

use crate::domain::accounts::{self, Account};
use crate::domain::callers;
use crate::domain::instruments::{self, Instrument};
use crate::domain::ledger_accounts;
use crate::domain::payments::month_is_over;
use crate::engine::Engine;
use crate::engine::instruments::{self as services, AddInstrumentError};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::form::typed;
use crate::web::new_instruments;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::PaymentMethod;
use money::Money;
use payments_pages::model::{InstrumentCard, InstrumentsPage, NewInstrument, NewInstrumentPage};
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/instruments";

pub async fn show(State(engine): State<Engine>, holder: AccountHolder) -> Result<Response, Refusal> {
    let mut page = InstrumentsPage::default();
    for instrument in instruments::all_of_account(&engine.db, &holder.account.id).await? {
        page.instruments.push(card(&engine, &holder.account, instrument).await?);
    }
    Ok(Html(pages::instruments(&holder.chrome, &page)).into_response())
}

async fn card(engine: &Engine, account: &Account, instrument: Instrument) -> Result<InstrumentCard, Refusal> {
    let is_over =
        instrument.expires.as_deref().is_some_and(|expires| month_is_over(expires, engine.clock.now()));
    let note = match (&instrument.expires, &instrument.access_key) {
        (Some(expires), _) if is_over => Some(format!("Expired in {expires}")),
        (Some(expires), _) => Some(format!("Good until {expires}")),
        (None, Some(key)) => {
            let caller = callers::find(&engine.db, key).await?;
            caller.map(|caller| format!("With {}", caller.display_name))
        }
        (None, None) => None,
    };
    let removable = matches!(instrument.method, PaymentMethod::Cc | PaymentMethod::Ach);
    Ok(InstrumentCard {
        amount: amount(engine, account, &instrument).await?,
        note,
        unusable: is_over,
        remove: removable.then(|| {
            "Authorizations that pay with it cannot take any more payments. What is paid stays paid."
                .to_owned()
        }),
        id: instrument.id.into_string(),
        label: instrument.label,
    })
}

/// What is in it, or owed through it.
async fn amount(
    engine: &Engine,
    account: &Account,
    instrument: &Instrument,
) -> Result<Option<(String, Money)>, Refusal> {
    let db = &engine.db;
    Ok(match instrument.method {
        PaymentMethod::Abt => {
            let balance = accounts::balance(db, &account.id).await?;
            Some(("Available".to_owned(), balance.available()))
        }
        PaymentMethod::Prepaid => {
            let prepaid = ledger_accounts::prepaid(&instrument.id);
            let balance = ledger_accounts::balance(db.readers(), prepaid).await?;
            Some(("Available".to_owned(), balance.available()))
        }
        PaymentMethod::Debt => {
            let debt = ledger_accounts::debt(&instrument.id);
            let owed = ledger_accounts::balance(db.readers(), debt).await?.total;
            Some(("Owed".to_owned(), owed))
        }
        PaymentMethod::Ach | PaymentMethod::Cc => None,
    })
}

pub async fn card_form(State(engine): State<Engine>, holder: AccountHolder) -> Response {
    form(&engine, &holder, NewInstrument::Card)
}

pub async fn bank_account_form(State(engine): State<Engine>, holder: AccountHolder) -> Response {
    form(&engine, &holder, NewInstrument::BankAccount)
}

fn form(engine: &Engine, holder: &AccountHolder, kind: NewInstrument) -> Response {
    Html(pages::new_instrument(&holder.chrome, &page(engine, kind, FormState::default()))).into_response()
}

fn page(engine: &Engine, kind: NewInstrument, form: FormState) -> NewInstrumentPage {
    NewInstrumentPage { kind, form, show_test_numbers: engine.config.lab }
}

pub async fn add_card(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    add(&engine, &holder, NewInstrument::Card, &fields).await
}

pub async fn add_bank_account(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    add(&engine, &holder, NewInstrument::BankAccount, &fields).await
}

async fn add(
    engine: &Engine,
    holder: &AccountHolder,
    kind: NewInstrument,
    fields: &FormFields,
) -> Result<Response, Refusal> {
    let mut form = typed(fields);
    let details = match kind {
        NewInstrument::Card => new_instruments::read_card(fields, engine.clock.now(), &mut form),
        NewInstrument::BankAccount => new_instruments::read_bank_account(fields, &mut form),
    };
    if let Some(details) = details {
        match services::add(engine, &holder.account, details).await {
            Ok(_) => return holder.go(PATH, "Added. You can pay with it now.").await,
            Err(AddInstrumentError::TooMany) => {
                form.refuse("", "You have as many payment methods as an account can have. Remove one first.");
            }
            Err(AddInstrumentError::Database(error)) => return Err(error.into()),
        }
    }
    let page = page(engine, kind, form);
    Ok(AccountHolder::again(pages::new_instrument(&holder.chrome, &page)))
}

pub async fn remove(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let id = id.parse().map_err(|_| Refusal::not_found())?;
    let removed = services::remove(&engine, &holder.account, id).await?;
    if removed { holder.go(PATH, "Removed.").await } else { Err(Refusal::not_found()) }
}
