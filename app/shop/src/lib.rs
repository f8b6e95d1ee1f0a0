//! DigitalDownload's pages, and the covers that are drawn from a title.

pub mod model;
pub mod pages;
mod status;
