//! The books, for whoever wants to know whether they are right.

use super::Control;
use crate::engine::books::{self, BooksError, Invariant, Posted, Statement, TrialBalance};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::Deserialize;

const PAGE: &str = "/lab/books";

pub const TRIAL_BALANCE: Deed = Deed {
    name: "books",
    method: Method::Get,
    path: "/books/trial-balance",
    summary: "Every account of the books, whose it is and what it has; all together are zero",
    fields: &[],
    answer: r#"{"sum":"0.000000","accounts":[{"account":"account:…","kind":"Stored","whose":"John Doe","email":"john@example.com","balance":"500.000000","held":"0.000000"}]}"#,
    commands: &[Command {
        words: &["books", "show"],
        summary: "Every account of the books, whose it is and what it has",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

pub const STATEMENT: Deed = Deed {
    name: "books-account",
    method: Method::Get,
    path: "/books/accounts/{id}",
    summary: "What moved an account of the books, the newest first, a page at a time",
    fields: &[
        Field::path("id", "what the books call the account", "amazon:fees"),
        Field::query("older_than", Kind::Integer, "the number of the last line seen", "120"),
    ],
    answer: r#"{"account":"amazon:fees","kind":"Summed","whose":"Amazon Payments: fees","email":null,"balance":"…","held":"…","lines":[{"number":1,"at":"…","what":"Charge","transaction_id":"…","amount":"…","balance":"…"}],"more":false}"#,
    commands: &[Command {
        words: &["books", "account"],
        summary: "What moved an account of the books",
        positional: &["id"],
        flags: &["older_than"],
        fixed: &[],
    }],
    page: PAGE,
};

pub const TRANSACTION: Deed = Deed {
    name: "books-transaction",
    method: Method::Get,
    path: "/books/transactions/{id}",
    summary: "All that was posted for a transaction, for its fee and for its refunds",
    fields: &[Field::path("id", "of the transaction", "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22")],
    answer: r#"[{"at":"…","what":"Charge","transaction_id":"…","lines":[{"account":"account:…","kind":"Stored","whose":"John Doe","email":"john@example.com","amount":"-10.000000","before":"500.000000","after":"490.000000"}]}]"#,
    commands: &[Command {
        words: &["books", "transaction"],
        summary: "All that was posted for a transaction",
        positional: &["id"],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

pub const INVARIANTS: Deed = Deed {
    name: "books-invariants",
    method: Method::Get,
    path: "/books/invariants",
    summary: "The rules that the books always keep, looked at now",
    fields: &[],
    answer: r#"[{"name":"The postings of each transaction sum to zero","holds":true,"rows":[]}]"#,
    commands: &[Command {
        words: &["books", "check"],
        summary: "The rules that the books always keep, looked at now",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfAccount {
    id: String,
    older_than: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfTransaction {
    id: String,
}

impl From<BooksError> for DeedRefused {
    fn from(error: BooksError) -> Self {
        match error {
            BooksError::NoSuchAccount | BooksError::NoSuchTransaction => Self::NotFound(error.to_string()),
            BooksError::Database(error) => error.into(),
            BooksError::Money(error) => Self::Internal(error.into()),
        }
    }
}

pub async fn trial_balance(control: &Control) -> Result<TrialBalance, DeedRefused> {
    Ok(books::trial_balance(&control.payments.db).await?)
}

pub async fn statement(control: &Control, asked: OfAccount) -> Result<Statement, DeedRefused> {
    Ok(books::statement(&control.payments.db, &asked.id, asked.older_than).await?)
}

pub async fn transaction(control: &Control, asked: OfTransaction) -> Result<Vec<Posted>, DeedRefused> {
    let id = asked.id.parse().map_err(|_| BooksError::NoSuchTransaction)?;
    Ok(books::postings(&control.payments.db, &id).await?)
}

pub async fn invariants(control: &Control) -> Result<Vec<Invariant>, DeedRefused> {
    Ok(books::invariants(&control.payments.db).await?)
}
