//! Signing in, signing out, and opening an account: the forms.

use crate::domain::accounts::AccountKind;
use crate::state::Site;
use crate::web::account_site::HOME;
use crate::web::sign_in::{self, SignInError, Visitor};
use crate::web::sign_up;
use app::form::FormState;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use payments_pages::model::{Chrome, CreateAccountPage, SignInPage};
use payments_pages::pages;
use platform::web::{ClientAddress, FormFields, Refusal, local_path, see_other};

#[derive(serde::Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

pub async fn sign_in_form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Refusal> {
    let next = page_after(&next);
    if visitor.account.is_some() {
        return Ok(see_other(&next));
    }
    let chrome = visitor.chrome_to_sign_in().await?;
    Ok(Html(sign_in_page(&site, &chrome, FormState::default(), next)).into_response())
}

pub async fn sign_in(
    State(site): State<Site>,
    mut visitor: Visitor,
    address: ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let next = page_after(fields.get("next").unwrap_or_default());
    match sign_in::sign_in_to_look(&site, &mut visitor, &fields, address).await {
        Ok(()) => Ok(see_other(&next)),
        Err(SignInError::Form(form)) => Ok(again(sign_in_page(&site, &visitor.chrome(), form, next))),
        Err(SignInError::Refused(refusal)) => Err(refusal),
    }
}

fn sign_in_page(site: &Site, chrome: &Chrome, form: FormState, next: String) -> String {
    let page = SignInPage { form, next, show_demo: site.payments.config.lab };
    pages::sign_in(chrome, &page)
}

pub async fn sign_out(visitor: Visitor) -> Result<Response, Refusal> {
    visitor.sign_out().await?;
    Ok(see_other("/"))
}

pub async fn create_form(visitor: Visitor, Query(Next { next }): Query<Next>) -> Response {
    let next = page_after(&next);
    if visitor.account.is_some() {
        return see_other(&next);
    }
    let page = CreateAccountPage { form: FormState::default(), next };
    Html(pages::create_account(&visitor.chrome(), &page)).into_response()
}

pub async fn create(
    State(site): State<Site>,
    mut visitor: Visitor,
    address: ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let next = page_after(fields.get("next").unwrap_or_default());
    match sign_up::create_account(&site, &mut visitor, &fields, AccountKind::Personal, address).await {
        Ok(()) => Ok(see_other(&next)),
        Err(SignInError::Form(form)) => {
            let page = CreateAccountPage { form, next };
            Ok(again(pages::create_account(&visitor.chrome(), &page)))
        }
        Err(SignInError::Refused(refusal)) => Err(refusal),
    }
}

/// The same page once more, with what was wrong.
fn again(page: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

/// Where to go after signing in: a page of this site, else the account.
fn page_after(next: &str) -> String {
    local_path(next).unwrap_or_else(|| HOME.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(page_after("/account/transactions/1?a=b"), "/account/transactions/1?a=b");
        for next in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "account"]
        {
            assert_eq!(page_after(next), HOME, "{next}");
        }
    }
}
