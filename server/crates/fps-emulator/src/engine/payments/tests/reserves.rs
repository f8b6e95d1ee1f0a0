use crate::domain::accounts;
use crate::domain::ledger_accounts;
use crate::domain::transactions::{find, related};
use crate::engine::payments::tests::{code, worlds};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_reserve_holds_and_settle_charges_under_the_same_id() {
    for world in worlds().await {
        let reserved = world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        assert_eq!(reserved.status, TransactionStatus::Reserved);
        let sent = world.sent(&reserved.transaction_id).await;
        let message = sent.get("statusMessage").unwrap();
        assert!(message.contains("reserved") && !message.contains("was charged"), "{message}");
        let buyer = accounts::balance(&world.engine.db, &"buyer".parse().unwrap()).await.unwrap();
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
        let buyer = accounts::balance(&world.engine.db, &"buyer".parse().unwrap()).await.unwrap();
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
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "0.000000");
        world.run_due().await;
        assert_eq!(world.status(&id).await.0, TransactionStatus::Success);
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "-20.000000");
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
        let buyer = accounts::balance(&world.engine.db, &"buyer".parse().unwrap()).await.unwrap();
        assert!(buyer.held.is_zero());
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_settle_that_is_declined_leaves_the_reserve_as_it_was() {
    for world in worlds().await {
        let world = world.with_magic_amounts();
        let reserve = world.reserve(&world.request(PaymentMethod::Cc, "20.00", "r1").await).await.unwrap();
        let id = reserve.transaction_id;
        // The processor accepts it a day later, and from then on it is good for seven.
        world.advance(DAY).await;
        let before = find(&world.engine.db, &id).await.unwrap().unwrap();
        world.advance(DAY).await;
        world.settle(&id, Some("10.60")).await.unwrap();
        world.run_due().await;
        assert_eq!(
            world.notified(&id).await,
            ["RESERVE PENDING", "RESERVE RESERVED", "SETTLE FAILURE", "SETTLE PENDING"]
        );
        let after = find(&world.engine.db, &id).await.unwrap().unwrap();
        assert_eq!((after.status(), after.status_code()), (before.status(), before.status_code()));
        assert_eq!((after.fps_fee, after.marketplace_fee), (before.fps_fee, before.marketplace_fee));
        assert_eq!((after.settle_amount(), after.expires_at()), (None, before.expires_at()));
        let fee = related(&world.engine.db, &id).await.unwrap().remove(0);
        assert_eq!((fee.amount, fee.status()), (before.marketplace_fee, TransactionStatus::Reserved));
        world.advance(DAY * 6 - SignedDuration::from_secs(1)).await;
        assert_eq!(world.status(&id).await.0, TransactionStatus::Reserved);
        world.advance(SignedDuration::from_secs(1)).await;
        assert_eq!(world.status(&id).await, (TransactionStatus::Cancelled, "Expired"));
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn what_was_settled_in_time_is_charged_however_late_the_processor_is() {
    for world in worlds().await {
        let reserve = world.reserve(&world.request(PaymentMethod::Cc, "20.00", "r1").await).await.unwrap();
        let id = reserve.transaction_id;
        world.run_due().await;
        world.advance(DAY * 7 - SignedDuration::from_secs(1)).await;
        world.settle(&id, None).await.unwrap();
        world.advance(DAY).await;
        assert_eq!(world.status(&id).await, (TransactionStatus::Success, "Success"));
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_card_does_not_settle_a_cent() {
    for world in worlds().await {
        for (method, refused) in
            [(PaymentMethod::Cc, true), (PaymentMethod::Ach, true), (PaymentMethod::Abt, false)]
        {
            let mut request = world.request(method, "20.00", method.as_str()).await;
            (request.marketplace_fixed_fee, request.marketplace_variable_fee) = (None, None);
            let id = world.reserve(&request).await.unwrap().transaction_id;
            world.run_due().await;
            let settled = world.settle(&id, Some("0.01")).await;
            if refused {
                assert_eq!(code(settled), ErrorCode::AmountOutOfRange, "{method}");
            } else {
                settled.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn magic_amounts_fail_when_a_balance_settles_too() {
    for world in worlds().await {
        let world = world.with_magic_amounts();
        let reserve = world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        let id = reserve.transaction_id;
        assert_eq!(code(world.settle(&id, Some("10.60")).await), ErrorCode::TransactionDenied);
        assert_eq!(code(world.settle(&id, Some("10.79")).await), ErrorCode::InsufficientBalance);
        assert_eq!(world.status(&id).await, (TransactionStatus::Reserved, "Success"));
        world.settle(&id, Some("10.50")).await.unwrap();
        world.assert_books_in_order().await;
    }
}
