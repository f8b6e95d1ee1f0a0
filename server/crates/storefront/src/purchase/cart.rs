//! Putting things into a cart or on a wish list, and taking them out.

use crate::Shop;
use crate::cart::{self, CartOwner, List};
use crate::ids::ItemId;

/// Whether it is there now: a list that is full takes no more.
pub async fn put(shop: &Shop, list: List, owner: CartOwner, item: ItemId) -> Result<bool, sqlx::Error> {
    let input = (list, owner, item, shop.clock.now());
    shop.db
        .transact(input, |c, (list, owner, item, now)| Box::pin(cart::add(c, *list, owner, item, *now)))
        .await
}

pub async fn take_out(
    shop: &Shop,
    list: List,
    owner: CartOwner,
    items: Vec<ItemId>,
) -> Result<(), sqlx::Error> {
    let input = (list, owner, items);
    shop.db.transact(input, |c, (list, owner, items)| Box::pin(cart::remove(c, *list, owner, items))).await
}

/// What a visitor put aside is theirs once they have signed in.
pub async fn hand_over(shop: &Shop, from: CartOwner, to: CartOwner) -> Result<(), sqlx::Error> {
    shop.db.transact((from, to), |c, (from, to)| Box::pin(cart::hand_over(c, from, to))).await
}

/// Forgets what visitors put aside who did not come back; answers how many items that were.
pub async fn forget_old(shop: &Shop) -> Result<usize, sqlx::Error> {
    let now = shop.clock.now();
    let forgotten = shop.db.transact(now, |c, now| Box::pin(cart::forget_old(c, *now))).await?;
    Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
}
