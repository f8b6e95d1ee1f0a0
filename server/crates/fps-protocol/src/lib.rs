//! The FPS wire: parameters, signatures, XML, error codes, CBUI and notification fields.
//!
//! Pure: no IO, no clock, no SQL; times and random bytes are handed in. "fps.md" in comments is the
//! project's collection of facts about FPS 2010-08-28.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod actions;
pub mod api_request;
pub mod cbui;
pub mod encoding;
pub mod enums;
pub mod errors;
pub mod explain;
pub mod fees;
pub mod ids;
pub mod ipn;
pub mod outbound;
pub mod parameters;
pub mod responses;
pub mod secret;
pub mod signature;
pub mod timeliness;
pub mod verified;
pub mod version;
pub mod xml;

pub use errors::{ErrorCode, FpsError};
pub use parameters::{DecodeError, Parameters};
pub use secret::Secret;
pub use verified::{Unverified, Verified};
pub use version::ApiVersion;
