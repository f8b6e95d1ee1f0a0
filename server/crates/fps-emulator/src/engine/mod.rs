//! Doing one action as one commit: idempotency record, state, postings, history and notification together or
//! not at all. Each service here reads and checks outside of the writer, says in a write plan what is to be
//! written, and lets the engine write it.

pub mod accounts;
pub mod authorizations;
pub mod books;
pub mod callers;
pub mod clock;
mod error;
pub mod idempotency;
pub mod inquiries;
pub mod instruments;
pub mod mail;
pub mod outbox_bell;
pub mod payments;
pub mod post_office;
pub mod posting_diff;
pub mod processor;
pub mod recorded;
pub mod refund_requests;
pub mod replay;
pub mod signer;
pub mod stored_value;
pub mod tokens;
pub mod write_plan;

pub use error::ActionError;

use crate::config::Config;
use crate::domain::transactions::Transaction;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use idempotency::Key;
use jiff::{SignedDuration, Timestamp};
use outbox_bell::OutboxBell;
use platform::background::BackgroundTasks;
use platform::jobs::Wake;
use platform::{Clock, Database, Random};
use std::sync::Arc;

/// Characters of a transaction id (fps.md §10).
const ID_LENGTH: usize = 35;
/// How often an action looks again when what it had read changed before it could write. All but the first
/// time it meets newcomers and other processes alone, so this is seldom more than twice.
const ATTEMPTS: usize = 64;

/// Where actions wait that were too slow once; clones share it.
pub type ConflictQueue = Arc<tokio::sync::Mutex<()>>;

/// What the actions work with; clones share everything.
#[derive(Debug, Clone)]
pub struct Engine {
    pub db: Database,
    pub clock: Clock,
    pub random: Random,
    pub config: Arc<Config>,
    /// What has only the time that actions leave over.
    pub background: BackgroundTasks,
    /// Rung when notifications were written.
    pub outbox_bell: OutboxBell,
    /// Woken when a card or bank payment was taken on.
    pub processor: Wake,
    pub conflicts: ConflictQueue,
}

impl Engine {
    pub fn new_transaction_id(&self) -> TransactionId {
        let id = self.random.ordered_upper_alphanumeric(ID_LENGTH, self.clock.now());
        TransactionId::new(id).expect("letters and digits")
    }

    /// Answers a request that has a `CallerReference`: tries as long as somebody else is faster, and keeps
    /// a refusal as it keeps a success.
    pub async fn answer_once<F>(&self, key: &Key, attempt: impl Fn() -> F) -> Result<Outcome, ActionError>
    where
        F: Future<Output = Result<Outcome, ActionError>>,
    {
        match self.until_unchanged(attempt).await {
            Err(ActionError::Refused(refusal)) => {
                idempotency::remember_refusal(&self.db, key, refusal, self.clock.now()).await
            }
            // It is kept already.
            Err(ActionError::RefusedBefore(refusal)) => Err(ActionError::Refused(refusal)),
            answer => answer,
        }
    }

    /// Tries an action again as long as somebody else was faster. Whoever was too slow once queues
    /// with the others: let loose on one transaction at once, only one of them could change it each time.
    pub async fn until_unchanged<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, ActionError>
    where
        F: Future<Output = Result<T, ActionError>>,
    {
        match attempt().await {
            Err(ActionError::Changed) => {}
            done => return done,
        }
        let _turn = self.conflicts.lock().await;
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
    fn process_at(&self) -> Timestamp {
        let delay = SignedDuration::try_from(self.config.processor_delay).unwrap_or(SignedDuration::MAX);
        self.clock.wall().saturating_add(delay).unwrap_or(Timestamp::MAX)
    }
}

/// The answer of an action that moves or reserves money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub transaction_id: TransactionId,
    pub status: TransactionStatus,
}

impl Outcome {
    /// A transaction as it is written now.
    fn of(transaction: &Transaction) -> Self {
        Self { transaction_id: transaction.id.clone(), status: transaction.status() }
    }
}
