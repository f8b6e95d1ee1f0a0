use super::{code, worlds};
use crate::accounts;
use crate::transactions::books;
use fps_protocol::ErrorCode;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use jiff::SignedDuration;

#[tokio::test]
async fn a_reserve_holds_and_settle_charges_under_the_same_id() {
    for world in worlds().await {
        let reserved = world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        assert_eq!(reserved.status, TransactionStatus::Reserved);
        let buyer = accounts::balance(&world.engine.db, "buyer").await.unwrap();
        assert_eq!(
            (buyer.total.to_two_decimals(), buyer.held.to_two_decimals()),
            ("500.00".into(), "20.00".into())
        );
        let rest = world.request(PaymentMethod::Abt, "480.01", "p1").await;
        assert_eq!(
            code(world.pay(&rest).await),
            ErrorCode::InsufficientBalance,
            "what is held cannot be spent"
        );
        assert_eq!(
            code(world.refund(&reserved.transaction_id, None, "f1").await),
            ErrorCode::OriginalTransactionIncomplete
        );

        let settled = world.settle(&reserved.transaction_id, None).await.unwrap();
        assert_eq!(settled.transaction_id, reserved.transaction_id);
        assert_eq!(settled.status, TransactionStatus::Success);
        assert_eq!(world.balance("buyer").await, "480.000000");
        // 20.00 less 1.10 for the marketplace and 0.31 for Amazon.
        assert_eq!(world.balance("merchant").await, "18.590000");
        assert_eq!(
            code(world.settle(&settled.transaction_id, None).await),
            ErrorCode::InvalidTransactionState
        );
        assert_eq!(code(world.cancel(&settled.transaction_id).await), ErrorCode::InvalidTransactionState);
        assert_eq!(world.notified(&settled.transaction_id).await, ["RESERVE RESERVED", "SETTLE SUCCESS"]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_part_can_be_settled_and_the_fees_follow() {
    for world in worlds().await {
        let reserved = world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        let id = reserved.transaction_id;
        assert_eq!(
            code(world.settle(&id, Some("20.01")).await),
            ErrorCode::SettleAmountGreaterThanReserveAmount
        );
        assert_eq!(
            code(world.settle(&id, Some("0.10")).await),
            ErrorCode::InvalidParams,
            "all of it would be fees"
        );
        world.settle(&id, Some("10.00")).await.unwrap();
        assert_eq!(world.balance("buyer").await, "490.000000");
        assert_eq!(world.balance("merchant").await, "9.240000");
        assert_eq!(world.balance("operator").await, "0.600000");
        let buyer = accounts::balance(&world.engine.db, "buyer").await.unwrap();
        assert!(buyer.held.is_zero(), "the rest is free again");
        assert_eq!(code(world.refund(&id, Some("10.01"), "f1").await), ErrorCode::RefundAmountExceeded);
        world.refund(&id, Some("5.00"), "f2").await.unwrap();
        assert_eq!(world.balance("buyer").await, "495.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn cancel_frees_what_was_held() {
    for world in worlds().await {
        let reserved = world.reserve(&world.request(PaymentMethod::Abt, "500.00", "r1").await).await.unwrap();
        let id = reserved.transaction_id;
        assert_eq!(world.cancel(&id).await.unwrap().status, TransactionStatus::Cancelled);
        assert_eq!(world.status(&id).await, (TransactionStatus::Cancelled, "Canceled"));
        assert_eq!(code(world.cancel(&id).await), ErrorCode::InvalidTransactionState);
        assert_eq!(code(world.settle(&id, None).await), ErrorCode::InvalidTransactionState);
        world.pay(&world.request(PaymentMethod::Abt, "500.00", "p1").await).await.unwrap();
        assert_eq!(world.notified(&id).await, ["CANCEL CANCELLED", "RESERVE RESERVED"]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn cards_are_reserved_and_settled_by_the_processor() {
    for world in worlds().await {
        let reserve = world.reserve(&world.request(PaymentMethod::Cc, "20.00", "r1").await).await.unwrap();
        let id = reserve.transaction_id;
        assert_eq!(reserve.status, TransactionStatus::Pending);
        assert_eq!(code(world.settle(&id, None).await), ErrorCode::InvalidTransactionState);
        world.run_due().await;
        assert_eq!(world.status(&id).await.0, TransactionStatus::Reserved);
        let settle = world.settle(&id, None).await.unwrap();
        assert_eq!(
            (settle.transaction_id.as_str(), settle.status),
            (id.as_str(), TransactionStatus::Pending)
        );
        assert_eq!(code(world.cancel(&id).await), ErrorCode::InvalidTransactionState, "it is being settled");
        assert_eq!(world.book(&books::world_cards()).await, "0.000000");
        world.run_due().await;
        assert_eq!(world.status(&id).await.0, TransactionStatus::Success);
        assert_eq!(world.book(&books::world_cards()).await, "-20.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn an_unsettled_reserve_ends_after_seven_days() {
    for world in worlds().await {
        let balance = world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        let card = world.reserve(&world.request(PaymentMethod::Cc, "20.00", "r2").await).await.unwrap();
        world.run_due().await;
        world.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_secs(1)).await;
        assert_eq!(world.status(&balance.transaction_id).await.0, TransactionStatus::Reserved);
        world.engine.clock.advance(SignedDuration::from_secs(1)).unwrap();
        let early = world.settle(&balance.transaction_id, None).await;
        assert_eq!(code(early), ErrorCode::InvalidTransactionState, "over, even before the job has looked");
        world.run_due().await;
        for id in [balance.transaction_id, card.transaction_id] {
            assert_eq!(world.status(&id).await, (TransactionStatus::Cancelled, "Expired"));
            assert!(world.notified(&id).await.contains(&"CANCEL_TRANSACTION CANCELLED".to_owned()));
        }
        let buyer = accounts::balance(&world.engine.db, "buyer").await.unwrap();
        assert!(buyer.held.is_zero());
        world.assert_books_in_order().await;
    }
}
