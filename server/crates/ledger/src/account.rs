use crate::rows::wrong;
use sqlx::AnyConnection;
use std::fmt;

/// How an account's balance is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// In a row of its own, guarded: it never falls below what is held, and so never below zero.
    Stored,
    /// As the sum of its postings, which may be negative: for the accounts that every sale touches (fees,
    /// the outside world), where a stored balance would queue all sales on one row.
    Summed,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "Stored",
            Self::Summed => "Summed",
        }
    }

    pub(crate) fn from_column(text: &str) -> Result<Self, sqlx::Error> {
        let known = [Self::Stored, Self::Summed].into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| wrong("kind", format!("{text:?} is no kind of account")))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of an account together with its kind, which decides what posting to it does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    id: String,
    kind: Kind,
}

impl Account {
    pub fn stored(id: impl Into<String>) -> Self {
        Self { id: id.into(), kind: Kind::Stored }
    }

    pub fn summed(id: impl Into<String>) -> Self {
        Self { id: id.into(), kind: Kind::Summed }
    }

    pub(crate) fn of_kind(id: String, kind: Kind) -> Self {
        Self { id, kind }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

/// Opens an account with nothing in it; one that is there already stays as it is.
pub async fn open_account(c: &mut AnyConnection, account: &Account) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ledger_accounts (id, kind, balance, held) VALUES ($1, $2, 0, 0) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(account.id())
    .bind(account.kind().as_str())
    .execute(c)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nobody_knows_is_no_kind() {
        assert_eq!(Kind::from_column("Summed").unwrap(), Kind::Summed);
        for word in ["", "stored", "Guessed"] {
            Kind::from_column(word).unwrap_err();
        }
    }
}
