//! Returns that never arrive: the shop finds out by itself what was confirmed.

use super::{BUYER, MERCHANT, NEWCOMER, PRINT, SONG, Stage};
use crate::ids::OrderId;
use crate::merchants;
use crate::orders::state::{Phase, State};
use crate::purchase::cbui_return::{self, ReturnError};
use crate::purchase::commands::{self, Restarted};
use crate::purchase::{recovery, registration};
use axum::body::Body;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{PaymentMethod, TokenType};
use futures_util::future::join_all;
use http::{Request, StatusCode};
use tower::ServiceExt;

impl Stage {
    /// The buyer confirms, and does not come back.
    async fn confirmed_and_lost(&self, id: &OrderId) {
        self.amazon.give_token("SENDER", &self.reference(id).await, TokenType::SingleUse);
    }

    async fn returns_with(&self, id: &OrderId, status: CbuiStatus) -> Result<OrderId, ReturnError> {
        let reference = self.reference(id).await;
        cbui_return::accept(
            &self.shop,
            &self.amazon.signed_return(cbui_return::PATH, status, &reference, None),
        )
        .await
    }
}

#[tokio::test]
async fn a_lost_return_ends_like_one_that_arrives_within_a_minute() {
    for (slug, action, end) in [(SONG, "Pay", Phase::Paid), (PRINT, "Reserve", Phase::Reserved)] {
        for away in [0, 50, 2 * 3600, 26 * 3600] {
            let stage = Stage::set().await;
            let id = stage.place(slug).await;
            stage.later(away).await;
            assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization, "nothing is confirmed yet");
            let query = stage.confirmation(&id).await;
            stage.later(60).await;
            assert_eq!((stage.amazon.calls(), stage.phase(&id).await), (vec![action], end), "{away}");
            assert_eq!(cbui_return::accept(&stage.shop, &query).await.unwrap(), id, "late, and nothing new");
            assert_eq!(stage.amazon.calls(), [action]);
            assert_eq!(stage.may_download(&id).await, end == Phase::Paid);
        }
    }
}

/// Only the return tells how the buyer pays; the fees follow from it.
#[tokio::test]
async fn how_a_recovered_payment_was_paid_is_learned() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.confirmed_and_lost(&id).await;
    stage.later(60).await;
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    stage.later(60).await;
    let order = stage.order(&id).await;
    assert_eq!(order.payment_method, Some(PaymentMethod::Abt));
    assert!(order.fees_taken.is_some());
}

#[tokio::test]
async fn the_return_and_two_processes_at_once_pay_once() {
    for stage in Stage::set_on_each().await {
        let id = stage.place(SONG).await;
        let query = stage.confirmation(&id).await;
        let (one, other, back) = tokio::join!(
            recovery::look(&stage.shop, &id),
            recovery::look(&stage.shop, &id),
            cbui_return::accept(&stage.shop, &query),
        );
        assert!(one.unwrap() && other.unwrap());
        assert_eq!(back.unwrap(), id);
        assert_eq!((stage.amazon.calls(), stage.phase(&id).await), (vec!["Pay"], Phase::Paid));
    }
}

#[tokio::test]
async fn a_token_of_another_kind_pays_nothing() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.amazon.give_token("OTHER", &stage.reference(&id).await, TokenType::MultiUse);
    stage.later(60).await;
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization);
    assert!(stage.amazon.calls().is_empty());
}

#[tokio::test]
async fn no_payment_possible_can_mean_that_it_is_confirmed_already() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.amazon.go_away(true);
    let unknown = stage.returns_with(&id, CbuiStatus::PaymentNotPossible).await;
    assert!(matches!(unknown, Err(ReturnError::NotNow)), "{unknown:?}");
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization);
    stage.amazon.go_away(false);

    stage.confirmed_and_lost(&id).await;
    stage.returns_with(&id, CbuiStatus::PaymentNotPossible).await.unwrap();
    assert_eq!((stage.phase(&id).await, stage.amazon.charges()), (Phase::Paid, 1));
    stage.returns_with(&id, CbuiStatus::PaymentNotPossible).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paid);
}

#[tokio::test]
async fn where_nothing_is_confirmed_the_next_attempt_has_a_new_reference() {
    for stage in Stage::set_on_each().await {
        let id = stage.place(SONG).await;
        let first = stage.reference(&id).await;
        stage.returns_with(&id, CbuiStatus::PaymentNotPossible).await.unwrap();
        let State::AuthorizationFailed { why } = stage.order(&id).await.state else { panic!("{id}") };
        assert!(why.contains("Nothing was charged. Try again"), "{why}");
        let again = commands::restart(&stage.shop, &BUYER, &id).await.unwrap();
        let Restarted::Authorize(url) = again else { panic!("{again:?}") };
        let second = stage.reference(&id).await;
        assert_ne!(second, first);
        assert!(url.query_pairs().any(|(name, value)| name == "callerReference" && value == second));
        // The checkout again, once it is not the same press of the button any more.
        assert_eq!((stage.place(SONG).await, stage.reference(&id).await), (id.clone(), second.clone()));
        for _ in 0..5 {
            let before = stage.reference(&id).await;
            stage.later(61).await;
            let presses = join_all((0..6).map(|_| stage.order_of(&BUYER, SONG))).await;
            let now = stage.reference(&id).await;
            assert_ne!(now, before);
            for placed in presses.into_iter().map(Result::unwrap) {
                let url = placed.authorize_at;
                assert_eq!(placed.order, id);
                assert!(
                    url.query_pairs().any(|(name, value)| name == "callerReference" && value == now),
                    "{url}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_buyer_who_looks_or_buys_again_is_not_kept_waiting() {
    for stage in Stage::set_on_each().await {
        let looked_at = stage.place(SONG).await;
        stage.confirmed_and_lost(&looked_at).await;
        recovery::look_of(&stage.shop, &MERCHANT, &looked_at).await.unwrap();
        assert_eq!(
            stage.phase(&looked_at).await,
            Phase::AwaitingAuthorization,
            "it is not the seller's to ask"
        );
        recovery::look_of(&stage.shop, &BUYER, &looked_at).await.unwrap();
        assert_eq!(stage.phase(&looked_at).await, Phase::Paid);

        let item = |slug: &str| slug.parse().unwrap();
        let bought_again = stage.place(PRINT).await;
        assert_eq!(recovery::confirmed_before(&stage.shop, &BUYER, &item(PRINT)).await.unwrap(), None);
        stage.confirmed_and_lost(&bought_again).await;
        let found = recovery::confirmed_before(&stage.shop, &BUYER, &item(PRINT)).await.unwrap();
        assert_eq!(
            (found.as_ref(), stage.phase(&bought_again).await),
            (Some(&bought_again), Phase::Reserved)
        );

        let tried_again = stage.place(SONG).await;
        let reference = stage.reference(&tried_again).await;
        stage.confirmed_and_lost(&tried_again).await;
        let again = commands::restart(&stage.shop, &BUYER, &tried_again).await.unwrap();
        assert_eq!(again, Restarted::Confirmed);
        assert_eq!(
            (stage.phase(&tried_again).await, stage.reference(&tried_again).await),
            (Phase::Paid, reference)
        );
    }
}

#[tokio::test]
async fn each_of_many_orders_that_wait_has_its_turn() {
    const MANY: usize = 230;
    let stage = Stage::set().await;
    stage.amazon.go_away(true);
    let mut waiting = Vec::new();
    for number in 0..MANY {
        waiting.push(stage.place(SONG).await);
        // The next one is not the same button pressed again.
        let rename = format!("UPDATE orders SET title = 'Song {number}' WHERE id = '{}'", waiting[number]);
        stage.spoil(rename).await;
    }
    stage.later(60).await;
    assert_eq!(stage.amazon.called("GetTokenByCaller"), 0);
    stage.amazon.go_away(false);
    stage.spoil(format!("UPDATE orders SET price = 'much' WHERE id = '{}'", waiting[0])).await;
    stage.confirmed_and_lost(&waiting[MANY - 1]).await;
    stage.later(60).await;
    assert_eq!(stage.phase(&waiting[MANY - 1]).await, Phase::Paid, "the one that waited last");
    assert_eq!(stage.amazon.called("GetTokenByCaller"), MANY - 1, "each once, but for the unreadable one");
}

#[tokio::test]
async fn a_head_of_the_returns_address_runs_no_return() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    let query = stage.confirmation(&id).await;
    for path in [cbui_return::PATH, registration::RETURN_PATH] {
        let head = Request::head(format!("{path}?{query}")).header("host", "localhost:3000");
        let head = head.body(Body::empty()).unwrap();
        let answer = stage.shop.router().oneshot(head).await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.headers()["allow"], "GET");
    }
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization);
    assert!(stage.amazon.calls().is_empty());
}

#[tokio::test]
async fn a_registration_whose_return_was_lost_is_found_when_the_merchant_asks_again() {
    for stage in Stage::set_on_each().await {
        let newcomer = async || merchants::store::by_user(&stage.shop.db, &NEWCOMER).await.unwrap().unwrap();
        let first = registration::start(&stage.shop, &newcomer().await).await.unwrap();
        assert!(first.is_some());
        let again = registration::start(&stage.shop, &newcomer().await).await.unwrap();
        assert!(again.is_some() && again != first, "nothing is registered yet");
        let reference = newcomer().await.registration_reference.unwrap();
        stage.amazon.give_token("NEWSELLER", reference.as_str(), TokenType::Unrestricted);
        stage.amazon.go_away(true);
        let unknown = registration::start(&stage.shop, &newcomer().await).await.unwrap();
        assert!(unknown.is_some(), "a new way leads on while Amazon cannot be asked");
        stage.amazon.go_away(false);

        let reference = newcomer().await.registration_reference.unwrap();
        stage.amazon.give_token("NEWSELLER2", reference.as_str(), TokenType::Unrestricted);
        assert_eq!(registration::start(&stage.shop, &newcomer().await).await.unwrap(), None);
        let registration = newcomer().await.registration.unwrap();
        assert_eq!(registration.recipient_token.as_str(), "NEWSELLER2");
        assert_eq!(registration.refund_token, None, "only the return names it");
        assert!(merchants::store::is_registered(&stage.shop.db, &newcomer().await.id).await.unwrap());
    }
}
