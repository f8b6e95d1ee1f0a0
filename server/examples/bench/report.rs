//! Figures: medians of rounds, with their spread; and how far what prepares them is.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How much was done in which time.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub count: u32,
    pub elapsed: Duration,
}

impl Rate {
    pub fn per_second(self) -> f64 {
        f64::from(self.count) / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// Says on standard error, now and then, how far something is that takes a while.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    of: usize,
    done: AtomicUsize,
    begun: Instant,
}

impl Progress {
    /// It is said after so many.
    const EVERY: usize = 1_000;

    pub fn new(what: &'static str, of: usize) -> Self {
        Self { what, of, done: AtomicUsize::new(0), begun: Instant::now() }
    }

    pub fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(Self::EVERY) || done == self.of {
            eprintln!("{done} of {} {} after {:.0?}", self.of, self.what, self.begun.elapsed());
        }
    }
}

/// One figure per round.
#[derive(Debug, Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn push(&mut self, rate: Rate) {
        self.push_figure(rate.per_second());
    }

    pub fn push_figure(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// Round by round against the other side, which was measured right before or after: what slows the
    /// machine for a while slows both.
    pub fn against(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(this, other)| this / other).collect())
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
        f64::midpoint(sorted[last / 2], sorted[last.div_ceil(2)])
    }
}

impl fmt::Display for Series {
    /// `1234 (1100–1300)`; with `{:.2}` as many decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sorted, decimals) = (self.sorted(), f.precision().unwrap_or(0));
        let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return f.write_str("none") };
        let text = format!("{:.decimals$} ({least:.decimals$}–{most:.decimals$})", self.median());
        write!(f, "{text:<22}")
    }
}

/// What was measured on.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("CPU model unknown", |(_, model)| model.trim());
    format!("{cores} cores, {model}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
