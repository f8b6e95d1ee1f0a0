//! Is a signed request recent enough?

use crate::errors::{ErrorCode, FpsError};
use crate::parameters::Parameters;
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};

/// How far a request's Timestamp may be from now, on either side.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// How far ahead a request's Expires may be: who finds a request of last year must not be able to send it.
pub const LONGEST_VALIDITY: SignedDuration = SignedDuration::from_hours(24);

/// A request is timely if its Timestamp is within the window of *any* of the given times (the emulator's
/// clock can be moved while real clients sign with the machine's), or its Expires is yet to come, and not more than
/// a day away.
pub fn check(parameters: &Parameters, nows: &[Timestamp]) -> Result<(), FpsError> {
    let timestamp = parameters.non_empty("Timestamp");
    let expires = parameters.non_empty("Expires");
    if timestamp.is_none() && expires.is_none() {
        return Err(FpsError::missing("Timestamp"));
    }
    if let Some(text) = timestamp {
        let at = parse("Timestamp", text)?;
        if !nows.iter().any(|now| at.duration_since(*now).abs() <= WINDOW) {
            return Err(expired("Timestamp", text));
        }
    }
    if let Some(text) = expires {
        let at = parse("Expires", text)?;
        if !nows.iter().any(|now| at >= *now) {
            return Err(expired("Expires", text));
        }
        let is_near = |now: &Timestamp| at >= *now && at.duration_since(*now) <= LONGEST_VALIDITY;
        if !nows.iter().any(is_near) {
            let message = format!("Expires \"{text}\" is too far away: it may be at most a day ahead.");
            return Err(FpsError::new(ErrorCode::InvalidParameterValue, message));
        }
    }
    Ok(())
}

fn parse(name: &str, text: &str) -> Result<Timestamp, FpsError> {
    timestamp(text).ok_or_else(|| {
        let message = format!("{name} must be in ISO 8601 format, such as 2010-08-28T00:00:00Z.");
        FpsError::new(ErrorCode::InvalidParameterValue, message)
    })
}

/// A time in ISO 8601; without an offset it is UTC.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let in_utc = |time: DateTime| Offset::UTC.to_timestamp(time);
    text.parse::<Timestamp>().or_else(|_| text.parse::<DateTime>().and_then(in_utc)).ok()
}

fn expired(name: &str, text: &str) -> FpsError {
    let message = format!("The request has expired. {name} \"{text}\" is outside the allowed time.");
    FpsError::new(ErrorCode::RequestExpired, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noon() -> Timestamp {
        "2010-08-28T12:00:00Z".parse().unwrap()
    }

    fn code(name: &str, value: &str, nows: &[Timestamp]) -> Option<ErrorCode> {
        let parameters: Parameters = [(name, value)].into_iter().collect();
        check(&parameters, nows).err().map(|error| error.code)
    }

    #[test]
    fn fifteen_minutes_on_either_side() {
        for timely in [
            "2010-08-28T12:00:00Z",
            "2010-08-28T12:15:00.000Z",
            "2010-08-28T11:45:00Z",
            "2010-08-28T05:00:00-07:00",
            "2010-08-28T12:00:01",
        ] {
            assert_eq!(code("Timestamp", timely, &[noon()]), None, "{timely}");
        }
        for late in [
            "2010-08-28T12:15:00.001Z",
            "2010-08-28T11:44:59Z",
            "0001-01-01T00:00:00Z",
            "9999-12-30T00:00:00Z",
        ] {
            assert_eq!(code("Timestamp", late, &[noon()]), Some(ErrorCode::RequestExpired), "{late}");
        }
        for nonsense in ["now", "1282996800", "2010-08-28T25:00:00Z"] {
            assert_eq!(
                code("Timestamp", nonsense, &[noon()]),
                Some(ErrorCode::InvalidParameterValue),
                "{nonsense}"
            );
        }
        assert_eq!(code("Other", "", &[noon()]), Some(ErrorCode::InvalidParams));
    }

    #[test]
    fn either_clock_will_do() {
        let moved = noon() + SignedDuration::from_hours(24 * 7);
        assert_eq!(code("Timestamp", "2010-08-28T12:00:00Z", &[moved, noon()]), None);
        assert_eq!(code("Timestamp", "2010-08-28T12:00:00Z", &[moved]), Some(ErrorCode::RequestExpired));
    }

    #[test]
    fn expires_is_a_deadline() {
        assert_eq!(code("Expires", "2010-08-28T13:00:00Z", &[noon()]), None);
        assert_eq!(code("Expires", "2010-08-28T11:59:59Z", &[noon()]), Some(ErrorCode::RequestExpired));
    }

    #[test]
    fn expires_is_at_most_a_day_ahead_of_one_of_the_clocks() {
        let too_far = Some(ErrorCode::InvalidParameterValue);
        assert_eq!(code("Expires", "2010-08-29T12:00:00Z", &[noon()]), None);
        for far in ["2010-08-29T12:00:00.001Z", "2030-01-01T00:00:00Z", "9999-12-30T00:00:00Z"] {
            assert_eq!(code("Expires", far, &[noon()]), too_far, "{far}");
        }
        let moved = noon() + SignedDuration::from_hours(24 * 7);
        for near in ["2010-08-29T11:00:00Z", "2010-09-05T11:00:00Z"] {
            assert_eq!(code("Expires", near, &[moved, noon()]), None, "{near}");
        }
        for between in ["2010-08-30T12:00:00Z", "2010-09-06T12:00:00Z"] {
            assert_eq!(code("Expires", between, &[moved, noon()]), too_far, "{between}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = code("Timestamp", &text, &[noon(), Timestamp::MIN, Timestamp::MAX]);
        }
    }
}
