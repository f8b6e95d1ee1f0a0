//! The account site: the front page, signing in, and all that the owner of an account can see and do.

mod account_holder;
mod authentication;
mod balance;
pub mod developer;
mod instruments;
mod mail;
mod paging;
mod profile;
mod security;
pub mod tokens;
mod transactions;

use crate::state::Site;
use crate::web::sign_in::Visitor;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use payments_pages::model::DeveloperPart;
use payments_pages::pages;

const HOME: &str = "/account";

/// `/` alone, which it shares with the Query API.
pub fn front_router(site: Site) -> Router {
    Router::new().route("/", get(front)).with_state(site)
}

pub fn router(site: Site) -> Router {
    Router::new()
        .route(HOME, get(transactions::list::show))
        .route("/account/activity.csv", get(transactions::csv_file::download))
        .route("/account/sign-in", get(authentication::sign_in_form).post(authentication::sign_in))
        .route("/account/sign-out", post(authentication::sign_out))
        .route("/account/create", get(authentication::create_form).post(authentication::create))
        .route("/account/transactions/{id}", get(transactions::detail::show))
        .route("/account/transactions/{id}/cancel", post(transactions::forms::cancel))
        .route("/account/transactions/{id}/refund", post(transactions::forms::refund))
        .route("/account/transactions/{id}/refund-request", post(transactions::forms::ask_for_refund))
        .route("/account/mail", get(mail::show))
        .route("/account/mail/read", post(mail::mark_read))
        .route("/account/mail/{id}", get(mail::open))
        .route("/account/mail/{id}/text", get(mail::open_as_text))
        .route("/account/balance", get(balance::show))
        .route("/account/balance/deposit", post(balance::deposit))
        .route("/account/balance/withdraw", post(balance::withdraw))
        .route("/account/instruments", get(instruments::show))
        .route("/account/instruments/add-card", get(instruments::card_form).post(instruments::add_card))
        .route(
            "/account/instruments/add-bank-account",
            get(instruments::bank_account_form).post(instruments::add_bank_account),
        )
        .route("/account/instruments/{id}/remove", post(instruments::remove))
        .route("/account/tokens", get(tokens::show))
        .route("/account/tokens/{id}/cancel", post(tokens::cancel))
        .route("/account/profile", get(profile::show).post(profile::save))
        .route("/account/profile/lab", post(profile::set_standing))
        .route("/account/security", get(security::show))
        .route("/account/security/password", post(security::change_password))
        .route("/account/security/sessions/{handle}/end", post(security::end_session))
        .route("/account/security/sessions/end-others", post(security::end_other_sessions))
        .route("/account/developer", developer::page(DeveloperPart::Keys).post(developer::forms::make_key))
        .route(DeveloperPart::Settings.path(), developer::page(DeveloperPart::Settings))
        .route(DeveloperPart::Sites.path(), developer::page(DeveloperPart::Sites))
        .route(DeveloperPart::Notifications.path(), developer::page(DeveloperPart::Notifications))
        .route(DeveloperPart::Calling.path(), developer::page(DeveloperPart::Calling))
        .route("/account/developer/{key}/secret", post(developer::forms::show_secret))
        .route("/account/developer/{key}/settings", post(developer::forms::save_settings))
        .route("/account/developer/{key}/sites", post(developer::forms::add_site))
        .route("/account/developer/{key}/sites/remove", post(developer::forms::remove_site))
        .with_state(site)
}

/// No page of the site is for search engines: what is public here is about a simulation.
pub async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

async fn front(visitor: Visitor) -> Html<String> {
    Html(pages::front(&visitor.chrome()))
}
