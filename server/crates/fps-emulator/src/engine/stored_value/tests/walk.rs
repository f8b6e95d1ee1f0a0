//! Random steps against a model that knows nothing of books: two numbers and what is pending.

use crate::engine::payments::tests::code;
use crate::engine::stored_value::tests::{Shop, shops, tell};
use crate::engine::{ActionError, Outcome};
use fps_protocol::ErrorCode;
use fps_protocol::enums::PaymentMethod::{Ach, Cc};
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use money::Money;
use platform::Random;

const STEPS: usize = 40;
const LIMIT: u64 = 10_000;

/// All in cents.
#[derive(Default)]
struct Model {
    prepaid: u64,
    pending_in: u64,
    owed: u64,
    pending_out: u64,
    /// Transactions that cards and bank accounts are still to answer for, and for how much each is.
    funding: Vec<(TransactionId, u64)>,
    settling: Vec<(TransactionId, u64)>,
}

fn cents(cents: u64) -> String {
    Money::from_cents(i32::try_from(cents).unwrap()).to_two_decimals()
}

/// Granted exactly when the model says so, or else refused with this code.
#[track_caller]
fn agrees(outcome: Result<Outcome, ActionError>, granted: bool, refusal: ErrorCode) -> Option<TransactionId> {
    match outcome {
        Ok(outcome) => {
            assert!(granted, "should be refused with {refusal}");
            Some(outcome.transaction_id)
        }
        refused => {
            assert!(!granted, "{refused:?}");
            assert_eq!(code(refused), refusal);
            None
        }
    }
}

impl Model {
    async fn step(&mut self, shop: &Shop, choice: u64, amount: u64, reference: &str) {
        let (text, method) = (cents(amount), if amount.is_multiple_of(2) { Cc } else { Ach });
        match choice {
            0 => {
                let outcome = shop.fund(&shop.funding(method, &text, reference).await).await;
                self.funding.push((outcome.unwrap().transaction_id, amount));
                self.pending_in += amount;
            }
            1 => {
                let granted = amount <= self.prepaid;
                let outcome = shop.world.pay(&shop.prepaid_payment(&text, reference).await).await;
                if agrees(outcome, granted, ErrorCode::InsufficientBalance).is_some() {
                    self.prepaid -= amount;
                }
            }
            2 => {
                let granted = self.owed + amount <= LIMIT;
                let outcome = shop.world.pay(&shop.debt_payment(&text, reference).await).await;
                if agrees(outcome, granted, ErrorCode::InsufficientBalance).is_some() {
                    self.owed += amount;
                }
            }
            3 => {
                let granted = amount <= self.owed - self.pending_out;
                let outcome = shop.settle_debt(&shop.settlement(method, &text, reference).await).await;
                if let Some(id) = agrees(outcome, granted, ErrorCode::SettleAmountGreaterThanDebt) {
                    self.settling.push((id, amount));
                    self.pending_out += amount;
                }
            }
            4 => {
                let granted = amount <= self.owed - self.pending_out;
                let outcome = shop.write_off(&text, reference).await;
                if agrees(outcome, granted, ErrorCode::SettleAmountGreaterThanDebt).is_some() {
                    self.owed -= amount;
                }
            }
            5 => self.cancel_one(shop).await,
            _ => self.run_due(shop).await,
        }
    }

    async fn cancel_one(&mut self, shop: &Shop) {
        if let Some((id, amount)) = self.funding.pop() {
            shop.world.cancel(&id).await.unwrap();
            self.pending_in -= amount;
        }
        if let Some((id, amount)) = self.settling.pop() {
            shop.world.cancel(&id).await.unwrap();
            self.pending_out -= amount;
        }
    }

    async fn run_due(&mut self, shop: &Shop) {
        shop.world.run_due().await;
        for (id, amount) in self.funding.drain(..) {
            assert_eq!(shop.world.status(&id).await.0, TransactionStatus::Success);
            self.prepaid += amount;
        }
        for (id, amount) in self.settling.drain(..) {
            assert_eq!(shop.world.status(&id).await.0, TransactionStatus::Success);
            self.owed -= amount;
        }
        (self.pending_in, self.pending_out) = (0, 0);
    }

    async fn check(&self, shop: &Shop) {
        assert_eq!(shop.prepaid_balance().await, tell(&cents(self.prepaid), &cents(self.pending_in)));
        let available = self.owed - self.pending_out;
        assert_eq!(shop.debt_balance().await, tell(&cents(available), &cents(self.pending_out)));
        let caller = &shop.world.caller;
        assert_eq!(shop.outstanding_debt(caller).await, tell(&cents(self.owed), &cents(self.pending_out)));
    }
}

#[tokio::test]
async fn balances_and_debts_follow_the_model() {
    for shop in shops().await {
        let random = Random::seeded(7);
        let mut model = Model::default();
        for step in 0..STEPS {
            let (choice, amount) = (random.next_u64() % 7, 100 + random.next_u64() % 3_900);
            model.step(&shop, choice, amount, &format!("step {step}")).await;
            model.check(&shop).await;
        }
        shop.assert_in_order().await;
    }
}
