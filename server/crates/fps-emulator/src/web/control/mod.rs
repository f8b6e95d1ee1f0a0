//! What can be done to the payments site by hand: its deeds, as the lab, the control API and the command line have them.
//! They can do anything to anybody's account, so they exist in lab mode only.

mod accounts;
mod books;
mod callers;
mod clock;
mod given_tokens;
mod ledger;
mod notifications;
mod processor;
mod reset;
mod tokens;

use crate::engine::clock::ClockError;
use crate::state::{ChangeError, Payments};
use async_trait::async_trait;
use axum::Router;
use platform::deeds::{AccessRules, Arguments, Deed, DeedRefused, Deeds, Offer, deeds_router};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// All of them.
pub static TABLE: &[Deed] = &[
    clock::SHOW,
    clock::CHANGE,
    accounts::CREATE,
    accounts::LIST,
    accounts::CHANGE,
    callers::CREATE,
    callers::LIST,
    callers::CHANGE,
    callers::RENEW,
    tokens::CREATE,
    given_tokens::LIST,
    given_tokens::CANCEL,
    processor::DECIDE,
    processor::SHOW,
    processor::HOLD,
    ledger::SHOW,
    books::TRIAL_BALANCE,
    books::STATEMENT,
    books::TRANSACTION,
    books::INVARIANTS,
    notifications::LIST,
    notifications::SHOW,
    notifications::REPLAY,
    reset::RESET,
];

/// Does the payments site's deeds.
#[derive(Debug, Clone)]
pub struct Control {
    payments: Payments,
}

impl Control {
    pub fn new(payments: Payments) -> Self {
        Self { payments }
    }
}

/// The routes of these deeds alone, for a site without the rest of the lab.
pub fn router(payments: Payments) -> Router {
    let rules = AccessRules {
        public_url: payments.config.public_url.clone(),
        control_token: payments.config.control_token.clone(),
    };
    let offer: Offer = Arc::new(Control::new(payments));
    deeds_router(&[offer], Router::new(), rules)
}

#[async_trait]
impl Deeds for Control {
    fn table(&self) -> &'static [Deed] {
        TABLE
    }

    async fn perform(&self, deed: &'static Deed, arguments: Arguments) -> Result<Value, DeedRefused> {
        self.payments.shared_clock.look_again().await?;
        match deed.name {
            "clock" => json(clock::show(self)),
            "clock-change" => json(clock::change(self, arguments.parse()?).await?),
            "account-create" => json(accounts::create(self, arguments.parse()?).await?),
            "accounts" => json(accounts::list(self).await?),
            "account-change" => json(accounts::change(self, arguments.parse()?).await?),
            "caller-create" => json(callers::create(self, arguments.parse()?).await?),
            "callers" => json(callers::list(self).await?),
            "caller-change" => json(callers::change(self, arguments.parse()?).await?),
            "caller-secret" => json(callers::renew(self, arguments.parse()?).await?),
            "token-create" => json(tokens::create(self, arguments.parse()?).await?),
            "tokens" => json(given_tokens::list(self, arguments.parse()?).await?),
            "token-cancel" => json(given_tokens::cancel(self, arguments.parse()?).await?),
            "transaction-decide" => json(processor::decide(self, arguments.parse()?).await?),
            "processor" => json(processor::show(self).await?),
            "processor-hold" => json(processor::hold(self, arguments.parse()?).await?),
            "books" => json(books::trial_balance(self).await?),
            "books-account" => json(books::statement(self, arguments.parse()?).await?),
            "books-transaction" => json(books::transaction(self, arguments.parse()?).await?),
            "books-invariants" => json(books::invariants(self).await?),
            "ledger" => json(ledger::show(self).await?),
            "notifications" => json(notifications::list(self, arguments.parse()?).await?),
            "notification" => json(notifications::show(self, arguments.parse()?).await?),
            "notification-replay" => json(notifications::replay(self, arguments.parse()?).await?),
            "reset" => json(reset::reset(self).await?),
            _ => Err(DeedRefused::NoSuchCall),
        }
    }
}

fn json(answer: impl Serialize) -> Result<Value, DeedRefused> {
    serde_json::to_value(answer).map_err(|error| DeedRefused::Internal(error.into()))
}

fn bad_request(reason: impl Into<String>) -> DeedRefused {
    DeedRefused::BadRequest(reason.into())
}

impl From<ChangeError> for DeedRefused {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Clock(ClockError::OutOfRange) => Self::BadRequest(error.to_string()),
            ChangeError::Clock(ClockError::Database(error)) => error.into(),
            ChangeError::Job(error) if error.is_unavailable() => Self::Unavailable,
            error => Self::Internal(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_deeds_have_one_name() {
        let names: BTreeSet<&str> = TABLE.iter().map(|deed| deed.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }
}
