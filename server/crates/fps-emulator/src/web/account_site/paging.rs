//! Long lists, a page at a time, with the links that their pages show.

use futures_util::future::BoxFuture;
use payments_pages::model::Paging;
pub use platform::paging::{Part, part_of};
use std::fmt::Display;

/// As [`platform::paging::page`].
pub async fn page<'a, K: Display + Clone, T, E>(
    part: Part<K>,
    size: usize,
    key: impl Fn(&T) -> K,
    read: impl Fn(Part<K>, i64) -> BoxFuture<'a, Result<Vec<T>, E>>,
) -> Result<(Vec<T>, Paging), E> {
    let (rows, ways) = platform::paging::page(part, size, key, read).await?;
    Ok((rows, Paging { newer: ways.newer, older: ways.older }))
}
