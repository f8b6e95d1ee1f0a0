//! Reading and moving the one clock.

use super::{Control, bad_request};
use crate::engine::clock::ClockChange;
use jiff::{SignedDuration, Timestamp};
use platform::clock::{Reading, Speed};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::{Deserialize, Serialize};

const ANSWER: &str = r#"{"now":"2030-01-01T00:00:00Z","offset_seconds":604800,"frozen":false,"speed":1}"#;

pub const SHOW: Deed = Deed {
    name: "clock",
    method: Method::Get,
    path: "/clock",
    summary: "What time it is there",
    fields: &[],
    answer: ANSWER,
    commands: &[Command {
        words: &["clock", "show"],
        summary: "What time it is there",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/clock",
};

pub const CHANGE: Deed = Deed {
    name: "clock-change",
    method: Method::Post,
    path: "/clock",
    summary: "Moves, stops or starts the clock; answers after everything that fell due has run",
    fields: &[
        Field::body("advance_seconds", Kind::Seconds, "how far forward", "7d"),
        Field::body("set", Kind::Time, "the time that it shows", "2030-01-01T00:00:00Z"),
        Field::body("freeze", Kind::Flag, "stops it", "true"),
        Field::body("resume", Kind::Flag, "lets it run on", "true"),
        Field::body(
            "speed",
            Kind::Integer,
            "how many times as fast as usual it runs, 1 to 1000000; 1440 makes a minute a day",
            "1440",
        ),
    ],
    answer: ANSWER,
    commands: &[
        Command {
            words: &["clock", "advance"],
            summary: "Moves it forward: 7d, 36h, 90m, 30s; answers after everything that fell due has run",
            positional: &["advance_seconds"],
            flags: &[],
            fixed: &[],
        },
        Command {
            words: &["clock", "set"],
            summary: "Sets it: 2030-01-01 or 2030-01-01T12:00:00Z",
            positional: &["set"],
            flags: &[],
            fixed: &[],
        },
        Command {
            words: &["clock", "freeze"],
            summary: "Stops it",
            positional: &[],
            flags: &[],
            fixed: &[("freeze", "true")],
        },
        Command {
            words: &["clock", "resume"],
            summary: "Lets it run on",
            positional: &[],
            flags: &[],
            fixed: &[("resume", "true")],
        },
        Command {
            words: &["clock", "speed"],
            summary: "Lets it run so many times as fast as usual: 1440 makes a minute a day, 1 is as usual",
            positional: &["speed"],
            flags: &[],
            fixed: &[],
        },
    ],
    page: "/lab/clock",
};

#[derive(Debug, Serialize)]
pub struct Shown {
    now: Timestamp,
    offset_seconds: i64,
    frozen: bool,
    speed: u32,
}

impl From<Reading> for Shown {
    fn from(reading: Reading) -> Self {
        let Reading { now, offset_seconds, frozen, speed } = reading;
        Self { now, offset_seconds, frozen, speed: speed.times() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    advance_seconds: Option<i64>,
    set: Option<String>,
    freeze: Option<bool>,
    resume: Option<bool>,
    speed: Option<i64>,
}

impl TryFrom<Body> for ClockChange {
    type Error = DeedRefused;

    fn try_from(body: Body) -> Result<Self, DeedRefused> {
        let Body { advance_seconds, set, freeze, resume, speed } = body;
        match (advance_seconds, set, freeze, resume, speed) {
            (Some(seconds), None, None, None, None) if seconds >= 0 => {
                Ok(Self::Advance(SignedDuration::from_secs(seconds)))
            }
            (Some(_), None, None, None, None) => {
                Err(bad_request("advance_seconds cannot be negative; set moves the clock back"))
            }
            (None, Some(to), None, None, None) => to.parse().map(Self::Set).map_err(|_| bad_request(NO_TIME)),
            (None, None, Some(true), None, None) => Ok(Self::Freeze),
            (None, None, None, Some(true), None) => Ok(Self::Resume),
            (None, None, None, None, Some(times)) => {
                let speed = u32::try_from(times).ok().and_then(Speed::new);
                speed.map(Self::Speed).ok_or_else(|| bad_request(NO_SPEED))
            }
            _ => Err(bad_request(
                "say one thing, and only one: how far forward it moves (advance_seconds, such as 604800 or 7d), where it \
                 is set to (set, such as 2030-01-01), that it stops (freeze: true), that it runs on (resume: true) or \
                 how fast it runs (speed, such as 1440)",
            )),
        }
    }
}

const NO_SPEED: &str = "speed must be from 1, which is as usual, to 1000000; 1440 makes a minute a day";
/// Also for what no clock can show.
const NO_TIME: &str = "set must be a time such as 2030-01-01T00:00:00Z, in the years 1970 to 2199";

pub fn show(control: &Control) -> Shown {
    control.payments.clock.reading().into()
}

/// Answers after everything that fell due by the change has run.
pub async fn change(control: &Control, body: Body) -> Result<Shown, DeedRefused> {
    Ok(control.payments.change_clock(ClockChange::try_from(body)?).await?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Result<ClockChange, DeedRefused> {
        let body: Body = serde_json::from_str(json).map_err(|error| bad_request(error.to_string()))?;
        ClockChange::try_from(body)
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
        let day = Speed::new(1440).unwrap();
        assert_eq!(change(r#"{"speed":1440}"#).unwrap(), ClockChange::Speed(day));
        for speed in ["0", "-1", "1000001", "99999999999"] {
            let refused = change(&format!(r#"{{"speed":{speed}}}"#)).unwrap_err();
            assert_eq!(refused.to_string(), NO_SPEED, "{speed}");
        }
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
            r#"{"speed":2,"freeze":true}"#,
            r#"{"speed":1.5}"#,
            r#"{"advance":1}"#,
        ] {
            assert!(matches!(change(body), Err(DeedRefused::BadRequest(_))), "{body}");
        }
    }
}
