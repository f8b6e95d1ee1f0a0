//! Access keys that people made outlive a reset, with what they registered for them: a program under test
//! goes on with the key that it has. Only the demo accounts are there again afterwards, so only theirs do.

use crate::domain::accounts::{self, AccountId};
use crate::domain::callers::{self, CallerSettings, MadeBy, NewCaller, SiteRow};
use fps_protocol::Secret;
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

#[derive(Debug, Clone)]
pub struct PreservedKey {
    /// Of the account, which has another id after the reset.
    email: String,
    access_key: AccessKey,
    secret: Secret,
    settings: CallerSettings,
    created_at: Timestamp,
    sites: Vec<SiteRow>,
}

struct PreservedRow {
    access_key: AccessKey,
    email: String,
    created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for PreservedRow {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            access_key: row.parsed("access_key")?,
            email: row.text("email")?,
            created_at: row.time("created_at")?,
        })
    }
}

/// All keys but the demo callers', which the demo data brings itself, and those that control calls made.
pub async fn read(db: &Database, demo_callers: &[AccessKey; 2]) -> Result<Vec<PreservedKey>, sqlx::Error> {
    let rows: Vec<PreservedRow> = sqlx::query_as(
        "SELECT c.access_key, a.email, c.created_at FROM callers c JOIN accounts a ON a.id = c.account_id \
         WHERE c.of_the_lab = 0 AND c.access_key <> $1 AND c.access_key <> $2 ORDER BY c.created_at, c.access_key",
    )
    .bind(demo_callers[0].as_str())
    .bind(demo_callers[1].as_str())
    .fetch_all(db.readers())
    .await?;
    let mut keys = Vec::new();
    for PreservedRow { access_key, email, created_at } in rows {
        let Some(caller) = callers::find(db, &access_key).await? else { continue };
        let sites = callers::sites(db, &access_key).await?;
        let settings = CallerSettings::from(&caller);
        keys.push(PreservedKey { email, access_key, secret: caller.secret, settings, created_at, sites });
    }
    Ok(keys)
}

/// Gives the keys back to the accounts that are there again.
pub async fn restore(db: &Database, keys: Vec<PreservedKey>) -> Result<(), sqlx::Error> {
    for key in keys {
        let Some(account) = accounts::find_by_email(db, &key.email).await? else { continue };
        db.transact((key, account.id), |c, (key, account_id)| Box::pin(key.write(c, account_id))).await?;
    }
    Ok(())
}

impl PreservedKey {
    async fn write(&self, c: &mut AnyConnection, account_id: &AccountId) -> Result<(), sqlx::Error> {
        let caller = NewCaller {
            access_key: self.access_key.clone(),
            account_id: account_id.clone(),
            secret: self.secret.clone(),
            display_name: self.settings.display_name.clone(),
            ipn_url: self.settings.ipn_url.clone(),
            marketplace: self.settings.marketplace,
            refund_requests: self.settings.refund_requests,
            signature_v1: self.settings.signature_v1,
            created_at: self.created_at,
            made_by: MadeBy::Owner,
        };
        callers::insert(&mut *c, &caller).await?;
        callers::update_settings(&mut *c, &caller.access_key, &self.settings).await?;
        callers::set_sites(c, &caller.access_key, &self.sites).await
    }
}
