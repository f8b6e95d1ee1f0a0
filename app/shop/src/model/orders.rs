//! What the pages of orders and refunds show beside an order itself.

use super::{OrderSummary, Paging, PriceSplit, RefundRule};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

/// Who decides when the buyer wants the money back now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundDecision {
    AtOnce,
    BySeller(SellerDecides),
}

/// Why the seller is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerDecides {
    OnRequest,
    DaysOver,
    Downloaded,
}

/// `/orders/{id}/refund` for the buyer, posted to the same address. Fields: `reason` (one of `reasons`), `details`.
#[derive(Debug, Clone)]
pub struct RefundPage {
    pub order: OrderSummary,
    pub physical: bool,
    /// What goes back.
    pub amount: Money,
    pub rule: RefundRule,
    pub decision: RefundDecision,
    /// (value, label).
    pub reasons: Vec<(String, String)>,
    pub form: FormState,
}

/// `/orders/{id}/refund` for the merchant, posted to the same address. Fields: `amount`, `policy` (`shared`,
/// `seller_alone`), `reason`; hidden, for which of them the numbers are shown: `shown_amount`, `shown_policy`.
#[derive(Debug, Clone)]
pub struct GiveRefundPage {
    pub order: OrderSummary,
    pub physical: bool,
    /// What was paid and did not go back.
    pub left: Money,
    /// The amount that the numbers are for.
    pub amount: Money,
    /// Those of each policy; none while it is not known how it was paid.
    pub numbers: Option<RefundNumbers>,
    /// The amount or policy was changed, and these are the new numbers.
    pub changed: bool,
    pub form: FormState,
}

#[derive(Debug, Clone, Copy)]
pub struct RefundNumbers {
    /// Who gives back how much of the amount.
    pub shared: PriceSplit,
    pub seller_alone: PriceSplit,
    pub basis: RefundBasis,
}

/// What the numbers of any amount are reckoned from, for the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundBasis {
    pub charged: Money,
    /// What went back before.
    pub before: Money,
    /// The whole fees of what was charged.
    pub marketplace: Money,
    pub amazon: Money,
    /// What the marketplace has of its fee still.
    pub taken: Money,
}

/// A request for a refund, made at Amazon Payments or in the shop. What can be done about it is posted to
/// `/orders/{order}/refund-requests/{id}/grant`, `…/decline` or `…/escalate`.
#[derive(Debug, Clone)]
pub struct RefundRequestView {
    pub id: String,
    pub amount: Money,
    /// In the buyer's own words.
    pub reason: String,
    pub at: Timestamp,
    /// Made at Amazon Payments.
    pub at_amazon: bool,
    pub answer: RefundAnswer,
    pub step: RequestStep,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundAnswer {
    /// It waits for the seller.
    Open,
    Declined {
        at: Timestamp,
    },
    /// It waits for the marketplace.
    Escalated {
        /// None: the seller had not answered.
        declined_at: Option<Timestamp>,
        /// The buyer to the marketplace.
        said: SaidView,
    },
    /// The marketplace decided that nothing goes back.
    Refused {
        ruling: SaidView,
    },
}

/// Somebody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidView {
    pub at: Timestamp,
    pub words: String,
}

/// What the viewer of an order can do about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestStep {
    Nothing,
    /// The seller: grant or decline.
    Answer,
    /// The seller: grant what was declined.
    GrantAfterAll,
    /// The operator: on a page of its own.
    Decide,
    /// The buyer: ask the marketplace.
    Escalate,
    /// The buyer, unless the seller has answered by then.
    EscalateFrom(Timestamp),
}

/// `/orders/{id}/refund-requests/{request}/escalate`, for the buyer, posted to the same address. Field: `words`.
#[derive(Debug, Clone)]
pub struct EscalatePage {
    pub order: OrderSummary,
    pub asked: RefundRequestView,
    pub form: FormState,
}

/// Fulfilling an order for less than its price, before it is done. The fields are those of the order's page, and
/// `confirmed`.
#[derive(Debug, Clone)]
pub struct ChargeLessPage {
    pub order: OrderSummary,
    pub amount: Money,
    /// What is released.
    pub rest: Money,
    pub share: Option<Money>,
    pub form: FormState,
}

/// A call of Amazon's web service about an order.
#[derive(Debug, Clone)]
pub struct OrderCall {
    pub at: Timestamp,
    pub action: String,
    pub asked: String,
    pub outcome: String,
    pub times: i64,
    /// Where Amazon's answer can be read, if one came.
    pub answer: Option<String>,
}

/// `/sell/orders`: a merchant's orders, newest first. Query: `show` (one of `filters`), `q`. Those that are ticked are
/// posted as `order-{id}` to `/sell/orders/fulfil`.
#[derive(Debug, Clone)]
pub struct SoldOrdersPage {
    pub orders: Vec<OrderSummary>,
    /// (value, label); the first shows all.
    pub filters: Vec<(String, String)>,
    pub show: String,
    pub query: String,
    /// Among so many of the latest orders the words were looked for.
    pub searched: i64,
    pub paging: Paging,
}

/// `/sell/orders/fulfilled?order=…`: what became of several that were fulfilled together.
#[derive(Debug, Clone)]
pub struct FulfilledPage {
    pub orders: Vec<FulfilledOrder>,
}

#[derive(Debug, Clone)]
pub struct FulfilledOrder {
    pub order: OrderSummary,
    /// Why it was not charged, where that is known.
    pub failure: Option<String>,
}
