//! What people do on Amazon's own pages: cancel, refund, ask for a refund, take an authorization back.

use super::fake_amazon::news;
use super::{BUYER, MERCHANT, PRINT, SONG, Stage, ask, shop_id};
use crate::ids::{OrderId, TransactionId, UserId};
use crate::merchants;
use crate::orders::state::{Answerer, Event, Phase};
use crate::orders::view::Viewer;
use crate::orders::{self, OrderError};
use crate::purchase::commands::Restarted;
use crate::purchase::place::PlaceError;
use crate::purchase::{cbui_return, commands, notifications, order_page, registration};
use fps_protocol::Parameters;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use fps_protocol::ipn::{RefundRequestNotification, TransactionStatusNotification};
use jiff::Timestamp;
use money::Money;
use shop_pages::model::{OrderPage, RefundAnswer, RequestStep};
use std::sync::LazyLock;

static OPERATOR_ID: LazyLock<UserId> = LazyLock::new(|| "operator".parse().unwrap());

fn operator() -> Viewer<'static> {
    Viewer { user_id: &OPERATOR_ID, operator: true }
}

fn viewer(user_id: &UserId) -> Viewer<'_> {
    Viewer { user_id, operator: false }
}

impl Stage {
    async fn transaction(&self, id: &OrderId) -> TransactionId {
        self.amazon.transaction(&self.reference(id).await)
    }

    /// The merchant gives this much back at Amazon Payments.
    async fn refunded_there(&self, id: &OrderId, refund: &str, cents: i32, status: TransactionStatus) {
        let told = self.refund_news(id, refund, cents, status).await;
        notifications::accept(&self.shop, &self.amazon.notification(&told)).await.unwrap();
    }

    /// What comes first of a refund that is begun on the account site.
    async fn refund_initiated_there(&self, id: &OrderId, refund: &str, cents: i32) {
        let told = self.refund_news(id, refund, cents, TransactionStatus::Success).await;
        let body = self.amazon.any_notification(told.to_initiated_parameters());
        notifications::accept(&self.shop, &body).await.unwrap();
    }

    async fn refund_news(
        &self,
        id: &OrderId,
        refund: &str,
        cents: i32,
        status: TransactionStatus,
    ) -> TransactionStatusNotification {
        let refund = TransactionId::new(refund).unwrap();
        let mut told = news(IpnOperation::Refund, status, &refund, "txnDtls-1");
        told.transaction_amount = Money::from_cents(cents);
        told.parent_transaction_id = Some(self.transaction(id).await);
        told
    }

    pub(super) async fn asked_there(&self, id: &OrderId, request: &str, cents: i32) {
        let told = RefundRequestNotification {
            request_id: request.to_owned(),
            transaction_id: self.transaction(id).await,
            caller_reference: self.reference(id).await,
            amount: Money::from_cents(cents),
            reason: "It does not <b>play</b>.".to_owned(),
            requester: "John Doe".to_owned(),
            request_date: Timestamp::UNIX_EPOCH,
        };
        let body = self.amazon.any_notification(told.to_parameters());
        notifications::accept(&self.shop, &body).await.unwrap();
        notifications::accept(&self.shop, &body).await.unwrap();
    }

    pub(super) async fn token_cancelled(&self, token: &str) {
        let mut told = Parameters::new();
        told.push("notificationType", "TokenCancellation");
        told.push("tokenId", token);
        told.push("callerReference", "c");
        notifications::accept(&self.shop, &self.amazon.any_notification(told)).await.unwrap();
    }

    async fn page(&self, viewer: Viewer<'_>, id: &OrderId) -> OrderPage {
        order_page::page_data(&self.shop, viewer, &orders::find(&self.shop.db, id).await.unwrap())
            .await
            .unwrap()
    }

    async fn titles(&self, id: &OrderId) -> Vec<String> {
        let page = self.page(viewer(&BUYER), id).await;
        page.timeline.into_iter().map(|entry| entry.title).collect()
    }
}

#[tokio::test]
async fn a_payment_cancelled_there_is_cancelled_here() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.notify(&id, IpnOperation::Cancel, TransactionStatus::Cancelled).await;
    assert_eq!(stage.phase(&id).await, Phase::Cancelled);
    assert!(stage.notices().await.contains(&"cancelled"), "the merchant is told");
}

#[tokio::test]
async fn a_whole_refund_given_there_revokes_the_download() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.refunded_there(&id, "R1", 100, TransactionStatus::Pending).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunding);
    stage.refunded_there(&id, "R1", 100, TransactionStatus::Success).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert!(!stage.may_download(&id).await);
}

/// FPS says that it was begun, and at once that it is done; either can come first, and come again.
#[tokio::test]
async fn what_was_begun_there_is_no_news_when_it_is_done() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.refunded_there(&id, "R1", 50, TransactionStatus::Success).await;
    stage.refund_initiated_there(&id, "R1", 50).await;
    assert_eq!((stage.phase(&id).await, stage.order(&id).await.left()), (Phase::Paid, Money::from_cents(50)));
    assert!(stage.may_download(&id).await, "as much is left as went back");
    stage.refund_initiated_there(&id, "R2", 50).await;
    stage.refunded_there(&id, "R2", 50, TransactionStatus::Success).await;
    stage.refund_initiated_there(&id, "R2", 50).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert!(!stage.may_download(&id).await);
}

#[tokio::test]
async fn parts_given_there_add_up_and_each_counts_once() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.refunded_there(&id, "R1", 40, TransactionStatus::Pending).await;
    assert_eq!(stage.phase(&id).await, Phase::Paid, "a part that is not finished says nothing");
    stage.refunded_there(&id, "R1", 40, TransactionStatus::Success).await;
    assert_eq!((stage.phase(&id).await, stage.order(&id).await.left()), (Phase::Paid, Money::from_cents(60)));
    assert!(stage.may_download(&id).await);
    assert_eq!(stage.titles(&id).await.last().unwrap(), "Partly refunded");
    assert_eq!(stage.page(viewer(&BUYER), &id).await.refunded, Some(Money::from_cents(40)));
    // The shop's own button sends the rest back.
    ask(&stage, &BUYER, &id).await.unwrap();
    let order = stage.order(&id).await;
    let refund = stage.amazon.transaction(&order.refund_reference());
    let mut told = news(IpnOperation::Refund, TransactionStatus::Success, &refund, &order.refund_reference());
    told.transaction_amount = Money::from_cents(60);
    told.parent_transaction_id = Some(stage.transaction(&id).await);
    notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert!(!stage.may_download(&id).await);
}

#[tokio::test]
async fn two_parts_make_a_whole_and_more_than_the_price_is_refused() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    stage.refunded_there(&id, "R0", 101, TransactionStatus::Success).await;
    stage.refunded_there(&id, "R1", 40, TransactionStatus::Success).await;
    stage.refunded_there(&id, "R1", 41, TransactionStatus::Success).await;
    assert_eq!(stage.order(&id).await.left(), Money::from_cents(60), "the same refund once more");
    stage.refunded_there(&id, "R2", 60, TransactionStatus::Success).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert_eq!(stage.page(viewer(&BUYER), &id).await.refunded, Some(Money::from_cents(100)), "both parts");
    assert!(!stage.may_download(&id).await);
}

#[tokio::test]
async fn a_request_waits_for_the_merchant_and_declining_it_moves_nothing() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let id = stage.bought(SONG).await;
    stage.asked_there(&id, "q1", 100).await;
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    assert!(stage.notices().await.contains(&"refund_requested"), "the merchant is told");
    let seen = stage.page(viewer(&BUYER), &id).await.refund_request.unwrap();
    assert!(seen.answer == RefundAnswer::Open && seen.reason.contains("<b>"));
    assert!(matches!(seen.step, RequestStep::EscalateFrom(_)), "{seen:?}");
    for (answering, step) in [(viewer(&MERCHANT), RequestStep::Answer), (operator(), RequestStep::Decide)] {
        assert_eq!(stage.page(answering, &id).await.refund_request.unwrap().step, step);
    }
    let (m, n) = (shop_id("m"), shop_id("n"));
    let waiting = |merchant| orders::refund_requests::waiting(&stage.shop.db, merchant);
    assert_eq!(waiting(Some(&m)).await.unwrap().len(), 1);
    assert_eq!((waiting(Some(&n)).await.unwrap().len(), waiting(None).await.unwrap().len()), (0, 1));

    let by_buyer = commands::grant_refund(&stage.shop, &BUYER, &id, &"q1".parse().unwrap()).await;
    assert!(matches!(by_buyer, Err(OrderError::NotFound)), "a buyer does not answer: {by_buyer:?}");
    commands::decline_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await.unwrap();
    let again = commands::decline_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await;
    assert!(matches!(again, Err(OrderError::NotNow(_))), "{again:?}");
    let seen = stage.page(viewer(&BUYER), &id).await.refund_request.unwrap();
    assert!(matches!(seen.answer, RefundAnswer::Declined { .. }), "{seen:?}");
    assert!(waiting(None).await.unwrap().is_empty());
    assert!(stage.may_download(&id).await && !stage.amazon.calls().contains(&"Refund"));
    assert_eq!(
        stage.titles(&id).await,
        ["Ordered", "Authorized", "Paid", "Refund requested", "Refund declined"]
    );
}

#[tokio::test]
async fn what_the_seller_declined_the_buyers_button_does_not_overrule() {
    for stage in Stage::set_on_each().await {
        stage.refunds_on_request().await;
        let id = stage.bought(SONG).await;
        let may_refund = async || stage.page(viewer(&BUYER), &id).await.order.actions.refund;
        assert!(may_refund().await);
        stage.asked_there(&id, "q1", 40).await;
        let q1 = "q1".parse().unwrap();
        commands::decline_refund(&stage.shop, &MERCHANT, &id, &q1).await.unwrap();
        assert!(!may_refund().await, "the page does not offer it");
        let overruled = ask(&stage, &BUYER, &id).await;
        assert!(matches!(overruled, Err(OrderError::RefundDeclined)), "{overruled:?}");
        // Nor does asking once more, or a part that went back otherwise.
        stage.asked_there(&id, "q2", 50).await;
        stage.refunded_there(&id, "R1", 10, TransactionStatus::Success).await;
        let overruled = ask(&stage, &BUYER, &id).await;
        assert!(matches!(overruled, Err(OrderError::RefundDeclined)), "{overruled:?}");
        assert!(!may_refund().await);
        assert_eq!(stage.phase(&id).await, Phase::Paid);
        assert!(stage.may_download(&id).await && !stage.amazon.calls().contains(&"Refund"));

        for (viewer, step) in
            [(viewer(&MERCHANT), RequestStep::GrantAfterAll), (operator(), RequestStep::Nothing)]
        {
            assert_eq!(stage.page(viewer, &id).await.refund_request.unwrap().step, step);
        }
        commands::grant_refund(&stage.shop, &MERCHANT, &id, &q1).await.unwrap();
        let refund = stage.amazon.transaction(&stage.order(&id).await.refund_reference());
        stage.amazon.finish(&refund, TransactionStatus::Success);
        stage.later(5).await;
        assert_eq!(
            stage.order(&id).await.left(),
            Money::from_cents(50),
            "the seller's own button sends it back"
        );
        assert!(may_refund().await, "and the seller has changed their mind");
    }
}

#[tokio::test]
async fn a_request_for_a_part_is_granted_as_it_was_made() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let id = stage.bought(SONG).await;
    stage.asked_there(&id, "q0", 101).await;
    assert!(stage.page(operator(), &id).await.refund_request.is_none(), "more than the price");
    stage.asked_there(&id, "q1", 40).await;
    commands::grant_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await.unwrap();
    let order = stage.order(&id).await;
    assert_eq!((order.state.phase(), order.refund_amount), (Phase::Refunding, Some(Money::from_cents(40))));
    let refund = stage.amazon.transaction(&order.refund_reference());
    stage.amazon.finish(&refund, TransactionStatus::Success);
    stage.later(5).await;
    let order = stage.order(&id).await;
    assert_eq!((order.state.phase(), order.left()), (Phase::Paid, Money::from_cents(60)));
    assert!(stage.may_download(&id).await, "the rest stays paid");
    assert!(stage.page(viewer(&BUYER), &id).await.refund_request.is_none(), "it is answered");
}

/// Nobody told the shop; it finds out when the buyer asks it for the money.
#[tokio::test]
async fn refunds_that_were_never_heard_of_are_found_when_the_shops_own_is_refused() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    let payment = stage.transaction(&id).await;
    stage.amazon.refund_unheard(&payment, "R1", 30);
    stage.amazon.refund_unheard(&payment, "R2", 70);
    ask(&stage, &BUYER, &id).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert!(!stage.may_download(&id).await);
    let late = stage.titles(&id).await;
    stage.refunded_there(&id, "R2", 70, TransactionStatus::Success).await;
    assert_eq!(stage.titles(&id).await, late, "the late notification says nothing new");
    assert_eq!(late[late.len() - 2..], ["Partly refunded", "Refunded"]);
}

/// Two people press Refund, or one presses it on a page from before: the request is answered once.
#[tokio::test]
async fn a_request_is_granted_once_and_only_the_one_that_was_seen() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let id = stage.bought(SONG).await;
    stage.asked_there(&id, "q1", 40).await;
    commands::grant_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await.unwrap();
    let refund = stage.amazon.transaction(&stage.order(&id).await.refund_reference());
    stage.amazon.finish(&refund, TransactionStatus::Success);
    stage.later(5).await;
    assert_eq!(stage.order(&id).await.left(), Money::from_cents(60));
    // What was read before the first answer arrives after it.
    let late = Event::GrantRefund {
        request: "q1".parse().unwrap(),
        amount: Money::from_cents(40),
        by: Answerer::Seller,
    };
    let late = commands::carry_out(&stage.shop, &id, late).await;
    assert!(matches!(late, Err(OrderError::NotNow(_))), "{late:?}");

    stage.asked_there(&id, "q2", 50).await;
    let old = commands::grant_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await;
    assert!(matches!(old, Err(OrderError::NotNow(_))), "the old page says another amount: {old:?}");
    let old = commands::decline_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await;
    assert!(matches!(old, Err(OrderError::NotNow(_))), "{old:?}");
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    assert_eq!(stage.amazon.calls().iter().filter(|call| **call == "Refund").count(), 1);
    let waits = stage.page(operator(), &id).await.refund_request.unwrap();
    assert_eq!(waits.answer, RefundAnswer::Open, "the new one still waits");
}

#[tokio::test]
async fn a_merchant_whose_token_is_cancelled_sells_nothing_until_it_registers_again() {
    let stage = Stage::set().await;
    let reserved = stage.bought(PRINT).await;
    stage.token_cancelled("SOMEBODYS").await;
    let merchant = async || merchants::store::by_user(&stage.shop.db, &MERCHANT).await.unwrap().unwrap();
    assert!(merchant().await.is_registered());
    stage.token_cancelled("SELLER").await;
    stage.token_cancelled("SELLER").await;
    let cancelled = merchant().await;
    assert!(!cancelled.is_registered() && cancelled.cancelled_at.is_some());
    let order = stage.order_of(&BUYER, SONG).await;
    assert!(matches!(order, Err(PlaceError::NotForSale { .. })), "{order:?}");
    assert_eq!(stage.phase(&reserved).await, Phase::Reserved, "what is held goes on");

    let url = registration::start(&stage.shop, &cancelled).await.unwrap().unwrap();
    let reference = url.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned();
    let path = registration::RETURN_PATH;
    let back = stage.amazon.signed_return(path, CbuiStatus::SuccessRecipient, &reference, Some("SELLER2"));
    registration::accept_return(&stage.shop, &MERCHANT, &back).await.unwrap();
    let again = merchant().await;
    assert!(again.is_registered() && again.cancelled_at.is_none());
    stage.token_cancelled("SELLER2").await;
    let replayed = registration::accept_return(&stage.shop, &MERCHANT, &back).await;
    assert!(replayed.is_err(), "the way back from a cancelled registration does not bring it back");
    assert!(!merchant().await.is_registered());
}

#[tokio::test]
async fn a_cancelled_sender_token_is_noted_on_its_order() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.token_cancelled("SENDER").await;
    stage.token_cancelled("SENDER").await;
    assert_eq!(stage.phase(&id).await, Phase::Reserved);
    assert_eq!(stage.titles(&id).await, ["Ordered", "Authorized", "Reserved", "Authorization cancelled"]);
}

#[tokio::test]
async fn a_new_attempt_pays_the_merchant_as_it_is_registered_then() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    let reference = stage.reference(&id).await;
    let left = stage.amazon.signed_return(cbui_return::PATH, CbuiStatus::Abandoned, &reference, None);
    cbui_return::accept(&stage.shop, &left).await.unwrap();
    stage.token_cancelled("SELLER").await;
    let restarted = commands::restart(&stage.shop, &BUYER, &id).await;
    assert!(matches!(restarted, Err(OrderError::SellerNotRegistered)), "{restarted:?}");
    assert_eq!((stage.phase(&id).await, stage.reference(&id).await), (Phase::Abandoned, reference));

    let merchant = merchants::store::by_user(&stage.shop.db, &MERCHANT).await.unwrap().unwrap();
    let url = registration::start(&stage.shop, &merchant).await.unwrap().unwrap();
    let reference = url.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned();
    let path = registration::RETURN_PATH;
    let back = stage.amazon.signed_return(path, CbuiStatus::SuccessRecipient, &reference, Some("SELLER2"));
    registration::accept_return(&stage.shop, &MERCHANT, &back).await.unwrap();
    let again = commands::restart(&stage.shop, &BUYER, &id).await.unwrap();
    let Restarted::Authorize(url) = again else { panic!("{again:?}") };
    assert!(url.query_pairs().any(|(name, value)| name == "recipientToken" && value == "SELLER2"), "{url}");
    let order = stage.order(&id).await;
    assert_eq!(order.recipient_token.as_str(), "SELLER2");
    assert_ne!(order.refund_token.unwrap().as_str(), "SELLERREFUND");
}

/// Of 1.00 by balance transfer 0.15 is the marketplace's and 0.025 Amazon's.
#[tokio::test]
async fn fees_come_back_with_refunds_and_what_was_earned_is_right() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let earned = async || {
        let merchant = orders::earned_by(&stage.shop.db, &shop_id("m")).await.unwrap().micros();
        (merchant, orders::operator_fees(&stage.shop.db).await.unwrap().micros())
    };
    let id = stage.bought(SONG).await;
    assert_eq!(earned().await, (825_000, 150_000));
    // Given at Amazon Payments: the marketplace keeps its fee.
    stage.refunded_there(&id, "R1", 40, TransactionStatus::Success).await;
    assert_eq!(earned().await, (435_000, 150_000), "0.825 - 0.40 + 0.01");
    // Given in the shop: its fee goes back too.
    stage.asked_there(&id, "q1", 20).await;
    commands::grant_refund(&stage.shop, &MERCHANT, &id, &"q1".parse().unwrap()).await.unwrap();
    let refund = stage.amazon.transaction(&stage.order(&id).await.refund_reference());
    stage.amazon.finish(&refund, TransactionStatus::Success);
    stage.later(5).await;
    assert_eq!(earned().await, (270_000, 120_000), "0.435 - 0.20 + 0.005 + 0.03");
    stage.refunded_there(&id, "R2", 40, TransactionStatus::Success).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
    assert_eq!(earned().await, (-120_000, 120_000), "what is left is the fee that the marketplace kept");
}
