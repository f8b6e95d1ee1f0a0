//! What the lab is told of the engine's commits.

use crate::domain::notifications::NewNotification;
use crate::domain::notifications::deliveries::{Attempt, Claimed, Delivery};
use crate::domain::transactions::Transaction;
use crate::engine::Engine;
use crate::engine::write_plan::{LedgerChange, WritePlan};
use fps_protocol::Parameters;
use fps_protocol::enums::RelationType;
use ledger::Hold;
use platform::lab::{About, Cause, Change, Event, PostedLine, Site, What};

/// For who is at a page.
const PAGE: &str = "page";

impl Engine {
    /// Tells of something that has happened.
    pub fn record(&self, about: About, what: What) {
        self.config.lab_ports.record(|| self.event(about, what));
    }

    fn event(&self, mut about: About, what: What) -> Event {
        if let Some(Cause::Request { id, .. }) = Cause::current() {
            about.request.get_or_insert_with(|| id.to_string());
        }
        Event { at: self.clock.now(), wall: self.clock.wall(), site: Site::Payments, about, what }
    }

    /// Tells of a commit; `changes` in the order in which they are to be read.
    pub fn record_written(&self, about: About, changes: Vec<Change>) {
        let by = match Cause::current() {
            Some(Cause::Request { action, .. }) => action,
            Some(Cause::Job(name)) => name,
            None => PAGE,
        };
        self.record(about, What::Written { by: by.to_owned(), changes });
    }

    /// Tells of money that came or went outside of any payment.
    pub(super) fn record_posted(&self, movement: &ledger::Transaction) {
        self.record_written(About::default(), vec![posted(movement)]);
    }

    /// Tells of a plan that was written.
    pub(super) fn record_plan(&self, plan: &WritePlan) {
        if self.config.lab_ports.records() {
            self.record_written(about(plan), changes(plan));
        }
    }
}

impl Engine {
    /// Tells of a sending of a notification.
    pub fn record_attempt(&self, notification: &Claimed, attempt: &Attempt) {
        if !self.config.lab_ports.records() {
            return;
        }
        let told = Parameters::from_form(notification.body.as_bytes()).unwrap_or_default();
        let about = About {
            caller: Some(notification.queue.caller().to_owned()),
            notification: Some(notification.id.to_string()),
            references: told.all_of(&["callerReference"]),
            transactions: told.all_of(&["transactionId", "parentTransactionId"]),
            tokens: told.all_of(&["tokenId"]),
            ..About::default()
        };
        let what = What::Attempt {
            notification_type: told.get("notificationType").unwrap_or_default().to_owned(),
            summary: told.all_of(&["operation", "transactionStatus"]).join(" "),
            url: notification.url.clone(),
            number: notification.attempts + 1,
            http_status: attempt.http_status,
            error: attempt.error.clone(),
            then: match attempt.then {
                Delivery::Delivered { .. } => "delivered",
                Delivery::Pending { .. } => "pending",
                Delivery::GivenUp | Delivery::NoAddress => "given_up",
            }
            .to_owned(),
        };
        self.record(about, what);
    }
}

fn about(plan: &WritePlan) -> About {
    let mut about = About::default();
    for transaction in plan.transactions() {
        about.caller.get_or_insert_with(|| transaction.access_key.to_string());
        about.transactions.push(transaction.id.to_string());
        let reference = transaction.caller_reference.to_string();
        if !about.references.contains(&reference) {
            about.references.push(reference);
        }
        if let Some(token) = &transaction.sender_token_id
            && !about.tokens.iter().any(|known| known == token.as_str())
        {
            about.tokens.push(token.to_string());
        }
    }
    about
}

fn changes(plan: &WritePlan) -> Vec<Change> {
    let mut changes = Vec::new();
    changes.extend(plan.changed.iter().map(|changed| transaction(changed, false)));
    changes.extend(plan.new.iter().map(|new| transaction(new, true)));
    if let Some(spend) = &plan.spend {
        changes.push(Change::TokenUsed { token: spend.sender_token_id.to_string() });
    }
    if let Some(cancellation) = &plan.cancellation {
        changes.push(Change::TokenCancelled { token: cancellation.token_id().to_string() });
    }
    changes.extend(ledger(&plan.ledger));
    changes.extend(plan.all_notifications().map(queued));
    if let Some(key) = &plan.key {
        changes.push(Change::AnswerKept { reference: key.caller_reference.to_string() });
    }
    changes
}

fn transaction(transaction: &Transaction, is_new: bool) -> Change {
    Change::Transaction {
        id: transaction.id.to_string(),
        operation: transaction.operation().to_string(),
        status: transaction.status().to_string(),
        amount: transaction.amount.to_dollars(),
        is_new,
        is_fee: transaction.relation() == Some(RelationType::MarketplaceFee),
    }
}

fn ledger(change: &LedgerChange) -> Vec<Change> {
    let told = |hold: &Hold| (hold.account.id().to_owned(), hold.amount.to_dollars());
    match change {
        LedgerChange::Nothing => Vec::new(),
        LedgerChange::Post(movements) => movements.iter().map(posted).collect(),
        LedgerChange::Hold(hold) => {
            let (account, amount) = told(hold);
            vec![Change::Held { account, amount }]
        }
        LedgerChange::Capture { hold, charge, .. } => {
            let (account, amount) = told(hold);
            std::iter::once(Change::Captured { account, amount }).chain(charge.iter().map(posted)).collect()
        }
        LedgerChange::Release { hold, .. } => {
            let (account, amount) = told(hold);
            vec![Change::Released { account, amount }]
        }
    }
}

/// A ledger transaction as the lab has it.
pub fn posted(movement: &ledger::Transaction) -> Change {
    let line = |entry: &ledger::Entry| PostedLine {
        account: entry.account.id().to_owned(),
        amount: entry.amount.to_dollars(),
    };
    Change::Posted {
        name: movement.name().id().to_owned(),
        lines: movement.entries().iter().map(line).collect(),
    }
}

/// A notification that waits to be sent, or has nowhere to go.
pub fn queued(notification: &NewNotification) -> Change {
    Change::Queued {
        notification_type: notification.body.get("notificationType").unwrap_or_default().to_owned(),
        subject: notification.subject_id.to_string(),
        url: notification.url.clone(),
    }
}
