//! What `GetTransaction` answers (fps.md §3.1).

use super::reading::{
    amount, child, date, each, optional, optional_amount, optional_date, optional_parsed, parsed, required,
};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::{FpsOperation, PaymentMethod, RelationType, TransactionStatus, TransactionalRole};
use crate::ids::TransactionId;
use crate::xml::Element;
use jiff::Timestamp;
use money::Money;

/// `GetTransaction`; the fields stand in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionDetail {
    pub transaction_id: TransactionId,
    pub caller_reference: String,
    pub caller_description: Option<String>,
    pub sender_description: Option<String>,
    pub date_received: Timestamp,
    pub date_completed: Option<Timestamp>,
    pub transaction_amount: Money,
    /// Below zero for a refund: fees that went back.
    pub fps_fees: Money,
    pub marketplace_fees: Option<Money>,
    pub fps_fees_paid_by: TransactionalRole,
    pub sender_token_id: Option<String>,
    pub recipient_token_id: Option<String>,
    pub prepaid_instrument_id: Option<String>,
    pub credit_instrument_id: Option<String>,
    pub operation: FpsOperation,
    pub payment_method: PaymentMethod,
    pub transaction_status: TransactionStatus,
    /// Text, since FPS may have codes that are not in [`crate::enums::StatusCode`].
    pub status_code: Option<String>,
    pub status_message: Option<String>,
    pub sender_name: Option<String>,
    pub sender_email: Option<String>,
    pub caller_name: String,
    pub recipient_name: Option<String>,
    pub recipient_email: Option<String>,
    pub related: Vec<RelatedTransaction>,
    /// In time order: some clients keep only the last entry.
    pub history: Vec<StatusHistory>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedTransaction {
    pub transaction_id: TransactionId,
    /// What the other one is to this one.
    pub relation: Option<RelationType>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusHistory {
    pub date: Timestamp,
    pub transaction_status: TransactionStatus,
    pub status_code: Option<String>,
    /// The schema requires it; a sample of Amazon's own leaves it out.
    pub amount: Option<Money>,
}

impl ActionResult for TransactionDetail {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("Transaction", |xml| {
            self.write_what_was_asked(xml);
            self.write_how_it_stands(xml);
            self.write_who_with(xml);
            for related in &self.related {
                xml.nested("RelatedTransaction", |xml| related.write(xml));
            }
            for entry in &self.history {
                xml.nested("StatusHistory", |xml| entry.write(xml));
            }
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let from = child(result, "Transaction")?;
        Ok(Self {
            transaction_id: parsed(from, "TransactionId")?,
            caller_reference: required(from, "CallerReference")?.to_owned(),
            caller_description: optional(from, "CallerDescription"),
            sender_description: optional(from, "SenderDescription"),
            date_received: date(from, "DateReceived")?,
            date_completed: optional_date(from, "DateCompleted")?,
            transaction_amount: amount(from, "TransactionAmount")?,
            fps_fees: amount(from, "FPSFees")?,
            marketplace_fees: optional_amount(from, "MarketplaceFees")?,
            fps_fees_paid_by: parsed(from, "FPSFeesPaidBy")?,
            sender_token_id: optional(from, "SenderTokenId"),
            recipient_token_id: optional(from, "RecipientTokenId"),
            prepaid_instrument_id: optional(from, "PrepaidInstrumentId"),
            credit_instrument_id: optional(from, "CreditInstrumentId"),
            operation: parsed(from, "FPSOperation")?,
            payment_method: parsed(from, "PaymentMethod")?,
            transaction_status: parsed(from, "TransactionStatus")?,
            status_code: optional(from, "StatusCode"),
            status_message: optional(from, "StatusMessage"),
            sender_name: optional(from, "SenderName"),
            sender_email: optional(from, "SenderEmail"),
            caller_name: required(from, "CallerName")?.to_owned(),
            recipient_name: optional(from, "RecipientName"),
            recipient_email: optional(from, "RecipientEmail"),
            related: each(from, "RelatedTransaction", RelatedTransaction::read)?,
            history: each(from, "StatusHistory", StatusHistory::read)?,
        })
    }
}

impl TransactionDetail {
    fn write_what_was_asked(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.leaf("CallerReference", &self.caller_reference);
        xml.optional_leaf("CallerDescription", self.caller_description.as_deref());
        xml.optional_leaf("SenderDescription", self.sender_description.as_deref());
        xml.date("DateReceived", self.date_received);
        xml.optional_date("DateCompleted", self.date_completed);
        xml.amount("TransactionAmount", self.transaction_amount);
        xml.amount("FPSFees", self.fps_fees);
        xml.optional_amount("MarketplaceFees", self.marketplace_fees);
        xml.leaf("FPSFeesPaidBy", self.fps_fees_paid_by.as_str());
    }

    fn write_how_it_stands(&self, xml: &mut ResultWriter) {
        xml.optional_leaf("SenderTokenId", self.sender_token_id.as_deref());
        xml.optional_leaf("RecipientTokenId", self.recipient_token_id.as_deref());
        xml.optional_leaf("PrepaidInstrumentId", self.prepaid_instrument_id.as_deref());
        xml.optional_leaf("CreditInstrumentId", self.credit_instrument_id.as_deref());
        xml.leaf("FPSOperation", self.operation.as_str());
        xml.leaf("PaymentMethod", self.payment_method.as_str());
        xml.leaf("TransactionStatus", self.transaction_status.as_str());
        xml.optional_leaf("StatusCode", self.status_code.as_deref());
        xml.optional_leaf("StatusMessage", self.status_message.as_deref());
    }

    fn write_who_with(&self, xml: &mut ResultWriter) {
        xml.optional_leaf("SenderName", self.sender_name.as_deref());
        xml.optional_leaf("SenderEmail", self.sender_email.as_deref());
        xml.leaf("CallerName", &self.caller_name);
        xml.optional_leaf("RecipientName", self.recipient_name.as_deref());
        xml.optional_leaf("RecipientEmail", self.recipient_email.as_deref());
    }
}

impl RelatedTransaction {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.optional_leaf("RelationType", self.relation.map(RelationType::as_str));
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(from, "TransactionId")?,
            relation: optional_parsed(from, "RelationType")?,
        })
    }
}

impl StatusHistory {
    fn write(&self, xml: &mut ResultWriter) {
        xml.date("Date", self.date);
        xml.leaf("TransactionStatus", self.transaction_status.as_str());
        xml.optional_leaf("StatusCode", self.status_code.as_deref());
        xml.optional_amount("Amount", self.amount);
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            date: date(from, "Date")?,
            transaction_status: parsed(from, "TransactionStatus")?,
            status_code: optional(from, "StatusCode"),
            amount: optional_amount(from, "Amount")?,
        })
    }
}
