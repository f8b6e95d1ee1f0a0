//! What a transaction moves in the books. The names of the movements follow from the transaction's id, so
//! that the books themselves refuse the same movement a second time.

use crate::domain::accounts::ledger_account;
use crate::domain::ledger_accounts;
use crate::domain::ledger_transactions::Movement;
use crate::domain::transactions::{Kind, Transaction};
use fps_protocol::enums::{ChargeFeeTo, MarketplaceRefundPolicy, PaymentMethod};
use fps_protocol::fees;
use fps_protocol::ids::{InstrumentId, TransactionId};
use jiff::Timestamp;
use ledger::{Account, Entry, Hold, HoldId, Name};
use money::{Money, MoneyError};

/// Why nothing can be moved.
#[derive(Debug, thiserror::Error)]
pub enum MovementError {
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error("transaction {0} is paid by an instrument that it does not name")]
    NoInstrument(TransactionId),
    #[error("a movement does not balance: {0}")]
    Unbalanced(#[from] ledger::Unbalanced),
}

/// Where the sender's money comes from.
fn source(transaction: &Transaction) -> Result<Account, MovementError> {
    Ok(match transaction.payment_method {
        PaymentMethod::Abt => ledger_account(&transaction.sender_account_id),
        PaymentMethod::Prepaid => ledger_accounts::prepaid(instrument(transaction)?),
        PaymentMethod::Debt => ledger_accounts::credit(instrument(transaction)?),
        PaymentMethod::Ach => ledger_accounts::world_banks(),
        PaymentMethod::Cc => ledger_accounts::world_cards(),
    })
}

/// The prepaid balance or credit that pays.
fn instrument(transaction: &Transaction) -> Result<&InstrumentId, MovementError> {
    let instrument = transaction.instrument_id.as_ref();
    instrument.ok_or_else(|| MovementError::NoInstrument(transaction.id.clone()))
}

/// A memo: so much more is owed, or less, and the credit that is left follows.
fn debt_change(instrument_id: &InstrumentId, change: Money) -> Result<[Entry; 2], MoneyError> {
    Ok([
        Entry::new(ledger_accounts::debt(instrument_id), change),
        Entry::new(ledger_accounts::credit(instrument_id), change.neg()?),
    ])
}

/// A movement of these lines. Those that move nothing are left out, and `None` is a movement of nothing.
fn movement(
    name: Name,
    at: Timestamp,
    lines: Vec<Entry>,
) -> Result<Option<ledger::Transaction>, MovementError> {
    let lines: Vec<Entry> = lines.into_iter().filter(|line| !line.amount.is_zero()).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    Ok(Some(ledger::Transaction::new(name, at, lines)?))
}

/// The marketplace's fee, or so much of it, from the recipient to the caller.
fn marketplace_lines(transaction: &Transaction, fee: Money) -> Result<Vec<Entry>, MoneyError> {
    Ok(vec![
        Entry::new(ledger_account(&transaction.recipient_account_id), fee.neg()?),
        Entry::new(ledger_account(&transaction.parties.caller_account_id), fee),
    ])
}

/// Charges the sender, and takes the marketplace's fee of what the recipient got: two linked movements, as
/// FPS has two linked transactions (fps.md §4). `fee_id` is the record of the second. A payment by debt
/// moves nothing but what is owed, and a debt that is written off too.
pub fn charge(
    transaction: &Transaction,
    fee_id: Option<&TransactionId>,
    at: Timestamp,
) -> Result<Vec<ledger::Transaction>, MovementError> {
    let charged = transaction.charged();
    let lines = match (&transaction.kind, transaction.payment_method) {
        (Kind::WriteOffDebt { stored_value_id }, _) => debt_change(stored_value_id, charged.neg()?)?.into(),
        (_, PaymentMethod::Debt) => debt_change(instrument(transaction)?, charged)?.into(),
        (Kind::FundPrepaid { stored_value_id }, _) => {
            money_lines(transaction, ledger_accounts::prepaid(stored_value_id))?
        }
        (Kind::SettleDebt { stored_value_id }, _) => {
            let mut lines = money_lines(transaction, ledger_account(&transaction.recipient_account_id))?;
            lines.extend(debt_change(stored_value_id, charged.neg()?)?);
            lines
        }
        _ => money_lines(transaction, ledger_account(&transaction.recipient_account_id))?,
    };
    let id = &transaction.id;
    let fee = marketplace_lines(transaction, transaction.marketplace_fee)?;
    let movements = [
        movement(Movement::Charge.of(id), at, lines)?,
        movement(Movement::MarketplaceFee.of(fee_id.unwrap_or(id)), at, fee)?,
    ];
    Ok(movements.into_iter().flatten().collect())
}

/// From the sender to `recipient`, and the FPS fee from whoever pays it.
fn money_lines(transaction: &Transaction, recipient: Account) -> Result<Vec<Entry>, MovementError> {
    let charged = transaction.charged();
    let split =
        fees::split(charged, transaction.fps_fee, transaction.marketplace_fee, transaction.fee_payer)?;
    Ok(vec![
        Entry::new(source(transaction)?, charged.neg()?),
        Entry::new(recipient, split.recipient.add(transaction.marketplace_fee)?),
        Entry::new(
            ledger_account(&transaction.parties.caller_account_id),
            split.caller.sub(transaction.marketplace_fee)?,
        ),
        Entry::new(ledger_accounts::amazon_fees(), split.amazon),
    ])
}

/// Names what holds money, or a debt, back for a transaction.
pub fn hold_id(transaction_id: &TransactionId) -> HoldId {
    HoldId::new(format!("hold:{transaction_id}")).expect("a text that is not empty")
}

/// Holds a balance back for a reserve, or the part of a debt that is being settled.
pub fn hold(transaction: &Transaction) -> Result<Hold, MovementError> {
    let account = match &transaction.kind {
        Kind::SettleDebt { stored_value_id } => ledger_accounts::debt(stored_value_id),
        _ => source(transaction)?,
    };
    let (amount, placed_at) = (transaction.amount, transaction.received_at);
    Ok(Hold { id: hold_id(&transaction.id), account, amount, placed_at })
}

/// What is held for it now, if anything is.
pub fn held(transaction: &Transaction) -> Result<Option<Hold>, MovementError> {
    transaction.life.hold_id().map(|_| hold(transaction)).transpose()
}

/// Who gives what back for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RefundSplit {
    /// What the sender gets.
    pub sender: Money,
    /// What the caller gives back of its marketplace fee.
    pub marketplace: Money,
    /// What Amazon gives back of its fee, to whoever paid it.
    pub amazon: Money,
    /// What of the sender's share is not paid but only no longer owed: of a payment by debt.
    pub forgiven: Money,
}

/// The split of a refund of `amount`, with the policies of fps.md §4. Fees go back in proportion to
/// all that is refunded so far, so that partial refunds that add up to the whole give back whole fees.
pub fn refund_split(
    original: &Transaction,
    amount: Money,
    policy: MarketplaceRefundPolicy,
) -> Result<RefundSplit, MoneyError> {
    if policy == MarketplaceRefundPolicy::MarketplaceTxnOnly {
        return Ok(RefundSplit { sender: Money::ZERO, marketplace: amount, ..RefundSplit::default() });
    }
    let (charged, before) = (original.charged(), original.refunded());
    let after = before.add(amount)?;
    let share = |fee: Money| fee.proportion(after, charged)?.sub(fee.proportion(before, charged)?);
    let marketplace = match policy {
        MarketplaceRefundPolicy::MasterAndMarketplaceTxn => {
            let left = original.marketplace_fee.sub(original.marketplace_fee_refunded())?;
            share(original.marketplace_fee)?.min(left)
        }
        _ => Money::ZERO,
    };
    let amazon = share(original.fps_fee)?;
    Ok(RefundSplit { sender: amount, marketplace, amazon, ..RefundSplit::default() })
}

/// Takes a refund from those who got the money. A balance gets it at once, also for a payment from a bank
/// account; to a card it is on its way until the processor answers (fps.md §5).
pub fn refund(
    refund: &Transaction,
    original: &Transaction,
    split: RefundSplit,
    at: Timestamp,
) -> Result<Vec<ledger::Transaction>, MovementError> {
    let (to_recipient, to_caller) = match original.fee_payer {
        ChargeFeeTo::Recipient => (split.amazon, Money::ZERO),
        ChargeFeeTo::Caller => (Money::ZERO, split.amazon),
    };
    let paid_back = split.sender.sub(split.forgiven)?;
    let destination = match original.payment_method {
        PaymentMethod::Cc => ledger_accounts::refunds_in_transit(),
        PaymentMethod::Prepaid => ledger_accounts::prepaid(instrument(original)?),
        // What was owed for a debt is settled already.
        PaymentMethod::Abt | PaymentMethod::Ach | PaymentMethod::Debt => {
            ledger_account(&original.sender_account_id)
        }
    };
    let mut lines = vec![
        Entry::new(destination, paid_back),
        Entry::new(ledger_account(&original.recipient_account_id), to_recipient.sub(paid_back)?),
        Entry::new(ledger_account(&original.parties.caller_account_id), to_caller),
        Entry::new(ledger_accounts::amazon_fees(), split.amazon.neg()?),
    ];
    if split.forgiven.is_positive() {
        lines.extend(debt_change(instrument(original)?, split.forgiven.neg()?)?);
    }
    let fee = marketplace_lines(original, split.marketplace.neg()?)?;
    let movements = [
        movement(Movement::Refund.of(&refund.id), at, lines)?,
        movement(Movement::FeeReturned.of(&refund.id), at, fee)?,
    ];
    Ok(movements.into_iter().flatten().collect())
}

/// A refund reaches the card.
pub fn refund_arrival(
    refund: &Transaction,
    at: Timestamp,
) -> Result<Vec<ledger::Transaction>, MovementError> {
    let lines = vec![
        Entry::new(ledger_accounts::refunds_in_transit(), refund.amount.neg()?),
        Entry::new(ledger_accounts::world_cards(), refund.amount),
    ];
    let arrival = movement(Movement::RefundArrival.of(&refund.id), at, lines)?;
    Ok(arrival.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::transactions::record::tests::paid;
    use MarketplaceRefundPolicy::{MarketplaceTxnOnly, MasterAndMarketplaceTxn, MasterTxnOnly};
    use proptest::prelude::*;

    fn cents(cents: i32) -> Money {
        Money::from_cents(cents)
    }

    /// The balance of an account after the movements.
    fn line(movements: &[ledger::Transaction], account: &str) -> Money {
        let entries = movements.iter().flat_map(ledger::Transaction::entries);
        let lines = entries.filter(|entry| entry.account.id() == account);
        Money::sum(lines.map(|entry| entry.amount)).unwrap()
    }

    #[test]
    fn a_charge_is_split_into_linked_movements() {
        let mut transaction = paid(cents(1000), cents(59), cents(100));
        let fee_id = TransactionId::new("F").unwrap();
        transaction.payment_method = PaymentMethod::Cc;
        let movement = charge(&transaction, Some(&fee_id), Timestamp::UNIX_EPOCH).unwrap();
        let [master, fee] = &movement[..] else { panic!("{movement:?}") };
        assert_eq!(*master.name(), Movement::Charge.of(&transaction.id));
        assert_eq!(*fee.name(), Movement::MarketplaceFee.of(&fee_id));
        assert_eq!(line(std::slice::from_ref(master), "account:recipient"), cents(941));
        assert_eq!(line(std::slice::from_ref(fee), "account:recipient"), cents(-100));
        assert_eq!(line(&movement, "world:cards"), cents(-1000));
        assert_eq!(line(&movement, "account:recipient"), cents(841));
        assert_eq!(line(&movement, "account:caller"), cents(100));
        assert_eq!(line(&movement, "amazon:fees"), cents(59));

        transaction.fee_payer = ChargeFeeTo::Caller;
        let movement = charge(&transaction, Some(&fee_id), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(line(&movement, "account:recipient"), cents(900));
        assert_eq!(line(&movement, "account:caller"), cents(41));
    }

    #[test]
    fn the_policies_say_who_gives_back_what() {
        let original = paid(cents(1000), cents(50), cents(100));
        let moved = |policy, amount| {
            let split = refund_split(&original, amount, policy).unwrap();
            let movement = refund(&original, &original, split, Timestamp::UNIX_EPOCH).unwrap();
            ["sender", "recipient", "caller"].map(|who| line(&movement, &format!("account:{who}")))
        };
        assert_eq!(moved(MasterTxnOnly, cents(1000)), [cents(1000), cents(-950), cents(0)]);
        assert_eq!(moved(MasterTxnOnly, cents(300)), [cents(300), cents(-285), cents(0)]);
        assert_eq!(moved(MasterAndMarketplaceTxn, cents(1000)), [cents(1000), cents(-850), cents(-100)]);
        assert_eq!(moved(MarketplaceTxnOnly, cents(100)), [cents(0), cents(100), cents(-100)]);
    }

    #[test]
    fn a_bank_payment_is_refunded_to_the_balance() {
        let mut original = paid(cents(1000), cents(50), cents(0));
        original.payment_method = PaymentMethod::Ach;
        let split = refund_split(&original, cents(1000), MasterTxnOnly).unwrap();
        let movement = refund(&original, &original, split, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(line(&movement, "account:sender"), cents(1000));
        assert_eq!(line(&movement, "amazon:refunds-in-transit"), cents(0));
    }

    proptest! {
        /// Partial refunds that add up to the whole give back exactly what was paid.
        #[test]
        fn partial_refunds_return_whole_fees(
            charged in 100i64..100_000_000,
            fee_share in 0i64..40,
            marketplace_share in 0i64..40,
            cuts in prop::collection::vec(1i64..100, 1..5),
        ) {
            let whole = Money::from_micros(charged);
            let fee = Money::from_micros(charged * fee_share / 100);
            let marketplace = Money::from_micros(charged * marketplace_share / 100);
            let mut original = paid(whole, fee, marketplace);
            let (mut fees, mut marketplace_fees) = (Money::ZERO, Money::ZERO);
            let mut parts: Vec<i64> = cuts.iter().map(|cut| charged * cut / 1000).filter(|part| *part > 0).collect();
            parts.push(charged - parts.iter().sum::<i64>());
            for part in parts {
                let amount = Money::from_micros(part);
                let split = refund_split(&original, amount, MasterAndMarketplaceTxn).unwrap();
                let moved = refund(&original, &original, split, Timestamp::UNIX_EPOCH);
                prop_assert!(moved.is_ok());
                fees = fees.add(split.amazon).unwrap();
                marketplace_fees = marketplace_fees.add(split.marketplace).unwrap();
                original.count_refund(amount, split.marketplace).unwrap();
            }
            prop_assert_eq!(fees, fee);
            prop_assert_eq!(marketplace_fees, marketplace);
        }
    }
}
