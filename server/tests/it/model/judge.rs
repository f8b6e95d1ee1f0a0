//! What stands against a request, by docs/fps.md §4 to §6. FPS named the first thing that it found wrong and no
//! source says in which order it looked, so that this is a set: any of them may be told, and one must be.

use super::asks::{Ask, Refund};
use super::books::{CENT, Micros, fps_fee, percent};
use super::paying::leaves_nothing;
use super::state::{Answered, DAY, Given, Kind, Model, Policy, Role, State, Token, Transaction};
use std::collections::BTreeSet;

pub type Codes = BTreeSet<&'static str>;

/// How long a reference is kept (fps.md §5).
const KEPT_FOR: i64 = 7 * DAY;
/// The codes of fps.md §6.3 whose request may be sent again.
const RETRIABLE: [&str; 4] = [
    "InsufficientBalance",
    "OriginalTransactionIncomplete",
    "PrepaidFundingLimitExceeded",
    "ConcurrentModification",
];

/// What the answer must be.
#[derive(Debug)]
pub enum Verdict {
    Granted,
    /// With one of these.
    Refused(Codes),
    /// This request was answered before.
    Again(Given),
}

impl Model<Ask> {
    pub fn judge(&self, caller: usize, ask: &Ask) -> Verdict {
        match self.answered_before(caller, ask) {
            Some(earlier) if earlier.ask != *ask => return Verdict::Refused(["DuplicateRequest"].into()),
            Some(Answered { answer: Given::Refused(code), .. }) if RETRIABLE.contains(&code.as_str()) => {}
            Some(earlier) => return Verdict::Again(earlier.answer.clone()),
            None => {}
        }
        let wrong = self.wrong(caller, ask);
        if wrong.is_empty() { Verdict::Granted } else { Verdict::Refused(wrong) }
    }

    pub fn answered_before(&self, caller: usize, ask: &Ask) -> Option<&Answered<Ask>> {
        let key = (caller, ask.action(), ask.reference()?.to_owned());
        self.answered.get(&key).filter(|earlier| self.now < earlier.at + KEPT_FOR)
    }

    fn wrong(&self, caller: usize, ask: &Ask) -> Codes {
        match ask {
            Ask::Pay(payment) => self.wrong_with_payment(caller, payment),
            Ask::Settle { id, amount } => self.wrong_with_settle(caller, id, *amount),
            Ask::Cancel { id } => self.wrong_with_cancel(caller, id),
            Ask::Refund(refund) => self.wrong_with_refund(caller, refund),
            Ask::Transfer { funds, token, instrument, amount, .. } => {
                self.wrong_with_transfer(caller, *funds, token, instrument, *amount)
            }
            Ask::WriteOff { instrument, amount, .. } => match self.instrument(caller, instrument, false) {
                Err(code) => [code].into(),
                Ok(debt) => self.wrong_with_debt(debt, *amount),
            },
            Ask::CancelToken { id } => match self.own_token(caller, id) {
                None => ["InvalidTokenId"].into(),
                Some(token) if token.cancelled => ["TokenNotActive"].into(),
                Some(_) => Codes::new(),
            },
            Ask::CancelSubscription { id, amount, .. } => self.wrong_with_subscription(caller, id, *amount),
            Ask::Install { kind, text, reason, reference } => {
                let mut wrong = Codes::new();
                if *kind != "Unrestricted" || !text.starts_with("MyRole == '") {
                    wrong.insert("InvalidParams");
                }
                let same = |token: &&Token| token.caller == caller && token.reference == *reference;
                let earlier = self.tokens.iter().find(same);
                let differs = |earlier: &Token| earlier.instruction != Some(installed(text, *reason));
                if earlier.is_some_and(differs) {
                    wrong.insert("DuplicateRequest");
                }
                wrong
            }
        }
    }

    pub fn own_token(&self, caller: usize, id: &str) -> Option<&Token> {
        self.token(id).filter(|token| token.caller == caller)
    }

    fn wrong_with_settle(&self, caller: usize, id: &str, amount: Option<Micros>) -> Codes {
        // Nor is it for the linked transaction of a marketplace's fee.
        let Some(at) = self.transaction(caller, id) else { return ["InvalidTransactionId"].into() };
        let reserve = &self.transactions[at];
        if !matches!(reserve.kind, Kind::Pay | Kind::Reserve) {
            // Of what has failed both are true.
            return or_its_end(reserve, "InvalidTransactionId", "InvalidTransactionState");
        }
        if reserve.state != State::Reserved {
            return ["InvalidTransactionState"].into();
        }
        let mut wrong = Codes::new();
        let amount = amount.unwrap_or(reserve.asked);
        if amount > reserve.asked {
            wrong.insert("SettleAmountGreaterThanReserveAmount");
        }
        if reserve.method.takes_time() && amount <= CENT {
            wrong.insert("AmountOutOfRange");
        }
        let settled = settled(reserve, amount);
        if leaves_nothing(&settled) {
            wrong.insert("InvalidParams");
        }
        let source = reserve.source();
        let changes = self.charge(&settled);
        if !reserve.method.takes_time() && !self.books.can_post(&changes, Some((&source, reserve.asked))) {
            wrong.insert("InsufficientBalance");
        }
        wrong
    }

    fn wrong_with_cancel(&self, caller: usize, id: &str) -> Codes {
        // Nor is it for the linked transaction of a marketplace's fee.
        let Some(at) = self.transaction(caller, id) else { return ["InvalidTransactionId"].into() };
        let transaction = &self.transactions[at];
        match (transaction.kind, transaction.state) {
            (Kind::Refund | Kind::WriteOff, _) => ["InvalidTransactionId"].into(),
            (_, State::Pending | State::Reserved) => Codes::new(),
            _ => ["InvalidTransactionState"].into(),
        }
    }

    fn wrong_with_refund(&self, caller: usize, refund: &Refund) -> Codes {
        let Some(at) = self.transaction(caller, &refund.id) else {
            let of_fee = self.payment_of_fee(caller, &refund.id).is_some();
            return [if of_fee { "TransactionTypeNotRefundable" } else { "InvalidTransactionId" }].into();
        };
        let original = &self.transactions[at];
        let mut wrong =
            self.wrong_to_refund(original, refund.amount, refund.policy.unwrap_or(Policy::Master));
        if let Some(id) = &refund.token
            && matches!(original.state, State::Success)
            && matches!(original.kind, Kind::Pay | Kind::Reserve)
        {
            let has = |token: &&Token| token.gives_back_by.as_ref() == Some(id) && token.caller == caller;
            match self.tokens.iter().find(has) {
                None => _ = wrong.insert("InvalidTokenId"),
                Some(token) if token.owner != original.recipient => {
                    wrong.insert("SenderNotOriginalRecipient");
                }
                Some(_) => {}
            }
        }
        wrong
    }

    fn wrong_to_refund(&self, original: &Transaction, amount: Option<Micros>, policy: Policy) -> Codes {
        match (original.kind, original.state) {
            (Kind::Pay | Kind::Reserve, State::Success) => {}
            (Kind::Refund | Kind::WriteOff, _) => return ["TransactionTypeNotRefundable"].into(),
            (Kind::Fund | Kind::SettleDebt, _) => {
                return or_its_end(original, "TransactionTypeNotRefundable", "OriginalTransactionFailed");
            }
            (_, State::Failure | State::Cancelled) => return ["OriginalTransactionFailed"].into(),
            (Kind::Pay | Kind::Reserve, _) => return ["OriginalTransactionIncomplete"].into(),
        }
        let mut wrong = Codes::new();
        let left = match policy {
            Policy::Marketplace => original.fee - original.fee_refunded,
            Policy::Master | Policy::Both => original.amount - original.refunded,
        };
        if policy == Policy::Marketplace && original.fee == 0 {
            wrong.insert("InvalidParams");
        }
        if left == 0 {
            wrong.insert("TransactionFullyRefundedAlready");
        } else if amount.is_some_and(|amount| amount > left) {
            wrong.insert("RefundAmountExceeded");
        }
        if wrong.is_empty() {
            let given = self.given_back(original, amount.unwrap_or(left), policy);
            if !self.books.can_post(&given.changes, None) {
                wrong.insert("InsufficientBalance");
            }
        }
        wrong
    }

    pub fn subscription(&self, caller: usize, id: &str) -> Result<&Token, &'static str> {
        let token =
            self.own_token(caller, id).filter(|token| token.role == Role::Sender).ok_or("InvalidTokenId")?;
        if token.kind == "Recurring" { Ok(token) } else { Err("InvalidTokenType") }
    }

    /// The payment that is given back with the end of a subscription: the last one that succeeded.
    pub fn last_payment(&self, subscription: &str) -> Result<&Transaction, &'static str> {
        let paid = self.paid_with(subscription);
        let last = paid.iter().rev().find(|payment| payment.state == State::Success);
        let pending = paid.iter().any(|payment| payment.state.word() == "Pending");
        let code = if pending { "OriginalTransactionIncomplete" } else { "OriginalTransactionFailed" };
        last.copied().ok_or(code)
    }

    fn wrong_with_subscription(&self, caller: usize, id: &str, amount: Option<Micros>) -> Codes {
        let token = match self.subscription(caller, id) {
            Ok(token) => token,
            Err(code) => return [code].into(),
        };
        if token.cancelled {
            return ["TokenNotActive"].into();
        }
        match amount.map(|amount| (amount, self.last_payment(id))) {
            None => Codes::new(),
            Some((_, Err(code))) => [code].into(),
            Some((amount, Ok(payment))) => self.wrong_to_refund(payment, Some(amount), Policy::Master),
        }
    }
}

/// How the text of an instruction and its reason are kept, to compare them with what comes later.
pub fn installed(text: &str, reason: Option<&str>) -> String {
    format!("{text}{}", reason.map(|reason| format!(" [{reason}]")).unwrap_or_default())
}

/// The reserve as a Settle of so much would leave it: with the fees of that amount.
pub fn settled(reserve: &Transaction, amount: Micros) -> Transaction {
    Transaction {
        amount,
        fps_fee: fps_fee(reserve.method, amount),
        fee: reserve.fixed + percent(amount, reserve.variable),
        ..reserve.clone()
    }
}

/// Whether one of them may be told again and again, until the request succeeds.
pub fn are_retriable(codes: &Codes) -> bool {
    codes.iter().any(|code| RETRIABLE.contains(code))
}

/// The kind of a transaction does not allow it; nor, perhaps, that it has come to nothing.
fn or_its_end(transaction: &Transaction, kind: &'static str, end: &'static str) -> Codes {
    let is_over = matches!(transaction.state, State::Failure | State::Cancelled);
    if is_over { [kind, end].into() } else { [kind].into() }
}
