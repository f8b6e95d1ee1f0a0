//! The shop's routes without a network: requests in, answers out.

mod access;
mod accounts;
mod catalogue;
mod checkout;
mod coupons;
mod editing;
mod figures;
mod guests;
mod leaving;
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
mod second_factor;
mod seen;
mod shared;
mod shipping;
mod support;
mod wishes;
