//! HTTP: each handler parses, authorises, calls one service and answers.

pub mod account_site;
pub mod cbui;
pub mod certificate;
pub mod control;
pub mod new_instruments;
pub mod query_api;
pub mod sign_in;
pub mod sign_up;
