//! Reading answers as text: the little that the comparisons need.

use super::books::{Micros, micros};
use super::state::Time;

/// What is inside of each element of that name; none of them is in another.
pub fn sections<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split_once(&close).map(|(inside, _)| inside)).collect()
}

/// The first element of that name.
pub fn text<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    sections(xml, name).first().copied()
}

/// An amount's value.
pub fn amount(xml: &str, name: &str) -> Option<Micros> {
    text(text(xml, name)?, "Value").map(micros)
}

/// A date, in seconds; the model's times have no parts of them.
pub fn date(xml: &str, name: &str) -> Option<Time> {
    let moment: jiff::Timestamp = text(xml, name)?.parse().ok()?;
    (moment.subsec_nanosecond() == 0).then(|| moment.as_second())
}
