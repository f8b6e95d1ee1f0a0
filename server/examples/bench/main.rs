//! `make bench`: what the sites take on, as ratios to something bare, in one run of one process.
//!
//! - Pages for visitors without an account, against a bare axum route that answers the same body.
//! - Durable `Pay` calls over HTTP, against the transactions that they commit, alone on one connection.
//! - Notifications to a receiver that answers, beside others that do not, against the same beside others that do.
//! - The first page of lists of many transactions, against that of few.
//!
//! After `--` come the parts that are to be measured (`pages`, `payments`, `receivers`, `lists`), all without any.
//!
//! The sites run on a runtime of their own, the load generator on another; both share the machine, and so
//! do both sides of every comparison. No figure makes the run fail, and no slow machine, only something that
//! does not work: what is measured has its time, and what prepares it takes as long as it takes.

mod bare_pays;
mod calls;
mod lists;
mod load;
mod pages;
mod payments;
mod payments_site;
mod receivers;
mod report;

use axum::Router;
use axum::serve::ListenerExt;
use platform::{Clock, Random};
use server::{Options, Running};
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle, Runtime};

/// The folder of the measured sites.
const SITES: &str = "sites";
const PAGES: &str = "pages";
const PAYMENTS: &str = "payments";
const RECEIVERS: &str = "receivers";
const PARTS: [&str; 4] = [PAGES, PAYMENTS, RECEIVERS, "lists"];

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    write_logs_nowhere();
    let cores = std::thread::available_parallelism()?.get();
    let server = runtime("server", cores)?;
    let load = runtime("load", cores.div_ceil(2))?;
    let measured = load.block_on(measure(server.handle()));
    server.shutdown_timeout(Duration::from_secs(1));
    measured
}

fn runtime(name: &str, threads: usize) -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(threads).thread_name(name).enable_all().build()
}

/// The sites log as they do by default, so that the work of logging is measured; the lines are dropped.
fn write_logs_nowhere() {
    let logs = tracing_subscriber::fmt().with_env_filter("info").with_writer(io::sink);
    logs.compact().with_ansi(false).init();
}

async fn measure(server: &Handle) -> Result<(), Failure> {
    println!("{}", report::machine());
    println!(
        "Medians of all rounds, the least and the greatest in brackets. Load: keep-alive HTTP/1.1 over loopback"
    );
    println!("from this process, Accept-Encoding: identity. Logs are written as by default, to nowhere.\n");
    // Beside the program: folders for temporary files are often in memory, where a commit costs nothing.
    let program = std::env::current_exe()?;
    let data = tempfile::tempdir_in(program.parent().unwrap_or(Path::new(".")))?;
    let parts: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("there is no part {unknown:?}, only {PARTS:?}").into());
    }
    let sites = start(server, options(&data, SITES)).await?;
    for part in PARTS.into_iter().filter(|part| parts.is_empty() || parts.iter().any(|wanted| wanted == part))
    {
        match part {
            PAGES => pages::measure(server, &address(&sites, server::Running::shop_url)?).await?,
            PAYMENTS => payments::measure(server, &data, &sites).await?,
            RECEIVERS => receivers::measure(server, &data).await?,
            _ => lists::measure(server, &data).await?,
        }
        println!();
    }
    server.spawn(sites.stop()).await?;
    Ok(())
}

/// Both sites on free ports, with their databases in a folder of this name.
fn options(data: &TempDir, name: &str) -> Options {
    Options::for_tests(&data.path().join(name), Clock::system(), Random::from_system())
}

async fn start(server: &Handle, options: Options) -> Result<Running, Failure> {
    Ok(server.spawn(server::start(options)).await??)
}

/// Where a site listens; its URL can have a host name.
fn address(sites: &Running, url: fn(&Running) -> &url::Url) -> Result<String, Failure> {
    let port = url(sites).port().ok_or("a site without a port")?;
    Ok(format!("127.0.0.1:{port}"))
}

/// Serves routes with nothing around them on a free port; gives the address.
async fn serve(server: &Handle, routes: Router) -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0");
    let listener = server.spawn(listener).await??;
    let address = listener.local_addr()?.to_string();
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("TCP_NODELAY cannot be set: {error}");
        }
    });
    server.spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}
