//! What was asked of Amazon and what it answered, in words and as it came, for those who look after an order.

use fps_protocol::actions::{Action, Request};
use fps_protocol::responses::{
    AccountActivityResult, PrepaidBalanceResult, PrepaidLiabilityResult, RecipientVerificationResult,
    TokenCancelled, TokenResult, TransactionDetail, TransactionResult, TransactionStatusResult,
};
use std::sync::{Arc, Mutex, PoisonError};

/// The longest answer that is kept; real ones have less than two thousand bytes.
const LONGEST_KEPT: usize = 16 * 1024;

/// A call and its answer. Nothing of the signature and no key is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub action: &'static str,
    /// "Hold $12.00 of the buyer's".
    pub asked: String,
    /// Amazon's word: a status, or an error's code.
    pub outcome: String,
    pub request_id: Option<String>,
    /// Amazon's XML; `None` where no answer of Amazon's came.
    pub answer: Option<String>,
}

/// The calls of one client since they were last taken.
#[derive(Debug, Clone, Default)]
pub struct Record {
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Record {
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, call: Call) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

impl Call {
    pub(super) fn answered(
        action: Action,
        asked: String,
        (outcome, request_id): (String, Option<&String>),
        answer: &str,
    ) -> Self {
        Self {
            action: action.as_str(),
            asked,
            outcome,
            request_id: request_id.cloned(),
            answer: Some(answer.to_owned()).filter(|answer| answer.len() <= LONGEST_KEPT),
        }
    }

    pub(super) fn unanswered(action: Action, asked: String) -> Self {
        let outcome = "No answer".to_owned();
        Self { action: action.as_str(), asked, outcome, request_id: None, answer: None }
    }
}

/// What a request asks for, in words.
pub(super) fn asked(request: &Request) -> String {
    match request {
        Request::Pay(pay) => format!("Charge {} and divide it", pay.transaction_amount),
        Request::Reserve(pay) => format!("Hold {}", pay.transaction_amount),
        Request::Settle(settle) => match settle.transaction_amount {
            Some(amount) => format!("Charge {amount} of what is held, and release the rest"),
            None => "Charge what is held".to_owned(),
        },
        Request::Cancel(_) => "Charge nothing, and release what is held".to_owned(),
        Request::Refund(refund) => match refund.refund_amount {
            Some(amount) => format!("Pay {amount} back"),
            None => "Pay back all that is left".to_owned(),
        },
        Request::GetTransactionStatus(_) => "How does it stand?".to_owned(),
        other => other.action().as_str().to_owned(),
    }
}

/// An answer in a word or two.
pub(super) trait Outcome {
    fn outcome(&self) -> String;
}

impl Outcome for TransactionResult {
    fn outcome(&self) -> String {
        self.transaction_status.to_string()
    }
}

impl Outcome for TransactionStatusResult {
    fn outcome(&self) -> String {
        match &self.status_code {
            Some(code) => format!("{}, {code}", self.transaction_status),
            None => self.transaction_status.to_string(),
        }
    }
}

impl Outcome for TransactionDetail {
    fn outcome(&self) -> String {
        self.transaction_status.to_string()
    }
}

impl Outcome for TokenResult {
    fn outcome(&self) -> String {
        "A token".to_owned()
    }
}

impl Outcome for TokenCancelled {
    fn outcome(&self) -> String {
        "Cancelled".to_owned()
    }
}

impl Outcome for PrepaidBalanceResult {
    fn outcome(&self) -> String {
        self.available.to_string()
    }
}

impl Outcome for PrepaidLiabilityResult {
    fn outcome(&self) -> String {
        self.outstanding.to_string()
    }
}

impl Outcome for RecipientVerificationResult {
    fn outcome(&self) -> String {
        self.status.to_string()
    }
}

impl Outcome for AccountActivityResult {
    fn outcome(&self) -> String {
        format!("{} transactions", self.transactions.len())
    }
}
