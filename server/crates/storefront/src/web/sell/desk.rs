//! What a merchant's page shows: orders to fulfil, notices, sales, listings with their split.

use crate::Shop;
use crate::catalogue::{Item, store as items};
use crate::merchants::Merchant;
use crate::messages;
use crate::orders::{self, notices, refund_requests, terms};
use crate::web::links;
use money::Money;
use platform::paging::{self, Part, Place};
use shop_pages::model::{Listing, MOST_UNREAD, MerchantDesk, MerchantNotice, PriceSplit};

/// The desk has the newest few, and a link to all.
const NOTICES: usize = 5;

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
    let listing = |item: Item| Listing {
        card: item.card(),
        split: split_of_listing(item.price),
        sold: sold.get(&item.id).copied().unwrap_or(0),
    };
    let (notices, older) = newest_notices(shop, merchant).await?;
    Ok(MerchantDesk {
        name: merchant.name.clone(),
        registered: merchant.is_registered(),
        cancelled: merchant.cancelled_at.is_some(),
        refund_requests: refund_requests::waiting(&shop.db, Some(&merchant.id)).await?,
        to_fulfil: orders::to_fulfil(&shop.db, &merchant.id).await?,
        notices,
        more_notices: older,
        unread_messages: messages::unread_threads(&shop.db, &merchant.id, MOST_UNREAD + 1).await?,
        sales: orders::for_merchant(&shop.db, &merchant.id).await?,
        listings: items.into_iter().map(listing).collect(),
        paging: links(ways),
        earned,
    })
}

/// And whether there are older ones.
async fn newest_notices(
    shop: &Shop,
    merchant: &Merchant,
) -> Result<(Vec<MerchantNotice>, bool), sqlx::Error> {
    let (db, id) = (&shop.db, &merchant.id);
    let (found, ways) = paging::page(Part::Newest, NOTICES, notices::Notice::place, |part, limit| {
        Box::pin(async move { notices::of_merchant(db, id, &part, limit).await })
    })
    .await?;
    Ok((found.iter().map(notice).collect(), ways.older.is_some()))
}

pub(super) fn notice(notice: &notices::Notice) -> MerchantNotice {
    MerchantNotice {
        order_id: notice.order_id.to_string(),
        text: notice.kind.sentence(&notice.title, &notice.buyer),
        at: notice.at,
        unread: notice.unread,
    }
}

/// Listing refuses what the fees would eat up; should the fees rise later, nothing is left for the merchant.
fn split_of_listing(price: Money) -> PriceSplit {
    terms::split_by_card(price).unwrap_or(PriceSplit {
        total: price,
        merchant: Money::ZERO,
        marketplace: price,
        amazon: Money::ZERO,
    })
}
