//! What Amazon says of an order against what the shop believes.

use super::{PRINT, SONG, Stage};
use crate::ids::OrderId;
use crate::orders::differences;
use crate::orders::state::Phase;
use fps_protocol::enums::TransactionStatus;
use shop_pages::model::OrderDifference;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl Stage {
    async fn differences(&self) -> Vec<OrderDifference> {
        differences::all(&self.shop.db).await.unwrap()
    }

    async fn finished_unheard(&self, id: &OrderId, status: TransactionStatus) {
        self.amazon.finish(&self.amazon.transaction(&self.reference(id).await), status);
    }
}

#[tokio::test]
async fn a_difference_is_told_for_as_long_as_there_is_one() {
    for stage in Stage::set_on_each().await {
        let id = stage.bought(SONG).await;
        let known = stage.amazon.calls().len();
        stage.later(HOUR).await;
        assert!(stage.differences().await.is_empty());
        stage.finished_unheard(&id, TransactionStatus::Cancelled).await;
        stage.later(DAY).await;
        let told = stage.differences().await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].order_id.as_str(), told[0].title.as_str()), (id.as_str(), "A song"));
        assert_eq!(
            (told[0].believed.as_str(), told[0].found.as_str()),
            ("Success, $1.00", "Cancelled, $1.00")
        );
        stage.amazon.go_away(true);
        stage.later(DAY).await;
        stage.amazon.go_away(false);
        stage.later(DAY).await;
        let later = stage.differences().await;
        assert_eq!(later.len(), 1);
        assert_eq!(later[0].since, told[0].since, "it began then");
        assert_eq!(stage.phase(&id).await, Phase::Paid);
        assert!(stage.may_download(&id).await);
        assert_eq!(stage.amazon.calls().len(), known, "no money is moved for it");

        stage.finished_unheard(&id, TransactionStatus::Success).await;
        stage.later(DAY).await;
        assert!(stage.differences().await.is_empty(), "both sides agree again");
    }
}

#[tokio::test]
async fn a_payment_that_amazon_does_not_know_is_a_difference() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    let payment = stage.amazon.transaction(&stage.reference(&id).await);
    stage.amazon.lose(&payment, true);
    stage.later(HOUR).await;
    let told = stage.differences().await;
    assert_eq!(
        (told[0].believed.as_str(), told[0].found.as_str()),
        ("Reserved, $1.00", "There is no such payment.")
    );
    stage.amazon.lose(&payment, false);
    stage.later(HOUR).await;
    assert!(stage.differences().await.is_empty());
}

#[tokio::test]
async fn what_was_missed_goes_the_way_of_all_news() {
    for stage in Stage::set_on_each().await {
        let reserved = stage.bought(PRINT).await;
        let paid = stage.bought(SONG).await;
        stage.finished_unheard(&reserved, TransactionStatus::Cancelled).await;
        let payment = stage.amazon.transaction(&stage.reference(&paid).await);
        stage.amazon.refund_unheard(&payment, "R1", 30);
        stage.amazon.refund_unheard(&payment, "R2", 70);
        stage.later(HOUR).await;
        assert_eq!(
            (stage.phase(&reserved).await, stage.phase(&paid).await),
            (Phase::Cancelled, Phase::Refunded)
        );
        assert!(!stage.may_download(&paid).await);
        assert!(stage.notices().await.contains(&"cancelled") && stage.notices().await.contains(&"refunded"));
        stage.later(DAY).await;
        assert!(stage.differences().await.is_empty());
    }
}

#[tokio::test]
async fn more_orders_than_one_batch_are_all_compared() {
    const MANY: usize = 120;
    let stage = Stage::set().await;
    for _ in 0..MANY {
        stage.bought(SONG).await;
    }
    let last = stage.bought(PRINT).await;
    stage.finished_unheard(&last, TransactionStatus::Failure).await;
    // A batch at a time, the longest due first.
    stage.later(HOUR).await;
    assert_eq!(stage.amazon.called("GetTransaction"), 100);
    stage.later(0).await;
    assert!(stage.amazon.called("GetTransaction") > MANY);
    assert_eq!(stage.phase(&last).await, Phase::PaymentFailed);
}
