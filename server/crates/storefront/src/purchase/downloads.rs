//! The file goes to the buyer who paid for it, for as long as the payment stands: to who is signed in, or to who has a link
//! that the buyer made. A link is signed, expires by the clock, counts how often a file is begun with it, and ends with a
//! refund.

use crate::catalogue::{StoredFile, versions};
use crate::ids::{LinkId, OrderId, UserId};
use crate::orders::download_links::{self, DownloadLink, LIFETIME, MOST};
use crate::orders::licences::{self, Licence};
use crate::orders::{self, download_grants};
use crate::{Shop, catalogue, links};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sqlx::AnyConnection;
use subtle::ConstantTimeEq;

/// Tells this use of the shop's secret from others.
const PURPOSE: &str = "DigitalDownload: a link to a file";

#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No such order of this buyer, not paid, refunded, or nothing to download: all look the same.
    #[error("there is nothing to download")]
    NotFound,
    /// The link was good once.
    #[error("the link works no more")]
    Over,
    #[error("there are as many links as there can be")]
    TooManyLinks,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What the buyer may download for this order now.
pub async fn granted_files(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
) -> Result<Vec<StoredFile>, sqlx::Error> {
    let Some(grant) = download_grants::standing(&shop.db, buyer, order).await? else { return Ok(Vec::new()) };
    match grant.version {
        Some(version) => versions::files(shop.db.readers(), &grant.item.id, version).await,
        None => Ok(Vec::new()),
    }
}

/// One of the order's files, counted from 1.
pub async fn find(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
    number: usize,
) -> Result<StoredFile, DownloadError> {
    let files = granted_files(shop, buyer, order).await?;
    let file = number.checked_sub(1).and_then(|index| files.into_iter().nth(index));
    file.ok_or(DownloadError::NotFound)
}

/// The same, and it counts as fetched: some sellers give the money back at once only for what was not.
pub async fn fetch(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
    number: usize,
) -> Result<StoredFile, DownloadError> {
    let file = find(shop, buyer, order, number).await?;
    let input = (order.clone(), shop.clock.now());
    let noted: Result<bool, sqlx::Error> = shop
        .db
        .transact(input, |c, (order, at)| Box::pin(download_grants::note_fetched(c, order, *at)))
        .await;
    if noted? { Ok(file) } else { Err(DownloadError::NotFound) }
}

/// What a link's address ends in.
pub fn signature(shop: &Shop, link: &LinkId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(links::seal(&shop.config.secret, PURPOSE, link.as_str()))
}

/// A link to one of the order's files for whoever has it.
pub async fn make_link(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
    number: usize,
) -> Result<(), DownloadError> {
    find(shop, buyer, order, number).await?;
    let now = shop.clock.now();
    if download_links::of_order(&shop.db, order, now).await?.len() >= MOST {
        return Err(DownloadError::TooManyLinks);
    }
    let link = DownloadLink {
        id: links::new_id(&shop.random),
        order_id: order.clone(),
        file: number,
        expires_at: now.checked_add(LIFETIME).unwrap_or(now),
        uses: 0,
    };
    shop.db.transact((link, now), |c, (link, now)| Box::pin(download_links::insert(c, link, *now))).await?;
    Ok(())
}

/// What of its file somebody asks for with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Only whether it is there.
    Look,
    /// The file, from its beginning.
    Begin,
    /// The rest of what was begun: where that was not lately, it counts as begun anew.
    GoOn,
}

/// The file of a link, which whoever has it may fetch.
pub async fn follow_link(
    shop: &Shop,
    id: &LinkId,
    signed: &str,
    asked: Asked,
) -> Result<StoredFile, DownloadError> {
    let expected = signature(shop, id);
    if !bool::from(expected.as_bytes().ct_eq(signed.as_bytes())) {
        return Err(DownloadError::NotFound);
    }
    let now = shop.clock.now();
    // What was forgotten was over.
    let link = download_links::load(&shop.db, id).await?.ok_or(DownloadError::Over)?;
    let order = orders::store::load(shop.db.readers(), &link.order_id).await?.ok_or(DownloadError::Over)?;
    let file = find(shop, &order.buyer_id, &order.id, link.file).await.map_err(over)?;
    let good = match asked {
        Asked::Look => link.expires_at > now && link.uses_left() > 0,
        Asked::Begin | Asked::GoOn => {
            let input = (id.clone(), order.id.clone(), asked, now);
            shop.db.transact(input, |c, input| Box::pin(take(c, input))).await?
        }
    };
    if good { Ok(file) } else { Err(DownloadError::Over) }
}

/// Whether the link gives the file now; where it begins, that is one of its uses.
async fn take(
    connection: &mut AnyConnection,
    (id, order, asked, now): &(LinkId, OrderId, Asked, Timestamp),
) -> Result<bool, sqlx::Error> {
    if *asked == Asked::GoOn && download_links::go_on(&mut *connection, id, *now).await? {
        return Ok(true);
    }
    Ok(download_grants::note_fetched(&mut *connection, order, *now).await?
        && download_links::use_once(connection, id, *now).await?)
}

/// A refund ends a link like its time.
fn over(error: DownloadError) -> DownloadError {
    match error {
        DownloadError::NotFound => DownloadError::Over,
        other => other,
    }
}

/// The key of a program that was bought; `None` where there is none, or the payment does not stand.
pub async fn licence_key(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
) -> Result<Option<String>, sqlx::Error> {
    let grant = download_grants::standing(&shop.db, buyer, order).await?;
    let grant = grant.filter(|grant| licences::has_keys(&grant.item));
    Ok(grant.and_then(|_| licences::key(&shop.config.secret, order)))
}

/// What a key stands for; `None`: the shop did not make it, or for nothing that has one.
pub async fn verify_licence(shop: &Shop, key: &str) -> Result<Option<Licence>, sqlx::Error> {
    let Some(id) = licences::order_of(&shop.config.secret, key) else { return Ok(None) };
    let Some(order) = orders::store::load(shop.db.readers(), &id).await? else { return Ok(None) };
    let item = catalogue::store::by_slug(shop.db.readers(), &order.item_slug).await?;
    if item.is_none_or(|item| !licences::has_keys(&item)) {
        return Ok(None);
    }
    let active = download_grants::standing(&shop.db, &order.buyer_id, &id).await?.is_some();
    Ok(Some(Licence { item: order.item_slug.into_string(), title: order.title, active }))
}

/// Forgets links that work no more; answers how many.
pub async fn forget_old_links(shop: &Shop) -> Result<usize, sqlx::Error> {
    let now = shop.clock.now();
    shop.db.transact(now, |c, now| Box::pin(download_links::forget_old(c, *now))).await
}
