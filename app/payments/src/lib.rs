//! Amazon Payments' pages: the Co-Branded UI and the front of the account site.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod model;
pub mod pages;
