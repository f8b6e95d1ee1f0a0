//! Who the account belongs to; in lab mode, whether it may pay and be paid.

use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::state::Site;
use crate::web::account_site::signed_in::SignedIn;
use crate::web::account_site::transaction_forms::typed;
use app::form::FormState;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use payments_pages::model::ProfilePage;
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/profile";
/// Of FPS (REFERENCE §10).
const LONGEST_NAME: usize = 128;

pub async fn show(State(site): State<Site>, visitor: SignedIn) -> Response {
    let mut form = FormState::default();
    form.set("name", visitor.account.name.clone());
    form.set("business_name", visitor.account.business_name.clone().unwrap_or_default());
    Html(pages::profile(&visitor.chrome, &page(&site, &visitor.account, form))).into_response()
}

fn page(site: &Site, account: &Account, form: FormState) -> ProfilePage {
    ProfilePage {
        form,
        email: account.email.clone(),
        business: account.kind == AccountKind::Business,
        email_verified: account.email_verified,
        status: account.status.as_str().to_owned(),
        since: Timestamp::from_microsecond(account.created_at).unwrap_or_default(),
        lab: site.payments.config.lab,
    }
}

pub async fn save(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = typed(&fields);
    let business = visitor.account.kind == AccountKind::Business;
    let name = read_name(&mut form, "name", "Give your name, in at most 128 characters.");
    let business_name = business
        .then(|| read_name(&mut form, "business_name", "Give the business name, in at most 128 characters."));
    if !form.is_valid() {
        let page = page(&site, &visitor.account, form);
        return Ok(SignedIn::again(pages::profile(&visitor.chrome, &page)));
    }
    let id = visitor.account.id.clone();
    let saved: Result<(), sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let (id, name, business_name) = (id.clone(), name.clone(), business_name.clone());
            Box::pin(async move { accounts::rename(c, &id, &name, business_name.as_deref()).await })
        })
        .await;
    saved?;
    visitor.go(PATH, "Saved.").await
}

fn read_name(form: &mut FormState, field: &str, message: &str) -> String {
    let name = form.value(field).trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        form.refuse(field, message);
    }
    name
}

/// Only in lab mode; elsewhere this address does not exist.
pub async fn set_standing(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    if !site.payments.config.lab {
        return Err(Refusal::not_found());
    }
    let Account { id, status, email_verified, .. } = visitor.account.clone();
    let (status, email_verified, notice) = match fields.get("set") {
        Some("email-verified") => (status, true, "The e-mail address counts as verified."),
        Some("email-unverified") => (status, false, "The e-mail address counts as not verified."),
        Some("active") => (AccountStatus::Active, email_verified, "The account is active."),
        Some("suspended") => (AccountStatus::Suspended, email_verified, "The account is suspended."),
        Some("closed") => (AccountStatus::Closed, email_verified, "The account is closed."),
        _ => return Err(Refusal::bad_request("The form says nothing that is known here.")),
    };
    let set: Result<(), sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let id = id.clone();
            Box::pin(async move { accounts::set_standing(c, &id, status, email_verified).await })
        })
        .await;
    set?;
    visitor.go(PATH, notice).await
}
