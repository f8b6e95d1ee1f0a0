//! The emulator that is put to the test: Amazon Payments alone in this process, which can be stopped and started
//! again, and a receiver of notifications that can refuse them.

use super::state::Time;
use crate::support::{Answer, Caller, On, fresh_postgres_schemas, listen, start_time};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use platform::{Clock, Random};
use serde_json::{Value, json};
use server::{Options, Running, Sites};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use url::Url;

/// What came to the receiver.
#[derive(Debug, Default)]
pub struct Received {
    /// Answers 500 instead of taking what comes.
    pub refuses: bool,
    /// By subject, in order; what came again is here once.
    pub taken: BTreeMap<String, Vec<String>>,
    ids: BTreeSet<String>,
}

type Receiver = Arc<Mutex<Received>>;

pub struct World {
    pub receiver: Receiver,
    /// How often each action, and each pipeline, was granted.
    pub done: BTreeMap<String, usize>,
    payments: Url,
    running: Option<Running>,
    clock: Clock,
    machine: Time,
    delay: Time,
    database: Option<String>,
    shop_url: Url,
    /// Made anew for each start: what is made must not be made again.
    seed: u64,
    keys: Vec<(&'static str, &'static str)>,
    client: reqwest::Client,
    data: TempDir,
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Once,
    Posted,
    /// The connection breaks before the answer; then it is sent again.
    Lost,
    /// So many at once.
    Together(usize),
}

async fn take(State(inbox): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let mut received = inbox.lock().unwrap();
    if received.refuses {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let fields: BTreeMap<String, String> = fps_protocol::Parameters::from_form(body.as_bytes())
        .unwrap()
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (subject, what) = if field("notificationType") == "TokenCancellation" {
        (field("tokenId"), "TokenCancellation".to_owned())
    } else {
        // Refunds have `status`, and its own word (fps.md §9).
        let status = field("transactionStatus") + &field("status");
        (field("transactionId"), format!("{} {}", field("operation"), status.replace("INITIATED", "PENDING")))
    };
    // At least once, says the notifier: the same one can come again.
    let id = headers.get("x-notification-id").map(|id| id.to_str().unwrap().to_owned());
    if received.ids.insert(id.unwrap()) {
        received.taken.entry(subject).or_default().push(what);
    }
    StatusCode::OK
}

impl World {
    /// `delay` is what the processor takes, in seconds of the machine's time. `None` when that database is not to
    /// be had here.
    pub async fn start(on: On, delay: Time, keys: Vec<(&'static str, &'static str)>) -> Option<Self> {
        let database = match on {
            On::Sqlite => None,
            On::Postgres => Some(fresh_postgres_schemas().await?.1),
        };
        let receiver = Receiver::default();
        let shop_url = listen(Router::new().fallback(take).with_state(receiver.clone())).await;
        let mut world = Self {
            receiver,
            done: BTreeMap::new(),
            payments: shop_url.clone(),
            running: None,
            clock: Clock::fixed(start_time()),
            machine: start_time().as_second(),
            delay,
            database,
            shop_url,
            seed: 1,
            keys,
            client: platform::http_client(),
            data: tempfile::tempdir().unwrap(),
        };
        world.run().await;
        Some(world)
    }

    async fn run(&mut self) {
        self.clock = Clock::fixed(Timestamp::from_second(self.machine).unwrap());
        let random = Random::seeded(self.seed);
        self.seed += 1;
        let mut options = Options::for_tests(self.data.path(), self.clock.clone(), random);
        options.sites = Sites::Payments;
        options.signing_key = Some(include_str!("../support/signing-key.pem").into());
        options.processor_delay = Duration::from_secs(self.delay.unsigned_abs());
        options.shop_url = Some(self.shop_url.clone());
        if let Some(url) = &self.database {
            options.payments_database_url.clone_from(url);
        }
        let running = server::start(options).await.unwrap();
        self.payments = running.payments_url().clone();
        self.running = Some(running);
    }

    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Stops it and starts it again on the same database, so much later by the machine's clock.
    pub async fn restart(&mut self, after: Time) {
        self.stop().await;
        self.machine += after;
        self.run().await;
    }

    pub fn caller(&self, number: usize) -> Caller {
        let (access_key, secret) = self.keys[number];
        Caller::new(self.payments.clone(), access_key, secret, self.clock.clone())
    }

    /// One whose clock stands elsewhere, or whose keys are others.
    pub fn stranger(&self, access_key: &str, secret: &str, late: Time) -> Caller {
        let clock = Clock::fixed(self.clock.now() - SignedDuration::from_secs(late));
        Caller::new(self.payments.clone(), access_key, secret, clock)
    }

    /// Where the Co-Branded UI sends people back to: the caller's registered site.
    pub fn return_url(&self, caller: usize) -> String {
        if caller == 0 { self.shop_url.to_string() } else { "http://localhost/".to_owned() }
    }

    pub async fn control(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = self.payments.join(&format!("/_control/{path}")).unwrap();
        let request = match body {
            Some(body) => {
                self.client.post(url).header("content-type", "application/json").body(body.to_string())
            }
            None => self.client.get(url),
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    /// Moves the clock, by nothing perhaps; all that is due has been done when this returns.
    pub async fn advance(&self, seconds: Time) {
        let (status, answer) = self.control("clock", Some(json!({ "advance_seconds": seconds }))).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// The answers, in the order in which they can have come to be: of equal ones sent together successes first.
    pub async fn send(&self, caller: usize, action: &str, fields: &[(&str, &str)], how: How) -> Vec<Answer> {
        let caller = self.caller(caller);
        match how {
            How::Once => vec![caller.call(action, fields).await],
            How::Posted => vec![caller.post(action, fields).await],
            How::Lost => {
                self.send_and_hang_up(&caller, action, fields).await;
                vec![caller.call(action, fields).await]
            }
            How::Together(times) => {
                let mut answers = join_all((0..times).map(|_| caller.call(action, fields))).await;
                answers.sort_by_key(|answer| answer.status);
                answers
            }
        }
    }

    async fn send_and_hang_up(&self, caller: &Caller, action: &str, fields: &[(&str, &str)]) {
        let authority = self.payments.authority().to_owned();
        let mut connection = tokio::net::TcpStream::connect(&authority).await.unwrap();
        let query = caller.sign(action, fields).to_query();
        let head = format!("GET /?{query} HTTP/1.1\r\nhost: {authority}\r\n\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
    }

    /// Waits until the receiver has all that is asked for; `false` when that does not come.
    pub async fn received(&self, is_all: impl Fn(&BTreeMap<String, Vec<String>>) -> bool) -> bool {
        for _ in 0..600 {
            if is_all(&self.receiver.lock().unwrap().taken) {
                return true;
            }
            self.advance(0).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }
}
