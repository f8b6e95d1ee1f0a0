//! Several items in one purchase: one confirmation, a payment each, and the token given back.

use super::{BUYER, MERCHANT, NEWCOMER, PRINT, SONG, Stage};
use crate::cart::{self, CartOwner, List};
use crate::ids::{OrderId, UserId};
use crate::orders::Fulfilment;
use crate::orders::state::Phase;
use crate::purchase::basket::{self, BasketError, PaidWith, Placed, RETURN_PATH, Wanted};
use crate::purchase::cbui_return::ReturnError;
use crate::purchase::commands::{self, Restarted};
use crate::purchase::notifications;
use crate::purchase::place::{PlaceError, Shown};
use fps_protocol::ErrorCode;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::TokenType;
use fps_protocol::ipn::TokenCancellationNotification;
use money::Money;
use shop_pages::model::Quote;
use std::collections::HashMap;

const ONE: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
const OTHER: &str = "0190163d-8694-739b-aea5-966c26f8ad92";

fn wanted(id: &str, buyer: &UserId) -> Wanted {
    Wanted {
        id: id.parse().unwrap(),
        buyer: buyer.clone(),
        items: vec![SONG.parse().unwrap(), PRINT.parse().unwrap()],
        shipping: None,
        coupon: None,
        gift: None,
        shown: Shown::Anything,
        with: PaidWith::AmazonPayments,
    }
}

impl Stage {
    async fn place_basket(&self, id: &str) -> Placed {
        basket::place(&self.shop, wanted(id, &BUYER)).await.unwrap()
    }

    async fn basket_returns(&self, placed: &Placed, status: CbuiStatus) -> Result<(), ReturnError> {
        let token = (status == CbuiStatus::SuccessAbt).then_some("SHARED");
        let reference = reference(placed);
        let query = self.amazon.signed_return(RETURN_PATH, status, &reference, token);
        basket::accept_return(&self.shop, &query).await.map(|_| ())
    }

    async fn phases(&self, placed: &Placed) -> Vec<Phase> {
        let mut phases = Vec::new();
        for id in &placed.orders {
            phases.push(self.phase(id).await);
        }
        phases
    }

    async fn fill_cart(&self) {
        for slug in [SONG, PRINT] {
            let input = (CartOwner::user(&BUYER), slug.parse().unwrap(), self.shop.clock.now());
            self.shop
                .db
                .transact(input, |c, (owner, item, at)| Box::pin(cart::add(c, List::Cart, owner, item, *at)))
                .await
                .unwrap();
        }
    }

    async fn in_cart(&self) -> u32 {
        cart::count(&self.shop.db, List::Cart, &CartOwner::user(&BUYER)).await.unwrap()
    }
}

/// The query of the Co-Branded UI's address.
fn asked(placed: &Placed) -> HashMap<String, String> {
    placed.authorize_at.as_ref().unwrap().query_pairs().into_owned().collect()
}

fn reference(placed: &Placed) -> String {
    asked(placed)["callerReference"].clone()
}

#[tokio::test]
async fn one_confirmation_pays_each_order_once_and_the_token_is_given_back() {
    for stage in Stage::set_on_each().await {
        stage.fill_cart().await;
        let placed = stage.place_basket(ONE).await;
        let asked = asked(&placed);
        for (name, value) in [
            ("pipelineName", "MultiUse"),
            ("amountType", "Maximum"),
            ("transactionAmount", "1.00"),
            ("globalAmountLimit", "2.00"),
            ("recipientTokenList", "SELLER"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        let days =
            (asked["validityExpiry"].parse::<i64>().unwrap() - stage.shop.clock.now().as_second()) / 86_400;
        assert!((7..=8).contains(&days), "what is reserved is settled within seven days: {days}");
        assert_eq!(stage.in_cart().await, 2, "nothing is confirmed yet");

        stage.basket_returns(&placed, CbuiStatus::SuccessAbt).await.unwrap();
        assert_eq!(stage.amazon.calls(), ["Pay", "Reserve", "CancelToken"]);
        assert_eq!(stage.phases(&placed).await, [Phase::Paid, Phase::Reserved]);
        assert_eq!(stage.amazon.given_back(), ["SHARED"]);
        assert_eq!(stage.in_cart().await, 0);
        let [paid, reserved] = [&placed.orders[0], &placed.orders[1]];
        assert_ne!(
            stage.reference(paid).await,
            stage.reference(reserved).await,
            "each has a reference of its own"
        );

        stage.basket_returns(&placed, CbuiStatus::SuccessAbt).await.unwrap();
        stage.later(3600).await;
        assert_eq!(stage.amazon.calls(), ["Pay", "Reserve", "CancelToken"], "the same return again");
        commands::fulfil(&stage.shop, &MERCHANT, reserved, Fulfilment::default()).await.unwrap();
        assert_eq!(stage.phases(&placed).await, [Phase::Paid, Phase::Paid], "settled without the token");
    }
}

#[tokio::test]
async fn parts_fail_alone_and_can_be_tried_again_alone() {
    let stage = Stage::set().await;
    let placed = stage.place_basket(ONE).await;
    stage.amazon.refuse(Some(("Pay", ErrorCode::InsufficientBalance)));
    stage.basket_returns(&placed, CbuiStatus::SuccessAbt).await.unwrap();
    assert_eq!(stage.phases(&placed).await, [Phase::PaymentFailed, Phase::Reserved]);
    assert_eq!(stage.amazon.given_back(), ["SHARED"]);

    stage.amazon.refuse(None);
    let failed = &placed.orders[0];
    let Restarted::Authorize(url) = commands::restart(&stage.shop, &BUYER, failed).await.unwrap() else {
        panic!("there is nothing to find")
    };
    assert!(url.query().unwrap().contains("pipelineName=SingleUse"), "{url}");
    let query = stage.confirmation_with(failed, "ALONE").await;
    super::cbui_return::accept(&stage.shop, &query).await.unwrap();
    assert_eq!(stage.phases(&placed).await, [Phase::Paid, Phase::Reserved]);
}

#[tokio::test]
async fn a_lost_return_is_found_and_an_answer_that_is_lost_keeps_the_token() {
    for stage in Stage::set_on_each().await {
        let placed = stage.place_basket(ONE).await;
        stage.later(30).await;
        assert_eq!(stage.phases(&placed).await, [Phase::AwaitingAuthorization; 2]);
        stage.amazon.give_token("SHARED", &reference(&placed), TokenType::MultiUse);
        stage.amazon.lose_answers(1);
        stage.later(60).await;
        assert!(stage.amazon.given_back().is_empty(), "one order is not known to have had its try");
        stage.later(60).await;
        stage.later(60).await;
        assert_eq!(stage.phases(&placed).await, [Phase::Paid, Phase::Reserved]);
        assert_eq!(stage.amazon.given_back(), ["SHARED"]);
        assert_eq!(stage.amazon.charges(), 1);
    }
}

#[tokio::test]
async fn the_form_sent_twice_means_one_basket() {
    for stage in Stage::set_on_each().await {
        let [one, other] = [wanted(ONE, &BUYER), wanted(ONE, &BUYER)];
        let (one, other) = tokio::join!(basket::place(&stage.shop, one), basket::place(&stage.shop, other));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.orders.clone(), reference(&one)), (other.orders.clone(), reference(&other)));
        stage.basket_returns(&one, CbuiStatus::SuccessAbt).await.unwrap();
        let late = stage.place_basket(ONE).await;
        assert_eq!((late.orders, late.authorize_at), (one.orders, None), "it leads to what was paid");

        let foreign = basket::place(&stage.shop, wanted(ONE, &NEWCOMER)).await;
        assert!(matches!(foreign, Err(BasketError::Unknown)), "{foreign:?}");
    }
}

#[tokio::test]
async fn who_leaves_pays_nothing_and_orders_anew() {
    let stage = Stage::set().await;
    stage.fill_cart().await;
    let placed = stage.place_basket(ONE).await;
    stage.basket_returns(&placed, CbuiStatus::Abandoned).await.unwrap();
    assert_eq!(stage.phases(&placed).await, [Phase::Abandoned; 2]);
    assert_eq!(stage.in_cart().await, 2);
    let again = stage.place_basket(ONE).await;
    assert_ne!((reference(&again), &again.orders), (reference(&placed), &placed.orders), "another attempt");
    assert!(stage.amazon.calls().is_empty());
}

#[tokio::test]
async fn what_was_confirmed_before_is_found_at_the_next_checkout() {
    let stage = Stage::set().await;
    let placed = stage.place_basket(ONE).await;
    assert_eq!(basket::confirmed_before(&stage.shop, &BUYER).await.unwrap(), None);
    stage.amazon.give_token("SHARED", &reference(&placed), TokenType::MultiUse);
    assert_eq!(basket::confirmed_before(&stage.shop, &NEWCOMER).await.unwrap(), None);
    let found = basket::confirmed_before(&stage.shop, &BUYER).await.unwrap();
    assert_eq!(found, Some(placed.basket.clone()));
    assert_eq!(stage.phases(&placed).await, [Phase::Paid, Phase::Reserved]);
    assert_eq!(stage.amazon.given_back(), ["SHARED"]);
}

#[tokio::test]
async fn foreign_tokens_and_terms_that_changed_place_and_pay_nothing() {
    let stage = Stage::set().await;
    let placed = stage.place_basket(ONE).await;
    let query = stage.amazon.signed_return_of_another_caller(
        RETURN_PATH,
        CbuiStatus::SuccessAbt,
        &reference(&placed),
        Some("FOREIGN"),
    );
    let refused = basket::accept_return(&stage.shop, &query).await;
    assert!(matches!(refused, Err(ReturnError::DoesNotFit)), "{refused:?}");
    assert!(stage.amazon.calls().is_empty());

    let old = Quote { price: Money::from_cents(150), shipping: Money::ZERO };
    let outdated = Wanted { shown: Shown::Terms(Some(old)), ..wanted(OTHER, &BUYER) };
    let refused = basket::place(&stage.shop, outdated).await;
    assert!(matches!(refused, Err(BasketError::NotAsShown(now)) if now.price == Money::from_cents(200)));
    let own = basket::place(&stage.shop, wanted(OTHER, &MERCHANT)).await;
    assert!(matches!(own, Err(BasketError::Part { why: PlaceError::OwnItem, .. })), "{own:?}");
    let nothing = basket::place(&stage.shop, Wanted { items: Vec::new(), ..wanted(OTHER, &BUYER) }).await;
    assert!(matches!(nothing, Err(BasketError::Empty)));
}

async fn token_is_cancelled(stage: &Stage) {
    let told = TokenCancellationNotification {
        token_id: "SHARED".parse().unwrap(),
        token_type: TokenType::MultiUse,
        caller_reference: "c".to_owned(),
        payment_reason: None,
        customer_name: None,
        customer_email: None,
        date_installed: TokenCancellationNotification::date_of(stage.shop.clock.now()),
    };
    let body = stage.amazon.any_notification(told.to_parameters());
    notifications::accept(&stage.shop, &body).await.unwrap();
}

#[tokio::test]
async fn the_buyers_own_cancelling_is_told_to_each_order_and_the_shops_is_not() {
    for answers_lost in [0, 2] {
        let stage = Stage::set().await;
        let placed = stage.place_basket(ONE).await;
        stage.amazon.lose_answers(answers_lost);
        stage.basket_returns(&placed, CbuiStatus::SuccessAbt).await.unwrap();
        for _ in 0..2 {
            token_is_cancelled(&stage).await;
        }
        for id in &placed.orders {
            let told = cancellations(&stage, id).await;
            assert_eq!(told, usize::from(answers_lost > 0), "while the token was of use");
        }
    }
}

async fn cancellations(stage: &Stage, id: &OrderId) -> usize {
    let entries = crate::orders::timeline::of_order(&stage.shop.db, id).await.unwrap();
    entries.iter().filter(|entry| entry.milestone.as_str() == "token_cancelled").count()
}
