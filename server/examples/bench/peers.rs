//! Two emulators of another payment service, fetched from where they are published, beside ours: payments a second on 8
//! connections, in alternation, with one load generator. Nothing of them is part of this repository.
//!
//! What is compared is each one's way of taking a payment by a client that has everything else already:
//!
//! - ours: `Pay`, one signed call; checked, split three ways, in the books, durable (SQLite, `synchronous=FULL`), its
//!   notification written, signed with RSA, sent and answered beside the next calls.
//! - Strimulator (Bun, a SQLite file): `POST /v1/payment_intents` with `confirm=true`, one call that writes the intent,
//!   the charge and the events; nobody is registered for webhooks.
//! - emulate (Node.js, in memory): `POST /v1/payment_intents`, then `POST …/confirm`, since its version for Node.js 20
//!   does not confirm in one; both together are one payment. Each has a key of its own: 5,000 calls an hour are allowed
//!   to one.

use crate::Failure;
use crate::against::Side;
use crate::child::built_beside;
use crate::goals::{Busy, Goals};
use crate::load::{self, Answer, Connection};
use crate::programs::output_within;
use crate::report::{Rate, Series};
use crate::settings::Settings;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 8;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(2);
/// Ours of a round at the most: there are tokens for so many, and money.
const CALLS: usize = 3_500;
const FETCHED: Duration = Duration::from_mins(5);
const STARTED: Duration = Duration::from_secs(30);
/// The last version whose dependencies are there for Node.js 20; what is published as the latest is somebody else's.
const EMULATE: &str = "emulate@0.8.0";
const STRIMULATOR: &str = "https://codeload.github.com/codeforge-tech/strimulator/tar.gz/HEAD";

pub async fn measure(
    server: &Handle,
    data: &TempDir,
    settings: &Settings,
    goals: &mut Goals,
) -> Result<(), Failure> {
    println!(
        "PEERS: payments/s on {CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?}, in turn with ours: signed,"
    );
    println!("split three ways, durable, its notification signed, sent and answered");
    let mut peers = Vec::new();
    for kind in [Kind::Strimulator, Kind::Emulate] {
        match tokio::task::block_in_place(|| Peer::start(kind, data.path(), settings)) {
            Ok(peer) => peers.push(peer),
            Err(error) => goals.leave_out(kind.words(), &error.to_string()),
        }
    }
    if peers.is_empty() {
        return Ok(());
    }
    let ours = data.path().join("beside-peers");
    let mut ours = Side::start(server, &built_beside()?, &ours, peers.len() * ROUNDS * CALLS, true).await?;
    println!("{:<46}{:<22}{:<22}ours, times theirs", "", "theirs", "ours");
    for peer in peers {
        let kind = peer.kind;
        let payment = peer.prepare().await?;
        let (mut theirs, mut our_rates) = (Series::default(), Series::default());
        let busy = Busy::begin();
        for round in 0..ROUNDS {
            theirs.push(peer.round(&payment).await?);
            our_rates.push_figure(ours.send(CONNECTIONS, CALLS, ROUND).await?.0);
            eprintln!("{}: round {} of {ROUNDS}", kind.words(), round + 1);
        }
        let (ratio, goal) = (our_rates.against(&theirs), kind.goal());
        println!("{:<46}{theirs}{our_rates}{ratio:.2}(goal: {goal})", kind.words());
        goals.at_least(goal, ratio.median(), &format!("Pay, of {}", kind.words()), &busy.reason());
    }
    ours.program.stop()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strimulator,
    Emulate,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Strimulator => "Strimulator (Bun, SQLite file), one call",
            Self::Emulate => "emulate 0.8.0 (Node.js, memory), two calls",
        }
    }

    fn goal(self) -> f64 {
        match self {
            Self::Strimulator => 5.0,
            Self::Emulate => 3.0,
        }
    }

    /// Fetches it into a folder of its own; gives the command that starts it on a port.
    fn fetch(self, folder: &Path, settings: &Settings, port: u16) -> Result<Command, Failure> {
        let modules = folder.join("node_modules");
        match self {
            Self::Emulate => {
                install(folder, &[EMULATE])?;
                let mut command = Command::new("node");
                command.arg(modules.join("emulate/dist/index.js")).args([
                    "start",
                    "--service",
                    "stripe",
                    "--port",
                ]);
                command.arg(port.to_string());
                Ok(command)
            }
            Self::Strimulator => {
                let (source, checkout): (&[&str], PathBuf) = match &settings.strimulator {
                    Some(checkout) => (&["bun"], checkout.clone()),
                    None => (&["bun", STRIMULATOR], modules.join("strimulator")),
                };
                install(folder, source)?;
                let mut command = Command::new(modules.join(".bin/bun"));
                command.args(["run", "src/index.ts"]).current_dir(checkout);
                command.env("STRIMULATOR_PORT", port.to_string()).env("STRIMULATOR_LOG_LEVEL", "error");
                command.env("STRIMULATOR_DB_PATH", folder.join("strimulator.db"));
                Ok(command)
            }
        }
    }
}

/// From npm's registry, as npm is configured here.
fn install(folder: &Path, packages: &[&str]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("package.json"), "{\"private\":true}")?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).args(packages).current_dir(folder);
    let (status, _) = output_within(npm, FETCHED)?;
    if status.success() { Ok(()) } else { Err(format!("npm cannot install {packages:?} ({status})").into()) }
}

struct Peer {
    kind: Kind,
    address: String,
    child: Child,
}

/// The calls of one payment; `{id}` in a later one is the id that the first answered.
type Payment = Vec<(String, String)>;

impl Peer {
    fn start(kind: Kind, data: &Path, settings: &Settings) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = kind.fetch(&data.join(format!("{kind:?}")), settings, port)?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        let mut peer = Self { kind, address: format!("127.0.0.1:{port}"), child };
        let begun = Instant::now();
        while std::net::TcpStream::connect(&peer.address).is_err() {
            if let Some(status) = peer.child.try_wait()? {
                return Err(format!("it ended at once ({status})").into());
            }
            if begun.elapsed() > STARTED {
                return Err(format!("it does not listen after {STARTED:?}").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(peer)
    }

    /// What there has to be before somebody pays, and how one pays then.
    async fn prepare(&self) -> Result<Payment, Failure> {
        let intents = "/v1/payment_intents".to_owned();
        let pay = "amount=200&currency=usd&payment_method=";
        Ok(match self.kind {
            Kind::Emulate => vec![
                (intents.clone(), format!("{pay}pm_card_visa")),
                (format!("{intents}/{{id}}/confirm"), String::new()),
            ],
            Kind::Strimulator => {
                let mut connection = Connection::open(&self.address).await?;
                let card = "type=card&card[token]=tok_visa";
                let card = request(&self.address, "/v1/payment_methods", card, "setup");
                let method = id_in(connection.exchange(&card).await?)?;
                vec![(intents, format!("{pay}{method}&confirm=true"))]
            }
        })
    }

    /// Payments of all connections until the time is over.
    async fn round(&self, payment: &Payment) -> Result<Rate, Failure> {
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for number in 0..CONNECTIONS {
            let mut connection = Connection::open(&self.address).await?;
            let (address, payment) = (self.address.clone(), payment.clone());
            tasks.spawn(async move {
                let mut count = 0_u32;
                while begun.elapsed() < ROUND {
                    let key = format!("{:x}{number}x{count}", begun.elapsed().as_nanos());
                    pay(&mut connection, &address, &payment, &key).await?;
                    count += 1;
                }
                Ok::<u32, io::Error>(count)
            });
        }
        let mut count = 0;
        while let Some(made) = tasks.join_next().await {
            count += made??;
        }
        Ok(Rate { count, elapsed: begun.elapsed() })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// With an API key of its own.
async fn pay(connection: &mut Connection, address: &str, payment: &Payment, key: &str) -> io::Result<()> {
    let mut id = String::new();
    let last = payment.len() - 1;
    for (number, (path, body)) in payment.iter().enumerate() {
        let call = request(address, &path.replace("{id}", &id), body, key);
        let answer = connection.exchange(&call).await?;
        if number == last && !load::contains(answer.body, "\"status\":\"succeeded\"") {
            return Err(io::Error::other(format!("not paid: {}", String::from_utf8_lossy(answer.body))));
        }
        id = id_in(answer)?;
    }
    Ok(())
}

fn request(address: &str, path: &str, body: &str, key: &str) -> Vec<u8> {
    let post = load::post(address, path, "application/x-www-form-urlencoded", body);
    let key = format!("\r\nAuthorization: Bearer sk_test_{key}\r\n");
    String::from_utf8_lossy(&post).replacen("\r\n", &key, 1).into_bytes()
}

fn id_in(answer: Answer<'_>) -> io::Result<String> {
    let body = String::from_utf8_lossy(answer.body);
    let id = body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next());
    id.map(str::to_owned).ok_or_else(|| io::Error::other(format!("no id in {body}")))
}
