//! The SQL of `mails`.

use super::{About, Mail, Mailbox, Sending, Stamp};
use crate::ids::{MailId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

impl FromRow<'_, AnyRow> for Mail {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let due_at = row.optional("due_at", Columns::time)?;
        let about =
            About::from_columns(row.parsed("kind")?, row.text("reference")?, row.text("detail")?, due_at);
        Ok(Self {
            id: row.parsed("id")?,
            address: row.text("address")?,
            about: about.map_err(|error| sqlx::Error::Decode(error.into()))?,
            at: row.time("at")?,
            unread: row.optional("read_at", Columns::time)?.is_none(),
            sending: row.parsed("sending")?,
            attempts: row.integer("attempts")?,
            send_at: row.optional("send_at", Columns::time)?,
            failure: row.optional("failure", Columns::text)?,
        })
    }
}

/// A mail to somebody with an account; to who has deleted theirs nobody writes.
pub async fn add(
    connection: &mut AnyConnection,
    user: &UserId,
    about: &About,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let sql = concat!(
        "INSERT INTO mails (id, address, user_id, kind, reference, detail, due_at, at, sending, send_at) \
         SELECT $1, COALESCE(u.guest_email, u.email), u.id, $2, $3, $4, $5, $6, $7, $8 ",
        crate::users::store::from_user!("$9 AND u.deleted_at IS NULL")
    );
    written(sqlx::query(sql).bind(stamp.id.as_str()), about, stamp)
        .bind(user.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// A mail to an address that nobody has an account with.
pub async fn add_to_stranger(
    connection: &mut AnyConnection,
    address: &str,
    about: &About,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO mails (id, kind, reference, detail, due_at, at, sending, send_at, address) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    written(sqlx::query(sql).bind(stamp.id.as_str()), about, stamp).bind(address).execute(connection).await?;
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

/// With the values from `$2` to `$8`.
fn written<'q>(query: Query<'q>, about: &'q About, stamp: &Stamp) -> Query<'q> {
    let sending = if stamp.send { Sending::Queued } else { Sending::None };
    let at = stamp.at.as_microsecond();
    query
        .bind(about.kind().as_str())
        .bind(about.reference())
        .bind(about.detail())
        .bind(about.due_at().map(Timestamp::as_microsecond))
        .bind(at)
        .bind(sending.as_str())
        .bind(stamp.send.then_some(at))
}

/// Takes away all that was written to somebody, now or when the address was not an account's yet.
pub async fn forget(connection: &mut AnyConnection, user: &UserId, address: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM mails WHERE user_id = $1 OR address = $2")
        .bind(user.as_str())
        .bind(address)
        .execute(connection)
        .await?;
    Ok(())
}

/// Mails, and what follows in the statement.
macro_rules! select_mails {
    ($rest:expr) => {
        concat!(
            "SELECT id, address, kind, reference, detail, due_at, at, read_at, sending, attempts, send_at, failure FROM mails ",
            $rest
        )
    };
}

macro_rules! part_of_mailbox {
    ($whose:literal, $beyond:literal, $order:literal) => {
        select_mails!(concat!(
            "WHERE ",
            $whose,
            " = $1 AND (at, id) ",
            $beyond,
            " ($2, $3) ORDER BY ",
            $order,
            " LIMIT $4"
        ))
    };
}

const OF_USER: [&str; 2] =
    [part_of_mailbox!("user_id", "<", "at DESC, id DESC"), part_of_mailbox!("user_id", ">", "at, id")];
const AT_ADDRESS: [&str; 2] =
    [part_of_mailbox!("address", "<", "at DESC, id DESC"), part_of_mailbox!("address", ">", "at, id")];
/// All pages of a person say it, so it goes no further than is said.
const UNREAD: &str = "SELECT COUNT(*) AS unread FROM \
    (SELECT 1 FROM mails WHERE user_id = $1 AND read_at IS NULL LIMIT $2) AS n";
const DUE: &str = select_mails!("WHERE send_at IS NOT NULL AND send_at <= $1 ORDER BY send_at, id LIMIT $2");

/// What was written to a guest is somebody's with an account now.
pub async fn change_owner(
    connection: &mut AnyConnection,
    from: &UserId,
    to: &UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE mails SET user_id = $1 WHERE user_id = $2")
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// What could not be sent when it was tried last, beyond a place.
const NOT_SENT: [&str; 2] = [
    select_mails!("WHERE failure IS NOT NULL AND (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3"),
    select_mails!("WHERE failure IS NOT NULL AND (at, id) > ($1, $2) ORDER BY at, id LIMIT $3"),
];

/// What the pages and the job ask.
#[cfg(test)]
pub const STATEMENTS: [&str; 8] =
    [OF_USER[0], OF_USER[1], AT_ADDRESS[0], AT_ADDRESS[1], UNREAD, DUE, NOT_SENT[0], NOT_SENT[1]];

/// Characters of what a mail server said that are kept.
const LONGEST_FAILURE: usize = 300;

/// Up to `limit` of a part of a mailbox, the newest first.
pub async fn part(
    db: &Database,
    mailbox: Mailbox<'_>,
    part: &Part<Place<MailId>>,
    limit: i64,
) -> Result<Vec<Mail>, sqlx::Error> {
    match mailbox {
        Mailbox::Of(user) => paging::rows_of(db, OF_USER, user.as_str(), part, limit).await,
        Mailbox::At(address) => paging::rows_of(db, AT_ADDRESS, address, part, limit).await,
    }
}

/// The mail, if it is in this mailbox.
pub async fn find(db: &Database, mailbox: Mailbox<'_>, id: &MailId) -> Result<Option<Mail>, sqlx::Error> {
    let (sql, owner) = match mailbox {
        Mailbox::Of(user) => (select_mails!("WHERE id = $1 AND user_id = $2"), user.as_str()),
        Mailbox::At(address) => (select_mails!("WHERE id = $1 AND address = $2"), address),
    };
    sqlx::query_as(sql).bind(id.as_str()).bind(owner).fetch_optional(db.readers()).await
}

/// How many this person has not read, counted up to `most`.
pub async fn unread(db: &Database, user: &UserId, most: u32) -> Result<u32, sqlx::Error> {
    let row = sqlx::query(UNREAD).bind(user.as_str()).bind(i64::from(most)).fetch_one(db.readers()).await?;
    Ok(u32::try_from(row.integer("unread")?).unwrap_or(u32::MAX))
}

pub async fn mark_read(
    connection: &mut AnyConnection,
    id: &MailId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE mails SET read_at = $1 WHERE id = $2 AND read_at IS NULL")
        .bind(at.as_microsecond())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// This mail and all that came before it count as read; without one all that there are.
pub async fn mark_all_read(
    connection: &mut AnyConnection,
    user: &UserId,
    up_to: Option<&MailId>,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let all = "UPDATE mails SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL";
    let some = "UPDATE mails SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL \
                AND (at, id) <= (SELECT m.at, m.id FROM mails m WHERE m.id = $3 AND m.user_id = $2)";
    let query = sqlx::query(if up_to.is_some() { some } else { all });
    let query = query.bind(at.as_microsecond()).bind(user.as_str());
    let query = up_to.into_iter().fold(query, |query, id| query.bind(id.as_str()));
    query.execute(connection).await?;
    Ok(())
}

/// Mails that are to be sent by now, the longest waiting first.
pub async fn due(db: &Database, now: Timestamp, limit: usize) -> Result<Vec<Mail>, sqlx::Error> {
    sqlx::query_as(DUE)
        .bind(now.as_microsecond())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(db.readers())
        .await
}

/// Up to `limit` of a part of what could not be sent, the newest first.
pub async fn not_sent(
    db: &Database,
    part: &Part<Place<MailId>>,
    limit: i64,
) -> Result<Vec<Mail>, sqlx::Error> {
    let [older, newer] = NOT_SENT;
    let statement = |is_newer| if is_newer { newer } else { older }.to_owned();
    paging::rows_where(db, statement, Vec::new(), part, limit).await
}

/// The mail of this id, whoever's it is.
pub async fn by_id(connection: &mut AnyConnection, id: &MailId) -> Result<Option<Mail>, sqlx::Error> {
    sqlx::query_as(select_mails!("WHERE id = $1")).bind(id.as_str()).fetch_optional(connection).await
}

/// Has a mail that could not be sent tried at `now`, and answers whether it waits for that: not where it was sent
/// meanwhile, nor where the next attempt is under way, or begins before `soon`.
pub async fn send_again(
    connection: &mut AnyConnection,
    id: &MailId,
    [now, soon]: [Timestamp; 2],
) -> Result<bool, sqlx::Error> {
    let queued = sqlx::query(
        "UPDATE mails SET sending = 'queued', send_at = $1 WHERE id = $2 AND failure IS NOT NULL \
         AND (sending = 'failed' OR sending = 'queued' AND send_at > $3)",
    )
    .bind(now.as_microsecond())
    .bind(id.as_str())
    .bind(soon.as_microsecond())
    .execute(connection)
    .await?;
    Ok(queued.rows_affected() == 1)
}

/// Begins an attempt to send the mail, and answers whether nobody else has: who stops half way lets it be tried again
/// at `again_at`.
pub async fn begin_attempt(
    connection: &mut AnyConnection,
    mail: &Mail,
    again_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query(
        "UPDATE mails SET attempts = attempts + 1, send_at = $1 WHERE id = $2 AND attempts = $3 \
         AND sending = 'queued'",
    )
    .bind(again_at.as_microsecond())
    .bind(mail.id.as_str())
    .bind(mail.attempts)
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// How an attempt to send a mail ended.
#[derive(Debug, Clone)]
pub enum Attempt {
    Sent,
    /// It is tried again then.
    PutOff {
        until: Timestamp,
        why: String,
    },
    Failed {
        why: String,
    },
}

pub async fn end_attempt(
    connection: &mut AnyConnection,
    id: &MailId,
    attempt: &Attempt,
) -> Result<(), sqlx::Error> {
    let (sending, send_at, failure) = match attempt {
        Attempt::Sent => (Sending::Sent, None, None),
        Attempt::PutOff { until, why } => (Sending::Queued, Some(until.as_microsecond()), Some(why.as_str())),
        Attempt::Failed { why } => (Sending::Failed, None, Some(why.as_str())),
    };
    let failure = failure.map(|why| why.chars().take(LONGEST_FAILURE).collect::<String>());
    sqlx::query("UPDATE mails SET sending = $1, send_at = $2, failure = $3 WHERE id = $4")
        .bind(sending.as_str())
        .bind(send_at)
        .bind(failure)
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets what was written before then to addresses that nobody has an account with; answers how many those were.
pub async fn forget_strangers(connection: &mut AnyConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query("DELETE FROM mails WHERE user_id IS NULL AND at < $1")
        .bind(before.as_microsecond())
        .execute(connection)
        .await?;
    Ok(forgotten.rows_affected())
}
