//! What a seller sold in a time, beside what Amazon says of it.

use super::{MERCHANT, PRINT, SONG, Stage};
use crate::figures::Period;
use crate::ids::OrderId;
use crate::merchants;
use crate::purchase::amazon_says::compare;
use fps_protocol::enums::TransactionStatus;
use money::Money;
use shop_pages::model::{AmazonComparison, AmazonSays};

impl Stage {
    async fn compared(&self) -> AmazonComparison {
        let merchant = merchants::store::by_user(&self.shop.db, &MERCHANT).await.unwrap().unwrap();
        compare(&self.shop, &merchant, Period::usual(self.shop.clock.now())).await.unwrap()
    }

    async fn amazon_says(&self) -> AmazonSays {
        self.compared().await.amazon.unwrap()
    }

    async fn payment(&self, id: &OrderId) -> fps_protocol::ids::TransactionId {
        self.amazon.transaction(&self.reference(id).await)
    }
}

#[tokio::test]
async fn both_books_say_the_same() {
    for stage in Stage::set_on_each().await {
        stage.bought(SONG).await;
        stage.bought(PRINT).await;
        let compared = stage.compared().await;
        let says = compared.amazon.unwrap();
        assert!(says.differences.is_empty(), "{:?}", says.differences);
        assert_eq!(says.paid, compared.shop, "what is reserved is not paid");
        assert_eq!((says.paid.payments, says.paid.charged), (1, Money::from_cents(100)));
        assert_eq!(says.paid.amazon_fees, Money::from_micros(25_000));
        assert_eq!((says.read, says.read_until, says.not_compared), (2, None, 0));
    }
}

#[tokio::test]
async fn each_difference_is_named_with_its_order() {
    let stage = Stage::set().await;
    let (paid, reserved) = (stage.bought(SONG).await, stage.bought(PRINT).await);
    let named = async || {
        let differences = stage.amazon_says().await.differences;
        let words = differences.into_iter().map(|one| (one.order_id, one.believed, one.found));
        words.collect::<Vec<_>>()
    };
    let (paid_at, reserved_at) = (stage.payment(&paid).await, stage.payment(&reserved).await);
    let (paid, reserved) = (Some(paid.to_string()), Some(reserved.to_string()));
    let words = |order: &Option<String>, believed: &str, found: &str| {
        (order.clone(), believed.to_owned(), found.to_owned())
    };

    stage.amazon.finish(&paid_at, TransactionStatus::Cancelled);
    assert_eq!(named().await, [words(&paid, "Success, $1.00", "Cancelled, $1.00")]);
    assert_eq!(stage.amazon_says().await.paid.charged, Money::ZERO);
    stage.amazon.finish(&paid_at, TransactionStatus::Success);

    stage.amazon.refund_unheard(&paid_at, "R1", 30);
    assert_eq!(named().await, [words(&paid, "$0.00 sent back", "$0.30 sent back")]);
    assert_eq!(stage.amazon_says().await.paid.refunded, Money::from_cents(30));

    // What is not in the list is asked for alone.
    stage.amazon.lose(&reserved_at, true);
    assert_eq!(named().await[1], words(&reserved, "A payment of $1.00", "There is no such payment."));
    stage.amazon.lose(&reserved_at, false);

    stage.amazon.take_payment_of_another_program("not the shop's");
    assert_eq!(named().await[1], words(&None, "No order", "Success, $1.00"));
}

#[tokio::test]
async fn when_amazon_is_away_the_shops_own_figures_are_there() {
    let stage = Stage::set().await;
    stage.bought(SONG).await;
    stage.amazon.go_away(true);
    let compared = stage.compared().await;
    assert!(compared.amazon.is_none());
    assert_eq!(compared.shop.charged, Money::from_cents(100));
}
