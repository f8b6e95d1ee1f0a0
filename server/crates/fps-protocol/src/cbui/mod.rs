//! The Co-Branded UI: requests that people carry to it, and what it sends back (fps.md §7).

mod fields;
mod period;
mod pipelines;
mod request;
mod returned;
mod sender_options;
mod shipping_address;
mod url_builder;
mod usage_limits;

pub use period::{InvalidPeriod, Period, PeriodUnit};
pub use pipelines::{
    AmountType, Breakdown, CeError, EditToken, MultiUse, PipelineRequest, Recipient, Recurring,
    SetupPostpaid, SetupPrepaid, SingleUse,
};
pub use request::CbuiRequest;
pub(crate) use request::{AWS_SIGNATURE, SIGNATURE};
pub use returned::{BadReturn, CbuiReturn, StoredValueTokens, Warning};
pub use sender_options::{CobrandingStyle, SenderOptions, Validity, Website};
pub use shipping_address::ShippingAddress;
pub use url_builder::CbuiUrl;
pub use usage_limits::{LimitType, UsageLimit};

use text_types::words;

/// Where every pipeline starts.
pub const START_PATH: &str = "/cobranded-ui/actions/start";
/// The only version that the CBUI ever had.
pub const VERSION: &str = "2009-01-09";

words! {
    /// What a person is asked to authorize.
    pub enum Pipeline {
        SingleUse = "SingleUse",
        MultiUse = "MultiUse",
        Recurring = "Recurring",
        Recipient = "Recipient",
        SetupPrepaid = "SetupPrepaid",
        SetupPostpaid = "SetupPostpaid",
        EditToken = "EditToken",
    }
}

words! {
    /// How a person's way through a pipeline ended (fps.md §7.4).
    pub enum CbuiStatus {
        /// Authorized, paying from the account balance.
        SuccessAbt = "SA",
        /// Authorized, paying from a bank account.
        SuccessAch = "SB",
        /// Authorized, paying with a credit card.
        SuccessCard = "SC",
        /// A recipient token was installed.
        SuccessRecipient = "SR",
        /// The token is unchanged.
        SuccessUnchanged = "SU",
        /// The person gave up.
        Abandoned = "A",
        /// The request's parameters are wrong.
        CallerException = "CE",
        SystemError = "SE",
        /// The buyer lacks the payment method that was asked for.
        PaymentMethodMismatch = "PE",
        PaymentNotPossible = "NP",
        /// The caller is not registered as a marketplace.
        NotMarketplace = "NM",
        InvalidToken = "IT",
        AccountDoesNotExist = "NA",
        TokenOfAnother = "UT",
    }
}

impl CbuiStatus {
    pub const fn is_success(self) -> bool {
        matches!(
            self,
            Self::SuccessAbt
                | Self::SuccessAch
                | Self::SuccessCard
                | Self::SuccessRecipient
                | Self::SuccessUnchanged
        )
    }
}

impl From<crate::enums::PaymentMethod> for CbuiStatus {
    /// The success of a sender pipeline with that method; the aggregated kinds pay from the account.
    fn from(method: crate::enums::PaymentMethod) -> Self {
        use crate::enums::PaymentMethod;
        match method {
            PaymentMethod::Ach => Self::SuccessAch,
            PaymentMethod::Cc => Self::SuccessCard,
            PaymentMethod::Abt | PaymentMethod::Debt | PaymentMethod::Prepaid => Self::SuccessAbt,
        }
    }
}
