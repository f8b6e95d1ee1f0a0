//! The outbox from the sender's side: what is due, what was tried, what became of it. The rows are
//! written with the state that they tell of (see `outbox`).

use jiff::Timestamp;
use platform::Database;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// A notification that is claimed for an attempt.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    pub id: String,
    pub subject_id: String,
    pub url: String,
    /// The parameters, form-encoded; after an attempt as they were sent, signature and all.
    pub body: String,
    pub created_at: i64,
    /// How often it was tried already.
    pub attempts: i64,
}

/// How one attempt went, and what follows from it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What was sent; `None` when it did not come to that.
    pub body: Option<String>,
    pub at: i64,
    pub http_status: Option<i64>,
    pub error: Option<String>,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Delivered,
    Retry { at: i64 },
    GivenUp,
}

/// Takes up to `limit` due notifications and puts them off until `lease_until`: no other worker sends
/// them meanwhile, and they fall due again if this one dies before it has recorded the outcome.
pub async fn claim(
    db: &Database,
    now: i64,
    lease_until: i64,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let mut claimed: Vec<Claimed> = db
        .write(move |c| {
            Box::pin(
                sqlx::query_as(
                    "UPDATE notifications SET next_attempt_at = $1 \
                     WHERE next_attempt_at <= $2 AND id IN ( \
                         SELECT id FROM notifications WHERE next_attempt_at <= $2 \
                         ORDER BY next_attempt_at, id LIMIT $3) \
                     RETURNING id, subject_id, url, body, created_at, \
                         (SELECT COUNT(*) FROM notification_attempts \
                          WHERE notification_id = notifications.id) AS attempts",
                )
                .bind(lease_until)
                .bind(now)
                .bind(limit)
                .fetch_all(c),
            )
        })
        .await?;
    // RETURNING promises no order; receivers like to hear of Pending before Success.
    claimed.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(claimed)
}

/// Is anything due? Spares the writer an empty action at every look.
pub async fn any_due(db: &Database, now: i64) -> Result<bool, sqlx::Error> {
    let due: Option<(i64,)> =
        sqlx::query_as("SELECT next_attempt_at FROM notifications WHERE next_attempt_at <= $1 LIMIT 1")
            .bind(now)
            .fetch_optional(db.readers())
            .await?;
    Ok(due.is_some())
}

/// Puts back what was claimed and not tried, due at `at`.
pub async fn give_back(db: &Database, claimed: Vec<Claimed>, at: i64) -> Result<(), sqlx::Error> {
    db.write(move |c| {
        let claimed = claimed.clone();
        Box::pin(async move {
            for notification in &claimed {
                sqlx::query("UPDATE notifications SET next_attempt_at = $1 WHERE id = $2")
                    .bind(at)
                    .bind(&notification.id)
                    .execute(&mut *c)
                    .await?;
            }
            Ok(())
        })
    })
    .await
}

/// Records an attempt and, when it is to be made again, puts off what the same receiver is to be told
/// later of the same subject: the order in which things happened is kept.
pub async fn record(db: &Database, notification: Claimed, attempt: Attempt) -> Result<(), sqlx::Error> {
    db.write(move |c| {
        let (notification, attempt) = (notification.clone(), attempt.clone());
        Box::pin(async move {
            record_one(&mut *c, &notification.id, &attempt).await?;
            match attempt.then {
                Then::Retry { at } => put_off_later_ones(c, &notification, at).await,
                Then::Delivered | Then::GivenUp => Ok(()),
            }
        })
    })
    .await
}

async fn put_off_later_ones(c: &mut AnyConnection, behind: &Claimed, until: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE notifications SET next_attempt_at = $1 \
         WHERE next_attempt_at IS NOT NULL AND subject_id = $2 AND url = $3 \
             AND (created_at > $4 OR (created_at = $4 AND id > $5))",
    )
    .bind(until)
    .bind(&behind.subject_id)
    .bind(&behind.url)
    .bind(behind.created_at)
    .bind(&behind.id)
    .execute(c)
    .await?;
    Ok(())
}

async fn record_one(c: &mut AnyConnection, id: &str, attempt: &Attempt) -> Result<(), sqlx::Error> {
    let (earlier,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM notification_attempts WHERE notification_id = $1")
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
    sqlx::query(
        "INSERT INTO notification_attempts (notification_id, number, at, http_status, error) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(earlier + 1)
    .bind(attempt.at)
    .bind(attempt.http_status)
    .bind(attempt.error.as_deref())
    .execute(&mut *c)
    .await?;
    let (state, next_attempt_at, delivered_at) = match attempt.then {
        Then::Delivered => ("Delivered", None, Some(attempt.at)),
        Then::Retry { at } => ("Pending", Some(at), None),
        Then::GivenUp => ("GivenUp", None, None),
    };
    sqlx::query(
        "UPDATE notifications SET state = $1, next_attempt_at = $2, delivered_at = $3, body = COALESCE($4, body) \
         WHERE id = $5",
    )
    .bind(state)
    .bind(next_attempt_at)
    .bind(delivered_at)
    .bind(attempt.body.as_deref())
    .bind(id)
    .execute(c)
    .await?;
    Ok(())
}

/// A notification with its attempts, as the control API shows it.
#[derive(Debug, serde::Serialize)]
pub struct Shown {
    pub id: String,
    pub access_key: String,
    pub kind: String,
    /// The transaction or token that it tells of.
    pub subject_id: String,
    pub url: String,
    /// What was posted last; before the first attempt, without a signature.
    pub body: String,
    pub state: String,
    pub created_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub attempts: Vec<ShownAttempt>,
}

#[derive(Debug, serde::Serialize)]
pub struct ShownAttempt {
    pub number: i64,
    pub at: Timestamp,
    pub http_status: Option<i64>,
    pub error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct NotificationRow {
    id: String,
    access_key: String,
    kind: String,
    subject_id: String,
    url: String,
    body: String,
    state: String,
    created_at: i64,
    next_attempt_at: Option<i64>,
    delivered_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    notification_id: String,
    number: i64,
    at: i64,
    http_status: Option<i64>,
    error: Option<String>,
}

/// The newest notifications first; of one caller, or of all.
pub async fn latest(db: &Database, access_key: Option<&str>, limit: i64) -> Result<Vec<Shown>, sqlx::Error> {
    let rows: Vec<NotificationRow> = sqlx::query_as(
        "SELECT id, access_key, kind, subject_id, url, body, state, created_at, next_attempt_at, delivered_at \
         FROM notifications WHERE $1 = '' OR access_key = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(access_key.unwrap_or_default())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    let mut attempts = latest_attempts(db, access_key, limit).await?;
    Ok(rows.into_iter().map(|row| shown(&mut attempts, row)).collect())
}

fn shown(attempts: &mut HashMap<String, Vec<ShownAttempt>>, row: NotificationRow) -> Shown {
    Shown {
        attempts: attempts.remove(&row.id).unwrap_or_default(),
        id: row.id,
        access_key: row.access_key,
        kind: row.kind,
        subject_id: row.subject_id,
        url: row.url,
        body: row.body,
        state: row.state,
        created_at: timestamp(row.created_at),
        next_attempt_at: row.next_attempt_at.map(timestamp),
        delivered_at: row.delivered_at.map(timestamp),
    }
}

/// The attempts of the newest notifications, by notification.
async fn latest_attempts(
    db: &Database,
    access_key: Option<&str>,
    limit: i64,
) -> Result<HashMap<String, Vec<ShownAttempt>>, sqlx::Error> {
    let rows: Vec<AttemptRow> = sqlx::query_as(
        "SELECT notification_id, number, at, http_status, error FROM notification_attempts \
         WHERE notification_id IN ( \
             SELECT id FROM notifications WHERE $1 = '' OR access_key = $1 \
             ORDER BY created_at DESC, id DESC LIMIT $2) \
         ORDER BY notification_id, number",
    )
    .bind(access_key.unwrap_or_default())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    let mut attempts: HashMap<String, Vec<ShownAttempt>> = HashMap::new();
    for AttemptRow { notification_id, number, at, http_status, error } in rows {
        let attempt = ShownAttempt { number, at: timestamp(at), http_status, error };
        attempts.entry(notification_id).or_default().push(attempt);
    }
    Ok(attempts)
}

/// A time column as a timestamp; the database only holds times that were timestamps once.
fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
