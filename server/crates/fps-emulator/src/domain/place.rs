//! Places in lists that are in the order of time.

use jiff::Timestamp;
use platform::paging::{self, NoPlace};
use std::fmt;
use std::str::FromStr;
use text_types::alphanumeric_up_to;

/// A place in the order of a list: a moment, and among the rows of that moment an id, or the beginning of one, which
/// stands before all ids that it begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Kept in microseconds.
    pub at: Timestamp,
    pub id: String,
}

impl Place {
    /// Behind all that there can be.
    pub const END: Self = Self::before(Timestamp::MAX);

    /// Before all rows of this moment.
    pub const fn before(at: Timestamp) -> Self {
        Self { at, id: String::new() }
    }
}

/// As in links.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        paging::Place { at: self.at, id: &self.id }.fmt(f)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let paging::Place { at, id } = text.parse::<paging::Place<String>>()?;
        if alphanumeric_up_to(&id, 65) { Ok(Self { at, id }) } else { Err(NoPlace) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_back_to_its_place() {
        let place: Place = "1000-T1".parse().unwrap();
        assert_eq!(place, Place { at: Timestamp::from_microsecond(1000).unwrap(), id: "T1".to_owned() });
        assert_eq!(place.to_string(), "1000-T1");
        for nonsense in
            ["", "-", "1000", "1000-", "x-T1", "1000-T 1", "1000-'", "99999999999999999999-T1", "-1-T1"]
        {
            assert_eq!(nonsense.parse::<Place>(), Err(NoPlace), "{nonsense}");
        }
    }
}
