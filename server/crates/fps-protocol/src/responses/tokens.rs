//! What the actions on tokens answer (fps.md §3.2).

use super::reading::{
    child, date, each, optional, optional_amount, optional_date, optional_parsed, parsed, required,
};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::{TokenStatus, TokenType};
use crate::ids::TokenId;
use crate::xml::Element;
use jiff::Timestamp;
use money::Money;

/// `CancelToken`: only that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenCancelled;

/// `GetTokenByCaller`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenResult {
    pub token: TokenDetails,
}

/// `GetTokens`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokensResult {
    pub tokens: Vec<TokenDetails>,
}

/// A token; the fields stand in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDetails {
    pub token_id: TokenId,
    pub friendly_name: String,
    pub status: TokenStatus,
    pub date_installed: Timestamp,
    pub caller_reference: String,
    pub token_type: TokenType,
    /// The token that it replaced.
    pub old_token_id: Option<String>,
    pub payment_reason: Option<String>,
}

/// `GetTokenUsage`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenUsageResult {
    pub limits: Vec<TokenUsage>,
}

/// What was used of a limit: of the number of payments, or of the amount. It counts in windows of time;
/// a limit on a token's whole life has only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUsage {
    /// In the latest window.
    pub count: Option<u32>,
    pub amount: Option<Money>,
    /// In the one before.
    pub last_reset_count: Option<u32>,
    pub last_reset_amount: Option<Money>,
    /// When the latest window began.
    pub last_reset: Option<Timestamp>,
}

/// `GetPaymentInstruction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentInstructionResult {
    pub token: TokenDetails,
    pub payment_instruction: String,
    pub caller_reference: String,
    pub friendly_name: Option<String>,
}

/// `InstallPaymentInstruction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledTokenResult {
    pub token_id: TokenId,
}

impl ActionResult for TokenCancelled {
    fn has_element(&self) -> bool {
        false
    }

    fn write(&self, _xml: &mut ResultWriter) {}

    fn read(_result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self)
    }
}

impl ActionResult for TokenResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("Token", |xml| self.token.write(xml));
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { token: TokenDetails::read(child(result, "Token")?)? })
    }
}

impl ActionResult for TokensResult {
    fn write(&self, xml: &mut ResultWriter) {
        for token in &self.tokens {
            xml.nested("Token", |xml| token.write(xml));
        }
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { tokens: each(result, "Token", TokenDetails::read)? })
    }
}

impl TokenDetails {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TokenId", self.token_id.as_str());
        xml.leaf("FriendlyName", &self.friendly_name);
        xml.leaf("TokenStatus", self.status.as_str());
        xml.date("DateInstalled", self.date_installed);
        xml.leaf("CallerReference", &self.caller_reference);
        xml.leaf("TokenType", self.token_type.as_str());
        xml.optional_leaf("OldTokenId", self.old_token_id.as_deref());
        xml.optional_leaf("PaymentReason", self.payment_reason.as_deref());
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            token_id: parsed(from, "TokenId")?,
            friendly_name: required(from, "FriendlyName")?.to_owned(),
            status: parsed(from, "TokenStatus")?,
            date_installed: date(from, "DateInstalled")?,
            caller_reference: required(from, "CallerReference")?.to_owned(),
            token_type: parsed(from, "TokenType")?,
            old_token_id: optional(from, "OldTokenId"),
            payment_reason: optional(from, "PaymentReason"),
        })
    }
}

impl ActionResult for TokenUsageResult {
    fn write(&self, xml: &mut ResultWriter) {
        for limit in &self.limits {
            xml.nested("TokenUsageLimits", |xml| limit.write(xml));
        }
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { limits: each(result, "TokenUsageLimits", TokenUsage::read)? })
    }
}

impl TokenUsage {
    fn write(&self, xml: &mut ResultWriter) {
        xml.optional_number("Count", self.count);
        xml.optional_amount("Amount", self.amount);
        xml.optional_number("LastResetCount", self.last_reset_count);
        xml.optional_amount("LastResetAmount", self.last_reset_amount);
        xml.optional_date("LastResetTimestamp", self.last_reset);
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            count: optional_parsed(from, "Count")?,
            amount: optional_amount(from, "Amount")?,
            last_reset_count: optional_parsed(from, "LastResetCount")?,
            last_reset_amount: optional_amount(from, "LastResetAmount")?,
            last_reset: optional_date(from, "LastResetTimestamp")?,
        })
    }
}

impl ActionResult for PaymentInstructionResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("Token", |xml| self.token.write(xml));
        xml.leaf("PaymentInstruction", &self.payment_instruction);
        xml.leaf("CallerReference", &self.caller_reference);
        xml.optional_leaf("TokenFriendlyName", self.friendly_name.as_deref());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            token: TokenDetails::read(child(result, "Token")?)?,
            payment_instruction: required(result, "PaymentInstruction")?.to_owned(),
            caller_reference: required(result, "CallerReference")?.to_owned(),
            friendly_name: optional(result, "TokenFriendlyName"),
        })
    }
}

impl ActionResult for InstalledTokenResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TokenId", self.token_id.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { token_id: parsed(result, "TokenId")? })
    }
}
