//! Deeds, done for a page: read into what it shows, or done by its form.

use super::query;
use crate::state::Lab;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use platform::deeds::{Arguments, Deed, DeedRefused};
use platform::web::Refusal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Does a deed with texts as arguments; empty ones are left out.
pub async fn perform(lab: &Lab, name: &str, texts: &[(&str, &str)]) -> Result<Value, DeedRefused> {
    perform_with(lab, lab.deed(name).ok_or(DeedRefused::NoSuchCall)?, texts.iter().copied()).await
}

/// The same with what was typed into a form; `deed` says which form it is.
pub async fn perform_typed(
    lab: &Lab,
    deed: &'static Deed,
    typed: &BTreeMap<String, String>,
) -> Result<Value, DeedRefused> {
    let fields = typed.iter().filter(|(name, _)| *name != "deed");
    perform_with(lab, deed, fields.map(|(name, text)| (name.as_str(), text.as_str()))).await
}

async fn perform_with<'t>(
    lab: &Lab,
    deed: &'static Deed,
    texts: impl Iterator<Item = (&'t str, &'t str)>,
) -> Result<Value, DeedRefused> {
    let mut arguments = Arguments::default();
    for (field, text) in texts.filter(|(_, text)| !text.is_empty()) {
        arguments.add_text(deed, field, text)?;
    }
    lab.perform(deed.name, arguments).await
}

/// To the page, which shows the answer once.
pub fn lead_back(lab: &Lab, path: &str, deed: &'static str, answer: Value) -> Response {
    let id = format!("{:016x}", lab.random.next_u64());
    lab.answers.keep(id.clone(), deed, answer);
    Redirect::to(&query::address(path, [("answer", id.as_str())])).into_response()
}

/// Of the page that shows a form again.
pub fn status_of(refused: &DeedRefused) -> StatusCode {
    match refused.status() {
        status if status.is_server_error() => status,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The same, for a page that is nothing without it.
pub async fn ask<T: DeserializeOwned>(lab: &Lab, name: &str, texts: &[(&str, &str)]) -> Result<T, Refusal> {
    let value = perform(lab, name, texts).await.map_err(|refused| refusal(name, &refused))?;
    serde_json::from_value(value)
        .map_err(|error| Refusal::because(format_args!("the answer of the deed {name}: {error}")))
}

pub fn refusal(name: &str, refused: &DeedRefused) -> Refusal {
    match refused {
        DeedRefused::NotFound(detail) => {
            Refusal::new(StatusCode::NOT_FOUND, "Not found", query::as_sentence(detail))
        }
        DeedRefused::NoSuchCall => Refusal::new(
            StatusCode::NOT_FOUND,
            "Not available here",
            format!("No site of this program does {name:?}, of which this page is made."),
        ),
        DeedRefused::Unavailable => Refusal::unavailable(),
        DeedRefused::BadRequest(detail) => Refusal::bad_request(query::as_sentence(detail)),
        other => Refusal::because(format_args!("the deed {name}: {other}")),
    }
}
