//! A transaction as it is kept.

use fps_protocol::enums::{
    ChargeFeeTo, FpsOperation, MarketplaceRefundPolicy, PaymentMethod, RelationType, StatusCode,
    TransactionStatus,
};
use fps_protocol::fees;
use jiff::Timestamp;
use money::{Money, MoneyError, Percent};

/// Times are microseconds since the epoch.
#[derive(Debug, Clone)]
pub struct Transaction {
    pub id: String,
    pub access_key: String,
    pub operation: FpsOperation,
    pub status: TransactionStatus,
    pub status_code: StatusCode,
    /// Goes up with every change.
    pub version: i64,
    pub amount: Money,
    pub fps_fee: Money,
    pub marketplace_fee: Money,
    /// What the request asked for as marketplace fee: a partial Settle reckons it anew.
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    pub fee_payer: ChargeFeeTo,
    pub settle_amount: Option<Money>,
    pub refunded: Money,
    pub marketplace_fee_refunded: Money,
    pub payment_method: PaymentMethod,
    pub instrument_id: Option<String>,
    /// The prepaid balance that is funded, or the debt that is settled or written off.
    pub stored_value_id: Option<String>,
    pub sender_account_id: String,
    pub recipient_account_id: String,
    pub sender_token_id: Option<String>,
    pub recipient_token_id: Option<String>,
    pub caller_reference: String,
    pub caller_description: Option<String>,
    pub sender_description: Option<String>,
    pub override_ipn_url: Option<String>,
    pub parent_id: Option<String>,
    pub relation: Option<RelationType>,
    pub refund_policy: Option<MarketplaceRefundPolicy>,
    pub hold_id: Option<String>,
    /// By the machine's clock.
    pub process_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub received_at: i64,
    pub completed_at: Option<i64>,
}

impl Transaction {
    /// What is charged, or was: of a settled reserve what Settle asked for.
    pub fn charged(&self) -> Money {
        self.settle_amount.unwrap_or(self.amount)
    }

    /// Whether the request asked for a marketplace fee; a small partial Settle can make it nothing.
    pub fn asks_for_marketplace_fee(&self) -> bool {
        self.fixed_fee.is_positive() || self.variable_fee > Percent::ZERO
    }

    /// The fees of this amount; of a partial Settle they are less than those of the reserve.
    pub fn reckon_fees(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.fps_fee = fees::fps_fee(self.payment_method, amount)?;
        self.marketplace_fee = fees::marketplace_fee(amount, self.fixed_fee, self.variable_fee)?;
        Ok(())
    }

    pub fn received(&self) -> Timestamp {
        Timestamp::from_microsecond(self.received_at).unwrap_or_default()
    }

    pub fn has_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Sets a status that nothing is awaited in.
    pub fn finish(&mut self, status: TransactionStatus, code: StatusCode, now: i64) {
        self.status = status;
        self.status_code = code;
        self.process_at = None;
        self.expires_at = None;
        self.completed_at = Some(now);
    }

    /// The linked record of the marketplace's fee, which the recipient pays to the caller.
    pub fn marketplace_fee_record(&self, id: String, caller_account_id: &str) -> Self {
        Self {
            id,
            operation: FpsOperation::Pay,
            amount: self.marketplace_fee,
            fps_fee: Money::ZERO,
            marketplace_fee: Money::ZERO,
            fixed_fee: Money::ZERO,
            variable_fee: Percent::ZERO,
            payment_method: PaymentMethod::Abt,
            instrument_id: None,
            stored_value_id: None,
            sender_account_id: self.recipient_account_id.clone(),
            recipient_account_id: caller_account_id.to_owned(),
            sender_token_id: self.recipient_token_id.clone(),
            recipient_token_id: None,
            override_ipn_url: None,
            parent_id: Some(self.id.clone()),
            relation: Some(RelationType::MarketplaceFee),
            hold_id: None,
            process_at: None,
            expires_at: None,
            ..self.clone()
        }
    }
}

/// Who a transaction is about, beside its ids.
#[derive(Debug, Clone)]
pub struct Parties {
    pub caller_account_id: String,
    /// Where the caller's notifications go.
    pub ipn_url: Option<String>,
    pub sender: Party,
    pub recipient: Party,
}

#[derive(Debug, Clone)]
pub struct Party {
    pub name: String,
    pub email: String,
}

/// A transaction and those whom it is about.
#[derive(Debug, Clone)]
pub struct Case {
    pub transaction: Transaction,
    pub parties: Parties,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A finished payment out of a balance, the fee paid by the recipient.
    pub fn paid(amount: Money, fps_fee: Money, marketplace_fee: Money) -> Case {
        let party = |name: &str| Party { name: name.to_owned(), email: format!("{name}@example.com") };
        let transaction = Transaction {
            id: "T".to_owned(),
            access_key: "K".to_owned(),
            operation: FpsOperation::Pay,
            status: TransactionStatus::Success,
            status_code: StatusCode::Success,
            version: 0,
            amount,
            fps_fee,
            marketplace_fee,
            fixed_fee: marketplace_fee,
            variable_fee: Percent::ZERO,
            fee_payer: ChargeFeeTo::Recipient,
            settle_amount: None,
            refunded: Money::ZERO,
            marketplace_fee_refunded: Money::ZERO,
            payment_method: PaymentMethod::Abt,
            instrument_id: None,
            stored_value_id: None,
            sender_account_id: "sender".to_owned(),
            recipient_account_id: "recipient".to_owned(),
            sender_token_id: None,
            recipient_token_id: None,
            caller_reference: "c".to_owned(),
            caller_description: None,
            sender_description: None,
            override_ipn_url: None,
            parent_id: None,
            relation: None,
            refund_policy: None,
            hold_id: None,
            process_at: None,
            expires_at: None,
            received_at: 0,
            completed_at: Some(0),
        };
        let parties = Parties {
            caller_account_id: "caller".to_owned(),
            ipn_url: None,
            sender: party("sender"),
            recipient: party("recipient"),
        };
        Case { transaction, parties }
    }
}
