//! Amazon's side: the Query API, the Co-Branded UI, tokens, transactions, fees, notifications and the
//! control API. The only crate that posts to the ledger.
//!
//! Each wing uses only what stands below it: `web` (HTTP), `jobs` (background work), `state`, `engine` (one
//! action, one commit), `domain` (records, rules, SQL). This file, `router` and `lifecycle` assemble them.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod config;
mod domain;
mod engine;
mod jobs;
mod lifecycle;
mod router;
mod seed;
mod snapshots;
mod state;
mod web;

#[cfg(test)]
mod tests;

pub use config::{Config, DEMO_PASSWORD, FIRST_CALLER, NotificationSettings};
pub use lifecycle::OpenError;
pub use seed::prepare;
pub use state::{Companion, Payments};
pub use web::control::TABLE as DEEDS;

use platform::db::Migrations;
use rust_embed::RustEmbed;

/// The payments site's schema.
pub static MIGRATIONS: Migrations = Migrations::embedded(&Schema);

#[derive(RustEmbed)]
#[folder = "../../../migrations/payments"]
struct Schema;
