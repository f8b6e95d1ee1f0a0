//! A merchant becomes a recipient at Amazon Payments: the Recipient pipeline, there and back.

use crate::Shop;
use crate::confirmation;
use crate::merchants::{Merchant, records};
use crate::orders;
use crate::orders::words;
use crate::returns::{self, ReturnError};
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::ids::CallerReference;
use url::Url;

/// The returnURL's path.
pub const RETURN_PATH: &str = "/sell/registered";

/// How a way through the Recipient pipeline ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registration {
    Registered,
    /// The merchant left without confirming.
    Abandoned,
    /// A sentence for people.
    Refused(&'static str),
}

/// Where the merchant goes to register; `None` for one who is registered already.
pub async fn start(shop: &Shop, merchant: &Merchant) -> Result<Option<Url>, sqlx::Error> {
    if merchant.is_registered() {
        return Ok(None);
    }
    let reference = orders::new_reference(shop);
    let url = shop.fps.recipient_url(&reference);
    let id = merchant.id.clone();
    shop.db
        .write(move |connection| {
            let (id, reference) = (id.clone(), reference.clone());
            Box::pin(async move { records::begin_registration(connection, &id, reference.as_str()).await })
        })
        .await?;
    Ok(Some(url))
}

/// Takes the query of the return. The same return again changes nothing; one for another merchant than
/// the signed-in one is refused.
pub async fn accept_return(shop: &Shop, user_id: &str, query: &str) -> Result<Registration, ReturnError> {
    let back = returns::read(shop, RETURN_PATH, query).await?;
    let reference = back.caller_reference.as_deref().ok_or(ReturnError::UnknownOrder)?;
    let merchant = records::by_registration_reference(&shop.db, reference).await?;
    let merchant =
        merchant.filter(|merchant| merchant.user_id == user_id).ok_or(ReturnError::UnknownOrder)?;
    if merchant.is_registered() {
        let same = back
            .token_id
            .as_ref()
            .is_none_or(|token| merchant.recipient_token_id.as_deref() == Some(token.as_str()));
        return if same { Ok(Registration::Registered) } else { Err(ReturnError::DoesNotFit) };
    }
    match back.status {
        CbuiStatus::SuccessRecipient => {}
        CbuiStatus::Abandoned => return Ok(Registration::Abandoned),
        CbuiStatus::CallerException
        | CbuiStatus::SystemError
        | CbuiStatus::PaymentMethodMismatch
        | CbuiStatus::PaymentNotPossible
        | CbuiStatus::NotMarketplace => return Ok(Registration::Refused(words::not_registered(back.status))),
        _ => return Err(ReturnError::DoesNotFit),
    }
    let (Some(recipient), Some(refund)) = (back.token_id, back.refund_token_id) else {
        return Err(ReturnError::DoesNotFit);
    };
    let attempt = CallerReference::new(reference).map_err(|_| ReturnError::UnknownOrder)?;
    if !confirmation::is_our_token(shop, &recipient, &attempt).await? {
        tracing::warn!(merchant = merchant.id, "a registration has a token that is not this shop's");
        return Err(ReturnError::DoesNotFit);
    }
    let at = shop.clock.now_micros();
    shop.db
        .write(move |connection| {
            let (id, recipient, refund) = (merchant.id.clone(), recipient.clone(), refund.clone());
            Box::pin(async move {
                records::complete_registration(connection, &id, recipient.as_str(), refund.as_str(), at).await
            })
        })
        .await?;
    Ok(Registration::Registered)
}
