//! The errors of the API: codes, HTTP statuses and their XML (fps.md §6).

use crate::version::ApiVersion;
use crate::xml::XmlWriter;
use text_types::words;

words! {
    /// The codes of the API's error table, and the few that were only ever seen.
    pub enum ErrorCode {
        AccessFailure = "AccessFailure",
        AccountClosed = "AccountClosed",
        AccountLimitsExceeded = "AccountLimitsExceeded",
        AmountOutOfRange = "AmountOutOfRange",
        AuthFailure = "AuthFailure",
        ConcurrentModification = "ConcurrentModification",
        DuplicateRequest = "DuplicateRequest",
        InactiveInstrument = "InactiveInstrument",
        IncompatibleTokens = "IncompatibleTokens",
        InstrumentAccessDenied = "InstrumentAccessDenied",
        InstrumentExpired = "InstrumentExpired",
        InsufficientBalance = "InsufficientBalance",
        InternalError = "InternalError",
        /// Seen from `VerifySignature` only, not in the table.
        InternalServerError = "InternalServerError",
        InvalidAccountState = "InvalidAccountState",
        InvalidAccountStateCaller = "InvalidAccountState_Caller",
        InvalidAccountStateRecipient = "InvalidAccountState_Recipient",
        InvalidAccountStateSender = "InvalidAccountState_Sender",
        InvalidCallerReference = "InvalidCallerReference",
        InvalidClientTokenId = "InvalidClientTokenId",
        InvalidDateRange = "InvalidDateRange",
        /// A time that is not ISO 8601. Seen, not in the table.
        InvalidParameterValue = "InvalidParameterValue",
        InvalidParams = "InvalidParams",
        InvalidPaymentInstrument = "InvalidPaymentInstrument",
        InvalidPaymentMethod = "InvalidPaymentMethod",
        InvalidRecipientForCCTransaction = "InvalidRecipientForCCTransaction",
        /// An unknown parameter or action. Seen, not in the table.
        InvalidRequest = "InvalidRequest",
        InvalidSenderRoleForAccountType = "InvalidSenderRoleForAccountType",
        /// Undocumented but real.
        InvalidSignature = "InvalidSignature",
        InvalidTokenId = "InvalidTokenId",
        InvalidTokenIdRecipient = "InvalidTokenId_Recipient",
        InvalidTokenIdSender = "InvalidTokenId_Sender",
        InvalidTokenType = "InvalidTokenType",
        InvalidTransactionId = "InvalidTransactionId",
        InvalidTransactionState = "InvalidTransactionState",
        NotMarketplaceApp = "NotMarketplaceApp",
        OriginalTransactionFailed = "OriginalTransactionFailed",
        OriginalTransactionIncomplete = "OriginalTransactionIncomplete",
        PaymentInstrumentNotCC = "PaymentInstrumentNotCC",
        PaymentMethodNotDefined = "PaymentMethodNotDefined",
        PrepaidFundingLimitExceeded = "PrepaidFundingLimitExceeded",
        RefundAmountExceeded = "RefundAmountExceeded",
        /// Seen, not in the table.
        RequestExpired = "RequestExpired",
        SameSenderAndRecipient = "SameSenderAndRecipient",
        SameTokenIdUsedMultipleTimes = "SameTokenIdUsedMultipleTimes",
        SenderNotOriginalRecipient = "SenderNotOriginalRecipient",
        SettleAmountGreaterThanDebt = "SettleAmountGreaterThanDebt",
        SettleAmountGreaterThanReserveAmount = "SettleAmountGreaterThanReserveAmount",
        SignatureDoesNotMatch = "SignatureDoesNotMatch",
        TokenAccessDenied = "TokenAccessDenied",
        TokenNotActive = "TokenNotActive",
        TokenNotActiveRecipient = "TokenNotActive_Recipient",
        TokenNotActiveSender = "TokenNotActive_Sender",
        TokenUsageError = "TokenUsageError",
        TransactionDenied = "TransactionDenied",
        TransactionFullyRefundedAlready = "TransactionFullyRefundedAlready",
        TransactionTypeNotRefundable = "TransactionTypeNotRefundable",
        UnverifiedAccountRecipient = "UnverifiedAccount_Recipient",
        UnverifiedAccountSender = "UnverifiedAccount_Sender",
        UnverifiedBankAccount = "UnverifiedBankAccount",
        UnverifiedEmailAddressCaller = "UnverifiedEmailAddress_Caller",
        UnverifiedEmailAddressRecipient = "UnverifiedEmailAddress_Recipient",
        UnverifiedEmailAddressSender = "UnverifiedEmailAddress_Sender",
    }
}

impl ErrorCode {
    /// Clients retry on 500 and 503, so only what a retry can mend has one of those (fps.md §6.2).
    pub const fn http_status(self) -> u16 {
        match self {
            Self::InternalError | Self::InternalServerError => 500,
            Self::AuthFailure => 401,
            Self::SignatureDoesNotMatch
            | Self::InvalidClientTokenId
            | Self::InvalidSignature
            | Self::RequestExpired => 403,
            _ => 400,
        }
    }

    /// Does the error table say that the same request may succeed later?
    pub const fn is_retriable(self) -> bool {
        matches!(
            self,
            Self::AccessFailure
                | Self::AccountClosed
                | Self::AccountLimitsExceeded
                | Self::AuthFailure
                | Self::ConcurrentModification
                | Self::InsufficientBalance
                | Self::InternalError
                | Self::InternalServerError
                | Self::InvalidAccountState
                | Self::InvalidAccountStateCaller
                | Self::InvalidAccountStateRecipient
                | Self::InvalidAccountStateSender
                | Self::NotMarketplaceApp
                | Self::OriginalTransactionIncomplete
                | Self::PrepaidFundingLimitExceeded
        )
    }
}

/// A refused request, as the API answers it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct FpsError {
    pub code: ErrorCode,
    pub message: String,
}

impl FpsError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A required parameter is not there or empty.
    pub fn missing(name: &str) -> Self {
        Self::new(ErrorCode::InvalidParams, format!("\"{name}\" is required."))
    }

    /// A parameter's value cannot be used; `reason` goes on after the name: `must be …`.
    pub fn invalid(name: &str, reason: &str) -> Self {
        Self::new(ErrorCode::InvalidParams, format!("\"{name}\" {reason}."))
    }

    /// Says nothing about what went wrong inside.
    pub fn internal() -> Self {
        Self::new(ErrorCode::InternalError, "An internal error occurred. Please retry the request.")
    }

    /// The client of 2011 dies on codes outside the error table, so there the nearest one in it stands.
    #[must_use]
    pub fn for_version(mut self, version: ApiVersion) -> Self {
        if version == ApiVersion::V2011 {
            self.code = match self.code {
                ErrorCode::InvalidRequest | ErrorCode::InvalidParameterValue => ErrorCode::InvalidParams,
                ErrorCode::RequestExpired => ErrorCode::AuthFailure,
                ErrorCode::InternalServerError => ErrorCode::InternalError,
                code => code,
            };
        }
        self
    }

    pub const fn http_status(&self) -> u16 {
        self.code.http_status()
    }

    /// One line without white space between the elements and without a namespace: the client libraries'
    /// patterns need exactly this (fps.md §6.1).
    pub fn to_xml(&self, request_id: &str) -> String {
        let mut xml = XmlWriter::new();
        xml.open("Response", None);
        xml.open("Errors", None);
        xml.open("Error", None);
        xml.leaf("Code", self.code.as_str());
        xml.leaf("Message", &self.message);
        xml.close("Error");
        xml.close("Errors");
        xml.leaf("RequestID", request_id);
        xml.close("Response");
        xml.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_that_all_clients_read() {
        let error = FpsError::new(ErrorCode::InvalidTokenIdSender, "a < b & \"c\"");
        assert_eq!(
            error.to_xml("6c0d6d2f"),
            "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>InvalidTokenId_Sender</Code>\
             <Message>a &lt; b &amp; &quot;c&quot;</Message></Error></Errors>\
             <RequestID>6c0d6d2f</RequestID></Response>"
        );
        assert_eq!(error.http_status(), 400);
    }

    #[test]
    fn the_client_of_2011_gets_only_codes_of_the_table() {
        let error = FpsError::new(ErrorCode::InvalidRequest, "x");
        assert_eq!(error.clone().for_version(ApiVersion::V2010).code, ErrorCode::InvalidRequest);
        assert_eq!(error.for_version(ApiVersion::V2011).code, ErrorCode::InvalidParams);
        let unknown = [
            ErrorCode::InvalidParameterValue,
            ErrorCode::InvalidRequest,
            ErrorCode::InternalServerError,
            ErrorCode::RequestExpired,
        ];
        for code in ErrorCode::ALL {
            let told = FpsError::new(*code, "x").for_version(ApiVersion::V2011);
            assert!(!unknown.contains(&told.code), "{code}");
            assert_eq!(told.code == *code, !unknown.contains(code), "{code}");
        }
    }
}
