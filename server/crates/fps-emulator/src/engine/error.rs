use crate::domain::ledger_accounts::LedgerAccount;
use crate::domain::transactions::movements::MovementError;
use fps_protocol::{ErrorCode, FpsError};
use ledger::LedgerError;
use money::MoneyError;
use platform::db::{self, WriteError};

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The caller's request cannot be granted.
    #[error(transparent)]
    Refused(#[from] FpsError),
    /// The same request was refused before, and gets that answer again.
    #[error(transparent)]
    RefusedBefore(FpsError),
    /// What was read was changed by somebody else before it could be written.
    #[error("the transaction or token was changed meanwhile")]
    Changed,
    #[error(transparent)]
    Ledger(LedgerError),
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Movement(#[from] MovementError),
    /// Not transparent: who looks for the cause of a failed job must find it.
    #[error("{0}")]
    Database(#[from] sqlx::Error),
}

impl ActionError {
    pub fn refused(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Refused(FpsError::new(code, message))
    }

    /// Whether the database is at fault: what was asked may or may not be done, and the same request, sent again
    /// later under its `CallerReference`, tells.
    pub fn is_unavailable(&self) -> bool {
        self.database_error().is_some_and(db::is_unavailable)
    }

    /// What the caller is told: nothing of what went wrong inside.
    pub fn into_fps_error(self) -> FpsError {
        match self {
            Self::Refused(error) | Self::RefusedBefore(error) => error,
            Self::Changed => FpsError::new(
                ErrorCode::ConcurrentModification,
                "Another request changes the same transaction. Please retry the request.",
            ),
            error if error.is_unavailable() => {
                tracing::warn!(%error, "an action needs the database, which is not available");
                FpsError::internal()
            }
            error => {
                tracing::error!(%error, "an action failed");
                FpsError::internal()
            }
        }
    }
}

/// The message was observed live (fps.md §6.3).
pub fn insufficient_balance() -> FpsError {
    FpsError::new(ErrorCode::InsufficientBalance, "The transaction exceeds the account/instrument limits.")
}

impl From<LedgerError> for ActionError {
    fn from(error: LedgerError) -> Self {
        match error {
            // A debt was settled or forgiven meanwhile, for nobody asks for more of one than is there.
            LedgerError::InsufficientFunds { account }
                if matches!(LedgerAccount::of(&account), Ok(LedgerAccount::Debt(_))) =>
            {
                Self::Changed
            }
            LedgerError::InsufficientFunds { .. } => Self::Refused(insufficient_balance()),
            // Somebody else settled or cancelled first; looking again gives the proper answer.
            LedgerError::HoldAlreadyResolved { .. } => Self::Changed,
            LedgerError::Database(error) => Self::Database(error),
            error => Self::Ledger(error),
        }
    }
}

impl WriteError for ActionError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}
