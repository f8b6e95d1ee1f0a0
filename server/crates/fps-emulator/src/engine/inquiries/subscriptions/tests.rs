//! Subscriptions on both databases: what was agreed, what was paid, how it ends.

use super::start_after;
use crate::domain::callers::Caller;
use crate::domain::notifications::deliveries::{self, Wish};
use crate::domain::tokens::SenderTerms;
use crate::engine::inquiries::{subscription_details, subscription_transactions};
use crate::engine::payments::tests::{World, dollars, worlds};
use crate::engine::payments::{cancel_subscription, status};
use crate::engine::{ActionError, Outcome};
use fps_protocol::ErrorCode;
use fps_protocol::actions::{CancelSubscriptionAndRefund, PaymentRequest, ReferencedCancellation, Request};
use fps_protocol::enums::{PaymentMethod, SubscriptionStatus, TimeUnit, TransactionStatus};
use fps_protocol::ids::{CallerReference, TokenId, TransactionId};
use fps_protocol::responses::{Duration, SubscriptionDetails};
use futures_util::future::join_all;
use jiff::SignedDuration;
use std::collections::BTreeSet;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> ErrorCode {
    result.unwrap_err().into_fps_error().code
}

/// 10.00 a month for the merchant.
async fn subscribe(world: &World, method: PaymentMethod) -> TokenId {
    let terms = SenderTerms::Recurring {
        amount: dollars("10.00"),
        period: "1 Month".parse().unwrap(),
        recipient_token_id: Some(TokenId::new("MERCHANTSTOKEN").unwrap()),
    };
    world.token_with(method, terms).await
}

async fn pay(world: &World, token: &TokenId, reference: &str) -> TransactionId {
    let reference = CallerReference::new(reference).unwrap();
    let mut request = PaymentRequest::new(token.clone(), dollars("10.00"), reference);
    request.recipient_token_id = Some(TokenId::new("MERCHANTSTOKEN").unwrap());
    request.caller_description = Some("a month of songs".to_owned());
    world.pay(&request).await.unwrap().transaction_id
}

/// An empty amount is none.
fn request(token: &TokenId, refund: Option<(&str, &str)>) -> CancelSubscriptionAndRefund {
    let referenced = refund.map(|(amount, reference)| ReferencedCancellation {
        caller_reference: CallerReference::new(reference).unwrap(),
        refund_amount: Some(amount).filter(|amount| !amount.is_empty()).map(dollars),
    });
    CancelSubscriptionAndRefund {
        subscription_id: token.clone(),
        referenced,
        cancel_reason: Some("moved".to_owned()),
    }
}

async fn cancel_by(
    world: &World,
    caller: &Caller,
    token: &TokenId,
    refund: Option<(&str, &str)>,
) -> Result<Option<Outcome>, ActionError> {
    let request = request(token, refund);
    let canonical = Request::CancelSubscriptionAndRefund(request.clone()).canonical_digest_input();
    cancel_subscription(&world.engine, caller, &request, &canonical).await
}

async fn cancel(
    world: &World,
    token: &TokenId,
    refund: Option<(&str, &str)>,
) -> Result<Option<Outcome>, ActionError> {
    cancel_by(world, &world.caller, token, refund).await
}

async fn details(world: &World, token: &TokenId) -> SubscriptionDetails {
    subscription_details(&world.engine, &world.caller, token).await.unwrap()
}

/// How many notifications of that kind are in the outbox.
async fn notified(world: &World, kind: &str) -> usize {
    let told = deliveries::latest(&world.engine.db, &Wish::default(), 1000).await.unwrap();
    told.iter().filter(|one| one.kind.as_str() == kind).count()
}

#[tokio::test]
async fn a_subscription_and_its_payments() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Abt).await;
        let fresh = details(&world, &token).await;
        assert_eq!(fresh.status, SubscriptionStatus::Active);
        assert_eq!(fresh.frequency, Duration { value: 1, unit: TimeUnit::Month });
        assert_eq!(fresh.subscription_amount, dollars("10.00"));
        assert_eq!(fresh.next_transaction_amount, Some(dollars("10.00")));
        assert_eq!(fresh.next_transaction_date, Some(fresh.start_date), "the first is due");
        assert_eq!((fresh.recipient_name.as_str(), fresh.sender_name.as_str()), ("merchant", "buyer"));
        assert_eq!(fresh.sender_email, "", "the caller is not paid");

        let first = pay(&world, &token, "june").await;
        let paid = details(&world, &token).await;
        assert_eq!(paid.number_of_transactions_processed, 1);
        assert_eq!(paid.next_transaction_date.unwrap().to_string(), "2030-07-03T09:00:00Z");
        world.engine.clock.advance(DAY * 30).unwrap();
        let second = pay(&world, &token, "july").await;

        let list = subscription_transactions(&world.engine, &world.caller, &token).await.unwrap();
        let listed: Vec<_> = list
            .transactions
            .iter()
            .map(|transaction| (transaction.serial_number, transaction.transaction_id.as_str()))
            .collect();
        assert_eq!(listed, [(1, first.as_str()), (2, second.as_str())], "without the fees' own records");
        assert_eq!(list.transactions[0].description, "a month of songs");
        assert_eq!(list.transactions[0].status, TransactionStatus::Success);
    }
}

#[tokio::test]
async fn cancelled_with_and_without_a_refund() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Abt).await;
        pay(&world, &token, "june").await;
        world.engine.clock.advance(DAY * 30).unwrap();
        let last = pay(&world, &token, "july").await;
        let refund = cancel(&world, &token, Some(("4.00", "c1"))).await.unwrap().unwrap();
        assert_eq!(refund.status, TransactionStatus::Success);
        assert_eq!(world.balance("buyer").await, "484.000000");
        let refund = status(&world.engine, &world.caller, &refund.transaction_id).await.unwrap();
        assert_eq!(refund.parent_id(), Some(&last), "of the last payment");
        let ended = details(&world, &token).await;
        assert_eq!((ended.status, ended.next_transaction_date), (SubscriptionStatus::Cancelled, None));
        assert_eq!(
            (notified(&world, "TokenCancellation").await, notified(&world, "TransactionStatus").await),
            (1, 3)
        );

        let other = subscribe(&world, PaymentMethod::Abt).await;
        assert_eq!(cancel(&world, &other, None).await.unwrap(), None);
        assert_eq!(details(&world, &other).await.status, SubscriptionStatus::Cancelled);
        assert_eq!(code(cancel(&world, &other, None).await), ErrorCode::TokenNotActive);
        assert_eq!(notified(&world, "TokenCancellation").await, 2);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn the_same_request_ends_it_once() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Abt).await;
        pay(&world, &token, "june").await;
        let requests = (0..16).map(|_| cancel(&world, &token, Some(("4.00", "c1"))));
        let answers = join_all(requests).await;
        let ids: BTreeSet<TransactionId> =
            answers.into_iter().map(|answer| answer.unwrap().unwrap().transaction_id).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(world.balance("buyer").await, "494.000000");
        assert_eq!(notified(&world, "TokenCancellation").await, 1);
        assert_eq!(code(cancel(&world, &token, Some(("5.00", "c1"))).await), ErrorCode::DuplicateRequest);
        assert_eq!(code(cancel(&world, &token, Some(("4.00", "c2"))).await), ErrorCode::TokenNotActive);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_reference_without_a_refund_is_kept_too() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Abt).await;
        pay(&world, &token, "june").await;
        let requests = (0..16).map(|_| cancel(&world, &token, Some(("", "c1"))));
        for answer in join_all(requests).await {
            assert_eq!(answer.unwrap(), None, "nothing is refunded");
        }
        assert_eq!(details(&world, &token).await.status, SubscriptionStatus::Cancelled);
        assert_eq!(notified(&world, "TokenCancellation").await, 1);
        assert_eq!(world.balance("buyer").await, "490.000000");
        assert_eq!(code(cancel(&world, &token, Some(("4.00", "c1"))).await), ErrorCode::DuplicateRequest);
        assert_eq!(code(cancel(&world, &token, Some(("", "c2"))).await), ErrorCode::TokenNotActive);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn what_cannot_be_refunded_leaves_the_subscription() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Cc).await;
        let refusal = cancel(&world, &token, Some(("1.00", "c1"))).await;
        assert_eq!(code(refusal), ErrorCode::OriginalTransactionFailed);
        pay(&world, &token, "june").await;
        let refusal = cancel(&world, &token, Some(("1.00", "c2"))).await;
        assert_eq!(code(refusal), ErrorCode::OriginalTransactionIncomplete);
        world.run_due().await;
        let refusal = cancel(&world, &token, Some(("10.01", "c3"))).await;
        assert_eq!(code(refusal), ErrorCode::RefundAmountExceeded);
        assert_eq!(details(&world, &token).await.status, SubscriptionStatus::Active);
        assert_eq!(notified(&world, "TokenCancellation").await, 0);
        let pending = cancel(&world, &token, Some(("10.00", "c4"))).await.unwrap().unwrap();
        assert_eq!(pending.status, TransactionStatus::Pending, "to the card");
        world.run_due().await;
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn only_ones_own_subscriptions() {
    for world in worlds().await {
        let token = subscribe(&world, PaymentMethod::Abt).await;
        let single = world.token(PaymentMethod::Abt, "1.00").await;
        let (engine, caller, stranger) = (&world.engine, &world.caller, &world.stranger);
        let table = [
            (stranger, token.as_str(), ErrorCode::InvalidTokenId),
            (caller, "NOBODYS", ErrorCode::InvalidTokenId),
            (caller, "MERCHANTSTOKEN", ErrorCode::InvalidTokenId),
            (caller, single.as_str(), ErrorCode::InvalidTokenType),
        ];
        for (caller, id, expected) in table {
            let token = TokenId::new(id).unwrap();
            assert_eq!(code(subscription_details(engine, caller, &token).await), expected, "{id}");
            assert_eq!(code(subscription_transactions(engine, caller, &token).await), expected, "{id}");
            assert_eq!(code(cancel_by(&world, caller, &token, None).await), expected, "{id}");
            assert_eq!(code(cancel_by(&world, caller, &token, Some(("1.00", id))).await), expected, "{id}");
        }
        assert_eq!(details(&world, &token).await.status, SubscriptionStatus::Active);
    }
}

#[test]
fn the_next_period_follows_the_calendar() {
    let after = |period: &str, first: &str, start: &str| {
        let next = start_after(period.parse().unwrap(), first.parse().unwrap(), start.parse().unwrap());
        next.unwrap().to_string()
    };
    let january = "2030-01-31T12:00:00Z";
    assert_eq!(after("1 Month", january, january), "2030-02-28T12:00:00Z");
    assert_eq!(after("1 Month", january, "2030-02-28T12:00:00Z"), "2030-03-31T12:00:00Z");
    assert_eq!(after("1 Day", january, "2030-02-28T12:00:00Z"), "2030-03-01T12:00:00Z");
    assert_eq!(after("1 Hour", january, january), "2030-01-31T13:00:00Z");
    let leap_day = "2028-02-29T00:00:00Z";
    assert_eq!(after("1 Year", leap_day, "2031-02-28T00:00:00Z"), "2032-02-29T00:00:00Z");
}
