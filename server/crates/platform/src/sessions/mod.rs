//! Sessions in the site's own database (table `sessions`), their age told by the [`Clock`].
//!
//! The browser keeps an id only, until it is closed. The table keeps the id's hash: who reads a backup
//! cannot be anybody. A session that nobody used for a week is gone, and each a month after it began
//! (OWASP ASVS 5.0, 7.3.1 and 7.3.2).
//!
//! When the database is not available, neither is the page: 503, also where only the session could not be stored.

mod device;
mod owned;

pub use device::Device;
pub use owned::{OwnedSession, device_of, end, end_others, handle, is_alive, of_owner, sign_in};

use crate::jobs::{DueWork, JobError};
use crate::web::{Refusal, RouteLayer};
use crate::{Clock, Database, db};
use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use tower_sessions::cookie::{SameSite, time::OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error};
use tower_sessions::{SessionManagerLayer, SessionStore as Store};
use url::Url;

pub use tower_sessions::Session;

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// How long an unused session lives, in microseconds.
const IDLE: i64 = 7 * DAY;
/// How long any session lives, however much it is used: then the person signs in again.
const LIFETIME: i64 = 30 * DAY;
/// How often it is written down that a session is used: pages are read far more often.
const NOTED_EVERY: i64 = 10 * MINUTE;

tokio::task_local! {
    /// Whether the store could not do something for the request at hand: its errors are texts, and what the layer of
    /// tower-sessions makes of them is a bare 500.
    static UNAVAILABLE: Cell<bool>;
}

async fn tell_of_the_database(request: Request, next: Next) -> Response {
    UNAVAILABLE
        .scope(Cell::new(false), async {
            let response = next.run(request).await;
            let ours = response.status() == StatusCode::INTERNAL_SERVER_ERROR && UNAVAILABLE.with(Cell::get);
            if ours { Refusal::unavailable().into_response() } else { response }
        })
        .await
}

/// The layer that gives handlers their [`Session`]. Handlers call [`sign_in`] with the same `owner_key`.
pub fn session_layer(store: SessionStore, cookie_name: &'static str, site_url: &Url) -> impl RouteLayer {
    let sessions = SessionManagerLayer::new(store)
        .with_name(cookie_name)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(site_url.scheme() == "https");
    (from_fn(tell_of_the_database), sessions)
}

/// Takes a value out of the session. One that is not there is left alone: removing it would make the session
/// a changed one, and every page view a durable write that can undo what another request stored meanwhile.
pub async fn take<T: DeserializeOwned>(
    session: &Session,
    key: &str,
) -> Result<Option<T>, tower_sessions::session::Error> {
    if session.get_value(key).await?.is_none() {
        return Ok(None);
    }
    session.remove(key).await
}

/// A new session that is nobody's, whoever's it was before, with a value under `key`.
pub async fn begin_for_nobody(
    session: &Session,
    key: &str,
    value: impl Serialize + Send + Sync,
) -> Result<(), tower_sessions::session::Error> {
    if session.id().is_some() {
        session.flush().await?;
    }
    session.insert(key, value).await
}

/// The table `sessions (id, data, owner, begun_at, used_at, expires_at)` as tower-sessions' store.
#[derive(Debug, Clone)]
pub struct SessionStore {
    db: Database,
    clock: Clock,
    /// Under which of its keys a session has the id of the person who is signed in.
    owner_key: &'static str,
}

/// What is written of a session.
#[derive(Debug, Clone)]
struct Written {
    key: String,
    data: String,
    owner: Option<String>,
    now: i64,
}

impl SessionStore {
    pub fn new(db: Database, clock: Clock, owner_key: &'static str) -> Self {
        Self { db, clock, owner_key }
    }

    /// Runs a statement that takes all of a session: `$1` is its key, `$2` its data, `$3` its owner, `$4` now, `$5`
    /// when it expires unless it is used.
    async fn write(&self, statement: &'static str, record: &Record) -> session_store::Result<()> {
        let owner = record.data.get(self.owner_key).and_then(|id| id.as_str()).map(ToOwned::to_owned);
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let written = Written { key: key(&record.id), data, owner, now: self.clock.now_micros() };
        let written = self.db.transact(written, move |c, written| {
            let query =
                sqlx::query(statement).bind(&written.key).bind(&written.data).bind(written.owner.as_deref());
            let query = query.bind(written.now).bind(written.now + IDLE);
            Box::pin(async move { query.execute(c).await.map(|_| ()) })
        });
        written.await.map_err(|error: sqlx::Error| backend(&error))
    }

    /// Use keeps a session alive.
    async fn keep_alive(&self, key: String, used_at: i64) -> Result<(), sqlx::Error> {
        let now = self.clock.now_micros();
        if now - used_at < NOTED_EVERY {
            return Ok(());
        }
        self.db
            .transact(key, move |c, key| {
                let statement = "UPDATE sessions SET used_at = $2, expires_at = $3 WHERE id = $1";
                let query = sqlx::query(statement).bind(key).bind(now).bind(now + IDLE);
                Box::pin(async move { query.execute(c).await.map(|_| ()) })
            })
            .await
    }
}

#[async_trait]
impl Store for SessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits: two sessions never meet.
        let statement = "INSERT INTO sessions (id, data, owner, begun_at, used_at, expires_at) \
                         VALUES ($1, $2, $3, $4, $4, $5)";
        self.write(statement, record).await
    }

    /// Changes a session that is there, and no other: a slow request that ends after the person signed
    /// out must not bring the session back.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let statement =
            "UPDATE sessions SET data = $2, owner = $3, used_at = $4, expires_at = $5 WHERE id = $1";
        self.write(statement, record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let key = key(id);
        let now = self.clock.now_micros();
        let row: Option<(String, i64, i64)> = sqlx::query_as(
            "SELECT data, expires_at, used_at FROM sessions WHERE id = $1 AND expires_at > $2 AND begun_at > $3",
        )
        .bind(key.clone())
        .bind(now)
        .bind(now - LIFETIME)
        .fetch_optional(self.db.readers())
        .await
        .map_err(|error| backend(&error))?;
        let Some((data, expires_at, used_at)) = row else { return Ok(None) };
        match self.keep_alive(key, used_at).await {
            // Who only reads can go on reading; the next use keeps it alive.
            Err(error) if db::is_unavailable(&error) => {
                tracing::debug!(%error, "a session is not kept alive");
            }
            kept => kept.map_err(|error| backend(&error))?,
        }
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at / 1_000_000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let deleted = self.db.transact(key(id), |c, key| {
            let query = sqlx::query("DELETE FROM sessions WHERE id = $1").bind(key);
            Box::pin(async move { query.execute(c).await.map(|_| ()) })
        });
        deleted.await.map_err(|error: sqlx::Error| backend(&error))
    }
}

/// Deletes what has expired.
#[async_trait]
impl DueWork for SessionStore {
    fn name(&self) -> &'static str {
        "expired sessions"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let now = self.clock.now_micros();
        let done = self.db.write(move |c| {
            let query = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR begun_at <= $2");
            let query = query.bind(now).bind(now - LIFETIME);
            Box::pin(async move { query.execute(c).await })
        });
        Ok(usize::try_from(done.await?.rows_affected()).unwrap_or(usize::MAX))
    }
}

fn key(id: &Id) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(id.0.to_le_bytes()))
}

fn backend(error: &sqlx::Error) -> Error {
    if db::is_unavailable(error) {
        // Outside of a request nobody wants to know.
        let _ = UNAVAILABLE.try_with(|unavailable| unavailable.set(true));
    }
    Error::Backend(error.to_string())
}

#[cfg(test)]
mod tests;
