//! What people do in the shop: order, pay, cancel, fulfil, ask for their money back.

use super::fake_amazon::news;
use super::{BUYER, MERCHANT, NEWCOMER, PRINT, SONG, Stage, ask, asked, elm_street};
use crate::orders::state::{Phase, State};
use crate::orders::view::Viewer;
use crate::orders::{self, Fulfilment, OrderError};
use crate::purchase::commands::Restarted;
use crate::purchase::place::{PlaceError, Placed, Shown, place};
use crate::purchase::{cbui_return, commands, downloads, notifications, order_page};
use fps_protocol::ErrorCode;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use jiff::SignedDuration;
use money::Money;
use shop_pages::model::OrderStatus;

#[tokio::test]
async fn a_return_pays_once_however_often_it_comes() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    let query = stage.confirmation(&id).await;
    let (first, second) =
        tokio::join!(cbui_return::accept(&stage.shop, &query), cbui_return::accept(&stage.shop, &query));
    assert_eq!((first.unwrap(), second.unwrap()), (id.clone(), id.clone()));
    assert_eq!(cbui_return::accept(&stage.shop, &query).await.unwrap(), id);
    assert_eq!(stage.amazon.calls(), ["Pay"]);
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    assert!(stage.may_download(&id).await);
    assert!(downloads::find(&stage.shop, &MERCHANT, &id, 1).await.is_err(), "only the buyer");
    assert_eq!(stage.notices().await, ["sold"]);
    let fees = stage.order(&id).await.fees_taken.unwrap();
    assert_eq!(fees.marketplace, Money::from_cents(15), "0.05 + 10 % of 1.00");
    assert_eq!(fees.amazon, Money::from_micros(25_000), "1.5 % + 0.01 for a balance transfer");
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_same_request_finds_out() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.amazon.lose_answers(3);
    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Authorized, "unknown is not failed");
    stage.later(1).await;
    assert_eq!(stage.amazon.calls().len(), 1, "not due yet");
    for wait in [2, 4, 8] {
        stage.later(wait).await;
    }
    assert_eq!(stage.amazon.calls(), ["Pay"; 4]);
    assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Paid, 1));
}

#[tokio::test]
async fn return_first_notification_first_or_one_alone_end_alike() {
    let mut ends = Vec::new();
    for (lost, notified) in [(0, false), (0, true), (1, true)] {
        let stage = Stage::set().await;
        let id = stage.place(SONG).await;
        stage.amazon.lose_answers(lost);
        let query = stage.confirmation(&id).await;
        cbui_return::accept(&stage.shop, &query).await.unwrap();
        if notified {
            stage.notify(&id, IpnOperation::Pay, TransactionStatus::Success).await;
            stage.notify(&id, IpnOperation::Pay, TransactionStatus::Pending).await;
        }
        cbui_return::accept(&stage.shop, &query).await.unwrap();
        stage.later(60).await;
        assert_eq!(stage.amazon.charges(), 1);
        assert_eq!(stage.notices().await, ["sold"]);
        assert!(stage.may_download(&id).await);
        ends.push(stage.order(&id).await);
    }
    assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{ends:#?}");
}

#[tokio::test]
async fn a_button_that_is_pressed_twice_places_one_order() {
    let stage = Stage::set().await;
    let place = || stage.order_of(&BUYER, SONG);
    let (first, second) = tokio::join!(place(), place());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.order, second.order);
    let reference = |placed: &Placed| {
        placed.authorize_at.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned()
    };
    assert_eq!(reference(&first), reference(&second));
    assert_ne!(stage.place(PRINT).await, first.order, "another item");
    stage.shop.clock.advance(SignedDuration::from_hours(2)).unwrap();
    assert_ne!(stage.place(SONG).await, first.order, "another day");
    let bought = stage.bought(SONG).await;
    assert_ne!(stage.place(SONG).await, bought, "what is paid is not what is ordered again");
}

#[tokio::test]
async fn a_pending_payment_is_cancelled_or_turns_out_to_be_paid() {
    for (ends, expected) in [
        (TransactionStatus::Cancelled, Phase::Cancelled),
        (TransactionStatus::Success, Phase::Paid),
        (TransactionStatus::Failure, Phase::PaymentFailed),
    ] {
        let stage = Stage::set().await;
        stage.amazon.leave_pending(true);
        let id = stage.bought(SONG).await;
        assert_eq!(stage.phase(&id).await, Phase::Paying);
        if ends != TransactionStatus::Cancelled {
            // The processor was faster.
            stage.amazon.finish(&stage.amazon.transaction(&stage.reference(&id).await), ends);
        }
        commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
        assert_eq!(stage.phase(&id).await, expected);
        assert_eq!(stage.may_download(&id).await, expected == Phase::Paid);
    }
}

#[tokio::test]
async fn who_left_or_was_refused_starts_again_under_a_new_reference() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    let old = stage.reference(&id).await;
    let left = stage.amazon.signed_return(cbui_return::PATH, CbuiStatus::Abandoned, &old, None);
    cbui_return::accept(&stage.shop, &left).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Abandoned);
    // Confirmed in another tab, after the new attempt has begun here.
    let path = cbui_return::PATH;
    let late =
        stage.amazon.signed_return_of_another_caller(path, CbuiStatus::SuccessAbt, &old, Some("SENDER"));

    let again = commands::restart(&stage.shop, &BUYER, &id).await.unwrap();
    let Restarted::Authorize(url) = again else { panic!("{again:?}") };
    let fresh = stage.reference(&id).await;
    assert_ne!(fresh, old);
    assert!(url.query_pairs().any(|(name, value)| name == "callerReference" && value == fresh));
    for old in [&late, &left] {
        assert_eq!(cbui_return::accept(&stage.shop, old).await.unwrap(), id, "it leads to its order");
    }
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization, "the old attempt was given up");
    assert!(stage.amazon.calls().is_empty());

    stage.amazon.refuse(Some(("Pay", ErrorCode::InsufficientBalance)));
    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    let State::PaymentFailed { why, transaction: None } = stage.order(&id).await.state else {
        panic!("not failed")
    };
    assert!(why.contains("not enough money"), "{why}");
    stage.amazon.refuse(None);
    commands::restart(&stage.shop, &BUYER, &id).await.unwrap();
    let query = stage.amazon.signed_return(
        cbui_return::PATH,
        CbuiStatus::SuccessCard,
        &stage.reference(&id).await,
        Some("SENDER3"),
    );
    cbui_return::accept(&stage.shop, &query).await.unwrap();
    assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Paid, 1));
    assert!(matches!(
        commands::restart(&stage.shop, &BUYER, &id).await,
        Err(OrderError::NotNow(OrderStatus::Paid))
    ));
}

#[tokio::test]
async fn fulfil_and_cancel_at_once_have_one_outcome() {
    for fulfil_begins in [true, false] {
        let stage = Stage::set().await;
        let id = stage.bought(PRINT).await;
        assert_eq!(stage.phase(&id).await, Phase::Reserved);
        assert!(!stage.may_download(&id).await);
        let fulfil = commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default());
        let cancel = commands::cancel(&stage.shop, &BUYER, &id, None);
        let (fulfilled, cancelled) = if fulfil_begins {
            tokio::join!(fulfil, cancel)
        } else {
            let (cancelled, fulfilled) = tokio::join!(cancel, fulfil);
            (fulfilled, cancelled)
        };
        assert!(fulfilled.is_ok() != cancelled.is_ok(), "{fulfilled:?} {cancelled:?}");
        let calls = stage.amazon.calls();
        if fulfilled.is_ok() {
            assert_eq!((stage.phase(&id).await, calls), (Phase::Paid, vec!["Reserve", "Settle"]));
            assert!(stage.may_download(&id).await);
        } else {
            assert_eq!((stage.phase(&id).await, calls), (Phase::Cancelled, vec!["Reserve", "Cancel"]));
        }
    }
}

#[tokio::test]
async fn nobody_else_may_act_on_an_order() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    let refused = [
        commands::fulfil(&stage.shop, &BUYER, &id, Fulfilment::default()).await,
        commands::cancel(&stage.shop, &NEWCOMER, &id, None).await,
        ask(&stage, &NEWCOMER, &id).await.map(drop),
        commands::restart(&stage.shop, &NEWCOMER, &id).await.map(drop),
        commands::cancel(&stage.shop, &BUYER, &"no-such-order".parse().unwrap(), None).await,
    ];
    for outcome in refused {
        assert!(matches!(outcome, Err(OrderError::NotFound)), "{outcome:?}");
    }
    let stranger = Viewer { user_id: &NEWCOMER, operator: false };
    let order = orders::find(&stage.shop.db, &id).await.unwrap();
    assert!(matches!(order_page::page_data(&stage.shop, stranger, &order).await, Err(OrderError::NotFound)));
    let merchant = Viewer { user_id: &MERCHANT, operator: false };
    let page = order_page::page_data(&stage.shop, merchant, &order).await.unwrap();
    assert!(page.order.actions.fulfil && page.order.actions.cancel && page.split.is_some());
    let buyer = Viewer { user_id: &BUYER, operator: false };
    let page = order_page::page_data(&stage.shop, buyer, &order).await.unwrap();
    assert!(page.order.actions.cancel && !page.order.actions.fulfil && page.split.is_none());
    let titles: Vec<&str> = page.timeline.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["Ordered", "Authorized", "Reserved"]);
}

#[tokio::test]
async fn a_refund_that_fails_gives_the_download_back_and_can_be_asked_for_again() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.amazon.refuse(Some(("Refund", ErrorCode::InsufficientBalance)));
    ask(&stage, &BUYER, &id).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    assert!(stage.may_download(&id).await);

    stage.amazon.refuse(None);
    stage.amazon.lose_answers(1);
    ask(&stage, &BUYER, &id).await.unwrap();
    let again = ask(&stage, &BUYER, &id).await;
    assert!(matches!(again, Err(OrderError::NotNow(OrderStatus::RefundPending))), "{again:?}");
    assert!(!stage.may_download(&id).await);
    stage.later(2).await;
    let order = stage.order(&id).await;
    let State::Refunding { refund: Some(refund), .. } = &order.state else { panic!("{:?}", order.state) };
    assert_eq!(*refund, stage.amazon.transaction(&order.refund_reference()));
    assert!(order.refund_reference().ends_with("-refund-2"), "a refused refund uses its reference up");

    stage.amazon.finish(refund, TransactionStatus::Success);
    stage.later(4).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert!(!stage.may_download(&id).await);
    assert_eq!(stage.notices().await, ["refunded", "sold"]);
}

#[tokio::test]
async fn what_was_shipped_but_not_charged_is_settled_and_then_refunded() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.leave_pending(true);
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Fulfilling);
    ask(&stage, &BUYER, &id).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::SettlingToRefund);
    let transaction = stage.amazon.transaction(&stage.reference(&id).await);
    stage.amazon.finish(&transaction, TransactionStatus::Success);
    stage.notify(&id, IpnOperation::Settle, TransactionStatus::Success).await;
    stage.later(0).await;
    let order = stage.order(&id).await;
    let State::Refunding { refund: Some(refund), .. } = order.state else { panic!("{:?}", order.state) };
    let mut told = news(IpnOperation::Refund, TransactionStatus::Success, &refund, "c");
    told.parent_transaction_id = Some(transaction);
    notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    let calls = stage.amazon.calls();
    assert_eq!(calls.iter().filter(|call| **call == "Settle").count(), 1, "{calls:?}");
    assert_eq!(calls.iter().filter(|call| **call == "Refund").count(), 1, "{calls:?}");
}

#[tokio::test]
async fn a_reserve_that_amazon_gives_up_is_noticed_without_a_word() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    let transaction = stage.amazon.transaction(&stage.reference(&id).await);
    stage.amazon.finish(&transaction, TransactionStatus::Cancelled);
    stage.later(7 * 24 * 3600 + 3600).await;
    assert_eq!(stage.phase(&id).await, Phase::Cancelled);
    assert_eq!(stage.notices().await, ["cancelled", "reserved"]);
}

#[tokio::test]
async fn a_lost_cancel_is_not_sent_twice() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.lose_answers(1);
    commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Cancelling);
    stage.later(60).await;
    assert_eq!(stage.phase(&id).await, Phase::Cancelled);
    assert_eq!(stage.amazon.calls(), ["Reserve", "Cancel", "GetTransactionStatus"]);
}

#[tokio::test]
async fn what_cannot_be_sold_is_not_ordered() {
    let stage = Stage::set().await;
    let own = stage.order_of(&MERCHANT, SONG).await;
    assert!(matches!(own, Err(PlaceError::OwnItem)));
    let unknown = stage.order_of(&BUYER, "no-such-item").await;
    assert!(matches!(unknown, Err(PlaceError::UnknownItem)));
    assert_eq!(orders::count(&stage.shop.db).await.unwrap(), 0, "nothing of it is kept");
    let to = elm_street();
    let placed = place(&stage.shop, &BUYER, asked(PRINT, Some(to.clone()), Shown::Anything)).await.unwrap();
    assert_eq!(stage.order(&placed.order).await.shipping, Some(to));
    let pairs: Vec<(String, String)> = placed.authorize_at.query_pairs().into_owned().collect();
    for expected in [("transactionAmount", "1.00"), ("recipientToken", "SELLER"), ("reserve", "True")] {
        assert!(pairs.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{expected:?} in {pairs:?}");
    }
    assert!(!placed.authorize_at.as_str().contains("Elm"), "Amazon is not told more than it needs");
}

#[tokio::test]
async fn a_row_that_contradicts_itself_is_said_to() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.spoil("UPDATE orders SET transaction_id = NULL".to_owned()).await;
    let read = orders::find(&stage.shop.db, &id).await;
    assert!(matches!(read, Err(OrderError::Inconsistent(_))), "paid without a payment: {read:?}");
}
