//! What a coupon would take off, before anything is placed.

use crate::Shop;
use crate::catalogue::Item;
use crate::coupons::uses::{self, CouponError};
use crate::coupons::{Code, Discount};
use crate::ids::UserId;
use crate::merchants::Merchant;

/// What the code takes off each of these; an error where it takes nothing off any of them.
pub async fn offered(
    shop: &Shop,
    code: &Code,
    buyer: Option<&UserId>,
    wanted: &[(&Item, &Merchant)],
) -> Result<Vec<Option<Discount>>, CouponError> {
    let input = (code, buyer, wanted, shop.clock.now());
    shop.db
        .snapshot(&input, |c, (code, buyer, wanted, now)| {
            Box::pin(uses::apply(c, code, *buyer, wanted, *now))
        })
        .await
}
