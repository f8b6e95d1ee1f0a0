use super::{code, worlds};
use fps_protocol::ErrorCode;
use fps_protocol::enums::PaymentMethod;
use futures_util::future::join_all;
use jiff::SignedDuration;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_identical_requests_make_one_movement() {
    for world in worlds().await {
        for method in [PaymentMethod::Abt, PaymentMethod::Cc] {
            let request = world.request(method, "10.00", method.as_str()).await;
            let outcomes = join_all((0..64).map(|_| world.pay(&request))).await;
            let ids: BTreeSet<String> =
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
