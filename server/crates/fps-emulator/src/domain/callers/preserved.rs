//! Access keys that people made outlive a reset, with what they registered for them: a program under test
//! goes on with the key that it has. Only the demo accounts are there again afterwards, so only theirs do.

use crate::domain::accounts;
use crate::domain::callers::{self, CallerSettings, NewCaller, SiteRow};
use fps_protocol::Secret;
use platform::Database;
use sqlx::AnyConnection;

#[derive(Debug, Clone)]
pub struct PreservedKey {
    /// Of the account, which has another id after the reset.
    email: String,
    access_key: String,
    secret: Secret,
    settings: CallerSettings,
    created_at: i64,
    sites: Vec<SiteRow>,
}

/// All keys but the demo callers': those the demo data brings itself.
pub async fn read(db: &Database, demo_callers: [&str; 2]) -> Result<Vec<PreservedKey>, sqlx::Error> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT c.access_key, a.email, c.created_at FROM callers c JOIN accounts a ON a.id = c.account_id \
         WHERE c.access_key <> $1 AND c.access_key <> $2 ORDER BY c.created_at, c.access_key",
    )
    .bind(demo_callers[0])
    .bind(demo_callers[1])
    .fetch_all(db.readers())
    .await?;
    let mut keys = Vec::new();
    for (access_key, email, created_at) in rows {
        let Some(caller) = callers::find(db, &access_key).await? else { continue };
        let sites = callers::sites(db, &access_key).await?;
        let settings = CallerSettings {
            display_name: caller.display_name,
            ipn_url: caller.ipn_url,
            marketplace: caller.marketplace,
            refund_requests: caller.refund_requests,
            cobranding_url: caller.cobranding_url,
        };
        keys.push(PreservedKey { email, access_key, secret: caller.secret, settings, created_at, sites });
    }
    Ok(keys)
}

/// Gives the keys back to the accounts that are there again.
pub async fn restore(db: &Database, keys: Vec<PreservedKey>) -> Result<(), sqlx::Error> {
    for key in keys {
        let Some(account) = accounts::find_by_email(db, &key.email).await? else { continue };
        db.write(move |c| {
            let (key, account_id) = (key.clone(), account.id.clone());
            Box::pin(async move { key.write(c, account_id).await })
        })
        .await?;
    }
    Ok(())
}

impl PreservedKey {
    async fn write(self, c: &mut AnyConnection, account_id: String) -> Result<(), sqlx::Error> {
        let caller = NewCaller {
            access_key: self.access_key,
            account_id,
            secret: self.secret,
            display_name: self.settings.display_name.clone(),
            ipn_url: self.settings.ipn_url.clone(),
            marketplace: self.settings.marketplace,
            refund_requests: self.settings.refund_requests,
            created_at: self.created_at,
        };
        callers::insert(&mut *c, &caller).await?;
        callers::update_settings(&mut *c, &caller.access_key, &self.settings).await?;
        callers::set_sites(c, &caller.access_key, &self.sites).await
    }
}
