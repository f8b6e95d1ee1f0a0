//! What both sites stand on and neither owns: time, randomness, the database, sessions, passwords and
//! the rules of the web. Knows no order, no payment, no page.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod background;
pub mod blocking;
pub mod clock;
pub mod connections;
pub mod db;
pub mod deeds;
mod demo_data;
mod guarded_client;
mod http_client;
pub mod jobs;
pub mod lab;
pub mod paging;
mod panics;
pub mod password;
pub mod random;
pub mod sessions;
pub mod throttle;
mod tls;
pub mod web;

pub use clock::Clock;
pub use db::Database;
pub use demo_data::DemoData;
pub use guarded_client::{Gate, GuardedClient, NoAnswer};
pub use http_client::{http_client, http_client_with};
pub use random::Random;
pub use tls::{Tls, TlsError};
