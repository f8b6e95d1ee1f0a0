//! The steps that a person goes through: sign in, choose how to pay, confirm. Each page can be reloaded,
//! reached by Back or posted twice; the authorization in the database says what is still to be done.

mod address;
mod confirm;
mod instrument;
mod new_instrument;

pub use address::{address_form, choose_address};
pub use confirm::{cancel, confirm, confirm_form};
pub use instrument::{choose_instrument, instrument_form};
pub use new_instrument::{add_bank_account, add_card, bank_account_form, card_form};

use crate::domain::accounts::{Account, AccountKind};
use crate::state::Site;
use crate::web::cbui::visit::{self, Visit};
use crate::web::cbui::{Stop, flow, objections, view};
use crate::web::sign_in::{self, SignInError, Visitor};
use crate::web::sign_up;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use payments_pages::model::{self, CbuiSignIn};
use payments_pages::pages;
use platform::web::{
    ClientAddress, FormFields, content_security_policy, content_security_policy_with_image, see_other,
};

type Answer = Result<Response, Stop>;

/// `GET /cobranded-ui/{id}`: to the step that the person is at.
pub async fn current(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    begin(&site, &visitor, &id).await
}

/// To the first step that there is to do.
pub async fn begin(site: &Site, visitor: &Visitor, id: &str) -> Answer {
    let visit = visit::visit(&site.payments, id, visitor.account.as_ref()).await?;
    if another_should_sign_in(site, visitor, &visit).await? {
        return Ok(see_other(&visit.path("sign-in")));
    }
    next_step(site, visitor, visit).await
}

/// Somebody is still signed in who cannot give what is asked (the merchant, say, on the machine of the
/// buyer): no reason to send the person back, who may sign in as somebody else.
async fn another_should_sign_in(site: &Site, visitor: &Visitor, visit: &Visit) -> Result<bool, Stop> {
    let Some(account) = &visitor.account else { return Ok(false) };
    if visit.authorization.account_id.is_some() {
        return Ok(false);
    }
    Ok(objections::to_account(&site.payments, visit, account).await?.is_some())
}

/// Where it goes on from here.
async fn next_step(site: &Site, visitor: &Visitor, visit: Visit) -> Answer {
    if visitor.account.is_none() {
        return Ok(see_other(&visit.path("sign-in")));
    }
    let (visit, _) = entered(site, visitor, visit).await?;
    let step = if visit.chooses_instrument() { "instrument" } else { "confirm" };
    Ok(see_other(&visit.path(step)))
}

/// The visit as the signed-in person's own, ready for the steps after signing in; else to where the
/// person must go instead.
async fn entered<'v>(site: &Site, visitor: &'v Visitor, visit: Visit) -> Result<(Visit, &'v Account), Stop> {
    let Some(account) = &visitor.account else {
        return Err(Stop::Leave(visit.path("sign-in")));
    };
    if visit.is_open() && visit.is_of_another(account) {
        let html = pages::cbui_another(&visitor.chrome(), &authorization(site, &visit));
        return Err(Stop::Page(Box::new(page_of(&visit, StatusCode::FORBIDDEN, html))));
    }
    Ok((flow::enter(&site.payments, visit, account).await?, account))
}

pub async fn sign_in_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    way_in(&site, &visitor, &id, false).await
}

pub async fn create_account_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    way_in(&site, &visitor, &id, true).await
}

async fn way_in(site: &Site, visitor: &Visitor, id: &str, creating: bool) -> Answer {
    let visit = visit::visit(&site.payments, id, visitor.account.as_ref()).await?;
    let mut form = FormState::default();
    if let Some(account) = &visitor.account {
        if !another_should_sign_in(site, visitor, &visit).await? {
            return next_step(site, visitor, visit).await;
        }
        let unsuitable =
            "You are signed in as {}, and that account cannot do this. Sign in with another one.";
        form.refuse("", unsuitable.replace("{}", &account.email));
    }
    Ok(sign_in_page(site, visitor, &visit, form, creating, StatusCode::OK))
}

fn sign_in_page(
    site: &Site,
    visitor: &Visitor,
    visit: &Visit,
    form: FormState,
    creating: bool,
    status: StatusCode,
) -> Response {
    let show_demo = site.payments.config.lab;
    let page = CbuiSignIn { authorization: authorization(site, visit), form, creating, show_demo };
    page_of(visit, status, pages::cbui_sign_in(&visitor.chrome(), &page))
}

pub async fn sign_in(
    State(site): State<Site>,
    mut visitor: Visitor,
    Path(id): Path<String>,
    address: ClientAddress,
    fields: FormFields,
) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let outcome = sign_in::sign_in(&site, &mut visitor, &fields, address).await;
    after_sign_in(&site, &visitor, visit, outcome, false).await
}

pub async fn create_account(
    State(site): State<Site>,
    mut visitor: Visitor,
    Path(id): Path<String>,
    address: ClientAddress,
    fields: FormFields,
) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    // Who is to be paid opens an account for that.
    let kind = if visit.chooses_instrument() { AccountKind::Personal } else { AccountKind::Business };
    let outcome = sign_up::create_account(&site, &mut visitor, &fields, kind, address).await;
    after_sign_in(&site, &visitor, visit, outcome, true).await
}

async fn after_sign_in(
    site: &Site,
    visitor: &Visitor,
    visit: Visit,
    outcome: Result<(), SignInError>,
    creating: bool,
) -> Answer {
    match outcome {
        Ok(()) => next_step(site, visitor, visit).await,
        Err(SignInError::Form(form)) => {
            let status = status_for(&form);
            Ok(sign_in_page(site, visitor, &visit, form, creating, status))
        }
        Err(SignInError::Refused(refusal)) => Err(refusal.into()),
    }
}

/// "Not you?": gives the authorization back and signs out.
pub async fn switch_account(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    if let Some(account) = &visitor.account {
        flow::release(&site.payments, &visit, account).await?;
        visitor.sign_out().await?;
    }
    Ok(see_other(&visit.path("sign-in")))
}

fn authorization(site: &Site, visit: &Visit) -> model::Authorization {
    view::authorization(visit, site.payments.clock.now())
}

fn status_for(form: &FormState) -> StatusCode {
    if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Browsers hold the redirects that follow a form against `form-action`: the last one leads to the
/// caller's site. The caller's image is the only one of another site.
fn page_of(visit: &Visit, status: StatusCode, html: String) -> Response {
    let policy = match &visit.image {
        Some(image) => content_security_policy_with_image(&visit.return_url, image),
        None => content_security_policy(&visit.return_url),
    };
    (status, [(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}
