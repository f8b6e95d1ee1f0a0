//! How soon a receiver that answers has its notifications, when others of the same caller hang, refuse and redirect;
//! against the same where all others answer. Whom nobody has told anything before has to wait for its turn once: that
//! is measured by itself.

use crate::load::{Connection, Load};
use crate::payments_site::{Payer, PaymentsSite, expect};
use crate::report::Series;
use crate::{Failure, serve};
use axum::Router;
use axum::response::Redirect;
use axum::routing::post;
use fps_protocol::Parameters;
use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, timeout};
use url::Url;

/// So many that accept and never answer, so many where nobody listens, so many that answer 307.
const OF_EACH_KIND: usize = 100;
/// What waits for each of the others before anything is measured.
const BACKLOG: usize = 2;
/// Payments that are measured in a round; for each there is one whose notification goes to one of the others.
const PAYMENTS: usize = 600;
/// Between them: far from all that the site can do, so that nothing waits for want of time.
const PACE: Duration = Duration::from_millis(25);
const ROUNDS: usize = 3;
/// Until what waited before has been sent, by whom it can be: it has its figure in the first.
const BACKLOG_IS_OVER: Duration = Duration::from_secs(5);
/// A notification that has not come then was lost.
const PATIENCE: Duration = Duration::from_mins(1);
const SUCCESS: &str = "<TransactionStatus>Success<";

pub async fn measure(server: &Handle, data: &TempDir) -> Result<(), Failure> {
    let all = 3 * OF_EACH_KIND;
    println!(
        "RECEIVERS: from sending Pay until its notification is there, {PAYMENTS} times, one each {PACE:?}; for"
    );
    println!(
        "each of them one more Pay tells one of {all} others of the same caller, for whom {BACKLOG} wait already."
    );
    println!(
        "Others answer, or one in three hangs, one is dead, one redirects. In turn, {ROUNDS} rounds; ms"
    );
    let (mut beside_good, mut beside_bad) = (Delays::default(), Delays::default());
    for round in 0..ROUNDS {
        let others = Others::that_answer(server).await?;
        beside_good.push(measure_beside(server, data, &format!("good-{round}"), &others).await?);
        let others = Others::in_trouble(server).await?;
        beside_bad.push(measure_beside(server, data, &format!("bad-{round}"), &others).await?);
    }
    println!("{:<25}{:<22}{:<22}times", "", "others answer", "others in trouble");
    for (what, good, bad, goal) in [
        ("first to a new receiver", &beside_good.first, &beside_bad.first, ""),
        ("p50 after that", &beside_good.p50, &beside_bad.p50, ""),
        ("p99 after that", &beside_good.p99, &beside_bad.p99, "(goal: at most 1.5)"),
    ] {
        println!("{what:<25}{good:.1}{bad:.1}{:.2}{goal}", bad.against(good));
    }
    Ok(())
}

/// One figure of each kind per round, in milliseconds.
#[derive(Default)]
struct Delays {
    first: Series,
    p50: Series,
    p99: Series,
}

impl Delays {
    fn push(&mut self, (first, mut later): (Duration, Vec<Duration>)) {
        later.sort_unstable();
        let at = |percent: usize| later[(later.len() * percent).div_ceil(100) - 1];
        for (series, delay) in [(&mut self.first, first), (&mut self.p50, at(50)), (&mut self.p99, at(99))] {
            series.push_figure(delay.as_secs_f64() * 1e3);
        }
    }
}

/// The delays of one round, on a site of its own: of the first notification, and of those that were sent when it had
/// come.
async fn measure_beside(
    server: &Handle,
    data: &TempDir,
    name: &str,
    others: &Others,
) -> Result<(Duration, Vec<Duration>), Failure> {
    let site = PaymentsSite::start(server, data, name).await?;
    let payer = site.callers.payer().await?;
    let backlog = (0..BACKLOG * others.urls.len()).map(|number| {
        let url = &others.urls[number % others.urls.len()];
        site.callers.pay(&payer, &format!("backlog-{number}"), Some(url))
    });
    let backlog = backlog.collect::<Result<Vec<_>, Failure>>()?;
    let load = Load { address: site.address.clone(), connections: 16, limit: None };
    load.send_each(backlog, |_, answer| expect(answer, SUCCESS)).await?;

    let inbox = Inbox::start(server).await?;
    let mut connection = Connection::open(&site.address).await?;
    let (call, sent) = (site.callers.pay(&payer, "first", Some(&inbox.url))?, Instant::now());
    expect(connection.exchange(&call).await?, SUCCESS)?;
    let first = inbox.delays(&[("first".to_owned(), sent)]).await?[0];
    tokio::time::sleep(BACKLOG_IS_OVER).await;
    let sent = send_at_a_pace(connection, &site, &payer, &inbox.url, others).await?;
    let later = inbox.delays(&sent).await?;
    server.spawn(site.running.stop()).await?;
    Ok((first, later))
}

/// Says when each payment that is measured was sent.
async fn send_at_a_pace(
    mut connection: Connection,
    site: &PaymentsSite,
    payer: &Payer,
    measured: &Url,
    others: &Others,
) -> Result<Vec<(String, Instant)>, Failure> {
    let mut calls = Vec::with_capacity(PAYMENTS);
    for number in 0..PAYMENTS {
        let reference = format!("measured-{number}");
        let call = site.callers.pay(payer, &reference, Some(measured))?;
        let other = &others.urls[number % others.urls.len()];
        calls.push((reference, call, site.callers.pay(payer, &format!("other-{number}"), Some(other))?));
    }
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sent = Vec::with_capacity(PAYMENTS);
    for (reference, call, other) in calls {
        pace.tick().await;
        sent.push((reference, Instant::now()));
        expect(connection.exchange(&call).await?, SUCCESS)?;
        expect(connection.exchange(&other).await?, SUCCESS)?;
    }
    Ok(sent)
}

/// The receiver that is measured: answers at once, and knows when it was told what.
struct Inbox {
    url: Url,
    came: Arc<Came>,
}

#[derive(Default)]
struct Came {
    /// By the payment's reference.
    at: Mutex<HashMap<String, Instant>>,
    one_more: Notify,
}

impl Came {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, body: &[u8]) {
        let now = Instant::now();
        let parameters = Parameters::from_form(body).unwrap_or_default();
        if let Some(reference) = parameters.get("callerReference") {
            self.lock().entry(reference.to_owned()).or_insert(now);
            self.one_more.notify_one();
        }
    }
}

impl Inbox {
    async fn start(server: &Handle) -> Result<Self, Failure> {
        let came = Arc::<Came>::default();
        let inbox = Arc::clone(&came);
        let route = post(async move |body: bytes::Bytes| inbox.take(&body));
        let address = serve(server, Router::new().route("/ipn", route)).await?;
        Ok(Self { url: ipn_url(&address)?, came })
    }

    /// How long each took that was sent.
    async fn delays(&self, sent: &[(String, Instant)]) -> Result<Vec<Duration>, Failure> {
        let all = async {
            while !sent.iter().all(|(reference, _)| self.came.lock().contains_key(reference)) {
                self.came.one_more.notified().await;
            }
        };
        let lost = |_| format!("a notification has not come in {PATIENCE:?}");
        timeout(PATIENCE, all).await.map_err(lost)?;
        let came = self.came.lock();
        let delay = |(reference, at): &(String, Instant)| came[reference].duration_since(*at);
        Ok(sent.iter().map(delay).collect())
    }
}

/// The receivers that are not measured.
struct Others {
    urls: Vec<Url>,
    /// Ports that are taken, and where nobody listens.
    _dead: Vec<TcpSocket>,
}

impl Others {
    async fn that_answer(server: &Handle) -> Result<Self, Failure> {
        let mut urls = Vec::new();
        for _ in 0..3 * OF_EACH_KIND {
            urls.push(ipn_url(&serve(server, Router::new().route("/ipn", post(async || ()))).await?)?);
        }
        Ok(Self { urls, _dead: Vec::new() })
    }

    async fn in_trouble(server: &Handle) -> Result<Self, Failure> {
        let (mut urls, mut dead) = (Vec::new(), Vec::new());
        for _ in 0..OF_EACH_KIND {
            let hangs = Router::new().route("/ipn", post(async || pending::<()>().await));
            urls.push(ipn_url(&serve(server, hangs).await?)?);
            let socket = TcpSocket::new_v4()?;
            socket.bind("127.0.0.1:0".parse()?)?;
            urls.push(ipn_url(&socket.local_addr()?.to_string())?);
            dead.push(socket);
            let redirects = post(async || Redirect::temporary("/elsewhere"));
            urls.push(ipn_url(&serve(server, Router::new().route("/ipn", redirects)).await?)?);
        }
        Ok(Self { urls, _dead: dead })
    }
}

fn ipn_url(address: &str) -> Result<Url, Failure> {
    Ok(Url::parse(&format!("http://{address}/ipn"))?)
}
