use crate::domain::ledger_accounts;
use crate::domain::transactions::{find, related};
use crate::engine::payments::tests::{World, code, dollars, worlds};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{MarketplaceRefundPolicy, PaymentMethod, RelationType, TransactionStatus};
use fps_protocol::ids::TransactionId;

async fn paid(world: &World, method: PaymentMethod) -> TransactionId {
    let outcome = world.pay(&world.request(method, "10.00", "p1").await).await.unwrap();
    world.run_due().await;
    outcome.transaction_id
}

#[tokio::test]
async fn a_full_refund_gives_everything_back_but_the_callers_fee() {
    for world in worlds().await {
        // The recipient returns the caller's fee out of its own pocket, so it needs something in it.
        world.pay(&world.request(PaymentMethod::Abt, "100.00", "p0").await).await.unwrap();
        let before = world.balance("merchant").await;
        let id = paid(&world, PaymentMethod::Abt).await;
        let refund = world.refund(&id, None, "f1").await.unwrap();
        assert_ne!(refund.transaction_id, id);
        assert_eq!(refund.status, TransactionStatus::Success);
        assert_eq!(world.balance("buyer").await, "400.000000");
        assert_eq!(before, "93.390000");
        assert_eq!(world.balance("merchant").await, "92.790000", "poorer by the caller's 0.60");
        assert_eq!(world.balance("operator").await, "5.700000");
        assert_eq!(
            world.book(&ledger_accounts::amazon_fees()).await,
            "1.510000",
            "the fee of 0.16 went back"
        );
        assert_eq!(code(world.refund(&id, None, "f2").await), ErrorCode::TransactionFullyRefundedAlready);
        let linked = related(&world.engine.db, &id).await.unwrap();
        assert!(linked.iter().any(|transaction| transaction.relation() == Some(RelationType::Refund)));
        assert_eq!(world.notified(&refund.transaction_id).await, ["REFUND SUCCESS"]);
        assert_eq!(
            code(world.refund(&refund.transaction_id, None, "f3").await),
            ErrorCode::TransactionTypeNotRefundable
        );
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn partial_refunds_add_up_to_the_payment_and_no_further() {
    for world in worlds().await {
        world.pay(&world.request(PaymentMethod::Abt, "100.00", "p0").await).await.unwrap();
        let id = paid(&world, PaymentMethod::Abt).await;
        world.refund(&id, Some("3.33"), "f1").await.unwrap();
        assert_eq!(code(world.refund(&id, Some("6.68"), "f2").await), ErrorCode::RefundAmountExceeded);
        world.refund(&id, Some("3.33"), "f3").await.unwrap();
        world.refund(&id, Some("3.34"), "f4").await.unwrap();
        assert_eq!(
            code(world.refund(&id, Some("0.01"), "f5").await),
            ErrorCode::TransactionFullyRefundedAlready
        );
        assert_eq!(world.balance("buyer").await, "400.000000");
        assert_eq!(world.book(&ledger_accounts::amazon_fees()).await, "1.510000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn the_policies_move_the_marketplace_fee() {
    for world in worlds().await {
        let id = paid(&world, PaymentMethod::Abt).await;
        let fee_only = Some(MarketplaceRefundPolicy::MarketplaceTxnOnly);
        let both = Some(MarketplaceRefundPolicy::MasterAndMarketplaceTxn);
        assert_eq!(
            code(world.refund_with(&id, Some("0.61"), "f1", fee_only).await),
            ErrorCode::RefundAmountExceeded
        );
        world.refund_with(&id, Some("0.10"), "f2", fee_only).await.unwrap();
        assert_eq!(world.balance("operator").await, "0.500000");
        assert_eq!(world.balance("merchant").await, "9.340000");
        assert_eq!(world.balance("buyer").await, "490.000000", "the buyer gets nothing of it");
        world.refund_with(&id, None, "f3", both).await.unwrap();
        assert_eq!(world.balance("buyer").await, "500.000000");
        assert_eq!(world.balance("merchant").await, "0.000000");
        assert_eq!(world.balance("operator").await, "0.000000");
        assert_eq!(world.book(&ledger_accounts::amazon_fees()).await, "0.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_card_gets_its_money_when_the_processor_answers() {
    for world in worlds().await {
        let id = paid(&world, PaymentMethod::Cc).await;
        let refund = world.refund(&id, Some("5.00"), "f1").await.unwrap();
        assert_eq!(refund.status, TransactionStatus::Pending);
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "-10.000000");
        assert_eq!(world.book(&ledger_accounts::refunds_in_transit()).await, "5.000000");
        world.run_due().await;
        assert_eq!(world.status(&refund.transaction_id).await.0, TransactionStatus::Success);
        assert_eq!(world.book(&ledger_accounts::world_cards()).await, "-5.000000");
        assert_eq!(world.notified(&refund.transaction_id).await, ["REFUND PENDING", "REFUND SUCCESS"]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_bank_payment_is_refunded_to_the_balance_at_once() {
    for world in worlds().await {
        let id = paid(&world, PaymentMethod::Ach).await;
        let refund = world.refund(&id, Some("5.00"), "f1").await.unwrap();
        assert_eq!(refund.status, TransactionStatus::Success);
        assert_eq!(world.balance("buyer").await, "505.000000");
        assert_eq!(
            world.book(&ledger_accounts::world_banks()).await,
            "-10.000000",
            "nothing goes back to the bank"
        );
        assert_eq!(world.notified(&refund.transaction_id).await, ["REFUND SUCCESS"]);
        world.run_due().await;
        assert_eq!(world.notified(&refund.transaction_id).await, ["REFUND SUCCESS"]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_fee_that_alone_is_given_back_is_between_caller_and_recipient() {
    let fee_only = Some(MarketplaceRefundPolicy::MarketplaceTxnOnly);
    for world in worlds().await {
        // However the buyer had paid.
        let id = paid(&world, PaymentMethod::Cc).await;
        let fee = related(&world.engine.db, &id).await.unwrap().remove(0);
        let back = world.refund_with(&id, Some("0.10"), "f1", fee_only).await.unwrap();
        assert_eq!(back.status, TransactionStatus::Success);
        let refund = find(&world.engine.db, &back.transaction_id).await.unwrap().unwrap();
        assert_eq!(refund.sender_account_id.as_str(), "operator");
        assert_eq!(refund.recipient_account_id.as_str(), "merchant");
        assert_eq!((refund.amount, refund.marketplace_fee), (dollars("0.10"), dollars("0.00")));
        assert_eq!(refund.payment_method, PaymentMethod::Abt);
        assert_eq!(refund.parent_id(), Some(&fee.id), "it is the fee that is refunded");
        assert_eq!(
            (refund.parties.sender.name.as_str(), refund.parties.recipient.name.as_str()),
            ("operator", "merchant")
        );
        let sent = world.sent(&back.transaction_id).await;
        assert_eq!(sent.get("parentTransactionId"), refund.parent_id().map(TransactionId::as_str));
        assert_eq!((sent.get("buyerName"), sent.get("recipientName")), (Some("merchant"), Some("operator")));
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_fee_that_there_was_not_cannot_be_given_back() {
    let fee_only = Some(MarketplaceRefundPolicy::MarketplaceTxnOnly);
    for world in worlds().await {
        let mut request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        (request.marketplace_fixed_fee, request.marketplace_variable_fee) = (None, None);
        let id = world.pay(&request).await.unwrap().transaction_id;
        let refused = world.refund_with(&id, None, "f1", fee_only).await.unwrap_err().into_fps_error();
        assert_eq!(refused.code, ErrorCode::InvalidParams);
        assert!(refused.message.contains("MarketplaceRefundPolicy"), "{}", refused.message);
        let id =
            world.pay(&world.request(PaymentMethod::Abt, "10.00", "p2").await).await.unwrap().transaction_id;
        world.refund_with(&id, None, "f2", fee_only).await.unwrap();
        let again = world.refund_with(&id, None, "f3", fee_only).await;
        assert_eq!(code(again), ErrorCode::TransactionFullyRefundedAlready);
    }
}

#[tokio::test]
async fn a_recipient_without_money_cannot_refund() {
    for world in worlds().await {
        // 9.24 came in; the whole refund takes 9.84 of the recipient.
        let id = paid(&world, PaymentMethod::Abt).await;
        assert_eq!(code(world.refund(&id, None, "f1").await), ErrorCode::InsufficientBalance);
        assert_eq!(world.balance("buyer").await, "490.000000");
        let both = Some(MarketplaceRefundPolicy::MasterAndMarketplaceTxn);
        world.refund_with(&id, None, "f2", both).await.unwrap();
        assert_eq!(world.balance("buyer").await, "500.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_refusal_that_may_be_retried_is_looked_at_again() {
    for world in worlds().await {
        let outcome = world.pay(&world.request(PaymentMethod::Cc, "10.00", "p1").await).await.unwrap();
        let id = outcome.transaction_id;
        assert_eq!(
            code(world.refund(&id, Some("5.00"), "f1").await),
            ErrorCode::OriginalTransactionIncomplete
        );
        world.run_due().await;
        let first = world.refund(&id, Some("5.00"), "f1").await.unwrap();
        let again = world.refund(&id, Some("5.00"), "f1").await.unwrap();
        assert_eq!(first, again);
        assert_eq!(code(world.refund(&id, Some("4.00"), "f1").await), ErrorCode::DuplicateRequest);
    }
}
