//! What is bought for somebody else.

use super::Download;
use jiff::Timestamp;

/// A gift as its giver sees it. Sent again by posting `gift_email` to `/orders/{id}/gift`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftView {
    pub email: String,
    pub name: String,
    pub message: String,
    /// When the recipient was written to last; `None`: it is not paid yet.
    pub sent_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
}

/// `/gifts/{id}`, for whom it is for; posted to it to accept: hidden `until`, `key`.
#[derive(Debug, Clone)]
pub struct GiftPage {
    pub id: String,
    pub title: String,
    pub item_slug: String,
    pub giver: String,
    /// Empty where the giver wrote nothing.
    pub message: String,
    /// The two parts of the link with which it is accepted.
    pub link: Option<(i64, String)>,
    pub signed_in: bool,
    /// Once the viewer has accepted it.
    pub own: Option<OwnGift>,
}

#[derive(Debug, Clone)]
pub struct OwnGift {
    /// None after a refund.
    pub downloads: Vec<Download>,
    pub licence_key: Option<String>,
}
