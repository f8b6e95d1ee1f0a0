//! The ledger, for the eye and for tests.

use super::Control;
use crate::domain::accounts;
use ledger::Kind;
use money::Money;
use platform::deeds::{Command, Deed, DeedRefused, Method};
use serde::Serialize;
use std::collections::HashMap;

pub const SHOW: Deed = Deed {
    name: "ledger",
    method: Method::Get,
    path: "/ledger",
    summary: "Every account of the books with its balance",
    fields: &[],
    answer: r#"{"sum":"0.000000","accounts":[{"id":"…","email":"…","kind":"…","balance":"…","held":"…"}],"transactions":1}"#,
    commands: &[Command {
        words: &["ledger"],
        summary: "Every account of the books with its balance, and their sum",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/books",
};

#[derive(Debug, Serialize)]
pub struct Ledger {
    /// Of all balances; zero when the ledger is in order.
    sum: String,
    accounts: Vec<Shown>,
    /// How many ledger transactions were posted.
    transactions: i64,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    /// Whose it is; not for Amazon's own accounts and the outside world.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    kind: &'static str,
    balance: String,
    held: String,
}

pub async fn show(control: &Control) -> Result<Ledger, DeedRefused> {
    let db = &control.payments.db;
    let owners = accounts::all(db).await?.into_iter();
    let mut emails: HashMap<String, String> = owners
        .map(|account| (accounts::ledger_account(&account.id).id().to_owned(), account.email))
        .collect();
    let balances = ledger::balances(db.readers()).await?;
    let sum = Money::sum(balances.iter().map(|balance| balance.total))
        .map_err(|error| DeedRefused::Internal(error.into()))?;
    let accounts = balances.iter().map(|balance| Shown {
        id: balance.account.id().to_owned(),
        email: emails.remove(balance.account.id()),
        kind: match balance.account.kind() {
            Kind::Stored => "Stored",
            Kind::Summed => "Summed",
        },
        balance: decimal(balance.total),
        held: decimal(balance.held),
    });
    let accounts = accounts.collect();
    Ok(Ledger { sum: decimal(sum), accounts, transactions: ledger::transaction_count(db.readers()).await? })
}

/// Four decimals, and all six where they say more: FPS fees go below a cent.
fn decimal(amount: Money) -> String {
    let exact = amount.to_six_decimals();
    exact.strip_suffix("00").map(str::to_owned).unwrap_or(exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(decimal(Money::ZERO), "0.0000");
        assert_eq!(decimal(Money::from_cents(-50_000)), "-500.0000");
        assert_eq!(decimal(Money::from_micros(24_850)), "0.024850");
    }
}
