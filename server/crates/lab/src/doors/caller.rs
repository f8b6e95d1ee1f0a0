//! A program that calls the web service with signed requests.

use super::{Demo, DoorError};
use crate::state::Lab;
use fps_protocol::actions::Action;
use fps_protocol::api_request::sign;
use fps_protocol::ids::AccessKey;
use fps_protocol::xml::Element;
use fps_protocol::{Parameters, Secret};
use platform::Clock;
use secrecy::ExposeSecret;
use url::Url;

/// Clones share the connections.
#[derive(Debug, Clone)]
pub struct Caller {
    pub http: reqwest::Client,
    /// Where the web service is.
    pub endpoint: Url,
    pub access_key: AccessKey,
    pub secret: Secret,
    pub clock: Clock,
}

/// What was answered, as far as stories need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// HTTP.
    pub status: u16,
    /// `Success`, or the code of the error.
    pub code: String,
    /// Of an error.
    pub message: String,
    pub transaction_id: Option<String>,
    /// `Pending`, `Reserved` …
    pub transaction_status: Option<String>,
}

impl Caller {
    /// The demo caller.
    pub fn of(lab: &Lab, demo: &Demo, http: reqwest::Client) -> Self {
        Self {
            http,
            endpoint: lab.settings.payments_url.clone(),
            access_key: demo.access_key.clone(),
            secret: Secret::new(demo.secret.expose_secret()),
            clock: lab.clock.clone(),
        }
    }

    /// The signed parameters of a request by POST.
    pub fn signed(&self, action: Action, fields: &[(&str, &str)]) -> Parameters {
        let mut call = Parameters::from_iter([("Action", action.as_str())]);
        for (name, value) in fields {
            call.push(*name, *value);
        }
        sign("POST", &self.endpoint, call, &self.access_key, &self.secret, self.clock.now())
    }

    /// Sends what was signed, as it is.
    pub async fn send(&self, signed: &Parameters) -> Result<ApiAnswer, DoorError> {
        let silent = |error| DoorError::silent(&self.endpoint, error);
        let request = self.http.post(self.endpoint.clone());
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(signed.to_query());
        let answer = request.send().await.map_err(silent)?;
        let status = answer.status().as_u16();
        let xml = answer.text().await.map_err(silent)?;
        ApiAnswer::read(status, &xml).ok_or_else(|| {
            DoorError::Impossible(format!(
                "the web service answered {status} with something that is not its XML"
            ))
        })
    }

    pub async fn call(&self, action: Action, fields: &[(&str, &str)]) -> Result<ApiAnswer, DoorError> {
        self.send(&self.signed(action, fields)).await
    }

    /// The same, where the story goes on only with a success.
    pub async fn must(&self, action: Action, fields: &[(&str, &str)]) -> Result<ApiAnswer, DoorError> {
        let answer = self.call(action, fields).await?;
        if answer.code == "Success" {
            return Ok(answer);
        }
        Err(DoorError::Refused { action: action.as_str(), code: answer.code, message: answer.message })
    }
}

impl ApiAnswer {
    /// `None` for what is no answer of FPS.
    fn read(status: u16, xml: &str) -> Option<Self> {
        let root = Element::parse(xml).ok()?;
        let text = |element: &Element, name: &str| element.child_text(name).map(str::to_owned);
        let errors = root.child("Errors").unwrap_or(&root);
        if let Some(error) = errors.child("Error") {
            let (code, message) = (text(error, "Code")?, text(error, "Message").unwrap_or_default());
            return Some(Self { status, code, message, transaction_id: None, transaction_status: None });
        }
        let result = root.children.iter().find(|child| child.name.ends_with("Result"));
        let of = |name: &str| result.and_then(|result| text(result, name));
        root.name.ends_with("Response").then(|| Self {
            status,
            code: "Success".to_owned(),
            message: String::new(),
            transaction_id: of("TransactionId"),
            transaction_status: of("TransactionStatus"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successes_and_errors_are_read() {
        let paid = "<PayResponse xmlns=\"u\"><PayResult><TransactionId>T</TransactionId>\
                    <TransactionStatus>Success</TransactionStatus></PayResult></PayResponse>";
        let paid = ApiAnswer::read(200, paid).unwrap();
        assert_eq!((paid.code.as_str(), paid.transaction_id.as_deref()), ("Success", Some("T")));
        let refused = "<Response><Errors><Error><Code>DuplicateRequest</Code><Message>m</Message></Error></Errors>\
                       <RequestID>r</RequestID></Response>";
        let refused = ApiAnswer::read(400, refused).unwrap();
        assert_eq!((refused.code.as_str(), refused.message.as_str()), ("DuplicateRequest", "m"));
        assert_eq!(ApiAnswer::read(200, "<html></html>"), None);
    }
}
