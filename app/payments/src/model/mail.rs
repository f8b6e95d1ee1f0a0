//! The data of an account's mailbox.

use super::Paging;
use jiff::Timestamp;

/// `/account/mail`: the newest first. What is unread up to a mail is marked as read with a post of its id, field `up_to`,
/// to `/account/mail/read`.
#[derive(Debug, Clone, Default)]
pub struct MailPage {
    pub mails: Vec<MailRow>,
    pub paging: Paging,
    /// The newest mail, while there is an unread one.
    pub unread_up_to: Option<String>,
}

#[derive(Debug, Clone)]
pub struct MailRow {
    pub id: String,
    pub at: Timestamp,
    pub subject: String,
    pub unread: bool,
}

/// `/account/mail/{id}`: one mail; the same in plain text at `/account/mail/{id}/text`.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: String,
    pub at: Timestamp,
    pub subject: String,
    /// Name and address.
    pub to: (String, String),
    pub paragraphs: Vec<String>,
    /// In somebody's own words.
    pub quoted: Option<String>,
    /// What was paid with, what fees there were: by name.
    pub facts: Vec<(String, String)>,
    pub link: LetterLink,
}

/// Where more stands.
#[derive(Debug, Clone)]
pub struct LetterLink {
    pub label: &'static str,
    pub path: String,
    /// For those who read the mail elsewhere: with the site's address.
    pub address: String,
}
