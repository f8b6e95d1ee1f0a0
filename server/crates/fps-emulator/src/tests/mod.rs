//! The site as a whole: through its router, as browsers and programs see it, and down to its tables.

mod access;
mod account_actions;
mod account_mail;
mod account_settings;
pub mod account_site;
mod captured;
mod cbui;
mod cbui_instruments;
mod cbui_pipelines;
mod cbui_statuses;
mod control;
mod error_codes;
mod hosts;
mod lab_money;
mod lab_people;
mod lab_replay;
mod migrated;
pub mod notifier;
mod receivers;
mod signing_keys;
pub mod support;
mod trouble;
mod unknown_words;
