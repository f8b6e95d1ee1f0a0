//! Confirming: what is granted and the authorization's end in one transaction.

use crate::domain::accounts::Account;
use crate::domain::{authorizations, stored_value, tokens};
use crate::state::Payments;
use crate::web::cbui::grants::Grant;
use crate::web::cbui::visit::Visit;
use ledger::LedgerError;
use platform::db::WriteError;
use sqlx::AnyConnection;

/// Why no token was made; the transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Or something else was chosen: the authorization says which.
    #[error("the authorization was decided meanwhile")]
    Decided,
    #[error("the caller has used this reference already")]
    ReferenceUsed,
    #[error("the token can no longer be edited")]
    NotEditable,
    #[error(transparent)]
    Sqlx(sqlx::Error),
    #[error(transparent)]
    Ledger(LedgerError),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { Self::ReferenceUsed } else { Self::Sqlx(error) }
    }
}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(error) => Self::Sqlx(error),
            error => Self::Ledger(error),
        }
    }
}

impl WriteError for Error {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Sqlx(error) => Some(error),
            Self::Decided | Self::ReferenceUsed | Self::NotEditable | Self::Ledger(_) => None,
        }
    }
}

async fn install(c: &mut AnyConnection, grant: &Grant) -> Result<(), Error> {
    match grant {
        Grant::Sender(grant) => tokens::install_sender(c, &grant.token).await?,
        Grant::Recipient(new) => tokens::install_recipient(c, new).await?,
        Grant::StoredValue(grant) => {
            stored_value::install(&mut *c, &grant.instrument).await?;
            tokens::install_sender(&mut *c, &grant.pays).await?;
            tokens::install_sender(c, &grant.source.token).await?;
        }
        Grant::Edited(grant) => {
            if !tokens::edit(c, &grant.old, &grant.new).await? {
                return Err(Error::NotEditable);
            }
        }
        Grant::Unchanged(_) => {}
    }
    Ok(())
}

/// Writes what is granted and ends the authorization, both or neither.
pub async fn make(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    grant: Grant,
    location: &str,
) -> Result<(), Error> {
    let (read, account_id) = (visit.authorization.clone(), account.id.clone());
    let location = location.to_owned();
    payments
        .db
        .write(move |c| {
            let (read, account_id, location) = (read.clone(), account_id.clone(), location.clone());
            let grant = grant.clone();
            Box::pin(async move {
                install(&mut *c, &grant).await?;
                let decided =
                    authorizations::confirm(c, &read, &account_id, grant.token_id(), &location).await?;
                if decided { Ok(()) } else { Err(Error::Decided) }
            })
        })
        .await
}
