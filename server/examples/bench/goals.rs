//! What was hoped for and not reached, with what bound it: said at the end, and never a failure.

use std::time::Instant;

#[derive(Debug, Default)]
pub struct Goals {
    missed: Vec<String>,
    /// What could not be measured here.
    left_out: Vec<String>,
}

impl Goals {
    /// A figure that should be at least so much.
    pub fn at_least(&mut self, goal: f64, figure: f64, what: &str, reason: &str) {
        // A figure that is none (NaN) has not reached anything.
        if figure.partial_cmp(&goal).is_none_or(std::cmp::Ordering::is_lt) {
            self.missed.push(format!("{what}: {figure:.2}, and at least {goal} was the goal; {reason}"));
        }
    }

    /// A figure that should be at most so much.
    pub fn at_most(&mut self, goal: f64, figure: f64, what: &str, reason: &str) {
        if figure.partial_cmp(&goal).is_none_or(std::cmp::Ordering::is_gt) {
            self.missed.push(format!("{what}: {figure:.2}, and at most {goal} was the goal; {reason}"));
        }
    }

    /// Says loudly that something is not measured, and why.
    pub fn leave_out(&mut self, what: &str, why: &str) {
        println!("NOT MEASURED: {what}: {why}");
        eprintln!("NOT MEASURED: {what}: {why}");
        self.left_out.push(format!("{what}: {why}"));
    }

    pub fn print(&self) {
        for (title, lines) in [("GOALS MISSED", &self.missed), ("NOT MEASURED", &self.left_out)] {
            println!("{title}: {}", if lines.is_empty() { "none" } else { "" });
            for line in lines {
                println!("- {line}");
            }
        }
    }
}

/// How busy the machine's processors are from now on: what bounds a rate, the processor or waiting.
#[derive(Debug)]
pub struct Busy {
    before: Option<[u64; 3]>,
    begun: Instant,
}

impl Busy {
    pub fn begin() -> Self {
        Self { before: ticks(), begun: Instant::now() }
    }

    /// Words for a reason: how much of all processors was in use, by everything on this machine.
    pub fn reason(&self) -> String {
        let (Some(before), Some(after)) = (self.before, ticks()) else {
            return "how busy the processors were is not known here".to_owned();
        };
        let [all, idle, disk] = std::array::from_fn(|part| as_f64(after[part].saturating_sub(before[part])));
        let share = |part: f64| 100.0 * part / all.max(1.0);
        let (busy, disk) = (share(all - idle), share(disk));
        let bound = if busy > 85.0 {
            "bound by the processors"
        } else {
            "bound by waiting (the disk, locks, one after another)"
        };
        format!(
            "{bound}: they were {busy:.0} % busy with site and load together, {disk:.0} % waited for the disk, in {:.0?}",
            self.begun.elapsed()
        )
    }
}

/// Of all processors together: all, idle, waiting for the disk.
fn ticks() -> Option<[u64; 3]> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_whitespace().filter_map(|ticks| ticks.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let first = ticks.get(..8)?;
    Some([first.iter().sum(), first[3] + first[4], first[4]])
}

/// Counts are far below 2^52 here.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52 here")]
pub fn as_f64(count: u64) -> f64 {
    count as f64
}
