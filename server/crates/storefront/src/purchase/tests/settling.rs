//! Nothing is delivered before it is charged, and what was delivered is not cancelled.

use super::{BUYER, MERCHANT, PRINT, Stage, ask};
use crate::ids::OrderId;
use crate::orders::state::Phase;
use crate::orders::view::Viewer;
use crate::orders::{self, Fulfilment, OrderError};
use crate::purchase::{commands, order_page};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use jiff::SignedDuration;
use shop_pages::model::{OrderActions, Promise};

impl Stage {
    async fn actions(&self, id: &OrderId) -> (OrderActions, OrderActions) {
        let of = async |user_id| {
            let viewer = Viewer { user_id, operator: false };
            order_page::page_data(&self.shop, viewer, &orders::find(&self.shop.db, id).await.unwrap())
                .await
                .unwrap()
                .order
                .actions
        };
        (of(&BUYER).await, of(&MERCHANT).await)
    }

    /// The merchant is not to deliver, and either side can go on.
    async fn assert_not_charged(&self, id: &OrderId) {
        assert_eq!(self.phase(id).await, Phase::SettleFailed);
        assert!(!self.may_download(id).await && self.order(id).await.shipped_at.is_none());
        assert!(self.notices().await.contains(&"not_charged"), "{:?}", self.notices().await);
        let (buyer, merchant) = self.actions(id).await;
        assert!(buyer.cancel && !buyer.refund && merchant.fulfil);
    }

    fn settles(&self) -> usize {
        self.amazon.called("Settle")
    }

    /// A Settle that the processor declines, of which nobody tells the shop.
    async fn declined_later(&self, id: &OrderId) {
        self.amazon.leave_pending(true);
        commands::fulfil(&self.shop, &MERCHANT, id, Fulfilment::default()).await.unwrap();
        assert_eq!(self.phase(id).await, Phase::Fulfilling);
        assert!(self.order(id).await.shipped_at.is_none(), "not charged yet");
        self.amazon.finish(&self.amazon.transaction(&self.reference(id).await), TransactionStatus::Reserved);
        self.amazon.leave_pending(false);
    }
}

#[tokio::test]
async fn what_is_refused_is_not_delivered_and_can_be_cancelled_on_either_side() {
    for there in [true, false] {
        let stage = Stage::set().await;
        let id = stage.bought(PRINT).await;
        stage.amazon.refuse(Some(("Settle", ErrorCode::AccountClosed)));
        commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
        stage.assert_not_charged(&id).await;
        stage.amazon.refuse(None);
        if there {
            stage.notify(&id, IpnOperation::Cancel, TransactionStatus::Cancelled).await;
        } else {
            commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
        }
        assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Cancelled, 0));
        assert!(!stage.may_download(&id).await && stage.notices().await.contains(&"cancelled"));
        assert!(stage.order(&id).await.shipped_at.is_none());
    }
}

#[tokio::test]
async fn what_is_declined_later_is_noticed_with_and_without_a_word() {
    for told in [true, false] {
        let stage = Stage::set().await;
        let id = stage.bought(PRINT).await;
        stage.declined_later(&id).await;
        if told {
            stage.notify(&id, IpnOperation::Settle, TransactionStatus::Failure).await;
        } else {
            stage.later(60).await;
        }
        stage.assert_not_charged(&id).await;
        stage.later(3600).await;
        assert_eq!(stage.settles(), 1, "to try again is the seller's to say");
        commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
        assert_eq!((stage.phase(&id).await, stage.settles()), (Phase::Paid, 2));
        assert!(stage.may_download(&id).await && stage.order(&id).await.shipped_at.is_some());
        assert!(stage.notices().await.contains(&"charged"));
    }
}

/// News that are older than the next step say nothing about it.
#[tokio::test]
async fn a_late_word_of_a_declined_settle_does_not_end_the_order() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.declined_later(&id).await;
    stage.later(60).await;
    stage.amazon.lose_answers(1);
    commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Cancelling);
    stage.notify(&id, IpnOperation::Settle, TransactionStatus::Failure).await;
    assert_eq!(stage.phase(&id).await, Phase::Cancelling);
    stage.later(60).await;
    assert_eq!(stage.phase(&id).await, Phase::Cancelled);
}

#[tokio::test]
async fn a_settle_whose_answer_is_lost_delivers_once_it_is_known() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.lose_answers(1);
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Fulfilling);
    assert!(!stage.may_download(&id).await && stage.order(&id).await.shipped_at.is_none());
    stage.later(60).await;
    assert_eq!((stage.phase(&id).await, stage.settles()), (Phase::Paid, 1));
    assert!(stage.may_download(&id).await);
}

#[tokio::test]
async fn what_was_wanted_back_and_is_declined_is_released() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.leave_pending(true);
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    ask(&stage, &BUYER, &id).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::SettlingToRefund);
    stage.amazon.finish(&stage.amazon.transaction(&stage.reference(&id).await), TransactionStatus::Reserved);
    stage.later(60).await;
    assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Cancelled, 0));
    assert_eq!(stage.settles(), 1);
}

/// Orders of before, when goods were sent first.
#[tokio::test]
async fn what_was_sent_before_it_was_charged_is_not_cancelled_by_its_buyer() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.refuse(Some(("Settle", ErrorCode::AccountClosed)));
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    stage.spoil("UPDATE orders SET shipped_at = 1".to_owned()).await;
    let cancelled = commands::cancel(&stage.shop, &BUYER, &id, None).await;
    assert!(matches!(cancelled, Err(OrderError::NotNow(_))), "{cancelled:?}");
    assert_eq!(stage.phase(&id).await, Phase::SettleFailed);
    assert!(!stage.actions(&id).await.0.cancel);
}

/// What the seller said holds for the order, whatever is said later.
#[tokio::test]
async fn while_money_is_held_it_is_said_until_when() {
    for stage in Stage::set_on_each().await {
        let promise = async |id: &OrderId| {
            let viewer = Viewer { user_id: &BUYER, operator: false };
            order_page::page_data(&stage.shop, viewer, &stage.order(id).await).await.unwrap().promise
        };
        let days_later = |days: i64| stage.shop.clock.now() + SignedDuration::from_hours(24 * days);
        let nothing_said = stage.bought(PRINT).await;
        let (now, held_until) = (stage.shop.clock.now(), days_later(7));
        assert_eq!(promise(&nothing_said).await, Some(Promise { ready_by: None, held_until }));
        stage.change(vec![format!("UPDATE items SET handling_days = 2 WHERE slug = '{PRINT}'")]).await;
        let promised = stage.bought_again(PRINT).await;
        let expected = Promise { ready_by: Some(days_later(2)), held_until: days_later(7) };
        stage.change(vec![format!("UPDATE items SET handling_days = 5 WHERE slug = '{PRINT}'")]).await;
        assert_eq!(promise(&promised).await, Some(expected));
        assert!(stage.shop.clock.now() > now, "the days are counted from when the money was held");
        commands::fulfil(&stage.shop, &MERCHANT, &promised, Fulfilment::default()).await.unwrap();
        assert_eq!(promise(&promised).await, None, "it is paid");
    }
}
