//! `/password/forgot` and `/password/reset`: a new password by mail.

use super::{Visitor, address, page};
use crate::Shop;
use crate::accounts::{AccountError, reset};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::REFERRER_POLICY;
use http::{HeaderValue, StatusCode};
use platform::web::{ClientAddress, FormFields, Refusal, is_loopback, never_compressed, see_other};
use shop_pages::model::{ForgotPage, MailReach, ResetPage};
use shop_pages::pages;

/// What a link of a mail carries.
pub(super) fn token_of(query: Option<&str>) -> String {
    address::asked(query, "token").unwrap_or_default().into_owned()
}

/// Of a page whose address lets somebody in: nobody is told it, nor keeps it. Browsers that are told to send no referrer
/// say `Origin: null` with our own form; over https, and on this machine, they say in another header that it is ours, and
/// elsewhere they are told to send the origin alone.
pub(super) fn keeps_to_itself(shop: &Shop, mut page: Response) -> Response {
    let url = &shop.config.public_url;
    let silent = url.scheme() == "https" || is_loopback(url);
    let policy = if silent { "no-referrer" } else { "strict-origin" };
    page.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static(policy));
    never_compressed(page)
}

/// A link that is over is of nothing that there is any more.
pub(super) fn answer(over: bool, html: String) -> Response {
    let status = if over { StatusCode::GONE } else { StatusCode::OK };
    (status, Html(html)).into_response()
}

fn forgot_page(shop: &Shop, visitor: &Visitor, form: FormState, written_to: Option<String>) -> Response {
    let data = ForgotPage { form, reach: shop.config.mail_reach(), written_to };
    page(data.form.is_valid(), pages::forgot_password(&visitor.chrome, &data))
}

pub async fn forgot_form(State(shop): State<Shop>, visitor: Visitor) -> Response {
    forgot_page(&shop, &visitor, FormState::default(), None)
}

pub async fn forgot(
    State(shop): State<Shop>,
    visitor: Visitor,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    if shop.config.mail_reach() == MailReach::Nowhere {
        return Ok(forgot_page(&shop, &visitor, FormState::default(), None));
    }
    match reset::ask(&shop, fields.get("email").unwrap_or_default(), from).await {
        Ok(address) => Ok(forgot_page(&shop, &visitor, FormState::default(), Some(address))),
        Err(AccountError::Invalid(errors)) => {
            let typed = FormState::typed_only(fields.into_map(), &["email"]);
            Ok(forgot_page(&shop, &visitor, FormState { errors: errors.errors, ..typed }, None))
        }
        Err(error) => Err(refused(error)),
    }
}

pub(super) fn refused(error: AccountError) -> Refusal {
    match error {
        AccountError::NotNow(not_now) => not_now.into(),
        AccountError::Database(error) => error.into(),
        AccountError::Password(error) => Refusal::because(error),
        AccountError::Invalid(_) => Refusal::bad_request("The form cannot be taken as it is."),
    }
}

fn reset_page(shop: &Shop, visitor: &Visitor, form: FormState, token: Option<String>) -> Response {
    let data = ResetPage { form, token };
    let html = pages::reset_password(&visitor.chrome, &data);
    let page = match &data.token {
        Some(_) => page(data.form.is_valid(), html),
        None => answer(true, html),
    };
    keeps_to_itself(shop, page)
}

pub async fn reset_form(
    State(shop): State<Shop>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let token = token_of(query.as_deref());
    let good = reset::may_reset(&shop, &token).await?;
    Ok(reset_page(&shop, &visitor, FormState::default(), good.then_some(token)))
}

pub async fn reset(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let token = field("token");
    match reset::reset(&shop, &token, field("new_password")).await {
        Ok(true) => {
            visitor.begin_session_of_nobody("Your password is changed. Sign in with the new one.").await?;
            Ok(see_other("/sign-in"))
        }
        Ok(false) => Ok(reset_page(&shop, &visitor, FormState::default(), None)),
        Err(AccountError::Invalid(form)) => Ok(reset_page(&shop, &visitor, form, Some(token))),
        Err(error) => Err(refused(error)),
    }
}
