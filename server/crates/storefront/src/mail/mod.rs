//! Mail: one mailbox for each e-mail address. A mail is kept as its kind and what it is about; its words are written
//! when it is read, from what is kept, so that they stay true. It is added in the transaction of what it tells of.

mod about;
pub mod reminders;
pub mod store;
#[cfg(test)]
mod tests;
pub mod words;

pub use about::{About, News};

use crate::ids::{MailId, UserId};
use jiff::Timestamp;
use text_types::words;

words! {
    /// Whether a mail goes to a mail server too; the schema lists the same words.
    pub enum Sending {
        /// Nothing of the kind is set: it is in the mailbox and nowhere else.
        None = "none",
        Queued = "queued",
        Sent = "sent",
        /// It was tried for long enough, or was refused for good.
        Failed = "failed",
    }
}

/// What the outside gives to a new mail.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub id: MailId,
    pub at: Timestamp,
    /// Whether it is to be sent as well.
    pub send: bool,
}

/// A mail as it is kept.
#[derive(Debug, Clone)]
pub struct Mail {
    pub id: MailId,
    pub address: String,
    pub about: About,
    pub at: Timestamp,
    pub unread: bool,
    pub sending: Sending,
    /// How often it was tried to send it.
    pub attempts: i64,
    /// When it is tried next.
    pub send_at: Option<Timestamp>,
    /// Why it was not sent when it was tried last.
    pub failure: Option<String>,
}

/// Whose mail.
#[derive(Debug, Clone, Copy)]
pub enum Mailbox<'a> {
    /// Of somebody with an account.
    Of(&'a UserId),
    /// Of an address, whoever's it is.
    At(&'a str),
}
