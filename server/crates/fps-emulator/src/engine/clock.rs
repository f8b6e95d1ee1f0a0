//! Moving the one clock by hand, and keeping where it stands: for the next start, and for the other processes of the
//! site, which follow it.

use crate::domain::settings::{self, KeptClock};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use platform::clock::{LATEST, Setting, Speed, Stand};
use platform::db::{Backend, WriteError};
use platform::jobs::{DueWork, JobError};
use platform::{Clock, Database};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The clock can be set to the years from this one to [`LATEST`] only: every date reckoned from it stays one that can be
/// shown. A fast clock that gets there stands.
const EARLIEST: Timestamp = Timestamp::UNIX_EPOCH;

/// What is done to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    Advance(SignedDuration),
    Set(Timestamp),
    Freeze,
    Resume,
    /// Runs so many times as fast as the machine's; a frozen one when it runs on.
    Speed(Speed),
    /// Goes on from where it was once.
    GoOnFrom(Stand),
    /// Runs, with the machine.
    Reset,
}

impl ClockChange {
    /// Where a jump leads, if this is one, from a clock that shows `now`.
    pub fn target(self, now: Timestamp) -> Result<Option<Timestamp>, ClockError> {
        let target = match self {
            Self::Advance(by) => now.checked_add(by).map_err(|_| ClockError::OutOfRange)?,
            Self::Set(to) => to,
            Self::Freeze | Self::Resume | Self::Speed(_) | Self::GoOnFrom(_) | Self::Reset => {
                return Ok(None);
            }
        };
        in_range(target)?;
        Ok(Some(target))
    }

    /// What is left of a jump when the clock has gone that far.
    pub fn after(self, step: SignedDuration) -> Self {
        match self {
            Self::Advance(by) => Self::Advance(by - step),
            other => other,
        }
    }
}

/// Why the clock was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    #[error("the clock can show the years 1970 to 2199")]
    OutOfRange,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ClockError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::OutOfRange => None,
        }
    }
}

/// The clock of this process and the one that the database keeps for all; clones share everything.
#[derive(Debug, Clone)]
pub struct SharedClock {
    db: Database,
    clock: Clock,
    /// The version of the kept clock that this process has followed to.
    seen: Arc<AtomicI64>,
}

impl SharedClock {
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock, seen: Arc::default() }
    }

    /// Moves the clock to where it was left.
    pub async fn restore(&self) -> Result<(), sqlx::Error> {
        match settings::clock(&self.db).await? {
            Some(kept) => self.follow(kept),
            None => settings::clock_of_old(&self.db).await?.into_iter().for_each(|old| self.clock.adopt(old)),
        }
        Ok(())
    }

    /// Follows what another process did to the clock.
    pub async fn look(&self) -> Result<(), sqlx::Error> {
        settings::clock(&self.db).await?.into_iter().for_each(|kept| self.follow(kept));
        Ok(())
    }

    /// The same where there can be another process: before each request that a rule about time may decide, so that
    /// whoever has moved the clock through one process finds it moved at all.
    pub async fn look_again(&self) -> Result<(), sqlx::Error> {
        match self.db.backend() {
            Backend::Sqlite => Ok(()),
            Backend::Postgres => self.look().await,
        }
    }

    /// What was read before another change is passed over.
    fn follow(&self, kept: KeptClock) {
        if self.seen.fetch_max(kept.version, Ordering::AcqRel) < kept.version {
            self.clock.adopt(kept.setting);
        }
    }

    /// Changes the clock for all processes, from where it stands for all.
    pub async fn change(&self, change: ClockChange) -> Result<(), ClockError> {
        let seen = self.seen.load(Ordering::Acquire);
        let changed = self.db.transact((self.clock.clone(), seen, change), |c, (clock, seen, change)| {
            Box::pin(async move {
                let kept = settings::hold_clock(&mut *c).await?;
                let newer = kept.filter(|kept| kept.version > *seen);
                let next = clock.apart(newer.map_or_else(|| clock.setting(), |kept| kept.setting));
                apply(&next, *change)?;
                let version = kept.map_or(0, |kept| kept.version).max(*seen) + 1;
                let kept = KeptClock { version, setting: next.setting() };
                settings::set_clock(c, kept).await?;
                Ok::<_, ClockError>(kept)
            })
        });
        self.follow(changed.await?);
        Ok(())
    }

    /// Back to the machine's time, for all.
    pub async fn reset(&self) -> Result<(), ClockError> {
        self.change(ClockChange::Reset).await
    }
}

/// In the background, for what happens though nobody asks.
#[async_trait]
impl DueWork for SharedClock {
    fn name(&self) -> &'static str {
        "clock"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        self.look().await?;
        Ok(0)
    }
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
        ClockChange::Speed(speed) => clock.set_speed(speed),
        ClockChange::GoOnFrom(stand) => {
            in_range(stand.now)?;
            clock.go_on_from(stand);
        }
        ClockChange::Reset => clock.adopt(Setting::running(0)),
    }
    Ok(())
}

fn in_range(time: Timestamp) -> Result<(), ClockError> {
    if (EARLIEST..=LATEST).contains(&time) { Ok(()) } else { Err(ClockError::OutOfRange) }
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

    fn noon() -> Timestamp {
        "2030-01-01T12:00:00Z".parse().unwrap()
    }

    async fn database(folder: &tempfile::TempDir) -> Database {
        let url = format!("sqlite://{}", folder.path().join("payments.db").display());
        let db = Database::open(&url).await.unwrap();
        db.migrate(&crate::MIGRATIONS).await.unwrap();
        db
    }

    #[tokio::test]
    async fn a_restart_goes_on_in_the_same_time_and_so_does_a_sibling() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let [one, other] = [(); 2].map(|()| SharedClock::new(db.clone(), Clock::fixed(noon())));
        let day = ClockChange::Advance(SignedDuration::from_hours(24));
        for (change, days) in [(day, 1), (ClockChange::Freeze, 1), (day, 2), (ClockChange::Resume, 2)] {
            one.change(change).await.unwrap();
            other.look().await.unwrap();
            let after = SharedClock::new(db.clone(), Clock::fixed(noon()));
            after.restore().await.unwrap();
            assert_eq!(one.clock.reading().offset_seconds, days * 86_400);
            assert_eq!(other.clock.reading(), one.clock.reading());
            assert_eq!(after.clock.reading(), one.clock.reading());
        }
        one.change(ClockChange::Speed(Speed::new(1440).unwrap())).await.unwrap();
        other.look().await.unwrap();
        for clock in [&one.clock, &other.clock] {
            clock.pass(SignedDuration::from_secs(60)).unwrap();
            assert_eq!(clock.reading().offset_seconds, 3 * 86_400 - 60);
        }
        one.change(ClockChange::Set(noon() + SignedDuration::from_hours(48))).await.unwrap();
        one.change(ClockChange::Speed(Speed::USUAL)).await.unwrap();
        other.look().await.unwrap();
        for clock in [&one.clock, &other.clock] {
            assert_eq!(clock.reading().offset_seconds, 2 * 86_400 - 60);
        }
        one.change(ClockChange::Advance(SignedDuration::from_secs(60))).await.unwrap();
        other.look().await.unwrap();
        // Neither knows of the other's: both count.
        other.change(day).await.unwrap();
        one.change(day).await.unwrap();
        other.look().await.unwrap();
        assert_eq!(one.clock.reading().offset_seconds, 4 * 86_400);
        assert_eq!(other.clock.reading(), one.clock.reading());
        // Old news are no news.
        other.follow(KeptClock { version: 1, setting: Setting::running(7) });
        assert_eq!(other.clock.reading(), one.clock.reading());
        one.reset().await.unwrap();
        other.look().await.unwrap();
        assert_eq!(other.clock.reading().offset_seconds, 0);
    }

    #[tokio::test]
    async fn a_clock_that_an_earlier_program_has_kept_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let kept = vec![("clock_offset_seconds", "86400".to_owned())];
        settings::set_together_once(&db, kept).await.unwrap();
        let shared = SharedClock::new(db.clone(), Clock::fixed(noon()));
        shared.restore().await.unwrap();
        assert_eq!(shared.clock.reading().offset_seconds, 86_400);
        let frozen = vec![("clock_frozen_at", noon().as_microsecond().to_string())];
        settings::set_together_once(&db, frozen).await.unwrap();
        let shared = SharedClock::new(db, Clock::system());
        shared.restore().await.unwrap();
        assert_eq!((shared.clock.now(), shared.clock.reading().frozen), (noon(), true));
    }
}
