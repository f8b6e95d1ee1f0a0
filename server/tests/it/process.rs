//! The program itself: its output lines, its end, and what it keeps when it is killed.

use crate::support::{Browser, Caller, balance_in, recipient_token};
use platform::Clock;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// What the log says when the system has no descriptor for a connection.
const NO_DESCRIPTORS: &str = "no connection can be taken; it is tried again and again";

struct Program {
    child: Child,
    shop: String,
    payments: String,
}

/// A test that fails leaves none behind.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(data_dir: &Path) -> Self {
        Self::start_as(Command::new(env!("CARGO_BIN_EXE_digitaldownload")), data_dir)
    }

    /// With so many descriptors and no more.
    fn start_with_descriptors(descriptors: u32, data_dir: &Path, settings: &[(&str, &str)]) -> Self {
        let mut shell = Command::new("sh");
        let exec = format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"");
        shell.args(["-c", &exec, env!("CARGO_BIN_EXE_digitaldownload")]).envs(settings.iter().copied());
        shell.stderr(Stdio::piped());
        Self::start_as(shell, data_dir)
    }

    fn start_as(mut command: Command, data_dir: &Path) -> Self {
        if command.get_envs().all(|(name, _)| name != "RUST_LOG") {
            command.env("RUST_LOG", "error");
        }
        let mut child = command
            .args(["serve", "--shop-addr", "127.0.0.1:0", "--payments-addr", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
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

    /// The demo caller; both go by the machine's time.
    fn caller(&self) -> Caller {
        let endpoint = self.payments.parse().unwrap();
        Caller::new(endpoint, "DDCALLER000000000001", "digitaldownload-demo-secret", Clock::system())
    }

    async fn ledger(&self) -> Value {
        self.asked("ledger").await
    }

    async fn asked(&self, path: &str) -> Value {
        let url = format!("{}/_control/{path}", self.payments);
        let answer = platform::http_client().get(url).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// Orders and transactions that the snapshot "before" has otherwise.
    async fn differing(&self) -> Vec<String> {
        let diff = self.asked("snapshots/before/diff/now").await;
        let tables =
            diff["sites"].as_object().unwrap().values().flat_map(|tables| tables.as_array().unwrap());
        // What the shop asks after meanwhile changes an order's row.
        let counts = |table: &Value| ["added", "removed"].map(|change| table[change].as_u64().unwrap());
        let money = tables
            .filter(|table| ["orders", "transactions"].iter().any(|name| table["table"] == *name))
            .filter(|table| counts(table) != [0, 0]);
        money.map(|table| format!("{} {:?}", table["table"], counts(table))).collect()
    }

    /// John's click, paying from his balance.
    async fn sender_token(&self, amount: &str) -> String {
        let asked = json!({
            "access_key": "DDCALLER000000000001", "pipeline": "SingleUse", "account": "john@example.com",
            "payment_method": "ABT", "caller_reference": "killed",
            "parameters": { "transactionAmount": amount, "recipientToken": recipient_token(0) },
        });
        let request = platform::http_client().post(format!("{}/_control/tokens", self.payments));
        let request = request.header("content-type", "application/json").body(asked.to_string());
        let answer = request.send().await.unwrap().text().await.unwrap();
        let made: Value = serde_json::from_str(&answer).unwrap();
        made["token_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }
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

/// Half-open and used connections of one site, more than there are descriptors.
async fn crowd(site: &str, count: usize) -> Vec<TcpStream> {
    let address = site.split("//").nth(1).unwrap().replace("localhost", "127.0.0.1");
    let mut crowd = Vec::new();
    for number in 0..count {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        if number % 2 == 0 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        }
        crowd.push(stream);
    }
    crowd
}

#[tokio::test]
async fn more_connections_than_descriptors_keep_nobody_out() {
    // By its own count the program has room left at the second one: what is missing there is descriptors.
    for settings in [&[][..], &[("DD_MAX_CONNECTIONS", "1000")]] {
        let data = tempfile::tempdir().unwrap();
        let mut program = Program::start_with_descriptors(200, data.path(), settings);
        let log = BufReader::new(program.child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let log = std::thread::spawn(move || log.collect::<Vec<String>>());
        let waiting = [crowd(&program.shop, 300).await, crowd(&program.payments, 300).await];
        for url in [format!("{}/healthz", program.shop), format!("{}/account/sign-in", program.payments)] {
            // Without descriptors a database cannot be read either, until some are free again.
            let begun = Instant::now();
            loop {
                let answer = platform::http_client().get(&url).timeout(Duration::from_mins(1)).send().await;
                if answer.is_ok_and(|answer| answer.status().as_u16() == 200) {
                    break;
                }
                assert!(begun.elapsed() < Duration::from_mins(1), "{url} keeps people out");
            }
        }
        drop(waiting);
        program.signal("-TERM");
        assert_eq!(program.child.wait().unwrap().code(), Some(0));
        let log = log.join().unwrap().join("\n");
        assert!(settings.is_empty() || log.contains(NO_DESCRIPTORS), "{log}");
    }
}

#[tokio::test]
async fn what_it_makes_is_for_its_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut program = Program::start(&data);
    // Files of the demo data are made when somebody wants them.
    Browser::new().get(&format!("{}/previews/now-and-forever", program.shop)).await.expect_status(200);
    let mut folders = vec![data];
    let mut seen = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).chain([folder.clone()])
        {
            let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
            seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
            if path.is_dir() && path != folder {
                folders.push(path);
            }
        }
    }
    for name in ["shop.db", "shop.db-wal", "shop.db-shm", "payments.db", "payments.db-wal", "files", "seed"] {
        assert!(seen.iter().any(|seen| seen == name), "{name} among {seen:?}");
    }
    program.signal("-TERM");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn sign_ins_are_logged_and_what_was_typed_is_not() {
    let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_digitaldownload"));
    command.env("RUST_LOG", "info").stderr(logs.reopen().unwrap());
    let mut program = Program::start_as(command, data.path());
    for (site, right) in [
        (format!("{}/sign-in", program.shop), "digitaldownload"),
        (format!("{}/account/sign-in", program.payments), "amazonpayments"),
    ] {
        for (email, password) in [
            ("john@example.com", right),
            ("john@example.com", "once-mistyped"),
            ("nobody@example.com", "once-mistyped"),
        ] {
            let fields = [("email", email), ("password", password), ("next", "/")];
            Browser::new().post(&site, &fields).await;
        }
    }
    program.signal("-TERM");
    program.child.wait().unwrap();
    let logs = std::fs::read_to_string(logs.path()).unwrap();
    let lines = |words: &str| -> Vec<&str> { logs.lines().filter(|line| line.contains(words)).collect() };
    let (admitted, refused) = (lines("signed in"), lines("a sign-in was refused"));
    assert_eq!((admitted.len(), refused.len()), (2, 4), "{logs}");
    let names_account = |line: &&&str| line.contains("account=") || line.contains("user=");
    assert_eq!(admitted.iter().filter(names_account).count(), 2, "{admitted:?}");
    assert_eq!(refused.iter().filter(names_account).count(), 2, "there is nobody else: {refused:?}");
    assert!(admitted.iter().chain(&refused).all(|line| line.contains("from=127.0.0.1")));
    for typed in ["once-mistyped", "amazonpayments", "john@example.com", "nobody@example.com"] {
        assert!(!logs.contains(typed), "{typed} in {logs}");
    }
}

#[tokio::test]
async fn what_was_answered_outlives_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Program::start(data.path());
    let token = program.sender_token("5.00").await;
    let john_before = balance_in(&program.ledger().await, "john@example.com");
    let paid = program.caller().pay(&token, "5.00", "outlives").await;
    program.signal("-KILL");
    program.child.wait().unwrap();
    assert_eq!((paid.status, paid.outcome().as_str()), (200, "Success"), "{paid:?}");

    let mut program = Program::start(data.path());
    let status = program.caller().status(&paid.expect("TransactionId")).await;
    assert_eq!(status.outcome(), "Success", "{status:?}");
    let ledger = program.ledger().await;
    assert_eq!(
        (john_before.as_str(), balance_in(&ledger, "john@example.com").as_str()),
        ("500.0000", "495.0000")
    );
    // The reference is still used up.
    let again = program.caller().pay(&token, "5.00", "outlives").await;
    assert_eq!(again.element("TransactionId"), paid.element("TransactionId"), "{again:?}");
    assert_eq!(program.ledger().await, ledger);
    program.signal("-TERM");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

/// The receiver hangs, the program is killed, the receiver is well again: what was under way is sent at the start, and
/// waits for no lease to run out.
#[tokio::test]
async fn what_was_being_sent_at_a_kill_is_sent_at_the_next_start() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Program::start(data.path());
    let token = program.sender_token("5.00").await;
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ipn", receiver.local_addr().unwrap());
    let recipient = recipient_token(0);
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "5.00"),
        ("CallerReference", "cut off"),
        ("OverrideIPNURL", &url),
    ];
    assert_eq!(program.caller().call("Pay", &fields).await.outcome(), "Success");
    let (_never_answered, _) = receiver.accept().await.unwrap();
    program.signal("-KILL");
    program.child.wait().unwrap();

    let mut program = Program::start(data.path());
    let again = timeout(Duration::from_mins(1), receiver.accept()).await;
    again.expect("it is sent again long before two minutes").unwrap();
    program.signal("-KILL");
    program.child.wait().unwrap();
}

#[tokio::test]
async fn a_command_line_asks_a_running_site() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Program::start(data.path());
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_digitaldownload"));
        command.env("RUST_LOG", "error").env("DD_PAYMENTS_URL", &program.payments).args(arguments);
        command
    };
    let advanced = command(&["clock", "advance", "1d"]).output().unwrap();
    let told = String::from_utf8(advanced.stdout).unwrap();
    assert!(told.contains(", 1d ahead of real time"), "{told}");
    let wrong = command(&["clock", "advance", "soon"]).output().unwrap();
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(wrong.status.code() == Some(2) && told.contains("such as 7d"), "{told}");

    let mut listening =
        command(&["listen", "--once"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(listening.stderr.as_mut().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("listening to "), "{first}");
    let token = program.sender_token("5.00").await;
    let paid = program.caller().pay(&token, "5.00", "listened").await;
    let heard = listening.wait_with_output().unwrap();
    let told = String::from_utf8(heard.stdout).unwrap();
    assert!(heard.status.success(), "{told}");
    assert!(told.contains(&paid.expect("TransactionId")), "{told}");
    assert!(told.contains("attempt 1 to ") && told.contains("signature"), "{told}");

    let logs = command(&["logs", "--action", "Pay"]).output().unwrap();
    let told = String::from_utf8(logs.stdout).unwrap();
    assert!(told.contains("  Pay  ") && told.contains("  Success  "), "{told}");

    program.signal("-TERM");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
    let nobody = command(&["clock", "show", "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&nobody.stderr).unwrap();
    assert_eq!(nobody.status.code(), Some(1));
    assert!(told["error"].as_str().unwrap().contains("is the payments site running?"), "{told}");

    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let mut doctor =
        command(&["doctor", "--json", "--shop-addr", "127.0.0.1:0", "--payments-addr", &address]);
    let examined = doctor.arg("--data-dir").arg(data.path()).output().unwrap();
    let told: Value = serde_json::from_slice(&examined.stdout).unwrap();
    let wrong = told.as_array().unwrap().iter().filter(|finding| finding["well"] == false);
    let wrong: Vec<&str> = wrong.map(|finding| finding["words"].as_str().unwrap()).collect();
    assert!(matches!(wrong[..], [one] if one.starts_with("something listens at ")), "{told}");
    assert_eq!(examined.status.code(), Some(1), "nobody answers");
}

/// The key that signs, in PEM, and how many there were before it.
async fn signing_key(data_dir: &Path) -> (String, i64) {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", data_dir.join("payments.db").display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    let key =
        "SELECT value, (SELECT COUNT(*) FROM retired_certificates) FROM settings WHERE name = 'signing_key'";
    let found = sqlx::query_as(key).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    found
}

#[tokio::test]
async fn a_signing_key_stays_until_a_command_renews_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_digitaldownload"));
        program.env("RUST_LOG", "error").args(arguments).arg("--data-dir").arg(&data).output().unwrap()
    };
    let refused = run(&["seed", "--signing-key-bits", "512"]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && told.contains("1024, 2048, 3072 or 4096 bits"), "{told}");

    assert!(run(&["seed"]).status.success());
    let first = signing_key(&data).await;
    assert!(first.0.len() < 1000 && first.1 == 0, "the lab's has 1024 bits");
    assert!(run(&["seed", "--signing-key-bits", "2048"]).status.success());
    assert_eq!(signing_key(&data).await, first);

    let renewed = run(&["renew-signing-key", "--signing-key-bits", "2048", "--json"]);
    assert_eq!(String::from_utf8(renewed.stdout).unwrap().trim(), r#"{"done":"renewed"}"#);
    let second = signing_key(&data).await;
    assert!(second.0.len() > 1500 && second.1 == 1, "{} characters", second.0.len());
}

/// SIGKILL at some moment of it: at the next start all is as before or as in the snapshot, on both sites.
#[tokio::test]
async fn what_is_killed_while_it_goes_back_to_a_snapshot_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    // At last when it is done.
    for (number, moment) in [Some(5), Some(30), Some(60), Some(120), None].into_iter().enumerate() {
        let mut program = Program::start(data.path());
        let control = |path: &str| format!("{}/_control/{path}", program.payments);
        let client = platform::http_client();
        if number == 0 {
            let asked = client.post(control("snapshots")).header("content-type", "application/json");
            assert!(asked.body(r#"{"name":"before"}"#).send().await.unwrap().status().is_success());
        }
        let run = client.post(control("scenarios/purchase")).send().await.unwrap();
        assert!(run.status().is_success(), "{}", run.text().await.unwrap());
        let states = [program.differing().await, Vec::new()];
        assert_ne!(states[0], states[1]);
        let restoring = tokio::spawn(client.post(control("snapshots/before/restore")).send());
        match moment {
            // When it is killed decides what is seen, not whether it is right.
            Some(moment) => tokio::time::sleep(Duration::from_millis(moment)).await,
            None => assert!(restoring.await.unwrap().unwrap().status().is_success()),
        }
        program.signal("-KILL");
        program.child.wait().unwrap();
        let program = Program::start(data.path());
        let found = program.differing().await;
        assert!(states.contains(&found), "killed after {moment:?} ms: {found:?}, neither {states:?}");
        assert!(moment.is_some() || found.is_empty(), "it was done: {found:?}");
        assert!(!data.path().join("lab/restoring").exists());
        let sum = program.ledger().await["sum"].as_str().unwrap().to_owned();
        assert_eq!(sum.trim_matches(['0', '.']), "");
    }
}
