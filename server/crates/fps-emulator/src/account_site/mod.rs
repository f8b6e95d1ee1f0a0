//! The account site: the front page, signing in, and the account at a glance, read-only. The rest of
//! it (tokens, refunds, developer settings) comes later and does not exist until then.

mod account;
mod transaction;

use crate::sign_in::{self, SignInError, Visitor};
use crate::site::Site;
use app::form::FormState;
use app::payments::model::SignInPage;
use app::payments::pages;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use platform::web::{ClientAddress, FormFields, Refusal, see_other};

const HOME: &str = "/account";

/// `/` alone, which it shares with the Query API.
pub fn front_router(site: Site) -> Router {
    Router::new().route("/", get(front)).with_state(site)
}

pub fn router(site: Site) -> Router {
    Router::new()
        .route(HOME, get(account::show))
        .route("/account/sign-in", get(sign_in_form).post(sign_in))
        .route("/account/sign-out", post(sign_out))
        .route("/account/transactions/{id}", get(transaction::show))
        .with_state(site)
}

async fn front(visitor: Visitor) -> Html<String> {
    Html(pages::front(&visitor.chrome()))
}

#[derive(serde::Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn sign_in_form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(Next { next }): Query<Next>,
) -> Response {
    let next = local_path(&next).to_owned();
    if visitor.account.is_some() {
        return see_other(&next);
    }
    Html(sign_in_page(&site, &visitor, FormState::default(), next)).into_response()
}

async fn sign_in(
    State(site): State<Site>,
    mut visitor: Visitor,
    address: ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let next = local_path(fields.get("next").unwrap_or_default()).to_owned();
    match sign_in::sign_in(&site, &mut visitor, &fields, address).await {
        Ok(()) => Ok(see_other(&next)),
        Err(SignInError::Form(form)) => {
            let page = sign_in_page(&site, &visitor, form, next);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(SignInError::Refused(refusal)) => Err(refusal),
    }
}

fn sign_in_page(site: &Site, visitor: &Visitor, form: FormState, next: String) -> String {
    let page = SignInPage { form, next, show_demo: site.payments.config.lab };
    pages::sign_in(&visitor.chrome(), &page)
}

async fn sign_out(visitor: Visitor) -> Result<Response, Refusal> {
    visitor.sign_out().await?;
    Ok(see_other("/"))
}

/// The way to the sign-in page for somebody who must sign in to see `path`.
fn to_sign_in(path: &str) -> Response {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    see_other(&format!("/account/sign-in?{query}"))
}

/// Where to go after signing in: a path of this site, else the account. Browsers read `//host` and
/// `/\host` as another site, and leave out control characters.
fn local_path(next: &str) -> &str {
    let leads_away = next.starts_with("//") || next.contains(|c: char| c == '\\' || c.is_control());
    if next.starts_with('/') && !leads_away { next } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(local_path("/account/transactions/1?a=b"), "/account/transactions/1?a=b");
        for next in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "account"]
        {
            assert_eq!(local_path(next), HOME, "{next}");
        }
    }
}
