use super::{Delivery, signatures};
use crate::domain::notifications::{Kind, NotificationId, SubjectId, short_body};
use fps_protocol::Parameters;
use fps_protocol::ids::AccessKey;
use fps_protocol::outbound::Signature;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use serde::{Serialize, Serializer};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;
use std::fmt::Display;

/// A notification with its attempts, as the control API shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(skip)]
    number: i64,
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
    pub id: Option<&'a str>,
    pub access_key: Option<&'a str>,
    pub subject_id: Option<&'a str>,
    pub caller_reference: Option<&'a str>,
}

impl Wish<'_> {
    /// The statement, and its values from $2 on. Only what is asked for is said, so that an index finds it.
    fn statement(&self) -> (String, Vec<String>) {
        let mut values = Vec::new();
        let mut value = |value: String| {
            values.push(value);
            values.len() + 1
        };
        let mut conditions = Vec::new();
        if let Some(id) = self.id {
            conditions.push(format!("id = ${}", value(id.to_owned())));
        }
        if let Some(access_key) = self.access_key {
            conditions.push(format!("access_key = ${}", value(access_key.to_owned())));
        }
        if let Some(subject_id) = self.subject_id {
            conditions.push(format!("subject_id = ${}", value(subject_id.to_owned())));
        }
        if let Some(reference) = self.caller_reference {
            let [short, plain] = kept_reference(reference).map(&mut value);
            conditions.push(format!("(body LIKE ${short} OR body LIKE ${plain})"));
        }
        let conditions = if conditions.is_empty() { "TRUE".to_owned() } else { conditions.join(" AND ") };
        let statement = format!(
            "SELECT number, id, access_key, subject_id, url, body, created_at, next_attempt_at, delivered_at \
             FROM notifications WHERE {conditions} ORDER BY number DESC LIMIT $1"
        );
        (statement, values)
    }

    /// The column finds some that the parameters do not bear out: a reference stands encoded in the body.
    fn fits(&self, shown: &Shown) -> bool {
        self.caller_reference.is_none_or(|wanted| shown.parameters.get("callerReference") == Some(wanted))
    }
}

/// The newest notifications first, `limit` at the most.
pub async fn latest(db: &Database, wish: &Wish<'_>, limit: i64) -> Result<Vec<Shown>, sqlx::Error> {
    let (statement, values) = wish.statement();
    let mut query = sqlx::query(AssertSqlSafe(statement)).bind(limit);
    for value in values {
        query = query.bind(value);
    }
    let rows = query.fetch_all(db.readers()).await?;
    let shown = rows.iter().map(shown).filter(|one| one.as_ref().map_or(true, |one| wish.fits(one)));
    let mut shown = shown.collect::<Result<Vec<_>, _>>()?;
    let numbers: Vec<i64> = shown.iter().map(|one| one.number).collect();
    let mut tried = attempts_of(db, &numbers).await?;
    for one in &mut shown {
        let Some(Tried { attempts, signature }) = tried.remove(&one.number) else { continue };
        one.attempts = attempts;
        if let Some(signature) = signature {
            one.body = signatures::signed_body(&one.body, &signature);
            one.parameters = Parameters::from_form(one.body.as_bytes()).unwrap_or_default();
        }
    }
    Ok(shown)
}

/// What to look for in bodies.
fn kept_reference(reference: &str) -> [String; 2] {
    let parameters: Parameters = [("callerReference", reference)].into_iter().collect();
    // A per cent sign stands for any text here, and so for itself, too.
    short_body::as_kept(&parameters.to_query()).map(|kept| format!("%{kept}%"))
}

/// Without its attempts, and so without a signature.
fn shown(row: &AnyRow) -> Result<Shown, sqlx::Error> {
    let (subject_id, created_at) = (row.parsed("subject_id")?, row.time("created_at")?);
    let body = short_body::whole(&row.text("body")?, &subject_id, created_at);
    let parameters = Parameters::from_form(body.as_bytes()).unwrap_or_default();
    let kind = parameters.get("notificationType").unwrap_or_default();
    let kind = kind.parse().map_err(|error| sqlx::Error::ColumnDecode {
        index: "body".to_owned(),
        source: format!("the notificationType {kind:?}: {error}").into(),
    })?;
    Ok(Shown {
        number: row.integer("number")?,
        id: row.parsed("id")?,
        access_key: row.parsed("access_key")?,
        kind,
        subject_id,
        url: row.optional("url", Columns::text)?,
        parameters,
        body,
        created_at,
        delivery: Delivery::read(row)?,
        attempts: Vec::new(),
    })
}

/// What was tried with one notification.
#[derive(Default)]
struct Tried {
    attempts: Vec<ShownAttempt>,
    /// Of the last.
    signature: Option<Signature>,
}

async fn attempts_of(db: &Database, numbers: &[i64]) -> Result<HashMap<i64, Tried>, sqlx::Error> {
    let mut tried: HashMap<i64, Tried> = HashMap::new();
    for row in signatures::attempts(db, numbers).await? {
        let attempt = ShownAttempt {
            number: row.integer("number")?,
            at: row.time("at")?,
            http_status: row.optional("http_status", Columns::integer)?,
            error: row.optional("error", Columns::text)?,
        };
        let of = tried.entry(row.integer("notification")?).or_default();
        of.attempts.push(attempt);
        of.signature = signatures::read(&row)?.or(of.signature.take());
    }
    Ok(tried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;

    /// What a caller's page shows is found without a look at what others were told.
    #[tokio::test]
    async fn the_newest_of_all_and_of_a_caller_need_no_sorting() {
        for (wish, by) in [
            (Wish::default(), "SCAN notifications"),
            (
                Wish { access_key: Some("K1"), ..Wish::default() },
                "SEARCH notifications USING INDEX notifications_by_caller (access_key=?)",
            ),
        ] {
            let statement = wish.statement().0;
            assert_eq!(query_plans(&[&statement]).await[0].1, [by]);
        }
    }
}
