//! `/lab/books`: the books as the payments site tells of them, and whether they are right.

use super::deeds_read::{ask, perform};
use super::{page, query};
use crate::follow::dollars;
use crate::state::Lab;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use lab_pages::model::{
    BookAccount, BooksPage, Posted, PostingsPage, Rule, StatementLine, StatementPage, TAccount,
};
use lab_pages::pages;
use platform::deeds::DeedRefused;
use platform::web::Refusal;
use serde::Deserialize;

pub const PATH: &str = "/lab/books";
const ACCOUNTS: &str = "/lab/books/accounts";
pub const TRANSACTIONS: &str = "/lab/books/transactions";
/// Deeds that answer with rules, each with whose they are. The shop's are asked for where there is a shop.
const RULES: [&str; 2] = ["books-invariants", "orders-invariants"];

#[derive(Debug, Deserialize)]
struct TrialBalance {
    sum: String,
    accounts: Vec<Account>,
}

#[derive(Debug, Deserialize)]
struct Account {
    #[serde(rename = "account")]
    id: String,
    kind: String,
    whose: String,
    email: Option<String>,
    balance: String,
    held: String,
}

#[derive(Debug, Deserialize)]
struct Statement {
    #[serde(flatten)]
    account: Account,
    lines: Vec<Line>,
    more: bool,
}

#[derive(Debug, Deserialize)]
struct Line {
    number: i64,
    at: Timestamp,
    what: String,
    transaction_id: Option<String>,
    amount: String,
    balance: String,
}

#[derive(Debug, Deserialize)]
struct Told {
    at: Timestamp,
    what: String,
    transaction_id: Option<String>,
    lines: Vec<ToldLine>,
}

#[derive(Debug, Deserialize)]
struct ToldLine {
    account: String,
    whose: String,
    amount: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ToldRule {
    name: String,
    holds: bool,
    rows: Vec<String>,
}

/// All accounts and rules. `?account=` and `?transaction=` lead on.
pub async fn show(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Result<Response, Refusal> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    for (field, path) in [("account", ACCOUNTS), ("transaction", TRANSACTIONS)] {
        if let Some(name) = fields.get(field) {
            return Ok(Redirect::to(&query::below(path, name)).into_response());
        }
    }
    let found: TrialBalance = ask(&lab, "books", &[]).await?;
    let data = BooksPage {
        rules: rules(&lab).await,
        sum_is_zero: is_zero(&found.sum),
        sum: dollars(&found.sum),
        accounts: found.accounts.into_iter().map(account).collect(),
    };
    Ok(page(pages::books(&lab.chrome(PATH), &data)).into_response())
}

/// What cannot be looked at does not hold, and says why.
async fn rules(lab: &Lab) -> Vec<Rule> {
    let mut rules = Vec::new();
    for name in RULES {
        let failed = |why: String| Rule {
            name: format!("{name} could not be looked at"),
            holds: false,
            rows: vec![why],
        };
        match perform(lab, name, &[]).await.map(serde_json::from_value::<Vec<ToldRule>>) {
            Ok(Ok(told)) => {
                rules.extend(told.into_iter().map(|ToldRule { name, holds, rows }| Rule {
                    name,
                    holds,
                    rows,
                }));
            }
            Err(DeedRefused::NoSuchCall) => {}
            Ok(Err(error)) => rules.push(failed(error.to_string())),
            Err(refused) => rules.push(failed(refused.to_string())),
        }
    }
    rules
}

/// One account's movements.
pub async fn statement(
    State(lab): State<Lab>,
    Path(id): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Html<String>, Refusal> {
    let fields = query::fields(asked.as_deref().unwrap_or_default());
    let older_than = fields.get("older_than").map_or("", String::as_str);
    let found: Statement = ask(&lab, "books-account", &[("id", &id), ("older_than", older_than)]).await?;
    let path = query::below(ACCOUNTS, &id);
    let last = found.lines.last().filter(|_| found.more).map(|line| line.number.to_string());
    let data = StatementPage {
        account: account(found.account),
        older: last.map(|last| query::address(&path, [("older_than", last.as_str())])),
        lines: found.lines.into_iter().map(line).collect(),
    };
    Ok(page(pages::statement(&lab.chrome(&path), &data)))
}

/// All that was posted for an FPS transaction.
pub async fn postings(State(lab): State<Lab>, Path(id): Path<String>) -> Result<Html<String>, Refusal> {
    let found: Vec<Told> = ask(&lab, "books-transaction", &[("id", &id)]).await?;
    let data = PostingsPage {
        follow: query::address("/lab/follow", [("transaction", id.as_str())]),
        posted: found.into_iter().map(posted).collect(),
        transaction: id.clone(),
    };
    Ok(page(pages::postings(&lab.chrome(&query::below(TRANSACTIONS, &id)), &data)))
}

fn account(account: Account) -> BookAccount {
    BookAccount {
        whose: account.whose,
        email: account.email,
        href: query::below(ACCOUNTS, &account.id),
        account: account.id,
        kind: account.kind,
        balance: dollars(&account.balance),
        held: dollars(&account.held),
    }
}

fn line(line: Line) -> StatementLine {
    StatementLine {
        at: line.at,
        what: line.what,
        transaction: line.transaction_id.map(|id| {
            let href = query::below(TRANSACTIONS, &id);
            (id, href)
        }),
        amount: dollars(&line.amount),
        balance: dollars(&line.balance),
    }
}

fn posted(told: Told) -> Posted {
    Posted {
        at: told.at,
        what: told.what,
        transaction: told.transaction_id,
        accounts: told.lines.into_iter().map(t_account).collect(),
    }
}

/// What is taken from an account is its debit.
fn t_account(line: ToldLine) -> TAccount {
    let (debit, credit) = match line.amount.strip_prefix('-') {
        Some(taken) => (Some(dollars(taken)), None),
        None => (None, Some(dollars(&line.amount))),
    };
    let before_and_after = line.before.zip(line.after);
    TAccount {
        whose: line.whose,
        href: query::below(ACCOUNTS, &line.account),
        account: line.account,
        debit,
        credit,
        before_and_after: before_and_after.map(|(before, after)| (dollars(&before), dollars(&after))),
    }
}

fn is_zero(decimal: &str) -> bool {
    decimal.chars().all(|c| matches!(c, '0' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_whole_cents_or_exact() {
        let shown = ["500.000000", "-10.000000", "0.024850", "-0.100000"].map(dollars);
        assert_eq!(shown, ["$500.00", "−$10.00", "$0.02485", "−$0.10"]);
        assert!(is_zero("0.000000") && !is_zero("-0.000001"));
    }

    #[test]
    fn what_is_taken_stands_on_the_left() {
        let line = |amount: &str| {
            t_account(ToldLine {
                account: "account:1".to_owned(),
                whose: "John Doe".to_owned(),
                amount: amount.to_owned(),
                before: Some("5.000000".to_owned()),
                after: Some("4.010000".to_owned()),
            })
        };
        let taken = line("-0.990000");
        assert_eq!((taken.debit.as_deref(), taken.credit), (Some("$0.99"), None));
        assert_eq!(taken.before_and_after, Some(("$5.00".to_owned(), "$4.01".to_owned())));
        assert_eq!(taken.href, "/lab/books/accounts/account%3A1");
        assert_eq!(line("0.990000").credit.as_deref(), Some("$0.99"));
    }
}
