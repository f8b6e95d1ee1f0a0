//! The words that stand in the database for states and milestones.

use text_types::words;

words! {
    /// A state without its data; the schema lists the same words.
    pub enum Phase {
        AwaitingAuthorization = "AwaitingAuthorization",
        Abandoned = "Abandoned",
        AuthorizationFailed = "AuthorizationFailed",
        Authorized = "Authorized",
        Paying = "Paying",
        PaymentFailed = "PaymentFailed",
        Reserved = "Reserved",
        Fulfilling = "Fulfilling",
        SettleFailed = "SettleFailed",
        SettlingToRefund = "SettlingToRefund",
        Paid = "Paid",
        Cancelling = "Cancelling",
        Cancelled = "Cancelled",
        Refunding = "Refunding",
        Refunded = "Refunded",
    }
}

words! {
    /// What happened to an order, for its timeline.
    pub enum Milestone {
        Placed = "placed",
        Restarted = "restarted",
        Abandoned = "abandoned",
        AuthorizationFailed = "authorization_failed",
        Authorized = "authorized",
        PaymentPending = "payment_pending",
        PaymentFailed = "payment_failed",
        Reserved = "reserved",
        Fulfilled = "fulfilled",
        SettleFailed = "settle_failed",
        Paid = "paid",
        CancelAsked = "cancel_asked",
        CancelRefused = "cancel_refused",
        Cancelled = "cancelled",
        RefundAsked = "refund_asked",
        RefundGiven = "refund_given",
        RefundFailed = "refund_failed",
        Refunded = "refunded",
        PartlyRefunded = "partly_refunded",
        RefundRequested = "refund_requested",
        RefundGranted = "refund_granted",
        RefundDeclined = "refund_declined",
        MarketplaceAsked = "marketplace_asked",
        TokenCancelled = "token_cancelled",
    }
}
