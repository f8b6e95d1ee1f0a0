//! The words that stand in the database for states and happenings.

macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($variant,)+
        }

        impl $name {
            /// As the database keeps it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

names! {
    /// A state without its data; the schema lists the same words.
    Phase {
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

names! {
    /// What happened to an order, for its timeline.
    Happening {
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
        RefundFailed = "refund_failed",
        Refunded = "refunded",
        PartlyRefunded = "partly_refunded",
        RefundRequested = "refund_requested",
        RefundGranted = "refund_granted",
        RefundDeclined = "refund_declined",
        TokenCancelled = "token_cancelled",
    }
}
