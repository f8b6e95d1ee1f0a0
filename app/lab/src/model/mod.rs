//! The data that the lab's pages show.

mod activity;
mod attack;
mod books;
mod deeds;
mod follow;
mod lessons;
mod notifications;
mod request;
mod signature;
mod snapshots;

pub use activity::{ActivityFilter, ActivityPage, ActivityRow};
pub use attack::{AttackAnswer, AttackPage, AttackResult};
pub use books::{BookAccount, BooksPage, Posted, PostingsPage, Rule, StatementLine, StatementPage, TAccount};
pub use deeds::{Answer, DeedAnswer, DeedField, DeedFieldKind, DeedForm, DeedsPage};
pub use follow::{Arrow, ArrowKind, Balance, Call, Drawing, FollowPage, Lane, Purchase, ShopWay, Step};
pub use lessons::{Finding, LessonCheck, LessonPage};
pub use notifications::{
    NotificationAttempt, NotificationFilter, NotificationPage, NotificationRow, NotificationsPage,
    SignatureCheck,
};
pub use request::{RequestFilter, RequestPage, RequestRow, RequestsPage, Wire};
pub use signature::{Piece, SignaturePage, SignatureStep, SignatureSteps, Standing, StepContent};
pub use snapshots::{
    ChangedRowView, ChangedTable, ComparisonPage, PostingRow, RowChange, SnapshotDone, SnapshotRow,
    SnapshotsPage,
};

/// What every page needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// Where the page is: `/lab/books`.
    pub path: String,
    /// Where the shop is, when it runs in the same process; `None`: the lab shows Amazon's half alone.
    pub shop: Option<String>,
    /// How the clock stands: `3 Nov 2026, 05:07 UTC, 7d ahead`.
    pub clock: String,
}
