//! Several things changed at once, of which each that is different afterwards is a line of the log.

use super::{AuditId, Deed, Entry, Subject, Who, store};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// No form changes more.
const MOST: usize = 8;

/// What the outside gives to the lines.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub who: Who,
    pub at: Timestamp,
    ids: [AuditId; MOST],
}

impl Stamp {
    pub fn new(who: Who, at: Timestamp, mut new_id: impl FnMut() -> AuditId) -> Self {
        Self { who, at, ids: std::array::from_fn(|_| new_id()) }
    }
}

/// What was and what is, in words; the same in both is no change.
#[derive(Debug, Clone)]
pub struct Change {
    pub deed: Deed,
    pub old: String,
    pub new: String,
}

impl Change {
    pub fn new(deed: Deed, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { deed, old: old.into(), new: new.into() }
    }
}

/// In the transaction of the changes.
pub async fn record_changes<const N: usize>(
    connection: &mut AnyConnection,
    stamp: &Stamp,
    subject: &Subject,
    changes: [Change; N],
) -> Result<(), sqlx::Error> {
    const { assert!(N <= MOST, "each line has an id") };
    let lines = changes.into_iter().filter(|change| change.old != change.new);
    for (Change { deed, old, new }, id) in lines.zip(&stamp.ids) {
        let entry = Entry::new(id.clone(), stamp.at, stamp.who.clone(), deed, subject.clone());
        store::record(&mut *connection, &entry.changed(old, new)).await?;
    }
    Ok(())
}
