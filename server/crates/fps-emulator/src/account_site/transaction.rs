//! One transaction for either of its sides, and what that side can do with it.

use super::activity;
use super::signed_in::SignedIn;
use crate::accounts::Account;
use crate::callers::{self, Caller};
use crate::site::Site;
use crate::transactions::{self, Case, Engine, Event, State as Stage, Transaction};
use crate::{instruments, refund_requests};
use app::form::FormState;
use app::payments::model::{HistoryEntry, TransactionAction, TransactionPage};
use app::payments::pages;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::{ChargeFeeTo, TransactionStatus};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::web::Refusal;

/// What the `CallerReference` of a refund from this site begins with (REFERENCE §9).
pub const REFUND_REFERENCE: &str = "txnDtls";

pub async fn show(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let seen = Seen::find(&site, &visitor.account, &id).await?;
    let page = seen.page(&site, FormState::default()).await?;
    Ok(Html(pages::transaction(&visitor.chrome, &page)).into_response())
}

/// A transaction with the account that looks at it.
pub struct Seen {
    pub case: Case,
    pub caller: Caller,
    pub account: Account,
}

impl Seen {
    /// Somebody else's transaction does not exist for this account.
    pub async fn find(site: &Site, account: &Account, id: &str) -> Result<Self, Refusal> {
        let db = &site.payments.db;
        let case = transactions::find(db, id).await?.filter(|case| is_side(case, account));
        let case = case.ok_or_else(Refusal::not_found)?;
        let caller = callers::find(db, &case.transaction.access_key).await?;
        let caller = caller.ok_or_else(|| Refusal::because("a transaction without its caller"))?;
        Ok(Self { case, caller, account: account.clone() })
    }

    pub fn path(&self) -> String {
        format!("/account/transactions/{}", self.case.transaction.id)
    }

    pub fn sent(&self) -> bool {
        self.case.transaction.sender_account_id == self.account.id
    }

    /// What was charged and not given back, while a refund is possible.
    pub fn refundable(&self) -> Option<Money> {
        let transaction = &self.case.transaction;
        let possible = Stage::of(transaction).decide(Event::Refund).is_ok();
        let left = transaction.charged().sub(transaction.refunded).ok()?;
        (possible && left.is_positive()).then_some(left)
    }

    pub async fn page(&self, site: &Site, form: FormState) -> Result<TransactionPage, sqlx::Error> {
        let db = &site.payments.db;
        let transaction = &self.case.transaction;
        let instrument = match &transaction.instrument_id {
            Some(id) if self.sent() => instruments::find(db, id).await?,
            _ => None,
        };
        let fees = fees(&self.case, &self.account);
        let row = activity::row(&self.case, &self.account);
        let taken = Money::sum(fees.iter().map(|(_, fee)| *fee)).unwrap_or_default();
        Ok(TransactionPage {
            net: (!fees.is_empty()).then(|| row.amount.sub(taken).unwrap_or_default()),
            row,
            sender: self.party(&transaction.sender_account_id, &self.case.parties.sender.name),
            recipient: self.party(&transaction.recipient_account_id, &self.case.parties.recipient.name),
            caller: self.caller.display_name.clone(),
            ahead: ahead(transaction),
            instrument: instrument.map(|instrument| instrument.label),
            fees,
            refunded: Some(transaction.refunded).filter(|refunded| refunded.is_positive()),
            reason: transaction.caller_description.clone(),
            caller_reference: Some(transaction.caller_reference.clone()),
            history: history(db, &transaction.id).await?,
            related: self.related(db).await?,
            action: self.action(site).await?,
            form,
        })
    }

    fn party(&self, id: &str, name: &str) -> String {
        if id == self.account.id { "You".to_owned() } else { name.to_owned() }
    }

    /// What it belongs to, then what belongs to it; only what this account is a side of.
    async fn related(&self, db: &Database) -> Result<Vec<app::payments::model::TransactionRow>, sqlx::Error> {
        let transaction = &self.case.transaction;
        let parent = match &transaction.parent_id {
            Some(id) => transactions::find(db, id).await?,
            None => None,
        };
        let children = transactions::related(db, &transaction.id).await?;
        let seen = parent.into_iter().chain(children).filter(|case| is_side(case, &self.account));
        Ok(seen.map(|case| activity::row(&case, &self.account)).collect())
    }

    async fn action(&self, site: &Site) -> Result<TransactionAction, sqlx::Error> {
        let transaction = &self.case.transaction;
        if self.sent() && Stage::of(transaction).decide(Event::Cancel).is_ok() {
            return Ok(TransactionAction::Cancel);
        }
        let Some(left) = self.refundable() else { return Ok(TransactionAction::Nothing) };
        let engine = Engine::of(&site.payments);
        let now = engine.clock.now();
        if !self.sent() {
            let reference = format!("{REFUND_REFERENCE}{}", engine.random.uuid(now));
            return Ok(TransactionAction::Refund { left, reference });
        }
        let open = refund_requests::open_for(&engine.db, &transaction.id, now).await?;
        Ok(match open {
            Some(open) => TransactionAction::Asked {
                amount: open.amount,
                reason: open.reason,
                at: Timestamp::from_microsecond(open.created_at).unwrap_or_default(),
            },
            None if refund_requests::address(&self.case, &self.caller).is_some() => {
                TransactionAction::AskForRefund { left }
            }
            None => TransactionAction::AskElsewhere,
        })
    }
}

pub fn is_side(case: &Case, account: &Account) -> bool {
    [&case.transaction.sender_account_id, &case.transaction.recipient_account_id].contains(&&account.id)
}

/// What happens by itself if nobody does anything.
fn ahead(transaction: &Transaction) -> Option<String> {
    let ends = transaction.expires_at.and_then(|at| Timestamp::from_microsecond(at).ok());
    let ends = ends.map(|at| at.strftime("%-d %b %Y, %H:%M UTC").to_string());
    match (transaction.status, ends) {
        (TransactionStatus::Reserved, Some(ends)) => {
            Some(format!("Held, not charged yet. If the shop does not charge it by {ends}, it is cancelled."))
        }
        (TransactionStatus::Pending, _) => Some("Waiting for the card or bank.".to_owned()),
        _ => None,
    }
}

async fn history(db: &Database, id: &str) -> Result<Vec<HistoryEntry>, sqlx::Error> {
    let past = transactions::history(db, id).await?;
    let entry = |past: transactions::PastStatus| HistoryEntry {
        at: Timestamp::from_microsecond(past.at).unwrap_or_default(),
        status: past.status,
        amount: Money::from_micros(past.amount),
    };
    Ok(past.into_iter().map(entry).collect())
}

/// What was taken from this account's share: the sender pays no fee.
pub fn fees(case: &Case, account: &Account) -> Vec<(String, Money)> {
    let transaction = &case.transaction;
    if transaction.recipient_account_id != account.id || transaction.parent_id.is_some() {
        return Vec::new();
    }
    let paid_by_recipient = transaction.fee_payer == ChargeFeeTo::Recipient;
    let fps_fee = if paid_by_recipient { transaction.fps_fee } else { Money::ZERO };
    let named = [("Marketplace fee", transaction.marketplace_fee), ("Amazon Payments fee", fps_fee)];
    named.into_iter().filter(|(_, fee)| !fee.is_zero()).map(|(name, fee)| (name.to_owned(), fee)).collect()
}
