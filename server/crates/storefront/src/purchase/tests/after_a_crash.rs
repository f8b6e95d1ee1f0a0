//! The server dies between its commit and the request that was to follow: the tracking job sends it.

use super::{PRINT, SONG, Stage};
use crate::ids::{OrderId, TokenId};
use crate::orders::Fulfilment;
use crate::orders::refund_requests::{Origin, RefundRequest};
use crate::orders::state::{CancelledBy, Event, Phase};
use crate::purchase::order_updates::{self, Update};
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use money::Money;

/// Longer than a request of the shop may be under way.
const GIVEN_UP: i64 = 31;

impl Stage {
    async fn authorized_and_no_more(&self, slug: &str) -> OrderId {
        let order = self.place(slug).await;
        let event =
            Event::Authorized { token: TokenId::new("SENDER").unwrap(), method: Some(PaymentMethod::Abt) };
        self.taken_in_and_no_more(&order, event).await;
        order
    }

    async fn taken_in_and_no_more(&self, order: &OrderId, event: Event) {
        let update =
            Update { order: order.clone(), attempt: None, event, notification: None, calls: Vec::new() };
        order_updates::apply(&self.shop, update).await.unwrap();
    }

    fn calls_after(&self, known: usize) -> Vec<&'static str> {
        self.amazon.calls().split_off(known)
    }
}

#[tokio::test]
async fn what_was_authorized_is_paid_once() {
    for (slug, action, end) in [(SONG, "Pay", Phase::Paid), (PRINT, "Reserve", Phase::Reserved)] {
        let stage = Stage::set().await;
        let id = stage.authorized_and_no_more(slug).await;
        stage.later(1).await;
        assert!(stage.amazon.calls().is_empty(), "whoever follows the return may be about to send it");
        stage.later(GIVEN_UP).await;
        stage.later(GIVEN_UP).await;
        assert_eq!((stage.amazon.calls(), stage.phase(&id).await), (vec![action], end));
    }
}

#[tokio::test]
async fn what_was_fulfilled_or_cancelled_is_settled_or_cancelled_once() {
    let cancel = Event::Cancel { by: CancelledBy::Buyer, reason: None };
    let commands = [
        (Event::Fulfil(Fulfilment::default()), "Settle", Phase::Paid, 1),
        (cancel, "Cancel", Phase::Cancelled, 0),
    ];
    for (command, action, end, charges) in commands {
        let stage = Stage::set().await;
        let id = stage.bought(PRINT).await;
        let known = stage.amazon.calls().len();
        stage.taken_in_and_no_more(&id, command).await;
        stage.later(GIVEN_UP).await;
        stage.later(GIVEN_UP).await;
        // It may have been sent before: the status is asked for first.
        assert_eq!(stage.calls_after(known), ["GetTransactionStatus", action]);
        assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (end, charges));
    }
}

#[tokio::test]
async fn what_was_to_be_refunded_is_refunded_once() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    let known = stage.amazon.calls().len();
    let request = RefundRequest {
        id: "q1".parse().unwrap(),
        amount: Money::from_cents(100),
        reason: "No reason".to_owned(),
        requester: "Buyer".to_owned(),
        origin: Origin::Shop,
    };
    stage.taken_in_and_no_more(&id, Event::RefundRequested { request }).await;
    assert!(!stage.may_download(&id).await);
    stage.later(GIVEN_UP).await;
    let order = stage.order(&id).await;
    assert_eq!(order.state.phase(), Phase::Refunding);
    stage.amazon.finish(&stage.amazon.transaction(&order.refund_reference()), TransactionStatus::Success);
    stage.later(GIVEN_UP).await;
    assert_eq!(stage.calls_after(known), ["Refund", "GetTransactionStatus"]);
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
}
