//! A payments site on a database of its own, and a browser that keeps its cookie.

use crate::MIGRATIONS;
use crate::config::{Config, NotificationSettings};
use crate::engine::payments::tests::databases::{self, TestDatabase};
use crate::state::Payments;
use axum::Router;
use axum::body::Body;
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::{AccessKey, CallerReference};
use fps_protocol::outbound::{self, KeyBits};
use fps_protocol::{Parameters, Secret};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use platform::{Clock, Database, Random};
use std::time::Duration;
use tower::ServiceExt;
use url::Url;

pub const JOHN: &str = "john@example.com";
pub const JANE: &str = "jane@example.com";
pub const MERCHANT: &str = "merchant@example.com";
pub const RETURN_URL: &str = "http://localhost:3000/payments/return?order=7";
/// Made for tests alone: a key of one's own takes seconds.
pub const TEST_KEY: &str = include_str!("../../../fps-protocol/tests/it/fixtures/test-signing-key.pem");

pub fn config() -> Config {
    Config {
        public_url: "http://127.0.0.1:3001".parse().unwrap(),
        allowed_hosts: platform::web::AllowedHosts::default(),
        shop_url: "http://localhost:3000".parse().unwrap(),
        lab: true,
        lab_ports: platform::lab::Lab::default(),
        demo_accounts: true,
        caller_secret: Some("digitaldownload-demo-secret".into()),
        control_token: None,
        demo_data: platform::DemoData::Small,
        processor_delay: Duration::ZERO,
        magic_amounts: false,
        notifications: notification_settings(),
        throttle_sign_in: false,
        signing_key: Some(TEST_KEY.into()),
        signing_key_bits: KeyBits::AS_FPS,
    }
}

/// Nobody is hurried: a test that has a receiver which does not answer says so.
pub fn notification_settings() -> NotificationSettings {
    NotificationSettings { patience: Duration::from_mins(1), ..NotificationSettings::default() }
}

pub fn start_time() -> Timestamp {
    "2030-06-03T09:00:00Z".parse().unwrap()
}

pub struct App {
    pub payments: Payments,
    pub clock: Clock,
    router: Router,
    folder: tempfile::TempDir,
    /// Kept as long as it is used, where it is not in the folder.
    _database: Option<TestDatabase>,
}

impl App {
    pub async fn new() -> Self {
        Self::with(config()).await
    }

    pub async fn with(config: Config) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), config).await
    }

    async fn in_folder(folder: tempfile::TempDir, config: Config) -> Self {
        let url = format!("sqlite://{}", folder.path().join("payments.db").display());
        let (db, clock) = (Database::open(&url).await.unwrap(), Clock::fixed(start_time()));
        let payments = Payments::open(config, db, clock.clone(), Random::seeded(1)).await.unwrap();
        let router = payments.router();
        Self { payments, clock, router, folder, _database: None }
    }

    /// On SQLite, and on PostgreSQL where there is one: for what writes tables that nothing else does.
    pub async fn on_each_database() -> Vec<Self> {
        Self::on_each_database_with(config()).await
    }

    pub async fn on_each_database_with(config: Config) -> Vec<Self> {
        let mut apps = Vec::new();
        for database in databases::each(&MIGRATIONS).await {
            let (db, clock) = (database.db.clone(), Clock::fixed(start_time()));
            let payments = Payments::open(config.clone(), db, clock.clone(), Random::seeded(1));
            let payments = payments.await.unwrap();
            let (router, folder) = (payments.router(), tempfile::tempdir().unwrap());
            apps.push(Self { payments, clock, router, folder, _database: Some(database) });
        }
        apps
    }

    /// Stops and starts again on the same database.
    pub async fn restart(self) -> Self {
        self.payments.db.close().await;
        Self::in_folder(self.folder, config()).await
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: None }
    }

    /// The signed address that the first demo caller sends people to.
    pub fn asks(&self, pipeline: Pipeline, reference: &str, parameters: &[(&str, &str)]) -> Url {
        self.asks_to_return(RETURN_URL, pipeline, reference, parameters)
    }

    pub fn asks_to_return(
        &self,
        return_url: &str,
        pipeline: Pipeline,
        reference: &str,
        parameters: &[(&str, &str)],
    ) -> Url {
        let key = AccessKey::new("DDCALLER000000000001").unwrap();
        let reference = CallerReference::new(reference).unwrap();
        let return_url = Url::parse(return_url).unwrap();
        let site = &self.payments.config.public_url;
        let url = CbuiUrl::new(site, &key, pipeline, &reference, &return_url);
        let url = parameters.iter().fold(url, |url, (name, value)| url.with(name, *value));
        url.signed(&Secret::new("digitaldownload-demo-secret"))
    }

    pub fn asks_for_payment(&self, reference: &str) -> Url {
        let recipient = recipient_token();
        let parameters = [("transactionAmount", "10.00"), ("recipientToken", recipient.as_str())];
        self.asks(Pipeline::SingleUse, reference, &parameters)
    }

    /// The answer that a redirect to the returnURL carries, its signature checked.
    pub async fn returned(&self, location: &str) -> Parameters {
        let url = Url::parse(location).unwrap();
        assert!(location.starts_with(RETURN_URL), "{location}");
        let parameters = Parameters::from_query(url.query().unwrap()).unwrap();
        let certificate = parameters.get("certificateUrl").unwrap().parse::<Url>().unwrap();
        let pem = self.browser().get(certificate.path()).await.expect(StatusCode::OK).body;
        let endpoint = Url::parse("http://localhost:3000/payments/return").unwrap();
        outbound::verify("GET", &endpoint, parameters, &pem).unwrap().into_inner()
    }
}

/// The demo merchant's.
pub fn recipient_token() -> String {
    format!("{:R<64}", "DEMORECIPIENTTOKEN00")
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    /// The content security policy.
    pub policy: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Where it redirects to.
    #[track_caller]
    pub fn to(self) -> String {
        self.expect(StatusCode::SEE_OTHER).location.unwrap()
    }

    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The value of the radio button whose label has this text.
    #[track_caller]
    pub fn choice(&self, label: &str) -> String {
        let inputs =
            self.body.split("<input").skip(1).filter(|rest| rest.contains(label) && rest.contains("radio"));
        let mut values = inputs.filter_map(|rest| rest.split("value=\"").nth(1)?.split('"').next());
        values.next().unwrap_or_else(|| panic!("no {label} in {}", self.body)).to_owned()
    }

    /// The hidden fields of the form with this action, as a browser sends them.
    #[track_caller]
    pub fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let action = format!("action=\"{action}\"");
        let mut forms = self.body.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
        let form = forms.find(|form| form.contains(&action));
        let form = form.unwrap_or_else(|| panic!("no form with {action} in {}", self.body));
        let attribute = |input: &str, name: &str| {
            let rest =
                input.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap());
            rest.map(str::to_owned).unwrap_or_default()
        };
        let inputs = form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
        let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
        hidden.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
    }
}

pub struct Browser {
    router: Router,
    cookie: Option<String>,
}

impl Browser {
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn follow(&mut self, url: &Url) -> Answer {
        self.get(&format!("{}?{}", url.path(), url.query().unwrap_or_default())).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body.into()).await
    }

    pub async fn post_json(&mut self, path: &str, body: serde_json::Value) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(request, body.to_string().into()).await
    }

    pub async fn send(&mut self, request: http::request::Builder, body: Body) -> Answer {
        let named = request.headers_ref().is_some_and(|headers| headers.contains_key(HOST));
        let mut request = if named { request } else { request.header(HOST, "127.0.0.1:3001") };
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        if let Some(set) = response.headers().get(SET_COOKIE).map(text) {
            let removed = set.contains("Max-Age=0");
            assert!(removed || set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
            self.cookie = set.split(';').next().filter(|_| !removed).map(str::to_owned);
        }
        let (status, location) = (response.status(), response.headers().get(LOCATION).map(text));
        let policy = response.headers().get(CONTENT_SECURITY_POLICY).map(text).unwrap_or_default();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, policy, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// From the start to the choice of an instrument (or, for a recipient, to the review); its address.
    pub async fn sign_in_at(&mut self, start: &Url, email: &str) -> String {
        let sign_in = self.follow(start).await.to();
        assert!(sign_in.ends_with("/sign-in"), "{sign_in}");
        self.get(&sign_in).await.expect(StatusCode::OK);
        self.post(&sign_in, &[("email", email), ("password", "amazonpayments")]).await.to()
    }

    /// Presses Confirm on the review: with the fields that stand on it, as browsers do.
    pub async fn confirm(&mut self, review: &str) -> Answer {
        let page = self.get(review).await.expect(StatusCode::OK);
        self.submit(&page, review).await
    }

    /// Sends the page's form with this action as it is.
    pub async fn submit(&mut self, page: &Answer, action: &str) -> Answer {
        let fields = page.hidden_fields(action);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(action, &fields).await
    }

    /// From the start to the review; its address.
    pub async fn go_to_review(&mut self, start: &Url, email: &str, instrument: &str) -> String {
        let choose = self.sign_in_at(start, email).await;
        let page = self.get(&choose).await.expect(StatusCode::OK);
        let review = self.post(&choose, &[("instrument", &page.choice(instrument))]).await.to();
        self.get(&review).await.expect(StatusCode::OK);
        review
    }
}

/// Where a link between pages leads, without the section.
pub fn link(html: &str, rel: &str) -> String {
    let anchor = html.split("<a ").find(|anchor| anchor.contains(&format!("rel=\"{rel}\"")));
    let href = anchor.and_then(|anchor| anchor.split("href=\"").nth(1)).unwrap_or_else(|| panic!("{html}"));
    href.split(['"', '#']).next().unwrap().replace("&amp;", "&")
}
