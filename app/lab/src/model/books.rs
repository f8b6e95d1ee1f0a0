//! The books as they are looked at. Amounts are dollars as they are read: `$0.99`, `−$0.024850`.

use jiff::Timestamp;

/// All accounts, and the rules that always hold.
#[derive(Debug, Clone, Default)]
pub struct BooksPage {
    pub rules: Vec<Rule>,
    pub accounts: Vec<BookAccount>,
    /// Of all balances.
    pub sum: String,
    pub sum_is_zero: bool,
}

/// A rule that always holds, looked at when the page was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub holds: bool,
    /// What breaks it.
    pub rows: Vec<String>,
}

/// An account of the books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookAccount {
    pub whose: String,
    pub email: Option<String>,
    /// What the books call it.
    pub account: String,
    /// Where its statement is.
    pub href: String,
    /// "Stored", "Summed".
    pub kind: String,
    pub balance: String,
    pub held: String,
}

/// What moved an account, the newest first.
#[derive(Debug, Clone, Default)]
pub struct StatementPage {
    pub account: BookAccount,
    pub lines: Vec<StatementLine>,
    /// Where the older ones are.
    pub older: Option<String>,
}

#[derive(Debug, Clone)]
pub struct StatementLine {
    pub at: Timestamp,
    pub what: String,
    /// The FPS transaction that it belongs to, and where that is.
    pub transaction: Option<(String, String)>,
    pub amount: String,
    pub balance: String,
}

/// All that was posted for an FPS transaction.
#[derive(Debug, Clone, Default)]
pub struct PostingsPage {
    pub transaction: String,
    /// Where the purchase is drawn.
    pub follow: String,
    pub posted: Vec<Posted>,
}

/// One transaction of the books: what it took and gave.
#[derive(Debug, Clone)]
pub struct Posted {
    pub at: Timestamp,
    /// "Charge".
    pub what: String,
    /// The FPS transaction that it belongs to.
    pub transaction: Option<String>,
    pub accounts: Vec<TAccount>,
}

/// What a posting did to one account, as a T-account: what was taken on the left, what was given on the right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TAccount {
    pub whose: String,
    pub account: String,
    pub href: String,
    pub debit: Option<String>,
    pub credit: Option<String>,
    /// Balances of an account that keeps one.
    pub before_and_after: Option<(String, String)>,
}
