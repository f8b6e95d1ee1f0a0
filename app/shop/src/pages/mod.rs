//! The shop's pages: each a function from its data to a whole HTML document.
//!
//! The catalogue and the item page also come in two parts, because their main part is the same for all
//! visitors: [`home_main`] and [`item_main`] render what can be kept, [`complete`] puts it into a page, and of
//! such a page [`OwnParts`] makes that of another visitor.

mod about;
mod account;
mod cards;
mod cart;
mod checkout;
mod coupons;
mod credit;
mod desk;
mod discounts;
mod error;
mod facts;
mod figures;
mod filters;
mod gifts;
mod guests;
mod home;
mod item;
mod library;
mod live;
mod mail;
mod message_thread;
mod operator;
mod order;
mod order_steps;
mod orders;
mod password;
mod previews;
mod receipt;
mod refund;
mod refund_request;
mod reviews;
mod sections;
mod sell;
mod seller;
mod selling_terms;
mod shell;
mod sign;
mod split_bar;
mod suggestions;
#[cfg(test)]
mod tests;
mod thank_you;

pub use about::{About, about};
pub use account::{
    account, account_email, account_profile, confirm_email, delete_account, new_recovery_codes,
    personal_data, recovery_codes, second_factor, second_factor_off, sign_in_code,
};
pub use cards::item_grid_html;
pub use cart::{basket, cart, wish_list};
pub use checkout::{AMAZON_PAYMENTS, ATTEMPT, BOUGHT, CREDIT, SHOWN, cart_checkout, checkout};
pub use coupons::coupons;
pub use credit::credit;
pub use desk::{
    answer_review, customer, customers, fulfilled, item_editor, listings, messages, not_ready, notices,
    profile, seller_reviews, sold_orders,
};
pub use error::error;
pub use figures::{amazon_figures, figures, market_figures};
pub use gifts::{gift, gift_over};
pub use guests::{GUEST, claim, guest_link, guest_order};
pub use home::{home, home_main};
pub use item::{item, item_main};
pub use library::library;
pub use live::Live;
pub use mail::{letter_document, letter_text, mail, mailbox};
pub use operator::{
    all_orders, all_reviews, audit, dispute, disputes, fees, health, item_oversight, items, operator, people,
    person, review_oversight,
};
pub use order::order;
pub use order_steps::charge_less;
pub use orders::orders;
pub use password::{confirm_sign_up, forgot_password, reset_password, sign_up_sent};
pub use previews::type_tester;
pub use receipt::{ReceiptLine, receipt, receipt_lines, receipt_split};
pub use refund::{give_refund, refund};
pub use refund_request::escalate;
pub use reviews::{review_form, reviews};
pub use sell::sell;
pub use seller::seller;
pub use selling_terms::refund_rule_words;
pub use shell::{OwnParts, complete};
pub use sign::{sign_in, sign_up};
pub use suggestions::suggestions;
pub use thank_you::thank_you;
