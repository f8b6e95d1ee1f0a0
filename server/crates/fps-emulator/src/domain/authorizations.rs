//! A person's way through the Co-Branded UI, as kept in the database. Every change is guarded by the
//! state `Open`: of two tabs, or of Confirm and Cancel, one decides and the other finds it decided.

use crate::domain::accounts::Account;
use platform::Database;
use sqlx::AnyConnection;

/// How long a person may take.
pub const VALID_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// A token was made.
    Confirmed,
    /// Abandoned, or not possible.
    Ended,
}

#[derive(Debug, Clone)]
pub struct Authorization {
    pub id: String,
    pub access_key: String,
    /// The verified request's parameters, form-encoded.
    pub parameters: String,
    pub state: State,
    /// Whose it is, once somebody signed in.
    pub account_id: Option<String>,
    pub instrument_id: Option<String>,
    /// Where to ship to, if the caller asked for that.
    pub address_id: Option<String>,
    /// Where the decision sent the person: the signed return address.
    pub return_location: Option<String>,
    pub expires_at: i64,
}

impl Authorization {
    pub fn is_of(&self, account: &Account) -> bool {
        self.account_id.as_deref() == Some(account.id.as_str())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    access_key: String,
    parameters: String,
    state: String,
    account_id: Option<String>,
    instrument_id: Option<String>,
    address_id: Option<String>,
    return_location: Option<String>,
    expires_at: i64,
}

impl From<Row> for Authorization {
    fn from(row: Row) -> Self {
        let state = match row.state.as_str() {
            "Open" => State::Open,
            "Confirmed" => State::Confirmed,
            _ => State::Ended,
        };
        Self {
            id: row.id,
            access_key: row.access_key,
            parameters: row.parameters,
            state,
            account_id: row.account_id,
            instrument_id: row.instrument_id,
            address_id: row.address_id,
            return_location: row.return_location,
            expires_at: row.expires_at,
        }
    }
}

/// A request that was verified and is well formed.
#[derive(Debug, Clone)]
pub struct NewAuthorization {
    pub id: String,
    pub access_key: String,
    pub pipeline: &'static str,
    pub parameters: String,
    pub created_at: i64,
    pub expires_at: i64,
}

pub async fn insert(db: &Database, new: NewAuthorization) -> Result<(), sqlx::Error> {
    db.write(move |c| {
        let new = new.clone();
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO authorizations (id, access_key, pipeline, parameters, state, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, 'Open', $5, $6)",
            )
            .bind(&new.id)
            .bind(&new.access_key)
            .bind(new.pipeline)
            .bind(&new.parameters)
            .bind(new.created_at)
            .bind(new.expires_at)
            .execute(c)
            .await?;
            Ok(())
        })
    })
    .await
}

pub async fn find(db: &Database, id: &str) -> Result<Option<Authorization>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, access_key, parameters, state, account_id, instrument_id, address_id, return_location, \
             expires_at FROM authorizations WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(Authorization::from))
}

/// Makes the authorization this account's; `false` when it is another's already, or decided.
pub async fn claim(db: &Database, id: &str, account_id: &str) -> Result<bool, sqlx::Error> {
    let (id, account_id) = (id.to_owned(), account_id.to_owned());
    db.write(move |c| {
        let (id, account_id) = (id.clone(), account_id.clone());
        Box::pin(async move {
            let updated = sqlx::query(
                "UPDATE authorizations SET account_id = $1 \
                 WHERE id = $2 AND state = 'Open' AND (account_id IS NULL OR account_id = $1)",
            )
            .bind(&account_id)
            .bind(&id)
            .execute(c)
            .await?;
            Ok(updated.rows_affected() == 1)
        })
    })
    .await
}

/// "Not you?": gives it back, so that another account can take it.
pub async fn release(db: &Database, id: &str, account_id: &str) -> Result<(), sqlx::Error> {
    let (id, account_id) = (id.to_owned(), account_id.to_owned());
    db.write(move |c| {
        let (id, account_id) = (id.clone(), account_id.clone());
        Box::pin(async move {
            sqlx::query(
                "UPDATE authorizations SET account_id = NULL, instrument_id = NULL, address_id = NULL \
                 WHERE id = $1 AND state = 'Open' AND account_id = $2",
            )
            .bind(&id)
            .bind(&account_id)
            .execute(c)
            .await?;
            Ok(())
        })
    })
    .await
}

pub async fn choose_instrument(
    db: &Database,
    id: &str,
    account_id: &str,
    instrument_id: &str,
) -> Result<(), sqlx::Error> {
    let (id, account_id, instrument_id) = (id.to_owned(), account_id.to_owned(), instrument_id.to_owned());
    db.write(move |c| {
        let (id, account_id, instrument_id) = (id.clone(), account_id.clone(), instrument_id.clone());
        Box::pin(async move {
            sqlx::query(
                "UPDATE authorizations SET instrument_id = $1 \
                 WHERE id = $2 AND state = 'Open' AND account_id = $3",
            )
            .bind(&instrument_id)
            .bind(&id)
            .bind(&account_id)
            .execute(c)
            .await?;
            Ok(())
        })
    })
    .await
}

/// Ships to an address of the account's book.
pub async fn choose_address(
    db: &Database,
    id: &str,
    account_id: &str,
    address_id: &str,
) -> Result<(), sqlx::Error> {
    let (id, account_id, address_id) = (id.to_owned(), account_id.to_owned(), address_id.to_owned());
    db.write(move |c| {
        let (id, account_id, address_id) = (id.clone(), account_id.clone(), address_id.clone());
        Box::pin(async move {
            sqlx::query(
                "UPDATE authorizations SET address_id = $1 \
                 WHERE id = $2 AND state = 'Open' AND account_id = $3",
            )
            .bind(&address_id)
            .bind(&id)
            .bind(&account_id)
            .execute(c)
            .await?;
            Ok(())
        })
    })
    .await
}

/// Ends it without a token: it is this account's, if it is nobody's yet. `false` when it was decided
/// meanwhile.
pub async fn end(
    db: &Database,
    id: &str,
    account_id: Option<&str>,
    return_location: &str,
) -> Result<bool, sqlx::Error> {
    let (id, account_id) = (id.to_owned(), account_id.map(str::to_owned));
    let return_location = return_location.to_owned();
    db.write(move |c| {
        let (id, account_id, return_location) = (id.clone(), account_id.clone(), return_location.clone());
        Box::pin(async move {
            let updated = sqlx::query(
                "UPDATE authorizations SET state = 'Ended', return_location = $1, \
                     account_id = COALESCE(account_id, $2) \
                 WHERE id = $3 AND state = 'Open'",
            )
            .bind(&return_location)
            .bind(account_id.as_deref())
            .bind(&id)
            .execute(c)
            .await?;
            Ok(updated.rows_affected() == 1)
        })
    })
    .await
}

/// Part of the transaction that makes the token. `false` when it was decided meanwhile, or something else
/// was chosen than what it was `read` with: the caller must then roll back.
pub async fn confirm(
    c: &mut AnyConnection,
    read: &Authorization,
    account_id: &str,
    token_id: &str,
    return_location: &str,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE authorizations SET state = 'Confirmed', token_id = $1, return_location = $2 \
         WHERE id = $3 AND state = 'Open' AND account_id = $4 \
             AND COALESCE(instrument_id, '') = $5 AND COALESCE(address_id, '') = $6",
    )
    .bind(token_id)
    .bind(return_location)
    .bind(&read.id)
    .bind(account_id)
    .bind(read.instrument_id.as_deref().unwrap_or_default())
    .bind(read.address_id.as_deref().unwrap_or_default())
    .execute(c)
    .await?;
    Ok(updated.rows_affected() == 1)
}
