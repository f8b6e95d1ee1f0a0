//! What signatures are checked with.

use async_trait::async_trait;
use secrecy::SecretString;

/// A site's keys, for the lab to work out signatures with. They are never shown.
#[async_trait]
pub trait Keys: Send + Sync {
    /// The caller's secret. `None`: nobody has this access key, or it could not be looked up.
    async fn secret(&self, access_key: &str) -> Option<SecretString>;

    /// The certificate in PEM that a `certificateUrl` of this site names; the one in use where it names none of its own.
    async fn certificate(&self, certificate_url: &str) -> Option<String>;
}
