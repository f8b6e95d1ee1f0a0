//! Transactions: what callers do with tokens, and what becomes of it. Each action is one database
//! transaction: idempotency record, state, postings, history and notification together or not at all.

mod actor;
pub mod books;
mod cancel;
mod completion;
mod error;
pub mod movements;
mod notification;
pub mod payment;
pub mod payment_rules;
pub mod payment_sides;
pub mod record;
mod refund;
mod settle;
pub mod simulation;
mod state;
mod status;
pub mod step;
mod store;
mod subscription;
#[cfg(test)]
pub mod tests;

pub use actor::Actor;
pub use cancel::cancel;
pub use completion::{expire, processor_answers};
pub use error::ActionError;
pub use payment::{pay_or_reserve, prepare};
pub use payment_rules::month_is_over;
pub use record::{Case, Transaction};
pub use refund::refund;
pub use settle::{settle, unknown};
pub use state::{Event, State};
pub use status::status;
pub use step::{Step, write};
pub(crate) use store::select_cases;
pub use store::{
    ActivityFilter, PastStatus, Row as CaseRow, activity, activity_behind, count_activity, due_for_expiry,
    due_for_processing, fee_id, find, find_of_caller, history, related,
};
pub use subscription::cancel_subscription;

use crate::idempotency::{self, Answer, Key};
use crate::{Config, Payments};
use fps_protocol::enums::TransactionStatus;
use platform::jobs::Wake;
use platform::{Clock, Database, Random};
use std::sync::Arc;

/// Characters of a transaction id (REFERENCE §10).
const ID_LENGTH: usize = 35;
/// How often an action looks again when what it had read changed before it could write. All but the first
/// time it meets newcomers and other processes alone, so this is seldom more than twice.
const ATTEMPTS: usize = 64;

/// Where those wait who were too slow once; clones share it.
pub type Line = Arc<tokio::sync::Mutex<()>>;

/// What the actions work with; clones share everything.
#[derive(Debug, Clone)]
pub struct Engine {
    pub db: Database,
    pub clock: Clock,
    pub random: Random,
    pub config: Arc<Config>,
    /// Woken when a notification was written.
    pub notifier: Wake,
    /// Woken when a card or bank payment was taken on.
    pub processor: Wake,
    pub line: Line,
}

impl Engine {
    pub fn of(payments: &Payments) -> Self {
        Self {
            db: payments.db.clone(),
            clock: payments.clock.clone(),
            random: payments.random.clone(),
            config: payments.config.clone(),
            notifier: payments.notifier.clone(),
            processor: payments.processor.clone(),
            line: payments.line.clone(),
        }
    }

    pub fn new_transaction_id(&self) -> String {
        self.random.upper_alphanumeric(ID_LENGTH)
    }

    /// Answers a request that has a `CallerReference`: tries as long as somebody else is faster, and keeps
    /// a refusal as it keeps a success.
    pub async fn answer_once<F>(&self, key: &Key, attempt: impl Fn() -> F) -> Result<Outcome, ActionError>
    where
        F: Future<Output = Result<Answer, ActionError>>,
    {
        let answer = match self.until_unchanged(attempt).await {
            Err(ActionError::Refused(refusal)) => {
                idempotency::remember_refusal(&self.db, key, refusal, self.clock.now_micros()).await?
            }
            answer => answer?,
        };
        Ok(answer?)
    }

    /// Tries an action again as long as somebody else was faster. Whoever was too slow once waits in line
    /// with the others: let loose on one transaction at once, only one of them could change it each time.
    pub async fn until_unchanged<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, ActionError>
    where
        F: Future<Output = Result<T, ActionError>>,
    {
        match attempt().await {
            Err(ActionError::Changed) => {}
            done => return done,
        }
        let _turn = self.line.lock().await;
        for _ in 1..ATTEMPTS {
            match attempt().await {
                Err(ActionError::Changed) => {}
                done => return done,
            }
        }
        Err(ActionError::Changed)
    }

    /// When the processor answers for a card or bank payment that is taken on now: by the machine's clock,
    /// which a frozen clock does not stop.
    fn process_at(&self) -> i64 {
        let delay = i64::try_from(self.config.processor_delay.as_micros()).unwrap_or(i64::MAX);
        self.clock.wall().as_microsecond().saturating_add(delay)
    }
}

/// The answer of an action that moves or reserves money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub transaction_id: String,
    pub status: TransactionStatus,
}
