//! The outbox: what callers are to be told, written with the state that it tells of. The notifier sends
//! it; what became of that is in `deliveries`.

pub mod deliveries;
pub mod receivers;

use deliveries::{Delivery, Queue};
use fps_protocol::ids::{AccessKey, TokenId, TransactionId};
use jiff::Timestamp;
use platform::Random;
use platform::db::{Batch, Statement};
use text_types::{alphanumeric_up_to, id, words};

id!(
    /// Names a notification, to us alone: a UUID.
    pub NotificationId,
    |text| (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
);

id!(
    /// The transaction or token that a notification tells of.
    pub SubjectId,
    |text| alphanumeric_up_to(text, 65)
);

impl NotificationId {
    /// A new one; those of one process sort as they were made.
    pub fn random(random: &Random, at: Timestamp) -> Self {
        Self(random.uuid(at).to_string())
    }
}

impl From<TransactionId> for SubjectId {
    fn from(id: TransactionId) -> Self {
        Self(id.into_string())
    }
}

impl From<TokenId> for SubjectId {
    fn from(id: TokenId) -> Self {
        Self(id.into_string())
    }
}

words! {
    /// The `notificationType`.
    pub enum Kind {
        TransactionStatus = "TransactionStatus",
        TokenCancellation = "TokenCancellation",
        RefundRequest = "RefundRequest",
    }
}

/// A notification to send: the unsigned body, which the notifier signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    pub id: NotificationId,
    pub access_key: AccessKey,
    pub kind: Kind,
    pub subject_id: SubjectId,
    /// `None`: the caller has no address. It is kept to be looked at, and never sent.
    pub url: Option<String>,
    pub body: String,
    /// With an address it is due at once.
    pub created_at: Timestamp,
}

impl NewNotification {
    /// Where it waits to be sent; `None` without an address.
    pub fn queue(&self) -> Option<Queue> {
        self.url.as_deref().map(|url| Queue::of(&self.access_key, url))
    }
}

/// Writes it to the outbox, as the last of its subject; an error if it is there already. Where the one before it is to
/// be tried again later, this one is not due before it. `place`: how many of the same subject are in the batch before
/// it, which the database may not see yet.
pub fn enqueue<G>(batch: &mut Batch<G>, new: &NewNotification, place: i64) {
    let queue = new.queue();
    let delivery = match queue {
        Some(_) => Delivery::Pending { next_attempt_at: new.created_at },
        None => Delivery::NoAddress,
    };
    let statement = Statement::new(
        "INSERT INTO notifications (id, access_key, kind, subject_id, url, queue, body, state, created_at, \
             next_attempt_at, sequence) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             (SELECT COALESCE(MAX(next_attempt_at), $10) FROM notifications \
              WHERE subject_id = $4 AND url = $5 AND next_attempt_at > $10 AND sender IS NULL), \
             (SELECT COALESCE(MAX(sequence), 0) + 1 + $11 FROM notifications WHERE subject_id = $4))",
    )
    .bind(new.id.as_str())
    .bind(new.access_key.as_str())
    .bind(new.kind.as_str())
    .bind(new.subject_id.as_str())
    .bind(new.url.as_deref())
    .bind(queue.as_ref().map(Queue::as_str))
    .bind(new.body.as_str())
    .bind(delivery.as_str())
    .bind(new.created_at.as_microsecond())
    .bind(new.url.is_some().then(|| new.created_at.as_microsecond()))
    .bind(place);
    batch.push(statement);
}
