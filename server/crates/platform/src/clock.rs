//! The one clock. Everything that expires, retries or is dated asks it, so that the control API and
//! tests can move time for all of it at once.

use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::str::FromStr;
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

/// How a clock stands against the machine's: what outlives a restart, and what processes on one database share.
/// As text it is the offset, and when it is frozen the moment, in microseconds: `604800000000 1893456000000000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// This clock minus the machine's, in microseconds.
    offset: i64,
    frozen_at: Option<Timestamp>,
}

impl Setting {
    /// Whole seconds before the machine's time, or after it.
    pub fn running(offset_seconds: i64) -> Self {
        Self { offset: offset_seconds.saturating_mul(1_000_000), frozen_at: None }
    }

    pub fn frozen(at: Timestamp) -> Self {
        Self { offset: 0, frozen_at: Some(at) }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.offset)?;
        self.frozen_at.map_or(Ok(()), |at| write!(f, " {}", at.as_microsecond()))
    }
}

/// A text that is no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not how a clock stands")]
pub struct NotASetting;

impl FromStr for Setting {
    type Err = NotASetting;

    fn from_str(text: &str) -> Result<Self, NotASetting> {
        let mut numbers = text.split(' ').map(str::parse::<i64>);
        let offset = numbers.next().and_then(Result::ok).ok_or(NotASetting)?;
        let frozen_at = match numbers.next() {
            None => None,
            Some(micros) => {
                let micros = micros.map_err(|_| NotASetting)?;
                Some(Timestamp::from_microsecond(micros).map_err(|_| NotASetting)?)
            }
        };
        if numbers.next().is_some() { Err(NotASetting) } else { Ok(Self { offset, frozen_at }) }
    }
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

    /// Lets the machine's time pass, and this one's with it; for a [fixed](Self::fixed) clock, since the system's passes by
    /// itself.
    pub fn pass(&self, by: SignedDuration) -> Result<(), OutOfRange> {
        let mut state = self.lock();
        if let Wall::Fixed(at) = state.wall {
            state.wall = Wall::Fixed(at.checked_add(by).map_err(|_| OutOfRange)?);
        }
        Ok(())
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

    /// How it stands, to the microsecond.
    pub fn setting(&self) -> Setting {
        let state = self.lock();
        let offset = i64::try_from(state.offset.as_micros()).unwrap_or_default();
        Setting { offset, frozen_at: state.frozen_at }
    }

    /// Stands like another clock from now on.
    pub fn adopt(&self, setting: Setting) {
        let mut state = self.lock();
        state.offset = SignedDuration::from_micros(setting.offset);
        state.frozen_at = setting.frozen_at;
    }

    /// A clock beside this one, on the same machine, that stands so.
    #[must_use]
    pub fn apart(&self, setting: Setting) -> Self {
        let apart = Self::with_wall(self.lock().wall);
        apart.adopt(setting);
        apart
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
    fn the_time_of_a_fixed_machine_passes_for_both() {
        let clock = Clock::fixed(noon());
        clock.advance(SignedDuration::from_hours(24)).unwrap();
        clock.pass(SignedDuration::from_secs(30)).unwrap();
        assert_eq!(clock.now().to_string(), "2030-01-02T12:00:30Z");
        assert_eq!(clock.wall().to_string(), "2030-01-01T12:00:30Z");
        assert_eq!(clock.pass(SignedDuration::MAX), Err(OutOfRange));
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
    fn a_setting_is_read_as_it_is_written_and_stands_alike_elsewhere() {
        let clock = Clock::fixed(noon());
        clock.advance(SignedDuration::from_hours(24)).unwrap();
        for _ in 0..2 {
            let text = clock.setting().to_string();
            assert_eq!(text.parse(), Ok(clock.setting()));
            let sibling = Clock::fixed(noon());
            sibling.adopt(clock.setting());
            assert_eq!(sibling.reading(), clock.reading());
            clock.freeze();
        }
        for wrong in ["", " ", "x", "1 x", "1 2 3", "1.5", "1 9223372036854775807"] {
            assert_eq!(wrong.parse::<Setting>(), Err(NotASetting), "{wrong}");
        }
    }

    #[test]
    fn refuses_a_time_that_cannot_be_shown() {
        assert_eq!(Clock::fixed(noon()).advance(SignedDuration::MAX), Err(OutOfRange));
    }
}
