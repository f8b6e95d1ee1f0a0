//! The file goes to the buyer who paid for it, for as long as the payment stands.

use crate::Shop;
use crate::catalogue::StoredFile;
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

/// What the buyer may download for this order now; `None` where that is nothing.
pub(super) async fn granted_file(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
) -> Result<Option<StoredFile>, sqlx::Error> {
    Ok(download_grants::granted_item(&shop.db, buyer, order).await?.and_then(|item| item.file))
}

/// The order's file, and its content ready to be read.
pub async fn open(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
) -> Result<(StoredFile, GetResult), DownloadError> {
    let file = granted_file(shop, buyer, order).await?.ok_or(DownloadError::NotFound)?;
    let content = shop.files.get(&file.key, None).await?;
    Ok((file, content))
}

/// The same, and it counts as fetched: some sellers give the money back at once only for what was not.
pub async fn fetch(
    shop: &Shop,
    buyer: &UserId,
    order: &OrderId,
) -> Result<(StoredFile, GetResult), DownloadError> {
    let opened = open(shop, buyer, order).await?;
    let input = (order.clone(), shop.clock.now());
    let noted: Result<bool, sqlx::Error> = shop
        .db
        .transact(input, |c, (order, at)| Box::pin(download_grants::note_fetched(c, order, *at)))
        .await;
    if noted? { Ok(opened) } else { Err(DownloadError::NotFound) }
}
