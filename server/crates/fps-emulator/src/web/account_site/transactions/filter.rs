//! The activity's filter, from a query: what is asked for, and what is wrong with it.

use crate::domain::transactions::ActivityFilter;
use crate::web::account_site::paging;
use app::form::FormState;
use fps_protocol::enums::TransactionStatus;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::str::FromStr;

const KINDS: [&str; 6] = ["Payment", "Refund", "MarketplaceFee", "FundPrepaid", "SettleDebt", "WriteOffDebt"];
const ROLES: [&str; 2] = ["Sender", "Recipient"];
const FIELDS: [&str; 5] = ["status", "kind", "role", "from", "to"];

/// A query, read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `None` when something is wrong with it.
    pub filter: Option<ActivityFilter>,
    pub form: FormState,
    /// The filter as a query again, without what is empty and without the page.
    pub query: String,
    /// From 1.
    pub page: u32,
}

pub fn read(query: &str) -> Asked {
    let mut form = FormState::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if FIELDS.contains(&name.as_ref()) {
            form.set(&name, value.trim());
        }
    }
    let status = word(&mut form, "status", |text| TransactionStatus::from_str(text).is_ok());
    let kind = word(&mut form, "kind", |text| KINDS.contains(&text));
    let role = word(&mut form, "role", |text| ROLES.contains(&text));
    let from = day(&mut form, "from");
    let to = day(&mut form, "to");
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        form.refuse("to", "The last day is before the first.");
    }
    let next_day = |day: Date| day.checked_add(1.day()).ok().and_then(start);
    let filter = ActivityFilter {
        status,
        kind,
        role,
        from: from.and_then(start).map_or(i64::MIN, Timestamp::as_microsecond),
        before: to.and_then(next_day).map_or(i64::MAX, Timestamp::as_microsecond),
    };
    Asked {
        filter: form.is_valid().then_some(filter),
        query: filled_in(&form),
        form,
        page: paging::page_of(Some(query)),
    }
}

fn word(form: &mut FormState, field: &str, is_known: impl Fn(&str) -> bool) -> String {
    let text = form.value(field).to_owned();
    if text.is_empty() || is_known(&text) {
        return text;
    }
    form.refuse(field, "Choose one from the list.");
    String::new()
}

fn day(form: &mut FormState, field: &str) -> Option<Date> {
    let text = form.value(field).to_owned();
    if text.is_empty() {
        return None;
    }
    let day = Date::strptime("%Y-%m-%d", &text).ok();
    if day.is_none() {
        form.refuse(field, "Give a date such as 2026-11-24.");
    }
    day
}

/// Days are UTC's, as everywhere on this site.
fn start(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

fn filled_in(form: &FormState) -> String {
    let filled = FIELDS.iter().filter(|field| !form.value(field).is_empty());
    let pairs = filled.map(|field| (*field, form.value(field)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_the_last_counts() {
        let asked = read("from=2030-06-03&to=2030-06-03&status=&page=3");
        let filter = asked.filter.unwrap();
        assert_eq!(filter.before - filter.from, 24 * 3_600_000_000);
        assert_eq!((asked.query.as_str(), asked.page), ("from=2030-06-03&to=2030-06-03", 3));
    }

    #[test]
    fn nonsense_is_named_by_field() {
        let asked = read("status=Paid&kind=x&role=y&from=tomorrow&to=2030-13-01&page=-1&evil=1");
        let fields: Vec<_> = asked.form.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, FIELDS);
        assert!(asked.filter.is_none() && asked.page == 1 && !asked.query.contains("evil"));
        assert_eq!(read("from=2030-06-04&to=2030-06-03").form.errors[0].field, "to");
        assert!(read("").filter.is_some() && read("").query.is_empty());
        assert!(read("to=9999-12-31").filter.is_some());
    }
}
