//! Reading and moving the one clock. A move answers after everything that fell due by it has run.

use crate::domain::settings;
use crate::web::control::error::ControlError;
use crate::web::control::{Control, parse, to_the_end};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use serde::{Deserialize, Serialize};

/// The clock can be set to these years only: every date reckoned from it stays one that can be shown.
const EARLIEST: Timestamp = Timestamp::UNIX_EPOCH;
const LATEST_SECOND: i64 = 7_258_118_400; // 2200-01-01

#[derive(Debug, Serialize)]
pub struct Shown {
    now: Timestamp,
    offset_seconds: i64,
    frozen: bool,
}

impl Shown {
    pub fn of(clock: &Clock) -> Self {
        let reading = clock.reading();
        Self { now: reading.now, offset_seconds: reading.offset_seconds, frozen: reading.frozen }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    advance_seconds: Option<i64>,
    set: Option<Timestamp>,
    freeze: Option<bool>,
    resume: Option<bool>,
}

#[derive(Debug, PartialEq, Eq)]
enum Change {
    Advance(SignedDuration),
    Set(Timestamp),
    Freeze,
    Resume,
}

impl TryFrom<Body> for Change {
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
            Body { advance_seconds: None, set: Some(to), freeze: None, resume: None } => Ok(Self::Set(to)),
            Body { advance_seconds: None, set: None, freeze: Some(true), resume: None } => Ok(Self::Freeze),
            Body { advance_seconds: None, set: None, freeze: None, resume: Some(true) } => Ok(Self::Resume),
            _ => Err(bad_request(
                "give exactly one of advance_seconds (a number), set (a time), freeze (true), resume (true)",
            )),
        }
    }
}

fn bad_request(reason: &str) -> ControlError {
    ControlError::BadRequest(reason.to_owned())
}

pub async fn show(State(control): State<Control>) -> Json<Shown> {
    Json(Shown::of(&control.payments.clock))
}

pub async fn change(State(control): State<Control>, body: Bytes) -> Result<Json<Shown>, ControlError> {
    let change = Change::try_from(parse::<Body>(&body)?)?;
    to_the_end(async move {
        let _alone = control.one_at_a_time.lock().await;
        let payments = &control.payments;
        apply(&payments.clock, &change)?;
        settings::save_clock(&payments.db, &payments.clock).await?;
        payments.run_all_due().await?;
        Ok(Json(Shown::of(&payments.clock)))
    })
    .await
}

fn apply(clock: &Clock, change: &Change) -> Result<(), ControlError> {
    match change {
        Change::Advance(by) => {
            let target = clock.now().checked_add(*by).map_err(|_| out_of_range())?;
            in_range(target)?;
            clock.advance(*by).map_err(|_| out_of_range())?;
        }
        Change::Set(to) => {
            in_range(*to)?;
            clock.set(*to);
        }
        Change::Freeze => clock.freeze(),
        Change::Resume => clock.resume(),
    }
    Ok(())
}

fn in_range(time: Timestamp) -> Result<(), ControlError> {
    if time >= EARLIEST && time.as_second() < LATEST_SECOND { Ok(()) } else { Err(out_of_range()) }
}

fn out_of_range() -> ControlError {
    bad_request("the clock can show the years 1970 to 2199")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Result<Change, ControlError> {
        parse::<Body>(json.as_bytes()).and_then(Change::try_from)
    }

    #[test]
    fn reads_each_change() {
        assert_eq!(
            change(r#"{"advance_seconds":60}"#).unwrap(),
            Change::Advance(SignedDuration::from_secs(60))
        );
        let at = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(change(r#"{"set":"2030-01-01T00:00:00Z"}"#).unwrap(), Change::Set(at));
        assert_eq!(change(r#"{"freeze":true}"#).unwrap(), Change::Freeze);
        assert_eq!(change(r#"{"resume":true}"#).unwrap(), Change::Resume);
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

    #[test]
    fn stays_within_the_years_that_work() {
        let clock = Clock::fixed("2030-01-01T00:00:00Z".parse().unwrap());
        assert!(apply(&clock, &Change::Advance(SignedDuration::from_secs(i64::MAX))).is_err());
        assert!(apply(&clock, &Change::Set("9999-01-01T00:00:00Z".parse().unwrap())).is_err());
        assert!(apply(&clock, &Change::Set("1969-01-01T00:00:00Z".parse().unwrap())).is_err());
        assert_eq!(clock.reading().offset_seconds, 0);
    }
}
