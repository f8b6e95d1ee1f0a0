//! Sends the outbox: each notification as a signed form POST, again and again with growing waits until
//! the receiver answers 2xx, for a day (REFERENCE §9). At least once: receivers must bear a repetition.

use crate::domain::notifications::deliveries::{self, Attempt, Claimed, Then};
use crate::engine::signer::Signer;
use async_trait::async_trait;
use fps_protocol::Parameters;
use fps_protocol::outbound;
use futures_util::StreamExt;
use platform::jobs::{DueWork, JobError};
use platform::{Clock, Database};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use url::Url;

/// Waits between attempts, by our clock; the last repeats.
const WAITS: [Duration; 7] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
];
const GIVE_UP_AFTER: Duration = Duration::from_hours(24);
/// How long what was claimed stays ours. A batch can take longer, so no attempt begins that might outlast it.
const LEASE: Duration = Duration::from_mins(2);
/// More than the HTTP client allows an attempt, and the recording of it.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(30);
const BATCH: i64 = 64;
/// Receivers that are spoken to at once.
const CONCURRENCY: usize = 8;

/// The worker.
#[derive(Clone)]
pub struct Notifier {
    db: Database,
    clock: Clock,
    signer: Signer,
    http: reqwest::Client,
}

impl Notifier {
    pub fn new(db: Database, clock: Clock, signer: Signer, http: reqwest::Client) -> Self {
        Self { db, clock, signer, http }
    }

    async fn deliver(&self, notification: &Claimed) -> Result<Attempt, JobError> {
        let (body, outcome) = match self.sign(notification).await? {
            Ok((url, body)) => (Some(body.clone()), self.post(url, body).await),
            Err(reason) => (None, Err(reason.to_owned())),
        };
        let at = self.clock.now_micros();
        let (http_status, error) = match outcome {
            Ok(status) if status.is_success() => (Some(status), None),
            Ok(status) => (Some(status), Some("the receiver did not answer 2xx".to_owned())),
            Err(error) => (None, Some(error)),
        };
        let then = if error.is_none() { Then::Delivered } else { after_failure(notification, at) };
        metrics::counter!("fps_notification_attempts_total", "outcome" => outcome_label(then)).increment(1);
        tracing::info!(
            notification = notification.id,
            url = notification.url,
            ?then,
            "notification attempted"
        );
        let http_status = http_status.map(|status| i64::from(status.as_u16()));
        Ok(Attempt { body, at, http_status, error, then })
    }

    /// Where it goes and what is posted. Signed at every attempt: what was signed before is left out.
    /// The outer error is ours (no key, no database), the inner one lies in the notification.
    async fn sign(&self, notification: &Claimed) -> Result<Result<(Url, String), &'static str>, JobError> {
        let Ok(url) = Url::parse(&notification.url) else {
            return Ok(Err("the address is not a URL"));
        };
        if url.scheme() != "http" {
            return Ok(Err("only http:// addresses are reached; there is no TLS here"));
        }
        let Ok(parameters) = Parameters::from_form(notification.body.as_bytes()) else {
            return Ok(Err("the stored notification cannot be read"));
        };
        let unsigned = parameters.without(outbound::SIGNATURE);
        let signed = self.signer.sign_notification(&url, unsigned).await?;
        Ok(Ok((url, signed.to_query())))
    }

    async fn post(&self, url: Url, body: String) -> Result<reqwest::StatusCode, String> {
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        let request = self.http.post(url).header(http::header::CONTENT_TYPE, form).body(body);
        request.send().await.map(|answer| answer.status()).map_err(|error| reason(&error))
    }
}

/// When to try again after an attempt that failed at `now`.
fn after_failure(notification: &Claimed, now: i64) -> Then {
    let deadline = notification.created_at.saturating_add(micros(GIVE_UP_AFTER));
    if now >= deadline {
        return Then::GivenUp;
    }
    let earlier = usize::try_from(notification.attempts).unwrap_or(usize::MAX);
    let wait = WAITS[earlier.min(WAITS.len() - 1)];
    Then::Retry { at: now.saturating_add(micros(wait)).min(deadline) }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn outcome_label(then: Then) -> &'static str {
    match then {
        Then::Delivered => "delivered",
        Then::Retry { .. } => "failed",
        Then::GivenUp => "given_up",
    }
}

/// What went wrong, without the address: it stands beside it.
fn reason(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the exchange broke off"
    };
    kind.to_owned()
}

/// What one receiver is told of one subject stays in order, one after the other; the rest goes side by side.
fn in_order(claimed: Vec<Claimed>) -> Vec<VecDeque<Claimed>> {
    let mut groups: Vec<VecDeque<Claimed>> = Vec::new();
    for notification in claimed {
        let is_in_line =
            |one: &Claimed| (&one.subject_id, &one.url) == (&notification.subject_id, &notification.url);
        match groups.iter_mut().find(|group| group.front().is_some_and(is_in_line)) {
            Some(group) => group.push_back(notification),
            None => groups.push(VecDeque::from([notification])),
        }
    }
    groups
}

#[async_trait]
impl DueWork for Notifier {
    fn name(&self) -> &'static str {
        "notifier"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        loop {
            let now = self.clock.now_micros();
            if !deliveries::any_due(&self.db, now).await? {
                return Ok(done);
            }
            let begun = Instant::now();
            let claimed = deliveries::claim(&self.db, now, now.saturating_add(micros(LEASE)), BATCH).await?;
            let groups = in_order(claimed).into_iter().map(|group| self.deliver_all(group, begun));
            let outcomes: Vec<_> =
                futures_util::stream::iter(groups).buffer_unordered(CONCURRENCY).collect().await;
            for outcome in outcomes {
                done += outcome?;
            }
        }
    }
}

impl Notifier {
    /// One after the other, each recorded as it ends: however long the others take, nobody sends it again.
    /// Behind one that has to be tried again the rest waits with it, and is due when it is.
    pub(crate) async fn deliver_all(
        &self,
        mut group: VecDeque<Claimed>,
        begun: Instant,
    ) -> Result<usize, JobError> {
        let mut done = 0;
        while let Some(notification) = group.pop_front() {
            if !lease_covers_an_attempt(begun.elapsed()) {
                group.push_front(notification);
                deliveries::give_back(&self.db, group.into(), self.clock.now_micros()).await?;
                break;
            }
            let attempt = self.deliver(&notification).await?;
            let then = attempt.then;
            deliveries::record(&self.db, notification, attempt).await?;
            done += 1;
            if matches!(then, Then::Retry { .. }) {
                break;
            }
        }
        Ok(done)
    }
}

fn lease_covers_an_attempt(elapsed: Duration) -> bool {
    elapsed + LONGEST_ATTEMPT <= LEASE
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn tried(attempts: i64) -> Claimed {
        Claimed {
            id: "n".to_owned(),
            subject_id: "t".to_owned(),
            url: "http://127.0.0.1:9/ipn".to_owned(),
            body: String::new(),
            created_at: 0,
            attempts,
        }
    }

    #[test]
    fn waits_grow_and_end_after_a_day() {
        assert_eq!(after_failure(&tried(0), 0), Then::Retry { at: 10_000_000 });
        assert_eq!(after_failure(&tried(1), 0), Then::Retry { at: 30_000_000 });
        assert_eq!(after_failure(&tried(40), HOUR), Then::Retry { at: 3 * HOUR });
        assert_eq!(after_failure(&tried(40), 23 * HOUR), Then::Retry { at: 24 * HOUR });
        assert_eq!(after_failure(&tried(41), 24 * HOUR), Then::GivenUp);
    }

    #[test]
    fn no_attempt_begins_that_could_outlast_the_lease() {
        assert!(lease_covers_an_attempt(Duration::ZERO));
        assert!(lease_covers_an_attempt(LEASE.saturating_sub(LONGEST_ATTEMPT)));
        assert!(!lease_covers_an_attempt(LEASE.saturating_sub(Duration::from_secs(10))));
    }
}
