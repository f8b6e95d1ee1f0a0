//! Form bodies, read strictly: what cannot be meant is refused instead of guessed at.

use super::{Refusal, read_body};
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::collections::BTreeMap;
use text_types::form::{self, DecodeError};

/// No form of ours comes near this.
const LARGEST: usize = 128 * 1024;
/// The same in fields: each is compared with all before it.
pub const MOST_FIELDS: usize = 100;

/// The fields of an `application/x-www-form-urlencoded` body, in their order, each name once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormFields(pub Vec<(String, String)>);

impl FormFields {
    /// `None` when the field was not sent, `Some("")` when it was left empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub fn into_map(self) -> BTreeMap<String, String> {
        self.0.into_iter().collect()
    }

    /// Reads a body; the error says what is wrong with it.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let fields = form::pairs(body, MOST_FIELDS).map_err(unreadable)?;
        let repeated = |at: usize| fields[..at].iter().any(|(field, _)| *field == fields[at].0);
        if (1..fields.len()).any(repeated) {
            return Err(Refusal::bad_request("The form has the same field more than once."));
        }
        Ok(Self(fields))
    }
}

fn unreadable(error: DecodeError) -> Refusal {
    Refusal::bad_request(match error {
        DecodeError::BadEscape => "The form has a broken percent escape.",
        DecodeError::NotUtf8 => "The form's text is not UTF-8.",
        DecodeError::NulCharacter => "The form has a NUL character.",
        DecodeError::TooManyParameters => "The form has too many fields.",
    })
}

impl<S: Sync> FromRequest<S> for FormFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        // Read even what will be refused, so that the sender gets to see the refusal.
        let body = read_body(request.into_body(), LARGEST).await?;
        if !is_form {
            return Err(Refusal::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        Self::parse(&body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &[u8]) -> String {
        let refusal = FormFields::parse(body).unwrap_err();
        assert_eq!(refusal.facts().status, StatusCode::BAD_REQUEST);
        refusal.facts().detail.clone()
    }

    #[test]
    fn keeps_order_and_decodes() {
        let form = FormFields::parse(b"b=1+2&a=%C3%A9%26&empty=&bare&").unwrap();
        let pairs: Vec<_> = form.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("b", "1 2"), ("a", "é&"), ("empty", ""), ("bare", "")]);
        assert_eq!((form.get("a"), form.get("empty"), form.get("none")), (Some("é&"), Some(""), None));
        assert_eq!(form.into_map().len(), 4);
    }

    #[test]
    fn refuses_what_cannot_be_meant() {
        assert!(refused(b"a=%ff").contains("UTF-8"));
        for broken in [&b"a=%"[..], b"a=%2", b"a=%zz", b"%=1"] {
            assert!(refused(broken).contains("percent"));
        }
        assert!(refused(b"a=1&b=2&a=1").contains("more than once"));
        assert!(refused(b"a=%00").contains("NUL"));
        assert!(refused(b"a=\0").contains("NUL"));
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        let names: Vec<String> = (0..=MOST_FIELDS).map(|number| number.to_string()).collect();
        let most = names[1..].join("&");
        assert_eq!(FormFields::parse(most.as_bytes()).unwrap().0.len(), MOST_FIELDS);
        assert!(refused(names.join("&").as_bytes()).contains("too many"));
    }

    async fn extract(content_type: &str, body: Vec<u8>) -> Result<FormFields, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, content_type).body(body.into()).unwrap();
        FormFields::from_request(request, &()).await.map_err(|refusal| refusal.facts().status)
    }

    #[tokio::test]
    async fn takes_forms_alone_and_not_too_large_ones() {
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        assert_eq!(extract(form, b"a=1".to_vec()).await.unwrap().get("a"), Some("1"));
        assert_eq!(extract("text/plain", b"a=1".to_vec()).await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        assert_eq!(extract(form, vec![b'a'; LARGEST]).await.map(|form| form.0.len()), Ok(1));
        assert_eq!(extract(form, vec![b'a'; LARGEST + 1]).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
