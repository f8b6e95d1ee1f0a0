//! The time that figures are of: days of UTC, as an address names them.

use app::form::FormState;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use shop_pages::model::Unit;
use url::form_urlencoded;

const MICROSECONDS_OF_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// The time that is shown when none is asked for.
const USUAL: i64 = 30;
/// Three years: their days are read and their months can be told apart.
const LONGEST: i64 = 1100;
/// More bars cannot be told apart on a telephone.
const MOST_BARS: usize = 160;

/// Days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

/// What an address asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `None`: what is asked for cannot be read, and the form says why.
    pub period: Option<Period>,
    pub unit: Unit,
    /// As it was typed.
    pub form: FormState,
}

/// The day of this number, counted from 1970.
pub(super) fn date(day: i64) -> Option<Date> {
    let at = Timestamp::from_microsecond(day.checked_mul(MICROSECONDS_OF_A_DAY)?).ok()?;
    Some(Offset::UTC.to_datetime(at).date())
}

fn today(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

impl Period {
    /// The last 30 days.
    pub fn usual(now: Timestamp) -> Self {
        let to = today(now);
        Self { from: to.saturating_sub((USUAL - 1).days()), to }
    }

    /// The first moment of it.
    pub fn begins(self) -> Timestamp {
        midnight(self.from)
    }

    /// The first moment after it.
    pub fn ends(self) -> Timestamp {
        midnight(self.to.saturating_add(1.day()))
    }

    pub(super) fn first_day(self) -> i64 {
        self.begins().as_microsecond().div_euclid(MICROSECONDS_OF_A_DAY)
    }

    pub(super) fn last_day(self) -> i64 {
        self.ends().as_microsecond().div_euclid(MICROSECONDS_OF_A_DAY) - 1
    }

    fn days(self) -> i64 {
        self.last_day() - self.first_day() + 1
    }

    /// Its days, weeks (from Monday) or months in order; the first and the last as far as they are in it.
    pub fn spans(self, unit: Unit) -> impl Iterator<Item = (Date, Date)> {
        let mut next = Some(self.from);
        std::iter::from_fn(move || {
            let from = next.filter(|from| *from <= self.to)?;
            let to = last_of(unit, from).min(self.to);
            next = to.tomorrow().ok();
            Some((from, to))
        })
    }

    /// The unit, or the next larger one of which there are few enough.
    fn fitting(self, unit: Unit) -> Unit {
        let fits = |unit: &Unit| self.spans(*unit).count() <= MOST_BARS;
        Unit::ALL.into_iter().skip_while(|other| *other != unit).find(fits).unwrap_or(Unit::Month)
    }

    fn usual_unit(self) -> Unit {
        match self.days() {
            ..=62 => Unit::Day,
            63..=400 => Unit::Week,
            _ => Unit::Month,
        }
    }
}

fn last_of(unit: Unit, day: Date) -> Date {
    match unit {
        Unit::Day => day,
        Unit::Week => day.saturating_add((6 - i64::from(day.weekday().to_monday_zero_offset())).days()),
        Unit::Month => day.last_of_month(),
    }
}

fn midnight(day: Date) -> Timestamp {
    Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).unwrap_or(Timestamp::MAX)
}

/// The time that a query asks for with `from`, `to` and `by`; without the days, the last 30.
pub fn asked(query: Option<&str>, now: Timestamp) -> Asked {
    let (mut form, mut unit) = (FormState::default(), None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "from" | "to" => form.set(&name, value),
            "by" => unit = Unit::ALL.into_iter().find(|unit| unit.as_str() == value),
            _ => {}
        }
    }
    let usual = Period::usual(now);
    if form.value("from").trim().is_empty() && form.value("to").trim().is_empty() {
        form.set("from", usual.from.to_string());
        form.set("to", usual.to.to_string());
    }
    let (from, to) = (day(&mut form, "from"), day(&mut form, "to"));
    let period = from.zip(to).and_then(|(from, to)| checked(&mut form, from, to));
    if let Some(unit) = unit {
        form.set("by", unit.as_str());
    }
    let unit = period.map_or(Unit::Day, |period| period.fitting(unit.unwrap_or(period.usual_unit())));
    Asked { period, unit, form }
}

fn checked(form: &mut FormState, from: Date, to: Date) -> Option<Period> {
    let period = Period { from, to };
    if to < from {
        form.refuse("to", "The last day is before the first one. Choose a later one.");
        return None;
    }
    if period.days() > LONGEST {
        form.refuse("to", "That is more than three years. Choose a shorter time.");
        return None;
    }
    Some(period)
}

/// A day as browsers send it. Years are bounded so that every day has its moments.
fn day(form: &mut FormState, field: &str) -> Option<Date> {
    let text = form.value(field).trim();
    let year = |date: &Date| (1970..3000).contains(&date.year());
    let found = Some(text).filter(|text| text.len() == "2026-11-23".len());
    let found = found.and_then(|text| Date::strptime("%Y-%m-%d", text).ok()).filter(year);
    if found.is_none() {
        form.refuse(field, "Write the day as year, month and day, such as 2026-11-23.");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn of(query: &str) -> Asked {
        asked(Some(query), at("2030-06-03T09:00:00Z"))
    }

    #[test]
    fn without_days_the_last_thirty_are_asked_for() {
        let asked = of("");
        let period = asked.period.unwrap();
        assert_eq!((period.from, period.to), (date(2030, 5, 5), date(2030, 6, 3)));
        assert_eq!((period.days(), asked.unit), (30, Unit::Day));
        assert_eq!(asked.form.value("from"), "2030-05-05");
        assert_eq!(
            (period.begins(), period.ends()),
            (at("2030-05-05T00:00:00Z"), at("2030-06-04T00:00:00Z"))
        );
    }

    #[test]
    fn a_day_that_is_none_is_named_and_kept() {
        for (query, field) in [
            ("from=yesterday&to=2030-01-01", "from"),
            ("from=2030-01-01", "to"),
            ("from=2030-01-01&to=2030-02-30", "to"),
            ("from=2030-01-02&to=2030-01-01", "to"),
            ("from=2020-01-01&to=2030-01-01", "to"),
            ("from=0001-01-01&to=2030-01-01", "from"),
            ("from=9999-12-31&to=9999-12-31", "from"),
            ("from=2030-1-1&to=2030-01-01", "from"),
        ] {
            let asked = of(query);
            assert!(asked.period.is_none() && asked.form.error(field).is_some(), "{query}: {asked:?}");
        }
        assert_eq!(of("from=yesterday&to=2030-01-01").form.value("from"), "yesterday");
    }

    #[test]
    fn weeks_begin_on_monday_and_ends_are_cut() {
        let period = Period { from: date(2030, 5, 30), to: date(2030, 6, 11) };
        let weeks: Vec<_> = period.spans(Unit::Week).collect();
        assert_eq!(
            weeks,
            [
                (date(2030, 5, 30), date(2030, 6, 2)),
                (date(2030, 6, 3), date(2030, 6, 9)),
                (date(2030, 6, 10), date(2030, 6, 11)),
            ]
        );
        assert_eq!(period.spans(Unit::Month).count(), 2);
        assert_eq!(period.spans(Unit::Day).count(), 13);
    }

    #[test]
    fn bars_that_would_be_too_many_become_larger() {
        assert_eq!(of("from=2027-06-01&to=2030-05-31&by=day").unit, Unit::Week);
        assert_eq!(of("from=2030-01-01&to=2030-05-31&by=day").unit, Unit::Day);
        assert_eq!(of("from=2030-01-01&to=2030-05-31").unit, Unit::Week);
        assert_eq!(of("by=month").unit, Unit::Month);
        assert_eq!(of("by=hour").unit, Unit::Day);
    }
}
