//! What a merchant's page shows: orders to fulfil, notices, sales, listings with their split.

use super::listings;
use crate::Shop;
use crate::catalogue::store as items;
use crate::merchants::Merchant;
use crate::messages;
use crate::orders::view::{self, Role};
use crate::orders::{self, notices, refund_requests, sold};
use crate::web::links;
use platform::paging::{self, Part};
use shop_pages::model::{HoldView, MOST_UNREAD, MerchantDesk, MerchantNotice, WaitingOrders};

/// The desk has the newest few, and a link to all.
const NOTICES: usize = 5;
/// The latest sales; all of them are a page of their own.
const SALES: i64 = 10;

/// Listings that the desk shows.
const ON_THE_DESK: i64 = 5;

/// Orders to fulfil of one page.
const TO_FULFIL: usize = 20;

/// The desk, with the newest listings; the page's address says which part of what is to fulfil.
pub async fn desk(
    shop: &Shop,
    merchant: &Merchant,
    query: Option<&str>,
) -> Result<MerchantDesk, sqlx::Error> {
    let earned = orders::earned_by(&shop.db, &merchant.id).await?;
    let newest = Part::Newest;
    let mut items = items::of_merchant(&shop.db, &merchant.id, None, &newest, ON_THE_DESK + 1).await?;
    let shown = usize::try_from(ON_THE_DESK).unwrap_or(usize::MAX);
    let more_listings = items.len() > shown;
    items.truncate(shown);
    let (notices, older) = newest_notices(shop, merchant).await?;
    Ok(MerchantDesk {
        name: merchant.name.clone(),
        registered: merchant.is_registered(),
        cancelled: merchant.cancelled_at.is_some(),
        held: merchant.hold.clone().map(HoldView::from),
        refund_requests: refund_requests::waiting(&shop.db, Some(&merchant.id)).await?,
        to_fulfil: to_fulfil(shop, merchant, query).await?,
        notices,
        more_notices: older,
        unread_messages: messages::unread_threads(&shop.db, &merchant.id, MOST_UNREAD + 1).await?,
        sales: orders::for_merchant(&shop.db, &merchant.id, SALES).await?,
        listings: listings::rows(shop, merchant, items).await?,
        more_listings,
        earned,
    })
}

async fn to_fulfil(
    shop: &Shop,
    merchant: &Merchant,
    query: Option<&str>,
) -> Result<WaitingOrders, sqlx::Error> {
    let (db, id) = (&shop.db, &merchant.id);
    let (found, ways) = paging::page(paging::part_of(query), TO_FULFIL, sold::place, |part, limit| {
        Box::pin(async move { orders::to_fulfil(db, id, &part, limit).await })
    })
    .await?;
    let (total, since) = orders::waiting(db, id).await?;
    Ok(WaitingOrders {
        orders: found.iter().map(|order| view::summary(order, Role::Merchant)).collect(),
        total,
        since,
        paging: links(ways),
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
