use super::Delivery;
use crate::domain::notifications::{Kind, NotificationId, SubjectId};
use fps_protocol::Parameters;
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use serde::{Serialize, Serializer};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use std::fmt::Display;
use text_types::sql::placeholders;

/// A notification with its attempts, as the control API shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(serialize_with = "as_text")]
    pub id: NotificationId,
    #[serde(serialize_with = "as_text")]
    pub access_key: AccessKey,
    #[serde(serialize_with = "as_text")]
    pub kind: Kind,
    #[serde(serialize_with = "as_text")]
    pub subject_id: SubjectId,
    /// `None`: the caller has no address.
    pub url: Option<String>,
    /// What was posted last; before the first attempt, without a signature.
    pub body: String,
    /// The body's, by their names.
    #[serde(serialize_with = "as_map")]
    pub parameters: Parameters,
    pub created_at: Timestamp,
    #[serde(flatten)]
    pub delivery: Delivery,
    pub attempts: Vec<ShownAttempt>,
}

#[derive(Debug, Serialize)]
pub struct ShownAttempt {
    /// From 1 on.
    pub number: i64,
    pub at: Timestamp,
    /// What the receiver answered, if it did.
    pub http_status: Option<i64>,
    pub error: Option<String>,
}

fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_map<S: Serializer>(parameters: &Parameters, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(parameters.iter())
}

/// Which notifications to show: those that fit all that is said.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    pub access_key: Option<&'a str>,
    pub subject_id: Option<&'a str>,
    pub caller_reference: Option<&'a str>,
}

impl Wish<'_> {
    /// The column finds some that the parameters do not bear out: a reference stands encoded in the body.
    fn fits(&self, shown: &Shown) -> bool {
        self.caller_reference.is_none_or(|wanted| shown.parameters.get("callerReference") == Some(wanted))
    }
}

/// The newest notifications first, `limit` at the most.
pub async fn latest(db: &Database, wish: &Wish<'_>, limit: i64) -> Result<Vec<Shown>, sqlx::Error> {
    let reference = wish.caller_reference.map(|reference| {
        let parameters: Parameters = [("callerReference", reference)].into_iter().collect();
        // A per cent sign stands for any text here, and so for itself, too.
        format!("%{}%", parameters.to_query())
    });
    let rows = sqlx::query(
        "SELECT id, access_key, kind, subject_id, url, body, state, created_at, next_attempt_at, delivered_at \
         FROM notifications \
         WHERE ($1 = '' OR access_key = $1) AND ($2 = '' OR subject_id = $2) AND ($3 = '' OR body LIKE $3) \
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(wish.access_key.unwrap_or_default())
    .bind(wish.subject_id.unwrap_or_default())
    .bind(reference.unwrap_or_default())
    .bind(limit)
    .fetch_all(db.readers())
    .await?;
    let shown = rows.iter().map(shown).filter(|one| one.as_ref().map_or(true, |one| wish.fits(one)));
    let mut shown = shown.collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<&NotificationId> = shown.iter().map(|one| &one.id).collect();
    let mut attempts = attempts_of(db, &ids).await?;
    for one in &mut shown {
        one.attempts = attempts.remove(&one.id).unwrap_or_default();
    }
    Ok(shown)
}

/// Without its attempts.
fn shown(row: &AnyRow) -> Result<Shown, sqlx::Error> {
    let body = row.text("body")?;
    Ok(Shown {
        id: row.parsed("id")?,
        access_key: row.parsed("access_key")?,
        kind: row.parsed("kind")?,
        subject_id: row.parsed("subject_id")?,
        url: row.optional("url", Columns::text)?,
        parameters: Parameters::from_form(body.as_bytes()).unwrap_or_default(),
        body,
        created_at: row.time("created_at")?,
        delivery: Delivery::read(row)?,
        attempts: Vec::new(),
    })
}

/// Ids in one statement.
const MOST_IDS: usize = 500;

async fn attempts_of(
    db: &Database,
    ids: &[&NotificationId],
) -> Result<HashMap<NotificationId, Vec<ShownAttempt>>, sqlx::Error> {
    let mut attempts: HashMap<NotificationId, Vec<ShownAttempt>> = HashMap::new();
    for ids in ids.chunks(MOST_IDS) {
        let statement = format!(
            "SELECT notification_id, number, at, http_status, error FROM notification_attempts \
             WHERE notification_id IN ({}) ORDER BY notification_id, number",
            placeholders(1, ids.len())
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for id in ids {
            query = query.bind(id.as_str());
        }
        for row in query.fetch_all(db.readers()).await? {
            let attempt = ShownAttempt {
                number: row.integer("number")?,
                at: row.time("at")?,
                http_status: row.optional("http_status", Columns::integer)?,
                error: row.optional("error", Columns::text)?,
            };
            attempts.entry(row.parsed("notification_id")?).or_default().push(attempt);
        }
    }
    Ok(attempts)
}
