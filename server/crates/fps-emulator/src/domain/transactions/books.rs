//! The accounts of the books that belong to nobody's Amazon Payments account. Every sale touches them,
//! so their balances are summed.

use ledger::Account;
use sqlx::AnyConnection;

/// Amazon's earnings: the FPS fees.
pub fn amazon_fees() -> Account {
    Account::summed("amazon:fees")
}

/// Refunds to cards and banks that were taken from the recipient and have not arrived yet.
pub fn refunds_in_transit() -> Account {
    Account::summed("amazon:refunds-in-transit")
}

pub fn world_cards() -> Account {
    Account::summed("world:cards")
}

pub fn world_banks() -> Account {
    Account::summed("world:banks")
}

/// Where balances come from that no sale made.
pub fn world_deposits() -> Account {
    Account::summed("world:deposits")
}

/// Opens all of them; done once, when the demo data is made. Posting to one that is missing is refused.
pub async fn open(c: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for account in [amazon_fees(), refunds_in_transit(), world_cards(), world_banks(), world_deposits()] {
        ledger::open_account(&mut *c, &account).await?;
    }
    Ok(())
}
