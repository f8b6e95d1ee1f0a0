//! `/payments/return` and `/payments/ipn`: what comes back from Amazon Payments.

use crate::Shop;
use crate::purchase::cbui_return::{self, ReturnError};
use crate::purchase::notifications::{self, NotificationError};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, HeaderMap};
use platform::web::{Refusal, read_body, see_other};

/// Notifications are a few hundred bytes.
const LARGEST_NOTIFICATION: usize = 64 * 1024;

/// The buyer is back. The address is signed by Amazon: it needs no session.
pub async fn come_back(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let order = cbui_return::accept(&shop, &query.unwrap_or_default()).await.map_err(refuse_return)?;
    Ok(see_other(&format!("/orders/{order}/thank-you")))
}

/// A return counts when somebody follows it. Whoever only looks whether the address is there gets no other answer
/// than this, and nothing happens.
pub async fn only_get() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET")]).into_response()
}

/// What a return that is not taken answers. Nothing was changed.
pub fn refuse_return(error: ReturnError) -> Refusal {
    match error {
        ReturnError::Forged => Refusal::bad_request(
            "This address was not signed by Amazon Payments, or was altered on the way. Nothing was changed.",
        ),
        ReturnError::UnknownOrder => Refusal::not_found(),
        ReturnError::DoesNotFit => Refusal::conflict(
            "What Amazon Payments said does not fit this order. Nothing was changed: open your orders to see \
             where it stands.",
        ),
        ReturnError::NotNow => Refusal::of(StatusCode::SERVICE_UNAVAILABLE),
        ReturnError::Order(error) => error.into(),
    }
}

/// A notification. What is not taken with 200 is sent again.
pub async fn notification(
    State(shop): State<Shop>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Refusal::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    match notifications::accept(&shop, &read_body(body, LARGEST_NOTIFICATION).await?).await {
        Ok(()) => Ok(StatusCode::OK.into_response()),
        Err(NotificationError::Malformed) => Err(Refusal::bad_request("This is not a notification.")),
        Err(NotificationError::Forged) => Err(Refusal::forbidden("Amazon did not sign this.")),
        Err(NotificationError::NotNow) => Err(Refusal::of(StatusCode::SERVICE_UNAVAILABLE)),
        Err(NotificationError::Order(error)) => Err(error.into()),
    }
}
