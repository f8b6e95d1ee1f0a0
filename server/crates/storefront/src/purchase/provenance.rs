//! Amazon signs for all its callers with one key, and any of them can have a buyer sent, or a notification
//! posted, to the shop. So what the signature says of a token or a payment that the shop does not know yet
//! counts only when Amazon finds it under the shop's own keys, with the reference that the shop gave it.

use crate::Shop;
use crate::fps_client::Reply;
use crate::ids::{CallerReference, TokenId, TransactionId};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{TokenStatus, TokenType};
use fps_protocol::responses::TokenDetails;

/// Amazon gave no answer that says it: ask again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Amazon could not be asked")]
pub struct NotNow;

/// Whether the token was given to this shop for this reference.
pub async fn is_our_token(shop: &Shop, token: &TokenId, reference: &CallerReference) -> Result<bool, NotNow> {
    match shop.fps.token(token, reference).await {
        Reply::Known(found) => {
            let found = found.token;
            Ok(found.token_id == *token && found.caller_reference == reference.as_str())
        }
        Reply::Refused(_) => Ok(false),
        Reply::Unknown => Err(NotNow),
    }
}

/// The token of a kind that a buyer gave this shop under this reference, for one payment or for several; `None` where
/// there is none. Whether it is good for the order's amount and seller Amazon decides when it is used, as with a return's.
pub async fn token_given_for(
    shop: &Shop,
    (reference, kind): (&CallerReference, TokenType),
) -> Result<Option<TokenId>, NotNow> {
    Ok(given_for(shop, reference, kind).await?.map(|token| token.token_id))
}

/// The token that a merchant gave this shop under this reference, to be paid by, if it is still good.
pub async fn registration_given_for(
    shop: &Shop,
    reference: &CallerReference,
) -> Result<Option<TokenId>, NotNow> {
    let token = given_for(shop, reference, TokenType::Unrestricted).await?;
    Ok(token.filter(|token| token.status == TokenStatus::Active).map(|token| token.token_id))
}

async fn given_for(
    shop: &Shop,
    reference: &CallerReference,
    expected: TokenType,
) -> Result<Option<TokenDetails>, NotNow> {
    match shop.fps.token_given_for(reference).await {
        Reply::Known(found) => {
            let found = found.token;
            let fits = found.caller_reference == reference.as_str() && found.token_type == expected;
            if !fits {
                tracing::warn!(%reference, kind = %found.token_type, "a reference of this shop has another token");
            }
            Ok(fits.then_some(found))
        }
        Reply::Refused(Some(ErrorCode::InvalidCallerReference | ErrorCode::InvalidTokenId)) => Ok(None),
        Reply::Refused(_) | Reply::Unknown => Err(NotNow),
    }
}

/// Whether this shop asked for the payment, with this reference.
pub async fn is_our_payment(
    shop: &Shop,
    payment: &TransactionId,
    reference: &CallerReference,
) -> Result<bool, NotNow> {
    match shop.fps.status(payment).await {
        Reply::Known(found) => Ok(found.caller_reference == reference.as_str()),
        Reply::Refused(_) => Ok(false),
        Reply::Unknown => Err(NotNow),
    }
}
