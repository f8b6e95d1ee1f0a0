//! Queues: what one caller has to tell one receiver. Each is claimed from by itself, so that none of them waits
//! behind another.

use super::claims::SenderId;
use super::{Claimed, signatures};
use crate::domain::notifications::short_body;
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;
use platform::Database;
use platform::db::{Backend, Columns};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use text_types::id;
use url::Url;

id!(
    /// A caller and the origin that it is told at, with a space between them.
    pub Queue,
    |text| text.split_once(' ').is_some_and(|(caller, receiver)| !caller.is_empty() && !receiver.is_empty())
);

impl Queue {
    /// Where what goes to this address waits.
    pub fn of(caller: &AccessKey, url: &str) -> Self {
        Self(format!("{caller} {}", receiver_of(url)))
    }

    /// Whose notifications they are.
    pub fn caller(&self) -> &str {
        self.0.split_once(' ').map_or(self.0.as_str(), |(caller, _)| caller)
    }
}

/// The origin of an address. An address that is none is a receiver of its own.
pub fn receiver_of(url: &str) -> String {
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    origin.ok().filter(|origin| origin != "null").unwrap_or_else(|| url.to_owned())
}

/// What is to be claimed of a queue, at the most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub queue: Queue,
    pub limit: usize,
}

/// So many due notifications are looked at in the order in which they wait; where there are more, each queue is asked
/// for its own.
const FEW: i64 = 256;

/// The queues of the first that are due, and how many those are.
const BY_TIME: &str = "WITH first (queue, since) AS ( \
         SELECT queue, next_attempt_at FROM notifications \
         WHERE next_attempt_at IS NOT NULL AND sender IS NULL AND next_attempt_at <= $1 \
         ORDER BY next_attempt_at, queue LIMIT $2) \
     SELECT queue, (SELECT COUNT(*) FROM first) AS seen FROM first GROUP BY queue ORDER BY MIN(since), queue";

/// The queues that have something due and unclaimed; who waits longest comes first. Neither receivers with nothing due
/// yet cost anything, however many they are, nor long queues.
pub async fn due(db: &Database, now: Timestamp) -> Result<Vec<Queue>, sqlx::Error> {
    let rows = sqlx::query(BY_TIME).bind(now.as_microsecond()).bind(FEW).fetch_all(db.readers()).await?;
    let all_are_seen = rows.first().map(|row| row.integer("seen")).transpose()?.is_none_or(|seen| seen < FEW);
    if all_are_seen {
        rows.iter().map(|row| row.parsed("queue")).collect()
    } else {
        due_by_queue(db, now).await
    }
}

/// When the next one falls due after this: most often one that is sent again.
pub async fn next_due(db: &Database, after: Timestamp) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT MIN(next_attempt_at) AS next FROM notifications \
         WHERE next_attempt_at IS NOT NULL AND sender IS NULL AND next_attempt_at > $1",
    );
    row.bind(after.as_microsecond()).fetch_one(db.readers()).await?.optional("next", Columns::time)
}

/// Jumps from queue to queue, however long each is.
async fn due_by_queue(db: &Database, now: Timestamp) -> Result<Vec<Queue>, sqlx::Error> {
    let rows = sqlx::query(
        "WITH RECURSIVE queues (queue) AS ( \
             SELECT MIN(queue) FROM notifications WHERE next_attempt_at IS NOT NULL AND sender IS NULL \
             UNION ALL \
             SELECT (SELECT MIN(n.queue) FROM notifications n \
                     WHERE n.next_attempt_at IS NOT NULL AND n.sender IS NULL AND n.queue > queues.queue) \
             FROM queues WHERE queues.queue IS NOT NULL), \
         waiting (queue, since) AS ( \
             SELECT queues.queue, \
                 (SELECT MIN(n.next_attempt_at) FROM notifications n \
                  WHERE n.next_attempt_at IS NOT NULL AND n.sender IS NULL AND n.queue = queues.queue) \
             FROM queues WHERE queues.queue IS NOT NULL) \
         SELECT queue FROM waiting WHERE since <= $1 ORDER BY since, queue",
    )
    .bind(now.as_microsecond())
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(|row| row.parsed("queue")).collect()
}

/// Whether something is due and unclaimed in this one.
pub async fn has_due(db: &Database, queue: &Queue, now: Timestamp) -> Result<bool, sqlx::Error> {
    let due = sqlx::query(
        "SELECT 1 FROM notifications WHERE queue = $1 AND next_attempt_at <= $2 AND sender IS NULL LIMIT 1",
    );
    let row = due.bind(queue.as_str()).bind(now.as_microsecond()).fetch_optional(db.readers()).await?;
    Ok(row.is_some())
}

/// Takes what is wanted and due for `sender`: nobody else sends it until it is recorded, or until the sender has died
/// (see [`super::claims`]). Of what a receiver is told of one subject only the first is taken: the next one waits until
/// that is over.
pub async fn claim(
    db: &Database,
    sender: SenderId,
    now: Timestamp,
    mut wanted: Vec<Wanted>,
) -> Result<Vec<Claimed>, sqlx::Error> {
    // Where several processes claim, all lock rows in one order, queue by queue.
    wanted.sort_by(|one, other| one.queue.cmp(&other.queue));
    let together = |one: &Wanted| one.limit == 1 && db.backend() == Backend::Sqlite;
    let (firsts, more): (Vec<Wanted>, Vec<Wanted>) = wanted.into_iter().partition(together);
    let claim = (sender, now, firsts, more);
    let claim_all = db.transact(claim, |c, (sender, now, firsts, more)| {
        Box::pin(async move {
            let mut claimed = claim_first_of_each(&mut *c, *sender, *now, firsts).await?;
            for one in more {
                claimed.extend(claim_of_one(&mut *c, *sender, *now, one).await?);
            }
            Ok::<_, sqlx::Error>(claimed)
        })
    });
    let mut claimed = claim_all.await?;
    // RETURNING promises no order.
    claimed.sort_by_key(|one| (one.created_at, one.number));
    add_signatures(db, &mut claimed).await?;
    Ok(claimed)
}

/// What was tried before goes out as it did.
async fn add_signatures(db: &Database, claimed: &mut [Claimed]) -> Result<(), sqlx::Error> {
    let tried: Vec<i64> = claimed.iter().filter(|one| one.attempts > 0).map(|one| one.number).collect();
    let mut last = signatures::last_of(db, &tried).await?;
    for one in claimed {
        if let Some(signature) = last.remove(&one.number) {
            one.body = signatures::signed_body(&one.body, &signature);
        }
    }
    Ok(())
}

/// Of many queues one each, in one statement.
async fn claim_first_of_each(
    c: &mut AnyConnection,
    sender: SenderId,
    now: Timestamp,
    wanted: &[Wanted],
) -> Result<Vec<Claimed>, sqlx::Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let queues: Vec<String> = (3..3 + wanted.len()).map(|number| format!("(${number})")).collect();
    let first = first_of("wanted.queue", "1");
    let numbers =
        format!("WITH wanted (queue) AS (VALUES {}) SELECT ({first}) FROM wanted", queues.join(", "));
    let statement = claim_where_number_in(&numbers);
    let mut query = sqlx::query(AssertSqlSafe(statement)).bind(sender.0).bind(now.as_microsecond());
    for one in wanted {
        query = query.bind(one.queue.as_str());
    }
    query.fetch_all(c).await?.iter().map(claimed).collect()
}

/// Of one queue several.
async fn claim_of_one(
    c: &mut AnyConnection,
    sender: SenderId,
    now: Timestamp,
    wanted: &Wanted,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(claim_where_number_in(&first_of("$3", "$4"))))
        .bind(sender.0)
        .bind(now.as_microsecond())
        .bind(wanted.queue.as_str())
        .bind(i64::try_from(wanted.limit).unwrap_or(i64::MAX))
        .fetch_all(c)
        .await?;
    rows.iter().map(claimed).collect()
}

/// Selects the numbers of the first that can be claimed at $2 of a queue.
fn first_of(queue: &str, limit: &str) -> String {
    format!(
        "SELECT n.number FROM notifications n \
         WHERE n.queue = {queue} AND n.next_attempt_at <= $2 AND n.sender IS NULL AND NOT EXISTS ( \
             SELECT 1 FROM notifications earlier \
             WHERE earlier.subject_id = n.subject_id AND earlier.url = n.url \
                 AND earlier.next_attempt_at IS NOT NULL \
                 AND earlier.number < n.number) \
         ORDER BY n.next_attempt_at, n.created_at, n.number LIMIT {limit}"
    )
}

/// Claims for $1 what the statement `numbers` selects, unless somebody else was faster.
fn claim_where_number_in(numbers: &str) -> String {
    format!(
        "UPDATE notifications SET sender = $1 \
         WHERE sender IS NULL AND next_attempt_at <= $2 AND number IN ({numbers}) \
         RETURNING number, id, queue, subject_id, url, body, created_at, \
             (SELECT COUNT(*) FROM notification_attempts \
              WHERE notification = notifications.number) AS attempts"
    )
}

fn claimed(row: &AnyRow) -> Result<Claimed, sqlx::Error> {
    let (subject_id, created_at) = (row.parsed("subject_id")?, row.time("created_at")?);
    Ok(Claimed {
        number: row.integer("number")?,
        id: row.parsed("id")?,
        queue: row.parsed("queue")?,
        url: row.text("url")?,
        body: short_body::whole(&row.text("body")?, &subject_id, created_at),
        subject_id,
        created_at,
        attempts: row.integer("attempts")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;
    use crate::tests::notifier::{enqueue_new, new, reference_of};
    use crate::tests::support::App;
    use jiff::SignedDuration;

    fn queue(url: &str) -> String {
        Queue::of(&AccessKey::new("K1").unwrap(), url).into_string()
    }

    #[test]
    fn a_queue_is_a_caller_and_an_origin() {
        assert_eq!(queue("http://Shop.example/a?b=c"), "K1 http://shop.example");
        assert_eq!(queue("http://shop.example:80/x"), queue("http://shop.example/"));
        assert_ne!(queue("http://shop.example:81/"), queue("http://shop.example/"));
        assert_ne!(queue("https://shop.example/"), queue("http://shop.example/"));
        assert_eq!(queue("no address"), "K1 no address");
        assert_eq!(Queue::of(&AccessKey::new("K1").unwrap(), "http://a b/").caller(), "K1");
    }

    #[tokio::test]
    async fn what_is_not_due_costs_nothing() {
        let plan = &query_plans(&[BY_TIME]).await[0].1;
        let by = "SEARCH notifications USING INDEX notifications_due_by_time";
        let search = format!("{by} (next_attempt_at>? AND next_attempt_at<?)");
        assert!(plan.contains(&search), "{plan:#?}");
        assert!(plan.iter().all(|step| !step.contains("SCAN notifications")), "{plan:#?}");
    }

    /// Of a subject the first, of a queue as many as are wanted, and what is claimed once is not claimed again.
    #[tokio::test]
    async fn of_several_queues_each_gives_what_is_wanted() {
        for app in App::on_each_database().await {
            let (db, now) = (&app.payments.db, app.clock.now());
            for port in 1..=3 {
                let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
                for (id, subject) in [("a1", "a"), ("a2", "a"), ("b", "b"), ("c", "c")] {
                    let (id, subject) = (format!("{port}-{id}"), format!("{subject}{port}"));
                    enqueue_new(&app, new(&app, "DDCALLER000000000001", &subject, &id, Some(&url))).await;
                }
            }
            let queue =
                |port: u16| Queue::new(format!("DDCALLER000000000001 http://127.0.0.1:{port}")).unwrap();
            let claim = async |limits: &[(u16, usize)]| {
                let wanted = limits.iter().map(|(port, limit)| Wanted { queue: queue(*port), limit: *limit });
                let claimed = claim(db, SenderId(1), now, wanted.collect()).await.unwrap();
                claimed.iter().map(reference_of).collect::<Vec<_>>()
            };
            assert_eq!(claim(&[(1, 1), (2, 1), (9, 1)]).await, ["1-a1", "2-a1"]);
            assert_eq!(claim(&[(1, 1), (2, 8), (3, 2)]).await, ["1-b", "2-b", "2-c", "3-a1", "3-b"]);
            assert!(has_due(db, &queue(2), now).await.unwrap(), "the second of the first subject");
            assert_eq!(claim(&[(2, 8)]).await, [""; 0], "which waits until the first is over");
            assert!(!has_due(db, &queue(9), now).await.unwrap());
            assert!(!has_due(db, &queue(1), now - SignedDuration::from_millis(1)).await.unwrap());
        }
    }

    /// By time or by queue.
    #[tokio::test]
    async fn few_or_many_the_queues_are_the_same_and_who_waits_longest_comes_first() {
        for app in App::on_each_database().await {
            let (db, begun) = (&app.payments.db, app.clock.now());
            for number in 0..FEW + 2 {
                app.clock.advance(SignedDuration::from_millis(1)).unwrap();
                // The last is alone with its receiver.
                let receiver = if number > FEW { 9 } else { 8 - number % 3 };
                let url = Url::parse(&format!("http://127.0.0.1:{receiver}/")).unwrap();
                let id = format!("n{number}");
                enqueue_new(&app, new(&app, "DDCALLER000000000001", &id, &id, Some(&url))).await;
            }
            let queues = |ports: &[u16]| -> Vec<String> {
                ports.iter().map(|port| format!("DDCALLER000000000001 http://127.0.0.1:{port}")).collect()
            };
            let due = async |now| {
                due(db, now).await.unwrap().into_iter().map(Queue::into_string).collect::<Vec<_>>()
            };
            assert_eq!(due(begun).await, queues(&[]));
            let after = |millis| begun + SignedDuration::from_millis(millis);
            assert_eq!(due(after(2)).await, queues(&[8, 7]));
            assert_eq!(due(after(FEW)).await, queues(&[8, 7, 6]));
            assert_eq!(due(after(FEW + 2)).await, queues(&[8, 7, 6, 9]));
        }
    }
}
