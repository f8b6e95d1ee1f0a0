//! Reading and moving the one clock.

use crate::engine::clock::ClockChange;
use crate::web::control::error::ControlError;
use crate::web::control::{Control, parse};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use platform::clock::Reading;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
pub struct Shown {
    now: Timestamp,
    offset_seconds: i64,
    frozen: bool,
}

impl From<Reading> for Shown {
    fn from(reading: Reading) -> Self {
        Self { now: reading.now, offset_seconds: reading.offset_seconds, frozen: reading.frozen }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    advance_seconds: Option<i64>,
    set: Option<String>,
    freeze: Option<bool>,
    resume: Option<bool>,
}

impl TryFrom<Body> for ClockChange {
    type Error = ControlError;

    fn try_from(body: Body) -> Result<Self, ControlError> {
        match body {
            Body { advance_seconds: Some(seconds), set: None, freeze: None, resume: None }
                if seconds >= 0 =>
            {
                Ok(Self::Advance(SignedDuration::from_secs(seconds)))
            }
            Body { advance_seconds: Some(_), set: None, freeze: None, resume: None } => {
                Err(bad_request("advance_seconds cannot be negative; set moves the clock back"))
            }
            Body { advance_seconds: None, set: Some(to), freeze: None, resume: None } => {
                to.parse().map(Self::Set).map_err(|_| bad_request(NO_TIME))
            }
            Body { advance_seconds: None, set: None, freeze: Some(true), resume: None } => Ok(Self::Freeze),
            Body { advance_seconds: None, set: None, freeze: None, resume: Some(true) } => Ok(Self::Resume),
            _ => Err(bad_request(
                "give exactly one of advance_seconds (a number), set (a time), freeze (true), resume (true)",
            )),
        }
    }
}

/// Also for what no clock can show.
const NO_TIME: &str = "set must be a time such as 2030-01-01T00:00:00Z, in the years 1970 to 2199";

fn bad_request(reason: &str) -> ControlError {
    ControlError::BadRequest(reason.to_owned())
}

pub async fn show(State(control): State<Control>) -> Json<Shown> {
    Json(control.payments.clock.reading().into())
}

/// Answers after everything that fell due by the change has run.
pub async fn change(State(control): State<Control>, body: Bytes) -> Result<Json<Shown>, ControlError> {
    let change = ClockChange::try_from(parse::<Body>(&body)?)?;
    Ok(Json(control.payments.change_clock(change).await?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Result<ClockChange, ControlError> {
        parse::<Body>(json.as_bytes()).and_then(ClockChange::try_from)
    }

    #[test]
    fn reads_each_change() {
        assert_eq!(
            change(r#"{"advance_seconds":60}"#).unwrap(),
            ClockChange::Advance(SignedDuration::from_secs(60))
        );
        let at = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(change(r#"{"set":"2030-01-01T00:00:00Z"}"#).unwrap(), ClockChange::Set(at));
        assert_eq!(change(r#"{"freeze":true}"#).unwrap(), ClockChange::Freeze);
        assert_eq!(change(r#"{"resume":true}"#).unwrap(), ClockChange::Resume);
    }

    #[test]
    fn what_is_no_time_is_refused_in_our_words() {
        for set in ["tomorrow", "9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z", "", "2030-01-01"] {
            let refused = change(&format!(r#"{{"set":"{set}"}}"#)).unwrap_err();
            assert_eq!(refused.to_string(), NO_TIME, "{set}");
        }
    }

    #[test]
    fn refuses_what_is_not_one_change() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"advance_seconds":1,"freeze":true}"#,
            r#"{"advance_seconds":-1}"#,
            r#"{"advance_seconds":1.5}"#,
            r#"{"advance_seconds":99999999999999999999}"#,
            r#"{"set":"tomorrow"}"#,
            r#"{"freeze":false}"#,
            r#"{"advance":1}"#,
        ] {
            assert!(matches!(change(body), Err(ControlError::BadRequest(_))), "{body}");
        }
    }
}
