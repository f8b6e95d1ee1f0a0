//! What the pages of mail show, and what a mail says.

use super::Paging;
use app::form::FormState;
use jiff::Timestamp;

/// What a mail says: the same on its page, in plain text, and as it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub parts: Vec<Part>,
}

/// A part of a letter; the order is the reader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Paragraph(String),
    /// Terms and what they are.
    Facts(Vec<(&'static str, String)>),
    /// In somebody else's own words.
    Quote(String),
    /// What to do next; a whole address, because mail is read anywhere.
    Link {
        words: &'static str,
        url: String,
    },
}

/// Whose mailbox is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum MailboxOf {
    /// The visitor's own.
    #[default]
    Own,
    /// Any address's, by whoever asks: in the lab.
    Address(String),
}

/// `/mail`: a page of a mailbox, the newest first.
#[derive(Debug, Clone, Default)]
pub struct MailboxPage {
    pub of: MailboxOf,
    pub entries: Vec<MailEntry>,
    pub paging: Paging,
    /// The mails are sent to a mail server too.
    pub sends: bool,
}

#[derive(Debug, Clone)]
pub struct MailEntry {
    pub id: String,
    pub subject: String,
    pub at: Timestamp,
    pub unread: bool,
}

/// `/mail/{id}`; its plain text is at `/mail/{id}/text`.
#[derive(Debug, Clone)]
pub struct MailPage {
    pub of: MailboxOf,
    pub id: String,
    pub to: String,
    pub at: Timestamp,
    pub letter: Letter,
    /// What became of it on its way to a mail server; None where there is none.
    pub sent: Option<&'static str>,
}

/// Whether mail reaches people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailReach {
    /// A mail server sends it.
    Sent,
    /// The lab opens mailboxes to whoever asks.
    Lab,
    /// Only people who are signed in can read theirs.
    Nowhere,
}

/// `/password/forgot` (field `email`).
#[derive(Debug, Clone)]
pub struct ForgotPage {
    pub form: FormState,
    pub reach: MailReach,
    /// The form was taken: whom a mail was written to.
    pub written_to: Option<String>,
}

/// `/password/reset` (fields `token`, `new_password`).
#[derive(Debug, Clone)]
pub struct ResetPage {
    pub form: FormState,
    /// What the link carries; None: it is over, or never was.
    pub token: Option<String>,
}

/// `/sign-up/confirm` (field `token`).
#[derive(Debug, Clone)]
pub struct ConfirmPage {
    /// The same.
    pub token: Option<String>,
}
