//! The pages that a person goes through: sign in, choose how to pay, confirm. Each can be reloaded, reached
//! by Back or posted twice; the authorization in the database says what is still to be done.

mod address;
mod confirm;
mod instrument;
mod new_address;
mod new_instrument;
mod sign_in;

pub use address::{address_form, choose_address};
pub use confirm::{cancel, confirm, confirm_form};
pub use instrument::{choose_instrument, instrument_form};
pub use new_instrument::{add_bank_account, add_card, bank_account_form, card_form};
pub use sign_in::{create_account, create_account_form, sign_in, sign_in_form, switch_account};

use crate::domain::accounts::Account;
use crate::domain::authorizations::AuthorizationId;
use crate::engine::authorizations::{AuthorizationError, AuthorizationRequest, Entered, Seen};
use crate::state::Site;
use crate::web::cbui::{Stop, branding, view};
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use payments_pages::model;
use payments_pages::pages;
use platform::web::{content_security_policy, content_security_policy_with_image, see_other};

type Answer = Result<Response, Stop>;

/// `GET /cobranded-ui/{id}`: to the page that the person is at.
pub async fn current(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let request = resumed(&site, &visitor, &id).await?;
    begin(&site, &visitor, request).await
}

/// To the first page on which there is something to do.
pub async fn begin(site: &Site, visitor: &Visitor, request: Box<AuthorizationRequest>) -> Answer {
    match seen(site, visitor, request).await? {
        Seen::Suitable(entered) => Ok(first_page(&entered.request)),
        Seen::Unsuitable(request) => Ok(see_other(&path(&request, "sign-in"))),
    }
}

fn first_page(request: &AuthorizationRequest) -> Response {
    see_other(&path(request, if request.chooses_instrument() { "instrument" } else { "confirm" }))
}

/// The address of one of an authorization's pages.
fn path(request: &AuthorizationRequest, page: &str) -> String {
    super::path(request.id().as_str(), page)
}

/// What cannot be an id is none of an authorization.
fn read_id(id: &str) -> Result<AuthorizationId, AuthorizationError> {
    id.parse().map_err(|_| AuthorizationError::NotFound)
}

/// The authorization for its next page, unless it is over for the person.
async fn resumed(site: &Site, visitor: &Visitor, id: &str) -> Result<Box<AuthorizationRequest>, Stop> {
    Ok(site.payments.authorizations().resume(&read_id(id)?, visitor.account.as_ref()).await?)
}

/// What the account sees that the person is signed in with; to sign in if there is none.
async fn seen<'v>(
    site: &Site,
    visitor: &'v Visitor,
    request: Box<AuthorizationRequest>,
) -> Result<Seen<'v>, Stop> {
    let account = deciding_account(site, visitor, &request)?;
    Ok(site.payments.authorizations().look(request, account).await?)
}

/// The authorization by its id for a page that is only looked at: opening an address takes hold of nothing.
async fn seen_by_id<'v>(site: &Site, visitor: &'v Visitor, id: &str) -> Result<Entered<'v>, Stop> {
    match seen(site, visitor, resumed(site, visitor, id).await?).await? {
        Seen::Suitable(entered) => Ok(entered),
        Seen::Unsuitable(request) => Err(Stop::Leave(path(&request, "sign-in"))),
    }
}

/// The authorization as the signed-in person's own, ready for the pages after signing in; else to where the
/// person must go instead.
async fn entered<'v>(
    site: &Site,
    visitor: &'v Visitor,
    request: Box<AuthorizationRequest>,
) -> Result<Entered<'v>, Stop> {
    let account = deciding_account(site, visitor, &request)?;
    Ok(site.payments.authorizations().enter(request, account).await?)
}

/// The authorization as the signed-in person's own, by its id: what a form that was sent begins with.
async fn entered_by_id<'v>(site: &Site, visitor: &'v Visitor, id: &str) -> Result<Entered<'v>, Stop> {
    let request = resumed(site, visitor, id).await?;
    entered(site, visitor, request).await
}

/// Who is signed in, unless another account is deciding: a page says so.
fn deciding_account<'v>(
    site: &Site,
    visitor: &'v Visitor,
    request: &AuthorizationRequest,
) -> Result<&'v Account, Stop> {
    let Some(account) = &visitor.account else {
        return Err(Stop::Leave(path(request, "sign-in")));
    };
    if request.authorization.is_open() && request.authorization.is_of_another(account) {
        let html = pages::cbui_another(&visitor.chrome(), &shown(site, request));
        return Err(Stop::Page(Box::new(page_of(request, StatusCode::FORBIDDEN, html))));
    }
    Ok(account)
}

/// What every page shows of an authorization.
fn shown(site: &Site, request: &AuthorizationRequest) -> model::Authorization {
    view::authorization(request, site.payments.clock.now())
}

fn status_for(form: &FormState) -> StatusCode {
    if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Browsers hold the redirects that follow a form against `form-action`: the last one leads to the
/// caller's site. The caller's image is the only one of another site.
fn page_of(request: &AuthorizationRequest, status: StatusCode, html: String) -> Response {
    let policy = match branding::image(request) {
        Some(image) => content_security_policy_with_image(&request.return_url, &image),
        None => content_security_policy(&request.return_url),
    };
    (status, [(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}
