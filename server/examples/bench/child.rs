//! The program as its users start it: a process of its own.

use crate::Failure;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// So long may it take to be ready, with everything made anew on a slow machine.
const START: Duration = Duration::from_mins(3);
/// It has ten seconds to end by itself.
const END: Duration = Duration::from_secs(15);
/// `USER_HZ`, which is 100 on every Linux.
const TICKS_A_SECOND: f64 = 100.0;

#[derive(Debug)]
pub struct Program {
    child: Child,
    /// `None`: it runs the other site alone.
    pub shop_url: Option<String>,
    pub payments_url: Option<String>,
    /// From the start of the process until it said so.
    pub ready_after: Duration,
}

/// The program that was built beside the benchmark.
pub fn built_beside() -> Result<PathBuf, Failure> {
    let bench = std::env::current_exe()?;
    let folder = bench.parent().and_then(Path::parent).ok_or("the benchmark lies in no folder")?;
    let program = folder.join("digitaldownload");
    if program.exists() {
        return Ok(program);
    }
    let folder = folder.display();
    Err(format!("digitaldownload is not in {folder}: build it with the same profile, or use make").into())
}

impl Program {
    /// `sites` is `serve`, `shop` or `payments`; logs are written as by default, to nowhere.
    pub fn start(
        program: &Path,
        sites: &str,
        data: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.arg(sites).arg("--data-dir").arg(data);
        command.args(["--shop-addr", "127.0.0.1:0", "--payments-addr", "127.0.0.1:0"]);
        if sites == "payments" {
            command.args(["--shop-url", "http://localhost:3000"]);
        }
        command.envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let lines = lines_of(&mut child)?;
        let mut this = Self { child, shop_url: None, payments_url: None, ready_after: Duration::ZERO };
        loop {
            let left = START.saturating_sub(begun.elapsed());
            let line = lines.recv_timeout(left);
            let line = line.map_err(|_| format!("{} does not get ready", program.display()))?;
            match line.split_once(' ') {
                Some(("shop", url)) => this.shop_url = Some(url.trim().to_owned()),
                Some(("payments", url)) => this.payments_url = Some(url.trim().to_owned()),
                _ if line == "ready" => break,
                _ => {}
            }
        }
        this.ready_after = begun.elapsed();
        Ok(this)
    }

    pub fn payments_url(&self) -> Result<&str, Failure> {
        Ok(self.payments_url.as_deref().ok_or("it does not run the payments site")?)
    }

    /// Processor time that the process has used so far, in all its threads; `None` where nobody says it.
    pub fn processor_time(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name is in brackets and can hold anything; utime and stime are the 14th and 15th fields.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some(Duration::from_secs_f64((ticks(11)? + ticks(12)?) / TICKS_A_SECOND))
    }

    /// Bytes that are resident now; `None` where nobody says it.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) -> Result<(), Failure> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Failure> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        let id = i32::try_from(self.child.id())?;
        if let Some(process) = rustix::process::Pid::from_raw(id) {
            rustix::process::kill_process(process, rustix::process::Signal::TERM)?;
        }
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > END {
                self.child.kill()?;
                self.child.wait()?;
                return Err("the program did not end when it was asked to".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("{error}");
        }
    }
}

/// Read beside the waiting, so that the waiting has an end.
fn lines_of(child: &mut Child) -> Result<mpsc::Receiver<String>, Failure> {
    let output = child.stdout.take().ok_or("no output")?;
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // After it is ready nobody listens, and all is read all the same.
            drop(send.send(line));
        }
    });
    Ok(lines)
}
