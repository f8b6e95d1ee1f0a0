//! What a buyer says of what was bought: only with a payment that did not go back, and the seller is told of it.

use super::order_mail::{self, Side};
use crate::Shop;
use crate::catalogue::Item;
use crate::ids::{ItemId, UserId};
use crate::mail::{News, Stamp};
use crate::orders::{self, OrderError};
use crate::reviews::store::{self, NewReview};
use crate::reviews::{Review, Said};
use crate::users::User;
use jiff::Timestamp;
use platform::db::WriteError;
use sqlx::AnyConnection;

/// Why a review was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("nothing was paid for it, or all of it went back")]
    NotBought,
    #[error("You have changed this review a moment ago. Nothing was changed; try again in a minute.")]
    TooSoon,
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ReviewError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Order(error) => error.database_error(),
            _ => None,
        }
    }
}

/// Writes the buyer's review of the item, or changes it. The same again changes nothing.
pub async fn write(shop: &Shop, buyer: &User, item: &Item, said: Said) -> Result<(), ReviewError> {
    let Some(order_id) = orders::paid_order_of(shop.db.readers(), &buyer.id, &item.id).await? else {
        return Err(ReviewError::NotBought);
    };
    let new = NewReview {
        id: shop.new_id(),
        item_id: item.id.clone(),
        merchant_id: item.merchant_id.clone(),
        buyer_id: buyer.id.clone(),
        order_id,
        said,
        at: shop.clock.now(),
    };
    let input = (new, shop.mail_stamp());
    shop.db.transact(input, |c, (new, stamp)| Box::pin(write_in(c, new, stamp))).await?;
    shop.shared_pages.forget();
    Ok(())
}

async fn write_in(connection: &mut AnyConnection, new: &NewReview, stamp: &Stamp) -> Result<(), ReviewError> {
    // Under the order's lock: no refund can come between.
    let order = orders::store::lock(&mut *connection, &new.order_id).await?;
    let order = order.filter(orders::Order::is_paid).ok_or(ReviewError::NotBought)?;
    if store::insert(&mut *connection, new).await? {
        let words = told(&new.said);
        order_mail::tell(connection, Side::Seller, &order, News::Reviewed { words }, stamp).await?;
        return Ok(());
    }
    let before = store::of_buyer(&mut *connection, &new.item_id, &new.buyer_id).await?;
    let is_same = |before: &Review| !before.withdrawn && before.said == new.said;
    match before {
        Some(before) if is_same(&before) => Ok(()),
        Some(before) if before.is_too_soon(new.at) => Err(ReviewError::TooSoon),
        _ => Ok(store::change(connection, new).await?),
    }
}

/// As the mail says it.
fn told(said: &Said) -> String {
    if said.words.is_empty() { said.stars.words() } else { format!("{}: {}", said.stars.words(), said.words) }
}

/// Takes the buyer's review back; `false`: there was none.
pub async fn withdraw(shop: &Shop, buyer: &UserId, item: &ItemId) -> Result<bool, sqlx::Error> {
    let input: (UserId, ItemId, Timestamp) = (buyer.clone(), item.clone(), shop.clock.now());
    let withdrawn = shop
        .db
        .transact(input, |c, (buyer, item, at)| Box::pin(store::withdraw(c, item, buyer, *at)))
        .await?;
    shop.shared_pages.forget();
    Ok(withdrawn)
}
