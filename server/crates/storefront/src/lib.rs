//! DigitalDownload's side: accounts, catalogue, orders, fulfilment, downloads, and the FPS client.
//! Reaches Amazon only over signed HTTP and browser redirects.
//!
//! From the ground up, each floor using only what stands below it:
//! - `ids`, `config`, `input`, `files`, `fps_client` and `state`, what every part shares;
//! - `users`, `merchants`, `catalogue` and `orders`: what is true, with the SQL of its own tables; each of
//!   them knows those named before it;
//! - `accounts`, `selling` and `purchase`: what people and Amazon do with it;
//! - `web` for those who open a page and `jobs` for what is done though nobody does;
//! - `seed`, `router` and `lifecycle` put it together.
//!
//! What comes has its room: a cart or reviews are aggregates beside the others, e-mails an aggregate for what is to
//! be sent with a job that sends it, more tools for merchants belong to `selling`.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod accounts;
mod catalogue;
mod config;
#[cfg(test)]
#[path = "../../ledger/tests/support/databases.rs"]
mod databases;
mod files;
mod fps_client;
mod ids;
mod input;
mod jobs;
mod lifecycle;
mod merchants;
#[cfg(test)]
#[path = "../../ledger/tests/support/old_schema.rs"]
mod old_schema;
mod orders;
mod purchase;
mod router;
mod seed;
mod selling;
mod shared_pages;
mod state;
mod users;
mod web;

pub use config::Config;
pub use lifecycle::{MIGRATIONS, OpenError};
pub use seed::{DemoItem, SeedError, demo_items, prepare};
pub use state::Shop;
