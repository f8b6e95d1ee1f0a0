//! The outbox: what callers are to be told, written with the state that it tells of. The notifier sends
//! it; what became of that is in `deliveries`.

pub mod deliveries;
pub mod receivers;
mod short_body;

use deliveries::Queue;
use fps_protocol::Parameters;
use fps_protocol::ids::{AccessKey, TokenId, TransactionId};
use jiff::Timestamp;
use platform::db::{Batch, Statement};
use text_types::{alphanumeric_up_to, id, words};

id!(
    /// Names a notification outside: what it tells of and its number, or of an earlier program a UUID.
    pub NotificationId,
    |text| (1..=96).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
);

id!(
    /// The transaction or token that a notification tells of.
    pub SubjectId,
    |text| alphanumeric_up_to(text, 65)
);

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

/// A notification to send: its parameters without a signature, which the notifier signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    pub access_key: AccessKey,
    pub subject_id: SubjectId,
    /// `None`: the caller has no address. It is kept to be looked at, and never sent.
    pub url: Option<String>,
    pub body: Parameters,
    /// With an address it is due at once.
    pub created_at: Timestamp,
}

impl NewNotification {
    /// Where it waits to be sent; `None` without an address.
    pub fn queue(&self) -> Option<Queue> {
        self.url.as_deref().map(|url| Queue::of(&self.access_key, url))
    }
}

/// Writes it to the outbox, as the last of its subject. Where the one before it is to be tried again later, this one is
/// not due before it.
pub fn enqueue<G>(batch: &mut Batch<G>, new: &NewNotification) {
    let (receiver, path) = new.url.as_deref().map(split).unzip();
    let statement = Statement::new(
        "INSERT INTO notifications (access_key, subject_id, receiver, path, body, created_at, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $6, \
             (SELECT COALESCE(MAX(next_attempt_at), $7) FROM notifications \
              WHERE subject_id = $2 AND receiver = $3 AND path = $4 AND next_attempt_at > $7 AND sender IS NULL))",
    )
    .bind(new.access_key.as_str())
    .bind(new.subject_id.as_str())
    .bind(receiver.as_deref())
    .bind(path)
    .bind(&*short_body::shorten(&new.body.to_query(), &new.subject_id, new.created_at))
    .bind(new.created_at.as_microsecond())
    .bind(new.url.is_some().then(|| new.created_at.as_microsecond()));
    batch.push(statement);
}

/// An address as the outbox keeps it: its origin, and what follows that. The database puts them together again.
fn split(url: &str) -> (String, &str) {
    let receiver = deliveries::receiver_of(url);
    let path = match url.strip_prefix(&receiver) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => url,
    };
    (receiver, path)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn an_address_is_its_origin_and_the_rest() {
        for (url, receiver, path) in [
            ("http://shop.example/ipn?a=b", "http://shop.example", "/ipn?a=b"),
            ("http://shop.example", "http://shop.example", ""),
            ("http://Shop.example/ipn", "http://shop.example", "http://Shop.example/ipn"),
            ("http://shop.example:80/ipn", "http://shop.example", "http://shop.example:80/ipn"),
            ("http://shop.example?a=b", "http://shop.example", "http://shop.example?a=b"),
            ("no address", "no address", ""),
            ("/no address", "/no address", ""),
        ] {
            assert_eq!(split(url), (receiver.to_owned(), path));
        }
    }
}
