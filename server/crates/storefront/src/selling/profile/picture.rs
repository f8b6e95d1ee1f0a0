//! The picture that stands for a seller.

use crate::Shop;
use crate::files::FilesError;
use crate::selling::listing::Use;
use bytes::Bytes;

/// Bytes at the most.
pub const LARGEST: u64 = Use::Cover.largest();

/// A picture that every browser shows and that can hold no script.
#[derive(Debug)]
pub struct Portrait {
    content: Bytes,
    extension: &'static str,
}

impl Portrait {
    /// Looks into the picture itself: names and declared types are anyone's to choose.
    pub fn check(content: Bytes) -> Result<Self, String> {
        Use::Cover.check(&content, "")?;
        let extension = infer::get(&content).map_or("", |kind| kind.extension());
        Ok(Self { content, extension })
    }

    pub(super) async fn keep(self, shop: &Shop) -> Result<String, FilesError> {
        let key = format!("covers/{}.{}", shop.random.uuid(shop.clock.now()), self.extension);
        shop.files.put(&key, self.content).await?;
        Ok(key)
    }
}

/// What is said of one that is larger.
pub fn too_large() -> String {
    Use::Cover.too_large()
}
