//! The lab: it sees everything that happens on the sites of a process, keeps it, shows it, and does things to them by hand.
//! It knows events and deeds, neither site's tables.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod attack;
mod control;
mod doctor;
mod doors;
mod faults;
mod follow;
mod journal;
mod lessons;
mod lifecycle;
mod openapi;
mod requests;
mod scenarios;
mod snapshots;
mod state;
mod store;
mod web;
mod words;

pub use control::{EVENTS, TABLE as DEEDS};
pub use doctor::{Check, Finding};
pub use doors::Demo;
pub use snapshots::{SnapshotTrouble, Unfinished};
pub use state::{Lab, Recording, Settings};
pub use store::Kept;
pub use words::{is_failure, sentence};
