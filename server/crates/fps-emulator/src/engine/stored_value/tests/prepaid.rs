use crate::domain::ledger_accounts;
use crate::engine::payments::tests::code;
use crate::engine::stored_value::tests::{shops, tell};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use jiff::SignedDuration;

#[tokio::test]
async fn a_balance_is_filled_at_once_and_pays_without_a_fee() {
    for shop in shops().await {
        let world = &shop.world;
        let funding = shop.funding(PaymentMethod::Abt, "100.00", "f1").await;
        let funded = shop.fund(&funding).await.unwrap();
        assert_eq!(funded.status, TransactionStatus::Success);
        assert_eq!(shop.prepaid_balance().await, tell("100.00", "0.00"));
        assert_eq!(world.balance("buyer").await, "400.000000");
        // Amazon's 1.5 % and 0.01 fall on the caller.
        assert_eq!(world.balance("operator").await, "298.490000");
        assert_eq!(world.notified(&funded.transaction_id).await, ["FUND_PREPAID SUCCESS"]);
        assert_eq!(shop.fund(&funding).await.unwrap(), funded, "the same request again");

        let paid = world.pay(&shop.prepaid_payment("30.00", "p1").await).await.unwrap();
        assert_eq!(paid.status, TransactionStatus::Success);
        assert_eq!(shop.prepaid_balance().await, tell("70.00", "0.00"));
        assert_eq!(world.balance("merchant").await, "28.400000", "less the marketplace's fee alone");
        assert_eq!(world.balance("operator").await, "300.090000");
        assert_eq!(world.balance("buyer").await, "400.000000");

        let more = shop.prepaid_payment("70.01", "p2").await;
        assert_eq!(code(world.pay(&more).await), ErrorCode::InsufficientBalance);
        assert_eq!(shop.total_prepaid_liability(&world.caller).await, tell("70.00", "0.00"));
        assert_eq!(shop.total_prepaid_liability(&world.stranger).await, tell("0.00", "0.00"));
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn without_a_recipient_token_the_caller_is_paid() {
    for shop in shops().await {
        shop.fill("10.00", "f1").await;
        let mut payment = shop.prepaid_payment("10.00", "p1").await;
        payment.recipient_token_id = None;
        payment.marketplace_fixed_fee = None;
        payment.marketplace_variable_fee = None;
        shop.world.pay(&payment).await.unwrap();
        assert_eq!(shop.world.balance("operator").await, "309.840000");
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_card_fills_it_when_the_processor_answers() {
    for shop in shops().await {
        let world = &shop.world;
        let funding = shop.funding(PaymentMethod::Cc, "100.00", "f1").await;
        let funded = shop.fund(&funding).await.unwrap();
        assert_eq!(funded.status, TransactionStatus::Pending);
        assert_eq!(shop.prepaid_balance().await, tell("0.00", "100.00"));
        assert_eq!(shop.total_prepaid_liability(&world.caller).await, tell("0.00", "100.00"));
        let early = shop.prepaid_payment("1.00", "p1").await;
        assert_eq!(code(world.pay(&early).await), ErrorCode::InsufficientBalance);

        world.run_due().await;
        assert_eq!(world.status(&funded.transaction_id).await, (TransactionStatus::Success, "Success"));
        assert_eq!(shop.prepaid_balance().await, tell("100.00", "0.00"));
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "-100.000000");
        assert_eq!(world.balance("operator").await, "296.800000", "2.9 % and 0.30");
        let told = world.notified(&funded.transaction_id).await;
        assert_eq!(told, ["FUND_PREPAID PENDING", "FUND_PREPAID SUCCESS"]);
        let over = world.cancel(&funded.transaction_id).await;
        assert_eq!(code(over), ErrorCode::InvalidTransactionState);
        let back = world.refund(&funded.transaction_id, None, "r1").await;
        assert_eq!(code(back), ErrorCode::TransactionTypeNotRefundable);
        let settled = world.settle(&funded.transaction_id, None).await;
        assert_eq!(code(settled), ErrorCode::InvalidTransactionId);
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn what_is_on_its_way_can_be_cancelled_or_run_out_of_time() {
    for shop in shops().await {
        let world = &shop.world;
        let cancelled = shop.fund(&shop.funding(PaymentMethod::Ach, "5.00", "f1").await).await.unwrap();
        world.cancel(&cancelled.transaction_id).await.unwrap();
        let mut late = shop.funding(PaymentMethod::Cc, "6.00", "f2").await;
        late.transaction_timeout_in_mins = Some(5);
        let late = shop.fund(&late).await.unwrap();
        world.advance(SignedDuration::from_mins(5)).await;
        assert_eq!(world.status(&cancelled.transaction_id).await.0, TransactionStatus::Cancelled);
        assert_eq!(world.status(&late.transaction_id).await, (TransactionStatus::Failure, "Expired"));
        assert_eq!(shop.prepaid_balance().await, tell("0.00", "0.00"));
        assert_eq!(
            world.notified(&late.transaction_id).await,
            ["FUND_PREPAID FAILURE", "FUND_PREPAID PENDING"]
        );
        assert_eq!(world.balance("operator").await, "300.000000");
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn refunds_go_back_to_the_balance() {
    for shop in shops().await {
        let world = &shop.world;
        shop.fill("100.00", "f1").await;
        let paid = world.pay(&shop.prepaid_payment("30.00", "p1").await).await.unwrap();
        let part = world.refund(&paid.transaction_id, Some("10.00"), "r1").await.unwrap();
        assert_eq!(part.status, TransactionStatus::Success);
        assert_eq!(shop.prepaid_balance().await, tell("80.00", "0.00"));
        let rest = world.refund(&paid.transaction_id, None, "r2").await;
        assert_eq!(code(rest), ErrorCode::InsufficientBalance, "the merchant has not the marketplace's fee");
        assert_eq!(world.balance("buyer").await, "400.000000");
        shop.assert_in_order().await;
    }
}

#[tokio::test]
async fn a_part_can_be_reserved() {
    for shop in shops().await {
        let world = &shop.world;
        shop.fill("100.00", "f1").await;
        let reserved = world.reserve(&shop.prepaid_payment("60.00", "p1").await).await.unwrap();
        assert_eq!(reserved.status, TransactionStatus::Reserved);
        assert_eq!(shop.prepaid_balance().await, tell("40.00", "0.00"));
        assert_eq!(shop.total_prepaid_liability(&world.caller).await, tell("100.00", "0.00"));
        let more = shop.prepaid_payment("40.01", "p2").await;
        assert_eq!(code(world.pay(&more).await), ErrorCode::InsufficientBalance);
        let settled = world.settle(&reserved.transaction_id, Some("50.00")).await.unwrap();
        assert_eq!(settled.status, TransactionStatus::Success);
        assert_eq!(shop.prepaid_balance().await, tell("50.00", "0.00"));
        let another = world.reserve(&shop.prepaid_payment("50.00", "p3").await).await.unwrap();
        world.cancel(&another.transaction_id).await.unwrap();
        assert_eq!(shop.prepaid_balance().await, tell("50.00", "0.00"));
        assert_eq!(world.book(&ledger_accounts::prepaid(&shop.prepaid)).await, "50.000000");
        shop.assert_in_order().await;
    }
}
