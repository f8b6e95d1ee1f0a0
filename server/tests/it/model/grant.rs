//! What a request that is granted does to the model.

use super::asks::{Ask, Payment, Refund};
use super::books::{Book, Changes, Method, Micros, Payer, fps_fee, percent, share};
use super::judge::{installed, settled};
use super::state::{Answered, DAY, Given, Kind, Model, Past, Policy, Role, State, Token, Transaction};

/// How long a reserve is good (fps.md §5).
const RESERVED_FOR: i64 = 7 * DAY;

pub const SUCCESS: &str = "Success";
const PENDING: &str = "PendingNetworkResponse";

/// What a refund gives back.
#[derive(Debug)]
pub struct GivenBack {
    pub changes: Changes,
    /// To the sender.
    pub amount: Micros,
    /// The parts of the marketplace's fee and of FPS's.
    pub fee: Micros,
    pub fps_fee: Micros,
}

impl Model<Ask> {
    fn begun(
        &self,
        caller: usize,
        kind: Kind,
        amount: Micros,
        method: Method,
        reference: &str,
    ) -> Transaction {
        Transaction {
            id: String::new(),
            caller,
            kind,
            state: State::Success,
            code: SUCCESS,
            asked: amount,
            amount,
            fps_fee: 0,
            fee: 0,
            fixed: 0,
            variable: 0,
            payer: Payer::Recipient,
            method,
            sender: 0,
            recipient: self.callers[caller].account,
            sender_token: None,
            recipient_token: None,
            pays_from: None,
            serves: None,
            parent: None,
            reference: reference.to_owned(),
            received: self.now,
            ended: None,
            until: None,
            answer_at: None,
            refunded: 0,
            fee_refunded: 0,
            fee_id: None,
            history: Vec::new(),
        }
    }

    /// The transaction that a payment would be, with its fees; the sender token is there.
    pub fn payment(&self, caller: usize, payment: &Payment) -> Transaction {
        let sender = self.token(&payment.sender).unwrap();
        let recipient = payment.recipient.as_deref().and_then(|id| self.token(id));
        let (method, amount) = (sender.method.unwrap(), payment.amount);
        let kind = if payment.reserves { Kind::Reserve } else { Kind::Pay };
        let agreed =
            if recipient.is_none_or(|token| token.pays_fee) { Payer::Recipient } else { Payer::Caller };
        let (fixed, variable) = (payment.fixed.unwrap_or(0), payment.variable.unwrap_or(0));
        let begun = self.begun(caller, kind, amount, method, &payment.reference);
        Transaction {
            fps_fee: fps_fee(method, amount),
            fee: fixed + percent(amount, variable),
            fixed,
            variable,
            payer: payment.payer.unwrap_or(agreed),
            sender: sender.owner,
            recipient: recipient.map_or(begun.recipient, |token| token.owner),
            sender_token: Some(payment.sender.clone()),
            recipient_token: payment.recipient.clone(),
            pays_from: sender.pays_from.clone(),
            until: payment.minutes.filter(|_| method.takes_time()).map(|minutes| self.now + 60 * minutes),
            ..begun
        }
    }

    /// The transaction that `FundPrepaid` or `SettleDebt` would be. The FPS fee is the caller's in both: of a
    /// prepaid balance it comes from elsewhere, since all that was paid is in it.
    pub fn transfer(
        &self,
        caller: usize,
        funds: bool,
        token: &str,
        instrument: &str,
        amount: Micros,
        reference: &str,
    ) -> Transaction {
        let sender = self.token(token).unwrap();
        let method = sender.method.unwrap();
        let kind = if funds { Kind::Fund } else { Kind::SettleDebt };
        Transaction {
            fps_fee: fps_fee(method, amount),
            payer: if funds { Payer::Caller } else { Payer::Recipient },
            sender: sender.owner,
            sender_token: Some(token.to_owned()),
            serves: Some(instrument.to_owned()),
            ..self.begun(caller, kind, amount, method, reference)
        }
    }

    /// What charging the transaction moves (fps.md §4, "The split").
    pub fn charge(&self, paid: &Transaction) -> Changes {
        let caller = Book::Balance(self.callers[paid.caller].account);
        let debt = |id: &Option<String>, more: Micros| {
            let id = id.clone().unwrap();
            vec![(Book::Debt(id.clone()), more), (Book::Credit(id), -more)]
        };
        if paid.kind == Kind::WriteOff {
            return debt(&paid.serves, -paid.amount);
        }
        if paid.method == Method::Debt {
            return debt(&paid.pays_from, paid.amount);
        }
        let recipient = match paid.kind {
            Kind::Fund => Book::Prepaid(paid.serves.clone().unwrap()),
            _ => Book::Balance(paid.recipient),
        };
        let fee_from = if paid.payer == Payer::Recipient { recipient.clone() } else { caller.clone() };
        let mut changes = vec![
            (paid.source(), -paid.amount),
            (recipient.clone(), paid.amount - paid.fee),
            (caller, paid.fee),
            (fee_from, -paid.fps_fee),
            (Book::Fees, paid.fps_fee),
        ];
        if paid.kind == Kind::SettleDebt {
            changes.extend(debt(&paid.serves, -paid.amount));
        }
        changes
    }

    /// What a refund of so much gives back, and from whom (fps.md §5). Fees go back in proportion to all that
    /// is refunded so far, so that the parts add up to the whole.
    pub fn given_back(&self, original: &Transaction, amount: Micros, policy: Policy) -> GivenBack {
        let caller = Book::Balance(self.callers[original.caller].account);
        let recipient = Book::Balance(original.recipient);
        if policy == Policy::Marketplace {
            let changes = vec![(caller, -amount), (recipient, amount)];
            return GivenBack { changes, amount: 0, fee: amount, fps_fee: 0 };
        }
        let (before, after) = (original.refunded, original.refunded + amount);
        let part = |fee| share(fee, after, original.amount) - share(fee, before, original.amount);
        let fee = match policy {
            Policy::Both => part(original.fee).min(original.fee - original.fee_refunded),
            _ => 0,
        };
        let fps_fee = part(original.fps_fee);
        // A debt that is not settled yet is only forgiven.
        let forgiven = match (&original.pays_from, original.method) {
            (Some(id), Method::Debt) => amount.min(self.books.get(&Book::Debt(id.clone())).available()),
            _ => 0,
        };
        let to = match original.method {
            Method::Cc => Book::InTransit,
            Method::Prepaid => Book::Prepaid(original.pays_from.clone().unwrap()),
            Method::Abt | Method::Ach | Method::Debt => Book::Balance(original.sender),
        };
        let fee_to = if original.payer == Payer::Recipient { recipient.clone() } else { caller.clone() };
        let mut changes = vec![
            (to, amount - forgiven),
            (recipient.clone(), forgiven - amount),
            (fee_to, fps_fee),
            (Book::Fees, -fps_fee),
            (recipient, fee),
            (caller, -fee),
        ];
        if forgiven > 0 {
            let id = original.pays_from.clone().unwrap();
            changes.extend([(Book::Debt(id.clone()), -forgiven), (Book::Credit(id), forgiven)]);
        }
        GivenBack { changes, amount, fee, fps_fee }
    }

    /// Does what is granted; `id` is the one that the emulator gave to what is new. The status to be answered.
    pub fn grant(&mut self, caller: usize, ask: &Ask, id: Option<&str>) -> &'static str {
        let status = match ask {
            Ask::Pay(payment) => {
                let paying = self.payment(caller, payment);
                self.begin(paying, id.unwrap())
            }
            Ask::Transfer { funds, token, instrument, amount, reference } => {
                let paying = self.transfer(caller, *funds, token, instrument, *amount, reference);
                self.begin(paying, id.unwrap())
            }
            Ask::WriteOff { instrument, amount, reference } => {
                let owner = self.stored(instrument).unwrap().owner;
                let instrument = Some(instrument.clone());
                let begun = self.begun(caller, Kind::WriteOff, *amount, Method::Debt, reference);
                let written =
                    Transaction { sender: owner, pays_from: instrument.clone(), serves: instrument, ..begun };
                self.begin(written, id.unwrap())
            }
            Ask::Settle { id, amount } => self.settle(caller, id, *amount),
            Ask::Cancel { id } => self.cancel(caller, id),
            Ask::Refund(refund) => self.refund(caller, refund, id.unwrap()),
            Ask::CancelToken { id } => self.cancel_token(id),
            Ask::CancelSubscription { id: token, amount, reference } => {
                if let Some(amount) = amount {
                    let refund = Refund {
                        id: self.last_payment(token).unwrap().id.clone(),
                        amount: Some(*amount),
                        policy: None,
                        token: None,
                        reference: reference.clone().unwrap(),
                    };
                    self.refund(caller, &refund, id.unwrap());
                }
                self.cancel_token(token)
            }
            Ask::Install { text, reason, reference, .. } => {
                self.install(caller, text, *reason, reference, id.unwrap());
                ""
            }
        };
        self.remember(caller, ask, Given::Done(id.map(str::to_owned), status));
        status
    }

    /// A refusal uses the reference up, too; but a different request under a used one leaves it as it is.
    pub fn refuse(&mut self, caller: usize, ask: &Ask, code: &str) {
        if self.answered_before(caller, ask).is_none_or(|earlier| earlier.ask == *ask) {
            self.remember(caller, ask, Given::Refused(code.to_owned()));
        }
    }

    fn remember(&mut self, caller: usize, ask: &Ask, answer: Given) {
        if let Some(reference) = ask.reference() {
            let key = (caller, ask.action(), reference.to_owned());
            self.answered.insert(key, Answered { ask: ask.clone(), at: self.now, answer });
        }
    }

    /// A transaction takes its first state.
    pub fn enter(&mut self, at: usize, state: State, code: &'static str) {
        let now = self.now;
        let transaction = &mut self.transactions[at];
        (transaction.state, transaction.code) = (state, code);
        if matches!(state, State::Success | State::Failure | State::Cancelled) {
            transaction.ended = Some(now);
            transaction.until = None;
        }
        if state == State::Reserved {
            transaction.amount = transaction.asked;
        }
        let amount = transaction.amount;
        transaction.history.push(Past { at: now, status: state.word(), code, amount });
    }

    pub fn told(&mut self, at: usize, operation: &str, status: &str) {
        let (caller, id) = (self.transactions[at].caller, self.transactions[at].id.clone());
        self.tell(caller, &id, format!("{operation} {}", status.to_uppercase()));
    }

    /// Cards and bank accounts wait for the processor; all else is done, or held, at once.
    fn begin(&mut self, begun: Transaction, id: &str) -> &'static str {
        if let Some(token) = &begun.sender_token {
            let token = self.token_mut(token);
            token.used |= token.kind == "SingleUse";
        }
        let state = match (begun.method.takes_time(), begun.kind) {
            (true, _) => State::Pending,
            (false, Kind::Reserve) => State::Reserved,
            (false, _) => State::Success,
        };
        let answer_at = (state == State::Pending).then_some(self.machine + self.delay);
        let kind = begun.kind;
        self.transactions.push(Transaction { id: id.to_owned(), answer_at, ..begun });
        let at = self.transactions.len() - 1;
        self.hold(at, 1);
        match state {
            State::Pending => self.enter(at, state, PENDING),
            State::Reserved => self.reserved(at),
            _ => {
                self.books.post(&self.charge(&self.transactions[at]));
                self.enter(at, state, SUCCESS);
            }
        }
        self.told(at, kind.told(), state.word());
        state.word()
    }

    pub fn reserved(&mut self, at: usize) {
        self.transactions[at].until = Some(self.now + RESERVED_FOR);
        self.enter(at, State::Reserved, SUCCESS);
    }

    /// What is held for it: a reserve's balance, or the part of a debt that is being settled. `sign` is −1 when
    /// that is free again.
    pub fn hold(&mut self, at: usize, sign: Micros) {
        let transaction = &self.transactions[at];
        let book = match transaction.kind {
            Kind::Reserve if !transaction.method.takes_time() => transaction.source(),
            Kind::SettleDebt if transaction.method.takes_time() => {
                Book::Debt(transaction.serves.clone().unwrap())
            }
            _ => return,
        };
        let amount = transaction.asked;
        self.books.hold(&book, sign * amount);
    }

    fn settle(&mut self, caller: usize, id: &str, amount: Option<Micros>) -> &'static str {
        let at = self.transaction(caller, id).unwrap();
        let amount = amount.unwrap_or(self.transactions[at].asked);
        self.transactions[at] = settled(&self.transactions[at], amount);
        if self.transactions[at].method.takes_time() {
            self.transactions[at].answer_at = Some(self.machine + self.delay);
            self.enter(at, State::Settling, PENDING);
        } else {
            self.hold(at, -1);
            self.books.post(&self.charge(&self.transactions[at]));
            self.enter(at, State::Success, SUCCESS);
        }
        let status = self.transactions[at].state.word();
        self.told(at, "SETTLE", status);
        status
    }

    fn cancel(&mut self, caller: usize, id: &str) -> &'static str {
        let at = self.transaction(caller, id).unwrap();
        self.hold(at, -1);
        self.transactions[at].answer_at = None;
        self.enter(at, State::Cancelled, "Canceled");
        self.told(at, "CANCEL", "CANCELLED");
        "Cancelled"
    }

    fn refund(&mut self, caller: usize, refund: &Refund, id: &str) -> &'static str {
        let at = self.transaction(caller, &refund.id).unwrap();
        let policy = refund.policy.unwrap_or(Policy::Master);
        let of_fee = policy == Policy::Marketplace;
        let original = &self.transactions[at];
        let left =
            if of_fee { original.fee - original.fee_refunded } else { original.amount - original.refunded };
        let amount = refund.amount.unwrap_or(left);
        let given = self.given_back(original, amount, policy);
        let account = self.callers[caller].account;
        let (sender, recipient, method, parent) = if of_fee {
            (account, original.recipient, Method::Abt, original.fee_id.clone())
        } else {
            (original.recipient, original.sender, original.method, Some(original.id.clone()))
        };
        let state = if method == Method::Cc { State::Pending } else { State::Success };
        let begun = Transaction {
            id: id.to_owned(),
            fps_fee: given.fps_fee,
            fee: if of_fee { 0 } else { given.fee },
            payer: original.payer,
            sender,
            recipient,
            sender_token: refund.token.clone(),
            pays_from: original.pays_from.clone().filter(|_| !of_fee),
            parent,
            answer_at: (state == State::Pending).then_some(self.machine + self.delay),
            ..self.begun(caller, Kind::Refund, amount, method, &refund.reference)
        };
        self.books.post(&given.changes);
        self.transactions[at].refunded += given.amount;
        self.transactions[at].fee_refunded += given.fee;
        self.transactions.push(begun);
        let at = self.transactions.len() - 1;
        self.enter(at, state, if state == State::Pending { PENDING } else { SUCCESS });
        self.told(at, "REFUND", state.word());
        state.word()
    }

    fn cancel_token(&mut self, id: &str) -> &'static str {
        self.token_mut(id).cancelled = true;
        let caller = self.token(id).unwrap().caller;
        self.tell(caller, id, "TokenCancellation".to_owned());
        ""
    }

    fn install(&mut self, caller: usize, text: &str, reason: Option<&str>, reference: &str, id: &str) {
        if self.own_token(caller, id).is_some() {
            return;
        }
        let role = if text.contains("'Recipient'") { Role::Recipient } else { Role::Caller };
        let owner = self.callers[caller].account;
        let token = Token::new(id.to_owned(), caller, owner, role, reference.to_owned(), self.now);
        self.tokens.push(Token { instruction: Some(installed(text, reason)), ..token });
    }
}
