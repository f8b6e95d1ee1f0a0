//! People's and businesses' accounts with Amazon Payments.

mod balances;

pub use balances::{Transfer, balance, deposit, ledger_account, transfer, was_transferred};

use fps_protocol::ids::{AccessKey, TokenId};
use jiff::Timestamp;
use platform::Database;
use platform::db::{Columns, next_number};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};
use text_types::sql::placeholders;
use text_types::{alphanumeric_up_to, id, words};

words! {
    pub enum AccountKind {
        Personal = "Personal",
        Business = "Business",
    }
}

words! {
    pub enum AccountStatus {
        Active = "Active",
        Suspended = "Suspended",
        Closed = "Closed",
    }
}

id!(
    /// Names an account. Amazon makes 14 characters `[0-9A-Z]`.
    pub AccountId,
    |text| alphanumeric_up_to(text, 64)
);

#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub business_name: Option<String>,
    pub kind: AccountKind,
    pub status: AccountStatus,
    pub email_verified: bool,
    pub password_hash: String,
    pub created_at: Timestamp,
}

impl Account {
    /// The contact's name of a personal account, the business name otherwise (fps.md §3.1).
    pub fn public_name(&self) -> &str {
        match self.kind {
            AccountKind::Business => self.business_name.as_deref().unwrap_or(&self.name),
            AccountKind::Personal => &self.name,
        }
    }
}

impl FromRow<'_, AnyRow> for Account {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            email: row.text("email")?,
            name: row.text("name")?,
            business_name: row.optional("business_name", Columns::text)?,
            kind: row.parsed("kind")?,
            status: row.parsed("status")?,
            email_verified: row.flag("email_verified")?,
            password_hash: row.text("password_hash")?,
            created_at: row.time("created_at")?,
        })
    }
}

/// Stores a new account and opens its place in the books. The e-mail address is kept in lower case.
pub async fn insert(c: &mut AnyConnection, account: &Account) -> Result<(), sqlx::Error> {
    let number = next_number(c, "accounts");
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO accounts (id, email, name, business_name, kind, status, email_verified, password_hash, created_at, \
             number) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {number})",
    )))
    .bind(account.id.as_str())
    .bind(account.email.to_lowercase())
    .bind(&account.name)
    .bind(account.business_name.as_deref())
    .bind(account.kind.as_str())
    .bind(account.status.as_str())
    .bind(i64::from(account.email_verified))
    .bind(&account.password_hash)
    .bind(account.created_at.as_microsecond())
    .execute(&mut *c)
    .await?;
    ledger::open_account(c, &ledger_account(&account.id)).await
}

/// Changes what the owner is called.
pub async fn rename(
    c: &mut AnyConnection,
    id: &AccountId,
    name: &str,
    business_name: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE accounts SET name = $1, business_name = $2 WHERE id = $3")
        .bind(name)
        .bind(business_name)
        .bind(id.as_str())
        .execute(c)
        .await?;
    Ok(())
}

/// Gives the account another password's hash; answers `false` when its own is not the one that it was loaded with any
/// more.
pub async fn change_password(
    c: &mut AnyConnection,
    account: &Account,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query("UPDATE accounts SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
        .bind(password_hash)
        .bind(account.id.as_str())
        .bind(&account.password_hash)
        .execute(c)
        .await?;
    Ok(changed.rows_affected() == 1)
}

/// Gives a password to all who have none: those of the demo data.
pub async fn set_missing_passwords(c: &mut AnyConnection, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE accounts SET password_hash = $1 WHERE password_hash = ''")
        .bind(hash)
        .execute(c)
        .await?;
    Ok(())
}

/// Sets whether the account may pay and be paid: by hand in lab mode, to see what shops make of it.
pub async fn set_standing(
    c: &mut AnyConnection,
    id: &AccountId,
    status: AccountStatus,
    email_verified: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE accounts SET status = $1, email_verified = $2 WHERE id = $3")
        .bind(status.as_str())
        .bind(i64::from(email_verified))
        .bind(id.as_str())
        .execute(c)
        .await?;
    Ok(())
}

/// Whatever the case in which the address is typed.
pub async fn find_by_email(db: &Database, email: &str) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts WHERE email = $1",
    )
    .bind(email.trim().to_lowercase())
    .fetch_optional(db.readers())
    .await
}

/// `None`: there is no such account.
pub async fn find(db: &Database, id: &AccountId) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db.readers())
    .await
}

/// Who has given the caller these tokens: of each of them that there is its id and its account, in no order.
pub async fn givers_of(
    db: &Database,
    access_key: &AccessKey,
    token_ids: &[&TokenId],
) -> Result<Vec<(TokenId, Account)>, sqlx::Error> {
    if token_ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT t.id AS token_id, a.id, a.email, a.name, a.business_name, a.kind, a.status, a.email_verified, \
             a.password_hash, a.created_at \
         FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.access_key = $1 AND t.id IN ({})",
        placeholders(2, token_ids.len())
    );
    let query = sqlx::query(AssertSqlSafe(statement)).bind(access_key.as_str());
    let query = token_ids.iter().fold(query, |query, id| query.bind(id.as_str()));
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter().map(|row| Ok((row.parsed("token_id")?, Account::from_row(row)?))).collect()
}

/// All accounts, the oldest first.
pub async fn all(db: &Database) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, name, business_name, kind, status, email_verified, password_hash, created_at \
         FROM accounts ORDER BY created_at, id",
    )
    .fetch_all(db.readers())
    .await
}
