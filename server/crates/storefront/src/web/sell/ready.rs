//! Before the first item: can its sales be paid?

use crate::Shop;
use crate::merchants::Merchant;
use crate::selling::onboarding::{self, Standing};
use crate::web::{SignedIn, page};
use axum::response::Response;
use platform::web::{Refusal, see_other};
use shop_pages::model::{NotReady, NotReadyPage};
use shop_pages::pages;

/// What to tell somebody who goes to list a first item that nobody could pay; `None` for those who can list.
pub async fn not_ready(
    shop: &Shop,
    visitor: &SignedIn,
    merchant: &Merchant,
) -> Result<Option<Response>, Refusal> {
    let why = match onboarding::standing(shop, merchant).await? {
        Standing::Ready => return Ok(None),
        Standing::NotVerified => NotReady::NotVerified,
        Standing::Closed => NotReady::Closed,
        // The desk says how to register again.
        Standing::RegistrationGone => return Ok(Some(see_other("/sell"))),
    };
    let account_url = shop.config.payments_url.join("/account").map_err(Refusal::because)?.to_string();
    let data = NotReadyPage { why, account_url };
    Ok(Some(page(true, pages::not_ready(&visitor.chrome, &data))))
}
