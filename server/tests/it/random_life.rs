//! A few hundred random steps, each answered as a simple model of money and states says, and the books
//! with them. The seed is fixed, so that a failure comes again.

use crate::on_both_databases;
use crate::support::{Answer, App, recipient_token};

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
const STEPS: usize = 250;

on_both_databases!(random_steps_end_as_the_model_says);

/// What the model knows of a transaction; amounts in cents.
#[derive(Debug, Clone, Copy)]
struct Known {
    state: State,
    amount: u64,
    refunded: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reserved,
    Charged,
    Cancelled,
}

/// Numbers that look random enough (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn cents(&mut self, most: u64) -> u64 {
        1 + u64::try_from(self.below(usize::try_from(most).unwrap())).unwrap()
    }
}

fn dollars(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

struct Life {
    app: App,
    dice: Dice,
    /// John's balance, in cents, and what of it is held.
    balance: u64,
    held: u64,
    transactions: Vec<(String, Known)>,
}

impl Life {
    async fn begin(&mut self, step: usize) {
        let (amount, action) = (self.dice.cents(3_000), ["Pay", "Reserve"][self.dice.below(2)]);
        let reference = format!("step-{step}");
        let token = self.app.sender_token(FIRST, JOHN, "ABT", &dollars(amount), &reference).await;
        let fields = [
            ("SenderTokenId", token.as_str()),
            ("RecipientTokenId", &recipient_token(0)),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", &dollars(amount)),
            ("MarketplaceVariableFee", "2.5"),
            ("MarketplaceFixedFee.CurrencyCode", "USD"),
            ("MarketplaceFixedFee.Value", if amount > 100 { "0.10" } else { "0.00" }),
            ("CallerReference", &reference),
        ];
        let answer = self.app.caller().call(action, &fields).await;
        if self.balance - self.held < amount {
            assert_eq!(answer.outcome(), "InsufficientBalance", "{amount} of {}: {answer:?}", self.balance);
            return;
        }
        assert_eq!(answer.status, 200, "{action} {amount}: {answer:?}");
        let state = if action == "Pay" {
            self.balance -= amount;
            State::Charged
        } else {
            self.held += amount;
            State::Reserved
        };
        self.transactions.push((answer.expect("TransactionId"), Known { state, amount, refunded: 0 }));
    }

    async fn settle(&mut self, at: usize) {
        let (id, known) = self.transactions[at].clone();
        let part = self.dice.cents(known.amount + known.amount.div_ceil(8));
        let fields = [
            ("ReserveTransactionId", id.as_str()),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", &dollars(part)),
        ];
        let answer = self.app.caller().call("Settle", &fields).await;
        if known.state != State::Reserved {
            return expect(&answer, "InvalidTransactionState", known);
        }
        if part > known.amount {
            return expect(&answer, "SettleAmountGreaterThanReserveAmount", known);
        }
        if answer.outcome() == "InvalidParams" {
            assert!(part <= 15, "only small parts are eaten up by the fees: {part} {answer:?}");
            return;
        }
        expect(&answer, "Success", known);
        self.held -= known.amount;
        self.balance -= part;
        self.transactions[at].1 = Known { state: State::Charged, amount: part, refunded: 0 };
    }

    async fn cancel(&mut self, at: usize) {
        let (id, known) = self.transactions[at].clone();
        let answer = self.app.caller().on_transaction("Cancel", &id).await;
        if known.state != State::Reserved {
            return expect(&answer, "InvalidTransactionState", known);
        }
        expect(&answer, "Cancelled", known);
        self.held -= known.amount;
        self.transactions[at].1.state = State::Cancelled;
    }

    async fn refund(&mut self, at: usize, step: usize) {
        let (id, known) = self.transactions[at].clone();
        let part = self.dice.cents(known.amount);
        let answer = self.app.caller().refund(&id, &dollars(part), &format!("refund-{step}")).await;
        let left = known.amount - known.refunded;
        match known.state {
            State::Reserved => expect(&answer, "OriginalTransactionIncomplete", known),
            State::Cancelled => expect(&answer, "OriginalTransactionFailed", known),
            State::Charged if left == 0 => expect(&answer, "TransactionFullyRefundedAlready", known),
            State::Charged if part > left => expect(&answer, "RefundAmountExceeded", known),
            State::Charged => {
                expect(&answer, "Success", known);
                self.balance += part;
                self.transactions[at].1.refunded += part;
            }
        }
    }

    async fn step(&mut self, step: usize) {
        let known = self.transactions.len();
        let choice = self.dice.below(10);
        if known == 0 || choice < 4 {
            return self.begin(step).await;
        }
        let at = self.dice.below(known);
        match choice {
            4 | 5 => self.settle(at).await,
            6 => self.cancel(at).await,
            _ => self.refund(at, step).await,
        }
    }
}

#[track_caller]
fn expect(answer: &Answer, outcome: &str, known: Known) {
    assert_eq!(answer.outcome(), outcome, "{known:?}: {answer:?}");
}

async fn random_steps_end_as_the_model_says(app: App) {
    let mut life = Life { app, dice: Dice(20_100_828), balance: 50_000, held: 0, transactions: Vec::new() };
    for step in 0..STEPS {
        life.step(step).await;
        if step % 25 == 0 {
            let balance = life.app.balance(JOHN).await;
            assert!(
                balance.starts_with(&dollars(life.balance)),
                "step {step}: {balance}, not {}",
                life.balance
            );
            life.app.assert_books_balance().await;
        }
    }
    for (id, known) in &life.transactions {
        let status = match known.state {
            State::Reserved => "Reserved",
            State::Charged => "Success",
            State::Cancelled => "Cancelled",
        };
        assert_eq!(life.app.caller().status(id).await.outcome(), status, "{known:?}");
    }
    let happened = |state| life.transactions.iter().any(|(_, known)| known.state == state);
    assert!([State::Reserved, State::Charged, State::Cancelled].into_iter().all(happened));
    assert!(life.transactions.iter().any(|(_, known)| known.refunded > 0));
    // Whatever is still reserved ends by itself, and what was held is free again.
    life.app.advance(7 * 24 * 3600 + 1).await;
    let balance = life.app.balance(JOHN).await;
    assert!(balance.starts_with(&dollars(life.balance)), "{balance}, not {}", life.balance);
    life.app.assert_books_balance().await;
    life.app.stop().await;
}
