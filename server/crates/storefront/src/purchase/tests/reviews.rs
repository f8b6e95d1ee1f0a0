//! What became of the money is said where it matters to buyers: of a review, and of what they paid.

use super::{BUYER, SONG, Stage, ask};
use crate::catalogue::store as items;
use crate::orders::view::Viewer;
use crate::purchase::order_page;
use crate::purchase::reviews::{ReviewError, write};
use crate::reviews::{Said, Stars, store};
use crate::users::store as users;
use money::Money;

#[tokio::test]
async fn a_review_outlives_the_refund_and_says_so() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    let item = items::by_slug(stage.shop.db.readers(), &SONG.parse().unwrap()).await.unwrap().unwrap();
    let buyer = users::by_id(stage.shop.db.readers(), &BUYER).await.unwrap().unwrap();
    let said = || Said { stars: Stars::new(2).unwrap(), words: "Not for me.".to_owned() };
    write(&stage.shop, &buyer, &item, said()).await.unwrap();
    ask(&stage, &BUYER, &id).await.unwrap();
    stage.refund_arrives(&id).await;
    let review = store::of_buyer(stage.shop.db.readers(), &item.id, &BUYER).await.unwrap().unwrap();
    assert!(review.refunded && !review.withdrawn, "{review:?}");
    let item = items::by_slug(stage.shop.db.readers(), &SONG.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(item.rating.0, [0, 1, 0, 0, 0], "it counts");
    stage.later(60).await;
    let again = write(&stage.shop, &buyer, &item, said()).await;
    assert!(matches!(again, Err(ReviewError::NotBought)), "{again:?}");
}

#[tokio::test]
async fn a_buyer_sees_who_got_what_before_and_after_a_refund() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    let divided = async || {
        let viewer = Viewer { user_id: &BUYER, operator: false };
        let page = order_page::page_data(&stage.shop, viewer, &stage.order(&id).await).await.unwrap();
        page.divided.unwrap()
    };
    let paid = divided().await;
    assert!(paid.charged && paid.left.is_none());
    let parts = paid.paid.in_cents();
    let cents = [parts.merchant, parts.marketplace, parts.amazon];
    assert_eq!((paid.way, Money::sum(cents)), ("Balance", Ok(Money::from_cents(100))));
    ask(&stage, &BUYER, &id).await.unwrap();
    stage.refund_arrives(&id).await;
    let left = divided().await.left.unwrap();
    assert_eq!([left.total, left.merchant, left.marketplace, left.amazon], [Money::ZERO; 4]);
}
