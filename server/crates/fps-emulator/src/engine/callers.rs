//! What the owner of an access key does: makes it, changes its settings and its sites.

use crate::domain::accounts::Account;
use crate::domain::callers::{self, Caller, CallerSettings, NewCaller};
use crate::engine::Engine;
use fps_protocol::Secret;
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
            Self::AlreadyRegistered => None,
        }
    }
}

/// Gives the account its access key, with a secret and nothing else.
pub async fn register(engine: &Engine, account: &Account, display_name: String) -> Result<(), RegisterError> {
    let new = NewCaller {
        access_key: engine.random.upper_alphanumeric(ACCESS_KEY_LENGTH),
        account_id: account.id.clone(),
        secret: Secret::new(callers::new_secret(&engine.random)),
        display_name,
        ipn_url: None,
        marketplace: false,
        refund_requests: false,
        created_at: engine.clock.now_micros(),
    };
    engine.db.transact(new, |c, new| Box::pin(async move { Ok(callers::insert(c, new).await?) })).await
}

/// Replaces all that the owner can set.
pub async fn change_settings(
    engine: &Engine,
    caller: &Caller,
    settings: CallerSettings,
) -> Result<(), sqlx::Error> {
    engine
        .db
        .transact((caller.access_key.clone(), settings), |c, (access_key, settings)| {
            Box::pin(callers::update_settings(c, access_key, settings))
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
