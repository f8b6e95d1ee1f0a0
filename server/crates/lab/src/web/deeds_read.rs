//! Deeds of the sites, done for a page and read into what it shows.

use super::query;
use crate::state::Lab;
use http::StatusCode;
use platform::deeds::{Arguments, DeedRefused};
use platform::web::Refusal;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Does a deed with texts as arguments; empty ones are left out.
pub async fn perform(lab: &Lab, name: &str, texts: &[(&str, &str)]) -> Result<Value, DeedRefused> {
    let deed = lab.deed(name).ok_or(DeedRefused::NoSuchCall)?;
    let mut arguments = Arguments::default();
    for (field, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        arguments.add_text(deed, field, text)?;
    }
    lab.perform(name, arguments).await
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
