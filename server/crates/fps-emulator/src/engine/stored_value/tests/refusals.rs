use crate::domain;
use crate::domain::accounts::AccountStatus;
use crate::domain::callers::Caller;
use crate::engine::payments::tests::{code, dollars};
use crate::engine::stored_value::tests::{Shop, shops};
use crate::engine::{ActionError, stored_value};
use fps_protocol::ErrorCode as E;
use fps_protocol::enums::PaymentMethod::{Abt, Ach, Cc, Debt, Prepaid};
use fps_protocol::ids::{CallerReference, InstrumentId, TokenId};
use money::Percent;

/// Changes something that a test has no request for.
async fn change(shop: &Shop, statement: &'static str, id: &str) {
    let id = id.to_owned();
    let written = shop.world.engine.db.write(move |c| {
        let id = id.clone();
        Box::pin(async move { sqlx::query(statement).bind(&id).execute(c).await.map(|_| ()) })
    });
    written.await.unwrap();
}

/// What becomes of a funding that would be in order but for `token`.
async fn with_token(shop: &Shop, token: TokenId, reference: &str) -> E {
    let mut funding = shop.funding(Abt, "1.00", reference).await;
    funding.sender_token_id = token;
    code(shop.fund(&funding).await)
}

#[tokio::test]
async fn the_instrument_must_be_one_that_the_caller_has_with_the_sender() {
    for shop in shops().await {
        let (engine, stranger) = (&shop.world.engine, &shop.world.stranger);
        let mut funding = shop.funding(Abt, "1.00", "f1").await;
        for id in ["NOWHERE", shop.credit.as_str(), "ABT"] {
            funding.instrument_id = InstrumentId::new(id).unwrap();
            funding.caller_reference = CallerReference::new(id).unwrap();
            assert_eq!(code(shop.fund(&funding).await), E::InvalidPaymentInstrument, "{id}");
            let balance =
                stored_value::prepaid_balance(engine, &shop.world.caller, &funding.instrument_id).await;
            assert_eq!(code(balance), E::InvalidPaymentInstrument, "{id}");
        }
        let mut settlement = shop.settlement(Abt, "1.00", "s1").await;
        settlement.instrument_id = shop.prepaid.clone();
        assert_eq!(code(shop.settle_debt(&settlement).await), E::InvalidPaymentInstrument);

        let funding = shop.funding(Abt, "1.00", "f2").await;
        assert_eq!(code(shop.fund_by(stranger, &funding).await), E::InstrumentAccessDenied);
        let write_off = shop.write_off_by(stranger, &shop.writing_off("1.00", "w1")).await;
        assert_eq!(code(write_off), E::InstrumentAccessDenied);
        let balance = stored_value::prepaid_balance(engine, stranger, &shop.prepaid).await;
        assert_eq!(code(balance), E::InstrumentAccessDenied);
        let balance = stored_value::debt_balance(engine, stranger, &shop.credit).await;
        assert_eq!(code(balance), E::InstrumentAccessDenied);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn the_token_must_be_for_it() {
    for shop in shops().await {
        let for_it = Some(&shop.prepaid);
        let unknown = TokenId::new("NOBODYS").unwrap();
        assert_eq!(with_token(&shop, unknown, "f1").await, E::InvalidTokenIdSender);
        let ordinary = shop.token("buyer", "ABT", Abt, None).await;
        assert_eq!(with_token(&shop, ordinary, "f2").await, E::InvalidSenderRoleForAccountType);
        let for_another = shop.token("buyer", "ABT", Abt, Some(&shop.credit)).await;
        assert_eq!(with_token(&shop, for_another, "f3").await, E::IncompatibleTokens);
        let of_another = shop.token("merchant", "ABT", Abt, for_it).await;
        assert_eq!(with_token(&shop, of_another, "f4").await, E::TokenAccessDenied);
        let cancelled = shop.token("buyer", "ABT", Abt, for_it).await;
        change(&shop, "UPDATE tokens SET active = 0 WHERE id = $1", cancelled.as_str()).await;
        assert_eq!(with_token(&shop, cancelled, "f5").await, E::TokenNotActiveSender);
        let expired = shop.token("buyer", "ABT", Abt, for_it).await;
        change(&shop, "UPDATE tokens SET expires_at = 1 WHERE id = $1", expired.as_str()).await;
        assert_eq!(with_token(&shop, expired, "f6").await, E::IncompatibleTokens);
        let small = shop.token("buyer", "ABT", Abt, for_it).await;
        change(&shop, "UPDATE tokens SET amount = 999999 WHERE id = $1", small.as_str()).await;
        assert_eq!(with_token(&shop, small, "f7").await, E::IncompatibleTokens);
        let from_itself = shop.token("buyer", &shop.prepaid, Prepaid, for_it).await;
        assert_eq!(with_token(&shop, from_itself, "f9").await, E::InvalidPaymentMethod);
        let magic = "Z1LGRXR4HMDZBSFKXELA32KZASGWD8IHMHZCK4DETR784LDLD1GMFW4P3WT8VTGX";
        let closed = TokenId::new(magic).unwrap();
        assert_eq!(with_token(&shop, closed, "f10").await, E::InvalidAccountStateSender);
        let used_up = shop.token("buyer", "ABT", Abt, for_it).await;
        change(&shop, "UPDATE token_limits SET used = limit_value WHERE token_id = $1", used_up.as_str())
            .await;
        assert_eq!(with_token(&shop, used_up, "f8").await, E::TokenUsageError);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn the_people_and_their_money_must_be_in_order() {
    for shop in shops().await {
        let world = &shop.world;
        let funding = shop.funding(Abt, "1.00", "f1").await;
        let mut caller = world.caller.clone();
        caller.account_status = AccountStatus::Suspended;
        assert_eq!(code(shop.fund_by(&caller, &funding).await), E::InvalidAccountStateCaller);
        let write_off = shop.write_off_by(&caller, &shop.writing_off("1.00", "w1")).await;
        assert_eq!(code(write_off), E::InvalidAccountStateCaller);

        let poor = shop.funding(Abt, "500.01", "f2").await;
        assert_eq!(code(shop.fund(&poor).await), E::InsufficientBalance);
        for method in [Cc, Ach] {
            let tiny = shop.funding(method, "0.01", &format!("tiny {method}")).await;
            assert_eq!(code(shop.fund(&tiny).await), E::AmountOutOfRange);
        }
        shop.owe("10.00", "p1").await;
        let all_fee = shop.settlement(Cc, "0.02", "s1").await;
        assert_eq!(code(shop.settle_debt(&all_fee).await), E::InvalidParams);
        let too_much = shop.settlement(Abt, "10.01", "s2").await;
        assert_eq!(code(shop.settle_debt(&too_much).await), E::SettleAmountGreaterThanDebt);

        shop.fund(&shop.funding(Ach, "9999.99", "f3").await).await.unwrap();
        let full = shop.funding(Abt, "0.02", "f4").await;
        assert_eq!(code(shop.fund(&full).await), E::PrepaidFundingLimitExceeded);
        shop.fund(&shop.funding(Abt, "0.01", "f5").await).await.unwrap();

        change(&shop, "UPDATE instruments SET active = 0 WHERE id = $1", "ABT").await;
        let inactive = shop.settlement(Abt, "1.00", "s3").await;
        assert_eq!(code(shop.settle_debt(&inactive).await), E::InactiveInstrument);
        change(&shop, "UPDATE accounts SET email_verified = 0 WHERE id = $1", "buyer").await;
        let unverified = shop.settlement(Ach, "1.00", "s4").await;
        assert_eq!(code(shop.settle_debt(&unverified).await), E::UnverifiedEmailAddressSender);
        change(&shop, "UPDATE accounts SET status = 'Closed' WHERE id = $1", "buyer").await;
        let closed = shop.settlement(Ach, "1.00", "s5").await;
        assert_eq!(code(shop.settle_debt(&closed).await), E::InvalidAccountStateSender);
        shop.assert_in_order().await;
    }
}

/// Another caller's account has nothing, so it cannot even pay Amazon's fee.
#[tokio::test]
async fn the_caller_must_be_able_to_pay_the_fee() {
    for shop in shops().await {
        let world = &shop.world;
        let id = open(&shop, "buyer", &world.stranger).await;
        for (method, reference) in [(Abt, "f1"), (Cc, "f2")] {
            let mut funding = shop.funding(method, "1.00", reference).await;
            funding.instrument_id = id.clone();
            funding.sender_token_id = shop.token("buyer", method.as_str(), method, Some(&id)).await;
            let token = funding.sender_token_id.as_str();
            change(&shop, "UPDATE tokens SET access_key = 'K2' WHERE id = $1", token).await;
            assert_eq!(code(shop.fund_by(&world.stranger, &funding).await), E::InsufficientBalance);
        }
        shop.assert_in_order().await;
    }
}

/// Opens one more prepaid balance; its id.
async fn open(shop: &Shop, account: &str, caller: &Caller) -> InstrumentId {
    let engine = &shop.world.engine;
    let instrument =
        domain::stored_value::prepaid(&engine.random, &account.parse().unwrap(), caller, engine.clock.now());
    let id = instrument.id.clone();
    let written = engine.db.write(move |c| {
        let instrument = instrument.clone();
        Box::pin(async move { Ok::<_, ActionError>(domain::stored_value::install(c, &instrument).await?) })
    });
    written.await.unwrap();
    id
}

#[tokio::test]
async fn a_payment_can_be_made_with_what_is_meant_for_payments() {
    for shop in shops().await {
        let world = &shop.world;
        let mut payment = world.request(Abt, "1.00", "p1").await;
        payment.sender_token_id = shop.token("buyer", "ABT", Abt, Some(&shop.prepaid)).await;
        assert_eq!(code(world.pay(&payment).await), E::InvalidSenderRoleForAccountType);

        let mut by_debt = world.request(Abt, "1.00", "p2").await;
        by_debt.sender_token_id = shop.token("buyer", &shop.credit, Debt, None).await;
        assert_eq!(code(world.pay(&by_debt).await), E::IncompatibleTokens, "the merchant is not the caller");
        let mut with_fee = shop.debt_payment("1.00", "p3").await;
        with_fee.marketplace_variable_fee = Some(Percent::parse("5").unwrap());
        assert_eq!(code(world.pay(&with_fee).await), E::InvalidParams);
        with_fee.marketplace_variable_fee = None;
        with_fee.marketplace_fixed_fee = Some(dollars("0.00"));
        with_fee.caller_reference = CallerReference::new("p4").unwrap();
        world.pay(&with_fee).await.unwrap();

        let id = open(&shop, "operator", &world.caller).await;
        let mut funding = shop.funding(Abt, "1.00", "f1").await;
        funding.sender_token_id = shop.token("operator", "ABT", Abt, Some(&id)).await;
        funding.instrument_id = id.clone();
        assert_eq!(code(shop.fund(&funding).await), E::SameSenderAndRecipient);
        shop.assert_in_order().await;
    }
}
