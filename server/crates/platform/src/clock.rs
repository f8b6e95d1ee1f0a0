//! The one clock. Everything that expires, retries or is dated asks it, so that the control API and
//! tests can move time for all of it at once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

/// The last moment that the clock shows: there it stands, however fast it ran.
pub const LATEST: Timestamp = Timestamp::constant(7_258_118_399, 999_999_000); // the last of 2199

/// How many times as fast as the machine's a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Speed(i32);

impl TryFrom<u32> for Speed {
    type Error = NotASpeed;

    fn try_from(times: u32) -> Result<Self, NotASpeed> {
        Self::new(times).ok_or(NotASpeed)
    }
}

impl From<Speed> for u32 {
    fn from(speed: Speed) -> Self {
        speed.times()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a clock runs from 1 to {} times as fast", Speed::MOST)]
pub struct NotASpeed;

impl Speed {
    pub const USUAL: Self = Self(1);
    pub const MOST: u32 = 1_000_000;

    /// `None`: less than 1 or more than [`MOST`](Self::MOST).
    pub fn new(times: u32) -> Option<Self> {
        let times = i32::try_from(times).ok().filter(|_| (1..=Self::MOST).contains(&times));
        times.map(Self)
    }

    pub const fn times(self) -> u32 {
        self.0.unsigned_abs()
    }
}

/// A clock that can be moved and frozen, and runs faster if need be. Clones share one time.
#[derive(Debug, Clone)]
pub struct Clock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    wall: Wall,
    /// This clock minus the machine's, at the moment `since` of the machine's.
    offset: SignedDuration,
    since: Timestamp,
    speed: Speed,
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
    /// How fast it runs, or will when it runs again.
    pub speed: Speed,
}

/// Where a clock is, whatever the machine's says: what a snapshot keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    pub now: Timestamp,
    pub frozen: bool,
    pub speed: Speed,
}

/// How a clock stands against the machine's: what outlives a restart, and what processes on one database share.
/// As text it is the offset, and when it is frozen the moment, in microseconds: `604800000000 1893456000000000`. Where it
/// does not run as usual the speed follows, with the moment of the machine's time since when: `0 1440x1893456000000000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// This clock minus the machine's, in microseconds; of a fast one when it began to run so.
    offset: i64,
    frozen_at: Option<Timestamp>,
    /// `None`: as usual.
    fast: Option<Fast>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fast {
    speed: Speed,
    /// By the machine's time.
    since: Timestamp,
}

impl Setting {
    /// Whole seconds before the machine's time, or after it.
    pub fn running(offset_seconds: i64) -> Self {
        Self { offset: offset_seconds.saturating_mul(1_000_000), frozen_at: None, fast: None }
    }

    pub fn frozen(at: Timestamp) -> Self {
        Self { offset: 0, frozen_at: Some(at), fast: None }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.offset)?;
        if let Some(at) = self.frozen_at {
            write!(f, " {}", at.as_microsecond())?;
        }
        if let Some(Fast { speed, since }) = self.fast {
            write!(f, " {}x{}", speed.times(), since.as_microsecond())?;
        }
        Ok(())
    }
}

/// A text that is no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not how a clock stands")]
pub struct NotASetting;

impl FromStr for Setting {
    type Err = NotASetting;

    fn from_str(text: &str) -> Result<Self, NotASetting> {
        let mut parts = text.split(' ').peekable();
        let offset = parts.next().and_then(|part| part.parse().ok()).ok_or(NotASetting)?;
        let frozen_at = parts.next_if(|part| !part.contains('x')).map(moment).transpose()?;
        let fast = parts.next().map(Fast::read).transpose()?;
        if parts.next().is_some() { Err(NotASetting) } else { Ok(Self { offset, frozen_at, fast }) }
    }
}

impl Fast {
    fn read(text: &str) -> Result<Self, NotASetting> {
        let (times, since) = text.split_once('x').ok_or(NotASetting)?;
        let speed = times.parse().ok().and_then(Speed::new).ok_or(NotASetting)?;
        Ok(Self { speed, since: moment(since)? })
    }
}

fn moment(micros: &str) -> Result<Timestamp, NotASetting> {
    let micros = micros.parse().map_err(|_| NotASetting)?;
    Timestamp::from_microsecond(micros).map_err(|_| NotASetting)
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
        let state = State {
            wall,
            offset: SignedDuration::ZERO,
            since: Timestamp::UNIX_EPOCH,
            speed: Speed::USUAL,
            frozen_at: None,
        };
        Self { state: Arc::new(Mutex::new(state)) }
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
        Reading { now, offset_seconds, frozen: state.frozen_at.is_some(), speed: state.speed }
    }

    pub fn stand(&self) -> Stand {
        let Reading { now, frozen, speed, .. } = self.reading();
        Stand { now, frozen, speed }
    }

    /// Goes on from there.
    pub fn go_on_from(&self, stand: Stand) {
        let mut state = self.lock();
        let wall = state.wall.now();
        state.frozen_at = stand.frozen.then_some(stand.now);
        state.speed = stand.speed;
        state.move_to(stand.now, wall);
    }

    /// How it stands, to the microsecond.
    pub fn setting(&self) -> Setting {
        let state = self.lock();
        let offset = i64::try_from(state.offset.as_micros()).unwrap_or_default();
        let State { frozen_at, speed, since, .. } = *state;
        let fast = (speed != Speed::USUAL).then_some(Fast { speed, since });
        Setting { offset, frozen_at, fast }
    }

    /// Stands like another clock from now on.
    pub fn adopt(&self, setting: Setting) {
        let mut state = self.lock();
        state.offset = SignedDuration::from_micros(setting.offset);
        state.frozen_at = setting.frozen_at;
        let usual = Fast { speed: Speed::USUAL, since: Timestamp::UNIX_EPOCH };
        Fast { speed: state.speed, since: state.since } = setting.fast.unwrap_or(usual);
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

    /// Lets time pass so many times as fast, from where it stands; a frozen clock when it runs on.
    pub fn set_speed(&self, speed: Speed) {
        let mut state = self.lock();
        let wall = state.wall.now();
        let now = state.at(wall);
        state.move_to(now, wall);
        state.speed = speed;
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
        self.frozen_at.unwrap_or_else(|| self.running_at(wall).min(LATEST))
    }

    fn running_at(&self, wall: Timestamp) -> Timestamp {
        let ahead = wall.duration_since(self.since).saturating_mul(self.speed.0 - 1);
        let moved = wall.saturating_add(self.offset.saturating_add(ahead));
        moved.unwrap_or(LATEST)
    }

    fn move_to(&mut self, target: Timestamp, wall: Timestamp) {
        self.offset = target.duration_since(wall);
        self.since = wall;
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
    fn goes_on_from_where_it_was_whatever_the_machine_says() {
        for (frozen, speed, later) in [(false, 1, 10), (false, 60, 600), (true, 60, 0)] {
            let clock = Clock::fixed(noon());
            clock.set_speed(times(speed));
            if frozen {
                clock.freeze();
            }
            let stand = clock.stand();
            clock.adopt(Setting::running(7));
            clock.pass(SignedDuration::from_hours(24)).unwrap();
            clock.go_on_from(stand);
            assert_eq!(clock.stand(), stand);
            clock.pass(SignedDuration::from_secs(10)).unwrap();
            assert_eq!(clock.now(), noon() + SignedDuration::from_secs(later));
            let text = serde_json::to_string(&stand).unwrap();
            assert_eq!(serde_json::from_str::<Stand>(&text).unwrap(), stand);
        }
        assert!(serde_json::from_str::<Speed>("0").is_err());
    }

    fn times(speed: u32) -> Speed {
        Speed::new(speed).unwrap()
    }

    #[test]
    fn a_fast_clock_makes_a_minute_a_day_and_goes_on_from_where_it_stands() {
        let clock = Clock::fixed(noon());
        let pass = |seconds| clock.pass(SignedDuration::from_secs(seconds)).unwrap();
        clock.set_speed(times(1440));
        assert_eq!((clock.now(), clock.reading().speed.times()), (noon(), 1440));
        pass(60);
        assert_eq!(clock.now().to_string(), "2030-01-02T12:00:00Z");
        clock.advance(SignedDuration::from_hours(24)).unwrap();
        pass(30);
        assert_eq!(clock.now().to_string(), "2030-01-04T00:00:00Z");
        clock.freeze();
        pass(60);
        assert_eq!(clock.now().to_string(), "2030-01-04T00:00:00Z");
        clock.resume();
        pass(60);
        assert_eq!(clock.now().to_string(), "2030-01-05T00:00:00Z");
        clock.set_speed(Speed::USUAL);
        pass(1);
        assert_eq!(clock.now().to_string(), "2030-01-05T00:00:01Z");
        clock.set(noon());
        clock.set_speed(times(2));
        pass(10);
        assert_eq!(clock.now().to_string(), "2030-01-01T12:00:20Z");
    }

    #[test]
    fn a_fast_clock_stands_at_the_end_of_its_years() {
        let clock = Clock::fixed(noon());
        clock.set_speed(times(Speed::MOST));
        clock.pass(SignedDuration::from_hours(24)).unwrap();
        assert_eq!(clock.now().to_string(), "2199-12-31T23:59:59.999999Z");
        clock.pass(SignedDuration::from_hours(24 * 365 * 100)).unwrap();
        assert_eq!(clock.now(), LATEST);
        clock.set(noon());
        assert_eq!(clock.now(), noon());
        assert_eq!([0, Speed::MOST + 1, u32::MAX].map(Speed::new), [None; 3]);
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
        for speed in [1, 1, 1440, 60] {
            clock.set_speed(times(speed));
            clock.pass(SignedDuration::from_secs(7)).unwrap();
            let text = clock.setting().to_string();
            assert_eq!(text.parse(), Ok(clock.setting()));
            let sibling = Clock::fixed(clock.wall());
            sibling.adopt(clock.setting());
            assert_eq!(sibling.reading(), clock.reading());
            if clock.reading().frozen { clock.resume() } else { clock.freeze() }
        }
        assert_eq!(
            "86400000000 5".parse(),
            Ok(Setting { offset: 86_400_000_000, ..Setting::frozen(moment("5").unwrap()) })
        );
        for wrong in [
            "",
            " ",
            "x",
            "1 x",
            "1 2 3",
            "1.5",
            "1 9223372036854775807",
            "1 2x",
            "1 x2",
            "1 0x2",
            "1 1000001x2",
            "1 2x3 4",
            "1 2 3x4 5",
        ] {
            assert_eq!(wrong.parse::<Setting>(), Err(NotASetting), "{wrong}");
        }
    }

    #[test]
    fn refuses_a_time_that_cannot_be_shown() {
        assert_eq!(Clock::fixed(noon()).advance(SignedDuration::MAX), Err(OutOfRange));
    }
}
