use crate::{Account, HoldId};
use money::MoneyError;

/// Why the books refuse. The caller's transaction must be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("account {account} has not enough that is not held")]
    InsufficientFunds { account: Account },
    #[error("there is no {} account {account}", account.kind())]
    UnknownAccount { account: Account },
    #[error("there is no hold {id}")]
    UnknownHold { id: HoldId },
    /// A hold is resolved once: captured or released.
    #[error("hold {id} was captured or released before")]
    HoldAlreadyResolved { id: HoldId },
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
