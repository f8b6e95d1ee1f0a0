//! The shop's routes.

use crate::Shop;
use crate::purchase::{basket, cbui_return, notifications, registration};
use crate::state::SESSION_COOKIE;
use crate::web::{
    about, account, accounts, cart, catalogue, checkout, coupons, covers, credit, downloads, error_page,
    feeds, finding, gifts, guests, leaving, licences, live, mail, messages, operator, orders, own_error_page,
    password, payments, personal_data, previews, receipts, refunds, reviews, second_factor, seen, sell,
    sellers, shared,
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

pub(crate) fn routes(shop: &Shop) -> Router {
    let sessions = session_layer(shop.session_store(), SESSION_COOKIE, &shop.config.public_url);
    let own_pages = own_pages(shop.db.clone(), shop.clock.clone());
    let own_errors = from_fn_with_state(shop.clone(), own_error_page);
    let for_all = Router::new()
        .route("/", get(catalogue::home))
        .route("/items/{slug}", get(catalogue::item))
        .fallback(finding::nothing_here)
        .layer(own_errors.clone())
        .layer((own_pages.clone(), sessions.clone()))
        .layer(from_fn_with_state(shop.clone(), shared::for_strangers));
    let for_people = Router::new()
        .route("/sign-in", get(accounts::sign_in_form).post(accounts::sign_in))
        .route("/sign-up", get(accounts::sign_up_form).post(accounts::sign_up))
        .route("/sign-up/sent", get(accounts::sign_up_sent))
        .route("/sign-up/confirm", get(accounts::confirm_form).post(accounts::confirm))
        .route("/sign-out", post(accounts::sign_out))
        .route("/password/forgot", get(password::forgot_form).post(password::forgot))
        .route("/password/reset", get(password::reset_form).post(password::reset))
        .route("/mail", get(mail::list))
        .route("/mail/read", post(mail::mark_all_read))
        .route("/mail/{id}", get(mail::show))
        .route("/mail/{id}/text", get(mail::text))
        .route("/sign-in/code", get(accounts::code_form).post(accounts::code))
        .route("/account", get(account::show))
        .route("/account/profile", get(account::profile_form).post(account::change_name))
        .route("/account/email", get(account::email_form).post(account::change_email))
        .route("/account/email/confirm", get(account::confirm_email_form).post(account::confirm_email))
        .route("/account/second-factor", get(second_factor::show).post(second_factor::begin))
        .route("/account/second-factor/confirm", post(second_factor::confirm))
        .route("/account/second-factor/off", get(second_factor::off_form).post(second_factor::turn_off))
        .route("/account/second-factor/codes", get(second_factor::codes_form).post(second_factor::new_codes))
        .route("/account/data", get(personal_data::show))
        .route("/account/export", post(personal_data::export))
        .route("/account/delete", get(leaving::delete_form).post(leaving::delete))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/{handle}/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_other_sessions))
        .route("/sellers/{slug}", get(sellers::show))
        .route("/help", get(about::help))
        .route("/terms", get(about::terms))
        .route("/privacy", get(about::privacy))
        .route("/cart", get(cart::show).post(cart::change))
        .route("/wishlist", get(cart::show_wishes).post(cart::change_wishes))
        .route("/cart/checkout", get(cart::checkout).post(cart::place))
        .route("/cart/{id}", get(cart::ordered))
        .route("/recently-seen/forget", post(seen::forget))
        .route("/gifts/{id}", get(gifts::show).post(gifts::accept))
        .route("/guest/orders/{id}", get(guests::order_form).post(guests::order))
        .route("/guest/claim", get(guests::claim_form).post(guests::claim))
        .route("/guest/link", get(guests::link_form).post(guests::link))
        .route("/cart/{id}/events", get(live::of_basket))
        .route("/credit", get(credit::show).post(credit::charge))
        .route("/credit/{id}/return", get(credit::come_back).head(payments::only_get))
        .route("/items/{slug}/type", get(previews::type_tester))
        .route("/items/{slug}/reviews", get(reviews::list))
        .route("/items/{slug}/review", get(reviews::form).post(reviews::write))
        .route("/items/{slug}/review/withdraw", post(reviews::withdraw))
        .route("/checkout/{slug}", get(checkout::form).post(checkout::place))
        .merge(order_routes())
        .merge(merchant_routes())
        .merge(operator_routes())
        .layer(own_errors)
        .layer((own_pages, sessions.clone()));
    let seen_by_all = Router::new()
        .route("/covers/{slug}", get(covers::cover))
        .route("/sellers/{slug}/picture", get(sellers::picture))
        .route("/previews/{slug}", get(covers::preview))
        .route("/previews/{slug}/waveform", get(previews::waveform))
        .route("/specimens/{slug}", get(previews::specimen))
        .route("/pictures/{slug}/{number}", get(covers::picture))
        .route("/samples/{slug}", get(covers::sample))
        .route("/demos/{slug}", get(covers::demo))
        .route("/search/suggest", get(finding::suggest))
        .layer(sessions);
    for_people
        .merge(for_all)
        .merge(seen_by_all)
        .route("/licences/verify", get(licences::verify))
        .route("/robots.txt", get(feeds::robots))
        .route("/sitemap.xml", get(feeds::sitemap))
        .route("/feed.atom", get(feeds::feed))
        .route("/downloads/{id}/{signature}", get(downloads::follow_link))
        .route(basket::RETURN_PATH, get(cart::come_back).head(payments::only_get))
        .route(cbui_return::PATH, get(payments::come_back).head(payments::only_get))
        .route(notifications::PATH, post(payments::notification))
        .with_state(shop.clone())
}

fn order_routes() -> Router<Shop> {
    Router::new()
        .route("/orders", get(orders::list))
        .route("/orders/{id}", get(orders::show))
        .route("/orders/{id}/events", get(live::of_order))
        .route("/orders/{id}/thank-you", get(orders::thank_you))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/refund", get(refunds::form).post(refunds::refund))
        .route("/orders/{id}/calls/{call}", get(orders::call))
        .route("/orders/{id}/refund-requests/{request}/grant", post(refunds::grant))
        .route("/orders/{id}/refund-requests/{request}/decline", post(refunds::decline))
        .route(
            "/orders/{id}/refund-requests/{request}/escalate",
            get(refunds::escalate_form).post(refunds::escalate),
        )
        .route("/orders/{id}/fulfil", post(orders::fulfil))
        .route("/orders/{id}/gift", post(gifts::send_again))
        .route("/orders/{id}/restart", post(orders::restart))
        .route("/orders/{id}/messages", post(messages::send))
        .route("/orders/{id}/download", get(downloads::download))
        .route("/orders/{id}/download/{number}", get(downloads::download_more))
        .route("/orders/{id}/receipt", get(receipts::show))
        .route("/orders/{id}/receipt.pdf", get(receipts::pdf))
        .route("/orders/{id}/links", post(downloads::make_link))
        .route("/library", get(downloads::library))
}

/// For everybody else they do not exist.
fn operator_routes() -> Router<Shop> {
    Router::new()
        .route("/operator", get(operator::show))
        .route("/operator/audit", get(operator::audit::show))
        .route("/operator/audit.csv", get(operator::audit::csv))
        .route("/operator/users", get(operator::people::list))
        .route("/operator/users/{id}", get(operator::people::show))
        .route("/operator/users/{id}/close", post(operator::people::close))
        .route("/operator/users/{id}/open", post(operator::people::open))
        .route("/operator/users/{id}/second-factor/off", post(operator::people::turn_second_factor_off))
        .route("/operator/sellers/{id}", get(operator::people::seller))
        .route("/operator/sellers/{id}/hold", post(operator::people::hold_seller))
        .route("/operator/sellers/{id}/release", post(operator::people::release_seller))
        .route("/operator/items", get(operator::items::list))
        .route("/operator/items/{slug}", get(operator::items::show))
        .route("/operator/items/{slug}/hold", post(operator::items::hold))
        .route("/operator/items/{slug}/release", post(operator::items::release))
        .route("/operator/figures", get(operator::figures::show))
        .route("/operator/orders", get(operator::orders::list))
        .route("/operator/fees", get(operator::fees::show).post(operator::fees::make))
        .route("/operator/fees/{id}/withdraw", post(operator::fees::withdraw))
        .route("/operator/coupons", get(coupons::of_market).post(coupons::make_for_market))
        .route("/operator/coupons/{id}/withdraw", post(coupons::withdraw_of_market))
        .route("/operator/disputes", get(operator::disputes::list))
        .route("/operator/disputes/{id}", get(operator::disputes::show).post(operator::disputes::decide))
        .route("/operator/reviews", get(operator::reviews::list))
        .route("/operator/reviews/{id}", get(operator::reviews::show))
        .route("/operator/reviews/{id}/hide", post(operator::reviews::hide))
        .route("/operator/reviews/{id}/show", post(operator::reviews::show_again))
        .route("/operator/health", get(operator::health::show))
        .route("/operator/health/orders/{id}/mend", post(operator::health::mend))
        .route("/operator/health/mails/{id}/send", post(operator::health::send_mail_again))
}

fn merchant_routes() -> Router<Shop> {
    Router::new()
        .route("/sell", get(sell::show).post(sell::open))
        .route("/sell/register", post(sell::register))
        .route(registration::RETURN_PATH, get(sell::registered).head(payments::only_get))
        .route("/sell/orders", get(sell::orders::list))
        .route("/sell/orders/fulfil", post(sell::orders::fulfil))
        .route("/sell/orders/fulfilled", get(sell::orders::fulfilled))
        .route("/sell/profile", get(sell::profile::form).post(sell::profile::save))
        .route("/sell/profile/picture", post(sell::profile::picture))
        .route("/sell/items", get(sell::listings::show))
        .route("/sell/items/new", get(sell::editor::new).post(sell::editor::create))
        .route("/sell/items/{slug}", get(sell::editor::show).post(sell::editor::change))
        .route("/sell/coupons", get(coupons::of_seller).post(coupons::make_for_seller))
        .route("/sell/coupons/{id}/withdraw", post(coupons::withdraw_of_seller))
        .route("/sell/figures", get(sell::figures::show))
        .route("/sell/figures/amazon", get(sell::figures::amazon))
        .route("/sell/sales.csv", get(sell::sales_file::download))
        .route("/sell/messages", get(sell::messages::show))
        .route("/sell/reviews", get(sell::reviews::list))
        .route("/sell/reviews/{id}", get(sell::reviews::form).post(sell::reviews::answer))
        .route("/sell/customers", get(sell::customers::list))
        .route("/sell/customers/{id}", get(sell::customers::show))
        .route("/sell/notices", get(sell::notices::list))
        .route("/sell/notices/read", post(sell::notices::mark_read))
}
