//! What the demo shop sells: sellers, items and the files that a buyer opens. Pure: the same data and the same files
//! every time, without files of its own, clock or network.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::similar_names,
    reason = "drawing and sound: the numbers are places on a page and moments of a song, small on every machine; and points have the names that geometry gives them"
)]

mod archive;
pub mod art;
pub mod audio;
mod book;
mod catalogue;
pub mod fonts;
mod goods;
mod listed;
pub mod models;
pub mod paper;
mod random;
mod sources;
pub mod templates;
#[cfg(test)]
mod tests;

pub use drawing as draw;

pub use catalogue::{
    Catalogue, Category, Delivery, Item, Link, Rate, Refunds, Region, Seller, Speed, catalogue, typeface,
};
pub use goods::{Goods, GoodsFile, Preview, PreviewKind};
pub use listed::{Listed, Purpose};

/// A picture could not be made: nothing that a caller can mend, and nothing that happens with the data here.
#[derive(Debug, thiserror::Error)]
pub enum GoodsError {
    #[error(transparent)]
    Picture(#[from] drawing::PictureError),
    #[error(transparent)]
    Audio(#[from] hound::Error),
    #[error(transparent)]
    Archive(#[from] zip::result::ZipError),
    #[error(transparent)]
    Write(#[from] std::io::Error),
    #[error("{0}")]
    Data(String),
}
