//! Accounts: opening them, what they have, and whether they may pay and be paid.

use super::{Control, bad_request};
use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::domain::instruments;
use crate::engine::accounts::{self as services, Beginning, NewAccount, OpenAccountError};
use crate::web::form::LONGEST_NAME;
use crate::web::sign_up::LONGEST_EMAIL;
use fps_protocol::enums::PaymentMethod;
use identity::{EmailAddress, NewPassword, PublicName};
use jiff::Timestamp;
use money::Money;
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use platform::password::Passwords;
use serde::{Deserialize, Serialize};

/// That an account can begin with.
const LARGEST_BALANCE: Money = Money::from_cents(100_000_000);
const METHODS: [PaymentMethod; 3] = [PaymentMethod::Cc, PaymentMethod::Ach, PaymentMethod::Abt];

pub const CREATE: Deed = Deed {
    name: "account-create",
    method: Method::Post,
    path: "/accounts",
    summary: "Opens an account with Amazon Payments, with simulated payment methods and money of the lab",
    fields: &[
        Field::body("email", Kind::Text, "its e-mail address", "ann@example.com").required(),
        Field::body("name", Kind::Text, "what the person is called", "Ann").required(),
        Field::body("password", Kind::Secret, "what it is signed in to with", "a long password").required(),
        Field::body(
            "kind",
            Kind::OneOf(&["Personal", "Business"]),
            "what it is; Personal if nothing is said",
            "Personal",
        ),
        Field::body("business_name", Kind::Text, "what a business is called", "Ann's Books"),
        Field::body("verified", Kind::Flag, "whether its e-mail address counts as verified", "true"),
        Field::body("balance", Kind::Text, "what it has in dollars", "50.00"),
        Field::body("instruments", Kind::Texts, "what it pays with: CC, ACH, ABT", "CC,ACH"),
    ],
    answer: r#"{"account_id":"…"}"#,
    commands: &[Command {
        words: &["account", "create"],
        summary: "Opens an account with Amazon Payments",
        positional: &["email"],
        flags: &["name", "password", "kind", "business_name", "verified", "balance", "instruments"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const LIST: Deed = Deed {
    name: "accounts",
    method: Method::Get,
    path: "/accounts",
    summary: "All accounts with Amazon Payments, the oldest first",
    fields: &[],
    answer: r#"[{"account_id":"…","email":"ann@example.com","name":"Ann","kind":"Personal","status":"Active","verified":true,"balance":"50.000000","held":"0.000000","instruments":["CC"],"created_at":"…"}]"#,
    commands: &[Command {
        words: &["account", "list"],
        summary: "All accounts with Amazon Payments",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const CHANGE: Deed = Deed {
    name: "account-change",
    method: Method::Patch,
    path: "/accounts/{email}",
    summary: "Sets whether an account may pay and be paid",
    fields: &[
        Field::path("email", "of the account", "ann@example.com"),
        Field::body("status", Kind::OneOf(&["Active", "Suspended", "Closed"]), "its standing", "Suspended"),
        Field::body("verified", Kind::Flag, "whether its e-mail address counts as verified", "false"),
    ],
    answer: r#"{"account_id":"…","email":"ann@example.com","name":"Ann","kind":"Personal","status":"Suspended","verified":false,"balance":"50.000000","held":"0.000000","instruments":["CC"],"created_at":"…"}"#,
    commands: &[Command {
        words: &["account", "change"],
        summary: "Sets whether an account may pay and be paid",
        positional: &["email"],
        flags: &["status", "verified"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    email: String,
    name: String,
    password: String,
    kind: Option<String>,
    business_name: Option<String>,
    verified: Option<bool>,
    balance: Option<String>,
    instruments: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
pub struct Created {
    account_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    email: String,
    status: Option<String>,
    verified: Option<bool>,
}

#[derive(Debug, Serialize)]
pub struct Shown {
    account_id: String,
    email: String,
    name: String,
    business_name: Option<String>,
    kind: &'static str,
    status: &'static str,
    verified: bool,
    balance: String,
    held: String,
    instruments: Vec<&'static str>,
    created_at: Timestamp,
}

fn words_for<T>(field: &str, problem: impl std::fmt::Display) -> Result<T, DeedRefused> {
    Err(bad_request(format!("{field}: {problem}")))
}

fn name(field: &str, text: &str) -> Result<String, DeedRefused> {
    PublicName::parse(text, LONGEST_NAME)
        .map(PublicName::into_string)
        .or_else(|problem| words_for(field, problem))
}

fn kind(text: Option<&str>) -> Result<AccountKind, DeedRefused> {
    text.unwrap_or(AccountKind::Personal.as_str())
        .parse()
        .map_err(|_| bad_request("kind must be Personal or Business"))
}

fn balance(text: Option<&str>) -> Result<Money, DeedRefused> {
    let Some(text) = text else { return Ok(Money::ZERO) };
    let amount = Money::parse_dollars(text).ok().filter(|amount| !amount.is_negative());
    amount.filter(|amount| *amount <= LARGEST_BALANCE).ok_or_else(|| {
        bad_request(format!("balance must be an amount in dollars such as 50.00, at most {LARGEST_BALANCE}"))
    })
}

/// Each once, in the order in which they are said.
fn methods(texts: &[String]) -> Result<Vec<PaymentMethod>, DeedRefused> {
    let mut methods = Vec::new();
    for text in texts {
        let method = text.parse().ok().filter(|method| METHODS.contains(method));
        let method =
            method.ok_or_else(|| bad_request(format!("instruments can be CC, ACH and ABT, not {text:?}")))?;
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    Ok(methods)
}

pub async fn create(control: &Control, asked: New) -> Result<Created, DeedRefused> {
    let payments = &control.payments;
    let email = EmailAddress::parse(asked.email.trim(), LONGEST_EMAIL);
    let email = email.or_else(|problem| words_for("email", problem))?.into_string();
    let published = payments.config.published_passwords();
    let password = NewPassword::choose(asked.password, &email, published)
        .or_else(|problem| words_for("password", problem))?;
    let name_of_person = name("name", &asked.name)?;
    let kind = kind(asked.kind.as_deref())?;
    let business_name = match (asked.business_name.as_deref(), kind) {
        (Some(text), AccountKind::Business) => Some(name("business_name", text)?),
        (Some(_), AccountKind::Personal) => {
            return Err(bad_request("business_name is for accounts of kind Business"));
        }
        (None, _) => None,
    };
    let beginning = Beginning {
        email_verified: asked.verified.unwrap_or(true),
        methods: asked.instruments.as_deref().map(methods).transpose()?,
        balance: balance(asked.balance.as_deref())?,
    };
    let passwords = Passwords::new(payments.random.clone());
    let hash = passwords.hash(password.into_string()).await;
    let password_hash = hash.map_err(|error| DeedRefused::Internal(error.into()))?;
    let new = NewAccount { email, name: name_of_person, business_name, kind, password_hash };
    match services::open_with(&payments.engine(), new, beginning).await {
        Ok(account) => Ok(Created { account_id: account.id.into_string() }),
        Err(error @ OpenAccountError::EmailTaken) => Err(DeedRefused::Conflict(error.to_string())),
        Err(OpenAccountError::Database(error)) => Err(error.into()),
        Err(error @ OpenAccountError::Ledger(_)) => Err(DeedRefused::Internal(error.into())),
    }
}

pub async fn list(control: &Control) -> Result<Vec<Shown>, DeedRefused> {
    let db = &control.payments.db;
    let mut methods = instruments::methods_of_all(db).await?;
    let mut shown = Vec::new();
    let mut balances: std::collections::HashMap<_, _> = ledger::balances(db.readers())
        .await?
        .into_iter()
        .map(|balance| (balance.account.id().to_owned(), (balance.total, balance.held)))
        .collect();
    for account in accounts::all(db).await? {
        let balance = balances.remove(accounts::ledger_account(&account.id).id()).unwrap_or_default();
        let methods = methods.remove(&account.id).unwrap_or_default();
        shown.push(show(account, &methods, balance));
    }
    Ok(shown)
}

fn show(account: Account, methods: &[PaymentMethod], (total, held): (Money, Money)) -> Shown {
    Shown {
        account_id: account.id.into_string(),
        email: account.email,
        name: account.name,
        business_name: account.business_name,
        kind: account.kind.as_str(),
        status: account.status.as_str(),
        verified: account.email_verified,
        balance: total.to_six_decimals(),
        held: held.to_six_decimals(),
        instruments: methods.iter().map(|method| method.as_str()).collect(),
        created_at: account.created_at,
    }
}

/// The account with this address.
pub async fn known(control: &Control, email: &str) -> Result<Account, DeedRefused> {
    let account = accounts::find_by_email(&control.payments.db, email).await?;
    account.ok_or_else(|| {
        DeedRefused::NotFound(
            "there is no account with that e-mail address; GET /_control/accounts lists them".to_owned(),
        )
    })
}

pub async fn change(control: &Control, asked: Change) -> Result<Shown, DeedRefused> {
    if asked.status.is_none() && asked.verified.is_none() {
        return Err(bad_request(
            "give status (Active, Suspended or Closed), verified (true or false), or both",
        ));
    }
    let account = known(control, &asked.email).await?;
    let status: AccountStatus = match &asked.status {
        Some(text) => text.parse().map_err(|_| bad_request("status must be Active, Suspended or Closed"))?,
        None => account.status,
    };
    let email_verified = asked.verified.unwrap_or(account.email_verified);
    services::set_standing(&control.payments.engine(), &account, status, email_verified).await?;
    let db = &control.payments.db;
    let balance = accounts::balance(db, &account.id).await?;
    let instruments = instruments::for_account(db, &account.id).await?;
    let methods: Vec<PaymentMethod> = instruments.iter().map(|instrument| instrument.method).collect();
    Ok(show(Account { status, email_verified, ..account }, &methods, (balance.total, balance.held)))
}
