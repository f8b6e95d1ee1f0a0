//! Buyers coming back from the Co-Branded UI.

use super::failure_messages;
use super::order_updates::{self, Outcome, Update};
use super::provenance::{self, NotNow};
use super::{recorded, requests};
use crate::Shop;
use crate::fps_client::Unverifiable;
use crate::ids::{CallerReference, OrderId, TokenId};
use crate::orders::state::Event;
use crate::orders::{self, Order, OrderError};
use fps_protocol::Parameters;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus};
use fps_protocol::enums::{PaymentMethod, TokenType};
use platform::lab::{About, What};

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
    let attempt = reference(&back)?;
    let order = orders::store::by_reference(&shop.db, &attempt).await?.ok_or(ReturnError::UnknownOrder)?;
    let event = match found_instead(shop, &order, &attempt, &back).await? {
        Some(found) => found,
        None => event(&back)?,
    };
    if let Event::Authorized { token, .. } = &event {
        must_be_ours(shop, &order, &attempt, token).await?;
    }
    let id = order.id;
    let update =
        Update { order: id.clone(), attempt: Some(attempt), event, notification: None, calls: Vec::new() };
    let applied = order_updates::apply(shop, update).await?;
    match applied.outcome {
        Outcome::Changed => requests::send(shop, applied.order).await?,
        Outcome::NothingNew | Outcome::Repeated => {}
        Outcome::Refused(refused) => {
            tracing::warn!(order = %id, %refused, "a return for order {id} was refused");
            return Err(ReturnError::DoesNotFit);
        }
    }
    Ok(id)
}

/// "No payment is possible" is also what is said of a reference that was used: of a payment that the buyer has
/// confirmed already, in another tab or on a way back that was lost.
async fn found_instead(
    shop: &Shop,
    order: &Order,
    attempt: &CallerReference,
    back: &CbuiReturn,
) -> Result<Option<Event>, ReturnError> {
    let waits = order.state.may_be_authorized() && order.caller_reference == *attempt;
    if back.status != CbuiStatus::PaymentNotPossible || !waits {
        return Ok(None);
    }
    let token = provenance::token_given_for(shop, (attempt, TokenType::SingleUse)).await?;
    Ok(token.map(|token| Event::Authorized { token, method: None }))
}

/// Another caller's authorization moves no order of the shop, though Amazon signed it, too. What changes
/// nothing anyway is not asked about: a token that is known, and an attempt that was given up.
async fn must_be_ours(
    shop: &Shop,
    order: &Order,
    attempt: &CallerReference,
    token: &TokenId,
) -> Result<(), ReturnError> {
    let is_settled = order.caller_reference != *attempt || order.sender_token.as_ref() == Some(token);
    if is_settled || provenance::is_our_token(shop, token, attempt).await? {
        return Ok(());
    }
    tracing::warn!(order = %order.id, "a return for order {} has a token that is not this shop's", order.id);
    Err(ReturnError::DoesNotFit)
}

/// A return to `path` of the shop, checked.
pub(super) async fn read(shop: &Shop, path: &str, query: &str) -> Result<CbuiReturn, ReturnError> {
    let parameters = Parameters::from_query(query).map_err(|_| ReturnError::Forged)?;
    let (about, status) = told(&parameters);
    let verified = shop.fps.verify("GET", path, parameters).await;
    let genuine = verified.is_ok();
    recorded::record(shop, about, || What::Returned { status, genuine, path: path.to_owned() });
    let verified = verified?;
    CbuiReturn::from_parameters(&verified).map_err(|error| {
        tracing::error!(%error, "Amazon signed a return that cannot be read");
        ReturnError::DoesNotFit
    })
}

/// What a return says, true or not.
fn told(parameters: &Parameters) -> (About, String) {
    let about = About {
        references: parameters.all_of(&["callerReference"]),
        tokens: parameters.all_of(&["tokenID"]),
        ..About::default()
    };
    (about, parameters.get("status").unwrap_or_default().to_owned())
}

/// The name that the shop gave to what the person was sent for.
pub(super) fn reference(back: &CbuiReturn) -> Result<CallerReference, ReturnError> {
    let text = back.caller_reference.as_deref().ok_or(ReturnError::UnknownOrder)?;
    CallerReference::new(text).map_err(|_| ReturnError::UnknownOrder)
}

/// What a buyer's return says about an order. The Recipient pipeline's answers say nothing about any.
pub(super) fn event(back: &CbuiReturn) -> Result<Event, ReturnError> {
    let authorized = |method| {
        let token: TokenId = back.token_id.clone().ok_or(ReturnError::DoesNotFit)?;
        Ok(Event::Authorized { token, method: Some(method) })
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
            Ok(Event::AuthorizationFailed { why: failure_messages::not_authorized(back.status).to_owned() })
        }
        CbuiStatus::SuccessRecipient
        | CbuiStatus::SuccessUnchanged
        | CbuiStatus::InvalidToken
        | CbuiStatus::AccountDoesNotExist
        | CbuiStatus::TokenOfAnother => Err(ReturnError::DoesNotFit),
    }
}
