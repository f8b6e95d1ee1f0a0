//! Both sites as processes of their own, behind doors that stay while they are killed and started again.

use super::door::{Door, Trap};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long anything may take that is waited for; nothing is measured by it.
pub const DEADLINE: Duration = Duration::from_mins(2);

/// One process: what it serves, and where.
pub struct Process {
    sites: &'static str,
    shop: SocketAddr,
    payments: SocketAddr,
    child: Option<Child>,
}

impl Process {
    pub fn new(sites: &'static str) -> Self {
        Self { sites, shop: free_address(), payments: free_address(), child: None }
    }
}

/// Where a process listens whenever it runs.
fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Dropping it kills what still runs.
pub struct World {
    pub data: TempDir,
    pub trap: Trap,
    pub shop: String,
    pub payments: String,
    pub shop_database: String,
    pub payments_database: String,
    pub processes: Vec<Process>,
}

impl World {
    /// Nothing runs yet. Without URLs the databases are SQLite's in the data directory.
    pub async fn new(databases: Option<(String, String)>, processes: Vec<Process>) -> Self {
        sqlx::any::install_default_drivers();
        let data = tempfile::tempdir().unwrap();
        let trap = Trap::default();
        let at = |serves: &'static str, address: fn(&Process) -> SocketAddr| -> Vec<SocketAddr> {
            let fitting = processes.iter().filter(|process| [serves, "serve"].contains(&process.sites));
            fitting.map(address).collect()
        };
        let shop = Door::open(at("shop", |process| process.shop), trap.clone()).await;
        let payments = Door::open(at("payments", |process| process.payments), trap.clone()).await;
        let sqlite = |site: &str| format!("sqlite://{}", data.path().join(format!("{site}.db")).display());
        let (shop_database, payments_database) =
            databases.unwrap_or_else(|| (sqlite("shop"), sqlite("payments")));
        Self {
            shop: format!("http://localhost:{}", shop.address.port()),
            payments: format!("http://127.0.0.1:{}", payments.address.port()),
            trap,
            shop_database,
            payments_database,
            processes,
            data,
        }
    }

    pub async fn start_all(&mut self) {
        for number in 0..self.processes.len() {
            self.start(number).await;
        }
    }

    /// Starts a process and waits until it is ready.
    pub async fn start(&mut self, number: usize) {
        let log = std::fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let process = &self.processes[number];
        let mut child = Command::new(env!("CARGO_BIN_EXE_digitaldownload"))
            .arg(process.sites)
            .args([
                "--shop-addr",
                &process.shop.to_string(),
                "--payments-addr",
                &process.payments.to_string(),
            ])
            .args(["--shop-url", &self.shop, "--payments-url", &self.payments])
            .args(["--shop-database-url", &self.shop_database])
            .args(["--payments-database-url", &self.payments_database])
            .arg("--data-dir")
            .arg(self.data.path())
            .args(["--processor-delay-ms", "50"])
            // Nothing but what the test does itself is to be open in the end.
            .env("DD_SEED", "small")
            .env("DD_SIGN_IN_THROTTLE", "off")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        self.processes[number].child = Some(child);
        let ready = tokio::task::spawn_blocking(|| {
            BufReader::new(output).lines().map_while(Result::ok).any(|line| line == "ready")
        });
        assert!(ready.await.unwrap(), "it does not start: {}", self.last_words());
    }

    /// SIGKILL.
    pub fn kill(&mut self, number: usize) {
        if let Some(mut child) = self.processes[number].child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn log(&self) -> std::path::PathBuf {
        self.data.path().join("log")
    }

    /// The end of what the processes logged.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        log.lines().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub async fn control(&self, path: &str, body: Option<Value>) -> Option<Value> {
        let (url, client) = (format!("{}/_control/{path}", self.payments), platform::http_client());
        let request = match body {
            Some(body) => client.post(&url).header("content-type", "application/json").body(body.to_string()),
            None => client.get(&url),
        };
        // Whoever moves the clock waits for all that falls due.
        let answer = request.timeout(DEADLINE).send().await.ok()?;
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }

    pub async fn ledger(&self) -> Value {
        self.control("ledger", None).await.expect("the ledger")
    }

    pub async fn advance(&self, seconds: i64) {
        self.control("clock", Some(json!({ "advance_seconds": seconds }))).await.expect("the clock");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for number in 0..self.processes.len() {
            self.kill(number);
        }
        if std::thread::panicking() {
            eprintln!("the processes' last words:\n{}", self.last_words());
        }
    }
}
