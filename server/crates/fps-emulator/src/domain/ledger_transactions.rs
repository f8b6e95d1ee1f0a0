//! The transactions of the books. What each is called in the ledger stands here and nowhere else: the books have each
//! name once, and so themselves refuse the same movement a second time.

use crate::domain::accounts::AccountId;
use fps_protocol::ids::{InstrumentId, TransactionId};
use ledger::Name;
use std::fmt;
use std::str::FromStr;
use text_types::InvalidId;

/// What a transaction of the books is to the FPS transaction that it belongs to. Rows are kept with these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Movement {
    /// A sender pays, and an FPS fee is taken.
    Charge = 1,
    /// The marketplace takes its fee of what a charge brought: of the FPS transaction of the fee, or where it has none of
    /// its own of that of the charge.
    MarketplaceFee = 2,
    Refund = 3,
    /// The marketplace gives its fee back to the recipient, with this refund.
    FeeReturned = 4,
    /// A refund reaches the card.
    RefundArrival = 5,
}

impl Movement {
    const ALL: [Self; 5] =
        [Self::Charge, Self::MarketplaceFee, Self::Refund, Self::FeeReturned, Self::RefundArrival];

    /// What the books call it.
    pub fn of(self, id: &TransactionId) -> Name {
        Name::of(self as u8, "transactions", id.as_str())
    }

    /// `None`: nobody here posts such a one.
    pub fn from_role(role: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|movement| *movement as u8 == role)
    }
}

/// A transaction of the books that belongs to no FPS transaction: it is called by words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum InWords {
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

impl From<InWords> for Name {
    fn from(name: InWords) -> Self {
        Self::words(name.to_string())
    }
}

impl fmt::Display for InWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreditGranted(id) => write!(f, "credit:{id}"),
            Self::Transfer(account_id, reference) => write!(f, "transfer:{account_id}:{reference}"),
            Self::Deposit(name) => write!(f, "deposit:{name}"),
        }
    }
}

impl FromStr for InWords {
    type Err = UnknownTransaction;

    fn from_str(text: &str) -> Result<Self, UnknownTransaction> {
        let unknown = || UnknownTransaction(text.to_owned());
        let (what, name) = text.split_once(':').ok_or_else(unknown)?;
        let not_an_id = |_: InvalidId| unknown();
        Ok(match what {
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
        for name in [
            InWords::CreditGranted("AB".parse().unwrap()),
            InWords::Transfer("AB".parse().unwrap(), "c:d".to_owned()),
            InWords::Deposit("01-02".to_owned()),
        ] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for movement in Movement::ALL {
            assert_eq!(Movement::from_role(movement as u8), Some(movement));
        }
    }

    #[test]
    fn what_nobody_posts_is_no_transaction() {
        for text in ["", "credit", "credits:1", "credit:-", "transfer:AB", " deposit:1"] {
            assert_eq!(text.parse::<InWords>(), Err(UnknownTransaction(text.to_owned())));
        }
        assert_eq!([0, 6].map(Movement::from_role), [None, None]);
    }
}
