//! The program `digitaldownload`: DigitalDownload's shop and Amazon Payments' emulator, as one process,
//! two, or on two hosts. The binary is a thin shell around this library, so that tests can start both
//! sites too.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod assets;
pub mod cli;
mod data_commands;
mod deed_commands;
pub mod demo;
mod doctor;
mod logs;
mod metrics;
mod options;
mod private_files;
mod routes;
mod running;
mod sites;

pub use data_commands::seed_many;
pub use lab::Recording;
pub use options::{ConfigError, Options, Sites};
pub use running::{Running, StartError, start};

use platform::deeds::Deed;

/// Everything that can be done to running sites by hand: what becomes subcommands.
pub fn deeds() -> Vec<&'static Deed> {
    fps_emulator::DEEDS.iter().chain(storefront::DEEDS).chain(lab::DEEDS).collect()
}
