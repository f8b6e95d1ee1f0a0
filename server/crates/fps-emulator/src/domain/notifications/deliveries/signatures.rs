//! What was signed is kept as the signature alone, with the attempt that it was made for: the rest of what was sent
//! can be put together again, to the byte.

use super::Ended;
use fps_protocol::Parameters;
use fps_protocol::outbound::{self, Signature};
use platform::Database;
use platform::db::{Batch, Columns, Statement};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use text_types::sql::placeholders;

/// Ids in one statement.
const MOST_IDS: usize = 500;

/// The body as it was sent with this signature. One that an earlier program kept has a signature in it already, which
/// this one takes the place of.
pub fn signed_body(body: &str, signature: &Signature) -> String {
    // What cannot be read was never signed.
    let parameters = Parameters::from_form(body.as_bytes()).unwrap_or_default();
    signature.added_to(outbound::unsigned(&parameters)).to_query()
}

/// Reads `signature` and `certificate_url`; `None` where the attempt made none.
pub fn read(row: &AnyRow) -> Result<Option<Signature>, sqlx::Error> {
    let bytes = row.optional("signature", |row, column| row.try_get::<Vec<u8>, _>(column))?;
    let Some(bytes) = bytes else { return Ok(None) };
    Ok(Some(Signature { certificate_url: row.text("certificate_url")?, bytes }))
}

/// With what each of these was sent last, as far as it was.
pub async fn last_of(db: &Database, numbers: &[i64]) -> Result<HashMap<i64, Signature>, sqlx::Error> {
    let mut last = HashMap::new();
    for row in attempts(db, numbers).await? {
        if let Some(signature) = read(&row)? {
            last.insert(row.integer("notification")?, signature);
        }
    }
    Ok(last)
}

/// The rows of all that was tried with each of these, in the order of time, with what [`read`] reads.
pub async fn attempts(db: &Database, numbers: &[i64]) -> Result<Vec<AnyRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for numbers in numbers.chunks(MOST_IDS) {
        let statement = format!(
            "SELECT a.notification, a.number, a.at, a.http_status, a.error, a.signature, c.url AS certificate_url \
             FROM notification_attempts a LEFT JOIN certificate_addresses c ON c.number = a.certificate \
             WHERE a.notification IN ({}) ORDER BY a.notification, a.number",
            placeholders(1, numbers.len())
        );
        let query = sqlx::query(AssertSqlSafe(statement));
        let query = numbers.iter().fold(query, |query, number| query.bind(*number));
        rows.extend(query.fetch_all(db.readers()).await?);
    }
    Ok(rows)
}

/// The addresses of the certificates that these were signed with have a number each from now on. Asked each time: a reset
/// takes them away.
pub async fn name_certificates(db: &Database, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let signatures = ended.iter().filter_map(|one| one.attempt.signature.as_ref());
    let urls: BTreeSet<&str> = signatures.map(|signature| signature.certificate_url.as_str()).collect();
    for url in urls {
        let known = sqlx::query("SELECT 1 FROM certificate_addresses WHERE url = $1").bind(url);
        if known.fetch_optional(db.readers()).await?.is_none() {
            let insert = "INSERT INTO certificate_addresses (url) VALUES ($1) ON CONFLICT (url) DO NOTHING";
            let mut batch = Batch::<Infallible>::default();
            batch.push(Statement::new(insert).bind(url));
            db.write_batch(batch).await?;
        }
    }
    Ok(())
}
