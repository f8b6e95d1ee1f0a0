//! What stands in a page's address.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use platform::web::Refusal;
use std::borrow::Cow;
use std::str::FromStr;

/// The one id of an address. What cannot be one is of a page that is not there.
#[derive(Debug)]
pub struct InAddress<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for InAddress<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = path.map_err(|rejection| Refusal::of(rejection.status()))?;
        parse(&text).map(Self)
    }
}

/// The same for one of several.
pub fn parse<T: FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

/// The first value that a query has under this name.
pub fn asked<'q>(query: Option<&'q str>, name: &str) -> Option<Cow<'q, str>> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The two parts of a link that is sealed with its end; what is missing or wrong opens nothing.
pub fn sealed(until: Option<&str>, key: Option<&str>) -> (i64, String) {
    (until.and_then(|until| until.parse().ok()).unwrap_or(0), key.unwrap_or_default().to_owned())
}
