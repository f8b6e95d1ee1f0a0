use jiff::Timestamp;

/// What happened, the newest first.
#[derive(Debug, Clone, Default)]
pub struct ActivityPage {
    pub filter: ActivityFilter,
    pub rows: Vec<ActivityRow>,
    /// Where the older ones are.
    pub older: Option<String>,
    /// How much is kept: "The newest 10,000 events of the last 7 days are kept."
    pub kept: String,
    /// The id of the newest event when the page was made.
    pub newest: u64,
}

/// What of it is shown, as it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    pub caller: String,
    pub order: String,
    pub action: String,
    pub result: String,
    pub kind: String,
    pub request: String,
}

/// One event in words.
#[derive(Debug, Clone)]
pub struct ActivityRow {
    pub id: u64,
    pub at: Timestamp,
    /// Where it happened: "Shop", "Payments", "Lab".
    pub site: &'static str,
    /// The word that filters by it: `request`.
    pub kind: &'static str,
    /// "Pay was answered: Success".
    pub words: String,
    /// Whether something went wrong in it.
    pub is_failure: bool,
    /// What it is about, each with where more is said: ("order", "…", "/lab/follow?order=…").
    pub about: Vec<(&'static str, String, String)>,
    /// Where more is said of the event itself.
    pub href: Option<String>,
    /// How long it took: "1.2 ms".
    pub took: Option<String>,
}
