//! The transactions of the books. What each is called in the ledger stands here and nowhere else: the books have each
//! name once, and so themselves refuse the same movement a second time.

use crate::domain::accounts::AccountId;
use fps_protocol::ids::{InstrumentId, TransactionId};
use std::fmt;
use std::str::FromStr;
use text_types::InvalidId;

/// A transaction of the books, by what it is and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LedgerTransaction {
    /// A sender pays, and an FPS fee is taken.
    Charge(TransactionId),
    /// The marketplace takes its fee of what a charge brought: the FPS transaction of the fee, or where it has none of
    /// its own that of the charge.
    MarketplaceFee(TransactionId),
    Refund(TransactionId),
    /// The marketplace gives its fee back to the recipient, with this refund.
    FeeReturned(TransactionId),
    /// A refund reaches the card.
    RefundArrival(TransactionId),
    CreditGranted(InstrumentId),
    /// To or from the bank account of its owner, as a form of this reference asked for.
    Transfer(AccountId, String),
    /// Money that no bank account and no sale brought, by a name that is given to it.
    Deposit(String),
}

/// The ledger has a transaction that nobody here posts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no transaction of these books")]
pub struct UnknownTransaction(String);

impl LedgerTransaction {
    /// The FPS transaction that it belongs to.
    pub fn transaction_id(&self) -> Option<&TransactionId> {
        match self {
            Self::Charge(id)
            | Self::MarketplaceFee(id)
            | Self::Refund(id)
            | Self::FeeReturned(id)
            | Self::RefundArrival(id) => Some(id),
            Self::CreditGranted(_) | Self::Transfer(..) | Self::Deposit(_) => None,
        }
    }
}

impl fmt::Display for LedgerTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Charge(id) => write!(f, "charge:{id}"),
            Self::MarketplaceFee(id) => write!(f, "fee:{id}"),
            Self::Refund(id) => write!(f, "refund:{id}"),
            Self::FeeReturned(id) => write!(f, "fee-refund:{id}"),
            Self::RefundArrival(id) => write!(f, "refund-arrival:{id}"),
            Self::CreditGranted(id) => write!(f, "credit:{id}"),
            Self::Transfer(account_id, reference) => write!(f, "transfer:{account_id}:{reference}"),
            Self::Deposit(name) => write!(f, "deposit:{name}"),
        }
    }
}

impl FromStr for LedgerTransaction {
    type Err = UnknownTransaction;

    fn from_str(text: &str) -> Result<Self, UnknownTransaction> {
        let unknown = || UnknownTransaction(text.to_owned());
        let (what, name) = text.split_once(':').ok_or_else(unknown)?;
        let not_an_id = |_: InvalidId| unknown();
        let transaction_id = || name.parse().map_err(not_an_id);
        Ok(match what {
            "charge" => Self::Charge(transaction_id()?),
            "fee" => Self::MarketplaceFee(transaction_id()?),
            "refund" => Self::Refund(transaction_id()?),
            "fee-refund" => Self::FeeReturned(transaction_id()?),
            "refund-arrival" => Self::RefundArrival(transaction_id()?),
            "credit" => Self::CreditGranted(name.parse().map_err(not_an_id)?),
            "transfer" => {
                let (account_id, reference) = name.split_once(':').ok_or_else(unknown)?;
                Self::Transfer(account_id.parse().map_err(not_an_id)?, reference.to_owned())
            }
            "deposit" => Self::Deposit(name.to_owned()),
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transaction_is_read_as_what_it_was_written_as() {
        let id = || "AB".parse().unwrap();
        for transaction in [
            LedgerTransaction::Charge(id()),
            LedgerTransaction::MarketplaceFee(id()),
            LedgerTransaction::Refund(id()),
            LedgerTransaction::FeeReturned(id()),
            LedgerTransaction::RefundArrival(id()),
            LedgerTransaction::CreditGranted("AB".parse().unwrap()),
            LedgerTransaction::Transfer("AB".parse().unwrap(), "c:d".to_owned()),
            LedgerTransaction::Deposit("01-02".to_owned()),
        ] {
            assert_eq!(transaction.to_string().parse(), Ok(transaction));
        }
    }

    #[test]
    fn what_nobody_posts_is_no_transaction() {
        for text in ["", "charge", "charges:1", "charge:-", "transfer:AB", " refund:1"] {
            assert_eq!(text.parse::<LedgerTransaction>(), Err(UnknownTransaction(text.to_owned())));
        }
    }
}
