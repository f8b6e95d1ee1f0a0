//! What people read when something failed: why, and what to do. Never Amazon's own message.

use fps_protocol::ErrorCode;
use fps_protocol::cbui::CbuiStatus;

/// Why the Co-Branded UI authorized nothing.
pub fn not_authorized(status: CbuiStatus) -> &'static str {
    match status {
        CbuiStatus::CallerException => {
            "The shop asked Amazon Payments for something it did not understand. Please tell us."
        }
        CbuiStatus::SystemError => "Amazon Payments had a problem of its own. Please try again.",
        CbuiStatus::PaymentMethodMismatch => {
            "Your Amazon Payments account does not have a payment method that this seller takes."
        }
        CbuiStatus::PaymentNotPossible => {
            "Amazon Payments did not make this payment: from this account it is not possible, or it was begun before. \
             Nothing was charged. Try again, or with another account."
        }
        CbuiStatus::NotMarketplace => "This shop is not set up to take payments for others. Please tell us.",
        _ => "Amazon Payments did not authorize the payment.",
    }
}

/// Why Amazon refused to take the money, and what to do.
pub fn payment_refused(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::InsufficientBalance) => {
            "There was not enough money for this payment. Try again with another payment method."
        }
        Some(ErrorCode::AccountLimitsExceeded) => {
            "The payment is above a limit of the Amazon Payments account. Try again with another one."
        }
        Some(ErrorCode::TransactionDenied) => "The payment method was declined. Try again with another one.",
        Some(
            ErrorCode::TokenNotActive
            | ErrorCode::TokenNotActiveSender
            | ErrorCode::InvalidTokenIdSender
            | ErrorCode::TokenUsageError,
        ) => "The authorization is no longer valid. Please authorize the payment again.",
        Some(ErrorCode::SameSenderAndRecipient) => "Buyer and seller have the same Amazon Payments account.",
        Some(
            ErrorCode::InvalidTokenIdRecipient
            | ErrorCode::TokenNotActiveRecipient
            | ErrorCode::InvalidAccountStateRecipient
            | ErrorCode::UnverifiedAccountRecipient
            | ErrorCode::UnverifiedEmailAddressRecipient,
        ) => "The seller's Amazon Payments account cannot take payments at present.",
        Some(
            ErrorCode::InvalidAccountStateSender
            | ErrorCode::UnverifiedAccountSender
            | ErrorCode::UnverifiedEmailAddressSender
            | ErrorCode::UnverifiedBankAccount
            | ErrorCode::AccountClosed,
        ) => "The Amazon Payments account cannot make payments at present. Look there, then try again.",
        Some(
            ErrorCode::InactiveInstrument
            | ErrorCode::InstrumentExpired
            | ErrorCode::InstrumentAccessDenied
            | ErrorCode::InvalidPaymentInstrument,
        ) => "The payment method cannot be used any more. Try again with another one.",
        _ => "Amazon Payments refused. Nothing was charged by this; please try again.",
    }
}

/// Why a payment that Amazon had taken on did not go through.
pub fn failed(status_code: Option<&str>) -> &'static str {
    match status_code {
        Some("Expired") => "The payment was not completed in time.",
        _ => "The payment method was declined. Try again with another one.",
    }
}

/// Why the money that was held could not be charged.
pub fn not_charged(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::InvalidTransactionState | ErrorCode::InvalidTransactionId) => {
            "The money is no longer held, so it could not be charged."
        }
        _ => "Amazon Payments could not charge the money that is held. It can be tried again.",
    }
}

/// Why the money that is held was not charged, when the processor said no.
pub fn settle_declined() -> &'static str {
    "The payment method was declined when the money was to be charged."
}

/// Why the money that was held could not be released.
pub fn not_cancelled(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::InvalidTransactionState) => {
            "The payment has gone too far to be cancelled. Ask for a refund once it is charged."
        }
        _ => "Amazon Payments could not cancel the payment. It can be tried again.",
    }
}

/// Why Amazon refused to send the money back, and what to do.
pub fn refund_refused(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::InsufficientBalance) => {
            "The seller's balance at Amazon Payments is too low to send the money back now. Nothing was sent; \
             ask again later, or write to the seller."
        }
        Some(ErrorCode::TransactionFullyRefundedAlready | ErrorCode::RefundAmountExceeded) => {
            "That much of the price is back with the buyer already."
        }
        Some(
            ErrorCode::InvalidAccountStateRecipient
            | ErrorCode::InvalidAccountStateSender
            | ErrorCode::UnverifiedEmailAddressRecipient
            | ErrorCode::UnverifiedEmailAddressSender
            | ErrorCode::AccountClosed,
        ) => "One of the Amazon Payments accounts is not in order, so the money could not be sent back.",
        _ => "Amazon Payments could not send the money back. Nothing was sent; please ask again.",
    }
}

/// Why a refund that Amazon had taken on did not go through.
pub fn refund_failed(status_code: Option<&str>) -> &'static str {
    match status_code {
        Some("Expired") => "The refund was not completed in time. Please ask for it again.",
        _ => "Amazon Payments could not send the money back. Please ask for the refund again.",
    }
}

/// Why the Co-Branded UI registered nobody.
pub fn not_registered(status: CbuiStatus) -> &'static str {
    match status {
        CbuiStatus::SystemError => "Amazon Payments had a problem of its own. Please try again.",
        CbuiStatus::PaymentNotPossible | CbuiStatus::PaymentMethodMismatch => {
            "This Amazon Payments account cannot receive payments. Please try again with another account."
        }
        _ => "Amazon Payments did not understand the shop's request. Please tell us.",
    }
}
