//! Whose doing something is: known where a request or a job begins, and wanted where its changes are committed.

use std::sync::Arc;

tokio::task_local! {
    static CAUSE: Cause;
}

/// What is under way on this task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A request of the Query API, by its id.
    Request { id: Arc<str>, action: &'static str },
    /// Work that fell due.
    Job(&'static str),
}

impl Cause {
    /// Runs `work` as done for this.
    pub async fn of<F: Future>(self, work: F) -> F::Output {
        CAUSE.scope(self, work).await
    }

    /// `None`: a person at a page.
    pub fn current() -> Option<Self> {
        CAUSE.try_with(Clone::clone).ok()
    }
}
