//! Authorizations: what a caller asks a person to allow, on its way through the Co-Branded UI. Every change
//! is guarded by the stage that it starts from: of two tabs, or of Confirm and Cancel, one decides and the
//! other finds it decided.

use crate::domain::accounts::Account;
use crate::domain::callers::{self, Caller};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::AnyConnection;
use sqlx::Row;
use sqlx::any::AnyRow;

/// How long a person may take.
pub const VALID_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(3);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub id: String,
    /// The verified request's parameters, form-encoded.
    pub parameters: String,
    pub stage: Stage,
    pub expires_at: Timestamp,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has signed in to it.
    Unclaimed,
    Claimed(Claim),
    /// Tokens were issued.
    Confirmed {
        account_id: String,
        /// Of two tokens the one that pays.
        token_id: String,
        /// Where the decision sent the person: the signed return address.
        return_location: String,
    },
    /// Abandoned, or not possible.
    Ended {
        /// Whoever had it, or ended it.
        account_id: Option<String>,
        return_location: String,
    },
}

/// An account's hold on an authorization, with what the person has chosen so far; ids all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub account: String,
    pub instrument: Option<String>,
    /// Where to ship to, if the caller asked for that.
    pub address: Option<String>,
}

impl Stage {
    fn account_id(&self) -> Option<&str> {
        match self {
            Self::Unclaimed => None,
            Self::Claimed(claim) => Some(&claim.account),
            Self::Confirmed { account_id, .. } => Some(account_id),
            Self::Ended { account_id, .. } => account_id.as_deref(),
        }
    }
}

impl Authorization {
    /// Whether nothing is decided yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Unclaimed | Stage::Claimed(_))
    }

    pub const fn is_confirmed(&self) -> bool {
        matches!(self.stage, Stage::Confirmed { .. })
    }

    pub fn is_of(&self, account: &Account) -> bool {
        self.stage.account_id() == Some(account.id.as_str())
    }

    /// Whether somebody else has signed in to it.
    pub fn is_of_another(&self, account: &Account) -> bool {
        self.stage.account_id().is_some() && !self.is_of(account)
    }

    /// What the account holds of it; `None` for anybody else's, and for what is decided.
    pub fn claim_of(&self, account: &Account) -> Option<&Claim> {
        match &self.stage {
            Stage::Claimed(claim) if claim.account == account.id => Some(claim),
            _ => None,
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
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl From<NewAuthorization> for Authorization {
    fn from(new: NewAuthorization) -> Self {
        Self { id: new.id, parameters: new.parameters, stage: Stage::Unclaimed, expires_at: new.expires_at }
    }
}

text_types::words! {
    enum State {
        Open = "Open",
        Confirmed = "Confirmed",
        Ended = "Ended",
    }
}

/// Everything that [`read`] needs of `authorizations z`. The account has a name of its own beside a caller's.
macro_rules! columns {
    () => {
        "z.id, z.parameters, z.state, z.account_id AS claimed_by, z.instrument_id, z.address_id, z.token_id, \
         z.return_location, z.expires_at"
    };
}

fn read(row: &AnyRow) -> Result<Authorization, sqlx::Error> {
    Ok(Authorization {
        id: row.text("id")?,
        parameters: row.text("parameters")?,
        stage: read_stage(row)?,
        expires_at: row.time("expires_at")?,
    })
}

/// The nullable columns as the stage that they make together.
fn read_stage(row: &AnyRow) -> Result<Stage, sqlx::Error> {
    let state: State = row.parsed("state")?;
    let account_id = row.optional("claimed_by", Columns::text)?;
    let instrument_id = row.optional("instrument_id", Columns::text)?;
    let address_id = row.optional("address_id", Columns::text)?;
    let token_id = row.optional("token_id", Columns::text)?;
    let return_location = row.optional("return_location", Columns::text)?;
    // What was chosen stays in the row after the decision, for whoever reads the database.
    match (state, account_id, token_id, return_location) {
        (State::Open, None, None, None) if instrument_id.is_none() && address_id.is_none() => {
            Ok(Stage::Unclaimed)
        }
        (State::Open, Some(account_id), None, None) => {
            Ok(Stage::Claimed(Claim { account: account_id, instrument: instrument_id, address: address_id }))
        }
        (State::Confirmed, Some(account_id), Some(token_id), Some(return_location)) => {
            Ok(Stage::Confirmed { account_id, token_id, return_location })
        }
        (State::Ended, account_id, None, Some(return_location)) => {
            Ok(Stage::Ended { account_id, return_location })
        }
        (state, ..) => {
            let why =
                format!("authorization {} cannot be {} with these columns", row.text("id")?, state.as_str());
            Err(sqlx::Error::ColumnDecode { index: "state".to_owned(), source: why.into() })
        }
    }
}

pub async fn insert(c: &mut AnyConnection, new: &NewAuthorization) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO authorizations (id, access_key, pipeline, parameters, state, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&new.id)
    .bind(&new.access_key)
    .bind(new.pipeline)
    .bind(&new.parameters)
    .bind(State::Open.as_str())
    .bind(new.created_at.as_microsecond())
    .bind(new.expires_at.as_microsecond())
    .execute(c)
    .await?;
    Ok(())
}

/// `None` when there is none of this id. An impossible row is an error.
pub async fn find(db: &Database, id: &str) -> Result<Option<Authorization>, sqlx::Error> {
    let row = sqlx::query(concat!("SELECT ", columns!(), " FROM authorizations z WHERE z.id = $1"))
        .bind(id)
        .fetch_optional(db.readers())
        .await?;
    row.as_ref().map(read).transpose()
}

/// The same with who asks.
pub async fn find_with_caller(
    db: &Database,
    id: &str,
) -> Result<Option<(Authorization, Caller)>, sqlx::Error> {
    let row = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        ", ",
        callers::columns!(),
        " FROM authorizations z JOIN callers c ON c.access_key = z.access_key \
         JOIN accounts a ON a.id = c.account_id WHERE z.id = $1"
    ))
    .bind(id)
    .fetch_optional(db.readers())
    .await?;
    row.map(|row| Ok((read(&row)?, callers::read(&row)?))).transpose()
}

/// Makes an unclaimed authorization this account's; one that it has already stays as it is. `None` when it is
/// another's, or decided.
pub async fn claim(c: &mut AnyConnection, id: &str, account_id: &str) -> Result<Option<Claim>, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE authorizations SET account_id = $1 \
         WHERE id = $2 AND state = 'Open' AND (account_id IS NULL OR account_id = $1) \
         RETURNING instrument_id, address_id",
    )
    .bind(account_id)
    .bind(id)
    .fetch_optional(c)
    .await?;
    let claim = |row: AnyRow| {
        Ok(Claim {
            account: account_id.to_owned(),
            instrument: row.try_get("instrument_id")?,
            address: row.try_get("address_id")?,
        })
    };
    row.map(claim).transpose()
}

/// "Not you?": unclaimed again, so that another account can take it.
pub async fn release(c: &mut AnyConnection, id: &str, claim: &Claim) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE authorizations SET account_id = NULL, instrument_id = NULL, address_id = NULL \
         WHERE id = $1 AND state = 'Open' AND account_id = $2",
    )
    .bind(id)
    .bind(&claim.account)
    .execute(c)
    .await?;
    Ok(())
}

pub async fn choose_instrument(
    c: &mut AnyConnection,
    id: &str,
    claim: &Claim,
    instrument_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE authorizations SET instrument_id = $1 WHERE id = $2 AND state = 'Open' AND account_id = $3",
    )
    .bind(instrument_id)
    .bind(id)
    .bind(&claim.account)
    .execute(c)
    .await?;
    Ok(())
}

/// Ships to an address of the account's book.
pub async fn choose_address(
    c: &mut AnyConnection,
    id: &str,
    claim: &Claim,
    address_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE authorizations SET address_id = $1 WHERE id = $2 AND state = 'Open' AND account_id = $3",
    )
    .bind(address_id)
    .bind(id)
    .bind(&claim.account)
    .execute(c)
    .await?;
    Ok(())
}

/// Ends it without a token: it is this account's, if it is nobody's yet. `false` when it was decided
/// meanwhile.
pub async fn end(
    c: &mut AnyConnection,
    id: &str,
    account_id: Option<&str>,
    return_location: &str,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE authorizations SET state = $1, return_location = $2, account_id = COALESCE(account_id, $3) \
         WHERE id = $4 AND state = 'Open'",
    )
    .bind(State::Ended.as_str())
    .bind(return_location)
    .bind(account_id)
    .bind(id)
    .execute(c)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Part of the transaction that issues the tokens. `false` when it was decided meanwhile, or something else
/// was chosen than what the `claim` says: whoever calls must then roll back.
pub async fn confirm(
    c: &mut AnyConnection,
    id: &str,
    claim: &Claim,
    token_id: &str,
    return_location: &str,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE authorizations SET state = $1, token_id = $2, return_location = $3 \
         WHERE id = $4 AND state = 'Open' AND account_id = $5 \
             AND COALESCE(instrument_id, '') = $6 AND COALESCE(address_id, '') = $7",
    )
    .bind(State::Confirmed.as_str())
    .bind(token_id)
    .bind(return_location)
    .bind(id)
    .bind(&claim.account)
    .bind(claim.instrument.as_deref().unwrap_or_default())
    .bind(claim.address.as_deref().unwrap_or_default())
    .execute(c)
    .await?;
    Ok(updated.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection;

    /// The stage of a row with these columns: the state, who has it, the instrument, the token and the return
    /// location.
    async fn stage(columns: [Option<&str>; 5]) -> Result<Stage, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect("sqlite::memory:").await.unwrap();
        let mut query = sqlx::query(
            "SELECT 'Z' AS id, $1 AS state, $2 AS claimed_by, $3 AS instrument_id, NULL AS address_id, \
                 $4 AS token_id, $5 AS return_location",
        );
        for column in columns {
            query = query.bind(column);
        }
        read_stage(&query.fetch_one(&mut connection).await.unwrap())
    }

    #[tokio::test]
    async fn the_columns_of_a_row_make_one_stage() {
        let unclaimed = stage([Some("Open"), None, None, None, None]).await.unwrap();
        assert_eq!(unclaimed, Stage::Unclaimed);
        let claimed = stage([Some("Open"), Some("J"), Some("I"), None, None]).await.unwrap();
        let claim = Claim { account: "J".to_owned(), instrument: Some("I".to_owned()), address: None };
        assert_eq!(claimed, Stage::Claimed(claim));
        let ended = stage([Some("Ended"), None, Some("I"), None, Some("http://shop/")]).await.unwrap();
        assert_eq!(ended, Stage::Ended { account_id: None, return_location: "http://shop/".to_owned() });
    }

    #[tokio::test]
    async fn an_impossible_row_and_an_unknown_state_are_errors() {
        let rows = [
            [Some("Closed"), None, None, None, None],
            [Some("Open"), None, Some("I"), None, None],
            [Some("Open"), Some("J"), None, Some("T"), None],
            [Some("Confirmed"), None, None, Some("T"), Some("http://shop/")],
            [Some("Confirmed"), Some("J"), None, None, Some("http://shop/")],
            [Some("Ended"), Some("J"), None, None, None],
            [Some("Ended"), Some("J"), None, Some("T"), Some("http://shop/")],
        ];
        for row in rows {
            let error = stage(row).await.unwrap_err();
            let names_state = matches!(&error, sqlx::Error::ColumnDecode { index, .. } if index == "state");
            assert!(names_state, "{row:?}: {error}");
        }
    }
}
