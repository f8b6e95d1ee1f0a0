//! What happens without anybody's request: the processor answers, and time runs out.

use super::asks::Ask;
use super::books::{Book, Micros, Payer};
use super::grant::SUCCESS;
use super::judge::settled;
use super::state::{Kind, Model, State, Time, Transaction};
use std::collections::BTreeMap;

impl Model<Ask> {
    /// The emulator's clock is moved by hand. What ends on the way ends at its own time.
    pub fn advance(&mut self, seconds: Time) {
        let target = self.now + seconds;
        while let Some(end) = self.next_end().filter(|end| *end < target) {
            self.now = end;
            self.expire();
        }
        self.now = target;
    }

    fn next_end(&self) -> Option<Time> {
        let can_end =
            |transaction: &&Transaction| matches!(transaction.state, State::Reserved | State::Pending);
        let ends = self.transactions.iter().filter(can_end).filter_map(|transaction| transaction.until);
        ends.filter(|end| *end > self.now).min()
    }

    /// The machine's clock goes on, and the emulator's with it unless it is frozen.
    pub fn machine_goes_on(&mut self, seconds: Time) {
        self.machine += seconds;
        if !self.frozen {
            self.now += seconds;
        }
    }

    /// What the processor has to answer by now.
    pub fn due_answers(&self) -> Vec<usize> {
        let due = |at: &usize| self.transactions[*at].answer_at.is_some_and(|answer| answer <= self.machine);
        (0..self.transactions.len()).filter(due).collect()
    }

    /// Those of them that need money of the caller, where there may not be enough for all: the order in which the
    /// processor answers decides.
    pub fn in_doubt(&self, due: &[usize]) -> Vec<usize> {
        let needs = |transaction: &Transaction| match (transaction.kind, transaction.payer) {
            (Kind::Reserve, _) if transaction.state == State::Pending => 0,
            (Kind::Refund, _) | (_, Payer::Recipient) => 0,
            (_, Payer::Caller) => (transaction.fps_fee - transaction.fee).max(0),
        };
        let mut of_callers: BTreeMap<usize, Micros> = BTreeMap::new();
        for at in due {
            *of_callers.entry(self.transactions[*at].caller).or_default() += needs(&self.transactions[*at]);
        }
        let short = |caller: usize| {
            self.books.get(&Book::Balance(self.callers[caller].account)).available() < of_callers[&caller]
        };
        let in_doubt =
            |at: &&usize| needs(&self.transactions[**at]) > 0 && short(self.transactions[**at].caller);
        due.iter().filter(in_doubt).copied().collect()
    }

    /// The processor answers for one transaction.
    pub fn answer(&mut self, at: usize, accepts: bool) {
        self.transactions[at].answer_at = None;
        let transaction = &self.transactions[at];
        let (kind, state) = (transaction.kind, transaction.state);
        let is_late = transaction.until.is_some_and(|until| until <= self.now);
        match (kind, state) {
            (_, State::Pending) if is_late => self.fail(at, "Expired"),
            (Kind::Reserve, State::Pending) => {
                self.reserved(at);
                self.told(at, kind.told(), "RESERVED");
            }
            (Kind::Refund, _) => {
                let amount = self.transactions[at].amount;
                self.books.post(&vec![(Book::InTransit, -amount), (Book::World, amount)]);
                self.enter(at, State::Success, SUCCESS);
                self.told(at, kind.told(), "SUCCESS");
            }
            (_, State::Settling) if !accepts => {
                // The reserve goes on as it was.
                self.transactions[at] = settled(&self.transactions[at], self.transactions[at].asked);
                self.enter(at, State::Reserved, SUCCESS);
                self.told(at, "SETTLE", "FAILURE");
            }
            _ if !accepts => self.fail(at, "TransactionDenied"),
            _ => {
                self.hold(at, -1);
                self.books.post(&self.charge(&self.transactions[at]));
                self.enter(at, State::Success, SUCCESS);
                self.told(at, if state == State::Settling { "SETTLE" } else { kind.told() }, "SUCCESS");
            }
        }
    }

    fn fail(&mut self, at: usize, code: &'static str) {
        let operation = self.transactions[at].kind.told();
        self.hold(at, -1);
        self.transactions[at].answer_at = None;
        self.enter(at, State::Failure, code);
        self.told(at, operation, "FAILURE");
    }

    /// Ends what was not settled, or not finished, in time.
    pub fn expire(&mut self) {
        for at in 0..self.transactions.len() {
            if self.transactions[at].until.is_none_or(|until| until > self.now) {
                continue;
            }
            match self.transactions[at].state {
                State::Reserved => {
                    self.hold(at, -1);
                    self.enter(at, State::Cancelled, "Expired");
                    self.told(at, "CANCEL_TRANSACTION", "CANCELLED");
                }
                State::Pending => self.fail(at, "Expired"),
                _ => {}
            }
        }
    }
}
