//! The balance: the statement, and money from and to the owner's bank account.

use super::signed_in::SignedIn;
use super::transaction::Side;
use super::transaction_forms::{read_amount, typed};
use super::{activity, transaction};
use crate::accounts::{self, Account, Transfer};
use crate::instruments;
use crate::site::Site;
use crate::transactions::{self, ActionError};
use app::form::FormState;
use app::payments::model::{BalancePage, StatementLine, TransferForm};
use app::payments::pages;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::PaymentMethod;
use money::Money;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/balance";
const LATEST: i64 = 50;
/// At once; simulated banks have no more.
const LARGEST: Money = Money::from_cents(1_000_000);

pub async fn show(State(site): State<Site>, visitor: SignedIn) -> Result<Response, Refusal> {
    let page = page(&site, &visitor.account, FormState::default(), FormState::default()).await?;
    Ok(Html(pages::balance(&visitor.chrome, &page)).into_response())
}

pub async fn deposit(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    move_money(&site, visitor, &fields, Transfer::Deposit).await
}

pub async fn withdraw(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    move_money(&site, visitor, &fields, Transfer::Withdrawal).await
}

async fn move_money(
    site: &Site,
    visitor: SignedIn,
    fields: &FormFields,
    transfer: Transfer,
) -> Result<Response, Refusal> {
    visitor.must_be_active()?;
    let mut form = typed(fields);
    let prefix = if transfer == Transfer::Deposit { "deposit" } else { "withdraw" };
    let amount = read_transfer(site, &visitor.account, prefix, &mut form).await?;
    let done = match amount {
        Some((amount, reference)) => {
            let posted = post(site, &visitor.account, transfer, amount, &reference).await?;
            is_done(posted, prefix, &mut form).then_some(amount)
        }
        None => None,
    };
    match (done, transfer) {
        (Some(amount), Transfer::Deposit) => {
            visitor.go(PATH, format!("{amount} came in from your bank account.")).await
        }
        (Some(amount), Transfer::Withdrawal) => {
            visitor.go(PATH, format!("{amount} went to your bank account.")).await
        }
        (None, _) => {
            let (deposit, withdraw) = match transfer {
                Transfer::Deposit => (form, FormState::default()),
                Transfer::Withdrawal => (FormState::default(), form),
            };
            let page = page(site, &visitor.account, deposit, withdraw).await?;
            Ok(SignedIn::again(pages::balance(&visitor.at(PATH).chrome, &page)))
        }
    }
}

/// The amount and the form's own reference; what is wrong goes into `form`, under the names of the page's
/// fields.
async fn read_transfer(
    site: &Site,
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
    let banks = instruments::for_account(&site.payments.db, &account.id).await?;
    if !banks.iter().any(|one| one.method == PaymentMethod::Ach && one.id == bank) {
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

/// What became of a form.
enum Posted {
    /// By this form, or by the same one sent before.
    Moved,
    /// The form was sent before with other contents, and those count.
    Otherwise,
    /// The balance has not so much.
    Short,
}

async fn post(
    site: &Site,
    account: &Account,
    transfer: Transfer,
    amount: Money,
    reference: &str,
) -> Result<Posted, Refusal> {
    let db = &site.payments.db;
    let (id, name, now) = (account.id.clone(), reference.to_owned(), site.payments.clock.now());
    let posted: Result<(), ActionError> = db
        .write(move |c| {
            let (id, name) = (id.clone(), name.clone());
            Box::pin(async move { Ok(accounts::transfer(c, transfer, &id, &name, amount, now).await?) })
        })
        .await;
    match posted {
        Ok(()) => Ok(Posted::Moved),
        Err(ActionError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
            let same = accounts::was_transferred(db, transfer, &account.id, reference, amount).await?;
            Ok(if same { Posted::Moved } else { Posted::Otherwise })
        }
        Err(ActionError::Refused(_)) => Ok(Posted::Short),
        Err(error) => Err(Refusal::because(error)),
    }
}

/// If not, `form` says why.
fn is_done(posted: Posted, prefix: &str, form: &mut FormState) -> bool {
    match posted {
        Posted::Moved => {}
        Posted::Otherwise => {
            let message = "This form was sent before with another amount. Look at the statement first.";
            form.refuse(&format!("{prefix}_amount"), message);
        }
        Posted::Short => {
            form.refuse(&format!("{prefix}_amount"), "That is more than your balance has free.");
        }
    }
    form.is_valid()
}

async fn page(
    site: &Site,
    account: &Account,
    deposit: FormState,
    withdraw: FormState,
) -> Result<BalancePage, Refusal> {
    let payments = &site.payments;
    let balance = accounts::balance(&payments.db, &account.id).await?;
    let instruments = instruments::for_account(&payments.db, &account.id).await?;
    let with_reference =
        |form| TransferForm { reference: payments.random.uuid(payments.clock.now()).to_string(), form };
    let banks = instruments.into_iter().filter(|one| one.method == PaymentMethod::Ach);
    Ok(BalancePage {
        balance: balance.total,
        held: balance.held,
        banks: banks.map(|bank| (bank.id, bank.label)).collect(),
        deposit: with_reference(deposit),
        withdraw: with_reference(withdraw),
        statement: statement(site, account, balance.total).await?,
    })
}

/// The latest movements, with the balance after each: reckoned back from the present one.
async fn statement(
    site: &Site,
    account: &Account,
    mut balance: Money,
) -> Result<Vec<StatementLine>, Refusal> {
    let db = &site.payments.db;
    let book = accounts::ledger_account(&account.id);
    let mut lines = Vec::new();
    for line in ledger::statement(db.readers(), book.id(), LATEST).await? {
        let case = transactions::find(db, &line.reference).await?;
        let side = case.as_ref().and_then(|case| transaction::side(case, account));
        let description = match (&case, side) {
            (Some(case), Some(Side::Sender | Side::Recipient)) => activity::row(case, account).description,
            _ => words(&line.description).to_owned(),
        };
        lines.push(StatementLine {
            at: line.posted_at,
            description,
            transaction_id: case.filter(|_| side.is_some()).map(|case| case.transaction.id),
            amount: line.amount,
            balance,
        });
        balance = balance.sub(line.amount).map_err(Refusal::because)?;
    }
    Ok(lines)
}

/// A movement of a transaction that this account is no side of, or of none.
fn words(description: &str) -> &str {
    match description {
        "DEPOSIT_FUNDS" => "Deposit from your bank account",
        "WITHDRAW_FUNDS" => "Withdrawal to your bank account",
        "Charge" => "Marketplace fee of a sale",
        "Refund" => "Marketplace fee given back",
        other => other,
    }
}
