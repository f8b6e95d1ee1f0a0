//! The activity's filter, from a query: what is asked for, and what is wrong with it.

use crate::domain::place::Place;
use crate::domain::transactions::lists::{Category, Filter, Range};
use crate::web::account_site::paging::{self, Part};
use app::form::FormState;
use fps_protocol::enums::TransactionalRole;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::str::FromStr;

/// The list is of what the account sent or received.
const ROLES: [TransactionalRole; 2] = [TransactionalRole::Sender, TransactionalRole::Recipient];
const NOT_IN_THE_LIST: &str = "Choose one from the list.";
const FIELDS: [&str; 5] = ["status", "kind", "role", "from", "to"];

/// A query, read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `None` when something is wrong with it.
    pub filter: Option<Filter>,
    pub form: FormState,
    /// The filter as a query again, without what is empty and without the page.
    pub query: String,
    pub part: Part<Place>,
}

pub fn read(query: &str) -> Asked {
    let mut form = FormState::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if FIELDS.contains(&name.as_ref()) {
            form.set(&name, value.trim());
        }
    }
    let status = word(&mut form, "status");
    let category = word::<Category>(&mut form, "kind");
    let role = role(&mut form);
    let from = day(&mut form, "from");
    let to = day(&mut form, "to");
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        form.refuse("to", "The last day is before the first.");
    }
    let next_day = |day: Date| day.checked_add(1.day()).ok().and_then(start);
    let received = Range {
        // A day that is beyond all times is behind everything.
        from: from.map_or(Range::ALWAYS.from, |day| start(day).unwrap_or(Timestamp::MAX)),
        before: to.and_then(next_day).unwrap_or(Range::ALWAYS.before),
    };
    let roles = role.as_ref().map_or(&ROLES[..], std::slice::from_ref);
    let filter = Filter { category, status, received, ..Filter::all(roles) };
    Asked {
        filter: form.is_valid().then_some(filter),
        query: filled_in(&form),
        form,
        part: paging::part_of(Some(query)),
    }
}

/// `None` for any, and for what is no word of the list.
fn word<T: FromStr>(form: &mut FormState, field: &str) -> Option<T> {
    let text = form.value(field);
    if text.is_empty() {
        return None;
    }
    let word = text.parse().ok();
    if word.is_none() {
        form.refuse(field, NOT_IN_THE_LIST);
    }
    word
}

fn role(form: &mut FormState) -> Option<TransactionalRole> {
    let role = word(form, "role");
    if role.is_some_and(|role| !ROLES.contains(&role)) {
        form.refuse("role", NOT_IN_THE_LIST);
    }
    role
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
    use jiff::SignedDuration;

    #[test]
    fn days_are_whole_and_the_last_counts() {
        let asked = read("from=2030-06-03&to=2030-06-03&status=&older=1000-T1");
        let Range { from, before } = asked.filter.unwrap().received;
        assert_eq!(before.duration_since(from), SignedDuration::from_hours(24));
        assert_eq!(asked.query, "from=2030-06-03&to=2030-06-03");
        let at = Timestamp::from_microsecond(1000).unwrap();
        assert_eq!(asked.part, Part::OlderThan(Place { at, id: "T1".to_owned() }));
    }

    #[test]
    fn nonsense_is_named_by_field() {
        let asked = read("status=Paid&kind=x&role=y&from=tomorrow&to=2030-13-01&older=-1&evil=1");
        let fields: Vec<_> = asked.form.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, FIELDS);
        assert!(asked.filter.is_none() && asked.part == Part::Newest && !asked.query.contains("evil"));
        assert_eq!(read("from=2030-06-04&to=2030-06-03").form.errors[0].field, "to");
        assert!(read("").filter.is_some() && read("").query.is_empty());
        assert!(read("to=9999-12-31").filter.is_some());
        let last = read("from=9999-12-31").filter.unwrap().received;
        assert!(last.from > "9999-01-01T00:00:00Z".parse().unwrap(), "{last:?}");
    }
}
