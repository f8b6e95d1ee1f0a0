//! `/account/data` and `/account/export`: what is kept about somebody, as a file.

use super::password::refused;
use super::second_factor::proof;
use super::{SignedIn, page};
use crate::Shop;
use crate::accounts::export::Export;
use crate::accounts::{AccountError, second_factor};
use app::form::FormState;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use platform::web::{ClientAddress, FormFields, Refusal};
use shop_pages::model::PersonalDataPage;
use shop_pages::pages;

async fn shown(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let second_factor = second_factor::is_on(shop, &visitor.user.id).await?;
    let data = PersonalDataPage { form, second_factor };
    Ok(page(data.form.is_valid(), pages::personal_data(&visitor.chrome, &data)))
}

pub async fn show(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    shown(&shop, &visitor, FormState::default()).await
}

/// Fields: `current_password`, `code`. The file is sent as it is read: one piece of it is in memory. Where the database
/// fails, the download breaks off: a file that looks whole and is not would be worse.
pub async fn export(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    match second_factor::ask(&shop, &visitor.user, proof(&fields, from)).await {
        Ok(()) => {}
        Err(AccountError::Invalid(form)) => return shown(&shop, &visitor, form).await,
        Err(error) => return Err(refused(error)),
    }
    tracing::info!(user = %visitor.user.id, %from, "somebody has their data sent");
    let export = Export::new(&shop, &visitor.user.id);
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.file_name())),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(export, Export::write))).into_response())
}
