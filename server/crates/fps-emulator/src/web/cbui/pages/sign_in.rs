//! The way in: signing in, creating an account, and handing over to another one.

use crate::domain::accounts::AccountKind;
use crate::engine::authorizations::{AuthorizationRequest, Seen};
use crate::state::Site;
use crate::web::cbui::pages::{Answer, entered, first_page, page_of, path, resumed, seen, shown, status_for};
use crate::web::sign_in::{self, SignInError, Visitor};
use crate::web::sign_up;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use payments_pages::model::{CbuiSignIn, Chrome};
use payments_pages::pages;
use platform::web::{ClientAddress, FormFields, see_other};

pub async fn sign_in_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    form(&site, &visitor, &id, false).await
}

pub async fn create_account_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    form(&site, &visitor, &id, true).await
}

/// Who is signed in needs no such form, unless that account cannot give what is asked.
async fn form(site: &Site, visitor: &Visitor, id: &str, creating: bool) -> Answer {
    let request = resumed(site, visitor, id).await?;
    let Some(account) = &visitor.account else {
        let chrome = visitor.chrome_to_sign_in().await?;
        return Ok(page(site, &chrome, &request, FormState::default(), creating, StatusCode::OK));
    };
    match seen(site, visitor, request).await? {
        Seen::Suitable(entered) => Ok(first_page(&entered.request)),
        Seen::Unsuitable(request) => {
            let mut form = FormState::default();
            let unsuitable = format!(
                "You are signed in as {}, and that account cannot do this. Sign in with another one.",
                account.email
            );
            form.refuse("", unsuitable);
            Ok(page(site, &visitor.chrome(), &request, form, creating, StatusCode::OK))
        }
    }
}

fn page(
    site: &Site,
    chrome: &Chrome,
    request: &AuthorizationRequest,
    form: FormState,
    creating: bool,
    status: StatusCode,
) -> Response {
    let show_demo = site.payments.config.lab;
    let page = CbuiSignIn { authorization: shown(site, request), form, creating, show_demo };
    page_of(request, status, pages::cbui_sign_in(chrome, &page))
}

pub async fn sign_in(
    State(site): State<Site>,
    mut visitor: Visitor,
    Path(id): Path<String>,
    address: ClientAddress,
    fields: FormFields,
) -> Answer {
    let request = resumed(&site, &visitor, &id).await?;
    let outcome = sign_in::sign_in(&site, &mut visitor, &fields, address).await;
    after_sign_in(&site, &visitor, request, outcome, false).await
}

pub async fn create_account(
    State(site): State<Site>,
    mut visitor: Visitor,
    Path(id): Path<String>,
    address: ClientAddress,
    fields: FormFields,
) -> Answer {
    let request = resumed(&site, &visitor, &id).await?;
    // Who is to be paid opens an account for that.
    let kind = if request.chooses_instrument() { AccountKind::Personal } else { AccountKind::Business };
    let outcome = sign_up::create_account(&site, &mut visitor, &fields, kind, address).await;
    after_sign_in(&site, &visitor, request, outcome, true).await
}

async fn after_sign_in(
    site: &Site,
    visitor: &Visitor,
    request: Box<AuthorizationRequest>,
    outcome: Result<(), SignInError>,
    creating: bool,
) -> Answer {
    match outcome {
        // Who is not signed in after all is sent the same way as who is, and on to signing in from there.
        Ok(()) if visitor.account.is_none() => Ok(first_page(&request)),
        Ok(()) => Ok(first_page(&entered(site, visitor, request).await?.request)),
        Err(SignInError::Form(form)) => {
            let status = status_for(&form);
            Ok(page(site, &visitor.chrome(), &request, form, creating, status))
        }
        Err(SignInError::Refused(refusal)) => Err(refusal.into()),
    }
}

/// "Not you?": gives the authorization back and signs out.
pub async fn switch_account(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let request = resumed(&site, &visitor, &id).await?;
    if let Some(account) = &visitor.account {
        site.payments.authorizations().release(&request, account).await?;
        visitor.sign_out().await?;
    }
    Ok(see_other(&path(&request, "sign-in")))
}
