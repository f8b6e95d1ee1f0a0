//! `clock`: reads and moves the clock of a running payments site through its control API.

use crate::options::bare;
use jiff::{Span, SpanRelativeTo, SpanRound, Timestamp, Unit, civil::Date, tz::TimeZone};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

#[derive(Debug, thiserror::Error)]
pub(crate) enum ClockError {
    #[error("{0:?} is no length of time: write it as 7d, 36h, 90m or 30s")]
    Span(String),
    #[error("{0:?} is no time: write it as 2030-01-01 or 2030-01-01T12:00:00Z")]
    Time(String),
    #[error("{url} does not answer; is the payments site running? ({error})")]
    Unreachable { url: String, error: reqwest::Error },
    #[error("{url} answered {status}: {message}")]
    Refused { url: String, status: u16, message: String },
}

#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum ClockCommand {
    /// What time it is there
    Show,
    /// Moves it forward: 7d, 36h, 90m, 30s; answers after everything that fell due has run
    Advance { by: String },
    /// Stops it
    Freeze,
    /// Lets it run on
    Resume,
    /// Sets it: 2030-01-01 or 2030-01-01T12:00:00Z
    Set { time: String },
}

impl ClockCommand {
    /// The body of the control call; `None` only reads.
    fn body(&self) -> Result<Option<Value>, ClockError> {
        Ok(Some(match self {
            Self::Show => return Ok(None),
            Self::Advance { by } => json!({ "advance_seconds": seconds(by)? }),
            Self::Freeze => json!({ "freeze": true }),
            Self::Resume => json!({ "resume": true }),
            Self::Set { time } => json!({ "set": timestamp(time)? }),
        }))
    }

    /// Calls the control API; gives its answer.
    pub(crate) async fn run(
        &self,
        payments: &Url,
        token: Option<&SecretString>,
    ) -> Result<Value, ClockError> {
        let url = format!("{}/_control/clock", bare(payments));
        let client = platform::http_client();
        let mut request = match self.body()? {
            Some(body) => client
                .post(&url)
                .header("content-type", "application/json")
                .body(body.to_string())
                // A long way forward makes much work fall due.
                .timeout(Duration::from_mins(10)),
            None => client.get(&url),
        };
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        let unreachable = |error| ClockError::Unreachable { url: url.clone(), error };
        let answer = request.send().await.map_err(unreachable)?;
        let (status, text) = (answer.status(), answer.text().await.map_err(unreachable)?);
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() && value.is_object() {
            return Ok(value);
        }
        // A page, not JSON, means that this site has no control API.
        let message = match value.get("error").and_then(Value::as_str) {
            Some(reason) => reason.to_owned(),
            None => "no control API there (it needs lab mode)".to_owned(),
        };
        Err(ClockError::Refused { url, status: status.as_u16(), message })
    }
}

/// The answer in words.
pub(crate) fn in_words(answer: &Value) -> String {
    let now = answer["now"].as_str().unwrap_or("unknown");
    let offset = match answer["offset_seconds"].as_i64().unwrap_or(0) {
        0 => String::new(),
        seconds if seconds > 0 => format!(", {} ahead of real time", length(seconds)),
        seconds => format!(", {} behind real time", length(seconds.saturating_neg())),
    };
    let frozen = if answer["frozen"] == true { ", frozen" } else { "" };
    format!("{now}{offset}{frozen}")
}

/// Seconds as people write them: `7d 2h`.
fn length(seconds: i64) -> String {
    let span = Span::new().try_seconds(seconds).ok();
    let in_days = SpanRound::new().largest(Unit::Day).days_are_24_hours();
    let span = span.and_then(|span| span.round(in_days).ok());
    span.map_or_else(|| format!("{seconds}s"), |span| format!("{span:#}"))
}

fn seconds(text: &str) -> Result<i64, ClockError> {
    let wrong = || ClockError::Span(text.to_owned());
    let span: Span = text.parse().map_err(|_| wrong())?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Ok(duration.as_secs())
}

fn timestamp(text: &str) -> Result<Timestamp, ClockError> {
    let midnight = || text.parse::<Date>().ok()?.to_zoned_datetime(TimeZone::UTC).ok();
    let parsed = text.parse().ok().or_else(|| midnight().map(|zoned| zoned.timestamp()));
    parsed.ok_or_else(|| ClockError::Time(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        for (text, expected) in
            [("7d", 604_800), ("36h", 129_600), ("90m", 5_400), ("30s", 30), ("1w 1d", 691_200)]
        {
            assert_eq!(seconds(text).unwrap(), expected, "{text}");
        }
        for text in ["", "7", "soon", "1mo"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_times_and_dates() {
        assert_eq!(timestamp("2030-01-01").unwrap().to_string(), "2030-01-01T00:00:00Z");
        assert_eq!(timestamp("2030-01-01T12:00:00+02:00").unwrap().to_string(), "2030-01-01T10:00:00Z");
        assert!(timestamp("tomorrow").is_err());
    }

    #[test]
    fn tells_the_clock_in_words() {
        let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": 604_800, "frozen": true });
        assert_eq!(in_words(&answer), "2030-01-08T00:00:00Z, 7d ahead of real time, frozen");
        let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": 0, "frozen": false });
        assert_eq!(in_words(&answer), "2030-01-08T00:00:00Z");
    }
}
