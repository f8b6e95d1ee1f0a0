//! Callers: the developers whose programs call the Query API, with their keys.

pub mod names;
pub mod preserved;

use crate::domain::accounts::{AccountId, AccountKind, AccountStatus};
use fps_protocol::Secret;
use fps_protocol::ids::AccessKey;
use jiff::Timestamp;
use money::{Money, Percent};
use platform::db::{Columns, next_number};
use platform::{Database, Random};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what a developer switches on and off, each by itself")]
pub struct Caller {
    pub access_key: AccessKey,
    pub account_id: AccountId,
    pub secret: Secret,
    pub display_name: String,
    /// Where notifications go unless a request says otherwise.
    pub ipn_url: Option<String>,
    /// May move money between two other accounts.
    pub marketplace: bool,
    /// Wants to hear of senders who ask for a refund.
    pub refund_requests: bool,
    /// Takes Co-Branded UI requests with a signature of version 1, which covers less than version 2 does.
    pub signature_v1: bool,
    /// The logo that the Co-Branded UI shows when the request names none.
    pub cobranding_url: Option<String>,
    /// Of the caller's own account, like what follows.
    pub account_kind: AccountKind,
    pub account_status: AccountStatus,
    pub email_verified: bool,
}

#[derive(Debug, Clone)]
pub struct NewCaller {
    pub access_key: AccessKey,
    pub account_id: AccountId,
    pub secret: Secret,
    pub display_name: String,
    pub ipn_url: Option<String>,
    pub marketplace: bool,
    pub refund_requests: bool,
    pub signature_v1: bool,
    pub created_at: Timestamp,
    pub made_by: MadeBy,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MadeBy {
    /// On the account site, or with the demo data.
    #[default]
    Owner,
    /// By a control call: a reset makes an end of it.
    Lab,
}

/// A place that a caller may send people back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    pub url: String,
    /// Any port and path of a loopback host instead.
    pub any_loopback: bool,
}

impl FromRow<'_, AnyRow> for SiteRow {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { url: row.text("url")?, any_loopback: row.flag("any_loopback")? })
    }
}

impl FromRow<'_, AnyRow> for Caller {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            access_key: row.parsed("access_key")?,
            account_id: row.parsed("account_id")?,
            secret: Secret::new(row.text("secret")?),
            display_name: row.text("display_name")?,
            ipn_url: row.optional("ipn_url", Columns::text)?,
            marketplace: row.flag("marketplace")?,
            refund_requests: row.flag("refund_requests")?,
            signature_v1: row.flag("signature_v1")?,
            cobranding_url: row.optional("cobranding_url", Columns::text)?,
            account_kind: row.parsed("kind")?,
            account_status: row.parsed("status")?,
            email_verified: row.flag("email_verified")?,
        })
    }
}

/// A secret that nobody chose, as long as those that Amazon gave out.
pub fn new_secret(random: &Random) -> String {
    random.upper_alphanumeric(40)
}

pub async fn insert(c: &mut AnyConnection, caller: &NewCaller) -> Result<(), sqlx::Error> {
    let number = next_number(c, "callers");
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO callers (access_key, account_id, secret, display_name, ipn_url, marketplace, refund_requests, \
             signature_v1, created_at, of_the_lab, number) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, {number})",
    )))
    .bind(caller.access_key.as_str())
    .bind(caller.account_id.as_str())
    .bind(caller.secret.expose())
    .bind(&caller.display_name)
    .bind(caller.ipn_url.as_deref())
    .bind(i64::from(caller.marketplace))
    .bind(i64::from(caller.refund_requests))
    .bind(i64::from(caller.signature_v1))
    .bind(caller.created_at.as_microsecond())
    .bind(i64::from(caller.made_by == MadeBy::Lab))
    .execute(c)
    .await?;
    Ok(())
}

/// Everything that a [`Caller`] has, of `callers c JOIN accounts a`: other queries select it too.
macro_rules! columns {
    () => {
        "c.access_key, c.account_id, c.secret, c.display_name, c.ipn_url, c.marketplace, c.refund_requests, \
         c.signature_v1, c.cobranding_url, a.kind, a.status, a.email_verified"
    };
}
pub(in crate::domain) use columns;

macro_rules! select_callers {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM callers c JOIN accounts a ON a.id = c.account_id ", $rest)
    };
}

/// `None`: nobody has this access key.
pub async fn find(db: &Database, access_key: &AccessKey) -> Result<Option<Caller>, sqlx::Error> {
    sqlx::query_as(select_callers!("WHERE c.access_key = $1"))
        .bind(access_key.as_str())
        .fetch_optional(db.readers())
        .await
}

/// All callers, the oldest first.
pub async fn all(db: &Database) -> Result<Vec<Caller>, sqlx::Error> {
    sqlx::query_as(select_callers!("ORDER BY c.created_at, c.access_key")).fetch_all(db.readers()).await
}

/// An account's access key, if it is a developer's.
pub async fn of_account(db: &Database, account_id: &AccountId) -> Result<Option<Caller>, sqlx::Error> {
    sqlx::query_as(select_callers!("WHERE c.account_id = $1"))
        .bind(account_id.as_str())
        .fetch_optional(db.readers())
        .await
}

impl From<&Caller> for CallerSettings {
    fn from(caller: &Caller) -> Self {
        Self {
            display_name: caller.display_name.clone(),
            ipn_url: caller.ipn_url.clone(),
            marketplace: caller.marketplace,
            refund_requests: caller.refund_requests,
            signature_v1: caller.signature_v1,
            cobranding_url: caller.cobranding_url.clone(),
        }
    }
}

/// What its owner can set of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerSettings {
    pub display_name: String,
    pub ipn_url: Option<String>,
    pub marketplace: bool,
    pub refund_requests: bool,
    pub signature_v1: bool,
    pub cobranding_url: Option<String>,
}

pub async fn update_settings(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    settings: &CallerSettings,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE callers SET display_name = $1, ipn_url = $2, marketplace = $3, refund_requests = $4, \
             signature_v1 = $5, cobranding_url = $6 WHERE access_key = $7",
    )
    .bind(&settings.display_name)
    .bind(settings.ipn_url.as_deref())
    .bind(i64::from(settings.marketplace))
    .bind(i64::from(settings.refund_requests))
    .bind(i64::from(settings.signature_v1))
    .bind(settings.cobranding_url.as_deref())
    .bind(access_key.as_str())
    .execute(c)
    .await?;
    Ok(())
}

/// A merchant and the most that it lets the caller keep of each sale.
#[derive(Debug, Clone)]
pub struct Merchant {
    pub name: String,
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
}

impl FromRow<'_, AnyRow> for Merchant {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: row.text("name")?,
            max_fixed_fee: row.optional("max_fixed_fee", Columns::money)?,
            max_variable_fee: row.optional("max_variable_fee", Columns::percent)?,
        })
    }
}

/// Who has registered with the caller as a recipient, and has not taken it back.
pub async fn merchants(
    db: &Database,
    access_key: &AccessKey,
    limit: i64,
) -> Result<Vec<Merchant>, sqlx::Error> {
    sqlx::query_as(
        "SELECT CASE a.kind WHEN 'Business' THEN COALESCE(a.business_name, a.name) ELSE a.name END AS name, \
             t.max_fixed_fee, t.max_variable_fee \
         FROM tokens t JOIN accounts a ON a.id = t.account_id \
         WHERE t.access_key = $1 AND t.role = 'Recipient' AND t.active = 1 ORDER BY t.created_at, t.id LIMIT $2",
    )
    .bind(access_key.as_str())
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// Sets where the caller's notifications go.
pub async fn set_ipn_url(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    ipn_url: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE callers SET ipn_url = $1 WHERE access_key = $2")
        .bind(ipn_url)
        .bind(access_key.as_str())
        .execute(c)
        .await?;
    Ok(())
}

pub async fn set_secret(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    secret: &Secret,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE callers SET secret = $1 WHERE access_key = $2")
        .bind(secret.expose())
        .bind(access_key.as_str())
        .execute(c)
        .await?;
    Ok(())
}

/// Replaces all sites of the caller.
pub async fn set_sites(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    sites: &[SiteRow],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM caller_sites WHERE access_key = $1")
        .bind(access_key.as_str())
        .execute(&mut *c)
        .await?;
    for site in sites {
        sqlx::query("INSERT INTO caller_sites (access_key, url, any_loopback) VALUES ($1, $2, $3)")
            .bind(access_key.as_str())
            .bind(&site.url)
            .bind(i64::from(site.any_loopback))
            .execute(&mut *c)
            .await?;
    }
    Ok(())
}

/// Adds a place to send people back to; nothing happens if it is there.
pub async fn add_site(c: &mut AnyConnection, access_key: &AccessKey, url: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO caller_sites (access_key, url, any_loopback) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
    )
    .bind(access_key.as_str())
    .bind(url)
    .execute(c)
    .await?;
    Ok(())
}

pub async fn remove_site(
    c: &mut AnyConnection,
    access_key: &AccessKey,
    url: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM caller_sites WHERE access_key = $1 AND url = $2")
        .bind(access_key.as_str())
        .bind(url)
        .execute(c)
        .await?;
    Ok(())
}

pub async fn sites(db: &Database, access_key: &AccessKey) -> Result<Vec<SiteRow>, sqlx::Error> {
    sqlx::query_as("SELECT url, any_loopback FROM caller_sites WHERE access_key = $1 ORDER BY url")
        .bind(access_key.as_str())
        .fetch_all(db.readers())
        .await
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A marketplace that is in order.
    pub fn marketplace(secret: &str) -> Caller {
        Caller {
            access_key: AccessKey::new("K").unwrap(),
            account_id: AccountId::new("caller").unwrap(),
            secret: Secret::new(secret),
            display_name: "Shop".to_owned(),
            ipn_url: None,
            marketplace: true,
            refund_requests: false,
            signature_v1: false,
            cobranding_url: None,
            account_kind: AccountKind::Business,
            account_status: AccountStatus::Active,
            email_verified: true,
        }
    }
}
