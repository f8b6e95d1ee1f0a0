//! DigitalDownload's pages, and the covers that are drawn from a title.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod model;
pub mod pages;
pub mod refund_rule;
pub mod status;
