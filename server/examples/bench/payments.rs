//! Durable `Pay` calls over HTTP (signed, in the books, with the notification in the outbox) against the rows that they
//! write, written through the database alone.

use crate::floor::{Pgbench, SqliteFloor};
use crate::goals::{Busy, Goals};
use crate::load::Load;
use crate::payments_site::{PaymentsSite, expect_success};
use crate::postgres::Cluster;
use crate::report::{Rate, Series};
use crate::{Failure, options, serve};
use axum::Router;
use axum::routing::post;
use http::StatusCode;
use platform::Database;
use std::io;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

/// Rounds against the floor, while the notifications' receiver keeps them waiting; and rounds of one while it does and
/// one while they go out.
const ROUNDS: usize = 4;
const PAIRS: usize = 3;
/// Of each of some number of connections, and of the floor's batches or clients of that number.
const CONNECTIONS: [usize; 3] = [1, 8, 64];
/// Calls of a round at the most, and of one of a pair: in all not more than John's balance is good for.
const CALLS: [usize; 3] = [400, 800, 1_600];
const CALLS_OF_A_PAIR: [usize; 3] = [300, 600, 1_100];
const WARM_UP: usize = 64;
/// A round ends here on a slow disk, whether all its calls were made or not.
const ROUND: Duration = Duration::from_millis(900);
/// Of the database alone.
const FLOOR_ROUND: Duration = Duration::from_secs(1);
/// All notifications are out after so long, or something does not work.
const DRAINED: Duration = Duration::from_mins(10);
/// Of the rate without it.
const GOAL_WITH_DELIVERY: f64 = 0.9;

pub async fn measure(server: &Handle, data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    println!(
        "PAY by account balance, signed, split three ways, against the rows that it writes, written through the"
    );
    println!("database alone. In turn, {ROUNDS} rounds; payments/s");
    let receiver = Receiver::start(server).await?;
    let floor = SqliteFloor::record(server, data, &receiver.url).await?;
    floor.check().await?;
    println!(
        "SQLITE, journal_mode=WAL, synchronous=FULL; the floor: {} a payment, the same schema, one thread,",
        floor.words()
    );
    println!(
        "prepared statements, so many payments to a commit; against each the site with as many connections"
    );
    let goal = [Some(0.4), None, Some(0.15)];
    let file = options(data, "pay").payments_database_url;
    let bench = Bench::prepare(server, data, receiver, ("pay", file)).await?;
    bench.run(server, Floor::Sqlite(floor), goal, goals).await?;

    let cluster = match Cluster::start(data.path()) {
        Ok(cluster) => cluster,
        Err(error) => {
            goals.leave_out("Pay on PostgreSQL", &error.to_string());
            return Ok(());
        }
    };
    let receiver = Receiver::start(server).await?;
    let floor = match Pgbench::record(server, data, &cluster, &receiver.url).await {
        Ok(floor) => floor,
        Err(error) => {
            goals.leave_out("Pay on PostgreSQL against pgbench", &error.to_string());
            return Ok(());
        }
    };
    println!(
        "\nPOSTGRESQL, fsync=on; the floor: pgbench --protocol=prepared with the same rows as a script, so many"
    );
    println!("clients; against each the site with as many connections");
    let url = cluster.database("pay").await?;
    let bench = Bench::prepare(server, data, receiver, ("pay-postgres", url)).await?;
    bench.run(server, Floor::Postgres(floor), [None, None, Some(0.6)], goals).await
}

/// The database alone.
enum Floor {
    Sqlite(SqliteFloor),
    Postgres(Pgbench),
}

impl Floor {
    /// With so many payments to a commit, or so many clients.
    async fn run(&mut self, size: usize) -> Result<Rate, Failure> {
        match self {
            Self::Sqlite(floor) => tokio::task::block_in_place(|| floor.run(size, FLOOR_ROUND)),
            Self::Postgres(floor) => floor.run(size, FLOOR_ROUND).await,
        }
    }

    fn words(&self, size: usize) -> String {
        match self {
            Self::Sqlite(_) => format!("SQLite alone, {size} to a commit"),
            Self::Postgres(_) => format!("pgbench, {size} clients"),
        }
    }
}

struct Bench {
    receiver: Receiver,
    site: PaymentsSite,
    database_url: String,
    /// Signed calls that have not been sent yet.
    calls: std::vec::IntoIter<Vec<u8>>,
    /// Calls that were answered.
    made: u32,
}

impl Bench {
    async fn prepare(
        server: &Handle,
        data: &TempDir,
        receiver: Receiver,
        (name, database_url): (&str, String),
    ) -> Result<Self, Failure> {
        let site = PaymentsSite::start_on(server, data, name, Some(database_url.clone())).await?;
        let sum = |calls: [usize; 3]| calls.iter().sum::<usize>();
        let count = WARM_UP + ROUNDS * sum(CALLS) + 2 * PAIRS * sum(CALLS_OF_A_PAIR);
        let calls = site.callers.signed_pays(count, &receiver.url).await?.into_iter();
        let mut bench = Self { receiver, site, database_url, calls, made: 0 };
        bench.send(8, WARM_UP).await?;
        Ok(bench)
    }

    async fn run(
        mut self,
        server: &Handle,
        mut floor: Floor,
        goal: [Option<f64>; 3],
        goals: &mut Goals,
    ) -> Result<(), Failure> {
        self.against_the_floor(&mut floor, goal, goals).await?;
        println!(
            "The receiver of the notifications kept the first ones waiting, so that sending did not count."
        );
        println!("The same while they go out, each signed by RSA, in turn with rounds in which they wait:");
        self.beside_delivery(goals).await?;
        self.drain().await?;
        self.check_books().await?;
        println!("{} payments, each once in the books and in the outbox.", self.made);
        Ok(server.spawn(self.site.running.stop()).await?)
    }

    /// Measures and prints, each round as it ends.
    async fn against_the_floor(
        &mut self,
        floor: &mut Floor,
        goal: [Option<f64>; 3],
        goals: &mut Goals,
    ) -> Result<(), Failure> {
        let mut floors: [Series; 3] = std::array::from_fn(|_| Series::default());
        let mut rates = floors.clone();
        let mut reasons: [String; 3] = std::array::from_fn(|_| String::new());
        for round in 1..=ROUNDS {
            for (index, size) in CONNECTIONS.into_iter().enumerate() {
                floors[index].push(floor.run(size).await?);
                let busy = Busy::begin();
                rates[index].push(self.send(size, CALLS[index]).await?);
                reasons[index] = busy.reason();
            }
            eprintln!("round {round} of {ROUNDS}");
        }
        println!("{:<14}{:<22}{:<32}{:<22}ratio", "connections", "over HTTP", "", "alone");
        for (index, size) in CONNECTIONS.into_iter().enumerate() {
            let ratio = rates[index].against(&floors[index]);
            let words = floor.words(size);
            let hoped = goal[index].map_or(String::new(), |goal| format!("(goal: at least {goal})"));
            println!("{size:<14}{}{words:<32}{}{ratio:.2}{hoped}", rates[index], floors[index]);
            if let Some(goal) = goal[index] {
                let what = format!("Pay over HTTP on {size} connections, of {words}");
                goals.at_least(goal, ratio.median(), &what, &reasons[index]);
            }
        }
        Ok(())
    }

    /// The receiver is open at the end.
    async fn beside_delivery(&mut self, goals: &mut Goals) -> Result<(), Failure> {
        for (index, size) in CONNECTIONS.into_iter().enumerate() {
            let busy = Busy::begin();
            let (mut alone, mut beside) = (Series::default(), Series::default());
            for _ in 0..PAIRS {
                self.receiver.set_open(false);
                alone.push(self.send(size, CALLS_OF_A_PAIR[index]).await?);
                self.receiver.set_open(true);
                beside.push(self.send(size, CALLS_OF_A_PAIR[index]).await?);
            }
            let ratio = beside.against(&alone);
            println!("{size:<14}{beside}{alone}{ratio:.2}(goal: at least {GOAL_WITH_DELIVERY})");
            let what = format!("Pay on {size} connections beside notifications, of the rate without");
            goals.at_least(GOAL_WITH_DELIVERY, ratio.median(), &what, &busy.reason());
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
        let load = Load { address: self.site.address.clone(), connections, limit: Some(ROUND) };
        let calls = self.calls.by_ref().take(calls).collect();
        let rate = load.send_each(calls, |_, answer| expect_success(answer)).await?;
        self.made += rate.count;
        Ok(rate)
    }

    /// A call that was answered is there, whole.
    async fn check_books(&self) -> Result<(), Failure> {
        let db = Database::open(&self.database_url).await?.unhurried();
        let counts: (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM transactions WHERE operation = 'Pay' AND status = 'Success' AND parent IS NULL), \
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
pub struct Receiver {
    pub url: Url,
    open: watch::Sender<bool>,
    /// How many it has answered.
    pub taken: watch::Receiver<u32>,
}

impl Receiver {
    pub async fn start(server: &Handle) -> Result<Self, Failure> {
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

    /// From now on every notification is answered at once, or none is.
    pub fn set_open(&self, open: bool) {
        self.open.send_replace(open);
    }
}
