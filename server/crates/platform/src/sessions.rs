//! Sessions in the site's own database (table `sessions`), their age told by the [`Clock`].
//!
//! The browser keeps an id only, until it is closed. The table keeps the id's hash: who reads a backup
//! cannot be anybody. A session that nobody used for a week is gone.
//!
//! When the database is not available, neither is the page: 503, also where only the session could not be stored.

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
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use tower_sessions::cookie::{SameSite, time::OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error};
use tower_sessions::{SessionManagerLayer, SessionStore as Store};
use url::Url;

pub use tower_sessions::Session;

const HOUR: i64 = 3_600 * 1_000_000;
/// How long an unused session lives, in microseconds.
const IDLE: i64 = 7 * 24 * HOUR;

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

/// The layer that gives handlers their [`Session`]. Handlers call `cycle_id` at sign-in.
pub fn session_layer(
    db: Database,
    clock: Clock,
    cookie_name: &'static str,
    site_url: &Url,
) -> impl RouteLayer {
    let sessions = SessionManagerLayer::new(SessionStore::new(db, clock))
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

/// The table `sessions (id, data, expires_at)` as tower-sessions' store.
#[derive(Debug, Clone)]
pub struct SessionStore {
    db: Database,
    clock: Clock,
}

impl SessionStore {
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Runs one statement on one session.
    async fn execute(
        &self,
        statement: &'static str,
        key: String,
        data: Option<String>,
        expires_at: Option<i64>,
    ) -> Result<u64, sqlx::Error> {
        let write = self.db.write(move |c| {
            let mut query = sqlx::query(statement).bind(key.clone());
            if let Some(data) = data.clone() {
                query = query.bind(data);
            }
            if let Some(expires_at) = expires_at {
                query = query.bind(expires_at);
            }
            Box::pin(async move { query.execute(c).await.map(|done| done.rows_affected()) })
        });
        write.await
    }

    fn expiry(&self) -> i64 {
        self.clock.now_micros() + IDLE
    }

    /// Use keeps a session alive. Written once an hour at the most, since pages are read far more often.
    async fn keep_alive(&self, key: String, expires_at: i64) -> Result<(), sqlx::Error> {
        let fresh = self.expiry();
        if fresh - expires_at >= HOUR {
            self.execute("UPDATE sessions SET expires_at = $2 WHERE id = $1", key, None, Some(fresh)).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Store for SessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits: two sessions never meet.
        let statement = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3)";
        let (key, data) = (key(&record.id), Some(encode(record)?));
        self.execute(statement, key, data, Some(self.expiry())).await.map_err(|error| backend(&error))?;
        Ok(())
    }

    /// Changes a session that is there, and no other: a slow request that ends after the person signed
    /// out must not bring the session back.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let statement = "UPDATE sessions SET data = $2, expires_at = $3 WHERE id = $1";
        let (key, data) = (key(&record.id), Some(encode(record)?));
        self.execute(statement, key, data, Some(self.expiry())).await.map_err(|error| backend(&error))?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let key = key(id);
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2")
                .bind(key.clone())
                .bind(self.clock.now_micros())
                .fetch_optional(self.db.readers())
                .await
                .map_err(|error| backend(&error))?;
        let Some((data, expires_at)) = row else { return Ok(None) };
        match self.keep_alive(key, expires_at).await {
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
        self.execute("DELETE FROM sessions WHERE id = $1", key(id), None, None)
            .await
            .map_err(|error| backend(&error))?;
        Ok(())
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
            let query = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now);
            Box::pin(async move { query.execute(c).await })
        });
        Ok(usize::try_from(done.await?.rows_affected()).unwrap_or(usize::MAX))
    }
}

fn encode(record: &Record) -> session_store::Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
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
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use http::header::{COOKIE, SET_COOKIE};
    use http::{HeaderMap, Request};
    use jiff::SignedDuration;
    use tower::ServiceExt;

    struct Site {
        _folder: tempfile::TempDir,
        db: Database,
        clock: Clock,
        url: Url,
    }

    impl Site {
        async fn start(url: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let db = Database::open(&format!("sqlite://{}/t.db", folder.path().display())).await.unwrap();
            db.write(|c| {
                let create = "CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT, expires_at BIGINT)";
                Box::pin(sqlx::query(create).execute(c))
            })
            .await
            .unwrap();
            let clock = Clock::fixed("2030-01-01T12:00:00Z".parse().unwrap());
            Self { _folder: folder, db, clock, url: url.parse().unwrap() }
        }

        /// Asks for a path with a cookie; gives the text and the cookie that was set.
        async fn get(&self, path: &str, cookie: &str) -> (String, Option<String>) {
            let sign_in = async |session: Session| {
                session.cycle_id().await.unwrap();
                session.insert("user", "john").await.unwrap();
            };
            let who = async |session: Session| {
                session.get::<String>("user").await.unwrap().unwrap_or_else(|| "nobody".to_owned())
            };
            let taken = async |session: Session| {
                take::<String>(&session, "notice").await.unwrap().unwrap_or_default()
            };
            let routes = Router::new()
                .route("/sign-in", get(sign_in))
                .route("/sign-out", get(async |session: Session| session.flush().await.unwrap()))
                .route(
                    "/notice",
                    get(async |session: Session| session.insert("notice", "Hello").await.unwrap()),
                )
                .route("/take", get(taken))
                .route("/", get(who))
                .layer(session_layer(self.db.clone(), self.clock.clone(), "shop_session", &self.url));
            let request = Request::builder().uri(path).header(COOKIE, cookie).body(Body::empty()).unwrap();
            let response = routes.oneshot(request).await.unwrap();
            let set = cookie_set(response.headers());
            let text = to_bytes(response.into_body(), 1000).await.unwrap();
            (String::from_utf8(text.to_vec()).unwrap(), set)
        }

        async fn rows(&self) -> Vec<(String,)> {
            sqlx::query_as("SELECT id FROM sessions").fetch_all(self.db.readers()).await.unwrap()
        }
    }

    fn cookie_set(headers: &HeaderMap) -> Option<String> {
        headers.get(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned())
    }

    fn pair(cookie: Option<String>) -> String {
        cookie.expect("a cookie is set").split(';').next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn signing_in_makes_a_new_id_that_the_table_does_not_show() {
        let site = Site::start("http://localhost:3000").await;
        let (_, set) = site.get("/sign-in", "").await;
        let attributes = set.clone().unwrap();
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
        assert!(!attributes.contains("Secure"), "plain http would lose it");
        let first = pair(set);
        assert_eq!(site.get("/", &first).await.0, "john");
        let second = pair(site.get("/sign-in", &first).await.1);
        assert_ne!(first, second);
        assert_eq!(site.get("/", &first).await.0, "nobody");
        let rows = site.rows().await;
        assert_eq!(rows.len(), 1);
        assert!(!second.ends_with(&rows[0].0));
    }

    #[tokio::test]
    async fn signing_out_ends_the_session_for_good() {
        let site = Site::start("https://shop.example").await;
        let set = site.get("/sign-in", "").await.1;
        assert!(set.as_ref().unwrap().contains("Secure"));
        let cookie = pair(set);
        let store = SessionStore::new(site.db.clone(), site.clock.clone());
        let id: Id = cookie.split_once('=').unwrap().1.parse().unwrap();
        let slow_request = store.load(&id).await.unwrap().unwrap();
        site.get("/sign-out", &cookie).await;
        store.save(&slow_request).await.unwrap();
        assert_eq!(site.get("/", &cookie).await.0, "nobody");
        assert!(site.rows().await.is_empty());
    }

    #[tokio::test]
    async fn a_used_session_lives_on_and_an_unused_one_ends() {
        let site = Site::start("http://localhost:3000").await;
        let cookie = pair(site.get("/sign-in", "").await.1);
        for _ in 0..3 {
            site.clock.advance(SignedDuration::from_hours(6 * 24)).unwrap();
            assert_eq!(site.get("/", &cookie).await.0, "john");
        }
        site.clock.advance(SignedDuration::from_hours(7 * 24)).unwrap();
        assert_eq!(site.get("/", &cookie).await.0, "nobody");
        assert_eq!(site.rows().await.len(), 1);
        let store = SessionStore::new(site.db.clone(), site.clock.clone());
        assert_eq!(store.run_due().await.unwrap(), 1);
        assert!(site.rows().await.is_empty());
    }

    #[tokio::test]
    async fn what_is_taken_is_gone_and_taking_nothing_writes_nothing() {
        let site = Site::start("http://localhost:3000").await;
        let cookie = pair(site.get("/sign-in", "").await.1);
        site.get("/notice", &cookie).await;
        assert_eq!(site.get("/take", &cookie).await.0, "Hello");
        // A write would change the time of expiry, which reading does once an hour at the most.
        let expiry = async || {
            let times = sqlx::query_scalar::<_, i64>("SELECT expires_at FROM sessions");
            times.fetch_one(site.db.readers()).await.unwrap()
        };
        let before = expiry().await;
        site.clock.advance(SignedDuration::from_mins(5)).unwrap();
        assert_eq!(site.get("/take", &cookie).await.0, "");
        assert_eq!(expiry().await, before);
    }

    #[tokio::test]
    async fn an_invented_id_is_nobody() {
        let site = Site::start("http://localhost:3000").await;
        for cookie in ["shop_session=AAAAAAAAAAAAAAAAAAAAAA", "shop_session=x", "shop_session="] {
            assert_eq!(site.get("/", cookie).await.0, "nobody");
        }
    }
}
