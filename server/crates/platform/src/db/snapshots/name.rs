//! What a snapshot is called.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const LONGEST: usize = 40;
/// What stands for the live database in a comparison, and so is no name.
const NOW: &str = "now";

/// 1 to 40 lower-case letters, digits, `-` and `_`: safe as a part of a path and of a schema's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SnapshotName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotNameError {
    #[error("a snapshot needs a name of 1 to {LONGEST} characters")]
    Length,
    #[error("a snapshot's name has lower-case letters (a to z), digits, - and _ only")]
    Characters,
    #[error("\"{NOW}\" stands for the database as it is at the moment: choose another name")]
    Reserved,
}

impl SnapshotName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SnapshotName {
    type Err = SnapshotNameError;

    fn from_str(text: &str) -> Result<Self, SnapshotNameError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if !text.chars().all(fits) {
            return Err(SnapshotNameError::Characters);
        }
        if text.is_empty() || text.len() > LONGEST {
            return Err(SnapshotNameError::Length);
        }
        if text == NOW {
            return Err(SnapshotNameError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SnapshotName {
    type Error = SnapshotNameError;

    fn try_from(text: String) -> Result<Self, SnapshotNameError> {
        text.parse()
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One of the two that are compared: a snapshot's name, or `now`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SnapshotSide {
    /// The live database.
    Now,
    Saved(SnapshotName),
}

impl FromStr for SnapshotSide {
    type Err = SnapshotNameError;

    fn from_str(text: &str) -> Result<Self, SnapshotNameError> {
        if text == NOW { Ok(Self::Now) } else { text.parse().map(Self::Saved) }
    }
}

impl TryFrom<String> for SnapshotSide {
    type Error = SnapshotNameError;

    fn try_from(text: String) -> Result<Self, SnapshotNameError> {
        text.parse()
    }
}

impl fmt::Display for SnapshotSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str(NOW),
            Self::Saved(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_paths_and_schemas() {
        for name in ["a", "before-refund_2", &"x".repeat(40)] {
            assert_eq!(name.parse::<SnapshotName>().unwrap().as_str(), name);
        }
        let length = ["", &"x".repeat(41)].map(str::parse::<SnapshotName>);
        assert!(length.iter().all(|name| *name == Err(SnapshotNameError::Length)));
        for name in ["..", "a/b", "A", "ä", "a b", "a\"", "a\0"] {
            assert_eq!(name.parse::<SnapshotName>(), Err(SnapshotNameError::Characters), "{name}");
        }
    }

    #[test]
    fn now_is_the_live_database() {
        assert_eq!("now".parse::<SnapshotName>(), Err(SnapshotNameError::Reserved));
        assert_eq!("now".parse(), Ok(SnapshotSide::Now));
        assert_eq!("a".parse(), Ok(SnapshotSide::Saved("a".parse().unwrap())));
    }
}
