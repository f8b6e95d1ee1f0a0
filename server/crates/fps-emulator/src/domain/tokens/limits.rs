//! How much and how often a sender token can pay: in each period, counted by the calendar from the
//! token's start, or in its whole life.

use fps_protocol::cbui::{Period, UsageLimit};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use text_types::words;

words! {
    pub enum LimitKind {
        /// In micros.
        Amount = "Amount",
        Count = "Count",
    }
}

impl LimitKind {
    /// What a payment takes of a limit of this kind.
    pub fn taken_by(self, amount: Money) -> i64 {
        match self {
            Self::Amount => amount.micros(),
            Self::Count => 1,
        }
    }
}

/// A limit and what was used of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenLimit {
    pub position: i64,
    pub kind: LimitKind,
    /// Micros or a count.
    pub most: i64,
    pub period: Option<Period>,
    /// In the window that began at `window_start`.
    pub used: i64,
    /// In the window before it.
    pub used_before: i64,
    pub window_start: Timestamp,
}

/// One of the periods that a limit counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub start: Timestamp,
    /// When the one before it began; `None` in the first.
    pub before: Option<Timestamp>,
}

impl TokenLimit {
    /// Nothing is used of it yet. `position` counts the limits of a token from 0.
    pub fn new(position: i64, limit: UsageLimit, start: Timestamp) -> Self {
        let (kind, most, period) = match limit {
            UsageLimit::Amount { most, period } => (LimitKind::Amount, most.micros(), period),
            UsageLimit::Count { most, period } => (LimitKind::Count, most.into(), period),
        };
        Self { position, kind, most, period, used: 0, used_before: 0, window_start: start }
    }

    /// The window of a payment now. A clock that was set back stays in the latest window.
    pub fn window(&self, token_start: Timestamp, now: Timestamp) -> Window {
        let only = Window { start: token_start, before: None };
        self.period.map_or(only, |period| window(period, token_start, now.max(self.window_start)))
    }

    /// What was used in the window and in the one before it.
    pub fn used_in(&self, window: Window) -> (i64, i64) {
        if self.window_start == window.start {
            (self.used, self.used_before)
        } else if Some(self.window_start) == window.before {
            (0, self.used)
        } else {
            (0, 0)
        }
    }

    /// What a payment in the window can still take.
    pub fn left_in(&self, window: Window) -> i64 {
        self.most.saturating_sub(self.used_in(window).0)
    }
}

/// A limit's place among those of its token.
pub fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// The window that holds the moment.
fn window(period: Period, start: Timestamp, now: Timestamp) -> Window {
    let begun = period.latest_start(start, now).unwrap_or(start);
    let just_before = begun.checked_sub(SignedDuration::from_micros(1)).ok();
    Window { start: begun, before: just_before.and_then(|at| period.latest_start(start, at)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn limit(period: &str, start: &str) -> TokenLimit {
        let period = Some(period.parse().unwrap());
        TokenLimit::new(0, UsageLimit::Count { most: 2, period }, at(start))
    }

    #[test]
    fn windows_follow_the_calendar_from_the_tokens_start() {
        let table = [
            ("1 Month", "2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z"),
            ("1 Month", "2030-01-31T12:00:00Z", "2030-02-28T11:59:59Z", "2030-01-31T12:00:00Z"),
            ("1 Month", "2030-01-31T12:00:00Z", "2030-02-28T12:00:00Z", "2030-02-28T12:00:00Z"),
            ("1 Month", "2030-01-31T12:00:00Z", "2030-03-31T11:59:59Z", "2030-02-28T12:00:00Z"),
            ("1 Month", "2030-01-31T12:00:00Z", "2030-03-31T12:00:00Z", "2030-03-31T12:00:00Z"),
            ("6 Months", "2030-01-31T12:00:00Z", "2040-07-31T12:00:00Z", "2040-07-31T12:00:00Z"),
            ("1 Year", "2028-02-29T00:00:00Z", "2029-03-01T00:00:00Z", "2029-02-28T00:00:00Z"),
            ("1 Year", "2028-02-29T00:00:00Z", "2032-03-01T00:00:00Z", "2032-02-29T00:00:00Z"),
            ("2 Weeks", "2030-06-03T09:00:00Z", "2030-06-30T00:00:00Z", "2030-06-17T09:00:00Z"),
            ("1 Day", "2030-06-03T09:00:00Z", "2031-06-03T08:59:59Z", "2031-06-02T09:00:00Z"),
            ("1 Hour", "2030-06-03T09:00:00Z", "2060-06-03T09:30:00Z", "2060-06-03T09:00:00Z"),
        ];
        for (period, start, now, expected) in table {
            let window = limit(period, start).window(at(start), at(now));
            assert_eq!(window.start.to_string(), expected, "{period} from {start} at {now}");
        }
        let whole_life = TokenLimit { period: None, ..limit("1 Day", "2030-06-03T09:00:00Z") };
        let window = whole_life.window(at("2030-06-03T09:00:00Z"), at("2040-06-03T09:00:00Z"));
        assert_eq!((window.start.to_string().as_str(), window.before), ("2030-06-03T09:00:00Z", None));
        let last = limit("999 Years", "2030-06-03T09:00:00Z")
            .window(at("2030-06-03T09:00:00Z"), at("2031-01-01T00:00:00Z"));
        assert_eq!(last.start.to_string(), "2030-06-03T09:00:00Z", "the end of time is far away");
    }

    #[test]
    fn a_new_window_begins_with_nothing_used() {
        let start = "2030-06-03T09:00:00Z";
        let used = TokenLimit { used: 2, used_before: 1, ..limit("1 Day", start) };
        let on = |text: &str| used.used_in(used.window(at(start), at(text)));
        assert_eq!(on("2030-06-03T10:00:00Z"), (2, 1));
        assert_eq!(on("2030-06-04T10:00:00Z"), (0, 2));
        assert_eq!(on("2030-06-05T10:00:00Z"), (0, 0), "nothing was used in the window before");
        assert_eq!(used.left_in(used.window(at(start), at("2030-06-03T10:00:00Z"))), 0);
    }

    #[test]
    fn a_clock_that_goes_back_opens_no_window_again() {
        let start = "2030-06-03T09:00:00Z";
        let tomorrow = at("2030-06-04T09:00:00Z");
        let used = TokenLimit { used: 2, window_start: tomorrow, ..limit("1 Day", start) };
        let window = used.window(at(start), at("2030-06-03T10:00:00Z"));
        assert_eq!((window.start, used.left_in(window)), (tomorrow, 0));
    }
}
