//! The balance: money from and to the owner's bank account, and the statement of what moved it.

use crate::domain::accounts::{self, Account, Transfer};
use crate::domain::instruments;
use crate::engine::ActionError;
use crate::state::Site;
use crate::web::account_site::signed_in::SignedIn;
use crate::web::account_site::transaction_forms::{read_amount, typed};
use crate::web::account_site::{paging, statement};
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
    State(site): State<Site>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = paging::asked(query.as_deref());
    let page = page(&site, &visitor.account, Forms::default(), asked).await?;
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
            let forms = match transfer {
                Transfer::Deposit => Forms { deposit: form, ..Forms::default() },
                Transfer::Withdrawal => Forms { withdraw: form, ..Forms::default() },
            };
            let page = page(site, &visitor.account, forms, 1).await?;
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
#[derive(Clone, Copy)]
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

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Forms {
    deposit: FormState,
    withdraw: FormState,
}

async fn page(site: &Site, account: &Account, forms: Forms, asked: u32) -> Result<BalancePage, sqlx::Error> {
    let payments = &site.payments;
    let balance = accounts::balance(&payments.db, &account.id).await?;
    let instruments = instruments::for_account(&payments.db, &account.id).await?;
    let with_reference =
        |form| TransferForm { reference: payments.random.uuid(payments.clock.now()).to_string(), form };
    let banks = instruments.into_iter().filter(|one| one.method == PaymentMethod::Ach);
    let (statement, paging) = statement::page(&payments.db, account, asked).await?;
    Ok(BalancePage {
        balance: balance.total,
        held: balance.held,
        banks: banks.map(|bank| (bank.id, bank.label)).collect(),
        deposit: with_reference(forms.deposit),
        withdraw: with_reference(forms.withdraw),
        statement,
        paging,
    })
}
