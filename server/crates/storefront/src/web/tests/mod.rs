//! The shop's routes without a network: requests in, answers out.

mod accounts;
mod catalogue;
mod checkout;
mod figures;
mod listing;
mod long_lists;
mod messages;
mod shared;
mod support;
