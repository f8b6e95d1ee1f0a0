//! `CallerReference`: the same request within seven days gets the first answer again, a different one
//! under a used reference is refused (fps.md §5). A refusal uses the reference up too; but if the
//! error table says that it may be retried, the same request is looked at again.

use crate::engine::{ActionError, Outcome};
use fps_protocol::ids::{AccessKey, CallerReference};
use fps_protocol::{ErrorCode, FpsError};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::{Batch, Columns, Statement, Unwritten};
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

/// 128 bits.
type Digest = [u8; 16];
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which request this is.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "the access key is called so everywhere")]
pub struct Key {
    pub access_key: AccessKey,
    pub action: &'static str,
    pub caller_reference: CallerReference,
    /// Of the parsed parameters.
    pub digest: Digest,
}

impl Key {
    /// `canonical` says what the request asks for, in one way.
    pub fn new(
        access_key: &AccessKey,
        action: &'static str,
        caller_reference: &CallerReference,
        canonical: &str,
    ) -> Self {
        Self {
            access_key: access_key.clone(),
            action,
            caller_reference: caller_reference.clone(),
            digest: *Sha256::digest(canonical).first_chunk().expect("a digest has 32 bytes"),
        }
    }
}

/// The first answer to a request.
pub type Answer = Result<Outcome, FpsError>;

/// Takes the key with this answer, which is what a `taken` guards: somebody has it already, and [`earlier`] tells what
/// that means. Too old a record, and the same request's refusal that may be retried, give way. The transaction of the
/// answer must be written before.
pub fn claim<G>(batch: &mut Batch<G>, key: &Key, answer: &Answer, now: Timestamp, taken: G) {
    let outcome = answer.as_ref().ok();
    let error = answer.as_ref().err();
    let statement = Statement::new(
        "INSERT INTO idempotency (caller, action, caller_reference, request_digest, answered, transaction_status, \
             error_code, error_message, retriable, created_at) \
         VALUES ((SELECT c.number FROM callers c WHERE c.access_key = $1), $2, $3, $4, \
             COALESCE((SELECT t.number FROM {transactions} t WHERE t.id = $5), \
                 (SELECT -k.number FROM tokens k WHERE k.id = $5)), $6, $7, $8, $9, $10) \
         ON CONFLICT (caller, action, caller_reference) DO UPDATE SET request_digest = excluded.request_digest, \
             answered = excluded.answered, transaction_status = excluded.transaction_status, \
             error_code = excluded.error_code, error_message = excluded.error_message, \
             retriable = excluded.retriable, created_at = excluded.created_at \
         WHERE idempotency.created_at <= $11 \
             OR (idempotency.retriable = 1 AND idempotency.request_digest = excluded.request_digest)",
    )
    .bind(key.access_key.as_str())
    .bind(key.action)
    .bind(key.caller_reference.as_str())
    .bind(&key.digest[..])
    .bind(outcome.map(|outcome| outcome.transaction_id.as_str()))
    .bind(outcome.map(|outcome| outcome.status.as_str()))
    .bind(error.map(|error| error.code.as_str()))
    .bind(error.map(|error| error.message.as_str()))
    .bind(i64::from(error.is_some_and(|error| error.code.is_retriable())))
    .bind(now.as_microsecond())
    .bind(oldest_kept(now));
    batch.guard(statement, taken);
}

/// What the same request was answered before. A different request under the key is refused.
pub async fn earlier(db: &Database, key: &Key) -> Result<Answer, ActionError> {
    let stored: Option<StoredAnswer> = sqlx::query_as(
        "SELECT i.request_digest, COALESCE(t.id, k.id) AS transaction_id, i.transaction_status, i.error_code, \
             i.error_message \
         FROM idempotency i JOIN callers c ON c.number = i.caller \
             LEFT JOIN transactions t ON t.number = i.answered LEFT JOIN tokens k ON k.number = -i.answered \
         WHERE c.access_key = $1 AND i.action = $2 AND i.caller_reference = $3",
    )
    .bind(key.access_key.as_str())
    .bind(key.action)
    .bind(key.caller_reference.as_str())
    .fetch_optional(db.readers())
    .await?;
    match stored {
        Some(stored) if stored.request_digest == key.digest => stored.answer.ok_or(ActionError::Changed),
        Some(_) => Err(ActionError::Refused(duplicate())),
        None => Err(ActionError::Changed),
    }
}

/// Keeps a refusal and gives it back, unless the request was answered before: then that answer stands.
pub async fn remember_refusal(
    db: &Database,
    key: &Key,
    refusal: FpsError,
    now: Timestamp,
) -> Result<Outcome, ActionError> {
    let answer: Answer = Err(refusal);
    let mut batch = Batch::default();
    claim(&mut batch, key, &answer, now, ());
    let answer = match db.write_batch(batch).await {
        Ok(()) => answer,
        Err(Unwritten::Unmet(())) => earlier(db, key).await?,
        Err(Unwritten::Database(error)) => return Err(error.into()),
    };
    answer.map_err(ActionError::Refused)
}

/// Removes what is no longer kept; returns how many records.
pub async fn forget_expired(db: &Database, now: Timestamp) -> Result<usize, sqlx::Error> {
    let oldest = oldest_kept(now);
    let any: Option<(i64,)> =
        sqlx::query_as("SELECT created_at FROM idempotency WHERE created_at <= $1 LIMIT 1")
            .bind(oldest)
            .fetch_optional(db.readers())
            .await?;
    if any.is_none() {
        return Ok(0);
    }
    let removed = db
        .transact(oldest, |c, oldest| {
            Box::pin(async move {
                let deleted = sqlx::query("DELETE FROM idempotency WHERE created_at <= $1")
                    .bind(*oldest)
                    .execute(c)
                    .await?;
                Ok::<_, sqlx::Error>(deleted.rows_affected())
            })
        })
        .await?;
    Ok(usize::try_from(removed).unwrap_or(usize::MAX))
}

/// A record made by this moment, in microseconds, is kept no longer.
fn oldest_kept(now: Timestamp) -> i64 {
    now.saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN).as_microsecond()
}

fn duplicate() -> FpsError {
    let message = "A different request associated with this caller reference already exists. \
                   Use a unique caller reference for every new request.";
    FpsError::new(ErrorCode::DuplicateRequest, message)
}

struct StoredAnswer {
    request_digest: Vec<u8>,
    /// `None` when the row has neither.
    answer: Option<Answer>,
}

/// A transaction and its status, or else an error.
impl FromRow<'_, AnyRow> for StoredAnswer {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let transaction_id = row.optional("transaction_id", Columns::parsed)?;
        let code = row.optional("error_code", Columns::parsed)?;
        let answer = match (transaction_id, code) {
            (Some(transaction_id), _) => {
                Some(Ok(Outcome { transaction_id, status: row.parsed("transaction_status")? }))
            }
            (None, Some(code)) => Some(Err(FpsError::new(code, row.text("error_message")?))),
            (None, None) => None,
        };
        Ok(Self { request_digest: row.try_get("request_digest")?, answer })
    }
}
