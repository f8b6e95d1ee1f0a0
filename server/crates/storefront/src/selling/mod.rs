//! What merchants do: open their shop and list items.

pub mod coupons;
pub mod listing;
pub mod notices;
pub mod onboarding;
pub mod profile;
pub mod reviews;

use crate::Shop;
use crate::audit::{Stamp, Who};
use crate::merchants::Merchant;

/// For what a seller changes, in the audit log.
fn stamp(shop: &Shop, merchant: &Merchant) -> Stamp {
    let who = Who::Person { id: merchant.user_id.clone(), name: merchant.name.clone() };
    Stamp::new(who, shop.clock.now(), || shop.new_id())
}
