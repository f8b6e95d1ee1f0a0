//! What the operator's pages show.

use super::{OrderStatus, OrderSummary, RefundRequestRow};
use jiff::Timestamp;
use money::Money;

#[derive(Debug, Clone)]
pub struct OperatorPage {
    pub orders: Vec<OrderSummary>,
    pub fees_earned: Money,
    pub orders_total: u32,
    pub refund_requests: Vec<RefundRequestRow>,
    /// The oldest of them, and how many there are.
    pub differences: Vec<OrderDifference>,
    pub differences_total: u32,
    pub notifications: Vec<ReceivedNotification>,
    /// The states that orders are in, with how many.
    pub by_status: Vec<(OrderStatus, u32)>,
}

/// An order of which Amazon says something else than the shop.
#[derive(Debug, Clone)]
pub struct OrderDifference {
    pub order_id: String,
    pub title: String,
    /// What the shop believes, and what Amazon says, each in a few words.
    pub believed: String,
    pub found: String,
    pub since: Timestamp,
}

#[derive(Debug, Clone)]
pub struct ReceivedNotification {
    pub at: Timestamp,
    pub transaction_id: String,
    pub order_id: Option<String>,
    /// What it said: "PAY SUCCESS".
    pub summary: String,
    pub outcome: String,
}
