//! The instruments that stand for stored value.

use crate::domain::accounts::AccountId;
use crate::domain::callers::Caller;
use crate::domain::instruments::{self, Instrument, simulated};
use crate::domain::ledger_accounts;
use crate::domain::ledger_transactions::InWords;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use ledger::{Entry, LedgerError, Transaction};
use money::Money;
use platform::Random;
use sqlx::AnyConnection;

/// A prepaid balance of the account with the caller; empty once installed.
pub fn prepaid(random: &Random, account_id: &AccountId, caller: &Caller, now: Timestamp) -> Instrument {
    Instrument {
        id: simulated::new_id(random),
        account_id: account_id.clone(),
        method: PaymentMethod::Prepaid,
        label: format!("Prepaid balance with {}", caller.display_name),
        last_four: None,
        expires: None,
        fingerprint: None,
        access_key: Some(caller.access_key.clone()),
        credit_limit: None,
        active: true,
        created_at: now,
    }
}

/// A credit that the caller gives the account; nothing is owed once installed.
pub fn credit(
    random: &Random,
    account_id: &AccountId,
    caller: &Caller,
    credit_limit: Money,
    now: Timestamp,
) -> Instrument {
    Instrument {
        method: PaymentMethod::Debt,
        label: format!("Credit from {}", caller.display_name),
        credit_limit: Some(credit_limit),
        ..prepaid(random, account_id, caller, now)
    }
}

/// Stores one of the two and opens its place in the books.
pub async fn install(c: &mut AnyConnection, instrument: &Instrument) -> Result<(), LedgerError> {
    instruments::insert(&mut *c, instrument).await?;
    let (Some(access_key), Some(limit)) = (&instrument.access_key, instrument.credit_limit) else {
        return Ok(ledger::open_account(c, &ledger_accounts::prepaid(&instrument.id)).await?);
    };
    let (credit, given) =
        (ledger_accounts::credit(&instrument.id), ledger_accounts::credit_given(access_key));
    for account in [&credit, &ledger_accounts::debt(&instrument.id), &given] {
        ledger::open_account(&mut *c, account).await?;
    }
    if !limit.is_positive() {
        return Ok(());
    }
    let entries = vec![Entry::new(given, Money::from_micros(-limit.micros())), Entry::new(credit, limit)];
    let at = instrument.created_at;
    let name = InWords::CreditGranted(instrument.id.clone());
    let granted =
        Transaction::new(name, at, entries).expect("two lines of the same amount, one against the other");
    ledger::post(c, &granted).await
}
