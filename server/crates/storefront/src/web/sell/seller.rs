//! Somebody at their own desk.

use crate::Shop;
use crate::merchants::{Merchant, store};
use crate::web::SignedIn;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use platform::web::{Refusal, see_other};

/// Somebody who sells, with or without a registration at Amazon Payments; others are sent to sign in and come back, or to
/// `/sell`, which says how to begin.
#[derive(Debug)]
pub struct Seller {
    pub visitor: SignedIn,
    pub merchant: Merchant,
}

impl FromRequestParts<Shop> for Seller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let visitor = SignedIn::from_request_parts(parts, shop).await?;
        let merchant = store::by_user(&shop.db, &visitor.user.id).await;
        match merchant.map_err(|error| Refusal::from(error).into_response())? {
            Some(merchant) => Ok(Self { visitor, merchant }),
            None => Err(see_other("/sell")),
        }
    }
}
