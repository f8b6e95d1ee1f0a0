//! Buyers who bring a refusal, or silence, before the marketplace; what it decides, and who comes too late.

use super::oversight::olga;
use super::{BUYER, MERCHANT, NEWCOMER, SONG, Stage, ask};
use crate::audit::{self, Deed, Filter};
use crate::ids::{OrderId, RefundRequestId};
use crate::orders::refund_requests::{self, Answer, Disputed, KeptRequest};
use crate::orders::state::Phase;
use crate::orders::view::Viewer;
use crate::orders::{self, OrderError};
use crate::oversight::disputes;
use crate::purchase::commands::{self, Decision, GivenRefund, RefundAsked};
use crate::purchase::order_page;
use fps_protocol::ErrorCode;
use money::Money;
use platform::paging::Part;
use shop_pages::model::{RefundAnswer, RequestStep};

const DAY: i64 = 24 * 3600;
const WORDS: &str = "It stops after a minute, on three players.";

impl Stage {
    /// Bought of a seller who is asked first, and asked for.
    async fn asked_for(&self) -> (OrderId, RefundRequestId) {
        self.refunds_on_request().await;
        let id = self.bought_again(SONG).await;
        assert_eq!(ask(self, &BUYER, &id).await.unwrap(), RefundAsked::SellerDecides);
        let request = self.request_of(&id).await.unwrap().request.id;
        (id, request)
    }

    async fn declined(&self) -> (OrderId, RefundRequestId) {
        let (id, request) = self.asked_for().await;
        commands::decline_refund(&self.shop, &MERCHANT, &id, &request).await.unwrap();
        (id, request)
    }

    async fn escalated(&self) -> (OrderId, RefundRequestId) {
        let (id, request) = self.declined().await;
        self.escalate(&id, &request).await.unwrap();
        (id, request)
    }

    async fn escalate(&self, id: &OrderId, request: &RefundRequestId) -> Result<(), OrderError> {
        commands::escalate_refund(&self.shop, &BUYER, id, request, WORDS.to_owned()).await
    }

    async fn decided(
        &self,
        id: &OrderId,
        request: &RefundRequestId,
        decision: Decision,
    ) -> Result<(), OrderError> {
        disputes::decide(&self.shop, &olga(), (id, request), decision, "Both were heard.").await
    }

    async fn request_of(&self, id: &OrderId) -> Option<KeptRequest> {
        refund_requests::of_order(self.shop.db.readers(), id).await.unwrap()
    }

    async fn step_of_buyer(&self, id: &OrderId) -> RequestStep {
        let viewer = Viewer { user_id: &BUYER, operator: false };
        let page = order_page::page_data(&self.shop, viewer, &self.order(id).await).await.unwrap();
        page.refund_request.unwrap().step
    }

    async fn before_operator(&self) -> usize {
        refund_requests::disputed(&self.shop.db, Disputed::Escalated).await.unwrap().len()
    }

    fn refunds_sent(&self) -> usize {
        self.amazon.called("Refund")
    }
}

fn is_too_late(outcome: &Result<(), OrderError>) -> bool {
    matches!(outcome, Err(OrderError::NotNow(_)))
}

#[tokio::test]
async fn what_was_declined_comes_before_the_operator_who_may_grant_a_part() {
    for stage in Stage::set_on_each().await {
        let (id, request) = stage.declined().await;
        assert_eq!(stage.step_of_buyer(&id).await, RequestStep::Escalate);
        let half = Decision::Grant(Money::from_cents(50));
        let early = stage.decided(&id, &request, half).await;
        assert!(matches!(early, Err(OrderError::RefundDeclined)), "nobody asked the operator: {early:?}");

        stage.escalate(&id, &request).await.unwrap();
        assert_eq!((stage.before_operator().await, stage.refunds_sent()), (1, 0));
        let row = &refund_requests::disputed(&stage.shop.db, Disputed::Escalated).await.unwrap()[0];
        assert_eq!((row.request.reason.as_str(), row.request.at), (WORDS, stage.shop.clock.now()));
        assert!(stage.notices().await.contains(&"marketplace_asked"));
        assert!(stage.may_download(&id).await, "nothing has moved");
        assert_eq!(stage.step_of_buyer(&id).await, RequestStep::Nothing);

        stage.decided(&id, &request, half).await.unwrap();
        assert!(stage.notices().await.contains(&"marketplace_granted"));
        stage.refund_arrives(&id).await;
        let order = stage.order(&id).await;
        assert_eq!((order.state.phase(), order.left()), (Phase::Paid, Money::from_cents(50)));
        assert_eq!((stage.request_of(&id).await, stage.refunds_sent()), (None, 1), "it is answered");
        let log = audit::of_page(&stage.shop.db, &Filter::default(), &Part::Newest, 5).await.unwrap();
        assert_eq!(
            (log.len(), log[0].deed, log[0].reason.as_str()),
            (1, Deed::RefundGranted, "Both were heard.")
        );
        assert_eq!(log[0].old, "declined by the seller, $1.00 asked for");
        assert_eq!(log[0].new, "$0.50 goes back");
    }
}

#[tokio::test]
async fn a_refusal_of_the_marketplace_is_the_last_word_but_the_sellers_own() {
    for stage in Stage::set_on_each().await {
        let (id, request) = stage.escalated().await;
        stage.decided(&id, &request, Decision::Decline).await.unwrap();
        assert!(stage.notices().await.contains(&"marketplace_declined"));
        let kept = stage.request_of(&id).await.unwrap();
        let Answer::Refused { escalation: Some(escalation), ruling } = kept.answer else {
            panic!("{kept:?}")
        };
        assert_eq!((escalation.said.words.as_str(), ruling.words.as_str()), (WORDS, "Both were heard."));
        assert_eq!(stage.step_of_buyer(&id).await, RequestStep::Nothing);
        assert!(is_too_late(&stage.escalate(&id, &request).await), "no second time");
        for decision in [Decision::Decline, Decision::Grant(Money::from_cents(100))] {
            assert!(is_too_late(&stage.decided(&id, &request, decision).await), "no other decision");
        }
        let again = ask(&stage, &BUYER, &id).await;
        assert!(matches!(again, Err(OrderError::RefundDeclined)), "{again:?}");
        // Nor by asking once more at Amazon Payments.
        stage.asked_there(&id, "q2", 50).await;
        let second = stage.request_of(&id).await.unwrap().request.id;
        commands::decline_refund(&stage.shop, &MERCHANT, &id, &second).await.unwrap();
        assert!(is_too_late(&stage.escalate(&id, &second).await), "an order comes before it once");
        assert_eq!((stage.phase(&id).await, stage.refunds_sent()), (Phase::Paid, 0));

        commands::grant_refund(&stage.shop, &MERCHANT, &id, &second).await.unwrap();
        assert_eq!(stage.phase(&id).await, Phase::Refunding);
    }
}

#[tokio::test]
async fn a_seller_who_does_not_answer_leaves_it_to_the_marketplace() {
    let stage = Stage::set().await;
    let (id, request) = stage.asked_for().await;
    let asked_at = stage.shop.clock.now();
    let RequestStep::EscalateFrom(from) = stage.step_of_buyer(&id).await else { panic!("not yet") };
    assert_eq!(from.duration_since(asked_at).as_secs(), 3 * DAY);
    stage.later(3 * DAY - 1).await;
    assert!(is_too_late(&stage.escalate(&id, &request).await), "too early");
    stage.later(1).await;
    assert_eq!(stage.step_of_buyer(&id).await, RequestStep::Escalate);
    stage.escalate(&id, &request).await.unwrap();
    let viewer = Viewer { user_id: &MERCHANT, operator: false };
    let page = order_page::page_data(&stage.shop, viewer, &stage.order(&id).await).await.unwrap();
    let seen = page.refund_request.unwrap();
    assert!(matches!(seen.answer, RefundAnswer::Escalated { declined_at: None, .. }), "{seen:?}");
    assert_eq!(seen.step, RequestStep::GrantAfterAll);
    let late = commands::decline_refund(&stage.shop, &MERCHANT, &id, &request).await;
    assert!(is_too_late(&late), "the seller had three days: {late:?}");
    assert!(orders::refund_requests::waiting(&stage.shop.db, None).await.unwrap().is_empty());
    stage.decided(&id, &request, Decision::Grant(Money::from_cents(100))).await.unwrap();
    stage.refund_arrives(&id).await;
    assert_eq!(stage.phase(&id).await, Phase::Refunded);
}

/// Twice by the buyer, by seller and operator at once, and after the money went: the second comes too late.
#[tokio::test]
async fn nothing_is_answered_or_paid_twice() {
    for stage in Stage::set_on_each().await {
        let (id, request) = stage.escalated().await;
        assert!(is_too_late(&stage.escalate(&id, &request).await));
        let by_stranger =
            commands::escalate_refund(&stage.shop, &NEWCOMER, &id, &request, WORDS.to_owned()).await;
        assert!(matches!(by_stranger, Err(OrderError::NotFound)), "{by_stranger:?}");
        let all = Decision::Grant(Money::from_cents(100));
        let (by_seller, by_operator) = tokio::join!(
            commands::grant_refund(&stage.shop, &MERCHANT, &id, &request),
            stage.decided(&id, &request, all)
        );
        assert_eq!(
            (by_seller.is_ok(), by_operator.is_ok()),
            (!is_too_late(&by_seller), by_seller.is_err()),
            "{by_seller:?} {by_operator:?}"
        );
        stage.refund_arrives(&id).await;
        assert_eq!((stage.phase(&id).await, stage.refunds_sent()), (Phase::Refunded, 1));
        for outcome in [
            stage.decided(&id, &request, all).await,
            stage.decided(&id, &request, Decision::Decline).await,
            stage.escalate(&id, &request).await,
            commands::grant_refund(&stage.shop, &MERCHANT, &id, &request).await,
        ] {
            assert!(is_too_late(&outcome), "{outcome:?}");
        }
        assert_eq!((stage.before_operator().await, stage.refunds_sent()), (0, 1));
    }
}

/// A cent from the seller does not end it, and a refund that Amazon refuses brings it back.
#[tokio::test]
async fn it_stays_before_the_operator_until_it_is_decided_and_paid() {
    let stage = Stage::set().await;
    let (id, request) = stage.escalated().await;
    let cent = GivenRefund {
        amount: Money::from_cents(1),
        policy: crate::orders::refund_terms::RefundPolicy::Shared,
        reason: None,
    };
    commands::give_refund(&stage.shop, &MERCHANT, &id, cent).await.unwrap();
    stage.refund_arrives(&id).await;
    assert_eq!((stage.before_operator().await, stage.phase(&id).await), (1, Phase::Paid));
    // Asked at Amazon Payments meanwhile: there is no second one to answer.
    stage.asked_there(&id, "q2", 50).await;
    assert_eq!(stage.request_of(&id).await.unwrap().request.id, request);
    assert!(refund_requests::waiting(&stage.shop.db, None).await.unwrap().is_empty());

    stage.amazon.refuse(Some(("Refund", ErrorCode::AccountClosed)));
    stage.decided(&id, &request, Decision::Grant(Money::from_cents(99))).await.unwrap();
    stage.amazon.refuse(None);
    assert_eq!((stage.phase(&id).await, stage.before_operator().await), (Phase::Paid, 1));
    stage.decided(&id, &request, Decision::Grant(Money::from_cents(99))).await.unwrap();
    stage.refund_arrives(&id).await;
    assert_eq!((stage.phase(&id).await, stage.before_operator().await), (Phase::Refunded, 0));
}

#[tokio::test]
async fn buyer_and_seller_read_of_it_in_their_mail() {
    let stage = Stage::set().await;
    let (id, request) = stage.escalated().await;
    let asked = "The marketplace was asked to decide on a refund: A song";
    stage.decided(&id, &request, Decision::Decline).await.unwrap();
    let decided = "The marketplace decided against a refund: A song";
    for reader in [&BUYER, &MERCHANT] {
        let said = stage.said(reader, asked).await;
        assert!(
            said.contains(&format!("> {WORDS}")) && said.contains("can still send the money back"),
            "{said}"
        );
        let said = stage.said(reader, decided).await;
        assert!(said.contains("nothing goes back to the buyer: Both were heard."), "{said}");
        assert!(said.contains(&format!("/orders/{id}")), "{said}");
    }
    let (id, request) = stage.escalated().await;
    stage.decided(&id, &request, Decision::Grant(Money::from_cents(40))).await.unwrap();
    let decided = "The marketplace decided for a refund: A song";
    for reader in [&BUYER, &MERCHANT] {
        let said = stage.said(reader, decided).await;
        assert!(said.contains("$0.40 goes back to the buyer: Both were heard."), "{said}");
    }
}
