//! The accounts of the books. What each is called in the ledger stands here and nowhere else.

use crate::domain::accounts::AccountId;
use fps_protocol::ids::{AccessKey, InstrumentId};
use ledger::{Account, Balance};
use money::Money;
use sqlx::{AnyConnection, AnyExecutor};
use std::fmt;
use std::str::FromStr;
use text_types::InvalidId;

/// An account of the books, by what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LedgerAccount {
    /// What the Amazon Payments account of this id has.
    Holder(AccountId),
    /// What is left of the prepaid balance of this instrument.
    Prepaid(InstrumentId),
    /// What is owed by this instrument. What is being settled is held in it.
    Debt(InstrumentId),
    /// What may still be owed by this instrument: the limit less the debt.
    Credit(InstrumentId),
    /// The other side of the credits that the caller with this access key gives: minus the sum of their
    /// limits. A memo, as debts and credits are: no money is behind it.
    CreditGiven(AccessKey),
    /// Amazon's earnings: the FPS fees.
    AmazonFees,
    /// Refunds to cards and banks that were taken from the recipient and have not arrived yet.
    RefundsInTransit,
    WorldCards,
    WorldBanks,
    /// Where balances come from that no sale made.
    WorldDeposits,
}

/// The ledger has an account that nobody here opens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no account of these books")]
pub struct UnknownAccount(String);

impl LedgerAccount {
    /// For postings and balances. What belongs to one person or instrument is stored and guarded: a prepaid
    /// balance cannot be overdrawn, a debt cannot be settled twice, and a credit limit cannot be exceeded,
    /// however many ask at once. Every sale touches the others, so their balances are summed.
    pub fn account(&self) -> Account {
        match self {
            Self::Holder(_) | Self::Prepaid(_) | Self::Debt(_) | Self::Credit(_) => {
                Account::stored(self.to_string())
            }
            Self::CreditGiven(_)
            | Self::AmazonFees
            | Self::RefundsInTransit
            | Self::WorldCards
            | Self::WorldBanks
            | Self::WorldDeposits => Account::summed(self.to_string()),
        }
    }

    /// What one of the ledger's accounts stands for.
    pub fn of(account: &Account) -> Result<Self, UnknownAccount> {
        account.id().parse()
    }
}

/// What is left of a prepaid balance.
pub fn prepaid(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Prepaid(instrument_id.clone()).account()
}

/// What is owed. What is being settled is held in it.
pub fn debt(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Debt(instrument_id.clone()).account()
}

/// What may still be owed: the limit less the debt.
pub fn credit(instrument_id: &InstrumentId) -> Account {
    LedgerAccount::Credit(instrument_id.clone()).account()
}

/// The other side of the credits that a caller gives.
pub fn credit_given(access_key: &AccessKey) -> Account {
    LedgerAccount::CreditGiven(access_key.clone()).account()
}

/// Amazon's earnings: the FPS fees.
pub fn amazon_fees() -> Account {
    LedgerAccount::AmazonFees.account()
}

/// Refunds to cards and banks that were taken from the recipient and have not arrived yet.
pub fn refunds_in_transit() -> Account {
    LedgerAccount::RefundsInTransit.account()
}

pub fn world_cards() -> Account {
    LedgerAccount::WorldCards.account()
}

pub fn world_banks() -> Account {
    LedgerAccount::WorldBanks.account()
}

/// Where balances come from that no sale made.
pub fn world_deposits() -> Account {
    LedgerAccount::WorldDeposits.account()
}

/// Opens those that belong to nobody's Amazon Payments account; done once, when the demo data is made. Posting to one that is missing is refused.
pub async fn open_shared(c: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for account in [amazon_fees(), refunds_in_transit(), world_cards(), world_banks(), world_deposits()] {
        ledger::open_account(&mut *c, &account).await?;
    }
    Ok(())
}

/// What is in an account and how much of it is held; zero for one that was never opened.
pub async fn balance<'c>(reader: impl AnyExecutor<'c>, account: Account) -> Result<Balance, sqlx::Error> {
    let found = ledger::balance(reader, &account).await?;
    Ok(found.unwrap_or(Balance { account, total: Money::ZERO, held: Money::ZERO }))
}

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holder(id) => write!(f, "account:{id}"),
            Self::Prepaid(id) => write!(f, "prepaid:{id}"),
            Self::Debt(id) => write!(f, "debt:{id}"),
            Self::Credit(id) => write!(f, "credit:{id}"),
            Self::CreditGiven(access_key) => write!(f, "credit-given:{access_key}"),
            Self::AmazonFees => f.write_str("amazon:fees"),
            Self::RefundsInTransit => f.write_str("amazon:refunds-in-transit"),
            Self::WorldCards => f.write_str("world:cards"),
            Self::WorldBanks => f.write_str("world:banks"),
            Self::WorldDeposits => f.write_str("world:deposits"),
        }
    }
}

impl FromStr for LedgerAccount {
    type Err = UnknownAccount;

    fn from_str(text: &str) -> Result<Self, UnknownAccount> {
        let unknown = || UnknownAccount(text.to_owned());
        let (family, name) = text.split_once(':').ok_or_else(unknown)?;
        let not_an_id = |_: InvalidId| unknown();
        Ok(match (family, name) {
            ("account", id) => Self::Holder(id.parse().map_err(not_an_id)?),
            ("prepaid", id) => Self::Prepaid(id.parse().map_err(not_an_id)?),
            ("debt", id) => Self::Debt(id.parse().map_err(not_an_id)?),
            ("credit", id) => Self::Credit(id.parse().map_err(not_an_id)?),
            ("credit-given", access_key) => Self::CreditGiven(access_key.parse().map_err(not_an_id)?),
            ("amazon", "fees") => Self::AmazonFees,
            ("amazon", "refunds-in-transit") => Self::RefundsInTransit,
            ("world", "cards") => Self::WorldCards,
            ("world", "banks") => Self::WorldBanks,
            ("world", "deposits") => Self::WorldDeposits,
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_read_as_what_it_was_written_as() {
        let id = || "AB".parse().unwrap();
        for account in [
            LedgerAccount::Holder("AB".parse().unwrap()),
            LedgerAccount::Prepaid(id()),
            LedgerAccount::Debt(id()),
            LedgerAccount::Credit(id()),
            LedgerAccount::CreditGiven("AB".parse().unwrap()),
            LedgerAccount::AmazonFees,
            LedgerAccount::RefundsInTransit,
            LedgerAccount::WorldCards,
            LedgerAccount::WorldBanks,
            LedgerAccount::WorldDeposits,
        ] {
            assert_eq!(LedgerAccount::of(&account.account()), Ok(account));
        }
    }

    #[test]
    fn what_nobody_opens_is_no_account() {
        for text in ["", "debt", "debts:1", "amazon:", "amazon:fee", "world:moon", " debt:1"] {
            assert_eq!(text.parse::<LedgerAccount>(), Err(UnknownAccount(text.to_owned())));
        }
    }
}
