//! The site's keys, for the lab to work out signatures with.

use crate::domain::callers;
use crate::state::Payments;
use crate::web::query_api::certificate_named_by;
use async_trait::async_trait;
use fps_protocol::ids::AccessKey;
use platform::lab::Keys;
use secrecy::SecretString;

#[async_trait]
impl Keys for Payments {
    async fn secret(&self, access_key: &str) -> Option<SecretString> {
        let access_key = AccessKey::new(access_key).ok()?;
        let found = callers::find(&self.db, &access_key).await;
        let caller = found.inspect_err(|error| tracing::error!(%error, "a caller cannot be read")).ok()??;
        Some(SecretString::from(caller.secret.expose()))
    }

    async fn certificate(&self, certificate_url: &str) -> Option<String> {
        let found = certificate_named_by(&self.signer, Some(certificate_url)).await;
        found.inspect_err(|error| tracing::error!(%error, "the certificate cannot be read")).ok()
    }
}
