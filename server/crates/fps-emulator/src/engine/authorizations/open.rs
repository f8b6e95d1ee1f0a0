//! From a verified request to an authorization: what is wrong with the request goes back to the caller
//! at once.

use crate::domain::authorizations::{self, AuthorizationId, NewAuthorization};
use crate::domain::callers::Caller;
use crate::domain::tokens::{self, Token, TokenRole};
use crate::engine::authorizations::{
    AuthorizationError, AuthorizationRequest, Authorizations, obstacles, registered_sites, return_address,
};
use fps_protocol::cbui::{CbuiRequest, CbuiReturn, CeError, PipelineRequest};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use platform::lab::What;
use url::Url;

const ID_LENGTH: usize = 32;

impl Authorizations {
    /// Makes an authorization of what the caller asks. [`AuthorizationError::Returned`] when it cannot come
    /// to anything, whoever signs in.
    pub async fn open(
        &self,
        caller: &Caller,
        request: &CbuiRequest,
    ) -> Result<Box<AuthorizationRequest>, AuthorizationError> {
        let return_url =
            request.return_url().map_err(|error| AuthorizationError::BadReturnUrl(error.message))?;
        let sites = self.registered_sites(caller).await?;
        let home = registered_sites::home(&return_url, &sites).ok_or(AuthorizationError::UnregisteredSite)?;
        let reference = request.caller_reference();
        let asked = match PipelineRequest::parse(request) {
            Ok(asked) => asked,
            Err(error) => {
                let answer = return_address::caller_exception(&error, reference);
                return self.send_back(&return_url, &answer).await;
            }
        };
        let named = self.recipient_tokens(&asked).await?;
        if let Some(field) = self.wrong_field(&asked, &named) {
            tracing::debug!(caller = %caller.access_key, field, "a co-branded request is not well formed");
            let answer = return_address::caller_exception(&CeError { fields: vec![field] }, reference);
            return self.send_back(&return_url, &answer).await;
        }
        let token_to_edit = self.token_to_edit(&asked).await?;
        let now = self.engine.clock.now();
        if let Some(status) = obstacles::to_request(caller, &asked, &named, token_to_edit.as_ref(), now) {
            let answer = return_address::without_token(status, reference);
            return self.send_back(&return_url, &answer).await;
        }
        let recipients = self.recipients(caller, &asked, token_to_edit.as_ref()).await?;
        let new = NewAuthorization {
            id: AuthorizationId::new(self.engine.random.upper_alphanumeric(ID_LENGTH))?,
            access_key: caller.access_key.clone(),
            pipeline: asked.pipeline().as_str(),
            parameters: request.parameters.to_query(),
            created_at: now,
            expires_at: now.saturating_add(authorizations::VALID_FOR).unwrap_or(Timestamp::MAX),
        };
        let insert = new.clone();
        self.engine.db.transact(insert, |c, new| Box::pin(authorizations::insert(c, new))).await?;
        let opened = Box::new(AuthorizationRequest {
            authorization: new.into(),
            caller: caller.clone(),
            asked,
            return_url,
            sites,
            home,
            recipients,
            token_to_edit,
        });
        let pipeline = opened.asked.pipeline().as_str().to_owned();
        let query = request.parameters.to_query();
        self.engine.record(opened.about(), What::AuthorizationOpened { pipeline, query });
        Ok(opened)
    }

    async fn send_back<T>(&self, return_url: &Url, answer: &CbuiReturn) -> Result<T, AuthorizationError> {
        Err(AuthorizationError::Returned(self.return_address(return_url, answer).await?))
    }

    /// The tokens that may be paid, as far as there are any.
    async fn recipient_tokens(&self, asked: &PipelineRequest) -> Result<Vec<Token>, sqlx::Error> {
        let ids: Vec<&TokenId> = asked.recipient_tokens().iter().collect();
        tokens::find_all(&self.engine.db, &ids).await
    }

    /// The parameter that does not fit the day, or names what is not a recipient's token. Whose caller's
    /// they are is for the payment to judge.
    fn wrong_field(&self, asked: &PipelineRequest, named: &[Token]) -> Option<&'static str> {
        let is_recipients = |id: &TokenId| {
            let token = named.iter().find(|token| token.id == *id);
            token.is_some_and(|token| token.active && token.role == TokenRole::Recipient)
        };
        let all_recipients = || asked.recipient_tokens().iter().all(is_recipients);
        match asked.validity().wrong_at(self.engine.clock.now()) {
            None if !all_recipients() => Some(asked.recipient_parameter()),
            wrong => wrong,
        }
    }
}
