//! Prepaid balances and debts on both databases, below HTTP.

mod concurrency;
mod debts;
mod movements;
mod prepaid;
mod refusals;
mod walk;

use crate::domain::callers::Caller;
use crate::domain::instruments::Instrument;
use crate::domain::tokens::{self, NewSenderToken, SenderTerms};
use crate::domain::{self, accounts};
use crate::engine::payments::tests::{World, dollars, id, worlds};
use crate::engine::{ActionError, Outcome, stored_value};
use fps_protocol::actions::{
    FundPrepaid, PaymentRequest, Request, SettleDebt, StoredValueRequest, WriteOffDebt,
};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, InstrumentId, TokenId};
use fps_protocol::responses::{DebtBalanceResult, PrepaidBalanceResult};
use money::Money;

/// What can be told of both kinds: available, or owed, and pending.
pub type Told = (String, String);

/// A buyer's prepaid balance and its credit of 100.00 with the operator, who can pay fees.
pub struct Shop {
    pub world: World,
    pub prepaid: InstrumentId,
    pub credit: InstrumentId,
}

pub async fn shops() -> Vec<Shop> {
    let mut shops = Vec::new();
    for world in worlds().await {
        let (random, now) = (&world.engine.random, world.engine.clock.now());
        let prepaid = domain::stored_value::prepaid(random, &id("buyer"), &world.caller, now);
        let credit =
            domain::stored_value::credit(random, &id("buyer"), &world.caller, dollars("100.00"), now);
        let (prepaid_id, credit_id) = (prepaid.id.clone(), credit.id.clone());
        install(&world, vec![prepaid, credit]).await;
        shops.push(Shop { world, prepaid: prepaid_id, credit: credit_id });
    }
    shops
}

async fn install(world: &World, instruments: Vec<Instrument>) {
    let at = world.engine.clock.now();
    let written = world.engine.db.write(move |c| {
        let instruments = instruments.clone();
        Box::pin(async move {
            for instrument in &instruments {
                domain::stored_value::install(&mut *c, instrument).await?;
            }
            accounts::deposit(c, "fees", &id("operator"), dollars("300.00"), at).await?;
            Ok::<_, ActionError>(())
        })
    });
    written.await.unwrap();
}

impl Shop {
    /// A token of the account for `instrument`, which `method` names; for funding or settling if `only_for`
    /// says what.
    pub async fn token(
        &self,
        account: &str,
        instrument: impl AsRef<str>,
        method: PaymentMethod,
        only_for: Option<&InstrumentId>,
    ) -> TokenId {
        let engine = &self.world.engine;
        let amount = dollars("10000.00");
        let terms = match only_for {
            Some(id) => SenderTerms::Funding { amount, stored_value_id: id.clone() },
            None => SenderTerms::SingleUse { amount, recipient_token_id: None },
        };
        let new = NewSenderToken {
            id: tokens::new_id(&engine.random),
            access_key: id("K1"),
            account_id: id(account),
            caller_reference: id(format!("token {}", engine.random.next_u64())),
            payment_reason: None,
            instrument_id: id(instrument),
            payment_method: method,
            terms,
            valid_from: None,
            expires_at: None,
            ship_to: None,
            created_at: engine.clock.now(),
        };
        let token_id = new.id.clone();
        let written = engine.db.write(move |c| {
            let new = new.clone();
            Box::pin(async move { tokens::install_sender(c, &new).await })
        });
        written.await.unwrap();
        token_id
    }

    async fn request(
        &self,
        method: PaymentMethod,
        instrument: &InstrumentId,
        amount: &str,
        reference: &str,
    ) -> StoredValueRequest {
        StoredValueRequest {
            sender_token_id: self.token("buyer", method.as_str(), method, Some(instrument)).await,
            instrument_id: instrument.clone(),
            amount: dollars(amount),
            caller_reference: CallerReference::new(reference).unwrap(),
            caller_description: None,
            sender_description: None,
            descriptor_policy: fps_protocol::actions::DescriptorPolicy::default(),
            transaction_timeout_in_mins: None,
            override_ipn_url: None,
        }
    }

    pub async fn funding(&self, method: PaymentMethod, amount: &str, reference: &str) -> StoredValueRequest {
        self.request(method, &self.prepaid, amount, reference).await
    }

    pub async fn settlement(
        &self,
        method: PaymentMethod,
        amount: &str,
        reference: &str,
    ) -> StoredValueRequest {
        self.request(method, &self.credit, amount, reference).await
    }

    pub async fn fund(&self, request: &StoredValueRequest) -> Result<Outcome, ActionError> {
        self.fund_by(&self.world.caller, request).await
    }

    pub async fn fund_by(
        &self,
        caller: &Caller,
        request: &StoredValueRequest,
    ) -> Result<Outcome, ActionError> {
        let canonical = Request::FundPrepaid(FundPrepaid(request.clone())).canonical_digest_input();
        stored_value::fund_prepaid(&self.world.engine, caller, request, &canonical).await
    }

    pub async fn settle_debt(&self, request: &StoredValueRequest) -> Result<Outcome, ActionError> {
        let canonical = Request::SettleDebt(SettleDebt(request.clone())).canonical_digest_input();
        stored_value::settle_debt(&self.world.engine, &self.world.caller, request, &canonical).await
    }

    pub fn writing_off(&self, amount: &str, reference: &str) -> WriteOffDebt {
        WriteOffDebt {
            credit_instrument_id: self.credit.clone(),
            adjustment_amount: dollars(amount),
            caller_reference: CallerReference::new(reference).unwrap(),
            caller_description: None,
        }
    }

    pub async fn write_off(&self, amount: &str, reference: &str) -> Result<Outcome, ActionError> {
        self.write_off_by(&self.world.caller, &self.writing_off(amount, reference)).await
    }

    pub async fn write_off_by(
        &self,
        caller: &Caller,
        request: &WriteOffDebt,
    ) -> Result<Outcome, ActionError> {
        let canonical = Request::WriteOffDebt(request.clone()).canonical_digest_input();
        stored_value::write_off_debt(&self.world.engine, caller, request, &canonical).await
    }

    /// A payment out of the prepaid balance to the merchant, with the marketplace's 5 % and 0.10.
    pub async fn prepaid_payment(&self, amount: &str, reference: &str) -> PaymentRequest {
        let token = self.token("buyer", &self.prepaid, PaymentMethod::Prepaid, None).await;
        let mut request = self.world.request(PaymentMethod::Abt, amount, reference).await;
        request.sender_token_id = token;
        request
    }

    /// A payment by debt, to the caller.
    pub async fn debt_payment(&self, amount: &str, reference: &str) -> PaymentRequest {
        let token = self.token("buyer", &self.credit, PaymentMethod::Debt, None).await;
        PaymentRequest::new(token, dollars(amount), CallerReference::new(reference).unwrap())
    }

    /// Buys for so much by debt.
    pub async fn owe(&self, amount: &str, reference: &str) -> Outcome {
        self.world.pay(&self.debt_payment(amount, reference).await).await.unwrap()
    }

    /// Fills the prepaid balance out of the account's.
    pub async fn fill(&self, amount: &str, reference: &str) {
        self.fund(&self.funding(PaymentMethod::Abt, amount, reference).await).await.unwrap();
    }

    pub async fn prepaid_balance(&self) -> Told {
        let (engine, caller) = (&self.world.engine, &self.world.caller);
        let PrepaidBalanceResult { available, pending_in } =
            stored_value::prepaid_balance(engine, caller, &self.prepaid).await.unwrap();
        told(available, pending_in)
    }

    pub async fn debt_balance(&self) -> Told {
        let (engine, caller) = (&self.world.engine, &self.world.caller);
        let DebtBalanceResult { available, pending_out } =
            stored_value::debt_balance(engine, caller, &self.credit).await.unwrap();
        told(available, pending_out)
    }

    pub async fn total_prepaid_liability(&self, caller: &Caller) -> Told {
        let total = stored_value::total_prepaid_liability(&self.world.engine, caller).await.unwrap();
        told(total.outstanding, total.pending_in)
    }

    pub async fn outstanding_debt(&self, caller: &Caller) -> Told {
        let total = stored_value::outstanding_debt(&self.world.engine, caller).await.unwrap();
        told(total.outstanding, total.pending_out)
    }

    /// Nothing is lost or made, and what is owed and what may still be owed are the limit together.
    pub async fn assert_in_order(&self) {
        self.world.assert_books_in_order().await;
        let books =
            [domain::ledger_accounts::debt(&self.credit), domain::ledger_accounts::credit(&self.credit)];
        let mut sum = Money::ZERO;
        for account in books {
            let balance = ledger::balance(self.world.engine.db.readers(), &account).await.unwrap();
            sum = sum.add(balance.unwrap().total).unwrap();
        }
        assert_eq!(sum, dollars("100.00"));
    }
}

fn told(balance: Money, pending: Option<Money>) -> Told {
    (balance.to_two_decimals(), pending.unwrap().to_two_decimals())
}

pub fn tell(balance: &str, pending: &str) -> Told {
    (balance.to_owned(), pending.to_owned())
}
