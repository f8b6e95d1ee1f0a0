//! What `GetAccountActivity` answers (fps.md §3.3).

use super::reading::{
    amount, date, each, optional, optional_amount, optional_date, optional_parsed, parsed, required,
};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::actions::ActivityDate;
use crate::enums::{FpsOperation, PaymentMethod, TransactionStatus, TransactionalRole};
use crate::ids::TransactionId;
use crate::xml::Element;
use jiff::Timestamp;
use money::Money;

/// `GetAccountActivity`: one batch of transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountActivityResult {
    pub batch_size: Option<u32>,
    pub transactions: Vec<ActivityTransaction>,
    /// Where the next batch begins, if there is more.
    pub start_time_for_next_transaction: Option<ActivityDate>,
}

/// A transaction as the account sees it; the fields stand in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityTransaction {
    pub transaction_id: TransactionId,
    pub caller_transaction_date: Timestamp,
    pub date_received: Timestamp,
    pub date_completed: Option<Timestamp>,
    pub transaction_amount: Money,
    pub operation: FpsOperation,
    pub transaction_status: TransactionStatus,
    pub status_message: Option<String>,
    /// Text, since FPS may have codes that are not in [`crate::enums::StatusCode`].
    pub status_code: Option<String>,
    /// Of a refund: what it gives back.
    pub original_transaction_id: Option<String>,
    /// One for each role that the account has in it.
    pub parts: Vec<TransactionPart>,
    pub payment_method: PaymentMethod,
    pub sender_name: Option<String>,
    pub caller_name: String,
    pub recipient_name: Option<String>,
    /// Below zero for a refund: fees that went back.
    pub fps_fees: Money,
    /// What the account had afterwards.
    pub balance: Money,
    pub sender_token_id: Option<String>,
    pub recipient_token_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionPart {
    pub instrument_id: Option<String>,
    pub role: TransactionalRole,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub description: Option<String>,
    pub fees_paid: Option<Money>,
}

impl ActionResult for AccountActivityResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.optional_leaf("BatchSize", self.batch_size.map(|size| size.to_string()).as_deref());
        for transaction in &self.transactions {
            xml.nested("Transaction", |xml| transaction.write(xml));
        }
        let next = self.start_time_for_next_transaction.as_ref().map(ActivityDate::to_answer);
        xml.optional_leaf("StartTimeForNextTransaction", next.as_deref());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            batch_size: optional_parsed(result, "BatchSize")?,
            transactions: each(result, "Transaction", ActivityTransaction::read)?,
            start_time_for_next_transaction: optional_parsed(result, "StartTimeForNextTransaction")?,
        })
    }
}

impl ActivityTransaction {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.date("CallerTransactionDate", self.caller_transaction_date);
        xml.date("DateReceived", self.date_received);
        xml.optional_date("DateCompleted", self.date_completed);
        xml.amount("TransactionAmount", self.transaction_amount);
        xml.leaf("FPSOperation", self.operation.as_str());
        xml.leaf("TransactionStatus", self.transaction_status.as_str());
        xml.optional_leaf("StatusMessage", self.status_message.as_deref());
        xml.optional_leaf("StatusCode", self.status_code.as_deref());
        xml.optional_leaf("OriginalTransactionId", self.original_transaction_id.as_deref());
        for part in &self.parts {
            xml.nested("TransactionPart", |xml| part.write(xml));
        }
        xml.leaf("PaymentMethod", self.payment_method.as_str());
        xml.optional_leaf("SenderName", self.sender_name.as_deref());
        xml.leaf("CallerName", &self.caller_name);
        xml.optional_leaf("RecipientName", self.recipient_name.as_deref());
        xml.amount("FPSFees", self.fps_fees);
        xml.amount("Balance", self.balance);
        xml.optional_leaf("SenderTokenId", self.sender_token_id.as_deref());
        xml.optional_leaf("RecipientTokenId", self.recipient_token_id.as_deref());
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(from, "TransactionId")?,
            caller_transaction_date: date(from, "CallerTransactionDate")?,
            date_received: date(from, "DateReceived")?,
            date_completed: optional_date(from, "DateCompleted")?,
            transaction_amount: amount(from, "TransactionAmount")?,
            operation: parsed(from, "FPSOperation")?,
            transaction_status: parsed(from, "TransactionStatus")?,
            status_message: optional(from, "StatusMessage"),
            status_code: optional(from, "StatusCode"),
            original_transaction_id: optional(from, "OriginalTransactionId"),
            parts: each(from, "TransactionPart", TransactionPart::read)?,
            payment_method: parsed(from, "PaymentMethod")?,
            sender_name: optional(from, "SenderName"),
            caller_name: required(from, "CallerName")?.to_owned(),
            recipient_name: optional(from, "RecipientName"),
            fps_fees: amount(from, "FPSFees")?,
            balance: amount(from, "Balance")?,
            sender_token_id: optional(from, "SenderTokenId"),
            recipient_token_id: optional(from, "RecipientTokenId"),
        })
    }
}

impl TransactionPart {
    fn write(&self, xml: &mut ResultWriter) {
        xml.optional_leaf("InstrumentId", self.instrument_id.as_deref());
        xml.leaf("Role", self.role.as_str());
        xml.optional_leaf("Name", self.name.as_deref());
        xml.optional_leaf("Reference", self.reference.as_deref());
        xml.optional_leaf("Description", self.description.as_deref());
        xml.optional_amount("FeesPaid", self.fees_paid);
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            instrument_id: optional(from, "InstrumentId"),
            role: parsed(from, "Role")?,
            name: optional(from, "Name"),
            reference: optional(from, "Reference"),
            description: optional(from, "Description"),
            fees_paid: optional_amount(from, "FeesPaid")?,
        })
    }
}
