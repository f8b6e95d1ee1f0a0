//! The lab's pages: what happens on both sites, and what is done to them by hand.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod model;
pub mod pages;
