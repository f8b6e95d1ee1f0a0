//! In which role an account is in a transaction, who of them is paid, and who bears FPS's fee.

use crate::domain::accounts::AccountId;
use crate::domain::transactions::{Kind, Transaction};
use fps_protocol::enums::{ChargeFeeTo, TransactionalRole};
use money::{Money, MoneyError};

impl Transaction {
    pub const fn is_refund(&self) -> bool {
        matches!(self.kind, Kind::Refund { .. })
    }

    pub const fn account_in(&self, role: TransactionalRole) -> &AccountId {
        match role {
            TransactionalRole::Sender => &self.sender_account_id,
            TransactionalRole::Recipient => &self.recipient_account_id,
            TransactionalRole::Caller => &self.parties.caller_account_id,
        }
    }

    /// Every role that the account has in it: a caller can be paid itself.
    pub fn roles_of(&self, account_id: &AccountId) -> impl Iterator<Item = TransactionalRole> {
        let roles = [TransactionalRole::Sender, TransactionalRole::Recipient, TransactionalRole::Caller];
        roles.into_iter().filter(move |role| self.account_in(*role) == account_id)
    }

    /// The account's side: sender or recipient before caller. `None`: it has nothing to do with it.
    pub fn role_of(&self, account_id: &AccountId) -> Option<TransactionalRole> {
        self.roles_of(account_id).next()
    }

    /// Who was paid. Of a refund that is its sender, who gives the money back.
    pub const fn payee(&self) -> &AccountId {
        self.account_in(self.payee_role())
    }

    const fn payee_role(&self) -> TransactionalRole {
        if self.is_refund() { TransactionalRole::Sender } else { TransactionalRole::Recipient }
    }

    /// Who pays FPS's fee; of a refund, who gets it back.
    pub const fn fps_fee_payer(&self) -> TransactionalRole {
        match self.fee_payer {
            ChargeFeeTo::Caller => TransactionalRole::Caller,
            ChargeFeeTo::Recipient => self.payee_role(),
        }
    }

    /// One of its fees as who pays it counts it: below zero if it came back with a refund.
    pub fn fee_paid(&self, fee: Money) -> Result<Money, MoneyError> {
        if self.is_refund() { fee.neg() } else { Ok(fee) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::transactions::record::tests::paid;
    use fps_protocol::enums::MarketplaceRefundPolicy;
    use fps_protocol::ids::TransactionId;

    #[test]
    fn who_was_paid_gives_a_refund_and_gets_the_fee_back() {
        let payment = paid(Money::from_cents(1000), Money::from_cents(30), Money::from_cents(60));
        assert_eq!(payment.payee().as_str(), "recipient");
        assert_eq!(payment.fps_fee_payer(), TransactionalRole::Recipient);
        assert_eq!(payment.fee_paid(payment.fps_fee), Ok(Money::from_cents(30)));

        let mut refund = Transaction {
            kind: Kind::Refund {
                of: TransactionId::new("T").unwrap(),
                policy: MarketplaceRefundPolicy::MasterAndMarketplaceTxn,
            },
            ..payment
        };
        assert_eq!(refund.payee().as_str(), "sender");
        assert_eq!(refund.fps_fee_payer(), TransactionalRole::Sender);
        assert_eq!(refund.fee_paid(refund.fps_fee), Ok(Money::from_cents(-30)));
        refund.fee_payer = ChargeFeeTo::Caller;
        assert_eq!(refund.fps_fee_payer(), TransactionalRole::Caller);
    }

    #[test]
    fn a_caller_that_is_paid_has_two_roles() {
        let mut payment = paid(Money::from_cents(1000), Money::ZERO, Money::ZERO);
        payment.parties.caller_account_id = payment.recipient_account_id.clone();
        let roles: Vec<_> = payment.roles_of(&payment.recipient_account_id).collect();
        assert_eq!(roles, [TransactionalRole::Recipient, TransactionalRole::Caller]);
        assert_eq!(payment.role_of(&payment.recipient_account_id), Some(TransactionalRole::Recipient));
        assert_eq!(payment.role_of(&AccountId::new("other").unwrap()), None);
    }
}
