//! Amazon Payments' pages: the Co-Branded UI and the front of the account site.

pub mod model;
pub mod pages;
