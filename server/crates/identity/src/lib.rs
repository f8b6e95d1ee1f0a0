//! The rules for what people choose to be known by, the same on both sites: e-mail addresses, passwords, and the
//! names of shops and callers. Pure: what is taken already only the sites' databases know.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod characters;
mod email;
mod name;
mod password;

pub use email::{EmailAddress, EmailProblem, email_key};
pub use name::{MARKET_NAMES, NameProblem, PublicName, looks};
pub use password::{LONGEST_PASSWORD, NewPassword, PasswordProblem, SHORTEST_PASSWORD};
