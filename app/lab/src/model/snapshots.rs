use app::form::FormState;
use jiff::Timestamp;

/// What is kept by name.
#[derive(Debug, Clone, Default)]
pub struct SnapshotsPage {
    /// What was done last.
    pub done: Option<SnapshotDone>,
    /// The form that keeps everything, as it was filled in where it was wrong; what else was refused is said by it, too.
    pub form: FormState,
    pub snapshots: Vec<SnapshotRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotDone {
    Saved(String),
    Restored(String),
    Deleted(String),
}

#[derive(Debug, Clone)]
pub struct SnapshotRow {
    pub name: String,
    /// By the machine's clock.
    pub saved_at: Timestamp,
    /// The clock then, and whether it stood still.
    pub clock: Timestamp,
    pub frozen: bool,
    pub bytes: u64,
    pub files: u64,
    pub has_shop: bool,
}

/// What differs between two states.
#[derive(Debug, Clone, Default)]
pub struct ComparisonPage {
    /// A snapshot's name, or `now`.
    pub before: String,
    pub after: String,
    /// All names that can be chosen, `now` among them.
    pub names: Vec<String>,
    pub postings: Vec<PostingRow>,
    /// A site's name with its tables that differ.
    pub sites: Vec<(&'static str, Vec<ChangedTable>)>,
}

#[derive(Debug, Clone)]
pub struct PostingRow {
    pub added: bool,
    pub what: String,
    /// The FPS transaction, and where its postings are, as long as it is there.
    pub transaction: Option<(String, String)>,
    pub account: String,
    pub whose: String,
    /// `−$10.00`
    pub amount: String,
}

#[derive(Debug, Clone)]
pub struct ChangedTable {
    pub table: String,
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    /// The first of them.
    pub rows: Vec<ChangedRowView>,
}

#[derive(Debug, Clone)]
pub struct ChangedRowView {
    /// `number 7`; empty where the table has no key.
    pub key: String,
    pub change: RowChange,
}

#[derive(Debug, Clone)]
pub enum RowChange {
    /// Its columns.
    Added(Vec<(String, String)>),
    Removed(Vec<(String, String)>),
    /// Columns that differ, before and after.
    Changed(Vec<(String, String, String)>),
}
