//! DigitalDownload's side: accounts, catalogue, orders, fulfilment, downloads, and the FPS client.
//! Reaches Amazon only over signed HTTP and browser redirects.
//!
//! From the ground up, each floor using only what stands below it:
//! - `ids`, `config`, `input`, `markdown`, `links`, `files`, `fps_client`, `smtp` and `state`, what every part shares;
//! - `users`, `credit`, `baskets`, `merchants`, `reviews`, `catalogue`, `cart`, `fees`, `orders`, `figures`, `messages` and
//!   `mail`: what is true, with the SQL of its own tables; each of them knows those named before it;
//! - `accounts`, `selling`, `purchase` and `mailbox`: what people and Amazon do with it;
//! - `web` for those who open a page, `control` for those who test it, and `jobs` for what is done though nobody does;
//! - `seed`, `router` and `lifecycle` put it together.
//!
//! What comes has its room: a new aggregate stands beside the others, more tools for merchants belong to `selling`.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod accounts;
mod audit;
mod baskets;
mod cart;
mod catalogue;
mod config;
mod control;
mod coupons;
mod credit;
#[cfg(test)]
#[path = "../../ledger/tests/support/databases.rs"]
mod databases;
mod fees;
mod figures;
mod files;
mod fps_client;
mod ids;
mod input;
mod jobs;
mod lifecycle;
mod links;
mod live_pages;
mod mail;
mod mailbox;
mod markdown;
mod merchants;
mod messages;
#[cfg(test)]
#[path = "../../ledger/tests/support/old_schema.rs"]
mod old_schema;
mod orders;
mod oversight;
mod pictures;
mod purchase;
mod reviews;
mod router;
mod seed;
mod selling;
mod shared_pages;
mod smtp;
mod snapshots;
mod state;
mod users;
mod web;

pub use accounts::DEMO_PASSWORD;
pub use config::Config;
pub use control::DEEDS;
pub use lifecycle::{MIGRATIONS, OpenError};
// For the fuzz targets.
pub use markdown::render as render_markdown;
pub use seed::{DemoItem, Many, SeedError, demo_items, prepare};
pub use smtp::{Smtp, SmtpError};
pub use state::Shop;
