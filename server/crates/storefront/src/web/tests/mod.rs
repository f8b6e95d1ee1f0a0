//! The shop's routes without a network: requests in, answers out.

mod access;
mod accounts;
mod catalogue;
mod checkout;
mod editing;
mod figures;
mod listing;
mod live;
mod long_lists;
mod mail;
mod messages;
mod operator;
mod orders;
mod previews;
mod profile;
mod reviews;
mod shared;
mod shipping;
mod support;
