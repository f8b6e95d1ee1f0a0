//! The site through its router, as browsers and programs see it.

mod account_actions;
mod account_settings;
mod account_site;
mod captured;
mod cbui;
mod cbui_pipelines;
mod cbui_statuses;
mod cbui_wallet;
mod control;
mod error_codes;
mod notifier;
pub mod support;
