//! A purchase as it goes through the shop: placed, authorized at Amazon Payments, paid, fulfilled, cancelled or
//! refunded. This is the process; what an order is and what an event does to it is [`orders`](crate::orders)'
//! business.
//!
//! - [`place`], [`basket`], [`cart`], [`coupons`] and [`commands`]: what people do; [`credit`]: what they pay ahead;
//! - [`cbui_return`] and [`notifications`]: what Amazon says by itself; [`provenance`]: whether it is about this
//!   shop at all; [`recovery`]: what it said on a way back that was lost;
//! - [`order_updates`]: the one function through which an order changes, whoever brings the news;
//! - [`order_mail`]: what buyer and seller are written of it; [`correspondence`]: what they write to each other; [`reviews`]: what
//!   the buyer says of what was bought;
//! - [`gifts`]: what is bought for somebody else; [`claims`]: what a guest bought becomes somebody's with an account;
//! - [`requests`]: what the shop asks Amazon for then, and what the answers mean; [`comparison`]: whether both
//!   sides still say the same;
//! - [`registration`]: how a merchant gets to be paid.

pub mod amazon_says;
pub mod basket;
pub mod cart;
pub mod cbui_return;
pub mod claims;
pub mod commands;
pub mod comparison;
pub mod correspondence;
pub mod coupons;
pub mod credit;
pub mod downloads;
mod failure_messages;
pub mod gifts;
pub mod notifications;
pub mod order_mail;
pub mod order_page;
pub mod order_updates;
mod payment_terms;
pub mod place;
mod provenance;
mod recorded;
pub mod recovery;
pub mod registration;
pub mod requests;
pub mod reviews;
#[cfg(test)]
mod tests;
