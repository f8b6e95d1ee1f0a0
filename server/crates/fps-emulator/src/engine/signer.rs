//! The key that signs returns and notifications, and its certificate, which receivers fetch. Made at
//! the first start, kept in the settings.

use crate::config::Config;
use crate::domain::settings::{self, CERTIFICATE, CERTIFICATE_DATE, SIGNING_KEY};
use fps_protocol::Parameters;
use fps_protocol::outbound::{self, KeyError, SigningKey};
use platform::jobs::JobError;
use platform::{Clock, Database, Random};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::OnceCell;
use url::Url;

/// Shown in the certificate as its subject and issuer.
const COMMON_NAME: &str = "Amazon Payments simulated";

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the signing key cannot be kept: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error("making the signing key was interrupted")]
    Interrupted,
}

impl From<SignerError> for JobError {
    fn from(error: SignerError) -> Self {
        Self::from(Box::from(error))
    }
}

/// Signs for the outside; clones share the key, which is read or made once.
#[derive(Debug, Clone)]
pub struct Signer {
    db: Database,
    clock: Clock,
    random: Random,
    public_url: Url,
    given_key: Option<SecretString>,
    identity: Arc<OnceCell<Identity>>,
}

#[derive(Debug)]
struct Identity {
    key: SigningKey,
    certificate_pem: String,
    certificate_url: Url,
}

impl Signer {
    pub fn new(db: Database, clock: Clock, random: Random, config: &Config) -> Self {
        let (public_url, given_key) = (config.public_url.clone(), config.signing_key.clone());
        Self { db, clock, random, public_url, given_key, identity: Arc::default() }
    }

    /// Reads the key, or makes and stores it: the first start takes a moment, not the first customer.
    pub async fn prepare(&self) -> Result<(), SignerError> {
        self.identity().await.map(drop)
    }

    /// The parameters of a notification to `url`, signed.
    pub async fn sign_notification(
        &self,
        url: &Url,
        parameters: Parameters,
    ) -> Result<Parameters, SignerError> {
        let identity = self.identity().await?;
        Ok(outbound::sign(&identity.key, "POST", url, parameters, &identity.certificate_url)?)
    }

    /// The address that a person goes back to, with the answer, signed.
    pub async fn sign_return(&self, return_url: &Url, answer: &Parameters) -> Result<Url, SignerError> {
        let identity = self.identity().await?;
        Ok(outbound::signed_return(&identity.key, return_url, answer, &identity.certificate_url)?)
    }

    /// The certificate that belongs to the signatures, in PEM.
    pub async fn certificate_pem(&self) -> Result<&str, SignerError> {
        Ok(&self.identity().await?.certificate_pem)
    }

    /// Where receivers find it.
    pub async fn certificate_url(&self) -> Result<&Url, SignerError> {
        Ok(&self.identity().await?.certificate_url)
    }

    async fn identity(&self) -> Result<&Identity, SignerError> {
        self.identity.get_or_try_init(|| self.read_or_make()).await
    }

    async fn read_or_make(&self) -> Result<Identity, SignerError> {
        if let Some(identity) = self.read().await? {
            return Ok(identity);
        }
        let key = self.make_key().await?;
        let now = self.clock.now();
        let certificate = outbound::certificate_pem(&key, COMMON_NAME, self.random.bytes(), now)?;
        let values = vec![
            (SIGNING_KEY, key.to_pkcs8_pem()?.expose_secret().to_owned()),
            (CERTIFICATE, certificate),
            (CERTIFICATE_DATE, now.strftime("%y%m%d").to_string()),
        ];
        settings::set_together_once(&self.db, values).await?;
        // Another process may have been faster: what is stored counts.
        self.read().await?.ok_or(SignerError::Sqlx(sqlx::Error::RowNotFound))
    }

    async fn read(&self) -> Result<Option<Identity>, SignerError> {
        let key = settings::find(&self.db, SIGNING_KEY).await?;
        let certificate = settings::find(&self.db, CERTIFICATE).await?;
        let date = settings::find(&self.db, CERTIFICATE_DATE).await?;
        let (Some(key), Some(certificate_pem), Some(date)) = (key, certificate, date) else {
            return Ok(None);
        };
        let mut certificate_url = self.public_url.clone();
        certificate_url.set_path(&format!("/certs/{date}/PKICert.pem"));
        Ok(Some(Identity { key: SigningKey::from_pkcs8_pem(&key)?, certificate_pem, certificate_url }))
    }

    async fn make_key(&self) -> Result<SigningKey, SignerError> {
        if let Some(given) = &self.given_key {
            return Ok(SigningKey::from_pkcs8_pem(given.expose_secret())?);
        }
        tracing::info!("making the key for outbound signatures; this happens once");
        let seed = self.random.bytes();
        let made = tokio::task::spawn_blocking(move || SigningKey::generate(seed)).await;
        Ok(made.map_err(|_| SignerError::Interrupted)??)
    }
}
