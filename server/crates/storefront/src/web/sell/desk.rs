//! What a merchant's page shows: orders to fulfil, notices, sales, listings with their split.

use crate::Shop;
use crate::catalogue::{Item, store as items};
use crate::fees::{self, FeeTerms};
use crate::merchants::Merchant;
use crate::orders::{self, notices, refund_requests, terms};
use crate::web::links;
use money::Money;
use platform::paging::{self, Place};
use shop_pages::model::{HoldView, Listing, MerchantDesk, MerchantNotice, PriceSplit};

const NOTICES: i64 = 20;
/// The latest sales; all of them are a page of their own.
const SALES: i64 = 10;

/// Items of one page of the listings.
const PER_PAGE: usize = 50;

/// The desk, with the page of listings that `query` asks for.
pub async fn desk(
    shop: &Shop,
    merchant: &Merchant,
    query: Option<&str>,
) -> Result<MerchantDesk, sqlx::Error> {
    let earned = orders::earned_by(&shop.db, &merchant.id).await?;
    let place = |item: &Item| Place { at: item.created_at, id: item.slug.clone() };
    let (items, ways) = paging::page(paging::part_of(query), PER_PAGE, place, |part, limit| {
        Box::pin(async move { items::of_merchant(&shop.db, &merchant.id, &part, limit).await })
    })
    .await?;
    let ids: Vec<_> = items.iter().map(|item| &item.id).collect();
    let sold = orders::sold_of(&shop.db, &ids).await?;
    let book = fees::in_force(shop.db.readers(), Some(merchant), shop.clock.now()).await?;
    let listing = |item: Item| Listing {
        card: item.card(),
        split: split_of_listing(item.price, &book.terms(Some(&item.category), item.price)),
        sold: sold.get(&item.id).copied().unwrap_or(0),
    };
    let notices = notices::newest(&shop.db, &merchant.id, NOTICES).await?;
    Ok(MerchantDesk {
        name: merchant.name.clone(),
        registered: merchant.is_registered(),
        cancelled: merchant.cancelled_at.is_some(),
        held: merchant.hold.clone().map(|hold| HoldView { at: hold.at, reason: hold.reason }),
        refund_requests: refund_requests::waiting(&shop.db, Some(&merchant.id)).await?,
        to_fulfil: orders::to_fulfil(&shop.db, &merchant.id).await?,
        notices: notices.iter().map(notice).collect(),
        sales: orders::for_merchant(&shop.db, &merchant.id, SALES).await?,
        listings: items.into_iter().map(listing).collect(),
        paging: links(ways),
        earned,
    })
}

fn notice(notice: &notices::Notice) -> MerchantNotice {
    MerchantNotice {
        order_id: notice.order_id.to_string(),
        text: notice.kind.sentence(&notice.title, &notice.buyer),
        at: notice.at,
        unread: notice.unread,
    }
}

/// Listing refuses what the fees would eat up; should the fees rise later, nothing is left for the merchant.
fn split_of_listing(price: Money, fee: &FeeTerms) -> PriceSplit {
    terms::split_by_card(price, fee).unwrap_or(PriceSplit {
        total: price,
        merchant: Money::ZERO,
        marketplace: price,
        amazon: Money::ZERO,
    })
}
