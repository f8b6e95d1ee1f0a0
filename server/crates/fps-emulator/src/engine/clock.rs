//! Moving the one clock by hand, and keeping where it stands.

use crate::domain::settings;
use crate::engine::Engine;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;

/// The clock can be set to these years only: every date reckoned from it stays one that can be shown.
const EARLIEST: Timestamp = Timestamp::UNIX_EPOCH;
const LATEST_SECOND: i64 = 7_258_118_400; // 2200-01-01

/// What is done to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    Advance(SignedDuration),
    Set(Timestamp),
    Freeze,
    Resume,
}

/// Why the clock was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    #[error("the clock can show the years 1970 to 2199")]
    OutOfRange,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Changes the clock, and keeps its state for the next start.
pub async fn change(engine: &Engine, change: ClockChange) -> Result<(), ClockError> {
    apply(&engine.clock, change)?;
    Ok(settings::save_clock(&engine.db, &engine.clock).await?)
}

fn apply(clock: &Clock, change: ClockChange) -> Result<(), ClockError> {
    match change {
        ClockChange::Advance(by) => {
            let target = clock.now().checked_add(by).map_err(|_| ClockError::OutOfRange)?;
            in_range(target)?;
            clock.advance(by).map_err(|_| ClockError::OutOfRange)?;
        }
        ClockChange::Set(to) => {
            in_range(to)?;
            clock.set(to);
        }
        ClockChange::Freeze => clock.freeze(),
        ClockChange::Resume => clock.resume(),
    }
    Ok(())
}

fn in_range(time: Timestamp) -> Result<(), ClockError> {
    let shown = time >= EARLIEST && time.as_second() < LATEST_SECOND;
    if shown { Ok(()) } else { Err(ClockError::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_the_years_that_work() {
        let clock = Clock::fixed("2030-01-01T00:00:00Z".parse().unwrap());
        assert!(apply(&clock, ClockChange::Advance(SignedDuration::from_secs(i64::MAX))).is_err());
        assert!(apply(&clock, ClockChange::Set("9999-01-01T00:00:00Z".parse().unwrap())).is_err());
        assert!(apply(&clock, ClockChange::Set("1969-01-01T00:00:00Z".parse().unwrap())).is_err());
        assert_eq!(clock.reading().offset_seconds, 0);
    }
}
