//! What happened, in plain words that neither site's types stand in: the lab knows events, not tables.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened, as a site tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// By the site's clock.
    pub at: Timestamp,
    /// By the machine's.
    pub wall: Timestamp,
    pub site: Site,
    #[serde(flatten)]
    pub about: About,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    Shop,
    Payments,
    Lab,
}

impl Site {
    /// As it stands in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Payments => "payments",
            Self::Lab => "lab",
        }
    }
}

/// What it is about. Orders, references and transactions tie the events of one purchase together: what names one of them
/// belongs with everything else that does. Recipient tokens, which all purchases from a seller share, are never among the
/// tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The access key of who called or is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The id of the request of the Query API that did it, or that is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The id of a notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification: Option<String>,
    /// The shop's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
    /// `CallerReference`s.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// `TransactionId`s.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<String>,
    /// Sender tokens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// Payments: a request of the Query API was answered.
    Request {
        /// Empty where it names none that there is.
        action: String,
        method: String,
        host: String,
        path: String,
        /// As sent, encoded.
        query: String,
        /// As sent, encoded; empty by GET.
        body: String,
        status: u16,
        /// `Success`, or FPS's error code.
        code: String,
        /// The XML; empty where the connection broke instead.
        answer: String,
        duration_us: u64,
    },
    /// Payments: a commit. What it changed, in order.
    Written {
        /// `Pay`, `processor`, `expiry`, `page`: an action, a job, or somebody at a page.
        by: String,
        changes: Vec<Change>,
    },
    /// Payments: the Co-Branded UI was entered with a signed request.
    AuthorizationOpened { pipeline: String, query: String },
    /// Payments: it was left: the browser is sent back to the caller.
    AuthorizationEnded { status: String, url: String },
    /// Payments: a notification was sent.
    Attempt {
        notification_type: String,
        /// What it says of its subject: the transaction's operation and status.
        summary: String,
        url: String,
        /// From 1 on; replays go on counting.
        number: i64,
        http_status: Option<i64>,
        error: Option<String>,
        /// `delivered`, `pending` (it is tried again), `given_up`.
        then: String,
    },
    /// Shop: the browser is sent to the Co-Branded UI.
    SentToPay { pipeline: String, url: String },
    /// Shop: the browser came back.
    Returned { status: String, genuine: bool, path: String },
    /// Shop: it asked the web service for something, in words, and what was answered: a status, an error's code, or
    /// `No answer`.
    Asked { action: String, asked: String, outcome: String },
    /// Shop: a notification arrived.
    Received { summary: String, genuine: bool, outcome: String },
    /// Shop: an order changed.
    Order {
        before: String,
        after: String,
        by: String,
        amount: Option<String>,
        title: String,
        /// The path of what is bought: `/items/now-and-forever`.
        #[serde(default)]
        item: Option<String>,
    },
    /// Payments: the clock was moved, stopped or let go.
    Clock { now: Timestamp, offset_seconds: i64, frozen: bool, speed: u32 },
    /// Lab: something was made to go wrong.
    Fault { fault: String, words: String },
    /// Lab: somebody did something by hand. The arguments without secrets.
    Deed { deed: String, arguments: serde_json::Value, outcome: String },
}

/// What one commit of the payments site changed. Amounts are USD: `0.99`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A transaction begins, or goes on.
    Transaction {
        id: String,
        operation: String,
        status: String,
        amount: String,
        is_new: bool,
        /// The marketplace's fee of a payment, which FPS calls a Pay, too.
        #[serde(default)]
        is_fee: bool,
    },
    /// A token was used, with what it has spent so far, if it counts that.
    TokenUsed {
        token: String,
    },
    TokenCancelled {
        token: String,
    },
    TokenIssued {
        token: String,
        token_type: String,
    },
    /// A ledger transaction: its lines sum to zero.
    Posted {
        name: String,
        lines: Vec<PostedLine>,
    },
    /// Money is held on an account, and no longer.
    Held {
        account: String,
        amount: String,
    },
    Captured {
        account: String,
        amount: String,
    },
    Released {
        account: String,
        amount: String,
    },
    /// A notification waits to be sent.
    Queued {
        notification_type: String,
        subject: String,
        url: Option<String>,
    },
    /// The request's answer is kept for its `CallerReference`.
    AnswerKept {
        reference: String,
    },
}

/// One line of a posting: positive is what the account gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedLine {
    pub account: String,
    pub amount: String,
}

impl What {
    /// The word that stands for it on the wire and in filters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Written { .. } => "written",
            Self::AuthorizationOpened { .. } => "authorization_opened",
            Self::AuthorizationEnded { .. } => "authorization_ended",
            Self::Attempt { .. } => "attempt",
            Self::SentToPay { .. } => "sent_to_pay",
            Self::Returned { .. } => "returned",
            Self::Asked { .. } => "asked",
            Self::Received { .. } => "received",
            Self::Order { .. } => "order",
            Self::Clock { .. } => "clock",
            Self::Fault { .. } => "fault",
            Self::Deed { .. } => "deed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_as_it_is_written() {
        let event = Event {
            at: Timestamp::UNIX_EPOCH,
            wall: Timestamp::UNIX_EPOCH,
            site: Site::Payments,
            about: About {
                caller: Some("K".to_owned()),
                references: vec!["r".to_owned()],
                ..About::default()
            },
            what: What::Written {
                by: "Pay".to_owned(),
                changes: vec![Change::Posted {
                    name: "T".to_owned(),
                    lines: vec![PostedLine { account: "a".to_owned(), amount: "0.99".to_owned() }],
                }],
            },
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "at": "1970-01-01T00:00:00Z", "wall": "1970-01-01T00:00:00Z", "site": "payments",
                "caller": "K", "references": ["r"], "kind": "written", "by": "Pay",
                "changes": [{ "change": "posted", "name": "T", "lines": [{ "account": "a", "amount": "0.99" }] }],
            })
        );
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
        assert_eq!(event.what.kind(), "written");
    }
}
