//! Thin handlers: parse, authorise, one service call, answer.

pub mod about;
pub mod account;
pub mod accounts;
mod address;
mod browse;
pub mod cart;
pub mod catalogue;
mod catalogue_pages;
pub mod checkout;
mod checkout_form;
pub mod coupons;
pub mod covers;
pub mod credit;
pub mod downloads;
mod errors;
pub mod feeds;
pub mod finding;
pub mod gifts;
pub mod guests;
mod home_page;
pub mod leaving;
pub mod licences;
pub mod live;
pub mod mail;
pub mod media;
pub mod messages;
pub mod operator;
pub mod orders;
pub mod password;
pub mod payments;
pub mod personal_data;
pub mod previews;
pub mod receipts;
pub mod refunds;
pub mod reviews;
pub mod second_factor;
pub mod seen;
pub mod sell;
pub mod sellers;
pub mod shared;
mod shopper;
#[cfg(test)]
mod tests;
mod typed;
mod visitor;

use address::InAddress;
pub use errors::{error_page, own_error_page};
use shopper::{AtCheckout, Shopper};
use visitor::{Asking, Customer, SignedIn, Visitor};

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use platform::paging::Neighbours;
use shop_pages::model::Paging;

/// The ways to a list's further pages, for the page that shows it.
fn links(ways: Neighbours) -> Paging {
    Paging { newer: ways.newer, older: ways.older }
}

/// A page, or a form that was refused and stands there again.
fn page(valid: bool, html: String) -> Response {
    let status = if valid { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, Html(html)).into_response()
}
