//! What the actions on subscriptions answer.

use super::reading::{
    amount, child, date, each, optional, optional_amount, optional_date, optional_parsed, parsed, required,
};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::{SubscriptionStatus, TimeUnit, TransactionStatus};
use crate::ids::TransactionId;
use crate::xml::Element;
use jiff::Timestamp;
use money::Money;

/// `GetSubscriptionDetails`; the fields stand in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionDetails {
    pub subscription_id: String,
    pub description: String,
    pub subscription_amount: Money,
    pub next_transaction_amount: Option<Money>,
    pub promotional_amount: Option<Money>,
    pub number_of_promotional_transactions: u32,
    pub start_date: Timestamp,
    pub end_date: Option<Timestamp>,
    /// How long it lasts.
    pub period: Option<Duration>,
    /// How often it is paid.
    pub frequency: Duration,
    pub override_ipn_url: Option<String>,
    pub status: SubscriptionStatus,
    pub number_of_transactions_processed: u32,
    pub recipient_email: String,
    pub recipient_name: String,
    pub sender_email: String,
    pub sender_name: String,
    pub next_transaction_date: Option<Timestamp>,
}

/// So many units of time: `1` `month`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    pub value: u32,
    pub unit: TimeUnit,
}

/// `GetTransactionsForSubscription`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscriptionTransactions {
    pub transactions: Vec<SubscriptionTransaction>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionTransaction {
    pub transaction_id: TransactionId,
    pub date: Timestamp,
    /// Its number among the subscription's, from 1.
    pub serial_number: u32,
    pub amount: Money,
    pub description: String,
    pub status: TransactionStatus,
}

/// `CancelSubscriptionAndRefund`. Without a refund the answer has no content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscriptionCancelled {
    pub refund_transaction_id: Option<TransactionId>,
}

impl ActionResult for SubscriptionDetails {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("SubscriptionDetails", |xml| {
            xml.leaf("SubscriptionId", &self.subscription_id);
            xml.leaf("Description", &self.description);
            xml.amount("SubscriptionAmount", self.subscription_amount);
            xml.optional_amount("NextTransactionAmount", self.next_transaction_amount);
            xml.optional_amount("PromotionalAmount", self.promotional_amount);
            xml.number("NumberOfPromotionalTransactions", self.number_of_promotional_transactions);
            xml.date("StartDate", self.start_date);
            xml.optional_date("EndDate", self.end_date);
            if let Some(period) = self.period {
                xml.nested("SubscriptionPeriod", |xml| period.write(xml));
            }
            xml.nested("SubscriptionFrequency", |xml| self.frequency.write(xml));
            xml.optional_leaf("OverrideIPNUrl", self.override_ipn_url.as_deref());
            xml.leaf("SubscriptionStatus", self.status.as_str());
            xml.number("NumberOfTransactionsProcessed", self.number_of_transactions_processed);
            xml.leaf("RecipientEmail", &self.recipient_email);
            xml.leaf("RecipientName", &self.recipient_name);
            xml.leaf("SenderEmail", &self.sender_email);
            xml.leaf("SenderName", &self.sender_name);
            xml.optional_date("NextTransactionDate", self.next_transaction_date);
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let from = child(result, "SubscriptionDetails")?;
        let text = |name| required(from, name).map(str::to_owned);
        Ok(Self {
            subscription_id: text("SubscriptionId")?,
            description: text("Description")?,
            subscription_amount: amount(from, "SubscriptionAmount")?,
            next_transaction_amount: optional_amount(from, "NextTransactionAmount")?,
            promotional_amount: optional_amount(from, "PromotionalAmount")?,
            number_of_promotional_transactions: parsed(from, "NumberOfPromotionalTransactions")?,
            start_date: date(from, "StartDate")?,
            end_date: optional_date(from, "EndDate")?,
            period: from.child("SubscriptionPeriod").map(Duration::read).transpose()?,
            frequency: Duration::read(child(from, "SubscriptionFrequency")?)?,
            override_ipn_url: optional(from, "OverrideIPNUrl"),
            status: parsed(from, "SubscriptionStatus")?,
            number_of_transactions_processed: parsed(from, "NumberOfTransactionsProcessed")?,
            recipient_email: text("RecipientEmail")?,
            recipient_name: text("RecipientName")?,
            sender_email: text("SenderEmail")?,
            sender_name: text("SenderName")?,
            next_transaction_date: optional_date(from, "NextTransactionDate")?,
        })
    }
}

impl Duration {
    fn write(self, xml: &mut ResultWriter) {
        xml.number("Value", self.value);
        xml.leaf("TimeUnit", self.unit.as_str());
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { value: parsed(from, "Value")?, unit: parsed(from, "TimeUnit")? })
    }
}

impl ActionResult for SubscriptionTransactions {
    fn write(&self, xml: &mut ResultWriter) {
        for transaction in &self.transactions {
            xml.nested("SubscriptionTransaction", |xml| transaction.write(xml));
        }
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let transactions = each(result, "SubscriptionTransaction", SubscriptionTransaction::read)?;
        Ok(Self { transactions })
    }
}

impl SubscriptionTransaction {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("TransactionId", self.transaction_id.as_str());
        xml.date("TransactionDate", self.date);
        xml.number("TransactionSerialNumber", self.serial_number);
        xml.amount("TransactionAmount", self.amount);
        xml.leaf("Description", &self.description);
        xml.leaf("TransactionStatus", self.status.as_str());
    }

    fn read(from: &Element) -> Result<Self, ApiFailure> {
        Ok(Self {
            transaction_id: parsed(from, "TransactionId")?,
            date: date(from, "TransactionDate")?,
            serial_number: parsed(from, "TransactionSerialNumber")?,
            amount: amount(from, "TransactionAmount")?,
            description: required(from, "Description")?.to_owned(),
            status: parsed(from, "TransactionStatus")?,
        })
    }
}

impl ActionResult for SubscriptionCancelled {
    fn has_element(&self) -> bool {
        self.refund_transaction_id.is_some()
    }

    fn write(&self, xml: &mut ResultWriter) {
        xml.optional_leaf(
            "RefundTransactionId",
            self.refund_transaction_id.as_ref().map(TransactionId::as_str),
        );
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { refund_transaction_id: optional_parsed(result, "RefundTransactionId")? })
    }
}
