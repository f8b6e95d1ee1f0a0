//! Amazon signs for all its callers with one key, and any of them can have a buyer sent, or a notification
//! posted, to the shop. So what the signature says of a token or a payment that the shop does not know yet
//! counts only when Amazon finds it under the shop's own keys, with the reference that the shop gave it.

use crate::Shop;
use crate::fps_client::Reply;
use crate::ids::{CallerReference, TokenId, TransactionId};

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
