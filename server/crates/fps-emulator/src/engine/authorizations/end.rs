//! The end without a token, and where a decision leads.

use crate::domain::accounts::Account;
use crate::domain::authorizations::{self, Stage};
use crate::engine::authorizations::{
    AuthorizationError, AuthorizationRequest, Authorizations, return_address,
};
use fps_protocol::cbui::CbuiStatus;
use platform::lab::What;

impl Authorizations {
    /// Back to the caller without a token. Whoever holds the address may: it cannot be guessed, a session
    /// can end on the way, and nothing is given away by it. Who leaves because nothing that the account has
    /// is taken did not change their mind: the caller hears that.
    pub async fn abandon(
        &self,
        request: Box<AuthorizationRequest>,
        account: Option<&Account>,
    ) -> Result<String, AuthorizationError> {
        let mine = account.filter(|account| request.authorization.claim_of(account).is_some());
        let lacks_method = match mine {
            Some(account) if request.chooses_instrument() => {
                self.payment_options(&request, account).await?.is_empty()
            }
            _ => false,
        };
        let status = if lacks_method { CbuiStatus::PaymentMethodMismatch } else { CbuiStatus::Abandoned };
        self.end(request, account, status).await
    }

    /// Ends it without a token; where the person goes. Whatever was decided first counts.
    pub(super) async fn end(
        &self,
        request: Box<AuthorizationRequest>,
        account: Option<&Account>,
        status: CbuiStatus,
    ) -> Result<String, AuthorizationError> {
        if !request.authorization.is_open() {
            return decided(request, account);
        }
        let answer = return_address::without_token(status, request.caller_reference());
        let location = self.return_address(&request.return_url, &answer).await?;
        let account_id = account.map(|account| account.id.clone());
        let input = (request.id().clone(), account_id, location.clone());
        let end = self.engine.db.transact(input, |c, (id, account_id, location)| {
            Box::pin(authorizations::end(c, id, account_id.as_ref(), location))
        });
        if end.await? {
            let ended =
                What::AuthorizationEnded { status: status.as_str().to_owned(), url: location.clone() };
            self.engine.record(request.about(), ended);
            return Ok(location);
        }
        decided(self.reloaded(request).await?, account)
    }

    /// The request with its authorization as it is by now.
    pub(super) async fn reloaded(
        &self,
        mut request: Box<AuthorizationRequest>,
    ) -> Result<Box<AuthorizationRequest>, AuthorizationError> {
        let authorization = authorizations::find(&self.engine.db, request.id()).await?;
        request.authorization = authorization.ok_or(AuthorizationError::NotFound)?;
        Ok(request)
    }
}

/// Where the decision that came first leads. What was made is told to nobody but who confirmed it; an
/// end without a token says nothing that the caller's request did not say.
pub fn decided(
    request: Box<AuthorizationRequest>,
    account: Option<&Account>,
) -> Result<String, AuthorizationError> {
    let authorization = &request.authorization;
    match &authorization.stage {
        Stage::Ended { return_location, .. } => Ok(return_location.clone()),
        Stage::Confirmed { return_location, .. }
            if account.is_some_and(|account| authorization.is_of(account)) =>
        {
            Ok(return_location.clone())
        }
        _ => Err(AuthorizationError::Over(request)),
    }
}
