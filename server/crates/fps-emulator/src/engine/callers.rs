//! What the owner of an access key does: makes it, changes its settings and its sites.

use crate::domain::accounts::Account;
use crate::domain::callers::{self, Caller, CallerSettings, MadeBy, NewCaller, SiteRow, names};
use crate::engine::Engine;
use fps_protocol::Secret;
use fps_protocol::ids::AccessKey;
use identity::{NameProblem, PublicName};
use platform::db::WriteError;

/// Characters of an access key.
const ACCESS_KEY_LENGTH: usize = 20;
/// Sites of one caller at the most: each returnURL is compared with all of them.
pub const MOST_SITES: usize = 20;

/// Why the account did not become a caller's.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// By another request that was faster, perhaps the same form sent twice.
    #[error("the account has an access key already")]
    AlreadyRegistered,
    #[error(transparent)]
    Name(#[from] NameProblem),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for RegisterError {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { Self::AlreadyRegistered } else { Self::Database(error) }
    }
}

impl WriteError for RegisterError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::AlreadyRegistered | Self::Name(_) => None,
        }
    }
}

/// What a caller has beside its name.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    pub sites: Vec<String>,
    pub ipn_url: Option<String>,
    /// May move money between two other accounts.
    pub marketplace: bool,
    pub made_by: MadeBy,
}

/// Gives the account its access key, with a secret and nothing else.
pub async fn register(
    engine: &Engine,
    account: &Account,
    display_name: PublicName,
) -> Result<(), RegisterError> {
    register_with(engine, account, display_name, Registration::default()).await.map(drop)
}

/// The same with all that it needs.
pub async fn register_with(
    engine: &Engine,
    account: &Account,
    display_name: PublicName,
    registration: Registration,
) -> Result<NewCaller, RegisterError> {
    let new = NewCaller {
        access_key: AccessKey::new(engine.random.upper_alphanumeric(ACCESS_KEY_LENGTH))
            .expect("letters and digits"),
        account_id: account.id.clone(),
        secret: Secret::new(callers::new_secret(&engine.random)),
        display_name: display_name.into_string(),
        ipn_url: registration.ipn_url,
        marketplace: registration.marketplace,
        refund_requests: false,
        signature_v1: false,
        created_at: engine.clock.now(),
        made_by: registration.made_by,
    };
    engine
        .db
        .transact((new.clone(), sites(registration.sites)), |c, (new, sites)| {
            Box::pin(async move {
                callers::insert(&mut *c, new).await?;
                callers::set_sites(&mut *c, &new.access_key, sites).await?;
                let free = names::claim(c, &new.access_key, &new.display_name).await?;
                if free { Ok(()) } else { Err(RegisterError::from(NameProblem::Taken)) }
            })
        })
        .await?;
    Ok(new)
}

fn sites(urls: Vec<String>) -> Vec<SiteRow> {
    urls.into_iter().map(|url| SiteRow { url, any_loopback: false }).collect()
}

/// Replaces the caller's secret by a new one; what it signed with the old one is refused from now on.
pub async fn renew_secret(engine: &Engine, access_key: AccessKey) -> Result<Secret, sqlx::Error> {
    let secret = Secret::new(callers::new_secret(&engine.random));
    let renewed = (access_key, secret.clone());
    engine
        .db
        .transact(renewed, |c, (access_key, secret)| Box::pin(callers::set_secret(c, access_key, secret)))
        .await?;
    Ok(secret)
}

/// Why settings were not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSettingsError {
    #[error(transparent)]
    Name(#[from] NameProblem),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ChangeSettingsError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Name(_) => None,
        }
    }
}

/// Replaces all that the owner can set. A name that stays as it is, is not asked again whether it may be.
pub async fn change_settings(
    engine: &Engine,
    caller: &Caller,
    settings: CallerSettings,
) -> Result<(), ChangeSettingsError> {
    change(engine, caller, settings, None).await
}

/// The same, and all of its sites where some are given.
pub async fn change(
    engine: &Engine,
    caller: &Caller,
    settings: CallerSettings,
    new_sites: Option<Vec<String>>,
) -> Result<(), ChangeSettingsError> {
    let renamed = settings.display_name != caller.display_name;
    engine
        .db
        .transact((caller.access_key.clone(), settings, new_sites.map(sites)), move |c, new| {
            let (access_key, settings, new_sites) = new;
            Box::pin(async move {
                if let Some(sites) = new_sites {
                    callers::set_sites(&mut *c, access_key, sites).await?;
                }
                callers::update_settings(&mut *c, access_key, settings).await?;
                if renamed && !names::claim(c, access_key, &settings.display_name).await? {
                    return Err(NameProblem::Taken.into());
                }
                Ok(())
            })
        })
        .await
}

/// Why a site was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddSiteError {
    #[error("the caller has {MOST_SITES} sites already")]
    TooManySites,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Registers a place that the caller may send people back to; one that is there already stays.
pub async fn add_site(engine: &Engine, caller: &Caller, url: String) -> Result<(), AddSiteError> {
    if callers::sites(&engine.db, &caller.access_key).await?.len() >= MOST_SITES {
        return Err(AddSiteError::TooManySites);
    }
    let site = (caller.access_key.clone(), url);
    let add =
        engine.db.transact(site, |c, (access_key, url)| Box::pin(callers::add_site(c, access_key, url)));
    Ok(add.await?)
}

/// Nobody is sent back to that place any more; nothing happens if it is not there.
pub async fn remove_site(engine: &Engine, caller: &Caller, url: String) -> Result<(), sqlx::Error> {
    let site = (caller.access_key.clone(), url);
    engine.db.transact(site, |c, (access_key, url)| Box::pin(callers::remove_site(c, access_key, url))).await
}
