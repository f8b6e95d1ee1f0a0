//! Which key signs and where its certificate lies: made at the first start, kept in the settings, renewed by a command.

use super::{Signer, SignerError};
use crate::domain::settings::{self, SigningIdentity};
use fps_protocol::outbound::{self, SigningKey};
use secrecy::ExposeSecret;
use std::sync::Arc;
use url::Url;

/// Shown in the certificate as its subject and issuer.
const COMMON_NAME: &str = "Amazon Payments simulated";

/// The key that signs, and what belongs to it.
#[derive(Debug)]
pub struct Identity {
    pub key: SigningKey,
    /// What stands for the certificate in its address: the date, and of a later one of that day a number.
    pub name: String,
    pub certificate_pem: String,
    /// Where receivers find it.
    pub certificate_url: Url,
}

impl Signer {
    /// The key is read, or made, once.
    pub async fn identity(&self) -> Result<Arc<Identity>, SignerError> {
        let mut kept = self.identity.lock().await;
        if let Some(identity) = &*kept {
            return Ok(Arc::clone(identity));
        }
        let identity = Arc::new(self.read_or_make().await?);
        *kept = Some(Arc::clone(&identity));
        Ok(identity)
    }

    /// Makes a new key, which signs from now on. The certificate of the one before stays where it was, so that what it
    /// signed can still be verified; its private half is forgotten. Other processes on the database go on with the old
    /// one until they are started again.
    pub async fn renew(&self) -> Result<(), SignerError> {
        self.identity().await?;
        let mut kept = self.identity.lock().await;
        settings::replace_signing_identity(&self.db, self.new_identity(self.fresh_key().await?).await?)
            .await?;
        *kept = self.read().await?.map(Arc::new);
        Ok(())
    }

    /// The certificate of that name, in PEM: of the key that signs, or of one that did.
    pub async fn certificate_pem(&self, name: &str) -> Result<Option<String>, SignerError> {
        let identity = self.identity().await?;
        if identity.name == name {
            return Ok(Some(identity.certificate_pem.clone()));
        }
        // Another process may have renewed the key.
        Ok(settings::certificate(&self.db, name).await?)
    }

    /// Where the certificate of that name lies.
    pub fn certificate_url(&self, name: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("/certs/{name}/PKICert.pem"));
        url
    }

    async fn read_or_make(&self) -> Result<Identity, SignerError> {
        if let Some(identity) = self.read().await? {
            return Ok(identity);
        }
        let key = match &self.given_key {
            Some(given) => SigningKey::from_pkcs8_pem(given.expose_secret())?,
            None => self.fresh_key().await?,
        };
        settings::set_signing_identity_once(&self.db, self.new_identity(key).await?).await?;
        // Another process may have been faster: what is stored counts.
        self.read().await?.ok_or(SignerError::Sqlx(sqlx::Error::RowNotFound))
    }

    async fn read(&self) -> Result<Option<Identity>, SignerError> {
        let Some(kept) = settings::signing_identity(&self.db).await? else { return Ok(None) };
        Ok(Some(Identity {
            key: SigningKey::from_pkcs8_pem(kept.key.expose_secret())?,
            certificate_url: self.certificate_url(&kept.name),
            certificate_pem: kept.certificate,
            name: kept.name,
        }))
    }

    async fn fresh_key(&self) -> Result<SigningKey, SignerError> {
        tracing::info!("making a key for outbound signatures");
        let (seed, bits) = (self.random.bytes(), self.key_bits);
        Ok(self.returns.run(move || SigningKey::generate(seed, bits)).await??)
    }

    async fn new_identity(&self, key: SigningKey) -> Result<SigningIdentity, SignerError> {
        let now = self.clock.now();
        let certificate = outbound::certificate_pem(&key, COMMON_NAME, self.random.bytes(), now)?;
        let date = now.strftime("%y%m%d").to_string();
        let (mut name, mut number) = (date.clone(), 1);
        while settings::certificate(&self.db, &name).await?.is_some() {
            number += 1;
            name = format!("{date}-{number}");
        }
        Ok(SigningIdentity { key: key.to_pkcs8_pem()?, certificate, name })
    }
}

/// The name of the certificate that lies at this path.
pub fn certificate_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/certs/")?.strip_suffix("/PKICert.pem")?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}
