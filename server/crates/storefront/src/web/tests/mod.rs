//! The shop's routes without a network: requests in, answers out.

mod accounts;
mod catalogue;
mod checkout;
mod listing;
mod shared;
mod support;
