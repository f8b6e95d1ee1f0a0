//! The program itself: its output lines, its end, and what it keeps when it is killed.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Program {
    child: Child,
    shop: String,
    payments: String,
}

impl Program {
    fn start(data_dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_digitaldownload"))
            .args(["serve", "--shop-addr", "127.0.0.1:0", "--payments-addr", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let lines: Vec<String> = lines.take(3).collect();
        let url = |line: &str, name: &str| line.strip_prefix(name).unwrap().trim().to_owned();
        assert_eq!(lines[2], "ready");
        Self { child, shop: url(&lines[0], "shop "), payments: url(&lines[1], "payments ") }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

async fn json(url: String) -> Value {
    serde_json::from_str(&platform::http_client().get(url).send().await.unwrap().text().await.unwrap())
        .unwrap()
}

#[tokio::test]
async fn says_where_it_is_and_ends_well_on_sigterm() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Program::start(data.path());
    assert!(program.shop.starts_with("http://localhost:"), "{}", program.shop);
    assert!(program.payments.starts_with("http://127.0.0.1:"), "{}", program.payments);
    let health = platform::http_client().get(format!("{}/healthz", program.shop)).send().await.unwrap();
    assert_eq!(health.status().as_u16(), 200);
    program.signal("-TERM");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = program.child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "still running 10 s after SIGTERM");
        tokio::task::yield_now().await;
    };
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn keeps_everything_when_it_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Program::start(data.path());
    let asked = serde_json::json!({
        "access_key": "DDCALLER000000000001", "pipeline": "SingleUse", "account": "john@example.com",
        "payment_method": "ABT", "caller_reference": "kept", "parameters": { "transactionAmount": "1.00" },
    });
    let request = platform::http_client().post(format!("{}/_control/tokens", program.payments));
    let made =
        request.header("content-type", "application/json").body(asked.to_string()).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    let before = json(format!("{}/_control/ledger", program.payments)).await;
    program.signal("-KILL");
    program.child.wait().unwrap();

    let mut program = Program::start(data.path());
    assert_eq!(json(format!("{}/_control/ledger", program.payments)).await, before);
    program.signal("-TERM");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}
