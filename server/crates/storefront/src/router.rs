//! The shop's routes.

use crate::Shop;
use crate::purchase::{cbui_return, notifications, registration};
use crate::state::SESSION_COOKIE;
use crate::web::{
    account, accounts, catalogue, checkout, covers, downloads, error_page, messages, operator, orders,
    payments, sell, shared,
};
use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use platform::sessions::session_layer;
use platform::web::{SiteRules, content_security_policy, own_pages, site};

pub fn router(shop: &Shop) -> Router {
    let rules = SiteRules {
        public_url: shop.config.public_url.clone(),
        allowed_hosts: shop.config.allowed_hosts.clone(),
        takes_any_host: is_notification,
        content_security_policy: content_security_policy(&shop.config.payments_url),
        exempt_from_same_origin: is_notification,
        refuses_nul_itself: |_| false,
        render_error: error_page,
        clock: shop.clock.clone(),
        random: shop.random.clone(),
        at_hand: shared::at_hand(shop),
    };
    site(routes(shop), rules)
}

/// Amazon posts them, not a form of ours; their signature says so.
fn is_notification(request: &Request) -> bool {
    request.uri().path() == notifications::PATH
}

fn routes(shop: &Shop) -> Router {
    let sessions = session_layer(shop.session_store(), SESSION_COOKIE, &shop.config.public_url);
    let own_pages = own_pages(shop.db.clone(), shop.clock.clone());
    let for_all = Router::new()
        .route("/", get(catalogue::home))
        .route("/items/{slug}", get(catalogue::item))
        .layer((own_pages.clone(), sessions.clone()))
        .layer(from_fn_with_state(shop.clone(), shared::for_strangers));
    let for_people = Router::new()
        .route("/sign-in", get(accounts::sign_in_form).post(accounts::sign_in))
        .route("/sign-up", get(accounts::sign_up_form).post(accounts::sign_up))
        .route("/sign-out", post(accounts::sign_out))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/{handle}/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_other_sessions))
        .route("/checkout/{slug}", get(checkout::form).post(checkout::place))
        .merge(order_routes())
        .merge(merchant_routes())
        .route("/operator", get(operator::show))
        .route("/operator/figures", get(operator::figures::show))
        .layer((own_pages, sessions));
    for_people
        .merge(for_all)
        .route("/covers/{slug}", get(covers::cover))
        .route("/previews/{slug}", get(covers::preview))
        .route(cbui_return::PATH, get(payments::come_back).head(payments::only_get))
        .route(notifications::PATH, post(payments::notification))
        .with_state(shop.clone())
}

fn order_routes() -> Router<Shop> {
    Router::new()
        .route("/orders", get(orders::list))
        .route("/orders/{id}", get(orders::show))
        .route("/orders/{id}/thank-you", get(orders::thank_you))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/refund", post(orders::refund))
        .route("/orders/{id}/refund-requests/{request}/grant", post(orders::grant_refund))
        .route("/orders/{id}/refund-requests/{request}/decline", post(orders::decline_refund))
        .route("/orders/{id}/fulfil", post(orders::fulfil))
        .route("/orders/{id}/restart", post(orders::restart))
        .route("/orders/{id}/messages", post(messages::send))
        .route("/orders/{id}/download", get(downloads::download))
        .route("/library", get(downloads::library))
}

fn merchant_routes() -> Router<Shop> {
    Router::new()
        .route("/sell", get(sell::show).post(sell::open))
        .route("/sell/register", post(sell::register))
        .route(registration::RETURN_PATH, get(sell::registered).head(payments::only_get))
        .route("/sell/figures", get(sell::figures::show))
        .route("/sell/figures/amazon", get(sell::figures::amazon))
        .route("/sell/sales.csv", get(sell::sales_file::download))
        .route("/sell/messages", get(sell::messages::show))
        .route("/sell/customers", get(sell::customers::list))
        .route("/sell/customers/{id}", get(sell::customers::show))
        .route("/sell/notices", get(sell::notices::list))
        .route("/sell/notices/read", post(sell::notices::mark_read))
        .route("/sell/items/new", get(sell::new_item::form).post(sell::new_item::list))
}
