//! What stored value moves in the books, whatever the amounts.

use crate::domain::accounts::AccountId;
use crate::domain::transactions::movements::{RefundSplit, charge, hold, refund, refund_split};
use crate::domain::transactions::record::tests::paid;
use crate::domain::transactions::{self, Kind};
use fps_protocol::enums::MarketplaceRefundPolicy::MasterTxnOnly;
use fps_protocol::enums::{ChargeFeeTo, FpsOperation, PaymentMethod};
use fps_protocol::ids::InstrumentId;
use jiff::Timestamp;
use ledger::{Entry, Transaction};
use money::Money;
use proptest::prelude::*;

const AT: Timestamp = Timestamp::UNIX_EPOCH;

/// A payment to the caller itself, as all of these are.
fn made(operation: FpsOperation, method: PaymentMethod, amount: i64, fee: i64) -> transactions::Transaction {
    let mut transaction = paid(Money::from_micros(amount), Money::from_micros(fee), Money::ZERO);
    let stored_value_id = InstrumentId::new("v").unwrap();
    transaction.kind = match operation {
        FpsOperation::FundPrepaid => Kind::FundPrepaid { stored_value_id },
        FpsOperation::SettleDebt => Kind::SettleDebt { stored_value_id },
        FpsOperation::WriteOffDebt => Kind::WriteOffDebt { stored_value_id },
        _ => Kind::Payment,
    };
    transaction.payment_method = method;
    transaction.instrument_id = Some(InstrumentId::new("i").unwrap());
    transaction.recipient_account_id = AccountId::new("caller").unwrap();
    if operation == FpsOperation::FundPrepaid {
        transaction.fee_payer = ChargeFeeTo::Caller;
    }
    transaction
}

fn entries(movements: &[Transaction]) -> Vec<&Entry> {
    movements.iter().flat_map(Transaction::entries).collect()
}

/// What the movements do to one account.
fn line(movements: &[Transaction], account: &str) -> i64 {
    let lines = entries(movements).into_iter().filter(|entry| entry.account.id() == account);
    lines.map(|entry| entry.amount.micros()).sum()
}

/// What is owed and what may be owed, of all instruments.
fn memo(movements: &[Transaction]) -> i64 {
    let is_memo = |id: &str| id.starts_with("debt:") || id.starts_with("credit:");
    let lines = entries(movements).into_iter().filter(|entry| is_memo(entry.account.id()));
    lines.map(|entry| entry.amount.micros()).sum()
}

proptest! {
    /// All that is paid is in the balance; the fee comes from the caller.
    #[test]
    fn funding_fills_by_the_whole_amount(amount in 100i64..100_000_000_000, share in 0i64..50) {
        let fee = amount * share / 100;
        for (method, source) in [
            (PaymentMethod::Abt, "account:sender"),
            (PaymentMethod::Ach, "world:banks"),
            (PaymentMethod::Cc, "world:cards"),
        ] {
            let movement = charge(&made(FpsOperation::FundPrepaid, method, amount, fee), None, AT).unwrap();
            prop_assert_eq!(line(&movement, source), -amount);
            prop_assert_eq!(line(&movement, "prepaid:v"), amount);
            prop_assert_eq!(line(&movement, "account:caller"), -fee);
            prop_assert_eq!(line(&movement, "amazon:fees"), fee);
        }
    }

    /// Neither paying by debt nor writing one off touches money, and settling touches both by as much.
    #[test]
    fn debts_and_money_do_not_mix(amount in 100i64..100_000_000_000, share in 0i64..50) {
        let fee = amount * share / 100;
        let bought = charge(&made(FpsOperation::Pay, PaymentMethod::Debt, amount, 0), None, AT).unwrap();
        prop_assert_eq!((entries(&bought).len(), line(&bought, "debt:i"), memo(&bought)), (2, amount, 0));
        let gone = charge(&made(FpsOperation::WriteOffDebt, PaymentMethod::Debt, amount, 0), None, AT).unwrap();
        prop_assert_eq!((entries(&gone).len(), line(&gone, "debt:v"), memo(&gone)), (2, -amount, 0));
        let settlement = made(FpsOperation::SettleDebt, PaymentMethod::Cc, amount, fee);
        let settled = charge(&settlement, None, AT).unwrap();
        prop_assert_eq!((line(&settled, "debt:v"), memo(&settled)), (-amount, 0));
        prop_assert_eq!(line(&settled, "world:cards"), -amount);
        prop_assert_eq!(line(&settled, "account:caller"), amount - fee);
        let held = hold(&settlement).unwrap();
        prop_assert_eq!((held.account.id(), held.amount.micros()), ("debt:v", amount));
    }

    /// What of a refund is no longer owed is not paid, and the rest is.
    #[test]
    fn a_refund_of_a_debt_is_split(amount in 100i64..100_000_000_000, owed in 0i64..100) {
        let original = made(FpsOperation::Pay, PaymentMethod::Debt, amount, 0);
        let whole = Money::from_micros(amount);
        let split = refund_split(&original, whole, MasterTxnOnly).unwrap();
        let forgiven = amount * owed / 100;
        let split = RefundSplit { forgiven: Money::from_micros(forgiven), ..split };
        let movement = refund(&original, &original, split, AT).unwrap();
        prop_assert_eq!((line(&movement, "debt:i"), memo(&movement)), (-forgiven, 0));
        prop_assert_eq!(line(&movement, "account:sender"), amount - forgiven);
        prop_assert_eq!(line(&movement, "account:caller"), forgiven - amount);
    }

    /// Out of the prepaid balance, and back to it.
    #[test]
    fn a_prepaid_payment_is_undone_by_its_refund(amount in 100i64..100_000_000_000) {
        let payment = made(FpsOperation::Pay, PaymentMethod::Prepaid, amount, 0);
        let paid = charge(&payment, None, AT).unwrap();
        prop_assert_eq!(line(&paid, "prepaid:i"), -amount);
        let whole = Money::from_micros(amount);
        let split = refund_split(&payment, whole, MasterTxnOnly).unwrap();
        let back = refund(&payment, &payment, split, AT).unwrap();
        prop_assert_eq!(line(&back, "prepaid:i"), amount);
        prop_assert_eq!(line(&back, "account:caller"), -line(&paid, "account:caller"));
        let held = hold(&payment).unwrap();
        prop_assert_eq!(held.account.id(), "prepaid:i");
    }
}
