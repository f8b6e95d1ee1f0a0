//! The balance: money from and to the owner's bank account, and the statement of what moved it.

mod statement;

use crate::domain::accounts::{self, Account, Transfer};
use crate::domain::instruments;
use crate::engine::Engine;
use crate::engine::accounts::{self as services, TransferError};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::paging::{self, Part};
use crate::web::account_site::transactions::forms::read_amount;
use crate::web::form::typed;
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::PaymentMethod;
use money::Money;
use payments_pages::model::{BalancePage, TransferForm};
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/balance";
/// At once; simulated banks have no more.
const LARGEST: Money = Money::from_cents(1_000_000);

pub async fn show(
    State(engine): State<Engine>,
    holder: AccountHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = paging::part_of(query.as_deref());
    let page = page(&engine, &holder.account, Forms::default(), asked).await?;
    Ok(Html(pages::balance(&holder.chrome, &page)).into_response())
}

pub async fn deposit(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    move_money(&engine, holder, &fields, Transfer::Deposit).await
}

pub async fn withdraw(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    move_money(&engine, holder, &fields, Transfer::Withdrawal).await
}

async fn move_money(
    engine: &Engine,
    holder: AccountHolder,
    fields: &FormFields,
    transfer: Transfer,
) -> Result<Response, Refusal> {
    holder.must_be_active()?;
    let mut form = typed(fields);
    let prefix = if transfer == Transfer::Deposit { "deposit" } else { "withdraw" };
    let amount = read_transfer(engine, &holder.account, prefix, &mut form).await?;
    let done = match amount {
        Some((amount, reference)) => {
            let moved = services::transfer(engine, &holder.account, transfer, amount, &reference).await;
            is_done(moved, prefix, &mut form)?.then_some(amount)
        }
        None => None,
    };
    match (done, transfer) {
        (Some(amount), Transfer::Deposit) => {
            holder.go(PATH, format!("{amount} came in from your bank account.")).await
        }
        (Some(amount), Transfer::Withdrawal) => {
            holder.go(PATH, format!("{amount} went to your bank account.")).await
        }
        (None, _) => {
            let forms = match transfer {
                Transfer::Deposit => Forms { deposit: form, ..Forms::default() },
                Transfer::Withdrawal => Forms { withdraw: form, ..Forms::default() },
            };
            let page = page(engine, &holder.account, forms, Part::Newest).await?;
            Ok(AccountHolder::again(pages::balance(&holder.at(PATH).chrome, &page)))
        }
    }
}

/// The amount and the form's own reference; what is wrong goes into `form`, under the names of the page's
/// fields.
async fn read_transfer(
    engine: &Engine,
    account: &Account,
    prefix: &str,
    form: &mut FormState,
) -> Result<Option<(Money, String)>, Refusal> {
    let field = |name: &str| format!("{prefix}_{name}");
    form.set("amount", form.value(&field("amount")).to_owned());
    let amount = read_amount(form);
    if amount.is_some_and(|amount| amount > LARGEST) {
        form.refuse("amount", format!("At most {LARGEST} can be moved at once."));
    }
    let bank = form.value(&field("bank")).to_owned();
    let banks = instruments::for_account(&engine.db, &account.id).await?;
    if !banks.iter().any(|one| one.method == PaymentMethod::Ach && one.id.as_str() == bank) {
        form.refuse("bank", "Choose one of your bank accounts.");
    }
    let reference = form.value("reference").to_owned();
    if reference.len() != 36 || !reference.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        form.refuse("", "This form was incomplete. Please try again.");
    }
    for error in &mut form.errors {
        if !error.field.is_empty() {
            error.field = field(&error.field);
        }
    }
    Ok(amount.filter(|_| form.is_valid()).map(|amount| (amount, reference)))
}

/// If not, `form` says why.
fn is_done(moved: Result<(), TransferError>, prefix: &str, form: &mut FormState) -> Result<bool, Refusal> {
    let message = match moved {
        Ok(()) => return Ok(true),
        Err(TransferError::ReferenceUsed) => {
            "This form was sent before with another amount. Look at the statement first."
        }
        Err(TransferError::InsufficientBalance) => "That is more than your balance has free.",
        Err(error @ TransferError::Ledger(_)) => return Err(Refusal::because(error)),
    };
    form.refuse(&format!("{prefix}_amount"), message);
    Ok(false)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Forms {
    deposit: FormState,
    withdraw: FormState,
}

async fn page(
    engine: &Engine,
    account: &Account,
    forms: Forms,
    asked: Part<i64>,
) -> Result<BalancePage, sqlx::Error> {
    let balance = accounts::balance(&engine.db, &account.id).await?;
    let instruments = instruments::for_account(&engine.db, &account.id).await?;
    let with_reference =
        |form| TransferForm { reference: engine.random.uuid(engine.clock.now()).to_string(), form };
    let banks = instruments.into_iter().filter(|one| one.method == PaymentMethod::Ach);
    let (statement, paging) = statement::page(&engine.db, account, asked).await?;
    Ok(BalancePage {
        balance: balance.total,
        held: balance.held,
        banks: banks.map(|bank| (bank.id.into_string(), bank.label)).collect(),
        deposit: with_reference(forms.deposit),
        withdraw: with_reference(forms.withdraw),
        statement,
        paging,
    })
}
