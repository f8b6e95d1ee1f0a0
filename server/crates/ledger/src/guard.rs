use crate::{Account, HoldId, LedgerError};
use platform::db::Unwritten;
use sqlx::{AnyConnection, AnyExecutor};

/// What a batch finds only when the books allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// An account with enough in it that is not held.
    Account(Account),
    /// A hold that was not resolved.
    Hold(HoldId),
}

impl Guard {
    /// Why it was not found, asked after nothing of the batch was kept.
    pub async fn refusal<'c>(self, reader: impl AnyExecutor<'c>) -> LedgerError {
        let refusal = match self {
            Self::Account(account) => why_unchanged(reader, account).await,
            Self::Hold(id) => why_unresolved(reader, id).await,
        };
        refusal.unwrap_or_else(LedgerError::Database)
    }
}

/// What came of a batch that was run on a connection.
pub(crate) async fn told(
    run: Result<(), Unwritten<Guard>>,
    c: &mut AnyConnection,
) -> Result<(), LedgerError> {
    match run {
        Ok(()) => Ok(()),
        Err(Unwritten::Unmet(guard)) => Err(guard.refusal(c).await),
        Err(Unwritten::Database(error)) => Err(error.into()),
    }
}

/// Is there no such account, or not enough in it?
async fn why_unchanged<'c>(
    reader: impl AnyExecutor<'c>,
    account: Account,
) -> Result<LedgerError, sqlx::Error> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT balance FROM ledger_accounts WHERE id = $1 AND kind = $2")
            .bind(account.id())
            .bind(account.kind().as_str())
            .fetch_optional(reader)
            .await?;
    Ok(match found {
        Some(_) => LedgerError::InsufficientFunds { account },
        None => LedgerError::UnknownAccount { account },
    })
}

async fn why_unresolved<'c>(reader: impl AnyExecutor<'c>, id: HoldId) -> Result<LedgerError, sqlx::Error> {
    let found: Option<(String,)> = sqlx::query_as("SELECT state FROM ledger_holds WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(reader)
        .await?;
    Ok(match found {
        Some(_) => LedgerError::HoldAlreadyResolved { id },
        None => LedgerError::UnknownHold { id },
    })
}
