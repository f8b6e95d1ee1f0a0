//! One transaction for either of its sides, and what that side can do with it.

use crate::domain::accounts::{Account, AccountId};
use crate::domain::callers::{self, Caller};
use crate::domain::transactions::{self, Event, State as Stage, Transaction};
use crate::domain::{instruments, refund_requests};
use crate::engine::{Engine, refund_requests as requesting};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::transactions::{fee_breakdown, list};
use app::components::time::date_time_words;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::enums::{RelationType, TransactionStatus, TransactionalRole};
use fps_protocol::ids::TransactionId;
use money::Money;
use payments_pages::model::{HistoryEntry, TransactionAction, TransactionPage};
use payments_pages::pages;
use platform::Database;
use platform::web::{Refusal, keep_for_the_moment};

/// What the `CallerReference` of a refund from this site begins with (fps.md §9).
pub const REFUND_REFERENCE: &str = "txnDtls";

pub async fn show(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let view = TransactionView::find(&engine, &holder.account, &id).await?;
    let page = view.page(&engine, FormState::default()).await?;
    Ok(keep_for_the_moment(Html(pages::transaction(&holder.chrome, &page)).into_response()))
}

/// A transaction with the account that looks at it.
pub struct TransactionView {
    pub transaction: Transaction,
    pub caller: Caller,
    pub account: Account,
    role: TransactionalRole,
}

impl TransactionView {
    /// Somebody else's transaction does not exist for this account.
    pub async fn find(engine: &Engine, account: &Account, id: &str) -> Result<Self, Refusal> {
        let db = &engine.db;
        let id: TransactionId = id.parse().map_err(|_| Refusal::not_found())?;
        let transaction = transactions::find(db, &id).await?.ok_or_else(Refusal::not_found)?;
        let role = transaction.role_of(&account.id).ok_or_else(Refusal::not_found)?;
        let caller = callers::find(db, &transaction.access_key).await?;
        let caller = caller.ok_or_else(|| Refusal::because("a transaction without its caller"))?;
        Ok(Self { transaction, caller, account: account.clone(), role })
    }

    pub fn path(&self) -> String {
        format!("/account/transactions/{}", self.transaction.id)
    }

    pub fn sent(&self) -> bool {
        self.role == TransactionalRole::Sender
    }

    pub fn received(&self) -> bool {
        self.role == TransactionalRole::Recipient
    }

    /// What was charged and not given back, while a refund is possible.
    pub fn refundable(&self) -> Option<Money> {
        let transaction = &self.transaction;
        let possible = Stage::of(transaction).decide(Event::Refund).is_ok();
        let left = transaction.charged().sub(transaction.refunded()).ok()?;
        (possible && left.is_positive()).then_some(left)
    }

    pub async fn page(&self, engine: &Engine, form: FormState) -> Result<TransactionPage, sqlx::Error> {
        let db = &engine.db;
        let transaction = &self.transaction;
        let instrument = match &transaction.instrument_id {
            Some(id) if self.sent() => instruments::find(db, id).await?,
            _ => None,
        };
        Ok(TransactionPage {
            row: list::row(&self.transaction, &self.account),
            sender: self.party(&transaction.sender_account_id, &self.transaction.parties.sender.name),
            recipient: self
                .party(&transaction.recipient_account_id, &self.transaction.parties.recipient.name),
            caller: self.caller.display_name.clone(),
            ahead: ahead(transaction),
            instrument: instrument.map(|instrument| instrument.label),
            fees: fee_breakdown::fee_breakdown(&self.transaction, &self.account),
            refunded: Some(transaction.refunded()).filter(|refunded| refunded.is_positive()),
            reason: transaction.caller_description.clone(),
            caller_reference: Some(transaction.caller_reference.to_string()),
            history: history(db, transaction).await?,
            related: self.related(db).await?,
            action: self.action(engine).await?,
            form,
        })
    }

    fn party(&self, id: &AccountId, name: &str) -> String {
        if *id == self.account.id { "You".to_owned() } else { name.to_owned() }
    }

    /// What it belongs to, then what belongs to it; only what this account may see.
    async fn related(
        &self,
        db: &Database,
    ) -> Result<Vec<payments_pages::model::TransactionRow>, sqlx::Error> {
        let transaction = &self.transaction;
        let parent = match transaction.parent_id() {
            Some(id) => transactions::find(db, id).await?,
            None => None,
        };
        let children = transactions::related(db, &transaction.id).await?;
        let seen = parent
            .into_iter()
            .chain(children)
            .filter(|transaction| transaction.role_of(&self.account.id).is_some());
        Ok(seen.map(|transaction| list::row(&transaction, &self.account)).collect())
    }

    async fn action(&self, engine: &Engine) -> Result<TransactionAction, sqlx::Error> {
        let transaction = &self.transaction;
        if self.sent() && Stage::of(transaction).decide(Event::Cancel).is_ok() {
            return Ok(TransactionAction::Cancel);
        }
        let left = self.refundable().filter(|_| self.role != TransactionalRole::Caller);
        let Some(left) = left else { return Ok(TransactionAction::Nothing) };
        let now = engine.clock.now();
        if self.received() {
            let reference = format!("{REFUND_REFERENCE}{}", engine.random.uuid(now));
            return Ok(TransactionAction::Refund { left, reference });
        }
        let open = refund_requests::open_for(&engine.db, &transaction.id, now).await?;
        Ok(match open {
            Some(open) => {
                TransactionAction::Asked { amount: open.amount, reason: open.reason, at: open.created_at }
            }
            None if requesting::address(&self.transaction, &self.caller).is_some() => {
                TransactionAction::AskForRefund { left }
            }
            None => TransactionAction::AskElsewhere,
        })
    }
}

/// What happens by itself if nobody does anything.
fn ahead(transaction: &Transaction) -> Option<String> {
    let ends = transaction.expires_at().map(date_time_words);
    match (transaction.status(), ends) {
        (TransactionStatus::Reserved, Some(ends)) => {
            Some(format!("Held, not charged yet. If the shop does not charge it by {ends}, it is cancelled."))
        }
        (TransactionStatus::Pending, _) => Some("Waiting for the card or bank.".to_owned()),
        _ => None,
    }
}

/// Of a marketplace fee without amounts: those of its payment are not its own.
async fn history(db: &Database, transaction: &Transaction) -> Result<Vec<HistoryEntry>, sqlx::Error> {
    let fee = transaction.relation() == Some(RelationType::MarketplaceFee);
    let past = transactions::history(db, transaction).await?;
    let entry = |past: transactions::PastStatus| HistoryEntry {
        at: past.at,
        status: past.status.to_string(),
        amount: (!fee).then_some(past.amount),
    };
    Ok(past.into_iter().map(entry).collect())
}
