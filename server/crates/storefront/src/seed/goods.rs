//! The files of the demo data. There are two hundred items and a hundred megabytes of them: those of an item are made
//! when one of them is read for the first time.

use crate::Shop;
use crate::catalogue::storage;
use crate::files::FilesError;
use bytes::Bytes;
use demo_goods::{GoodsError, Item, Listed, catalogue};
use object_store::{GetRange, GetResult};

/// Their folder among the files.
pub const FOLDER: &str = "seed";

/// The key of an item's file.
pub fn key(slug: &str, name: &str) -> String {
    format!("{FOLDER}/{slug}/{name}")
}

/// The item that has the file, if it is of the demo data.
fn item_of(key: &str) -> Result<Option<&'static Item>, GoodsError> {
    match key.split('/').collect::<Vec<_>>()[..] {
        [FOLDER, slug, _] => Ok(catalogue()?.items.iter().find(|item| item.slug == slug)),
        _ => Ok(None),
    }
}

impl Shop {
    /// A stored file, or the part of it, with its size.
    pub(crate) async fn read_file(
        &self,
        key: &str,
        range: Option<GetRange>,
    ) -> Result<GetResult, FilesError> {
        match self.files.get(key, range.clone()).await {
            Err(FilesError::Store(object_store::Error::NotFound { .. })) => {}
            found => return found,
        }
        if let Some(item) = item_of(key)? {
            self.make_files(item, key).await?;
        }
        self.files.get(key, range).await
    }

    async fn make_files(&self, item: &'static Item, asked: &str) -> Result<(), FilesError> {
        // One after the other: whoever asks for the same waits, and finds it.
        let _alone = self.making.lock().await;
        if self.files.get(asked, None).await.is_ok() {
            return Ok(());
        }
        let made =
            tokio::task::spawn_blocking(|| item.goods()).await.map_err(|_| FilesError::Interrupted)??;
        for (purpose, file) in made.all() {
            let key = key(&item.slug, &file.name);
            let made = Listed::of(purpose, file);
            // What was drawn and sounded with another machine's sines can differ from the list by a bit.
            if !item.listed.contains(&made) {
                storage::correct(&self.db, &key, made.bytes, &made.sha256).await?;
            }
            self.files.put(&key, Bytes::copy_from_slice(&file.bytes)).await?;
        }
        Ok(())
    }
}
