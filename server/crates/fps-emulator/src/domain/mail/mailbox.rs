//! An account's mailbox: what its transactions began with, and the mails that have rows, in one list by time.

use crate::domain::accounts::AccountId;
use crate::domain::mail::{Mail, MailId, MailKind, MailNumber};
use crate::domain::transactions::lists::MAILED;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::Part;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};
use std::sync::LazyLock;

/// The number of the account `$1`.
const ACCOUNT: &str = "(SELECT a.number FROM accounts a WHERE a.id = $1)";

/// A side of a transaction.
struct Side {
    column: &'static str,
    /// What the transaction's beginning is to it.
    kind: &'static str,
    /// A caller that is paid itself is on both sides of its fee: of giving that back it hears once.
    only: &'static str,
}

const SIDES: [Side; 2] = [
    Side {
        column: "sender",
        kind: "CASE t.operation WHEN 'Reserve' THEN 'PaymentReserved' WHEN 'Refund' THEN 'RefundGiven' \
               ELSE 'PaymentMade' END",
        only: "",
    },
    Side {
        column: "recipient",
        kind: "CASE t.operation WHEN 'Reserve' THEN 'PurchaseAuthorized' WHEN 'Refund' THEN 'RefundReceived' \
               ELSE 'PaymentReceived' END",
        only: " AND t.sender <> t.recipient",
    },
];

impl FromRow<'_, AnyRow> for Mail {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let number = row.integer("number")?;
        let id = if row.flag("written")? { MailNumber::Written(number) } else { MailNumber::Begun(number) };
        let kind: MailKind = row.parsed("kind")?;
        let about = kind.about(&row.text("reference")?);
        Ok(Self {
            id: MailId { at: row.time("at")?, id },
            kind,
            about: about.map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            unread: row.flag("unread")?,
        })
    }
}

/// How a page is read from its place on.
#[derive(Debug, Clone, Copy)]
struct Direction {
    /// What a mail must be to the place.
    beyond: &'static str,
    order: &'static str,
}

const OLDER: Direction = Direction { beyond: "<", order: "DESC" };
const NEWER: Direction = Direction { beyond: ">", order: "ASC" };

/// Of the account `$1`, beyond the moment `$2` and of that the transaction `$3` and the row `$4`: of each source as many as
/// the page has, `$5`, by an index, and of those together as many again.
fn mails(Direction { beyond, order }: Direction) -> String {
    let begun = SIDES.map(|Side { column: side, kind, only }| {
        format!(
            "SELECT * FROM (SELECT t.received_at AS at, CAST(0 AS BIGINT) AS written, t.place AS number, {kind} AS kind, \
                 t.id AS reference FROM transactions t \
             WHERE t.{side} = {ACCOUNT} AND {MAILED}{only} AND (t.received_at, t.place) {beyond} ($2, $3) \
             ORDER BY t.received_at {order}, t.place {order} LIMIT $5) AS {side}"
        )
    });
    let [sent, received] = begun;
    format!(
        "SELECT f.at, f.written, f.number, f.kind, f.reference, CAST(CASE \
             WHEN EXISTS (SELECT 1 FROM mails_read r WHERE r.account = {ACCOUNT} AND r.at = f.at \
                 AND r.written = f.written AND r.number = f.number) THEN 0 \
             WHEN EXISTS (SELECT 1 FROM mailboxes b WHERE b.account = {ACCOUNT} AND (f.at, f.number) <= \
                 (b.read_at, CASE f.written WHEN 0 THEN b.read_begun ELSE b.read_written END)) THEN 0 \
             ELSE 1 END AS BIGINT) AS unread \
         FROM ({sent} UNION ALL {received} UNION ALL \
             SELECT * FROM (SELECT m.at, CAST(1 AS BIGINT) AS written, m.number, m.kind, m.reference FROM mails m \
                 WHERE m.account = {ACCOUNT} AND (m.at, m.number) {beyond} ($2, $4) \
                 ORDER BY m.at {order}, m.number {order} LIMIT $5) AS own) AS f \
         ORDER BY f.at {order}, f.written {order}, f.number {order} LIMIT $5"
    )
}

static OLDER_MAILS: LazyLock<String> = LazyLock::new(|| mails(OLDER));
static NEWER_MAILS: LazyLock<String> = LazyLock::new(|| mails(NEWER));

/// Up to `limit` mails of a part of the account's mailbox, the newest first.
pub async fn page(
    db: &Database,
    account_id: &AccountId,
    part: &Part<MailId>,
    limit: i64,
) -> Result<Vec<Mail>, sqlx::Error> {
    let end = MailId { at: Timestamp::MAX, id: MailNumber::LAST };
    let (sql, place) = match part {
        Part::Newest => (&*OLDER_MAILS, &end),
        Part::OlderThan(place) => (&*OLDER_MAILS, place),
        Part::NewerThan(place) => (&*NEWER_MAILS, place),
    };
    let (begun, written) = place.id.bounds();
    let mut mails: Vec<Mail> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
        .bind(account_id.as_str())
        .bind(place.at.as_microsecond())
        .bind(begun)
        .bind(written)
        .bind(limit)
        .fetch_all(db.readers())
        .await?;
    if matches!(part, Part::NewerThan(_)) {
        mails.reverse();
    }
    Ok(mails)
}

/// The account's own mail: others' are not there for it.
pub async fn find(db: &Database, account_id: &AccountId, id: &MailId) -> Result<Option<Mail>, sqlx::Error> {
    let above = MailId { at: id.at, id: id.id.above() };
    let found = page(db, account_id, &Part::OlderThan(above), 1).await?;
    Ok(found.into_iter().find(|mail| mail.id == *id))
}

/// What of the account `$1` is beyond all that counts as read and has no mark, `$2` of each source at the most: what a
/// person has not read can be a million mails, and what they have opened one by one cannot.
fn count() -> String {
    let read_up_to = |column: &str| {
        format!(
            "COALESCE((SELECT b.{column} FROM mailboxes b WHERE b.account = {ACCOUNT}), -9223372036854775807)"
        )
    };
    let (at, begun, written) = (read_up_to("read_at"), read_up_to("read_begun"), read_up_to("read_written"));
    let [sent, received] = SIDES.map(|Side { column: side, only, .. }| {
        format!(
            "SELECT * FROM (SELECT t.place FROM transactions t \
             WHERE t.{side} = {ACCOUNT} AND {MAILED}{only} AND (t.received_at, t.place) > ({at}, {begun}) \
                 AND NOT EXISTS (SELECT 1 FROM mails_read r WHERE r.account = {ACCOUNT} AND r.at = t.received_at \
                     AND r.written = 0 AND r.number = t.place) \
             LIMIT $2) AS {side}"
        )
    });
    format!(
        "SELECT COUNT(*) FROM ({sent} UNION ALL {received} UNION ALL \
             SELECT * FROM (SELECT m.number FROM mails m \
                 WHERE m.account = {ACCOUNT} AND (m.at, m.number) > ({at}, {written}) \
                     AND NOT EXISTS (SELECT 1 FROM mails_read r WHERE r.account = {ACCOUNT} AND r.at = m.at \
                         AND r.written = 1 AND r.number = m.number) \
                 LIMIT $2) AS own) AS unread"
    )
}

static COUNT: LazyLock<String> = LazyLock::new(count);

/// How many mails the account has not read; `most` stands for as many and more.
pub async fn unread(db: &Database, account_id: &AccountId, most: u32) -> Result<u32, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(AssertSqlSafe(COUNT.as_str()))
        .bind(account_id.as_str())
        .bind(i64::from(most))
        .fetch_one(db.readers())
        .await?;
    Ok(u32::try_from(count).unwrap_or(most).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;

    /// A page, and the number beside its name, cost what they show, however full the mailbox is.
    #[tokio::test]
    async fn mail_is_found_by_indexes() {
        let queries = [OLDER_MAILS.as_str(), NEWER_MAILS.as_str(), COUNT.as_str()];
        for (query, plan) in query_plans(&queries).await {
            for index in
                ["transactions_by_sender_mailed", "transactions_by_recipient_mailed", "mails_by_account"]
            {
                let found = plan.iter().any(|step| step.starts_with("SEARCH") && step.contains(index));
                assert!(found, "{index}: {query}: {plan:#?}");
            }
            let tables = ["SCAN t", "SCAN m", "SCAN r", "SCAN b"];
            assert!(!plan.iter().any(|step| tables.contains(&step.as_str())), "{query}: {plan:#?}");
        }
    }
}
