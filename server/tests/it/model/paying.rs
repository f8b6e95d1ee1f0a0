//! What stands against payments, and against what fills a prepaid balance or settles a debt.

use super::asks::{Ask, Payment};
use super::books::{Book, CENT, DOLLAR, Method, Micros, Payer};
use super::judge::Codes;
use super::state::{Kind, Model, Role, Rule, State, Stored, Token, Transaction};

/// What a prepaid balance may hold (fps.md §10).
const MOST_PREPAID: Micros = 10_000 * DOLLAR;

impl Model<Ask> {
    pub fn wrong_with_payment(&self, caller: usize, payment: &Payment) -> Codes {
        let mut wrong = Codes::new();
        if payment.recipient.as_ref() == Some(&payment.sender) {
            wrong.insert("SameTokenIdUsedMultipleTimes");
        }
        let sender = self.own_token(caller, &payment.sender).filter(|token| token.role == Role::Sender);
        let by_stored_value = sender.is_some_and(|token| token.pays_from.is_some());
        if payment.recipient.is_none() && !by_stored_value {
            wrong.insert("InvalidParams");
        }
        let recipient = payment.recipient.as_deref().map(|id| {
            let token = self.own_token(caller, id).filter(|token| token.role == Role::Recipient);
            token.ok_or("InvalidTokenId_Recipient")
        });
        let recipient = match recipient.transpose() {
            Ok(recipient) => recipient,
            Err(code) => {
                wrong.insert(code);
                None
            }
        };
        let Some(sender) = sender else {
            wrong.insert("InvalidTokenId_Sender");
            return wrong;
        };
        if !wrong.is_empty() {
            return wrong;
        }
        if sender.serves.is_some() {
            wrong.insert("InvalidSenderRoleForAccountType");
        }
        let paid = recipient.map_or(self.callers[caller].account, |token| token.owner);
        self.wrong_with_sender(sender, payment.amount, paid, &mut wrong);
        if !sender.only_to.is_empty()
            && !sender.only_to.iter().any(|id| Some(id) == payment.recipient.as_ref())
        {
            wrong.insert("IncompatibleTokens");
        }
        if let Some(recipient) = recipient {
            self.wrong_with_recipient(recipient, sender, payment, &mut wrong);
        }
        if sender.method == Some(Method::Cc) && !self.accounts[paid].business {
            wrong.insert("InvalidRecipientForCCTransaction");
        }
        if sender.method == Some(Method::Debt) {
            if paid != self.callers[caller].account {
                wrong.insert("IncompatibleTokens");
            }
            if payment.fixed.unwrap_or(0) > 0 || payment.variable.unwrap_or(0) > 0 {
                wrong.insert("InvalidParams");
            }
        }
        let paying = self.payment(caller, payment);
        self.wrong_with_money(&paying, payment.reserves, &mut wrong);
        wrong
    }

    /// What stands against a sender token, for whatever it is used.
    fn wrong_with_sender(&self, sender: &Token, amount: Micros, paid: usize, wrong: &mut Codes) {
        if sender.cancelled || sender.used {
            wrong.insert("TokenNotActive_Sender");
        }
        if sender.is_expired(self.now) || sender.valid_from > self.now {
            wrong.insert("IncompatibleTokens");
        }
        let fits = sender.each.is_none_or(|(rule, authorized)| rule.allows(authorized, amount));
        if !fits {
            wrong.insert("IncompatibleTokens");
        }
        if self.exceeds_limits(sender, amount) {
            wrong.insert("TokenUsageError");
        }
        if sender.owner == paid {
            wrong.insert("SameSenderAndRecipient");
        }
        let method = sender.method.unwrap();
        let card = self.accounts[sender.owner].card_until.filter(|_| method == Method::Cc);
        if card.is_some_and(|last| self.month() > last) {
            wrong.insert("InstrumentExpired");
        }
        if method.takes_time() && amount <= CENT {
            wrong.insert("AmountOutOfRange");
        }
    }

    /// The year and the month.
    fn month(&self) -> (i16, i8) {
        let date =
            jiff::Timestamp::from_second(self.now).unwrap().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        (date.year(), date.month())
    }

    fn wrong_with_recipient(&self, token: &Token, sender: &Token, payment: &Payment, wrong: &mut Codes) {
        if token.cancelled {
            wrong.insert("TokenNotActive_Recipient");
        }
        if token.is_expired(self.now) || token.valid_from > self.now {
            wrong.insert("IncompatibleTokens");
        }
        let method = sender.method.unwrap();
        if !method.is_stored_value() && !token.takes.contains(&method) {
            let by_card = method == Method::Cc;
            wrong.insert(if by_card { "InvalidRecipientForCCTransaction" } else { "IncompatibleTokens" });
        }
        let above = |fee: Option<i64>, cap: Option<i64>| fee.unwrap_or(0) > cap.unwrap_or(0);
        if above(payment.fixed, token.most_fixed) || above(payment.variable, token.most_variable) {
            wrong.insert("IncompatibleTokens");
        }
        if payment.payer == Some(Payer::Recipient) && !token.pays_fee {
            wrong.insert("IncompatibleTokens");
        }
    }

    /// Fees must leave something, and whoever gives money must have it.
    fn wrong_with_money(&self, paying: &Transaction, reserves: bool, wrong: &mut Codes) {
        if leaves_nothing(paying) {
            wrong.insert("InvalidParams");
        }
        let short = match (paying.method.takes_time(), reserves) {
            (false, true) => self.books.get(&paying.source()).available() < paying.amount,
            (false, false) => !self.books.can_post(&self.charge(paying), None),
            (true, _) => false,
        };
        if short || self.caller_is_short(paying) {
            wrong.insert("InsufficientBalance");
        }
    }

    /// Of an FPS fee that it pays, the caller has to have what the marketplace fee does not bring.
    pub fn caller_is_short(&self, paying: &Transaction) -> bool {
        let needs = if paying.payer == Payer::Caller { paying.fps_fee - paying.fee } else { 0 };
        needs > 0 && self.books.get(&Book::Balance(self.callers[paying.caller].account)).available() < needs
    }

    /// A prepaid balance, or else a credit, that is with the caller.
    pub fn instrument(&self, caller: usize, id: &str, prepaid: bool) -> Result<&Stored, &'static str> {
        let stored = self.stored(id).filter(|stored| stored.is_prepaid == prepaid);
        let stored = stored.ok_or("InvalidPaymentInstrument")?;
        if stored.caller == caller { Ok(stored) } else { Err("InstrumentAccessDenied") }
    }

    pub fn wrong_with_debt(&self, debt: &Stored, amount: Micros) -> Codes {
        let owed = self.books.get(&Book::Debt(debt.id.clone())).available();
        if amount > owed { ["SettleAmountGreaterThanDebt"].into() } else { Codes::new() }
    }

    /// What cards and bank accounts are to bring to a prepaid balance.
    pub fn pending_funding(&self, instrument: &str) -> Micros {
        let funds = |transaction: &&Transaction| {
            transaction.kind == Kind::Fund
                && transaction.state == State::Pending
                && transaction.serves.as_deref() == Some(instrument)
        };
        self.transactions.iter().filter(funds).map(|transaction| transaction.amount).sum()
    }

    pub fn wrong_with_transfer(
        &self,
        caller: usize,
        funds: bool,
        token: &str,
        id: &str,
        amount: Micros,
    ) -> Codes {
        let mut wrong = Codes::new();
        let instrument = self.instrument(caller, id, funds);
        let sender = self.own_token(caller, token).filter(|token| token.role == Role::Sender);
        if let Err(code) = instrument {
            wrong.insert(code);
        }
        if sender.is_none() {
            wrong.insert("InvalidTokenId_Sender");
        }
        let (Ok(instrument), Some(sender)) = (instrument, sender) else { return wrong };
        if sender.owner != instrument.owner {
            wrong.insert("TokenAccessDenied");
        }
        match &sender.serves {
            None => _ = wrong.insert("InvalidSenderRoleForAccountType"),
            Some(serves) if *serves != instrument.id => _ = wrong.insert("IncompatibleTokens"),
            Some(_) => {}
        }
        self.wrong_with_sender(sender, amount, self.callers[caller].account, &mut wrong);
        if funds {
            let there = self.books.get(&Book::Prepaid(id.to_owned())).total;
            if there + self.pending_funding(id) + amount > MOST_PREPAID {
                wrong.insert("PrepaidFundingLimitExceeded");
            }
        } else {
            wrong.extend(self.wrong_with_debt(instrument, amount));
        }
        if sender.pays_from.is_none() {
            let paying = self.transfer(caller, funds, token, id, amount, "");
            self.wrong_with_money(&paying, false, &mut wrong);
        }
        wrong
    }
}

impl Rule {
    fn allows(self, authorized: Micros, amount: Micros) -> bool {
        match self {
            Self::Exactly => amount == authorized,
            Self::AtMost => amount <= authorized,
            Self::AtLeast => amount >= authorized,
        }
    }
}

/// Fees that reach the amount are refused.
pub fn leaves_nothing(paying: &Transaction) -> bool {
    let fps_fee = if paying.payer == Payer::Recipient { paying.fps_fee } else { 0 };
    paying.amount - paying.fee - fps_fee <= 0
}
