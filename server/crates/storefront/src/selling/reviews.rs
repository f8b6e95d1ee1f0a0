//! What a seller says to a review; its buyer is told of it.

use crate::Shop;
use crate::ids::{MerchantId, ReviewId};
use crate::mail::{About, News, Stamp, store as mails};
use crate::reviews::{Answer, Review, store};
use sqlx::AnyConnection;

/// One that everybody sees, of what this merchant sells.
pub async fn find(shop: &Shop, merchant: &MerchantId, id: &ReviewId) -> Result<Option<Review>, sqlx::Error> {
    let found = store::by_id(shop.db.readers(), id).await?;
    Ok(found.filter(|review| review.merchant_id == *merchant && !review.withdrawn && review.held.is_none()))
}

/// Answers it; no words take the answer back. The buyer is told of the first answer.
pub async fn answer(shop: &Shop, review: &Review, words: String) -> Result<(), sqlx::Error> {
    let at = shop.clock.now();
    let answer = (!words.is_empty()).then_some(Answer { words, at });
    let input = (review.clone(), answer, shop.mail_stamp());
    shop.db
        .transact(input, |c, (review, answer, stamp)| Box::pin(answer_in(c, review, answer.as_ref(), stamp)))
        .await?;
    shop.shared_pages.forget();
    Ok(())
}

async fn answer_in(
    connection: &mut AnyConnection,
    review: &Review,
    answer: Option<&Answer>,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    store::answer(&mut *connection, &review.id, answer).await?;
    let Some(first) = answer.filter(|_| review.answer.is_none()) else { return Ok(()) };
    let news = News::ReviewAnswered { words: first.words.clone() };
    mails::add(connection, &review.buyer_id, &About::Order(review.order_id.clone(), news), stamp).await
}
