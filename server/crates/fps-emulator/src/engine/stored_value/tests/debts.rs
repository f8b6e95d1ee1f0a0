use crate::domain::ledger_accounts;
use crate::engine::payments::tests::code;
use crate::engine::stored_value::tests::{shops, tell};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use jiff::SignedDuration;

#[tokio::test]
async fn paying_by_debt_moves_no_money_until_it_is_settled() {
    for shop in shops().await {
        let world = &shop.world;
        let bought = shop.owe("30.00", "p1").await;
        assert_eq!(bought.status, TransactionStatus::Success);
        shop.owe("20.00", "p2").await;
        assert_eq!(shop.debt_balance().await, tell("50.00", "0.00"));
        assert_eq!(shop.outstanding_debt(&world.caller).await, tell("50.00", "0.00"));
        assert_eq!(shop.outstanding_debt(&world.stranger).await, tell("0.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "500.000000");
        assert_eq!(world.balance("operator").await, "300.000000");

        let settlement = shop.settlement(PaymentMethod::Abt, "40.00", "s1").await;
        let settled = shop.settle_debt(&settlement).await.unwrap();
        assert_eq!(settled.status, TransactionStatus::Success);
        assert_eq!(shop.settle_debt(&settlement).await.unwrap(), settled, "the same request again");
        assert_eq!(shop.debt_balance().await, tell("10.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "460.000000");
        assert_eq!(world.balance("operator").await, "339.390000", "less 1.5 % and 0.01");
        assert_eq!(world.notified(&settled.transaction_id).await, ["SETTLE_DEBT SUCCESS"]);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_credit_has_a_limit() {
    for shop in shops().await {
        let world = &shop.world;
        shop.owe("60.00", "p1").await;
        let over = shop.debt_payment("40.01", "p2").await;
        assert_eq!(code(world.pay(&over).await), ErrorCode::InsufficientBalance);
        let reserved = world.reserve(&shop.debt_payment("40.00", "p3").await).await.unwrap();
        let nothing_left = shop.debt_payment("0.01", "p4").await;
        assert_eq!(code(world.pay(&nothing_left).await), ErrorCode::InsufficientBalance);
        assert_eq!(shop.debt_balance().await, tell("60.00", "0.00"), "a reserve is not owed yet");
        world.settle(&reserved.transaction_id, Some("15.00")).await.unwrap();
        assert_eq!(shop.debt_balance().await, tell("75.00", "0.00"));
        shop.owe("25.00", "p5").await;
        shop.write_off("50.00", "w1").await.unwrap();
        shop.owe("50.00", "p6").await;
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_card_settles_when_the_processor_answers() {
    for shop in shops().await {
        let world = &shop.world;
        shop.owe("50.00", "p1").await;
        let settling =
            shop.settle_debt(&shop.settlement(PaymentMethod::Cc, "40.00", "s1").await).await.unwrap();
        assert_eq!(settling.status, TransactionStatus::Pending);
        assert_eq!(shop.debt_balance().await, tell("10.00", "40.00"));
        assert_eq!(shop.outstanding_debt(&world.caller).await, tell("50.00", "40.00"));
        let again = shop.settlement(PaymentMethod::Abt, "10.01", "s2").await;
        assert_eq!(code(shop.settle_debt(&again).await), ErrorCode::SettleAmountGreaterThanDebt);

        world.run_due().await;
        assert_eq!(world.status(&settling.transaction_id).await, (TransactionStatus::Success, "Success"));
        assert_eq!(shop.debt_balance().await, tell("10.00", "0.00"));
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "-40.000000");
        assert_eq!(world.balance("operator").await, "338.540000", "less 2.9 % and 0.30");
        let told = world.notified(&settling.transaction_id).await;
        assert_eq!(told, ["SETTLE_DEBT PENDING", "SETTLE_DEBT SUCCESS"]);
        let back = world.refund(&settling.transaction_id, None, "r1").await;
        assert_eq!(code(back), ErrorCode::TransactionTypeNotRefundable);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_settlement_that_comes_to_nothing_leaves_the_debt() {
    for shop in shops().await {
        let world = &shop.world;
        shop.owe("50.00", "p1").await;
        let cancelled =
            shop.settle_debt(&shop.settlement(PaymentMethod::Ach, "50.00", "s1").await).await.unwrap();
        world.cancel(&cancelled.transaction_id).await.unwrap();
        assert_eq!(shop.debt_balance().await, tell("50.00", "0.00"));
        let mut late = shop.settlement(PaymentMethod::Cc, "50.00", "s2").await;
        late.transaction_timeout_in_mins = Some(5);
        let late = shop.settle_debt(&late).await.unwrap();
        world.advance(SignedDuration::from_mins(5)).await;
        assert_eq!(world.status(&late.transaction_id).await, (TransactionStatus::Failure, "Expired"));
        assert_eq!(shop.debt_balance().await, tell("50.00", "0.00"));
        assert_eq!(
            world.notified(&cancelled.transaction_id).await,
            ["CANCEL CANCELLED", "SETTLE_DEBT PENDING"]
        );
        shop.settle_debt(&shop.settlement(PaymentMethod::Abt, "50.00", "s3").await).await.unwrap();
        assert_eq!(shop.debt_balance().await, tell("0.00", "0.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn what_is_written_off_is_not_owed_and_was_not_paid() {
    for shop in shops().await {
        let world = &shop.world;
        shop.owe("50.00", "p1").await;
        let written_off = shop.write_off("20.00", "w1").await.unwrap();
        assert_eq!(written_off.status, TransactionStatus::Success);
        assert_eq!(shop.write_off("20.00", "w1").await.unwrap(), written_off, "the same request again");
        assert_eq!(code(shop.write_off("21.00", "w1").await), ErrorCode::DuplicateRequest);
        assert_eq!(shop.debt_balance().await, tell("30.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "500.000000");
        assert_eq!(world.balance("operator").await, "300.000000");
        assert_eq!(world.notified(&written_off.transaction_id).await, ["WRITE_OFF_DEBT SUCCESS"]);
        assert_eq!(code(shop.write_off("30.01", "w2").await), ErrorCode::SettleAmountGreaterThanDebt);
        for refused in [
            world.cancel(&written_off.transaction_id).await,
            world.settle(&written_off.transaction_id, None).await,
        ] {
            assert_eq!(code(refused), ErrorCode::InvalidTransactionId);
        }
        let back = world.refund(&written_off.transaction_id, None, "r1").await;
        assert_eq!(code(back), ErrorCode::TransactionTypeNotRefundable);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_refund_is_first_no_longer_owed_and_then_paid_back() {
    for shop in shops().await {
        let world = &shop.world;
        let bought = shop.owe("50.00", "p1").await;
        let part = world.refund(&bought.transaction_id, Some("10.00"), "r1").await.unwrap();
        assert_eq!(part.status, TransactionStatus::Success);
        assert_eq!(shop.debt_balance().await, tell("40.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "500.000000");
        shop.settle_debt(&shop.settlement(PaymentMethod::Abt, "35.00", "s1").await).await.unwrap();
        world.refund(&bought.transaction_id, None, "r2").await.unwrap();
        assert_eq!(shop.debt_balance().await, tell("0.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "500.000000", "35.00 settled, 35.00 paid back");
        assert_eq!(world.balance("operator").await, "299.465000", "the fee on what was settled is gone");
        shop.assert_in_order().await;
    }
}
