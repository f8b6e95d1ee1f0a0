//! A seeded shop, and a browser as far as the tests need one.

use crate::databases::TestDatabase;
use crate::merchants::{Registration, store};
use crate::shared_pages::SharedPages;
use crate::state::Parts;
use crate::{Config, Shop};
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt;
use platform::{Clock, Database, Random};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt;

pub const BOUNDARY: &str = "----boundary";

/// Bytes: more than one file may have, less than two of them.
pub const SELLER_QUOTA: u64 = 60 << 20;

pub struct TestShop {
    pub shop: Shop,
    pub router: Router,
    /// Empty where the database is no file of this shop's own.
    pub database_url: String,
    _database: Option<TestDatabase>,
    _folder: TempDir,
}

pub async fn test_shop() -> TestShop {
    test_shop_with(|_| {}).await
}

/// With some of its settings set.
pub async fn test_shop_with(set: impl FnOnce(&mut Config)) -> TestShop {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    let db = Database::open(&url).await.unwrap();
    TestShop { database_url: url, ..opened(folder, db, set).await }
}

/// One on each of the databases that are to be had here.
pub async fn test_shops() -> Vec<TestShop> {
    let mut shops = Vec::new();
    for database in crate::databases::each(&crate::MIGRATIONS).await {
        let shop = opened(tempfile::tempdir().unwrap(), database.db.clone(), |_| {}).await;
        shops.push(TestShop { _database: Some(database), ..shop });
    }
    shops
}

async fn opened(folder: TempDir, db: Database, set: impl FnOnce(&mut Config)) -> TestShop {
    let mut config = Config {
        public_url: "http://localhost:3000".parse().unwrap(),
        allowed_hosts: platform::web::AllowedHosts::default(),
        payments_url: "http://127.0.0.1:3001".parse().unwrap(),
        access_key: "DDCALLER000000000001".parse().unwrap(),
        secret: "digitaldownload-demo-secret".into(),
        tls: platform::Tls::default(),
        files_dir: folder.path().join("files"),
        demo_data: platform::DemoData::Small,
        seller_quota: SELLER_QUOTA,
        lab: true,
        lab_ports: platform::lab::Lab::default(),
        smtp: None,
        demo_accounts: true,
        throttle_sign_in: true,
    };
    set(&mut config);
    let clock = Clock::fixed("2030-06-03T09:00:00Z".parse().unwrap());
    let shop = Shop::open(config, db, clock, Random::seeded(1)).await.unwrap();
    // Each request looks whether the catalogue has changed, so that what a test changes is seen without waiting.
    let shared_pages = Arc::new(SharedPages::that_look_every(Duration::ZERO));
    let shop = Shop::from(Parts { shared_pages, ..Parts::clone(&shop) });
    TestShop { router: shop.router(), shop, database_url: String::new(), _database: None, _folder: folder }
}

impl TestShop {
    pub fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.stranger();
        let page = browser.post("/sign-in", &[("email", email), ("password", "digitaldownload")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        browser
    }

    /// Somebody new with a registered shop, as the Recipient pipeline would leave them.
    pub async fn new_merchant(&self, email: &str) -> Browser {
        let mut browser = self.stranger();
        let account = [("name", "Nadia Brandt"), ("email", email), ("password", "a long password")];
        assert_eq!(browser.post("/sign-up", &account).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post("/sell", &[("name", "Brandt Prints")]).await.status, StatusCode::SEE_OTHER);
        let found = crate::users::store::by_email(&self.shop.db, email).await.unwrap().unwrap();
        let merchant = store::by_user(&self.shop.db, &found.user.id).await.unwrap().unwrap();
        let registration = Registration {
            recipient_token: "RECIPIENT".parse().unwrap(),
            refund_token: Some("REFUND".parse().unwrap()),
            at: self.shop.clock.now(),
        };
        let input = (merchant.id, registration);
        let registered = self
            .shop
            .db
            .transact(input, |c, (id, tokens)| Box::pin(store::complete_registration(c, id, tokens)));
        assert!(registered.await.unwrap());
        browser
    }
}

/// Keeps its cookies.
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header(LOCATION)
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Page {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_body(path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// A multipart form of texts, and of files as (field, file name, content).
    pub async fn post_files(
        &mut self,
        path: &str,
        texts: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let mut body = Vec::new();
        for (name, value) in texts {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        for (name, file_name, content) in files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        self.post_body(path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }

    pub async fn post_body(&mut self, path: &str, content_type: &str, body: Vec<u8>) -> Page {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(CONTENT_TYPE, content_type)
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A multipart form that comes in pieces.
    pub async fn post_stream(&mut self, path: &str, body: Body) -> Page {
        let request = Request::post(path)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(body).unwrap()).await
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub async fn head(&mut self, path: &str) -> Page {
        self.send(Request::head(path).body(Body::empty()).unwrap()).await
    }

    /// An answer whose body is still to come.
    pub async fn open(&mut self, path: &str) -> Response {
        self.answer(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn send(&mut self, request: Request<Body>) -> Page {
        let (parts, body) = self.answer(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Page { status: parts.status, headers: parts.headers, body }
    }

    async fn answer(&mut self, mut request: Request<Body>) -> Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().entry(HOST).or_insert(HeaderValue::from_static("localhost:3000"));
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response: Response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }
}
