//! What a merchant does with orders: charge less, fulfil many, cancel, refund, find them; and what is kept of the calls.

use super::{BUYER, MERCHANT, PRINT, SONG, Stage};
use crate::ids::OrderId;
use crate::orders::refund_terms::{self, RefundPolicy};
use crate::orders::sold::{self, Filter};
use crate::orders::state::Phase;
use crate::orders::view::Viewer;
use crate::orders::{self, Fulfilment, OrderError, calls};
use crate::purchase::commands::GivenRefund;
use crate::purchase::{commands, order_page};
use fps_protocol::ErrorCode;
use fps_protocol::enums::TransactionStatus;
use money::Money;
use platform::paging::Part;

fn less(cents: i32) -> Fulfilment {
    Fulfilment {
        amount: Some(Money::from_cents(cents)),
        tracking: Some("1Z999".to_owned()),
        message: Some("One of the two is sold out.".to_owned()),
    }
}

impl Stage {
    async fn earned(&self) -> (i64, i64) {
        let merchant = orders::earned_by(&self.shop.db, &super::shop_id("m")).await.unwrap().micros();
        (merchant, orders::operator_fees(&self.shop.db).await.unwrap().micros())
    }

    async fn give(&self, id: &OrderId, cents: i32, policy: RefundPolicy) -> Result<(), OrderError> {
        let given =
            GivenRefund { amount: Money::from_cents(cents), policy, reason: Some("Sorry".to_owned()) };
        commands::give_refund(&self.shop, &MERCHANT, id, given).await
    }

    async fn found(&self, filter: Filter, words: &str) -> usize {
        let (db, merchant) = (&self.shop.db, super::shop_id("m"));
        sold::find(db, &merchant, (filter, words), &Part::Newest, 50).await.unwrap().len()
    }
}

/// Of 0.40 by balance transfer 0.09 is the marketplace's (0.05 + 10 %) and 0.016 Amazon's (1.5 % + 0.01).
#[tokio::test]
async fn less_than_was_reserved_is_charged_and_counted_as_what_was_paid() {
    for stage in Stage::set_on_each().await {
        let id = stage.bought(PRINT).await;
        let too_much = commands::fulfil(&stage.shop, &MERCHANT, &id, less(101)).await;
        assert!(matches!(too_much, Err(OrderError::NotNow(_))), "{too_much:?}");
        commands::fulfil(&stage.shop, &MERCHANT, &id, less(40)).await.unwrap();
        assert_eq!(stage.amazon.settled(), [Some(Money::from_cents(40))]);
        let order = stage.order(&id).await;
        assert_eq!((order.state.phase(), order.left()), (Phase::Paid, Money::from_cents(40)));
        assert_eq!(stage.earned().await, (294_000, 90_000));
        let viewer = Viewer { user_id: &BUYER, operator: false };
        let page = order_page::page_data(&stage.shop, viewer, &order).await.unwrap();
        assert_eq!((page.order.price, page.ordered), (Money::from_cents(40), Some(Money::from_cents(100))));
        assert_eq!(page.tracking.as_deref(), Some("1Z999"));
        assert!(
            page.timeline.iter().any(|entry| entry.detail.contains("$0.40 is charged")),
            "{:?}",
            page.timeline
        );

        stage.give(&id, 40, RefundPolicy::Shared).await.unwrap();
        stage.refund_arrives(&id).await;
        assert_eq!((stage.phase(&id).await, stage.earned().await), (Phase::Refunded, (0, 0)));
    }
}

#[tokio::test]
async fn a_settle_that_failed_is_tried_again_with_another_amount() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.refuse(Some(("Settle", ErrorCode::AccountClosed)));
    commands::fulfil(&stage.shop, &MERCHANT, &id, less(40)).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::SettleFailed);
    let viewer = Viewer { user_id: &MERCHANT, operator: false };
    let page = order_page::page_data(&stage.shop, viewer, &stage.order(&id).await).await.unwrap();
    assert_eq!(page.order.price, Money::from_cents(100), "all of it is held");
    stage.amazon.refuse(None);
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    assert_eq!(stage.order(&id).await.left(), Money::from_cents(100));
    assert_eq!(stage.earned().await, (825_000, 150_000));
}

#[tokio::test]
async fn what_is_fulfilled_together_goes_or_does_not_each_by_itself() {
    let stage = Stage::set().await;
    let (one, two) = (stage.bought(PRINT).await, stage.bought_again(PRINT).await);
    let gone = stage.bought_again(PRINT).await;
    commands::cancel(&stage.shop, &BUYER, &gone, None).await.unwrap();
    let unknown: OrderId = "no-such-order".parse().unwrap();
    let all = vec![one.clone(), gone.clone(), unknown, two.clone()];
    commands::fulfil_all(&stage.shop, &MERCHANT, all).await.unwrap();
    for (id, phase) in [(&one, Phase::Paid), (&two, Phase::Paid), (&gone, Phase::Cancelled)] {
        assert_eq!(stage.phase(id).await, phase);
    }
    assert_eq!(stage.amazon.called("Settle"), 2);
}

#[tokio::test]
async fn the_merchant_cancels_what_is_held_and_says_why() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    let why = Some("It was damaged in the store.".to_owned());
    commands::cancel(&stage.shop, &MERCHANT, &id, why).await.unwrap();
    assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Cancelled, 0));
    let viewer = Viewer { user_id: &BUYER, operator: false };
    let page = order_page::page_data(&stage.shop, viewer, &stage.order(&id).await).await.unwrap();
    assert!(page.timeline.iter().any(|entry| entry.detail.contains("damaged in the store")));

    stage.amazon.leave_pending(true);
    let pending = stage.bought(SONG).await;
    let early = commands::cancel(&stage.shop, &MERCHANT, &pending, None).await;
    assert!(matches!(early, Err(OrderError::NotNow(_))), "not held yet: {early:?}");
}

/// Of 1.00 by balance transfer 0.15 is the marketplace's and 0.025 Amazon's.
#[tokio::test]
async fn a_refund_is_borne_as_the_policy_says_and_as_the_numbers_said_before() {
    for policy in [RefundPolicy::Shared, RefundPolicy::SellerAlone] {
        for stage in Stage::set_on_each().await {
            let id = stage.bought(SONG).await;
            for cents in [33, 67] {
                let (merchant, marketplace) = stage.earned().await;
                let order = stage.order(&id).await;
                let said = refund_terms::parts(&order, Money::from_cents(cents), policy).unwrap().unwrap();
                let too_much = stage.give(&id, 101, policy).await;
                assert!(matches!(too_much, Err(OrderError::NotNow(_))), "{too_much:?}");
                stage.give(&id, cents, policy).await.unwrap();
                assert_eq!(stage.phase(&id).await, Phase::Refunding);
                stage.refund_arrives(&id).await;
                let after = (merchant - said.merchant.micros(), marketplace - said.marketplace.micros());
                assert_eq!(stage.earned().await, after, "{policy} {cents}");
            }
            let kept = if policy == RefundPolicy::Shared { 0 } else { 150_000 };
            assert_eq!((stage.phase(&id).await, stage.earned().await), (Phase::Refunded, (-kept, kept)));
            let not_mine = commands::give_refund(
                &stage.shop,
                &BUYER,
                &id,
                GivenRefund { amount: Money::from_cents(1), policy, reason: None },
            );
            assert!(matches!(not_mine.await, Err(OrderError::NotFound)));
        }
    }
}

#[tokio::test]
async fn a_merchant_finds_orders_by_where_they_stand_and_by_words() {
    for stage in Stage::set_on_each().await {
        stage.refunds_on_request().await;
        let (paid, reserved) = (stage.bought(SONG).await, stage.bought(PRINT).await);
        let cancelled = stage.bought_again(PRINT).await;
        commands::cancel(&stage.shop, &BUYER, &cancelled, None).await.unwrap();
        stage.place_later(SONG).await;
        for (filter, found) in [
            (Filter::All, 3),
            (Filter::ToFulfil, 1),
            (Filter::Reserved, 1),
            (Filter::Paid, 1),
            (Filter::Cancelled, 1),
            (Filter::RefundAsked, 0),
            (Filter::Refunded, 0),
            (Filter::NotCharged, 0),
            (Filter::UnderWay, 0),
            (Filter::Failed, 0),
        ] {
            assert_eq!(stage.found(filter, "").await, found, "{filter:?}");
        }
        stage.asked_there(&paid, "q1", 40).await;
        assert_eq!(
            (stage.found(Filter::RefundAsked, "").await, stage.found(Filter::RefundAsked, "SONG").await),
            (1, 1)
        );
        for (words, found) in [("a PRINT", 2), ("Buyer", 3), ("nobody", 0), (reserved.as_str(), 1), ("%", 0)]
        {
            assert_eq!(stage.found(Filter::All, words).await, found, "{words}");
        }
        let (db, other) = (&stage.shop.db, super::shop_id("n"));
        let theirs =
            sold::find(db, &other, (Filter::All, reserved.as_str()), &Part::Newest, 50).await.unwrap();
        assert!(theirs.is_empty(), "not another merchant's");
    }
}

#[tokio::test]
async fn what_amazon_was_asked_is_kept_with_its_answers_and_repeated_questions_once() {
    for stage in Stage::set_on_each().await {
        stage.amazon.leave_pending(true);
        let id = stage.bought(SONG).await;
        for _ in 0..5 {
            stage.later(3600).await;
        }
        let kept = calls::of_order(&stage.shop.db, &id).await.unwrap();
        let words: Vec<_> =
            kept.iter().map(|call| (call.action.as_str(), call.outcome.as_str(), call.times)).collect();
        assert_eq!(words, [("Pay", "Pending", 1), ("GetTransactionStatus", "Pending", 5)]);
        assert_eq!(kept[0].asked, "Charge $1.00 and divide it");
        stage.amazon.leave_pending(false);
        stage
            .amazon
            .finish(&stage.amazon.transaction(&stage.reference(&id).await), TransactionStatus::Success);
        stage.later(3600).await;
        stage.amazon.refuse(Some(("Refund", ErrorCode::InsufficientBalance)));
        stage.give(&id, 40, RefundPolicy::Shared).await.unwrap();
        let kept = calls::of_order(&stage.shop.db, &id).await.unwrap();
        let words: Vec<_> = kept.iter().map(|call| (call.action.as_str(), call.outcome.as_str())).collect();
        assert_eq!(words[2..], [("GetTransactionStatus", "Success"), ("Refund", "InsufficientBalance")]);
        for call in &kept {
            let xml = calls::answer(&stage.shop.db, &id, call.sequence).await.unwrap().unwrap();
            assert!(xml.starts_with('<') && !xml.contains("Signature"), "{xml}");
        }
        stage.amazon.refuse(None);
        stage.amazon.lose_answers(1);
        stage.give(&id, 40, RefundPolicy::Shared).await.unwrap();
        let last = calls::of_order(&stage.shop.db, &id).await.unwrap().pop().unwrap();
        assert_eq!((last.outcome.as_str(), last.answered), ("No answer", false));
    }
}
