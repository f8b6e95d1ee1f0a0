//! A PostgreSQL cluster of the test's own, which can be killed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Stopped and wiped when dropped.
pub struct Cluster {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
    is_root: bool,
}

/// The newest server that Debian installed, or the one on the path.
fn binaries() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&paths).find(|folder| folder.join("initdb").exists());
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest =
        installed.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    on_path.or(newest)
}

impl Cluster {
    /// `None` where no server is installed.
    pub fn start_new() -> Option<Self> {
        let binaries = binaries()?;
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let id = Command::new("id").arg("-u").output().unwrap();
        let is_root = id.stdout.starts_with(b"0\n");
        if is_root {
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        }
        let cluster = Self { binaries, folder, port, is_root };
        let made =
            cluster.run("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        assert!(made, "initdb fails");
        assert!(cluster.start(), "the cluster does not start");
        Some(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.binaries.join(program);
        let mut command = if self.is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let command = command.arg("-D").arg(self.data()).args(arguments).current_dir(self.folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }

    /// Whether it is up again. What a killed server left behind can be in the way for a moment.
    pub fn start(&self) -> bool {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c shared_buffers=32MB",
            self.port
        );
        let log = self.folder.path().join("log").display().to_string();
        (0..20).any(|_| self.run("pg_ctl", &["-w", "-l", &log, "-o", &options, "start"]))
    }

    /// Every process of it at once, as after `kill -9`: what was not committed is gone.
    pub fn kill(&self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        let children = Command::new("pgrep").args(["-P", &pid]).output().map(|found| found.stdout);
        let children = String::from_utf8(children.unwrap_or_default()).unwrap_or_default();
        let all = [pid.as_str()].into_iter().chain(children.lines());
        let _ = Command::new("kill").arg("-KILL").args(all).stderr(Stdio::null()).status();
    }

    /// Without a word to anybody, and with recovery at the next start.
    pub fn stop_at_once(&self) {
        self.run("pg_ctl", &["-m", "immediate", "stop"]);
    }

    /// The URLs of two schemas, the shop's and the payments'.
    pub fn databases(&self) -> (String, String) {
        let url = self.url();
        let at = |schema: &str| format!("{url}?options=-csearch_path%3D{schema}");
        (at("shop"), at("payments"))
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}
