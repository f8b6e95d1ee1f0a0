//! Confirming: the tokens and the authorization's end in one transaction.

use crate::domain::authorizations::{self, AuthorizationId, Claim};
use crate::engine::authorizations::issued_tokens::IssuedTokens;
use crate::engine::authorizations::{
    AuthorizationError, AuthorizationRequest, Authorizations, Entered, Selection, end, return_address,
};
use fps_protocol::cbui::{CbuiReturn, CbuiStatus};
use ledger::LedgerError;
use platform::db::WriteError;
use platform::lab::What;
use sqlx::AnyConnection;

/// In lab mode, confirming an authorization whose callerReference begins with this fails as if something
/// of ours were broken: the caller gets SE.
const SIMULATED_FAILURE: &str = "simulate-SE";

/// Why no token was made; the transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
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

impl From<sqlx::Error> for ConfirmError {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { Self::ReferenceUsed } else { Self::Sqlx(error) }
    }
}

impl From<LedgerError> for ConfirmError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(error) => Self::Sqlx(error),
            error => Self::Ledger(error),
        }
    }
}

impl WriteError for ConfirmError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Sqlx(error) => Some(error),
            Self::Decided | Self::ReferenceUsed | Self::NotEditable | Self::Ledger(_) => None,
        }
    }
}

/// What is written together.
#[derive(Debug, Clone)]
struct Confirmation {
    authorization_id: AuthorizationId,
    /// As it was read.
    claim: Claim,
    issued: IssuedTokens,
    return_location: String,
}

impl Confirmation {
    async fn write(&self, c: &mut AnyConnection) -> Result<(), ConfirmError> {
        self.issued.install(&mut *c).await?;
        let (id, token_id) = (&self.authorization_id, self.issued.token_id());
        let confirmed = authorizations::confirm(c, id, &self.claim, token_id, &self.return_location).await?;
        if confirmed { Ok(()) } else { Err(ConfirmError::Decided) }
    }
}

impl Authorizations {
    /// Issues the tokens; where the person goes. Confirmed twice, or in two tabs, it is issued once and
    /// there is one answer. `None`: something else was chosen meanwhile than what the claim says, and
    /// nothing was issued.
    pub async fn confirm(
        &self,
        entered: Entered<'_>,
        selection: Selection,
    ) -> Result<Option<String>, AuthorizationError> {
        let Entered { request, account, claim, .. } = entered;
        if self.simulates_failure(&request) {
            return self.end(request, Some(account), CbuiStatus::SystemError).await.map(Some);
        }
        let issued = self.issue(&request, account, &selection)?;
        let shipping = return_address::shipping(&request, selection.address);
        let answer = CbuiReturn {
            caller_reference: request.caller_reference().map(str::to_owned),
            address: shipping.address,
            warning: shipping.warning,
            ..issued.answer()
        };
        let location = self.return_address(&request.return_url, &answer).await?;
        let authorization_id = request.id().clone();
        let mut about = request.about();
        let (changes, tokens) = issued.told();
        about.tokens = tokens;
        let confirmation =
            Confirmation { authorization_id, claim, issued, return_location: location.clone() };
        let written = self.engine.db.transact(confirmation, |c, new| Box::pin(new.write(c))).await;
        let status = match written {
            Ok(()) => {
                let ended = What::AuthorizationEnded {
                    status: answer.status.as_str().to_owned(),
                    url: location.clone(),
                };
                self.engine.record_written(about.clone(), changes);
                self.engine.record(about, ended);
                return Ok(Some(location));
            }
            Err(ConfirmError::Decided) => {
                let request = self.reloaded(request).await?;
                let open = request.authorization.is_open();
                return if open { Ok(None) } else { end::decided(request, Some(account)).map(Some) };
            }
            Err(ConfirmError::ReferenceUsed) => CbuiStatus::PaymentNotPossible,
            Err(ConfirmError::NotEditable) => CbuiStatus::InvalidToken,
            Err(error) => {
                let authorization = request.id();
                tracing::error!(%authorization, %error, "authorization {authorization} could not be confirmed");
                CbuiStatus::SystemError
            }
        };
        self.end(request, Some(account), status).await.map(Some)
    }

    fn simulates_failure(&self, request: &AuthorizationRequest) -> bool {
        let references = request.asked.references();
        self.engine.config.lab
            && references.iter().any(|reference| reference.as_str().starts_with(SIMULATED_FAILURE))
    }
}
