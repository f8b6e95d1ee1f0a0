//! The files of the shop: those for sale, previews and covers. Kept in an object store; by default a
//! local folder.

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;

/// Handle on the stored files; clones share it.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: Arc<std::path::Path>,
}

#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error(transparent)]
    Store(#[from] object_store::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("a file of the demo data cannot be made: {0}")]
    Goods(#[from] demo_goods::GoodsError),
    #[error("a file of the demo data was not made to its end")]
    Interrupted,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Files {
    /// A local folder, made when missing.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self, FilesError> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store), folder: folder.into() })
    }

    pub async fn put(&self, key: &str, content: Bytes) -> Result<(), FilesError> {
        self.store.put(&Path::from(key), PutPayload::from_bytes(content)).await?;
        Ok(())
    }

    /// Writes a file of unknown size bit by bit; it is there once `shutdown` succeeded.
    pub fn writer(&self, key: &str) -> BufWriter {
        BufWriter::new(self.store.clone(), Path::from(key))
    }

    /// The file, or the part of it, with its size.
    pub async fn get(&self, key: &str, range: Option<GetRange>) -> Result<GetResult, FilesError> {
        let options = GetOptions { range, ..GetOptions::default() };
        Ok(self.store.get_opts(&Path::from(key), options).await?)
    }

    pub async fn delete(&self, key: &str) -> Result<(), FilesError> {
        Ok(self.store.delete(&Path::from(key)).await?)
    }

    /// Deletes the file if it is there, and what a writer that was cut off has left of it.
    pub async fn delete_whatever(&self, key: &str) -> Result<(), FilesError> {
        let unfinished = self.folder.join(format!("{key}#1"));
        let gone = |outcome: std::io::Result<()>| match outcome {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        gone(tokio::fs::remove_file(unfinished).await)?;
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes every file whose key begins with this folder.
    pub async fn delete_folder(&self, folder: &str) -> Result<(), FilesError> {
        let keys: Vec<Path> =
            self.store.list(Some(&Path::from(folder))).map_ok(|found| found.location).try_collect().await?;
        for key in keys {
            self.store.delete(&key).await?;
        }
        Ok(())
    }
}
