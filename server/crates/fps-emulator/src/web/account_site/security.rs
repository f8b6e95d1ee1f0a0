//! Another password, and where the account's holder is signed in.

use crate::engine::accounts as services;
use crate::state::Site;
use crate::web::account_site::account_holder::AccountHolder;
use app::components::security::SessionEntry;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use identity::NewPassword;
use payments_pages::model::SecurityPage;
use payments_pages::pages;
use platform::sessions::{self, Device, OwnedSession};
use platform::web::{ClientAddress, FormFields, Refusal};

const PATH: &str = "/account/security";

pub async fn show(State(site): State<Site>, holder: AccountHolder) -> Result<Response, Refusal> {
    Ok(Html(page(&site, &holder, FormState::default()).await?).into_response())
}

async fn page(site: &Site, holder: &AccountHolder, form: FormState) -> Result<String, Refusal> {
    let payments = &site.payments;
    let sessions = sessions::of_owner(&payments.db, &payments.clock, holder.account.id.as_str()).await?;
    let this_one = holder.session_handle();
    let data = SecurityPage {
        email: holder.account.email.clone(),
        form,
        sessions: sessions.into_iter().map(|session| entry(session, &this_one)).collect(),
    };
    Ok(pages::security(&holder.clone().at(PATH).chrome, &data))
}

fn entry(session: OwnedSession, this_one: &str) -> SessionEntry {
    let OwnedSession { handle, device: Device { browser, address }, begun_at, used_at } = session;
    SessionEntry { this_one: handle == this_one, handle, browser, address, begun_at, used_at }
}

/// The current password is asked (OWASP ASVS 5.0, 6.2.3), and a wrong one counts like a failed sign-in: who finds a
/// browser open must not guess it here.
pub async fn change_password(
    State(site): State<Site>,
    holder: AccountHolder,
    ClientAddress(address): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (current, new) = (field("current_password"), field("new_password"));
    let (email, payments) = (&holder.account.email, &site.payments);
    let same = current == new;
    let new = match NewPassword::choose(new, email, payments.config.published_passwords()) {
        Ok(new) => new,
        Err(problem) => return refused(&site, &holder, "new_password", &problem.to_string()).await,
    };
    let turn = site.throttle.admit(email, address).await.map_err(Refusal::from)?;
    if !site.passwords.verify(current, Some(holder.account.password_hash.clone())).await {
        turn.failed();
        return refused(&site, &holder, "current_password", "This is not your password.").await;
    }
    if same {
        let message = "This is the password that you have. Choose another one.";
        return refused(&site, &holder, "new_password", message).await;
    }
    let hash = site.passwords.hash(new.into_string()).await.map_err(Refusal::because)?;
    let handle = holder.session_handle();
    if !services::change_password(&payments.engine(), &holder.account, hash, handle).await? {
        let message = "Your password was changed meanwhile. Type the new one.";
        return refused(&site, &holder, "current_password", message).await;
    }
    turn.succeeded();
    holder.renew_session().await?;
    holder.go(PATH, "Your password is changed. You are signed in here and nowhere else.").await
}

async fn refused(
    site: &Site,
    holder: &AccountHolder,
    field: &str,
    problem: &str,
) -> Result<Response, Refusal> {
    let mut form = FormState::default();
    form.refuse(field, problem);
    Ok(AccountHolder::again(page(site, holder, form).await?))
}

pub async fn end_session(
    State(site): State<Site>,
    holder: AccountHolder,
    Path(handle): Path<String>,
) -> Result<Response, Refusal> {
    services::end_session(&site.payments.engine(), &holder.account, handle).await?;
    holder.go(PATH, "The session is ended.").await
}

pub async fn end_other_sessions(
    State(site): State<Site>,
    holder: AccountHolder,
) -> Result<Response, Refusal> {
    services::end_other_sessions(&site.payments.engine(), &holder.account, holder.session_handle()).await?;
    holder.go(PATH, "All other sessions are ended. You are signed in here and nowhere else.").await
}
