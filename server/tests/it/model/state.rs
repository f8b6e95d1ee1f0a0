//! What the model knows: who there is, what they authorized, what was paid.

use super::books::{Book, Books, Method, Micros, Payer};
use std::collections::BTreeMap;

/// Seconds since the epoch.
pub type Time = i64;

pub const HOUR: Time = 3600;
pub const DAY: Time = 24 * HOUR;

#[derive(Debug)]
pub struct Account {
    pub email: &'static str,
    pub business: bool,
    /// What it can pay with.
    pub methods: &'static [Method],
    /// The last month in which its card is good, as year and month; known from the first token that it pays.
    pub card_until: Option<(i16, i8)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Sender,
    Recipient,
    /// Installed by the caller for itself.
    Caller,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub count: i64,
    pub unit: Unit,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Of money; else of payments.
    pub is_amount: bool,
    pub most: i64,
    /// Without one it is for the token's whole life.
    pub period: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Exactly,
    AtMost,
    AtLeast,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub id: String,
    pub caller: usize,
    pub owner: usize,
    pub role: Role,
    /// The word of `TokenType`.
    pub kind: &'static str,
    pub reference: String,
    pub cancelled: bool,
    pub used: bool,
    pub valid_from: Time,
    pub expires: Option<Time>,
    pub installed: Time,
    /// What it pays with; of a prepaid balance or a credit that is the book's.
    pub method: Option<Method>,
    pub each: Option<(Rule, Micros)>,
    pub limits: Vec<Limit>,
    /// The recipient tokens that alone it may pay.
    pub only_to: Vec<String>,
    /// The prepaid balance or the credit that it pays from.
    pub pays_from: Option<String>,
    /// The one that it fills or settles.
    pub serves: Option<String>,
    /// Of a recipient: what it takes, the caps of the marketplace's fee, and who pays FPS's.
    pub takes: Vec<Method>,
    pub most_fixed: Option<Micros>,
    pub most_variable: Option<i64>,
    pub pays_fee: bool,
    pub gives_back_by: Option<String>,
    pub replaces: Option<String>,
    pub instruction: Option<String>,
}

impl Token {
    pub fn new(id: String, caller: usize, owner: usize, role: Role, reference: String, now: Time) -> Self {
        Self {
            id,
            caller,
            owner,
            role,
            kind: "Unrestricted",
            reference,
            cancelled: false,
            used: false,
            valid_from: now,
            expires: None,
            installed: now,
            method: None,
            each: None,
            limits: Vec::new(),
            only_to: Vec::new(),
            pays_from: None,
            serves: None,
            takes: vec![Method::Abt, Method::Ach, Method::Cc],
            most_fixed: None,
            most_variable: None,
            pays_fee: true,
            gives_back_by: None,
            replaces: None,
            instruction: None,
        }
    }

    pub fn is_expired(&self, now: Time) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    pub fn is_active(&self, now: Time) -> bool {
        !self.cancelled && !self.used && !self.is_expired(now)
    }
}

/// A prepaid balance or a credit.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: String,
    pub caller: usize,
    pub owner: usize,
    pub is_prepaid: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pay,
    Reserve,
    Refund,
    Fund,
    SettleDebt,
    WriteOff,
}

impl Kind {
    /// `FPSOperation`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pay => "Pay",
            Self::Reserve => "Reserve",
            Self::Refund => "Refund",
            Self::Fund => "FundPrepaid",
            Self::SettleDebt => "SettleDebt",
            Self::WriteOff => "WriteOffDebt",
        }
    }

    /// What notifications call it.
    pub fn told(self) -> &'static str {
        match self {
            Self::Pay => "PAY",
            Self::Reserve => "RESERVE",
            Self::Refund => "REFUND",
            Self::Fund => "FUND_PREPAID",
            Self::SettleDebt => "SETTLE_DEBT",
            Self::WriteOff => "WRITE_OFF_DEBT",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Pending,
    Reserved,
    /// A reserve that the processor is charging; `Pending` to callers.
    Settling,
    Success,
    Failure,
    Cancelled,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending | Self::Settling => "Pending",
            Self::Reserved => "Reserved",
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Cancelled => "Cancelled",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Master,
    Marketplace,
    Both,
}

/// One line of a transaction's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub at: Time,
    pub status: &'static str,
    pub code: &'static str,
    pub amount: Micros,
}

#[derive(Debug, Clone)]
pub struct Transaction {
    pub id: String,
    pub caller: usize,
    pub kind: Kind,
    pub state: State,
    pub code: &'static str,
    pub asked: Micros,
    /// What is charged: of a reserve what Settle asked for.
    pub amount: Micros,
    pub fps_fee: Micros,
    pub fee: Micros,
    pub fixed: Micros,
    pub variable: i64,
    pub payer: Payer,
    pub method: Method,
    pub sender: usize,
    pub recipient: usize,
    pub sender_token: Option<String>,
    pub recipient_token: Option<String>,
    /// The prepaid balance or the credit that pays.
    pub pays_from: Option<String>,
    /// The one that is filled or settled.
    pub serves: Option<String>,
    /// Of a refund: the transaction, or the marketplace fee's, that it is of.
    pub parent: Option<String>,
    pub reference: String,
    pub received: Time,
    pub ended: Option<Time>,
    /// When it ends by itself.
    pub until: Option<Time>,
    /// When the processor answers, by the machine's clock.
    pub answer_at: Option<Time>,
    pub refunded: Micros,
    pub fee_refunded: Micros,
    /// The linked transaction of the marketplace's fee, once the caller has asked for it.
    pub fee_id: Option<String>,
    pub history: Vec<Past>,
}

impl Transaction {
    /// Where its money comes from.
    pub fn source(&self) -> Book {
        match self.method {
            Method::Abt => Book::Balance(self.sender),
            Method::Prepaid => Book::Prepaid(self.pays_from.clone().unwrap()),
            Method::Debt => Book::Credit(self.pays_from.clone().unwrap()),
            Method::Ach | Method::Cc => Book::World,
        }
    }

    /// Whether a marketplace fee was asked for: then there is a linked transaction of it.
    pub fn has_fee(&self) -> bool {
        self.fixed > 0 || self.variable > 0
    }
}

/// The answer that a reference has got.
#[derive(Debug, Clone)]
pub struct Answered<A> {
    pub ask: A,
    pub at: Time,
    pub answer: Given,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The transaction's id (of a subscription that was cancelled without a refund, nothing) and status.
    Done(Option<String>, &'static str),
    Refused(String),
}

/// One who calls, by its place in the model.
#[derive(Debug)]
pub struct Caller {
    pub access_key: &'static str,
    pub secret: &'static str,
    pub account: usize,
}

#[derive(Debug)]
pub struct Model<A> {
    /// The emulator's time, and the machine's.
    pub now: Time,
    pub machine: Time,
    pub frozen: bool,
    /// How long the processor takes, of the machine's time.
    pub delay: Time,
    pub callers: Vec<Caller>,
    pub accounts: Vec<Account>,
    pub tokens: Vec<Token>,
    pub stored: Vec<Stored>,
    pub transactions: Vec<Transaction>,
    pub books: Books,
    /// By caller, action and reference.
    pub answered: BTreeMap<(usize, &'static str, String), Answered<A>>,
    /// What the first caller is to be told, by subject, in order.
    pub told: BTreeMap<String, Vec<String>>,
}

impl<A> Model<A> {
    pub fn token(&self, id: &str) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id == id)
    }

    pub fn token_mut(&mut self, id: &str) -> &mut Token {
        self.tokens.iter_mut().find(|token| token.id == id).unwrap()
    }

    pub fn stored(&self, id: &str) -> Option<&Stored> {
        self.stored.iter().find(|stored| stored.id == id)
    }

    /// A caller's own transaction. The linked one of a marketplace's fee is not among them.
    pub fn transaction(&self, caller: usize, id: &str) -> Option<usize> {
        self.transactions.iter().position(|transaction| transaction.id == id && transaction.caller == caller)
    }

    /// The payment whose marketplace fee the caller's transaction of this id is.
    pub fn payment_of_fee(&self, caller: usize, id: &str) -> Option<usize> {
        let is_it = |payment: &Transaction| payment.caller == caller && payment.fee_id.as_deref() == Some(id);
        self.transactions.iter().position(is_it)
    }

    /// Only the first caller has an address for notifications.
    pub fn tell(&mut self, caller: usize, subject: &str, what: String) {
        if caller == 0 {
            self.told.entry(subject.to_owned()).or_default().push(what);
        }
    }

    /// The token and those that it replaced.
    pub fn editions(&self, id: &str) -> Vec<String> {
        let mut ids = vec![id.to_owned()];
        while let Some(older) = self.token(&ids[ids.len() - 1]).and_then(|token| token.replaces.clone()) {
            ids.push(older);
        }
        ids
    }

    /// What was paid with the token and those that it replaced, in the order of time.
    pub fn paid_with(&self, id: &str) -> Vec<&Transaction> {
        let editions = self.editions(id);
        let is_paid = |payment: &&Transaction| {
            payment.kind != Kind::Refund
                && payment.sender_token.as_ref().is_some_and(|token| editions.contains(token))
        };
        self.transactions.iter().filter(is_paid).collect()
    }
}
