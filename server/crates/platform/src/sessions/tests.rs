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
            let create = "CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT, owner TEXT, begun_at BIGINT, \
                          used_at BIGINT, expires_at BIGINT)";
            Box::pin(sqlx::query(create).execute(c))
        })
        .await
        .unwrap();
        let clock = Clock::fixed("2030-01-01T12:00:00Z".parse().unwrap());
        Self { _folder: folder, db, clock, url: url.parse().unwrap() }
    }

    /// Asks for a path with a cookie; gives the text and the cookie that was set.
    async fn get(&self, path: &str, cookie: &str) -> (String, Option<String>) {
        let signs_in = async |device: Device, session: Session| {
            sign_in(&session, "user", "john", &device).await.unwrap();
        };
        let who = async |session: Session| {
            session.get::<String>("user").await.unwrap().unwrap_or_else(|| "nobody".to_owned())
        };
        let taken =
            async |session: Session| take::<String>(&session, "notice").await.unwrap().unwrap_or_default();
        let routes = Router::new()
            .route("/sign-in", get(signs_in))
            .route("/sign-out", get(async |session: Session| session.flush().await.unwrap()))
            .route("/notice", get(async |session: Session| session.insert("notice", "Hello").await.unwrap()))
            .route("/take", get(taken))
            .route("/", get(who))
            .layer(session_layer(self.store(), "shop_session", &self.url));
        let request = Request::builder().uri(path).header(COOKIE, cookie).body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let set = cookie_set(response.headers());
        let text = to_bytes(response.into_body(), 1000).await.unwrap();
        (String::from_utf8(text.to_vec()).unwrap(), set)
    }

    fn store(&self) -> SessionStore {
        SessionStore::new(self.db.clone(), self.clock.clone(), "user")
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
    let store = site.store();
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
    assert_eq!(site.store().run_due().await.unwrap(), 1);
    assert!(site.rows().await.is_empty());
}

#[tokio::test]
async fn no_session_lives_longer_than_a_month() {
    let site = Site::start("http://localhost:3000").await;
    let cookie = pair(site.get("/sign-in", "").await.1);
    for _ in 0..29 {
        site.clock.advance(SignedDuration::from_hours(24)).unwrap();
        assert_eq!(site.get("/", &cookie).await.0, "john");
    }
    assert_eq!(site.store().run_due().await.unwrap(), 0);
    site.clock.advance(SignedDuration::from_hours(24)).unwrap();
    assert_eq!(site.get("/", &cookie).await.0, "nobody");
    assert!(of_owner(&site.db, &site.clock, "john").await.unwrap().is_empty());
    assert_eq!(site.store().run_due().await.unwrap(), 1);
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_it() {
    let site = Site::start("http://localhost:3000").await;
    let first = pair(site.get("/sign-in", "").await.1);
    site.clock.advance(SignedDuration::from_hours(1)).unwrap();
    let second = pair(site.get("/sign-in", "").await.1);
    site.get("/notice", "").await;
    let listed = of_owner(&site.db, &site.clock, "john").await.unwrap();
    assert_eq!(listed.len(), 2, "who is not signed in has no session here");
    assert!(listed[0].begun_at > listed[1].begun_at && listed[1].begun_at == listed[1].used_at);
    let device = Device { address: "0.0.0.0".to_owned(), browser: "Another program".to_owned() };
    assert_eq!(listed[0].device, device);
    let raw = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    assert!(listed.iter().all(|session| ![raw(&first), raw(&second)].contains(&session.handle)));

    // Use is noted, to some minutes.
    site.clock.advance(SignedDuration::from_mins(20)).unwrap();
    assert_eq!(site.get("/", &first).await.0, "john");
    let listed = of_owner(&site.db, &site.clock, "john").await.unwrap();
    assert_eq!(listed[0].used_at, site.clock.now());

    let handles = (listed[0].handle.clone(), listed[1].handle.clone());
    let ended = site.db.transact(handles.1.clone(), |c, handle| Box::pin(end(c, "jane", handle)));
    ended.await.unwrap();
    assert_eq!(site.get("/", &second).await.0, "john", "another's session is nobody else's to end");
    let ended = site.db.transact(handles.1, |c, handle| Box::pin(end(c, "john", handle)));
    ended.await.unwrap();
    assert_eq!(site.get("/", &second).await.0, "nobody");
    let third = pair(site.get("/sign-in", "").await.1);
    let ended = site.db.transact(handles.0, |c, handle| Box::pin(end_others(c, "john", handle)));
    ended.await.unwrap();
    assert_eq!(
        (site.get("/", &first).await.0, site.get("/", &third).await.0),
        ("john".into(), "nobody".into())
    );
}

#[tokio::test]
async fn what_is_taken_is_gone_and_taking_nothing_writes_nothing() {
    let site = Site::start("http://localhost:3000").await;
    let cookie = pair(site.get("/sign-in", "").await.1);
    site.get("/notice", &cookie).await;
    assert_eq!(site.get("/take", &cookie).await.0, "Hello");
    // A write would change the time of expiry, which reading does every ten minutes at the most.
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
