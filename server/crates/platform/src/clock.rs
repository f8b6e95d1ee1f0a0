//! The one clock. Everything that expires, retries or is dated asks it, so that the control API and
//! tests can move time for all of it at once.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// A clock that can be moved and frozen. Clones share one time.
#[derive(Debug, Clone)]
pub struct Clock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    wall: Wall,
    offset: SignedDuration,
    frozen_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
enum Wall {
    System,
    /// Tests: the machine's own time is this, always.
    Fixed(Timestamp),
}

impl Wall {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's time is read")]
    fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }
}

/// What the control API shows and what is kept over a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub now: Timestamp,
    /// This clock minus the machine's, whole seconds.
    pub offset_seconds: i64,
    pub frozen: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that time is outside the years that the clock can show")]
pub struct OutOfRange;

impl Clock {
    pub fn system() -> Self {
        Self::with_wall(Wall::System)
    }

    /// A clock for tests: stands at `start`, and the machine's time does too.
    pub fn fixed(start: Timestamp) -> Self {
        Self::with_wall(Wall::Fixed(start))
    }

    fn with_wall(wall: Wall) -> Self {
        Self { state: Arc::new(Mutex::new(State { wall, offset: SignedDuration::ZERO, frozen_at: None })) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// Microseconds since the epoch, the unit of every time column.
    pub fn now_micros(&self) -> i64 {
        self.now().as_microsecond()
    }

    /// The machine's own time, which real clients sign with.
    pub fn wall(&self) -> Timestamp {
        self.lock().wall.now()
    }

    pub fn reading(&self) -> Reading {
        let state = self.lock();
        // One look at the machine's time for both: between two looks a moment passes.
        let wall = state.wall.now();
        let now = state.at(wall);
        let offset_seconds = now.duration_since(wall).as_secs();
        Reading { now, offset_seconds, frozen: state.frozen_at.is_some() }
    }

    pub fn advance(&self, by: SignedDuration) -> Result<(), OutOfRange> {
        let mut state = self.lock();
        let wall = state.wall.now();
        let target = state.at(wall).checked_add(by).map_err(|_| OutOfRange)?;
        state.move_to(target, wall);
        Ok(())
    }

    pub fn set(&self, to: Timestamp) {
        let mut state = self.lock();
        let wall = state.wall.now();
        state.move_to(to, wall);
    }

    pub fn freeze(&self) {
        let mut state = self.lock();
        state.frozen_at = Some(state.now());
    }

    /// Time runs on from where it stands.
    pub fn resume(&self) {
        let mut state = self.lock();
        if let Some(at) = state.frozen_at.take() {
            let wall = state.wall.now();
            state.move_to(at, wall);
        }
    }
}

impl State {
    fn now(&self) -> Timestamp {
        self.at(self.wall.now())
    }

    /// What this clock shows when the machine's shows `wall`.
    fn at(&self, wall: Timestamp) -> Timestamp {
        self.frozen_at.unwrap_or_else(|| wall.saturating_add(self.offset).unwrap_or(Timestamp::MAX))
    }

    fn move_to(&mut self, target: Timestamp, wall: Timestamp) {
        self.offset = target.duration_since(wall);
        if self.frozen_at.is_some() {
            self.frozen_at = Some(target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2030-01-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn moves_and_tells_its_offset() {
        let clock = Clock::fixed(noon());
        clock.advance(SignedDuration::from_hours(24)).unwrap();
        assert_eq!(clock.now().to_string(), "2030-01-02T12:00:00Z");
        assert_eq!(clock.reading().offset_seconds, 86_400);
        assert_eq!(clock.wall(), noon());
    }

    #[test]
    fn frozen_time_can_be_set_and_resumes_where_it_stands() {
        let clock = Clock::system();
        clock.freeze();
        clock.set(noon());
        assert_eq!(clock.now(), noon());
        assert!(clock.reading().frozen);
        clock.resume();
        assert!(clock.now() >= noon());
    }

    #[test]
    fn moving_by_whole_seconds_is_exact_on_a_running_clock() {
        let clock = Clock::system();
        for days in 1..=50 {
            clock.advance(SignedDuration::from_hours(24)).unwrap();
            assert_eq!(clock.reading().offset_seconds, days * 86_400);
        }
    }

    #[test]
    fn refuses_a_time_that_cannot_be_shown() {
        assert_eq!(Clock::fixed(noon()).advance(SignedDuration::MAX), Err(OutOfRange));
    }
}
