//! One rule for refunds: the seller's own, the same in the shop and for what is asked at Amazon Payments.

use super::{BUYER, MERCHANT, SONG, Stage, ask};
use crate::ids::OrderId;
use crate::orders::refund_requests::{self, Answer, Origin};
use crate::orders::state::Phase;
use crate::orders::view::Viewer;
use crate::orders::{self, OrderError};
use crate::purchase::commands::RefundAsked;
use crate::purchase::{commands, downloads, order_page};
use fps_protocol::enums::TransactionStatus;
use shop_pages::model::{OrderPage, RefundDecision, SellerDecides};

const DAY: i64 = 24 * 3600;

impl Stage {
    async fn rule(&self, days: &str, unless_downloaded: u8) {
        let rule = format!(
            "UPDATE merchants SET refund_days = {days}, refund_unless_downloaded = {unless_downloaded}"
        );
        self.change(vec![rule]).await;
    }

    async fn buyers_page(&self, id: &OrderId) -> OrderPage {
        let viewer = Viewer { user_id: &BUYER, operator: false };
        order_page::page_data(&self.shop, viewer, &self.order(id).await).await.unwrap()
    }

    fn refunds(&self) -> usize {
        self.amazon.called("Refund")
    }
}

#[tokio::test]
async fn within_the_days_the_money_goes_back_at_once_wherever_it_is_asked_for() {
    for stage in Stage::set_on_each().await {
        stage.rule("14", 0).await;
        let (here, there) = (stage.bought(SONG).await, stage.bought_again(SONG).await);
        // The second was bought three hours later.
        stage.later(14 * DAY - 3 * 3600).await;
        assert_eq!(stage.buyers_page(&here).await.refund_decision, RefundDecision::AtOnce, "the last moment");
        assert_eq!(ask(&stage, &BUYER, &here).await.unwrap(), RefundAsked::AtOnce);
        stage.asked_there(&there, "q1", 40).await;
        for (id, left) in [(&here, None), (&there, Some(60))] {
            stage.later(60).await;
            let order = stage.order(id).await;
            assert_eq!(order.state.phase(), Phase::Refunding);
            stage
                .amazon
                .finish(&stage.amazon.transaction(&order.refund_reference()), TransactionStatus::Success);
            stage.later(60).await;
            let order = stage.order(id).await;
            match left {
                None => assert_eq!(order.state.phase(), Phase::Refunded),
                Some(cents) => {
                    assert_eq!(order.left(), money::Money::from_cents(cents), "as it was asked for");
                }
            }
            let kept = refund_requests::of_order(stage.shop.db.readers(), id).await.unwrap();
            assert_eq!(kept, None, "nothing waits for an answer");
        }
        assert_eq!(stage.refunds(), 2);
    }
}

#[tokio::test]
async fn after_the_days_the_seller_is_asked_once() {
    for stage in Stage::set_on_each().await {
        stage.rule("14", 0).await;
        let id = stage.bought(SONG).await;
        stage.later(14 * DAY + 1).await;
        let page = stage.buyers_page(&id).await;
        assert_eq!(page.refund_decision, RefundDecision::BySeller(SellerDecides::DaysOver));
        assert_eq!(ask(&stage, &BUYER, &id).await.unwrap(), RefundAsked::SellerDecides);
        assert_eq!((stage.phase(&id).await, stage.refunds()), (Phase::Paid, 0));
        assert!(stage.may_download(&id).await && stage.notices().await.contains(&"refund_requested"));
        let kept = refund_requests::of_order(stage.shop.db.readers(), &id).await.unwrap().unwrap();
        assert_eq!((kept.answer, kept.request.origin), (Answer::Open, Origin::Shop));
        assert_eq!(
            (kept.request.reason.as_str(), kept.request.requester.as_str()),
            ("I changed my mind", "buyer")
        );

        assert!(!stage.buyers_page(&id).await.order.actions.refund, "the question stands there");
        let again = ask(&stage, &BUYER, &id).await;
        assert!(matches!(again, Err(OrderError::NotNow(_))), "{again:?}");

        commands::decline_refund(&stage.shop, &MERCHANT, &id, &kept.request.id).await.unwrap();
        let again = ask(&stage, &BUYER, &id).await;
        assert!(matches!(again, Err(OrderError::RefundDeclined)), "{again:?}");
        commands::grant_refund(&stage.shop, &MERCHANT, &id, &kept.request.id).await.unwrap();
        assert_eq!(
            (stage.phase(&id).await, stage.refunds()),
            (Phase::Refunding, 1),
            "the seller alone changes that"
        );
    }
}

/// A rule that was kinder when it was declined brings nothing back.
#[tokio::test]
async fn what_was_declined_stays_declined_at_amazon_too() {
    let stage = Stage::set().await;
    stage.rule("1", 0).await;
    let id = stage.bought(SONG).await;
    stage.later(2 * DAY).await;
    stage.asked_there(&id, "q1", 100).await;
    commands::decline_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await.unwrap();
    stage.change(vec!["UPDATE orders SET refund_days = 90".to_owned()]).await;
    stage.asked_there(&id, "q2", 100).await;
    stage.later(60).await;
    assert_eq!((stage.phase(&id).await, stage.refunds()), (Phase::Paid, 0));
    let again = ask(&stage, &BUYER, &id).await;
    assert!(matches!(again, Err(OrderError::RefundDeclined)), "{again:?}");
}

#[tokio::test]
async fn what_was_fetched_is_only_given_back_on_request_where_the_seller_says_so() {
    for (unless_downloaded, fetched, at_once) in [(1, false, true), (1, true, false), (0, true, true)] {
        for stage in Stage::set_on_each().await {
            stage.rule("14", unless_downloaded).await;
            let id = stage.bought(SONG).await;
            assert!(stage.may_download(&id).await, "to look whether it is there is not to fetch it");
            if fetched {
                downloads::fetch(&stage.shop, &BUYER, &id, 1).await.unwrap();
                downloads::fetch(&stage.shop, &BUYER, &id, 1).await.unwrap();
            }
            let asked = ask(&stage, &BUYER, &id).await.unwrap();
            assert_eq!(asked == RefundAsked::AtOnce, at_once, "{unless_downloaded} {fetched}");
            if at_once {
                assert!(downloads::fetch(&stage.shop, &BUYER, &id, 1).await.is_err(), "it was given back");
            } else {
                let decision = stage.buyers_page(&id).await.refund_decision;
                assert_eq!(decision, RefundDecision::BySeller(SellerDecides::Downloaded));
            }
        }
    }
}

/// An order keeps the rule that it was made under.
#[tokio::test]
async fn a_new_rule_is_for_new_orders() {
    let stage = Stage::set().await;
    stage.rule("NULL", 0).await;
    let id = stage.bought(SONG).await;
    stage.rule("90", 0).await;
    assert_eq!(ask(&stage, &BUYER, &id).await.unwrap(), RefundAsked::SellerDecides);
    let decision = stage.buyers_page(&id).await.refund_decision;
    assert_eq!(decision, RefundDecision::BySeller(SellerDecides::OnRequest));
    let order = orders::find(&stage.shop.db, &id).await.unwrap();
    assert!(order.paid_at.is_some());
}
