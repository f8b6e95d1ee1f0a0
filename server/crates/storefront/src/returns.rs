//! Buyers coming back from the Co-Branded UI.

use crate::Shop;
use crate::confirmation::{self, NotNow};
use crate::fps_client::Unverifiable;
use crate::orders::state::Event;
use crate::orders::{self, OrderError, OrderId, TokenId, store, words};
use crate::payment_updates::{self, Outcome, Update};
use crate::tracking;
use fps_protocol::Parameters;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::CallerReference;

/// The returnURL's path.
pub const PATH: &str = "/payments/return";

/// Why a return is not taken. None of them changes anything.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    #[error("the address was not signed by Amazon Payments, or was altered")]
    Forged,
    #[error("no order waits for this return")]
    UnknownOrder,
    #[error("the return does not fit the order")]
    DoesNotFit,
    /// Amazon cannot be asked at present: the same address works later.
    #[error("the return cannot be checked at present")]
    NotNow,
    #[error(transparent)]
    Order(#[from] OrderError),
}

impl From<Unverifiable> for ReturnError {
    fn from(error: Unverifiable) -> Self {
        match error {
            Unverifiable::Forged => Self::Forged,
            Unverifiable::CertificateUnavailable => Self::NotNow,
        }
    }
}

impl From<NotNow> for ReturnError {
    fn from(_: NotNow) -> Self {
        Self::NotNow
    }
}

impl From<sqlx::Error> for ReturnError {
    fn from(error: sqlx::Error) -> Self {
        Self::Order(error.into())
    }
}

/// Takes the query of a return. On the first one that authorizes the order, the payment is executed;
/// the same return again leads to the same order and changes nothing.
pub async fn accept(shop: &Shop, query: &str) -> Result<OrderId, ReturnError> {
    let back = read(shop, PATH, query).await?;
    let reference = back.caller_reference.as_deref().ok_or(ReturnError::UnknownOrder)?;
    let id = store::by_reference(&shop.db, reference).await?.ok_or(ReturnError::UnknownOrder)?;
    let attempt = CallerReference::new(reference).map_err(|_| ReturnError::UnknownOrder)?;
    let event = event(&back)?;
    if let Event::Authorized { token, .. } = &event {
        must_be_ours(shop, &id, &attempt, token).await?;
    }
    let update = Update { order: id.clone(), attempt: Some(attempt), event, notification: None };
    match payment_updates::apply(shop, update).await?.outcome {
        Outcome::Changed => tracking::pursue(shop, &id).await?,
        Outcome::NothingNew | Outcome::Repeated => {}
        Outcome::Refused(refused) => {
            tracing::warn!(order = %id, %refused, "a return for order {id} was refused");
            return Err(ReturnError::DoesNotFit);
        }
    }
    Ok(id)
}

/// Another caller's authorization moves no order of the shop, though Amazon signed it, too. What changes
/// nothing anyway is not asked about: a token that is known, and an attempt that was given up.
async fn must_be_ours(
    shop: &Shop,
    id: &OrderId,
    attempt: &CallerReference,
    token: &TokenId,
) -> Result<(), ReturnError> {
    let order = orders::load(shop, id).await?;
    let is_settled = order.caller_reference != *attempt || order.sender_token.as_ref() == Some(token);
    if is_settled || confirmation::is_our_token(shop, token, attempt).await? {
        return Ok(());
    }
    tracing::warn!(order = %id, "a return for order {id} has a token that is not this shop's");
    Err(ReturnError::DoesNotFit)
}

/// A return to `path` of the shop, checked.
pub(crate) async fn read(shop: &Shop, path: &str, query: &str) -> Result<CbuiReturn, ReturnError> {
    let parameters = Parameters::from_query(query).map_err(|_| ReturnError::Forged)?;
    let verified = shop.fps.verify("GET", path, parameters).await?;
    CbuiReturn::from_parameters(&verified).map_err(|error| {
        tracing::error!(%error, "Amazon signed a return that cannot be read");
        ReturnError::DoesNotFit
    })
}

/// What a buyer's return says about an order. The Recipient pipeline's answers say nothing about any.
fn event(back: &CbuiReturn) -> Result<Event, ReturnError> {
    let authorized = |method| {
        let token: TokenId = back.token_id.clone().ok_or(ReturnError::DoesNotFit)?;
        Ok(Event::Authorized { token, method })
    };
    match back.status {
        CbuiStatus::SuccessAbt => authorized(PaymentMethod::Abt),
        CbuiStatus::SuccessAch => authorized(PaymentMethod::Ach),
        CbuiStatus::SuccessCard => authorized(PaymentMethod::Cc),
        CbuiStatus::Abandoned => Ok(Event::Abandoned),
        CbuiStatus::CallerException
        | CbuiStatus::SystemError
        | CbuiStatus::PaymentMethodMismatch
        | CbuiStatus::PaymentNotPossible
        | CbuiStatus::NotMarketplace => {
            tracing::warn!(status = %back.status, message = back.error_message, "the Co-Branded UI refused");
            Ok(Event::AuthorizationFailed { why: words::not_authorized(back.status).to_owned() })
        }
        CbuiStatus::SuccessRecipient
        | CbuiStatus::SuccessUnchanged
        | CbuiStatus::InvalidToken
        | CbuiStatus::AccountDoesNotExist
        | CbuiStatus::TokenOfAnother => Err(ReturnError::DoesNotFit),
    }
}
