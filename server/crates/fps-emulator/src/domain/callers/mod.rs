//! Callers: the developers whose programs call the Query API, with their keys.

pub mod preserved;

use crate::domain::accounts::{AccountKind, AccountStatus};
use fps_protocol::Secret;
use money::Money;
use platform::{Database, Random};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};

#[derive(Debug, Clone)]
pub struct Caller {
    pub access_key: String,
    pub account_id: String,
    pub secret: Secret,
    pub display_name: String,
    /// Where notifications go unless a request says otherwise.
    pub ipn_url: Option<String>,
    /// May move money between two other accounts.
    pub marketplace: bool,
    /// Wants to hear of senders who ask for a refund.
    pub refund_requests: bool,
    /// The logo that the Co-Branded UI shows when the request names none.
    pub cobranding_url: Option<String>,
    /// Of the caller's own account, like what follows.
    pub account_kind: AccountKind,
    pub account_status: AccountStatus,
    pub email_verified: bool,
}

#[derive(Debug, Clone)]
pub struct NewCaller {
    pub access_key: String,
    pub account_id: String,
    pub secret: Secret,
    pub display_name: String,
    pub ipn_url: Option<String>,
    pub marketplace: bool,
    pub refund_requests: bool,
    pub created_at: i64,
}

/// A place that a caller may send people back to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SiteRow {
    pub url: String,
    /// Any port and path of a loopback host instead (0 or 1).
    pub any_loopback: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    access_key: String,
    account_id: String,
    secret: String,
    display_name: String,
    ipn_url: Option<String>,
    marketplace: i64,
    refund_requests: i64,
    cobranding_url: Option<String>,
    kind: String,
    status: String,
    email_verified: i64,
}

impl From<Row> for Caller {
    fn from(row: Row) -> Self {
        Self {
            access_key: row.access_key,
            account_id: row.account_id,
            secret: Secret::new(row.secret),
            display_name: row.display_name,
            ipn_url: row.ipn_url,
            marketplace: row.marketplace != 0,
            refund_requests: row.refund_requests != 0,
            cobranding_url: row.cobranding_url,
            account_kind: AccountKind::from_column(&row.kind),
            account_status: AccountStatus::from_column(&row.status),
            email_verified: row.email_verified != 0,
        }
    }
}

/// A secret that nobody chose, as long as those that Amazon gave out.
pub fn new_secret(random: &Random) -> String {
    random.upper_alphanumeric(40)
}

pub async fn insert(c: &mut AnyConnection, caller: &NewCaller) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO callers (access_key, account_id, secret, display_name, ipn_url, marketplace, refund_requests, \
             created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&caller.access_key)
    .bind(&caller.account_id)
    .bind(caller.secret.expose())
    .bind(&caller.display_name)
    .bind(caller.ipn_url.as_deref())
    .bind(i64::from(caller.marketplace))
    .bind(i64::from(caller.refund_requests))
    .bind(caller.created_at)
    .execute(c)
    .await?;
    Ok(())
}

/// Everything that [`read`] needs of `callers c JOIN accounts a`: other queries select it too.
macro_rules! columns {
    () => {
        "c.access_key, c.account_id, c.secret, c.display_name, c.ipn_url, c.marketplace, c.refund_requests, \
         c.cobranding_url, a.kind, a.status, a.email_verified"
    };
}
pub(in crate::domain) use columns;

/// The caller of a row that has these columns.
pub(in crate::domain) fn read(row: &AnyRow) -> Result<Caller, sqlx::Error> {
    Row::from_row(row).map(Caller::from)
}

macro_rules! select_callers {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM callers c JOIN accounts a ON a.id = c.account_id ", $rest)
    };
}

pub async fn find(db: &Database, access_key: &str) -> Result<Option<Caller>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(select_callers!("WHERE c.access_key = $1"))
        .bind(access_key)
        .fetch_optional(db.readers())
        .await?;
    Ok(row.map(Caller::from))
}

/// An account's access key, if it is a developer's.
pub async fn of_account(db: &Database, account_id: &str) -> Result<Option<Caller>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(select_callers!("WHERE c.account_id = $1"))
        .bind(account_id)
        .fetch_optional(db.readers())
        .await?;
    Ok(row.map(Caller::from))
}

/// What its owner can set of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerSettings {
    pub display_name: String,
    pub ipn_url: Option<String>,
    pub marketplace: bool,
    pub refund_requests: bool,
    pub cobranding_url: Option<String>,
}

pub async fn update_settings(
    c: &mut AnyConnection,
    access_key: &str,
    settings: &CallerSettings,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE callers SET display_name = $1, ipn_url = $2, marketplace = $3, refund_requests = $4, \
             cobranding_url = $5 WHERE access_key = $6",
    )
    .bind(&settings.display_name)
    .bind(settings.ipn_url.as_deref())
    .bind(i64::from(settings.marketplace))
    .bind(i64::from(settings.refund_requests))
    .bind(settings.cobranding_url.as_deref())
    .bind(access_key)
    .execute(c)
    .await?;
    Ok(())
}

/// Marketplace fees that the caller took and kept.
pub async fn fees_earned(db: &Database, access_key: &str) -> Result<Money, sqlx::Error> {
    let (sum,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(marketplace_fee - marketplace_fee_refunded), 0) AS BIGINT) FROM transactions \
         WHERE access_key = $1 AND status = 'Success' AND operation IN ('Pay', 'Reserve') AND relation IS NULL",
    )
    .bind(access_key)
    .fetch_one(db.readers())
    .await?;
    Ok(Money::from_micros(sum))
}

/// A merchant and the most that it lets the caller keep of each sale.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Merchant {
    pub name: String,
    /// Micros.
    pub max_fixed_fee: Option<i64>,
    /// Ten-thousandths of a percent.
    pub max_variable_fee: Option<i64>,
}

/// Who has registered with the caller as a recipient, and has not taken it back.
pub async fn merchants(db: &Database, access_key: &str, limit: i64) -> Result<Vec<Merchant>, sqlx::Error> {
    sqlx::query_as(
        "SELECT CASE a.kind WHEN 'Business' THEN COALESCE(a.business_name, a.name) ELSE a.name END AS name, \
             t.max_fixed_fee, t.max_variable_fee \
         FROM tokens t JOIN accounts a ON a.id = t.account_id \
         WHERE t.access_key = $1 AND t.role = 'Recipient' AND t.active = 1 ORDER BY t.created_at, t.id LIMIT $2",
    )
    .bind(access_key)
    .bind(limit)
    .fetch_all(db.readers())
    .await
}

/// Sets where the caller's notifications go.
pub async fn set_ipn_url(
    c: &mut AnyConnection,
    access_key: &str,
    ipn_url: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE callers SET ipn_url = $1 WHERE access_key = $2")
        .bind(ipn_url)
        .bind(access_key)
        .execute(c)
        .await?;
    Ok(())
}

pub async fn set_secret(c: &mut AnyConnection, access_key: &str, secret: &Secret) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE callers SET secret = $1 WHERE access_key = $2")
        .bind(secret.expose())
        .bind(access_key)
        .execute(c)
        .await?;
    Ok(())
}

/// Replaces all sites of the caller.
pub async fn set_sites(
    c: &mut AnyConnection,
    access_key: &str,
    sites: &[SiteRow],
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM caller_sites WHERE access_key = $1").bind(access_key).execute(&mut *c).await?;
    for site in sites {
        sqlx::query("INSERT INTO caller_sites (access_key, url, any_loopback) VALUES ($1, $2, $3)")
            .bind(access_key)
            .bind(&site.url)
            .bind(site.any_loopback)
            .execute(&mut *c)
            .await?;
    }
    Ok(())
}

/// Adds a place to send people back to; nothing happens if it is there.
pub async fn add_site(c: &mut AnyConnection, access_key: &str, url: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO caller_sites (access_key, url, any_loopback) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
    )
    .bind(access_key)
    .bind(url)
    .execute(c)
    .await?;
    Ok(())
}

pub async fn remove_site(c: &mut AnyConnection, access_key: &str, url: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM caller_sites WHERE access_key = $1 AND url = $2")
        .bind(access_key)
        .bind(url)
        .execute(c)
        .await?;
    Ok(())
}

pub async fn sites(db: &Database, access_key: &str) -> Result<Vec<SiteRow>, sqlx::Error> {
    sqlx::query_as("SELECT url, any_loopback FROM caller_sites WHERE access_key = $1 ORDER BY url")
        .bind(access_key)
        .fetch_all(db.readers())
        .await
}
