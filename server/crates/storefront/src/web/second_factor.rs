//! `/account/second-factor`: turned on, turned off, and its recovery codes.

use super::password::refused;
use super::{SignedIn, page};
use crate::Shop;
use crate::accounts::AccountError;
use crate::accounts::second_factor::{self, Proof};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use platform::web::{ClientAddress, FormFields, Refusal, see_other};
use shop_pages::pages;
use std::net::IpAddr;

const PATH: &str = "/account/second-factor";

async fn shown(shop: &Shop, visitor: &SignedIn, form: &FormState) -> Result<Response, Refusal> {
    let state = second_factor::state(shop, &visitor.user).await?;
    Ok(page(form.is_valid(), pages::second_factor(&visitor.chrome, &state, form)))
}

pub async fn show(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    shown(&shop, &visitor, &FormState::default()).await
}

pub async fn begin(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let password = fields.get("current_password").unwrap_or_default().to_owned();
    match second_factor::begin(&shop, &visitor.user, password, from).await {
        Ok(()) => Ok(see_other(PATH)),
        Err(AccountError::Invalid(form)) => shown(&shop, &visitor, &form).await,
        Err(error) => Err(refused(error)),
    }
}

/// The right code turns it on. The codes for recovery are shown in the answer and nowhere else.
pub async fn confirm(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (code, session) = (fields.get("code").unwrap_or_default(), visitor.session_handle());
    match second_factor::turn_on(&shop, &visitor.user, code, from, session).await {
        Ok(codes) => {
            visitor.renew_session().await?;
            Ok(page(true, pages::recovery_codes(&visitor.chrome, &codes)))
        }
        Err(AccountError::Invalid(form)) => shown(&shop, &visitor, &form).await,
        Err(error) => Err(refused(error)),
    }
}

/// Password and code, as forms ask for them.
pub(super) fn proof(fields: &FormFields, from: IpAddr) -> Proof {
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Proof { password: field("current_password"), code: field("code"), from }
}

/// A page of who has a second factor; for others where it stands.
async fn where_on(shop: &Shop, visitor: &SignedIn, html: String) -> Result<Response, Refusal> {
    Ok(if second_factor::is_on(shop, &visitor.user.id).await? { page(true, html) } else { see_other(PATH) })
}

pub async fn off_form(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    where_on(&shop, &visitor, pages::second_factor_off(&visitor.chrome, &FormState::default())).await
}

pub async fn turn_off(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (proof, session) = (proof(&fields, from), visitor.session_handle());
    match second_factor::turn_off(&shop, &visitor.user, proof, session).await {
        Ok(()) => {
            visitor.renew_session().await?;
            visitor.tell("Your second factor is off.").await?;
            Ok(see_other(PATH))
        }
        Err(AccountError::Invalid(form)) => Ok(page(false, pages::second_factor_off(&visitor.chrome, &form))),
        Err(error) => Err(refused(error)),
    }
}

pub async fn codes_form(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    where_on(&shop, &visitor, pages::new_recovery_codes(&visitor.chrome, &FormState::default())).await
}

pub async fn new_codes(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    match second_factor::new_codes(&shop, &visitor.user, proof(&fields, from)).await {
        Ok(codes) => Ok(page(true, pages::recovery_codes(&visitor.chrome, &codes))),
        Err(AccountError::Invalid(form)) => {
            Ok(page(false, pages::new_recovery_codes(&visitor.chrome, &form)))
        }
        Err(error) => Err(refused(error)),
    }
}
