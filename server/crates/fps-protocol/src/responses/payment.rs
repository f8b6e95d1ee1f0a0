//! What the actions on one payment answer.

use super::reading::{optional, parsed, required};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::TransactionStatus;
use crate::ids::TransactionId;
use crate::xml::Element;

/// Pay, Reserve, Settle, Refund and Cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionResult {
    pub transaction_id: TransactionId,
    pub transaction_status: TransactionStatus,
}

/// `GetTransactionStatus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionStatusResult {
    pub transaction_id: TransactionId,
    pub transaction_status: TransactionStatus,
    pub caller_reference: String,
    /// Text, since FPS may have codes that are not in [`crate::enums::StatusCode`].
    pub status_code: Option<String>,
    pub status_message: Option<String>,
}

impl ActionResult for TransactionResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.leaf("TransactionStatus", self.transaction_status.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(result, "TransactionId")?,
            transaction_status: parsed(result, "TransactionStatus")?,
        })
    }
}

impl ActionResult for TransactionStatusResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.leaf("TransactionStatus", self.transaction_status.as_str());
        xml.leaf("CallerReference", &self.caller_reference);
        xml.optional_leaf("StatusCode", self.status_code.as_deref());
        xml.optional_leaf("StatusMessage", self.status_message.as_deref());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(result, "TransactionId")?,
            transaction_status: parsed(result, "TransactionStatus")?,
            caller_reference: required(result, "CallerReference")?.to_owned(),
            status_code: optional(result, "StatusCode"),
            status_message: optional(result, "StatusMessage"),
        })
    }
}
