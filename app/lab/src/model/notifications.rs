use app::form::FormState;
use jiff::Timestamp;

/// What callers were told, the newest first.
#[derive(Debug, Clone, Default)]
pub struct NotificationsPage {
    pub filter: NotificationFilter,
    pub rows: Vec<NotificationRow>,
}

/// Which of them are shown, as it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    pub caller_reference: String,
    pub transaction_id: String,
    pub access_key: String,
}

#[derive(Debug, Clone)]
pub struct NotificationRow {
    pub at: Timestamp,
    /// `TransactionStatus`.
    pub kind: String,
    /// The transaction or token that it tells of.
    pub subject: String,
    pub access_key: String,
    /// "Delivered".
    pub state: String,
    pub attempts: usize,
    pub href: String,
}

/// One notification.
#[derive(Debug, Clone, Default)]
pub struct NotificationPage {
    pub id: String,
    pub path: String,
    pub facts: Vec<(&'static str, String)>,
    pub parameters: Vec<(String, String)>,
    /// As it was posted last, encoded.
    pub body: String,
    pub signature: SignatureCheck,
    pub attempts: Vec<NotificationAttempt>,
    /// What came of sending it once more: "Sent again: answered 200.".
    pub sent_again: Option<String>,
    /// What was typed, and why it was not sent.
    pub form: FormState,
}

/// Whether what was posted is genuine by the certificate that it names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SignatureCheck {
    /// By the certificate at this address.
    Genuine(String),
    Wrong(String),
    /// It could not be looked at; why.
    #[default]
    NotSent,
    NotKnown(String),
}

#[derive(Debug, Clone)]
pub struct NotificationAttempt {
    pub number: i64,
    pub at: Timestamp,
    pub http_status: Option<i64>,
    pub error: Option<String>,
}
