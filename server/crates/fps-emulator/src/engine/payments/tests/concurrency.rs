use crate::domain::accounts;
use crate::domain::ledger_accounts;
use crate::domain::tokens::{self, SenderTerms};
use crate::engine::payments::tests::{MERCHANTS_TOKEN, code, dollars, worlds};
use fps_protocol::ErrorCode;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::UsageLimit;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use fps_protocol::ids::{CallerReference, TokenId, TransactionId};
use futures_util::future::join_all;
use jiff::SignedDuration;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_identical_requests_make_one_movement() {
    for world in worlds().await {
        for method in [PaymentMethod::Abt, PaymentMethod::Cc] {
            let request = world.request(method, "10.00", method.as_str()).await;
            let outcomes = join_all((0..64).map(|_| world.pay(&request))).await;
            let ids: BTreeSet<TransactionId> =
                outcomes.into_iter().map(|outcome| outcome.unwrap().transaction_id).collect();
            assert_eq!(ids.len(), 1, "{method}: {ids:?}");
        }
        world.run_due().await;
        assert_eq!(world.balance("buyer").await, "490.000000");
        assert_eq!(world.balance("operator").await, "1.200000", "the fee of each payment, once");
        world.assert_books_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_pays_once_whatever_the_references() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "p").await;
        let outcomes = join_all((0..32).map(|n| {
            let mut request = request.clone();
            request.caller_reference = format!("p{n}").parse().unwrap();
            let world = &world;
            async move { world.pay(&request).await }
        }))
        .await;
        let (paid, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(paid.len(), 1);
        for refusal in refused {
            assert_eq!(code(refusal), ErrorCode::TokenNotActiveSender);
        }
        assert_eq!(world.balance("buyer").await, "490.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_payments_all_arrive() {
    for world in worlds().await {
        let mut requests = Vec::new();
        for n in 0..32 {
            requests.push(world.request(PaymentMethod::Abt, "10.00", &format!("p{n}")).await);
        }
        for outcome in join_all(requests.iter().map(|request| world.pay(request))).await {
            outcome.unwrap();
        }
        assert_eq!(world.balance("buyer").await, "180.000000");
        assert_eq!(world.balance("merchant").await, "295.680000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reserve_has_one_end() {
    for world in worlds().await {
        for n in 0..8 {
            let reserved = world
                .reserve(&world.request(PaymentMethod::Abt, "10.00", &format!("r{n}")).await)
                .await
                .unwrap();
            let id = reserved.transaction_id.as_str();
            let (settled, cancelled, again) =
                tokio::join!(world.settle(id, None), world.cancel(id), world.settle(id, Some("5.00")));
            let ended = [settled, cancelled, again].iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(ended, 1);
        }
        world.assert_books_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_refunds_never_exceed_the_payment() {
    for world in worlds().await {
        world.pay(&world.request(PaymentMethod::Abt, "100.00", "p0").await).await.unwrap();
        let paid = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let refunds = (0..16).map(|n| {
            let (world, id) = (&world, paid.transaction_id.as_str());
            async move { world.refund(id, Some("2.50"), &format!("f{n}")).await }
        });
        let done = join_all(refunds).await.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(done, 4);
        assert_eq!(world.balance("buyer").await, "400.000000");
        world.assert_books_in_order().await;
    }
}

/// Payments lock the buyer, the merchant and the operator; so do refunds, and settlements that end a hold
/// as well. A deadlock would count as a retry, and `assert_books_in_order` allows none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settlements_payments_and_refunds_of_one_buyer_all_succeed() {
    for world in worlds().await {
        // The merchant's name comes before the buyer's: whoever begins with the buyer has another order.
        let abes_token = world.recipient("abe").await;
        let request = async |reference: String| {
            let mut request = world.request(PaymentMethod::Abt, "5.00", &reference).await;
            request.sender_token_id =
                world.token_for(PaymentMethod::Abt, "5.00", Some(abes_token.as_str())).await;
            request.recipient_token_id = Some(abes_token.clone());
            request
        };
        let (mut reserves, mut paid, mut requests) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..16 {
            reserves.push(world.reserve(&request(format!("r{n}")).await).await.unwrap().transaction_id);
            paid.push(world.pay(&request(format!("p{n}")).await).await.unwrap().transaction_id);
            requests.push(request(format!("q{n}")).await);
        }
        let settled = join_all(reserves.iter().map(|id| world.settle(id, None)));
        let bought = join_all(requests.iter().map(|request| world.pay(request)));
        let refunds = paid.iter().zip(0..).map(|(id, n)| {
            let world = &world;
            async move { world.refund(id, Some("2.00"), &format!("f{n}")).await }
        });
        let (settled, bought, refunded) = tokio::join!(settled, bought, join_all(refunds));
        for outcome in settled.into_iter().chain(bought).chain(refunded) {
            assert_eq!(outcome.unwrap().status, TransactionStatus::Success);
        }
        // 48 times 5.00 less 16 times 2.00; 0.085 of each 5.00 is Amazon's and 0.35 the operator's, and
        // 0.034 of Amazon's comes back with each 2.00.
        assert_eq!(world.balance("buyer").await, "292.000000");
        assert_eq!(world.balance("operator").await, "16.800000");
        assert_eq!(world.balance("abe").await, "187.664000");
        assert_eq!(world.book(&ledger_accounts::amazon_fees()).await, "3.536000");
        let buyer = accounts::balance(&world.engine.db, &"buyer".parse().unwrap()).await.unwrap();
        assert!(buyer.held.is_zero());
        world.assert_books_in_order().await;
    }
}

/// A payment takes of a token's limits, a reserve that is cancelled gives back, whatever their order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_tokens_payments_and_cancellations_wait_for_each_other() {
    for world in worlds().await {
        let limits = vec![
            UsageLimit::Count { most: 100, period: None },
            UsageLimit::Amount { most: dollars("400.00"), period: None },
        ];
        let terms = SenderTerms::MultiUse { each_payment: None, limits, recipient_token_ids: Vec::new() };
        let token = world.token_with(PaymentMethod::Abt, terms).await;
        let request = |reference: String| PaymentRequest {
            recipient_token_id: Some(TokenId::new(MERCHANTS_TOKEN).unwrap()),
            ..PaymentRequest::new(token.clone(), dollars("4.00"), CallerReference::new(reference).unwrap())
        };
        let mut reserves = Vec::new();
        for n in 0..16 {
            reserves.push(world.reserve(&request(format!("r{n}"))).await.unwrap().transaction_id);
        }
        let requests: Vec<PaymentRequest> = (0..16).map(|n| request(format!("p{n}"))).collect();
        let (cancelled, paid) = tokio::join!(
            join_all(reserves.iter().map(|id| world.cancel(id))),
            join_all(requests.iter().map(|request| world.pay(request))),
        );
        for outcome in cancelled.into_iter().chain(paid) {
            outcome.unwrap();
        }
        let limits = tokens::limits_of(&world.engine.db, &token).await.unwrap();
        let used: Vec<i64> = limits.iter().map(|limit| limit.used).collect();
        assert_eq!(used, [16, dollars("64.00").micros()]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_parallel_refunds_of_one_payment_all_succeed() {
    for world in worlds().await {
        let paid = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let refunds = (0..200).map(|n| {
            let (world, id) = (&world, paid.transaction_id.as_str());
            async move { world.refund(id, Some("0.01"), &format!("f{n}")).await }
        });
        for outcome in join_all(refunds).await {
            outcome.unwrap();
        }
        assert_eq!(world.balance("buyer").await, "492.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_reference_is_free_again_after_seven_days() {
    for world in worlds().await {
        let first = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let other = world.request(PaymentMethod::Abt, "11.00", "p1").await;
        assert_eq!(code(world.pay(&other).await), ErrorCode::DuplicateRequest);
        // Without the job that clears them up, too.
        world.engine.clock.advance(SignedDuration::from_hours(7 * 24)).unwrap();
        let fresh = world.request(PaymentMethod::Abt, "11.00", "p1").await;
        assert_ne!(world.pay(&fresh).await.unwrap().transaction_id, first.transaction_id);
        world.advance(SignedDuration::from_hours(7 * 24)).await;
        let (kept,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM idempotency")
            .fetch_one(world.engine.db.readers())
            .await
            .unwrap();
        assert_eq!(kept, 0);
    }
}
