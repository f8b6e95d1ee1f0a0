//! The accounts of the books that belong to nobody's Amazon Payments account.

use crate::domain::ledger_accounts::LedgerAccount;
use ledger::Account;
use sqlx::AnyConnection;

/// Amazon's earnings: the FPS fees.
pub fn amazon_fees() -> Account {
    LedgerAccount::AmazonFees.book()
}

/// Refunds to cards and banks that were taken from the recipient and have not arrived yet.
pub fn refunds_in_transit() -> Account {
    LedgerAccount::RefundsInTransit.book()
}

pub fn world_cards() -> Account {
    LedgerAccount::WorldCards.book()
}

pub fn world_banks() -> Account {
    LedgerAccount::WorldBanks.book()
}

/// Where balances come from that no sale made.
pub fn world_deposits() -> Account {
    LedgerAccount::WorldDeposits.book()
}

/// Opens all of them; done once, when the demo data is made. Posting to one that is missing is refused.
pub async fn open(c: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for account in [amazon_fees(), refunds_in_transit(), world_cards(), world_banks(), world_deposits()] {
        ledger::open_account(&mut *c, &account).await?;
    }
    Ok(())
}
