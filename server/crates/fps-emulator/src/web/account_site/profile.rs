//! Who the account belongs to; in lab mode, whether it may pay and be paid.

use crate::domain::accounts::{Account, AccountKind, AccountStatus};
use crate::engine::{Engine, accounts as services};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::form::{read_name, typed};
use app::form::FormState;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use payments_pages::model::ProfilePage;
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

const PATH: &str = "/account/profile";

pub async fn show(State(engine): State<Engine>, holder: AccountHolder) -> Response {
    let mut form = FormState::default();
    form.set("name", holder.account.name.clone());
    form.set("business_name", holder.account.business_name.clone().unwrap_or_default());
    Html(pages::profile(&holder.chrome, &page(&engine, &holder.account, form))).into_response()
}

fn page(engine: &Engine, account: &Account, form: FormState) -> ProfilePage {
    ProfilePage {
        form,
        email: account.email.clone(),
        business: account.kind == AccountKind::Business,
        email_verified: account.email_verified,
        status: account.status.as_str().to_owned(),
        since: account.created_at,
        lab: engine.config.lab,
    }
}

pub async fn save(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = typed(&fields);
    let business = holder.account.kind == AccountKind::Business;
    let mut read = |field: &str, present: Option<&str>| {
        let typed = form.value(field).to_owned();
        read_name(&mut form, field, &typed, present)
    };
    let Account { name: present, business_name: present_business, .. } = &holder.account;
    let name = read("name", Some(present));
    let business_name = business.then(|| read("business_name", present_business.as_deref()));
    if !form.is_valid() {
        let page = page(&engine, &holder.account, form);
        return Ok(AccountHolder::again(pages::profile(&holder.chrome, &page)));
    }
    services::rename(&engine, &holder.account, name, business_name).await?;
    holder.go(PATH, "Saved.").await
}

/// Only in lab mode; elsewhere this address does not exist.
pub async fn set_standing(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    if !engine.config.lab {
        return Err(Refusal::not_found());
    }
    let Account { status, email_verified, .. } = holder.account;
    let (status, email_verified, notice) = match fields.get("set") {
        Some("email-verified") => (status, true, "The e-mail address counts as verified."),
        Some("email-unverified") => (status, false, "The e-mail address counts as not verified."),
        Some("active") => (AccountStatus::Active, email_verified, "The account is active."),
        Some("suspended") => (AccountStatus::Suspended, email_verified, "The account is suspended."),
        Some("closed") => (AccountStatus::Closed, email_verified, "The account is closed."),
        _ => return Err(Refusal::bad_request("The form says nothing that is known here.")),
    };
    services::set_standing(&engine, &holder.account, status, email_verified).await?;
    holder.go(PATH, notice).await
}
