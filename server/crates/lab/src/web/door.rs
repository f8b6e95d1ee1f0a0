//! Who may see the lab's pages: whoever reaches the site, where only this machine does; where others do, whoever has the
//! control token, which is typed once and kept by the browser as a cookie that only this site gets.

use super::{page, query};
use crate::state::Lab;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use lab_pages::pages;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const NAME: &str = "lab";
/// Where the token is typed.
pub const PATH: &str = "/lab/sign-in";

pub async fn guard(State(lab): State<Lab>, request: Request, next: Next) -> Response {
    let Some(token) = &lab.settings.control_token else { return next.run(request).await };
    if request.uri().path() == PATH || has_cookie(request.headers(), token) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, page(pages::door(&lab.chrome(PATH), false))).into_response()
}

pub async fn show(State(lab): State<Lab>) -> Response {
    page(pages::door(&lab.chrome(PATH), false)).into_response()
}

pub async fn enter(State(lab): State<Lab>, body: Bytes) -> Response {
    let Some(token) = &lab.settings.control_token else { return Redirect::to("/lab").into_response() };
    let typed = query::fields(&String::from_utf8_lossy(&body)).remove("token").unwrap_or_default();
    if !bool::from(typed.as_bytes().ct_eq(token.expose_secret().as_bytes())) {
        return (StatusCode::UNPROCESSABLE_ENTITY, page(pages::door(&lab.chrome(PATH), true)))
            .into_response();
    }
    let secure = if lab.settings.payments_url.scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("{NAME}={}; Path=/lab; HttpOnly; SameSite=Strict{secure}", kept(token));
    let mut answer = Redirect::to("/lab").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    answer
}

/// What the browser keeps: not the token itself, with which programs call.
fn kept(token: &SecretString) -> String {
    let digest =
        Sha256::new().chain_update("the lab's pages: ").chain_update(token.expose_secret()).finalize();
    hex::encode(digest)
}

fn has_cookie(headers: &HeaderMap, token: &SecretString) -> bool {
    let kept = kept(token);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
    values.any(|(name, value)| name == NAME && bool::from(value.as_bytes().ct_eq(kept.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_the_tokens_and_not_the_token() {
        let token = SecretString::from("letmein");
        let with = |cookie: &str| {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
            has_cookie(&headers, &token)
        };
        assert!(with(&format!("a=b; lab={}", kept(&token))));
        assert!(!with("lab=letmein") && !with("lab=") && !with("a=b"));
        assert!(!kept(&token).contains("letmein"));
    }
}
