//! One attempt: signing, posting, and what follows from the answer.

use super::Inner;
use super::mishap::Sending;
use super::places::Standing;
use crate::domain::notifications::deliveries::{Attempt, Claimed, Delivery};
use crate::engine::signer::Addressee;
use fps_protocol::outbound::Signature;
use fps_protocol::{Parameters, outbound};
use http::StatusCode;
use jiff::Timestamp;
use platform::jobs::JobError;
use std::time::Duration;
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

/// Where a notification goes and what is posted, or why it cannot be sent.
pub(super) type Signed = Result<ToPost, &'static str>;

pub(super) struct ToPost {
    url: Url,
    body: String,
    /// The outbox does not have it yet; `None` where it was sent with the same before.
    new: Option<Signature>,
}

impl Inner {
    /// What was signed with the key that there is goes out again as it was: the same parameters have the same signature,
    /// and making one takes longer than sending it. The outer error is ours (no key, no database), the inner one lies in
    /// the notification.
    pub(super) async fn sign(&self, notification: &Claimed, standing: Standing) -> Result<Signed, JobError> {
        let Ok(url) = Url::parse(&notification.url) else {
            return Ok(Err("the address is not a URL"));
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Ok(Err("only http:// and https:// addresses are reached"));
        }
        let Ok(parameters) = Parameters::from_form(notification.body.as_bytes()) else {
            return Ok(Err("the stored notification cannot be read"));
        };
        if self.signer.has_signed(&parameters).await? {
            return Ok(Ok(ToPost { url, body: notification.body.clone(), new: None }));
        }
        let unsigned = outbound::unsigned(&parameters);
        let addressee = if standing == Standing::Prompt { Addressee::Prompt } else { Addressee::Doubtful };
        let signature = self.signer.sign_notification(&url, unsigned.clone(), addressee).await?;
        Ok(Ok(ToPost { url, body: signature.added_to(unsigned).to_query(), new: Some(signature) }))
    }

    /// Sends it once. What fails on the way is part of the attempt.
    pub(super) async fn attempt(&self, notification: &Claimed, signed: Signed) -> Attempt {
        let (signature, sending) = match signed {
            Ok(ToPost { url, body, new }) => (new, self.send(notification, &url, body).await),
            Err(reason) => (None, Sending::NoAnswer(reason.to_owned())),
        };
        let at = self.clock.now();
        let (http_status, error, then) = outcome(notification, sending, at);
        metrics::counter!("fps_notification_attempts_total", "outcome" => outcome_label(then)).increment(1);
        tracing::info!(
            notification = %notification.id,
            url = notification.url,
            ?then,
            "notification attempted"
        );
        let http_status = http_status.map(|status| i64::from(status.as_u16()));
        Attempt { signature, at, http_status, error, then }
    }
}

/// What the receiver answered, what went wrong, and what follows.
fn outcome(
    notification: &Claimed,
    sending: Sending,
    at: Timestamp,
) -> (Option<StatusCode>, Option<String>, Delivery) {
    match sending {
        Sending::Answered(status) if status.is_success() => (Some(status), None, Delivery::Delivered { at }),
        Sending::Answered(status) => {
            let error = "the receiver did not answer 2xx".to_owned();
            (Some(status), Some(error), after_failure(notification, at))
        }
        Sending::NoAnswer(error) => (None, Some(error), after_failure(notification, at)),
        Sending::Lost => (None, Some("lost on the way, as the lab wanted".to_owned()), Delivery::GivenUp),
        Sending::HeldUp(by) => {
            let error = "held up, as the lab wanted".to_owned();
            (None, Some(error), Delivery::Pending { next_attempt_at: later(at, by) })
        }
        Sending::Late => {
            let words = "sent after the next one, as the lab wanted".to_owned();
            (None, Some(words), Delivery::Delivered { at })
        }
    }
}

/// When to try again after an attempt that failed at `now`.
fn after_failure(notification: &Claimed, now: Timestamp) -> Delivery {
    let deadline = later(notification.created_at, GIVE_UP_AFTER);
    if now >= deadline {
        return Delivery::GivenUp;
    }
    let earlier = usize::try_from(notification.attempts).unwrap_or(usize::MAX);
    let wait = WAITS[earlier.min(WAITS.len() - 1)];
    Delivery::Pending { next_attempt_at: later(now, wait).min(deadline) }
}

/// At the end of time at the latest.
fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn outcome_label(then: Delivery) -> &'static str {
    match then {
        Delivery::Delivered { .. } => "delivered",
        Delivery::Pending { .. } => "failed",
        Delivery::GivenUp | Delivery::NoAddress => "given_up",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notifications::deliveries::Queue;
    use crate::domain::notifications::{NotificationId, SubjectId};

    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn after_attempts(attempts: i64, now: i64) -> Delivery {
        let notification = Claimed {
            number: 1,
            id: NotificationId::new("n").unwrap(),
            queue: Queue::new("K http://127.0.0.1:9").unwrap(),
            subject_id: SubjectId::new("t").unwrap(),
            url: "http://127.0.0.1:9/ipn".to_owned(),
            body: String::new(),
            created_at: at(0),
            attempts,
        };
        after_failure(&notification, at(now))
    }

    #[test]
    fn waits_grow_and_end_after_a_day() {
        let retry = |second| Delivery::Pending { next_attempt_at: at(second) };
        assert_eq!(after_attempts(0, 0), retry(10));
        assert_eq!(after_attempts(1, 0), retry(30));
        assert_eq!(after_attempts(40, HOUR), retry(3 * HOUR));
        assert_eq!(after_attempts(40, 23 * HOUR), retry(24 * HOUR));
        assert_eq!(after_attempts(41, 24 * HOUR), Delivery::GivenUp);
    }
}
