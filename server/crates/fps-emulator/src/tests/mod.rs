//! The site through its router, as browsers and programs see it.

mod account_actions;
mod account_settings;
mod account_site;
mod cbui;
mod control;
mod notifier;
mod support;
