//! `/account`: another password, and where one is signed in.

use super::{SignedIn, page};
use crate::Shop;
use crate::accounts::AccountError;
use crate::accounts::security::{self, ChangePassword};
use app::components::security::SessionEntry;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use platform::sessions::{self, Device, OwnedSession};
use platform::web::{ClientAddress, FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::AccountPage;
use shop_pages::pages;

const PATH: &str = "/account";

pub async fn show(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    Ok(keep_for_the_moment(shown(&shop, &visitor, FormState::default()).await?))
}

async fn shown(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let sessions = sessions::of_owner(&shop.db, &shop.clock, visitor.user.id.as_str()).await?;
    let this_one = visitor.session_handle();
    let data = AccountPage {
        name: visitor.user.name.clone(),
        email: visitor.user.email.clone(),
        form,
        sessions: sessions.into_iter().map(|session| entry(session, &this_one)).collect(),
    };
    Ok(page(data.form.is_valid(), pages::account(&visitor.chrome, &data)))
}

fn entry(session: OwnedSession, this_one: &str) -> SessionEntry {
    let OwnedSession { handle, device: Device { browser, address }, begun_at, used_at } = session;
    SessionEntry { this_one: handle == this_one, handle, browser, address, begun_at, used_at }
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
            Ok(see_other(PATH))
        }
        Err(AccountError::Invalid(form)) => shown(&shop, &visitor, form).await,
        Err(AccountError::NotNow(not_now)) => Err(not_now.into()),
        Err(AccountError::Password(error)) => Err(Refusal::because(error)),
        Err(AccountError::Database(error)) => Err(error.into()),
    }
}

pub async fn end_session(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(handle): Path<String>,
) -> Result<Response, Refusal> {
    security::end_session(&shop, &visitor.user, handle).await?;
    visitor.tell("The session is ended.").await?;
    Ok(see_other(PATH))
}

pub async fn end_other_sessions(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    security::end_other_sessions(&shop, &visitor.user, visitor.session_handle()).await?;
    visitor.tell("All other sessions are ended. You are signed in here and nowhere else.").await?;
    Ok(see_other(PATH))
}
