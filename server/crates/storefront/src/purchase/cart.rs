//! Putting things into a cart and taking them out.

use crate::Shop;
use crate::cart::{self, CartOwner};
use crate::ids::ItemId;

/// Whether it is there now: a cart that is full takes no more.
pub async fn put(shop: &Shop, owner: CartOwner, item: ItemId) -> Result<bool, sqlx::Error> {
    let input = (owner, item, shop.clock.now());
    shop.db.transact(input, |c, (owner, item, now)| Box::pin(cart::add(c, owner, item, *now))).await
}

pub async fn take_out(shop: &Shop, owner: CartOwner, items: Vec<ItemId>) -> Result<(), sqlx::Error> {
    shop.db.transact((owner, items), |c, (owner, items)| Box::pin(cart::remove(c, owner, items))).await
}

/// What a visitor put aside is theirs once they have signed in.
pub async fn hand_over(shop: &Shop, from: CartOwner, to: CartOwner) -> Result<(), sqlx::Error> {
    shop.db.transact((from, to), |c, (from, to)| Box::pin(cart::hand_over(c, from, to))).await
}

/// Forgets the carts of visitors who did not come back; answers how many items were in them.
pub async fn forget_old(shop: &Shop) -> Result<usize, sqlx::Error> {
    let now = shop.clock.now();
    shop.db.transact(now, |c, now| Box::pin(cart::forget_old(c, *now))).await
}
