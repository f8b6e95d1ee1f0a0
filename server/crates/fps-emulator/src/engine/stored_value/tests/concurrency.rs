use crate::engine::Outcome;
use crate::engine::payments::tests::{code, dollars};
use crate::engine::stored_value::tests::{shops, tell};
use fps_protocol::ErrorCode;
use fps_protocol::enums::PaymentMethod;
use futures_util::future::join_all;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prepaid_balance_cannot_be_overdrawn() {
    for shop in shops().await {
        shop.fill("100.00", "f1").await;
        let mut requests = Vec::new();
        for n in 0..16 {
            requests.push(shop.prepaid_payment("10.00", &format!("p{n}")).await);
        }
        let (paid, refused): (Vec<_>, Vec<_>) =
            join_all(requests.iter().map(|request| shop.world.pay(request)))
                .await
                .into_iter()
                .partition(Result::is_ok);
        assert_eq!(paid.len(), 10);
        for refusal in refused {
            assert_eq!(code(refusal), ErrorCode::InsufficientBalance);
        }
        assert_eq!(shop.prepaid_balance().await, tell("0.00", "0.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credit_limit_cannot_be_exceeded() {
    for shop in shops().await {
        let mut requests = Vec::new();
        for n in 0..16 {
            requests.push(shop.debt_payment("10.00", &format!("p{n}")).await);
        }
        let world = &shop.world;
        let outcomes = join_all(requests.iter().enumerate().map(|(n, request)| async move {
            let outcome = if n % 2 == 0 { world.pay(request).await } else { world.reserve(request).await };
            outcome.is_ok()
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|done| **done).count(), 10);
        let owed: usize = outcomes.iter().step_by(2).filter(|done| **done).count();
        assert_eq!(shop.debt_balance().await, tell(&format!("{owed}0.00"), "0.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debt_is_settled_once() {
    for shop in shops().await {
        shop.owe("50.00", "p1").await;
        let mut settlements = Vec::new();
        for n in 0..12 {
            let method = [PaymentMethod::Abt, PaymentMethod::Cc, PaymentMethod::Ach][n % 3];
            settlements.push(shop.settlement(method, "50.00", &format!("s{n}")).await);
        }
        let write_off = shop.write_off("50.00", "w1");
        let (settled, written_off) =
            tokio::join!(join_all(settlements.iter().map(|request| shop.settle_debt(request))), write_off);
        let (done, refused): (Vec<_>, Vec<_>) =
            settled.into_iter().chain([written_off]).partition(Result::is_ok);
        assert_eq!(done.len(), 1);
        for refusal in refused {
            assert_eq!(code(refusal), ErrorCode::SettleAmountGreaterThanDebt);
        }
        shop.world.run_due().await;
        assert_eq!(shop.debt_balance().await, tell("0.00", "0.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debt_is_refunded_or_settled() {
    for shop in shops().await {
        let bought = shop.owe("50.00", "p1").await;
        let settlement = shop.settlement(PaymentMethod::Abt, "50.00", "s1").await;
        let (settled, refunded) = tokio::join!(
            shop.settle_debt(&settlement),
            shop.world.refund(&bought.transaction_id, None, "r1")
        );
        refunded.unwrap();
        // Settled first, the refund paid it back; else there was nothing left to settle.
        if let Err(refusal) = settled {
            assert_eq!(code::<Outcome>(Err(refusal)), ErrorCode::SettleAmountGreaterThanDebt);
        }
        assert_eq!(shop.debt_balance().await, tell("0.00", "0.00"));
        assert_eq!(shop.world.balance("buyer").await, "500.000000");
        shop.assert_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_balance_is_not_filled_above_its_limit() {
    for shop in shops().await {
        let mut requests = Vec::new();
        for n in 0..6 {
            let method = [PaymentMethod::Cc, PaymentMethod::Ach][n % 2];
            requests.push(shop.funding(method, "3000.00", &format!("f{n}")).await);
        }
        let (funded, refused): (Vec<_>, Vec<_>) = join_all(requests.iter().map(|request| shop.fund(request)))
            .await
            .into_iter()
            .partition(Result::is_ok);
        assert_eq!(funded.len(), 3);
        for refusal in refused {
            assert_eq!(code(refusal), ErrorCode::PrepaidFundingLimitExceeded);
        }
        assert_eq!(shop.prepaid_balance().await, tell("0.00", "9000.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_many_times_is_done_once() {
    for shop in shops().await {
        let funding = shop.funding(PaymentMethod::Abt, "10.00", "f1").await;
        let outcomes = join_all((0..32).map(|_| shop.fund(&funding))).await;
        let ids: BTreeSet<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().transaction_id).collect();
        assert_eq!(ids.len(), 1);
        shop.owe("50.00", "p1").await;
        let settlement = shop.settlement(PaymentMethod::Cc, "10.00", "s1").await;
        let outcomes = join_all((0..32).map(|_| shop.settle_debt(&settlement))).await;
        let ids: BTreeSet<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().transaction_id).collect();
        assert_eq!(ids.len(), 1);
        let outcomes = join_all((0..32).map(|_| shop.write_off("10.00", "w1"))).await;
        let ids: BTreeSet<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().transaction_id).collect();
        assert_eq!(ids.len(), 1);
        shop.world.run_due().await;
        assert_eq!(shop.prepaid_balance().await, tell("10.00", "0.00"));
        assert_eq!(shop.debt_balance().await, tell("30.00", "0.00"));
        let mut other = funding;
        other.amount = dollars("11.00");
        assert_eq!(code(shop.fund(&other).await), ErrorCode::DuplicateRequest);
        shop.assert_in_order().await;
    }
}
