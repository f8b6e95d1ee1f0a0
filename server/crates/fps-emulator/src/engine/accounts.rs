//! What is done to an account as a whole: opening it, renaming it, setting its standing, and moving money
//! between its balance and its owner's bank account.

use crate::domain::accounts::{self, Account, AccountId, AccountKind, AccountStatus, Transfer};
use crate::domain::instruments::{self, Instrument, simulated};
use crate::domain::mail::{self, MailKind, NewMail};
use crate::engine::Engine;
use fps_protocol::enums::PaymentMethod;
use ledger::LedgerError;
use money::Money;
use platform::Random;
use platform::db::WriteError;
use platform::sessions;
use sqlx::AnyConnection;

/// Characters of an account's id.
const ID_LENGTH: usize = 14;

/// What an account is opened with, checked before.
pub struct NewAccount {
    pub email: String,
    pub name: String,
    /// With one it is a business account, whatever `kind` says.
    pub business_name: Option<String>,
    pub kind: AccountKind,
    pub password_hash: String,
}

/// What an account begins with.
#[derive(Debug, Clone)]
pub struct Beginning {
    pub email_verified: bool,
    /// Simulated instruments of these methods; `None`: those of whoever signs up.
    pub methods: Option<Vec<PaymentMethod>>,
    /// Money from the outside world; zero or more.
    pub balance: Money,
}

impl Beginning {
    const OF_SIGN_UP: Self = Self { email_verified: true, methods: None, balance: Money::ZERO };
}

/// Why no account was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenAccountError {
    #[error("there is an account with this e-mail address already")]
    EmailTaken,
    #[error(transparent)]
    Ledger(LedgerError),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<LedgerError> for OpenAccountError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(error) => error.into(),
            error => Self::Ledger(error),
        }
    }
}

impl From<sqlx::Error> for OpenAccountError {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { Self::EmailTaken } else { Self::Database(error) }
    }
}

impl WriteError for OpenAccountError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::EmailTaken | Self::Ledger(_) => None,
        }
    }
}

/// Opens an active account with its place in the books and its first instruments, in one commit. `None` where the address
/// has one: a mail there tells its holder.
pub async fn open(engine: &Engine, new: NewAccount) -> Result<Option<Account>, sqlx::Error> {
    let email = new.email.clone();
    match open_with(engine, new, Beginning::OF_SIGN_UP).await {
        Ok(account) => Ok(Some(account)),
        Err(OpenAccountError::EmailTaken) => {
            tell_holder(engine, &email).await?;
            Ok(None)
        }
        Err(OpenAccountError::Database(error)) => Err(error),
        Err(OpenAccountError::Ledger(error)) => Err(sqlx::Error::Protocol(error.to_string())),
    }
}

/// The same with another beginning, and nobody is told where the address has one.
pub async fn open_with(
    engine: &Engine,
    new: NewAccount,
    beginning: Beginning,
) -> Result<Account, OpenAccountError> {
    let account = Account {
        id: AccountId::new(engine.random.upper_alphanumeric(ID_LENGTH)).expect("letters and digits"),
        email: new.email,
        name: new.name,
        kind: if new.business_name.is_some() { AccountKind::Business } else { new.kind },
        business_name: new.business_name,
        status: AccountStatus::Active,
        email_verified: beginning.email_verified,
        password_hash: new.password_hash,
        created_at: engine.clock.now(),
    };
    let instruments = match beginning.methods {
        Some(methods) => {
            methods.iter().map(|method| simulated_one(&engine.random, &account, *method)).collect()
        }
        None => first_instruments(&engine.random, &account),
    };
    let balance = beginning.balance;
    let deposit =
        balance.is_positive().then(|| (engine.random.uuid(account.created_at).to_string(), balance));
    let opened = (account.clone(), instruments, deposit);
    let posted = engine
        .db
        .transact(opened, |c, (account, instruments, deposit)| {
            Box::pin(insert(c, account, instruments, deposit.as_ref()))
        })
        .await?;
    if let Some(posted) = posted {
        engine.record_posted(&posted);
    }
    Ok(account)
}

async fn tell_holder(engine: &Engine, email: &str) -> Result<(), sqlx::Error> {
    let Some(holder) = accounts::find_by_email(&engine.db, email).await? else { return Ok(()) };
    let (kind, reference) = (MailKind::SignUpAttempted, holder.id.to_string());
    let new = NewMail { to: holder.id, kind, reference, at: engine.clock.now() };
    engine.db.transact(new, |c, new| Box::pin(mail::write_on(c, new))).await
}

async fn insert(
    c: &mut AnyConnection,
    account: &Account,
    instruments: &[Instrument],
    deposit: Option<&(String, Money)>,
) -> Result<Option<ledger::Transaction>, OpenAccountError> {
    accounts::insert(&mut *c, account).await?;
    for instrument in instruments {
        instruments::insert(&mut *c, instrument).await?;
    }
    Ok(match deposit {
        Some((reference, balance)) => {
            Some(accounts::deposit(c, reference, &account.id, *balance, account.created_at).await?)
        }
        None => None,
    })
}

/// Everybody has a balance. A person also gets a card to pay with.
fn first_instruments(random: &Random, account: &Account) -> Vec<Instrument> {
    let methods: &[PaymentMethod] = match account.kind {
        AccountKind::Personal => &[PaymentMethod::Abt, PaymentMethod::Cc],
        AccountKind::Business => &[PaymentMethod::Abt],
    };
    methods.iter().map(|method| simulated_one(random, account, *method)).collect()
}

/// What somebody has with a caller is no instrument to begin with: there it is the balance.
fn simulated_one(random: &Random, account: &Account, method: PaymentMethod) -> Instrument {
    match method {
        PaymentMethod::Cc => simulated::card(random, account, "Simulated Visa", "4242", account.created_at),
        PaymentMethod::Ach => simulated::bank_account(random, account, "6789"),
        PaymentMethod::Abt | PaymentMethod::Prepaid | PaymentMethod::Debt => {
            simulated::balance(random, account)
        }
    }
}

/// Changes what the owner, or the business, is called.
pub async fn rename(
    engine: &Engine,
    account: &Account,
    name: String,
    business_name: Option<String>,
) -> Result<(), sqlx::Error> {
    let renamed = (account.id.clone(), name, business_name);
    engine
        .db
        .transact(renamed, |c, (id, name, business_name)| {
            Box::pin(accounts::rename(c, id, name, business_name.as_deref()))
        })
        .await
}

/// Gives the account the password of this hash and ends its holder's sessions but the one of this handle, in one commit
/// (OWASP ASVS 5.0, 7.4.3). Answers `false` when the password has been changed since the account was loaded.
pub async fn change_password(
    engine: &Engine,
    account: &Account,
    password_hash: String,
    session: String,
) -> Result<bool, sqlx::Error> {
    engine
        .db
        .transact((account.clone(), password_hash, session), |c, (account, password_hash, session)| {
            Box::pin(async move {
                let changed = accounts::change_password(&mut *c, account, password_hash).await?;
                sessions::end_others(c, account.id.as_str(), session).await?;
                Ok(changed)
            })
        })
        .await
}

/// Ends one session of the account's holder; one that is not theirs, or not there any more, is left alone.
pub async fn end_session(engine: &Engine, account: &Account, handle: String) -> Result<(), sqlx::Error> {
    let session = (account.id.clone(), handle);
    engine.db.transact(session, |c, (id, handle)| Box::pin(sessions::end(c, id.as_str(), handle))).await
}

/// Ends all sessions of the account's holder but the one of this handle.
pub async fn end_other_sessions(
    engine: &Engine,
    account: &Account,
    session: String,
) -> Result<(), sqlx::Error> {
    let session = (account.id.clone(), session);
    engine
        .db
        .transact(session, |c, (id, session)| Box::pin(sessions::end_others(c, id.as_str(), session)))
        .await
}

/// Sets whether the account may pay and be paid.
pub async fn set_standing(
    engine: &Engine,
    account: &Account,
    status: AccountStatus,
    email_verified: bool,
) -> Result<(), sqlx::Error> {
    let id = account.id.clone();
    engine.db.transact(id, move |c, id| Box::pin(accounts::set_standing(c, id, status, email_verified))).await
}

/// Why no money was moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("the balance has not so much that is free")]
    InsufficientBalance,
    #[error("the reference stands for another transfer")]
    ReferenceUsed,
    #[error(transparent)]
    Ledger(LedgerError),
}

impl From<LedgerError> for TransferError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::InsufficientFunds { .. } => Self::InsufficientBalance,
            error => Self::Ledger(error),
        }
    }
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Ledger(LedgerError::Database(error))
    }
}

impl WriteError for TransferError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Ledger(LedgerError::Database(error)) => Some(error),
            _ => None,
        }
    }
}

/// Moves `amount`, more than zero, from or to the owner's bank account. The same transfer under the same
/// `reference` again is done already, and nothing more moves.
pub async fn transfer(
    engine: &Engine,
    account: &Account,
    transfer: Transfer,
    amount: Money,
    reference: &str,
) -> Result<(), TransferError> {
    let now = engine.clock.now();
    let posted = engine
        .db
        .transact((account.id.clone(), reference.to_owned()), move |c, (id, reference)| {
            Box::pin(async move { Ok(accounts::transfer(c, transfer, id, reference, amount, now).await?) })
        })
        .await;
    match posted {
        Err(error) if is_reference_used(&error) => {
            let same =
                accounts::was_transferred(&engine.db, transfer, &account.id, reference, amount).await?;
            if same { Ok(()) } else { Err(TransferError::ReferenceUsed) }
        }
        posted => {
            engine.record_posted(&posted?);
            Ok(())
        }
    }
}

fn is_reference_used(error: &TransferError) -> bool {
    let error = error.database_error().and_then(sqlx::Error::as_database_error);
    error.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
