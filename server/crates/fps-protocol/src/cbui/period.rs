//! Lengths of time as people say them: `6 Months`.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use std::fmt;
use std::str::FromStr;
use text_types::words;

/// More of any unit than anybody agrees to.
const LONGEST_COUNT: u16 = 999;

words! {
    /// In the singular; several of them have an `s`.
    pub enum PeriodUnit {
        Hour = "Hour",
        Day = "Day",
        Week = "Week",
        Month = "Month",
        Year = "Year",
    }
}

/// A number of calendar units, from 1 to 999: `1 Month`, `6 Months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    count: u16,
    unit: PeriodUnit,
}

/// Not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a period is a number and Hour, Day, Week, Month or Year")]
pub struct InvalidPeriod;

impl Period {
    pub fn new(count: u16, unit: PeriodUnit) -> Result<Self, InvalidPeriod> {
        if (1..=LONGEST_COUNT).contains(&count) { Ok(Self { count, unit }) } else { Err(InvalidPeriod) }
    }

    pub const fn count(self) -> u16 {
        self.count
    }

    pub const fn unit(self) -> PeriodUnit {
        self.unit
    }

    /// The moment one period later, by the calendar: a month from 31 January is the end of February.
    /// None after the end of time.
    pub fn after(self, start: Timestamp) -> Option<Timestamp> {
        let later = start.to_zoned_datetime(TimeZone::UTC).checked_add(self.span());
        later.ok().map(|later| later.timestamp())
    }

    /// The latest of `start`, one period after it, two periods after it, … that is not after `now`; counted
    /// from the start each time, so that a month's end does not wander. None before `start`.
    pub fn latest_start(self, start: Timestamp, now: Timestamp) -> Option<Timestamp> {
        if now < start {
            return None;
        }
        let nth = |n: i64| {
            let span = self.span().checked_mul(n).ok()?;
            let moment = start.to_zoned_datetime(TimeZone::UTC).checked_add(span).ok()?.timestamp();
            (moment <= now).then_some(moment)
        };
        let mut too_many = 1_i64;
        while nth(too_many).is_some() {
            too_many *= 2;
        }
        // Between the last that has begun and the first that has not.
        let mut begun = too_many / 2;
        while too_many - begun > 1 {
            let middle = i64::midpoint(begun, too_many);
            if nth(middle).is_some() { begun = middle } else { too_many = middle }
        }
        if begun == 0 { Some(start) } else { nth(begun) }
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        match self.unit {
            PeriodUnit::Hour => count.hours(),
            PeriodUnit::Day => count.days(),
            PeriodUnit::Week => count.weeks(),
            PeriodUnit::Month => count.months(),
            PeriodUnit::Year => count.years(),
        }
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;

    /// Takes the unit in the singular and the plural whatever the number, and in small letters.
    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let (count, word) = text.trim().split_once(' ').ok_or(InvalidPeriod)?;
        let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|_| digits).ok_or(InvalidPeriod)?;
        let word = word.trim_start();
        let singular = word.strip_suffix(['s', 'S']).unwrap_or(word);
        let unit = PeriodUnit::ALL.iter().find(|unit| unit.as_str().eq_ignore_ascii_case(singular));
        Self::new(count, *unit.ok_or(InvalidPeriod)?)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_they_are_written() {
        for text in ["1 Hour", "2 Days", "3 Weeks", "1 Month", "6 Months", "999 Years"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert_eq!("1 months".parse::<Period>().unwrap().to_string(), "1 Month");
        for bad in [
            "",
            "Month",
            "0 Months",
            "1000 Days",
            "-1 Day",
            "+1 Day",
            "1.5 Days",
            "1Month",
            "1 Decade",
            "1 s",
        ] {
            assert_eq!(bad.parse::<Period>(), Err(InvalidPeriod), "{bad}");
        }
    }

    #[test]
    fn a_month_follows_the_calendar() {
        let after = |text: &str, start: &str| {
            text.parse::<Period>().unwrap().after(start.parse().unwrap()).unwrap().to_string()
        };
        assert_eq!(after("1 Month", "2030-01-31T12:00:00Z"), "2030-02-28T12:00:00Z");
        assert_eq!(after("36 Hours", "2030-01-31T12:00:00Z"), "2030-02-02T00:00:00Z");
        assert_eq!("1 Year".parse::<Period>().unwrap().after(Timestamp::MAX), None);
    }

    #[test]
    fn windows_are_counted_from_the_start() {
        let window = |text: &str, start: &str, now: &str| {
            let latest =
                text.parse::<Period>().unwrap().latest_start(start.parse().unwrap(), now.parse().unwrap());
            latest.map(|moment| moment.to_string())
        };
        let (start, some) = ("2030-01-31T12:00:00Z", |text: &str| Some(text.to_owned()));
        assert_eq!(window("1 Month", start, start), some(start));
        assert_eq!(window("1 Month", start, "2030-02-28T11:59:59Z"), some(start));
        assert_eq!(window("1 Month", start, "2030-02-28T12:00:00Z"), some("2030-02-28T12:00:00Z"));
        assert_eq!(window("1 Month", start, "2030-04-01T00:00:00Z"), some("2030-03-31T12:00:00Z"));
        assert_eq!(window("1 Hour", start, "2031-01-31T12:30:00Z"), some("2031-01-31T12:00:00Z"));
        assert_eq!(window("999 Years", start, "9000-01-01T00:00:00Z"), some("8024-01-31T12:00:00Z"));
        assert_eq!(window("1 Day", start, "2029-12-31T00:00:00Z"), None);
    }
}
