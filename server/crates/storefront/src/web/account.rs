//! `/account` and what is below it: name, address, password, and where one is signed in.

use super::password::{answer, keeps_to_itself, refused, token_of};
use super::{SignedIn, Visitor, page};
use crate::Shop;
use crate::accounts::security::{self, ChangePassword};
use crate::accounts::{AccountError, identity_changes, second_factor};
use app::components::security::SessionEntry;
use app::form::FormState;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use platform::sessions::{self, Device, OwnedSession};
use platform::web::{ClientAddress, FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{AccountEmailPage, AccountPage, ConfirmPage, MailReach};
use shop_pages::pages;

const PROFILE: &str = "/account/profile";

pub async fn show(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    Ok(keep_for_the_moment(shown(&shop, &visitor, FormState::default()).await?))
}

async fn shown(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let user = &visitor.user;
    let sessions = sessions::of_owner(&shop.db, &shop.clock, user.id.as_str()).await?;
    let this_one = visitor.session_handle();
    let data = AccountPage {
        name: user.name.clone(),
        email: user.email.clone(),
        second_factor: second_factor::recovery_codes(shop, &user.id).await?,
        form,
        sessions: sessions.into_iter().map(|session| entry(session, &this_one)).collect(),
    };
    Ok(page(data.form.is_valid(), pages::account(&visitor.chrome, &data)))
}

fn entry(session: OwnedSession, this_one: &str) -> SessionEntry {
    let OwnedSession { handle, device: Device { browser, address }, begun_at, used_at } = session;
    SessionEntry { this_one: handle == this_one, handle, browser, address, begun_at, used_at }
}

fn profile_page(visitor: &SignedIn, form: &FormState) -> Response {
    page(form.is_valid(), pages::account_profile(&visitor.chrome, &visitor.user.email, form))
}

pub async fn profile_form(visitor: SignedIn) -> Response {
    let mut form = FormState::default();
    form.set("name", &visitor.user.name);
    profile_page(&visitor, &form)
}

pub async fn change_name(
    State(shop): State<Shop>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    match identity_changes::change_name(&shop, &visitor.user, fields.get("name").unwrap_or_default()).await {
        Ok(()) => {
            visitor.tell("Your name is saved.").await?;
            Ok(see_other(PROFILE))
        }
        Err(AccountError::Invalid(errors)) => {
            let typed = FormState::typed_only(fields.into_map(), &["name"]);
            Ok(profile_page(&visitor, &FormState { errors: errors.errors, ..typed }))
        }
        Err(error) => Err(refused(error)),
    }
}

fn email_page(shop: &Shop, visitor: &SignedIn, form: FormState) -> Response {
    let data = AccountEmailPage { email: visitor.user.email.clone(), form, reach: shop.config.mail_reach() };
    page(data.form.is_valid(), pages::account_email(&visitor.chrome, &data))
}

pub async fn email_form(State(shop): State<Shop>, visitor: SignedIn) -> Response {
    email_page(&shop, &visitor, FormState::default())
}

pub async fn change_email(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let reach = shop.config.mail_reach();
    if reach == MailReach::Nowhere {
        return Ok(email_page(&shop, &visitor, FormState::default()));
    }
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (email, password) = (field("email"), field("current_password"));
    match identity_changes::ask_for_email(&shop, &visitor.user, &email, password, from).await {
        Ok(email) => {
            let lab = match reach {
                MailReach::Lab => format!(" In the lab it is at /mail?address={email}."),
                MailReach::Sent | MailReach::Nowhere => String::new(),
            };
            let told = format!("We have written to {email}. Follow the link in that mail within a day.{lab}");
            visitor.tell(&told).await?;
            Ok(see_other(PROFILE))
        }
        Err(AccountError::Invalid(errors)) => {
            let typed = FormState::typed_only(fields.into_map(), &["email"]);
            Ok(email_page(&shop, &visitor, FormState { errors: errors.errors, ..typed }))
        }
        Err(error) => Err(refused(error)),
    }
}

fn confirm_page(shop: &Shop, visitor: &Visitor, token: Option<&String>) -> Response {
    let html = pages::confirm_email(&visitor.chrome, &ConfirmPage { token: token.cloned() });
    keeps_to_itself(shop, answer(token.is_none(), html))
}

/// Where the link of the mail leads: opening it alone does nothing, since programs open links before people do.
pub async fn confirm_email_form(
    State(shop): State<Shop>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let token = token_of(query.as_deref());
    let good = identity_changes::may_confirm(&shop, &token).await?;
    Ok(confirm_page(&shop, &visitor, good.then_some(&token)))
}

/// Signs nobody in: who follows the link has shown that the address is theirs, and not that the account is.
pub async fn confirm_email(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let token = fields.get("token").unwrap_or_default();
    if !identity_changes::confirm_email(&shop, token, visitor.session_handle()).await? {
        return Ok(confirm_page(&shop, &visitor, None));
    }
    visitor
        .tell("The new address is confirmed. You sign in with it from now on, and are signed out elsewhere.")
        .await?;
    Ok(see_other(if visitor.user.is_some() { PROFILE } else { "/sign-in" }))
}

pub async fn change_password(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let form = ChangePassword { current: field("current_password"), new: field("new_password") };
    match security::change_password(&shop, &visitor.user, form, from, &visitor.session_handle()).await {
        Ok(()) => {
            visitor.renew_session().await?;
            visitor.tell("Your password is changed. You are signed in here and nowhere else.").await?;
            Ok(see_other("/account"))
        }
        Err(AccountError::Invalid(form)) => shown(&shop, &visitor, form).await,
        Err(error) => Err(refused(error)),
    }
}

pub async fn end_session(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(handle): Path<String>,
) -> Result<Response, Refusal> {
    security::end_session(&shop, &visitor.user, handle).await?;
    visitor.tell("The session is ended.").await?;
    Ok(see_other("/account"))
}

pub async fn end_other_sessions(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    security::end_other_sessions(&shop, &visitor.user, visitor.session_handle()).await?;
    visitor.tell("All other sessions are ended. You are signed in here and nowhere else.").await?;
    Ok(see_other("/account"))
}
