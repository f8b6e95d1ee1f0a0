//! `/licences/verify`: whether a licence key is good, for the program that asks.

use super::address;
use crate::Shop;
use crate::purchase::downloads;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use platform::web::Refusal;
use serde_json::json;

/// In the query: `key`. Answers `{"valid":true,"item":"slug","title":"…"}`; of a key whose order was refunded, or that is
/// none, `valid` is false, with an `error` that says which.
pub async fn verify(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let (status, told) = match address::asked(query.as_deref(), "key") {
        None => {
            let error = "Send the key as the parameter \"key\".";
            (StatusCode::BAD_REQUEST, json!({ "valid": false, "error": error }))
        }
        Some(key) => match downloads::verify_licence(&shop, &key).await? {
            None => {
                let error = "This is no licence key of this shop. It stands on the page of the order.";
                (StatusCode::NOT_FOUND, json!({ "valid": false, "error": error }))
            }
            Some(licence) if licence.active => {
                (StatusCode::OK, json!({ "valid": true, "item": licence.item, "title": licence.title }))
            }
            Some(licence) => {
                let error = "The order of this key was refunded or cancelled.";
                let told =
                    json!({ "valid": false, "item": licence.item, "title": licence.title, "error": error });
                (StatusCode::OK, told)
            }
        },
    };
    let mut response = (status, Json(told)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
