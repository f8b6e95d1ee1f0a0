//! `make bench`: what the sites take on, as ratios to something bare, in one run of one process.
//!
//! - `pages`: pages for visitors with and without an account, against a bare axum route that answers the same body,
//!   and how often each asks for memory.
//! - `payments`: durable `Pay` calls over HTTP, against the rows that they write, written through the database alone.
//! - `recording`: Pay while the lab is told of everything, against Pay while it is not.
//! - `receivers`: notifications to a receiver that answers, beside others that do not, against the same beside others
//!   that do.
//! - `lists`: the first page of lists of many transactions, against that of few.
//! - `purchase`: a purchase over HTTP, from the item's page to the thank-you.
//! - `start`, `size`, `memory`: until it is ready, bytes of a payment, what is resident after some minutes of load.
//! - `against` (when asked for): Pay of an earlier commit's program and of today's.
//! - `catalogue` (when asked for): the shop's public pages with a hundred thousand items against few.
//! - `scale` (when asked for): first pages and Pay with a million payments against few, on both databases.
//! - `peers` (when asked for): payments a second of two emulators of another payment service, beside ours.
//!
//! After `--` come the parts that are to be measured and settings as `name=value` (see `settings`).
//!
//! The sites run on a runtime of their own, the load generator on another; both share the machine, and so
//! do both sides of every comparison. No figure makes the run fail, and no slow machine, only something that
//! does not work: what is measured has its time, and what prepares it takes as long as it takes. Goals that were
//! missed, and what could not be measured here, stand at the end.

mod against;
mod calls;
mod catalogue;
mod child;
mod floor;
mod footprint;
mod goals;
mod lists;
mod load;
mod pages;
mod payments;
mod payments_site;
mod peers;
mod postgres;
mod programs;
mod purchase;
mod receivers;
mod recording;
mod report;
mod scale;
mod settings;

use axum::Router;
use axum::serve::ListenerExt;
use goals::Goals;
use platform::{Clock, Random};
use server::{Options, Running};
use settings::Settings;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle, Runtime};

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
    let settings = Settings::read(std::env::args().skip(1))?;
    write_logs_nowhere();
    let cores = std::thread::available_parallelism()?.get();
    let server = runtime("server", cores)?;
    let load = runtime("load", cores.div_ceil(2))?;
    let measured = load.block_on(measure(server.handle(), &settings));
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

async fn measure(server: &Handle, settings: &Settings) -> Result<(), Failure> {
    println!("{}", report::machine());
    println!(
        "Medians of all rounds, the least and the greatest in brackets. Load: keep-alive HTTP/1.1 over loopback"
    );
    println!("from this process, Accept-Encoding: identity. Logs are written as by default, to nowhere.\n");
    // Beside the program: folders for temporary files are often in memory, where a commit costs nothing.
    let program = std::env::current_exe()?;
    let data = tempfile::tempdir_in(program.parent().unwrap_or(Path::new(".")))?;
    let mut goals = Goals::default();
    for part in &settings.parts {
        match *part {
            "pages" => pages::measure(server, &data, &mut goals).await?,
            "payments" => payments::measure(server, &data, &mut goals).await?,
            "recording" => recording::measure(server, &data, &mut goals).await?,
            "receivers" => receivers::measure(server, &data).await?,
            "lists" => lists::measure(server, &data).await?,
            "purchase" => purchase::measure(server, &data, &mut goals).await?,
            "start" => footprint::start(&data, &mut goals)?,
            "size" => footprint::size(server, &data, &mut goals).await?,
            "memory" => footprint::memory(server, &data, settings.minutes, &mut goals).await?,
            "against" => against::measure(server, &data, settings, &mut goals).await?,
            "catalogue" => catalogue::measure(server, &data, settings, &mut goals).await?,
            "peers" => peers::measure(server, &data, settings, &mut goals).await?,
            "scale" => scale::measure(server, &data, settings, &mut goals).await?,
            other => goals.leave_out(other, "it is not built yet"),
        }
        println!();
    }
    goals.print();
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
