//! A PostgreSQL server of the benchmark's own, thrown away at the end; commits are durable on it, unlike on that of the
//! tests.

use crate::Failure;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to end.
const END: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Cluster {
    /// Of its first database; without a name it is the server.
    url: String,
    script: Child,
    /// The script ends the server when this is closed.
    keeps_running: Option<ChildStdin>,
}

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

impl Cluster {
    /// With its files in `folder`, or elsewhere if the server's own user cannot go there. The error says why there is
    /// none.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        Self::start_in(Some(folder)).or_else(|_| Self::start_in(None))
    }

    fn start_in(folder: Option<&Path>) -> Result<Self, Failure> {
        let mut script = Command::new("bash");
        script.arg(root().join(".ci/postgres"));
        script.args(["bash", "-c", "echo \"$DD_TEST_POSTGRES_URL\"; exec cat"]);
        script.env("DD_POSTGRES_FSYNC", "on").stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(folder) = folder {
            open_for_all(folder)?;
            script.env("TMPDIR", folder);
        }
        let mut script = script.spawn()?;
        let keeps_running = script.stdin.take();
        let mut url = String::new();
        if let Some(output) = script.stdout.take() {
            BufReader::new(output).read_line(&mut url)?;
        }
        if !url.starts_with("postgres:") {
            let status = script.wait()?;
            return Err(format!("no PostgreSQL server could be started ({status})").into());
        }
        Ok(Self { url: url.trim().to_owned(), script, keeps_running })
    }

    /// An empty database of its own; gives its URL.
    pub async fn database(&self, name: &str) -> Result<String, Failure> {
        let mut connection = PgConnection::connect(&self.url).await?;
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
        connection.close().await?;
        let server = self.url.rsplit_once('/').map_or(self.url.as_str(), |(server, _)| server);
        Ok(format!("{server}/{name}"))
    }
}

/// The server runs as its own user, and has to come through.
fn open_for_all(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeps_running.take());
        let begun = Instant::now();
        while begun.elapsed() < END {
            if matches!(self.script.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        drop(self.script.kill());
    }
}
