//! The books as somebody looks at them who wants to know whether they are right: whose each account is, what was posted
//! for a transaction, and the rules that always hold. Amounts are dollars with six decimals: fees go below a cent.

use crate::domain::accounts::{self, Account};
use crate::domain::ledger_accounts::LedgerAccount;
use crate::domain::ledger_transactions::Movement;
use crate::domain::{callers, instruments, transactions};
use fps_protocol::ids::{InstrumentId, TransactionId};
use jiff::Timestamp;
use ledger::{Balance, Finding, Kind, Origin};
use money::Money;
use platform::Database;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Lines of one page of a statement.
const PAGE: i64 = 100;

/// An account of the books and whose it is.
#[derive(Debug, Clone, Serialize)]
pub struct Owned {
    /// What the books call it.
    pub account: String,
    pub kind: &'static str,
    /// Whose it is, in words.
    pub whose: String,
    /// Of who has it; not of Amazon's own and the outside world's.
    pub email: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    #[serde(flatten)]
    pub owned: Owned,
    pub balance: String,
    pub held: String,
}

#[derive(Debug, Serialize)]
pub struct TrialBalance {
    /// Zero when the books are in order.
    pub sum: String,
    pub accounts: Vec<Row>,
}

/// Why the books cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    #[error("the books have no such account; GET /_control/books/trial-balance lists them")]
    NoSuchAccount,
    #[error("there is no transaction with that id")]
    NoSuchTransaction,
    #[error(transparent)]
    Money(#[from] money::MoneyError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Who owns accounts, each looked up once.
pub(super) struct Owners<'d> {
    db: &'d Database,
    known: HashMap<String, (String, Option<String>)>,
}

impl<'d> Owners<'d> {
    pub(super) fn new(db: &'d Database) -> Self {
        Self { db, known: HashMap::new() }
    }

    pub(super) async fn of(&mut self, book: &ledger::Account) -> Result<Owned, sqlx::Error> {
        let known = self.known.get(book.id()).cloned();
        let (whose, email) = if let Some(known) = known { known } else { self.look_up(book).await? };
        self.known.insert(book.id().to_owned(), (whose.clone(), email.clone()));
        let kind = book.kind().as_str();
        Ok(Owned { account: book.id().to_owned(), kind, whose, email })
    }

    async fn look_up(&self, book: &ledger::Account) -> Result<(String, Option<String>), sqlx::Error> {
        // What nobody here opens is shown by its name.
        let Ok(known) = LedgerAccount::of(book) else { return Ok((book.id().to_owned(), None)) };
        let words = match known {
            LedgerAccount::Holder(id) => {
                return Ok(named("", accounts::find(self.db, &id).await?));
            }
            LedgerAccount::Prepaid(id) => return self.of_instrument("Prepaid balance of ", &id).await,
            LedgerAccount::Debt(id) => return self.of_instrument("What is owed by ", &id).await,
            LedgerAccount::Credit(id) => return self.of_instrument("Credit left to ", &id).await,
            LedgerAccount::CreditGiven(access_key) => {
                let caller = callers::find(self.db, &access_key).await?;
                let name = caller.map_or_else(|| access_key.to_string(), |caller| caller.display_name);
                return Ok((format!("Credit given by {name}"), None));
            }
            LedgerAccount::AmazonFees => "Amazon Payments: fees",
            LedgerAccount::RefundsInTransit => "Amazon Payments: refunds on their way to cards",
            LedgerAccount::WorldCards => "The world outside: cards",
            LedgerAccount::WorldBanks => "The world outside: bank accounts",
            LedgerAccount::WorldDeposits => "The world outside: opening balances",
        };
        Ok((words.to_owned(), None))
    }

    async fn of_instrument(
        &self,
        what: &str,
        id: &InstrumentId,
    ) -> Result<(String, Option<String>), sqlx::Error> {
        let Some(instrument) = instruments::find(self.db, id).await? else { return Ok(named(what, None)) };
        Ok(named(what, accounts::find(self.db, &instrument.account_id).await?))
    }
}

fn named(what: &str, owner: Option<Account>) -> (String, Option<String>) {
    owner.map_or_else(
        || (format!("{what}nobody"), None),
        |owner| (format!("{what}{}", owner.public_name()), Some(owner.email.clone())),
    )
}

/// All accounts with what they have.
pub async fn trial_balance(db: &Database) -> Result<TrialBalance, BooksError> {
    let balances = ledger::balances(db.readers()).await?;
    let sum = Money::sum(balances.iter().map(|balance| balance.total))?;
    let mut owners = Owners::new(db);
    for account in accounts::all(db).await? {
        let book = accounts::ledger_account(&account.id).id().to_owned();
        owners.known.insert(book, named("", Some(account)));
    }
    let mut rows = Vec::with_capacity(balances.len());
    for Balance { account, total, held } in balances {
        rows.push(Row {
            owned: owners.of(&account).await?,
            balance: total.to_six_decimals(),
            held: held.to_six_decimals(),
        });
    }
    Ok(TrialBalance { sum: sum.to_six_decimals(), accounts: rows })
}

/// An account's lines, the newest first.
#[derive(Debug, Serialize)]
pub struct Statement {
    #[serde(flatten)]
    pub row: Row,
    pub lines: Vec<StatementLine>,
    /// Whether there are older ones: those behind the last number.
    pub more: bool,
}

#[derive(Debug, Serialize)]
pub struct StatementLine {
    pub number: i64,
    pub at: Timestamp,
    #[serde(flatten)]
    pub belongs: Belongs,
    pub amount: String,
    /// After it.
    pub balance: String,
}

/// What a transaction of the books belongs to.
#[derive(Debug, Clone, Serialize)]
pub struct Belongs {
    /// What it is: a charge, a deposit.
    pub what: String,
    /// The FPS transaction.
    pub transaction_id: Option<String>,
}

/// Up to a page of the account's lines, behind the one of a number or from the newest on.
pub async fn statement(
    db: &Database,
    account: &str,
    older_than: Option<i64>,
) -> Result<Statement, BooksError> {
    let book: LedgerAccount = account.parse().map_err(|_| BooksError::NoSuchAccount)?;
    let balance = ledger::balance(db.readers(), &book.account()).await?.ok_or(BooksError::NoSuchAccount)?;
    let behind = older_than.unwrap_or(i64::MAX);
    let found = match balance.account.kind() {
        Kind::Stored => {
            let part = ledger::Part::OlderThan(behind);
            ledger::statement(db.readers(), &balance.account, part, PAGE + 1).await?
        }
        Kind::Summed => ledger::summed_statement(db.readers(), &balance.account, behind, PAGE + 1).await?,
    };
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > shown;
    let mut lines = Vec::with_capacity(found.len());
    for line in found.into_iter().take(shown) {
        lines.push(StatementLine {
            number: line.sequence,
            at: line.posted_at,
            belongs: belongs(db, line.origin).await?,
            amount: line.amount.to_six_decimals(),
            balance: line.balance.to_six_decimals(),
        });
    }
    let owned = Owners::new(db).of(&balance.account).await?;
    let row = Row { owned, balance: balance.total.to_six_decimals(), held: balance.held.to_six_decimals() };
    Ok(Statement { row, lines, more })
}

async fn belongs(db: &Database, origin: Origin) -> Result<Belongs, sqlx::Error> {
    match origin {
        Origin::Words(words) => Ok(Belongs { what: words, transaction_id: None }),
        Origin::Numbered { number, role } => {
            let transaction = transactions::find_numbered(db, number).await?;
            let transaction_id = transaction.map(|transaction| transaction.id.into_string());
            Ok(Belongs { what: what(role).to_owned(), transaction_id })
        }
    }
}

pub(super) fn what(role: u8) -> &'static str {
    match Movement::from_role(role) {
        Some(Movement::Charge) => "Charge",
        Some(Movement::MarketplaceFee) => "Marketplace fee",
        Some(Movement::Refund) => "Refund",
        Some(Movement::FeeReturned) => "Marketplace fee given back",
        Some(Movement::RefundArrival) => "Refund arrives at the card",
        None => "Something that no program here posts",
    }
}

/// A transaction of the books.
#[derive(Debug, Serialize)]
pub struct Posted {
    pub at: Timestamp,
    #[serde(flatten)]
    pub belongs: Belongs,
    pub lines: Vec<PostedLine>,
}

#[derive(Debug, Serialize)]
pub struct PostedLine {
    #[serde(flatten)]
    pub owned: Owned,
    pub amount: String,
    /// Of an account that keeps its balance: what it had before the whole transaction, and after it.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// All that was posted for an FPS transaction, for its fee and for refunds of both.
pub async fn postings(db: &Database, id: &TransactionId) -> Result<Vec<Posted>, BooksError> {
    let family: HashMap<i64, TransactionId> =
        transactions::numbers_of_family(db, id).await?.into_iter().collect();
    if family.is_empty() {
        return Err(BooksError::NoSuchTransaction);
    }
    let numbers: Vec<i64> = family.keys().copied().collect();
    let mut owners = Owners::new(db);
    let mut posted = Vec::new();
    for transaction in ledger::posted_for(db.readers(), &numbers).await? {
        let mut lines = Vec::with_capacity(transaction.lines.len());
        for line in transaction.lines {
            let (before, after) = line
                .balances
                .map(|(before, after)| (before.to_six_decimals(), after.to_six_decimals()))
                .unzip();
            let owned = owners.of(&line.account).await?;
            lines.push(PostedLine { owned, amount: line.amount.to_six_decimals(), before, after });
        }
        let belongs = match transaction.origin {
            Origin::Numbered { number, role } => Belongs {
                what: what(role).to_owned(),
                transaction_id: family.get(&number).map(ToString::to_string),
            },
            Origin::Words(words) => Belongs { what: words, transaction_id: None },
        };
        posted.push(Posted { at: transaction.posted_at, belongs, lines });
    }
    Ok(posted)
}

/// A rule that always holds.
#[derive(Debug, Serialize)]
pub struct Invariant {
    /// In words.
    pub name: &'static str,
    pub holds: bool,
    /// What breaks it.
    pub rows: Vec<String>,
}

impl Invariant {
    /// What breaks it in two ways is named once.
    fn new(name: &'static str, mut rows: Vec<String>) -> Self {
        rows.sort();
        rows.dedup();
        Self { name, holds: rows.is_empty(), rows }
    }
}

/// Every rule, looked at now.
pub async fn invariants(db: &Database) -> Result<Vec<Invariant>, BooksError> {
    let audit = ledger::audit(db.readers()).await?;
    let balances = ledger::balances(db.readers()).await?;
    let found = |pick: fn(&Finding) -> Option<&String>| -> Vec<String> {
        audit.findings.iter().filter_map(pick).cloned().collect()
    };
    let mut unbalanced = found(|finding| match finding {
        Finding::Unbalanced { transaction } => Some(transaction),
        _ => None,
    });
    if !audit.sum.is_zero() {
        unbalanced.push(format!("all postings together are {}", audit.sum.to_six_decimals()));
    }
    let overdrawn = balances.iter().filter(|balance| {
        let Balance { account, total, held } = balance;
        account.kind() == Kind::Stored && (total.is_negative() || held.is_negative() || held > total)
    });
    Ok(vec![
        Invariant::new("The postings of each transaction sum to zero", unbalanced),
        Invariant::new(
            "No stored account is negative, or holds more than it has",
            overdrawn.map(|balance| balance.account.id().to_owned()).collect(),
        ),
        Invariant::new(
            "Each balance follows from its movements",
            found(|finding| match finding {
                Finding::BalanceDiffers { account } | Finding::MovementsDiffer { account } => Some(account),
                _ => None,
            }),
        ),
        Invariant::new(
            "What is held in an account is the sum of its holds",
            found(|finding| match finding {
                Finding::HeldDiffers { account } => Some(account),
                _ => None,
            }),
        ),
        Invariant::new("Each hold has its Reserve, and each Reserve of a balance its hold", holds(db).await?),
        Invariant::new(
            "Every posting and hold has its account, and every transaction of the books its name",
            found(|finding| match finding {
                Finding::Orphan { id } => Some(id),
                _ => None,
            }),
        ),
        Invariant::new(
            "Every transaction that succeeded and moves money is in the books",
            transactions::unposted(db).await?.into_iter().map(TransactionId::into_string).collect(),
        ),
    ])
}

/// Those that are on one side only. Both sides are read one after the other: what was changed between is looked at again.
async fn holds(db: &Database) -> Result<Vec<String>, sqlx::Error> {
    let mut wrong: Option<BTreeSet<String>> = None;
    for _ in 0..2 {
        let held = ledger::active_holds(db.readers()).await?;
        let held: BTreeSet<String> = held.into_iter().map(ledger::HoldId::into_string).collect();
        let holding: BTreeSet<String> = transactions::holding(db).await?.into_iter().collect();
        let differ: BTreeSet<String> = held.symmetric_difference(&holding).cloned().collect();
        let both = |earlier: BTreeSet<String>| earlier.intersection(&differ).cloned().collect();
        wrong = Some(wrong.map_or_else(|| differ.clone(), both));
        if wrong.as_ref().is_some_and(BTreeSet::is_empty) {
            break;
        }
    }
    Ok(wrong.unwrap_or_default().into_iter().collect())
}
