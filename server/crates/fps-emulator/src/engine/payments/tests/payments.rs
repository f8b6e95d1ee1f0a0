use crate::domain::ledger_accounts;
use crate::domain::transactions::{find, history, related};
use crate::engine::payments::tests::{code, dollars, worlds};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod, RelationType, TransactionStatus};
use fps_protocol::ids::TokenId;
use jiff::SignedDuration;
use platform::jobs::DueWork;

#[tokio::test]
async fn a_balance_payment_is_split_within_the_call() {
    for world in worlds().await {
        let outcome = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        assert_eq!(outcome.status, TransactionStatus::Success);
        assert_eq!(outcome.transaction_id.as_str().len(), 35);
        // 10.00 less 0.60 for the marketplace and 0.16 for Amazon.
        assert_eq!(world.balance("buyer").await, "490.000000");
        assert_eq!(world.balance("merchant").await, "9.240000");
        assert_eq!(world.balance("operator").await, "0.600000");
        assert_eq!(world.book(&ledger_accounts::amazon_fees()).await, "0.160000");
        world.assert_books_in_order().await;
        assert_eq!(world.notified(&outcome.transaction_id).await, ["PAY SUCCESS"]);

        let linked = related(&world.engine.db, &outcome.transaction_id).await.unwrap();
        assert_eq!(linked.len(), 1);
        let fee = &linked[0];
        assert_eq!((fee.relation(), fee.amount), (Some(RelationType::MarketplaceFee), dollars("0.60")));
        assert_eq!(
            (fee.sender_account_id.as_str(), fee.recipient_account_id.as_str()),
            ("merchant", "operator")
        );
        let paid = find(&world.engine.db, &outcome.transaction_id).await.unwrap().unwrap();
        let history = history(&world.engine.db, &paid).await.unwrap();
        assert_eq!(history.iter().map(|past| past.status.as_str()).collect::<Vec<_>>(), ["Success"]);
    }
}

#[tokio::test]
async fn the_caller_can_pay_the_fee() {
    for world in worlds().await {
        let mut request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        request.charge_fee_to = Some(ChargeFeeTo::Caller);
        world.pay(&request).await.unwrap();
        assert_eq!(world.balance("merchant").await, "9.400000");
        assert_eq!(world.balance("operator").await, "0.440000");

        // Without a marketplace fee it needs a balance of its own: 100.00 cost 1.51.
        for method in [PaymentMethod::Abt, PaymentMethod::Cc] {
            let mut request = world.request(method, "100.00", &format!("p-{method}")).await;
            request.charge_fee_to = Some(ChargeFeeTo::Caller);
            request.marketplace_fixed_fee = None;
            request.marketplace_variable_fee = None;
            assert_eq!(code(world.pay(&request).await), ErrorCode::InsufficientBalance, "{method}");
        }
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn cards_and_banks_stay_pending_until_the_processor_answers() {
    for world in worlds().await {
        for (method, account) in [
            (PaymentMethod::Cc, ledger_accounts::world_cards()),
            (PaymentMethod::Ach, ledger_accounts::world_banks()),
        ] {
            let request = world.request(method, "10.00", method.as_str()).await;
            let outcome = world.pay(&request).await.unwrap();
            assert_eq!(outcome.status, TransactionStatus::Pending);
            let id = outcome.transaction_id;
            assert_eq!(world.status(&id).await, (TransactionStatus::Pending, "PendingNetworkResponse"));
            assert_eq!(world.book(&account).await, "0.000000");
            // A clock that stands still does not stop the processor.
            world.engine.clock.freeze();
            world.run_due().await;
            assert_eq!(world.status(&id).await, (TransactionStatus::Success, "Success"));
            assert_eq!(world.book(&account).await, "-10.000000");
            assert_eq!(world.notified(&id).await, ["PAY PENDING", "PAY SUCCESS"]);
            // The same request gets the first answer again, which was that it is pending (fps.md §5).
            let again = world.pay(&request).await.unwrap();
            assert_eq!((again.transaction_id, again.status), (id.clone(), TransactionStatus::Pending));
            let fee = &related(&world.engine.db, &id).await.unwrap()[0];
            assert_eq!(fee.status(), TransactionStatus::Success, "the fee follows its parent");
        }
        assert_eq!(world.balance("buyer").await, "500.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_pending_payment_can_run_out_of_time_or_be_cancelled() {
    for mut world in worlds().await {
        let mut config = (*world.engine.config).clone();
        config.processor_delay = std::time::Duration::from_hours(1);
        world.engine.config = config.into();
        let mut request = world.request(PaymentMethod::Cc, "10.00", "p1").await;
        request.transaction_timeout_in_mins = Some(5);
        let late = world.pay(&request).await.unwrap().transaction_id;
        let given_up =
            world.pay(&world.request(PaymentMethod::Cc, "10.00", "p2").await).await.unwrap().transaction_id;
        assert_eq!(world.cancel(&given_up).await.unwrap().status, TransactionStatus::Cancelled);
        assert_eq!(world.status(&given_up).await, (TransactionStatus::Cancelled, "Canceled"));
        world.advance(SignedDuration::from_mins(6)).await;
        assert_eq!(world.status(&late).await, (TransactionStatus::Failure, "Expired"));
        assert_eq!(code(world.refund(&late, None, "r1").await), ErrorCode::OriginalTransactionFailed);
        assert_eq!(world.balance("merchant").await, "0.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn too_little_money_moves_nothing_and_leaves_the_token() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "500.01", "p1").await;
        assert_eq!(code(world.pay(&request).await), ErrorCode::InsufficientBalance);
        let mut smaller = request.clone();
        smaller.transaction_amount = dollars("5.00");
        assert_eq!(
            code(world.pay(&smaller).await),
            ErrorCode::DuplicateRequest,
            "a refusal uses the reference up"
        );
        smaller.caller_reference = "p2".parse().unwrap();
        assert_eq!(
            world.pay(&smaller).await.unwrap().status,
            TransactionStatus::Success,
            "the token is still good"
        );
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_single_use_token_pays_once_and_within_three_hours() {
    for world in worlds().await {
        let mut request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        world.pay(&request).await.unwrap();
        request.caller_reference = "p2".parse().unwrap();
        assert_eq!(code(world.pay(&request).await), ErrorCode::TokenNotActiveSender);
        let late = world.request(PaymentMethod::Abt, "10.00", "p3").await;
        world.advance(SignedDuration::from_hours(3)).await;
        assert_eq!(code(world.pay(&late).await), ErrorCode::IncompatibleTokens);
        assert_eq!(world.balance("buyer").await, "490.000000");
    }
}

#[tokio::test]
async fn callers_do_not_see_one_another() {
    for mut world in worlds().await {
        let paid = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let request = world.request(PaymentMethod::Abt, "10.00", "p2").await;
        std::mem::swap(&mut world.caller, &mut world.stranger);
        let id = paid.transaction_id.as_str();
        assert_eq!(code(world.pay(&request).await), ErrorCode::InvalidTokenIdSender);
        assert_eq!(code(world.settle(id, None).await), ErrorCode::InvalidTransactionId);
        assert_eq!(code(world.cancel(id).await), ErrorCode::InvalidTransactionId);
        assert_eq!(code(world.refund(id, None, "r1").await), ErrorCode::InvalidTransactionId);
        assert_eq!(world.balance("buyer").await, "490.000000");
    }
}

#[tokio::test]
async fn the_sandbox_tokens_are_magic_in_the_lab_only() {
    for mut world in worlds().await {
        let mut request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        let suspended = "H216UECZ8ZM1G8G4QA3V7RKF8JDFZ9SI3SJAFSGUKBBNDHX1NVM8GUQRZNRNAHER";
        request.sender_token_id = TokenId::new(suspended).unwrap();
        assert_eq!(code(world.pay(&request).await), ErrorCode::InvalidAccountStateSender);
        let mut config = (*world.engine.config).clone();
        config.lab = false;
        world.engine.config = config.into();
        request.caller_reference = "p2".parse().unwrap();
        assert_eq!(code(world.pay(&request).await), ErrorCode::InvalidTokenIdSender);
    }
}

#[tokio::test]
async fn magic_amounts_fail_when_they_are_on() {
    for world in worlds().await {
        let world = world.with_magic_amounts();
        let balance = world.request(PaymentMethod::Abt, "10.60", "p1").await;
        assert_eq!(code(world.pay(&balance).await), ErrorCode::TransactionDenied);
        let card = world.pay(&world.request(PaymentMethod::Cc, "10.70", "p2").await).await.unwrap();
        assert_eq!(card.status, TransactionStatus::Pending);
        world.run_due().await;
        assert_eq!(
            world.status(&card.transaction_id).await,
            (TransactionStatus::Failure, "TransactionDenied")
        );
        assert!(
            find(&world.engine.db, &card.transaction_id).await.unwrap().unwrap().life.process_at().is_none()
        );

        // A Settle that fails leaves the reserve to be settled again.
        let reserve = world.reserve(&world.request(PaymentMethod::Cc, "20.00", "p3").await).await.unwrap();
        world.run_due().await;
        world.settle(&reserve.transaction_id, Some("10.80")).await.unwrap();
        world.run_due().await;
        assert_eq!(world.status(&reserve.transaction_id).await, (TransactionStatus::Reserved, "Success"));
        world.settle(&reserve.transaction_id, Some("10.00")).await.unwrap();
        world.run_due().await;
        assert_eq!(world.status(&reserve.transaction_id).await.0, TransactionStatus::Success);
        assert_eq!(
            world.notified(&reserve.transaction_id).await,
            [
                "RESERVE PENDING",
                "RESERVE RESERVED",
                "SETTLE FAILURE",
                "SETTLE PENDING",
                "SETTLE PENDING",
                "SETTLE SUCCESS"
            ]
        );
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn one_transaction_that_cannot_be_read_keeps_no_other_waiting() {
    for world in worlds().await {
        let reserve = world.reserve(&world.request(PaymentMethod::Abt, "10.00", "r1").await).await.unwrap();
        world.engine.clock.advance(SignedDuration::from_hours(7 * 24)).unwrap();
        let paid = world.pay(&world.request(PaymentMethod::Cc, "10.00", "p1").await).await.unwrap();
        sqlx::query("UPDATE transactions SET payment_method = 'Shells' WHERE id = $1")
            .bind(reserve.transaction_id.as_str())
            .execute(world.engine.db.readers())
            .await
            .unwrap();
        world.expiry.run_due().await.unwrap_err();
        assert_eq!(world.processor.run_due().await.unwrap(), 1);
        assert_eq!(world.status(&paid.transaction_id).await.0, TransactionStatus::Success);
    }
}
