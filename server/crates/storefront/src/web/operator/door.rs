//! Who runs the marketplace.

use crate::Shop;
use crate::web::SignedIn;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use platform::web::Refusal;

/// The operator; others who are signed in are told that there is no such page.
#[derive(Debug)]
pub struct Operator(pub SignedIn);

impl FromRequestParts<Shop> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let visitor = SignedIn::from_request_parts(parts, shop).await?;
        if visitor.user.operator { Ok(Self(visitor)) } else { Err(Refusal::not_found().into_response()) }
    }
}
