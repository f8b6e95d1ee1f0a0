//! Can somebody be paid?

use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::tokens::{self, TokenRole};
use crate::engine::{ActionError, Engine};
use fps_protocol::enums::RecipientVerificationStatus;
use fps_protocol::ids::TokenId;
use fps_protocol::{ApiVersion, ErrorCode, FpsError};

/// How far the account of one of the caller's recipients is verified, in the words of the version.
pub async fn recipient_verification(
    engine: &Engine,
    caller: &Caller,
    token_id: &TokenId,
    version: ApiVersion,
) -> Result<RecipientVerificationStatus, ActionError> {
    let token = tokens::find(&engine.db, token_id).await?;
    let token = token
        .filter(|token| token.access_key == caller.access_key && token.role == TokenRole::Recipient)
        .ok_or_else(|| {
            FpsError::new(ErrorCode::InvalidTokenIdRecipient, "The recipient token is not valid.")
        })?;
    if !token.active {
        let message = "The recipient token was cancelled.";
        return Err(ActionError::refused(ErrorCode::TokenNotActiveRecipient, message));
    }
    let account = accounts::find(&engine.db, &token.account_id).await?;
    let account = account.ok_or_else(FpsError::internal)?;
    let status = if version == ApiVersion::V2011 { Ok(newer_status(&account)) } else { status(&account) };
    status.map_err(ActionError::Refused)
}

/// The client of 2011 knows other words.
fn newer_status(account: &Account) -> RecipientVerificationStatus {
    match account.status {
        AccountStatus::Closed => RecipientVerificationStatus::Closed,
        AccountStatus::Suspended => RecipientVerificationStatus::PendingReview,
        AccountStatus::Active if !account.email_verified => RecipientVerificationStatus::PendingUserAction,
        AccountStatus::Active => RecipientVerificationStatus::Active,
    }
}

/// None of the older words says that an account is closed.
fn status(account: &Account) -> Result<RecipientVerificationStatus, FpsError> {
    match (account.status, account.kind) {
        (AccountStatus::Closed, _) => {
            Err(FpsError::new(ErrorCode::InvalidAccountStateRecipient, "The recipient's account is closed."))
        }
        (AccountStatus::Suspended, _) => Ok(RecipientVerificationStatus::VerificationPending),
        _ if !account.email_verified => Ok(RecipientVerificationStatus::VerificationPending),
        (_, AccountKind::Business) => Ok(RecipientVerificationStatus::VerificationCompleteNoLimits),
        (_, AccountKind::Personal) => Ok(RecipientVerificationStatus::VerificationComplete),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::accounts::AccountId;
    use RecipientVerificationStatus as Status;

    #[test]
    fn each_version_has_its_words() {
        let table = [
            (
                AccountStatus::Active,
                true,
                AccountKind::Business,
                Ok(Status::VerificationCompleteNoLimits),
                Status::Active,
            ),
            (
                AccountStatus::Active,
                true,
                AccountKind::Personal,
                Ok(Status::VerificationComplete),
                Status::Active,
            ),
            (
                AccountStatus::Active,
                false,
                AccountKind::Business,
                Ok(Status::VerificationPending),
                Status::PendingUserAction,
            ),
            (
                AccountStatus::Suspended,
                true,
                AccountKind::Business,
                Ok(Status::VerificationPending),
                Status::PendingReview,
            ),
            (
                AccountStatus::Closed,
                true,
                AccountKind::Business,
                Err(ErrorCode::InvalidAccountStateRecipient),
                Status::Closed,
            ),
        ];
        for (account_status, email_verified, kind, older, newer) in table {
            let account = Account {
                id: AccountId::new("A").unwrap(),
                email: String::new(),
                name: String::new(),
                business_name: None,
                kind,
                status: account_status,
                email_verified,
                password_hash: String::new(),
                created_at: jiff::Timestamp::UNIX_EPOCH,
            };
            assert_eq!(status(&account).map_err(|error| error.code), older);
            assert_eq!(newer_status(&account), newer);
        }
    }
}
