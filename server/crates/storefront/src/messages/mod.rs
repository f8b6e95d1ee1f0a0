//! What buyer and seller of an order write to each other, and the operator to both: `messages` and `message_threads`.

mod store;
#[cfg(test)]
mod tests;

pub use store::{
    Message, Thread, change_buyer, of_merchant, send, thread, unread, unread_by_buyer, unread_threads,
};

use crate::ids::{MessageId, OrderId};
use crate::input;
use crate::orders::Order;
use crate::orders::view::Role;
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::db::WriteError;
use text_types::words;

/// Characters of one message.
pub const LONGEST: usize = 2000;
/// Messages that one side may write about an order within a day.
pub const MOST_IN_A_DAY: i64 = 20;

const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// The same words again within this time are a button that was pressed twice.
const TWICE: SignedDuration = SignedDuration::from_secs(60);

words! {
    /// Who writes; the schema lists the same words.
    pub enum Author {
        Buyer = "Buyer",
        Merchant = "Merchant",
        Operator = "Operator",
    }
}

impl From<Role> for Author {
    fn from(role: Role) -> Self {
        match role {
            Role::Buyer => Self::Buyer,
            Role::Merchant => Self::Merchant,
            Role::Operator => Self::Operator,
        }
    }
}

/// Why a message was not sent; the words are for whoever wrote it.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    #[error("{0}")]
    Text(String),
    #[error(
        "You have written {MOST_IN_A_DAY} messages about this order since yesterday. Nothing was sent; try again tomorrow."
    )]
    TooMany,
    /// Nobody paid or reserved anything yet: there is nobody to write to.
    #[error("The order is not confirmed at Amazon Payments. Messages can be written once it is.")]
    NotConfirmed,
    /// A button that was pressed twice: the message is there.
    #[error("this was sent before")]
    Again,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for MessageError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// A message about to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    id: MessageId,
    author: Author,
    text: String,
    at: Timestamp,
}

impl NewMessage {
    /// What one side of an order wrote.
    pub fn new(
        order: &Order,
        author: Author,
        text: &str,
        (id, at): (MessageId, Timestamp),
    ) -> Result<Self, MessageError> {
        if !may_write(order) {
            return Err(MessageError::NotConfirmed);
        }
        let text = input::paragraphs(text, "a message", LONGEST).map_err(MessageError::Text)?;
        Ok(Self { id, author, text, at })
    }
}

/// Whether anybody can write about the order: not before the buyer has confirmed it.
pub fn may_write(order: &Order) -> bool {
    order.state.transaction().is_some()
}

/// A side that has read what was written to it, or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Buyer,
    Merchant,
}

impl Reader {
    /// The operator reads along.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Buyer => Some(Self::Buyer),
            Role::Merchant => Some(Self::Merchant),
            Role::Operator => None,
        }
    }
}

/// One side was shown the order's messages, of which it had not read as many.
pub async fn read(db: &Database, order: &OrderId, reader: Reader, seen: i64) -> Result<(), sqlx::Error> {
    let input = (order.clone(), reader, seen);
    db.transact(input, |c, (order, reader, seen)| Box::pin(store::mark_read(c, order, *reader, *seen))).await
}
