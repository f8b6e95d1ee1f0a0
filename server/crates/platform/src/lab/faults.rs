//! What can be made to go wrong.

use std::time::Duration;

/// Says what is to go wrong. Each question takes one off what is left of a fault, so it is asked once for each occasion.
pub trait Faults: Send + Sync {
    /// Of a request of the Query API for this action, with this id, which has not been looked at yet.
    fn of_request(&self, action: &str, request: &str) -> Option<RequestFault>;
    /// Of a sending of the notification of this id.
    fn of_notification(&self, id: &str) -> Option<NotificationFault>;
}

/// What goes wrong with a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFault {
    /// Of the fault, for the record.
    pub id: String,
    /// It waits so long first.
    pub delay: Duration,
    /// It is answered with this error of FPS, and nothing is done.
    pub code: Option<String>,
    pub lost: Option<LostPart>,
}

/// What of a request does not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostPart {
    /// The work is done; the connection breaks instead of an answer.
    Answer,
    /// The connection breaks before anything is done.
    Connection,
}

/// What goes wrong with a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationFault {
    /// Lost on the way, for good: it is not tried again, but can be replayed.
    Drop,
    /// It arrives so much later.
    Delay(Duration),
    /// It arrives twice.
    Double,
    /// It arrives after the next one to the same receiver; or after so long, if none comes.
    Reorder(Duration),
    /// One byte of its body arrives as another; which, is this number modulo the body's length.
    Corrupt(u64),
}
