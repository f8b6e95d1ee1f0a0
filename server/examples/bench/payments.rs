//! Durable `Pay` calls over HTTP: signed, in the books, with the notification in the outbox.

use crate::bare_pays::BarePays;
use crate::calls;
use crate::load::{self, Answer, Load};
use crate::report::{Rate, Series};
use crate::{Failure, SITES, address, options, serve};
use axum::Router;
use axum::routing::post;
use http::StatusCode;
use platform::Database;
use server::Running;
use std::io;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

/// Rounds while the notifications' receiver keeps them waiting, and while they go out.
const ROUNDS: usize = 5;
const ROUNDS_WITH_DELIVERY: usize = 2;
/// Connections, Pay calls of a round at the most, and the ratio that is hoped for.
const LOADS: [(usize, usize, &str); 3] =
    [(1, 400, "at least 0.7"), (8, 800, "more than 1"), (64, 1_600, "more than 1")];
const BARE_PAYS: usize = 400;
const WARM_UP: usize = 64;
/// A round ends here on a slow disk, whether all its calls were made or not.
const ROUND: Duration = Duration::from_millis(900);
/// All notifications are out after so long, or something does not work.
const DRAINED: Duration = Duration::from_mins(10);
const SUCCESS: &str = "<TransactionStatus>Success</TransactionStatus>";

pub async fn measure(server: &Handle, data: &TempDir, sites: &Running) -> Result<(), Failure> {
    let mut bench = Bench::prepare(server, data, sites).await?;
    println!(
        "PAY by account balance, signed, by POST, against the transactions that they commit (idempotency"
    );
    println!(
        "record, token, transactions, history, postings, outbox), made by one connection alone with the same"
    );
    println!("settings ({}). In turn, {ROUNDS} rounds; calls/s", bench.bare.settings().await?);
    bench.rounds(ROUNDS).await?;
    println!("The receiver of the notifications kept the first ones waiting, so that sending did not count.");
    println!("The same while they go out, each signed by RSA, {ROUNDS_WITH_DELIVERY} rounds:");
    bench.receiver.open();
    bench.rounds(ROUNDS_WITH_DELIVERY).await?;
    bench.drain().await?;
    bench.check_books(data).await?;
    println!("{} payments, each once in the books and in the outbox.", bench.made);
    Ok(())
}

struct Bench {
    receiver: Receiver,
    bare: BarePays,
    /// Where the payments site listens.
    site: String,
    /// Signed calls that have not been sent yet.
    calls: std::vec::IntoIter<Vec<u8>>,
    /// Calls that were answered.
    made: u32,
}

impl Bench {
    async fn prepare(server: &Handle, data: &TempDir, sites: &Running) -> Result<Self, Failure> {
        let receiver = Receiver::start(server).await?;
        let rounds = ROUNDS + ROUNDS_WITH_DELIVERY;
        let bare = BarePays::prepare(server, data, WARM_UP + rounds * BARE_PAYS, &receiver.url).await?;
        let site = address(sites, Running::payments_url)?;
        let calls_a_round: usize = LOADS.iter().map(|(_, calls, _)| calls).sum();
        let pays = calls::pays(&site, WARM_UP + rounds * calls_a_round, &receiver.url).await?;
        let calls = calls::sign(&site, sites.payments_url(), pays)?.into_iter();
        let mut bench = Self { receiver, bare, site, calls, made: 0 };
        bench.bare.run(WARM_UP, ROUND).await?;
        bench.send(8, WARM_UP).await?;
        Ok(bench)
    }

    /// Measures and prints, each round as it ends.
    async fn rounds(&mut self, rounds: usize) -> Result<(), Failure> {
        let mut bare = Series::default();
        let mut loads: [Series; LOADS.len()] = std::array::from_fn(|_| Series::default());
        for round in 1..=rounds {
            let rate = self.bare.run(BARE_PAYS, ROUND).await?;
            print!("round {round} of {rounds}: bare {:.0}", rate.per_second());
            bare.push(rate);
            for ((connections, calls, _), series) in LOADS.iter().zip(&mut loads) {
                let rate = self.send(*connections, *calls).await?;
                print!(", {connections} connections {:.0}", rate.per_second());
                series.push(rate);
            }
            println!();
        }
        println!("{:<25}{bare}ratio", "bare transactions");
        for ((connections, _, goal), series) in LOADS.iter().zip(&loads) {
            let ratio = series.against(&bare);
            println!("{:<25}{series}{ratio:.2}(goal: {goal})", format!("{connections} connections"));
        }
        Ok(())
    }

    /// Waits for the notifications of all calls, and prints how fast they came when there were no calls any more.
    async fn drain(&mut self) -> Result<(), Failure> {
        let (begun, waiting) = (Instant::now(), self.made.saturating_sub(*self.receiver.taken.borrow()));
        let made = self.made;
        let all = self.receiver.taken.wait_for(|taken| *taken >= made);
        timeout(DRAINED, all).await.map_err(|_| format!("notifications still wait after {DRAINED:?}"))??;
        let rate = Rate { count: waiting, elapsed: begun.elapsed() };
        let (took, rate) = (rate.elapsed, rate.per_second());
        println!("{waiting} notifications waited at the end; they came in {took:.1?}, {rate:.0}/s");
        Ok(())
    }

    /// Sends signed calls, as far as the time allows; each must succeed.
    async fn send(&mut self, connections: usize, calls: usize) -> io::Result<Rate> {
        let load = Load { address: self.site.clone(), connections, limit: Some(ROUND) };
        let check = |_, answer: Answer<'_>| {
            if load::contains(answer.body, SUCCESS) {
                Ok(())
            } else {
                Err(io::Error::other(format!("no success: {}", String::from_utf8_lossy(answer.body))))
            }
        };
        let rate = load.send_each(self.calls.by_ref().take(calls).collect(), check).await?;
        self.made += rate.count;
        Ok(rate)
    }

    /// A call that was answered is there, whole.
    async fn check_books(&self, data: &TempDir) -> Result<(), Failure> {
        let db = Database::open(&options(data, SITES).payments_database_url).await?;
        let counts: (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM transactions WHERE operation = 'Pay' AND status = 'Success' AND parent_id IS NULL), \
                 (SELECT COUNT(*) FROM notifications WHERE url = $1)",
        )
        .bind(self.receiver.url.as_str())
        .fetch_one(db.readers())
        .await?;
        let books = ledger::audit(db.readers()).await?;
        db.close().await;
        let made = i64::from(self.made);
        if counts == (made, made) && books.is_clean() {
            return Ok(());
        }
        Err(format!(
            "{made} calls were answered, but payments and notifications are {counts:?}, and the books {books:?}"
        )
        .into())
    }
}

/// Takes notifications, and answers none before it is let.
struct Receiver {
    url: Url,
    open: watch::Sender<bool>,
    /// How many it has answered.
    taken: watch::Receiver<u32>,
}

impl Receiver {
    async fn start(server: &Handle) -> Result<Self, Failure> {
        let (open, gate) = watch::channel(false);
        let (count, taken) = watch::channel(0);
        let route = post(async move || {
            let mut gate = gate.clone();
            if gate.wait_for(|open| *open).await.is_err() {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            count.send_modify(|count| *count += 1);
            StatusCode::OK
        });
        let address = serve(server, Router::new().route("/ipn", route)).await?;
        Ok(Self { url: Url::parse(&format!("http://{address}/ipn"))?, open, taken })
    }

    /// From now on every notification is answered at once.
    fn open(&self) {
        self.open.send_replace(true);
    }
}
