//! From a verified request to an authorization: what is wrong with the request goes back to the caller
//! at once.

use crate::domain::authorizations::{self, NewAuthorization};
use crate::domain::callers::{self, Caller};
use crate::domain::tokens::{self, TokenRole};
use crate::state::Payments;
use crate::web::cbui::return_sites::{self, CallerSite};
use crate::web::cbui::{Stop, objections, returns};
use fps_protocol::cbui::{CbuiRequest, CbuiReturn, CeError, PipelineRequest};
use jiff::Timestamp;
use platform::web::Refusal;
use url::Url;

const ID_LENGTH: usize = 32;

/// Makes an authorization; returns its id.
pub async fn open(payments: &Payments, caller: &Caller, request: &CbuiRequest) -> Result<String, Stop> {
    let return_url = request.return_url().map_err(|error| Refusal::bad_request(error.message))?;
    if !return_sites::is_registered(&return_url, &registered_sites(payments, caller).await?) {
        return Err(return_sites::foreign().into());
    }
    let reference = request.caller_reference();
    let asked = match check(payments, caller, request).await? {
        Ok(asked) => asked,
        Err(error) => {
            return leave(payments, &return_url, &returns::caller_exception(&error, reference)).await;
        }
    };
    if let Some(status) = objections::to_request(payments, caller, &asked).await? {
        return leave(payments, &return_url, &returns::without_token(status, reference)).await;
    }
    let now = payments.clock.now();
    let expires_at = now.saturating_add(authorizations::VALID_FOR).unwrap_or(Timestamp::MAX);
    let id = payments.random.upper_alphanumeric(ID_LENGTH);
    let new = NewAuthorization {
        id: id.clone(),
        access_key: caller.access_key.clone(),
        pipeline: asked.pipeline().as_str(),
        parameters: request.parameters.to_query(),
        created_at: now.as_microsecond(),
        expires_at: expires_at.as_microsecond(),
    };
    authorizations::insert(&payments.db, new).await?;
    Ok(id)
}

async fn leave<T>(payments: &Payments, return_url: &Url, answer: &CbuiReturn) -> Result<T, Stop> {
    Err(Stop::Leave(returns::location(&payments.signer, return_url, answer).await?))
}

pub async fn registered_sites(payments: &Payments, caller: &Caller) -> Result<Vec<CallerSite>, sqlx::Error> {
    let rows = callers::sites(&payments.db, &caller.access_key).await?;
    let sites = rows.into_iter().filter_map(|row| {
        let url = Url::parse(&row.url).ok()?;
        Some(CallerSite { url, any_loopback: row.any_loopback != 0 })
    });
    Ok(sites.collect())
}

/// What is asked, if it is well formed, and what it names is there.
async fn check(
    payments: &Payments,
    caller: &Caller,
    request: &CbuiRequest,
) -> Result<Result<PipelineRequest, CeError>, Stop> {
    let asked = match PipelineRequest::parse(request) {
        Ok(asked) => asked,
        Err(error) => return Ok(Err(error)),
    };
    let wrong = match asked.validity().wrong_at(payments.clock.now()) {
        Some(field) => Some(field),
        None if all_recipients(payments, &asked).await? => None,
        None => Some(asked.recipient_parameter()),
    };
    if let Some(field) = wrong {
        tracing::debug!(caller = caller.access_key, field, "a co-branded request is not well formed");
        return Ok(Err(CeError { fields: vec![field] }));
    }
    Ok(Ok(asked))
}

/// Whether the tokens that may be paid are recipients' tokens. Whose caller's they are, is for the
/// payment to judge.
async fn all_recipients(payments: &Payments, asked: &PipelineRequest) -> Result<bool, sqlx::Error> {
    for token in asked.recipient_tokens() {
        let token = tokens::find(&payments.db, token.as_str()).await?;
        if !token.is_some_and(|token| token.active && token.role == TokenRole::Recipient) {
            return Ok(false);
        }
    }
    Ok(true)
}
