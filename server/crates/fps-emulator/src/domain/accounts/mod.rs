//! People's and businesses' accounts with Amazon Payments.

mod balances;

pub use balances::{Transfer, balance, deposit, ledger_account, transfer, was_transferred};

use crate::domain::placeholders;
use platform::Database;
use platform::db::Columns;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    Personal,
    Business,
}

impl AccountKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "Personal",
            Self::Business => "Business",
        }
    }

    pub fn from_column(text: &str) -> Self {
        if text == "Business" { Self::Business } else { Self::Personal }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    Suspended,
    Closed,
}

impl AccountStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Closed => "Closed",
        }
    }

    pub(crate) fn from_column(text: &str) -> Self {
        match text {
            "Active" => Self::Active,
            "Suspended" => Self::Suspended,
            // A CHECK allows nothing else; whatever it is, it may not pay.
            _ => Self::Closed,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub email: String,
    pub name: String,
    pub business_name: Option<String>,
    pub kind: AccountKind,
    pub status: AccountStatus,
    pub email_verified: bool,
    pub password_hash: String,
    /// Microseconds since the epoch.
    pub created_at: i64,
}

impl Account {
    /// The contact's name of a personal account, the business name otherwise (REFERENCE §3.1).
    pub fn public_name(&self) -> &str {
        match self.kind {
            AccountKind::Business => self.business_name.as_deref().unwrap_or(&self.name),
            AccountKind::Personal => &self.name,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    business_name: Option<String>,
    kind: String,
    status: String,
    email_verified: i64,
    password_hash: String,
    created_at: i64,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            business_name: row.business_name,
            kind: AccountKind::from_column(&row.kind),
            status: AccountStatus::from_column(&row.status),
            email_verified: row.email_verified != 0,
            password_hash: row.password_hash,
            created_at: row.created_at,
        }
    }
}

/// Stores a new account and opens its place in the books. The e-mail address is kept in lower case.
pub async fn insert(c: &mut AnyConnection, account: &Account) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO accounts (id, email, name, business_name, kind, status, email_verified, password_hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&account.id)
    .bind(account.email.to_lowercase())
    .bind(&account.name)
    .bind(account.business_name.as_deref())
    .bind(account.kind.as_str())
    .bind(account.status.as_str())
    .bind(i64::from(account.email_verified))
    .bind(&account.password_hash)
    .bind(account.created_at)
    .execute(&mut *c)
    .await?;
    ledger::open_account(c, &ledger_account(&account.id)).await
}

/// Changes what the owner is called.
pub async fn rename(
    c: &mut AnyConnection,
    id: &str,
    name: &str,
    business_name: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE accounts SET name = $1, business_name = $2 WHERE id = $3")
        .bind(name)
        .bind(business_name)
        .bind(id)
        .execute(c)
        .await?;
    Ok(())
}

/// Sets whether the account may pay and be paid: by hand in lab mode, to see what shops make of it.
pub async fn set_standing(
    c: &mut AnyConnection,
    id: &str,
    status: AccountStatus,
    email_verified: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE accounts SET status = $1, email_verified = $2 WHERE id = $3")
        .bind(status.as_str())
        .bind(i64::from(email_verified))
        .bind(id)
        .execute(c)
        .await?;
    Ok(())
}

/// Whatever the case in which the address is typed.
pub async fn find_by_email(db: &Database, email: &str) -> Result<Option<Account>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts WHERE email = $1",
    )
    .bind(email.trim().to_lowercase())
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(Account::from))
}

pub async fn find(db: &Database, id: &str) -> Result<Option<Account>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(Account::from))
}

/// Who has given the caller these tokens: of each of them that there is its id and its account, in no order.
pub async fn givers_of(
    db: &Database,
    access_key: &str,
    token_ids: &[&str],
) -> Result<Vec<(String, Account)>, sqlx::Error> {
    if token_ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT t.id AS token_id, a.id, a.email, a.name, a.business_name, a.kind, a.status, a.email_verified, \
             a.password_hash, a.created_at \
         FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.access_key = $1 AND t.id IN ({})",
        placeholders(2, token_ids.len())
    );
    let query = sqlx::query(AssertSqlSafe(statement)).bind(access_key);
    let query = token_ids.iter().fold(query, |query, id| query.bind(*id));
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.text("token_id")?, Row::from_row(row)?.into()))).collect()
}

/// All accounts, the oldest first.
pub async fn all(db: &Database) -> Result<Vec<Account>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts ORDER BY created_at, id",
    )
    .fetch_all(db.readers())
    .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}
