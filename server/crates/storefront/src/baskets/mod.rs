//! Orders that were placed together and are paid by one authorization: a token for several payments, or credit. What
//! each order becomes is its own business; a basket only knows what they share, and that it ends.

pub mod store;

pub use crate::ids::BasketId;

use crate::ids::{CallerReference, TokenId, UserId};
use jiff::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    pub id: BasketId,
    pub buyer_id: UserId,
    /// Names the token to Amazon; `None`: the orders are paid with credit.
    pub caller_reference: Option<CallerReference>,
    /// The token, once the buyer has confirmed.
    pub sender_token: Option<TokenId>,
    /// When the token was given back, since each order had its try.
    pub closed_at: Option<Timestamp>,
    /// When it is looked at next whether it can be, or was; `None`: not before the buyer confirms, or no more.
    pub close_at: Option<Timestamp>,
    pub at: Timestamp,
}
