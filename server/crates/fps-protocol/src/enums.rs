//! The closed sets of words that FPS uses (fps.md §3.4, §5, §9).

pub use text_types::UnknownWord;
use text_types::words;

words! {
    /// A transaction's state in API answers; notifications write it in capitals.
    pub enum TransactionStatus {
        Reserved = "Reserved",
        Success = "Success",
        Failure = "Failure",
        Pending = "Pending",
        Cancelled = "Cancelled",
    }
}

impl TransactionStatus {
    /// As notifications write it.
    pub const fn as_ipn_str(self) -> &'static str {
        match self {
            Self::Reserved => "RESERVED",
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Pending => "PENDING",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub fn from_ipn_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.iter().copied().find(|status| status.as_ipn_str() == text).ok_or(UnknownWord)
    }
}

words! {
    /// Why a transaction is in its state. `Canceled` has one l, unlike the status.
    pub enum StatusCode {
        Success = "Success",
        PendingNetworkResponse = "PendingNetworkResponse",
        PendingVerification = "PendingVerification",
        Canceled = "Canceled",
        Expired = "Expired",
        TransactionDenied = "TransactionDenied",
    }
}

impl StatusCode {
    /// The sentence that goes with the code of a transaction in this status; that of a charge and that of one
    /// still to come were observed live (fps.md §5).
    pub const fn message(self, status: TransactionStatus) -> &'static str {
        match self {
            Self::Success if matches!(status, TransactionStatus::Reserved) => {
                "The amount was reserved successfully and the payment instrument was not charged yet."
            }
            Self::Success => "The transaction was successful and the payment instrument was charged.",
            Self::PendingNetworkResponse => {
                "The transaction is awaiting a response from the backend payment processor."
            }
            Self::PendingVerification => "The transaction is being held for investigation.",
            Self::Canceled => "The transaction was explicitly cancelled.",
            Self::Expired => "The transaction was not completed in the time allowed.",
            Self::TransactionDenied => "The payment was refused.",
        }
    }
}

words! {
    /// What pays: account balance (ABT), bank account (ACH), credit card (CC), and the aggregated kinds.
    pub enum PaymentMethod {
        Abt = "ABT",
        Ach = "ACH",
        Cc = "CC",
        Debt = "Debt",
        Prepaid = "Prepaid",
    }
}

impl PaymentMethod {
    /// Finished within the call; cards and bank accounts wait for the processor.
    pub const fn is_immediate(self) -> bool {
        !matches!(self, Self::Ach | Self::Cc)
    }

    /// What a person has with one caller alone.
    pub const fn is_stored_value(self) -> bool {
        matches!(self, Self::Debt | Self::Prepaid)
    }
}

words! {
    /// What a transaction is, in API answers.
    pub enum FpsOperation {
        Pay = "Pay",
        Refund = "Refund",
        Settle = "Settle",
        SettleDebt = "SettleDebt",
        WriteOffDebt = "WriteOffDebt",
        FundPrepaid = "FundPrepaid",
        Reserve = "Reserve",
    }
}

words! {
    /// What a notification tells of; more kinds than the API has.
    pub enum IpnOperation {
        Pay = "PAY",
        Refund = "REFUND",
        Settle = "SETTLE",
        SettleDebt = "SETTLE_DEBT",
        WriteOffDebt = "WRITE_OFF_DEBT",
        FundPrepaid = "FUND_PREPAID",
        Reserve = "RESERVE",
        MultiSettle = "MULTI_SETTLE",
        Reauth = "REAUTH",
        DepositFunds = "DEPOSIT_FUNDS",
        WithdrawFunds = "WITHDRAW_FUNDS",
        /// Cancelled, not by a person.
        CancelTransaction = "CANCEL_TRANSACTION",
        /// Cancelled by a person.
        Cancel = "CANCEL",
    }
}

impl From<FpsOperation> for IpnOperation {
    fn from(operation: FpsOperation) -> Self {
        match operation {
            FpsOperation::Pay => Self::Pay,
            FpsOperation::Refund => Self::Refund,
            FpsOperation::Settle => Self::Settle,
            FpsOperation::SettleDebt => Self::SettleDebt,
            FpsOperation::WriteOffDebt => Self::WriteOffDebt,
            FpsOperation::FundPrepaid => Self::FundPrepaid,
            FpsOperation::Reserve => Self::Reserve,
        }
    }
}

words! {
    /// Who pays the FPS fee.
    pub enum ChargeFeeTo {
        Caller = "Caller",
        Recipient = "Recipient",
    }
}

words! {
    /// Whose customer service the statement names.
    pub enum CsOwner {
        Caller = "Caller",
        Recipient = "Recipient",
    }
}

words! {
    pub enum SoftDescriptorType {
        Dynamic = "Dynamic",
        Static = "Static",
    }
}

words! {
    pub enum TokenType {
        SingleUse = "SingleUse",
        MultiUse = "MultiUse",
        Recurring = "Recurring",
        Unrestricted = "Unrestricted",
    }
}

words! {
    pub enum TokenStatus {
        Active = "Active",
        Inactive = "Inactive",
    }
}

words! {
    /// Which fees a refund takes back; FPS assumes `MasterTxnOnly`.
    pub enum MarketplaceRefundPolicy {
        MasterTxnOnly = "MasterTxnOnly",
        MarketplaceTxnOnly = "MarketplaceTxnOnly",
        MasterAndMarketplaceTxn = "MasterAndMarketplaceTxn",
    }
}

words! {
    /// The answer of `VerifySignature`.
    pub enum VerificationStatus {
        Success = "Success",
        Failure = "Failure",
    }
}

words! {
    /// How two transactions belong together.
    pub enum RelationType {
        Refund = "Refund",
        Parent = "Parent",
        MarketplaceFee = "MarketplaceFee",
        RefundReversal = "RefundReversal",
    }
}

words! {
    pub enum SortOrder {
        Ascending = "Ascending",
        Descending = "Descending",
    }
}

words! {
    /// What may be paid to a recipient. The client of 2011 knows only the last four, which say more of
    /// the account; all others only the first three (fps.md §3.4).
    pub enum RecipientVerificationStatus {
        VerificationComplete = "VerificationComplete",
        VerificationPending = "VerificationPending",
        VerificationCompleteNoLimits = "VerificationCompleteNoLimits",
        PendingUserAction = "PendingUserAction",
        PendingReview = "PendingReview",
        Closed = "Closed",
        Active = "Active",
    }
}

words! {
    pub enum SubscriptionStatus {
        Active = "Active",
        Cancelled = "Cancelled",
        Completed = "Completed",
    }
}

words! {
    /// The unit of a subscription's period.
    pub enum TimeUnit {
        Day = "day",
        Month = "month",
        Week = "week",
        Year = "year",
    }
}

words! {
    pub enum TransactionalRole {
        Sender = "Sender",
        Caller = "Caller",
        Recipient = "Recipient",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_case_sensitive() {
        assert_eq!("Cancelled".parse(), Ok(TransactionStatus::Cancelled));
        assert_eq!("cancelled".parse::<TransactionStatus>(), Err(UnknownWord));
        assert_eq!("Canceled".parse(), Ok(StatusCode::Canceled));
        assert_eq!("CC".parse(), Ok(PaymentMethod::Cc));
        assert_eq!("cc".parse::<PaymentMethod>(), Err(UnknownWord));
    }

    #[test]
    fn notification_words_are_capitals() {
        for status in TransactionStatus::ALL {
            assert_eq!(status.as_ipn_str(), status.as_str().to_uppercase());
            assert_eq!(TransactionStatus::from_ipn_str(status.as_ipn_str()), Ok(*status));
        }
        assert_eq!(IpnOperation::from(FpsOperation::SettleDebt).as_str(), "SETTLE_DEBT");
    }
}
