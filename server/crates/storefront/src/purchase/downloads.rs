//! The file goes to the buyer who paid for it, for as long as the payment stands.

use crate::Shop;
use crate::catalogue::{StoredFile, versions};
use crate::files::FilesError;
use crate::ids::{OrderId, UserId};
use crate::orders::download_grants;
use object_store::GetResult;

#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No such order of this buyer, not paid, refunded, or nothing to download: all look the same.
    #[error("there is nothing to download")]
    NotFound,
    #[error("the file cannot be read: {0}")]
    File(#[from] FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What the buyer may download for this order now.
pub(super) async fn granted_files(
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

/// One of the order's files, counted from 1, and its content ready to be read.
pub async fn open(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
    number: usize,
) -> Result<(StoredFile, GetResult), DownloadError> {
    let files = granted_files(shop, buyer, order).await?;
    let file = number.checked_sub(1).and_then(|index| files.into_iter().nth(index));
    let file = file.ok_or(DownloadError::NotFound)?;
    let content = shop.read_file(&file.key, None).await?;
    Ok((file, content))
}

/// The same, and it counts as fetched: some sellers give the money back at once only for what was not.
pub async fn fetch(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
    number: usize,
) -> Result<(StoredFile, GetResult), DownloadError> {
    let opened = open(shop, buyer, order, number).await?;
    let input = (order.clone(), shop.clock.now());
    let noted: Result<bool, sqlx::Error> = shop
        .db
        .transact(input, |c, (order, at)| Box::pin(download_grants::note_fetched(c, order, *at)))
        .await;
    if noted? { Ok(opened) } else { Err(DownloadError::NotFound) }
}
