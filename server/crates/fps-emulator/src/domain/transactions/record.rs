//! A transaction as it is kept.

use crate::domain::accounts::AccountId;
use crate::domain::transactions::life::{Kind, Life};
use fps_protocol::cbui::ShippingAddress;
use fps_protocol::enums::{
    ChargeFeeTo, FpsOperation, MarketplaceRefundPolicy, PaymentMethod, RelationType, StatusCode,
    TransactionStatus,
};
use fps_protocol::fees;
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TokenId, TransactionId};
use jiff::Timestamp;
use money::{Money, MoneyError, Percent};

#[derive(Debug, Clone)]
pub struct Transaction {
    pub id: TransactionId,
    pub access_key: AccessKey,
    pub kind: Kind,
    pub life: Life,
    /// Goes up with every change.
    pub version: i64,
    pub amount: Money,
    pub fps_fee: Money,
    pub marketplace_fee: Money,
    /// What the request asked for as marketplace fee: a partial Settle reckons it anew.
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    pub fee_payer: ChargeFeeTo,
    pub payment_method: PaymentMethod,
    /// What pays. The record of a marketplace fee, which is paid from the balance, names none.
    pub instrument_id: Option<InstrumentId>,
    pub sender_account_id: AccountId,
    pub recipient_account_id: AccountId,
    pub sender_token_id: Option<TokenId>,
    pub recipient_token_id: Option<TokenId>,
    pub caller_reference: CallerReference,
    pub caller_description: Option<String>,
    pub sender_description: Option<String>,
    pub override_ipn_url: Option<String>,
    pub received_at: Timestamp,
    pub parties: Parties,
}

/// What every transaction begins with.
#[derive(Debug)]
pub struct NewTransaction {
    pub id: TransactionId,
    pub access_key: AccessKey,
    pub kind: Kind,
    pub life: Life,
    pub amount: Money,
    pub payment_method: PaymentMethod,
    pub sender_account_id: AccountId,
    pub recipient_account_id: AccountId,
    pub caller_reference: CallerReference,
    pub received_at: Timestamp,
    pub parties: Parties,
}

impl Transaction {
    /// A transaction that has no fees, names no tokens and says nothing more.
    pub fn new(new: NewTransaction) -> Self {
        Self {
            id: new.id,
            access_key: new.access_key,
            kind: new.kind,
            life: new.life,
            version: 0,
            amount: new.amount,
            fps_fee: Money::ZERO,
            marketplace_fee: Money::ZERO,
            fixed_fee: Money::ZERO,
            variable_fee: Percent::ZERO,
            fee_payer: ChargeFeeTo::Recipient,
            payment_method: new.payment_method,
            instrument_id: None,
            sender_account_id: new.sender_account_id,
            recipient_account_id: new.recipient_account_id,
            sender_token_id: None,
            recipient_token_id: None,
            caller_reference: new.caller_reference,
            caller_description: None,
            sender_description: None,
            override_ipn_url: None,
            received_at: new.received_at,
            parties: new.parties,
        }
    }

    pub const fn operation(&self) -> FpsOperation {
        self.kind.operation()
    }

    /// What it is to its parent; `None` for what has none.
    pub const fn relation(&self) -> Option<RelationType> {
        self.kind.relation()
    }

    /// Of a refund, what is refunded; of a marketplace's fee, the payment that it is of.
    pub const fn parent_id(&self) -> Option<&TransactionId> {
        self.kind.parent_id()
    }

    /// Of a refund alone.
    pub const fn refund_policy(&self) -> Option<MarketplaceRefundPolicy> {
        self.kind.refund_policy()
    }

    /// The prepaid balance that is funded, or the debt that is settled or written off.
    pub const fn stored_value_id(&self) -> Option<&InstrumentId> {
        self.kind.stored_value_id()
    }

    pub const fn status(&self) -> TransactionStatus {
        self.life.status()
    }

    pub const fn status_code(&self) -> StatusCode {
        self.life.status_code()
    }

    /// When it ends by itself; `None` when it does not.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.life.expires_at()
    }

    /// When it came to its end; `None` before.
    pub const fn completed_at(&self) -> Option<Timestamp> {
        self.life.completed_at()
    }

    /// What is charged, or was: of a settled reserve what Settle asked for.
    pub const fn charged(&self) -> Money {
        match self.life {
            Life::Settling { amount, .. } => amount,
            Life::Completed { charged, .. } => charged,
            _ => self.amount,
        }
    }

    /// What Settle asked for; `None` for what is no reserve, or not settled.
    pub fn settle_amount(&self) -> Option<Money> {
        match self.life {
            Life::Settling { amount, .. } => Some(amount),
            Life::Completed { charged, .. } => Some(charged).filter(|_| self.kind == Kind::Reserve),
            _ => None,
        }
    }

    /// What went back to the sender so far.
    pub fn refunded(&self) -> Money {
        self.life.refunded().amount
    }

    /// What the caller gave back of its marketplace fee so far.
    pub fn marketplace_fee_refunded(&self) -> Money {
        self.life.refunded().marketplace_fee
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

    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|at| at <= now)
    }

    /// Ends it well: what was to be charged is.
    pub fn complete(&mut self, at: Timestamp) {
        self.life = Life::completed(self.charged(), at);
    }

    /// Counts what a refund gives back. Only what is complete can be refunded.
    pub fn count_refund(&mut self, to_sender: Money, of_marketplace_fee: Money) -> Result<(), MoneyError> {
        if let Life::Completed { refunded, .. } = &mut self.life {
            refunded.amount = refunded.amount.add(to_sender)?;
            refunded.marketplace_fee = refunded.marketplace_fee.add(of_marketplace_fee)?;
        }
        Ok(())
    }

    /// The linked record of the marketplace's fee, which the recipient pays to the caller. It keeps the names of
    /// the payment's parties; read back, it has its own.
    pub fn marketplace_fee_record(&self, id: TransactionId, caller_account_id: &AccountId) -> Self {
        Self {
            fee_payer: self.fee_payer,
            sender_token_id: self.recipient_token_id.clone(),
            caller_description: self.caller_description.clone(),
            sender_description: self.sender_description.clone(),
            ..Self::new(NewTransaction {
                id,
                access_key: self.access_key.clone(),
                kind: Kind::MarketplaceFee { of: self.id.clone() },
                life: Life::Follows {
                    status: self.status(),
                    code: self.status_code(),
                    completed_at: self.completed_at(),
                },
                amount: self.marketplace_fee,
                payment_method: PaymentMethod::Abt,
                sender_account_id: self.recipient_account_id.clone(),
                recipient_account_id: caller_account_id.clone(),
                caller_reference: self.caller_reference.clone(),
                received_at: self.received_at,
                parties: self.parties.clone(),
            })
        }
    }
}

/// Who a transaction is about, beside its ids.
#[derive(Debug, Clone)]
pub struct Parties {
    pub caller_account_id: AccountId,
    /// Where the caller's notifications go.
    pub ipn_url: Option<String>,
    pub sender: Party,
    pub recipient: Party,
    /// The address that the sender gave with the token that pays, if the caller asked for one.
    pub ship_to: Option<Box<ShippingAddress>>,
}

#[derive(Debug, Clone)]
pub struct Party {
    pub name: String,
    pub email: String,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A finished payment out of a balance, the fee paid by the recipient.
    pub fn paid(amount: Money, fps_fee: Money, marketplace_fee: Money) -> Transaction {
        let party = |name: &str| Party { name: name.to_owned(), email: format!("{name}@example.com") };
        let parties = Parties {
            caller_account_id: AccountId::new("caller").unwrap(),
            ipn_url: None,
            sender: party("sender"),
            recipient: party("recipient"),
            ship_to: None,
        };
        Transaction {
            fps_fee,
            marketplace_fee,
            fixed_fee: marketplace_fee,
            ..Transaction::new(NewTransaction {
                id: TransactionId::new("T").unwrap(),
                access_key: AccessKey::new("K").unwrap(),
                kind: Kind::Payment,
                life: Life::completed(amount, Timestamp::UNIX_EPOCH),
                amount,
                payment_method: PaymentMethod::Abt,
                sender_account_id: AccountId::new("sender").unwrap(),
                recipient_account_id: AccountId::new("recipient").unwrap(),
                caller_reference: CallerReference::new("c").unwrap(),
                received_at: Timestamp::UNIX_EPOCH,
                parties,
            })
        }
    }
}
