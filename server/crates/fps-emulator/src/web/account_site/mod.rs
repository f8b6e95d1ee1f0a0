//! The account site: the front page, signing in, and all that the owner of an account can see and do.

mod activity;
mod activity_file;
mod activity_filter;
mod balance;
mod developer;
mod developer_forms;
mod entrance;
mod instruments;
mod paging;
mod profile;
mod shares;
mod signed_in;
mod statement;
mod tokens;
mod transaction;
mod transaction_forms;

use crate::state::Site;
use crate::web::sign_in::Visitor;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use payments_pages::pages;

const HOME: &str = "/account";

/// `/` alone, which it shares with the Query API.
pub fn front_router(site: Site) -> Router {
    Router::new().route("/", get(front)).with_state(site)
}

pub fn router(site: Site) -> Router {
    Router::new()
        .route(HOME, get(activity::show))
        .route("/account/activity.csv", get(activity_file::download))
        .route("/account/sign-in", get(entrance::sign_in_form).post(entrance::sign_in))
        .route("/account/sign-out", post(entrance::sign_out))
        .route("/account/create", get(entrance::create_form).post(entrance::create))
        .route("/account/transactions/{id}", get(transaction::show))
        .route("/account/transactions/{id}/cancel", post(transaction_forms::cancel))
        .route("/account/transactions/{id}/refund", post(transaction_forms::refund))
        .route("/account/transactions/{id}/refund-request", post(transaction_forms::ask_for_refund))
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
        .route("/account/developer", get(developer::show).post(developer_forms::make_key))
        .route("/account/developer/{key}/secret", post(developer_forms::show_secret))
        .route("/account/developer/{key}/settings", post(developer_forms::save_settings))
        .route("/account/developer/{key}/sites", post(developer_forms::add_site))
        .route("/account/developer/{key}/sites/remove", post(developer_forms::remove_site))
        .with_state(site)
}

async fn front(visitor: Visitor) -> Html<String> {
    Html(pages::front(&visitor.chrome()))
}
