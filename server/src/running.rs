//! Start to stop: listening, serving, background work, and an orderly end.

use crate::options::{ConfigError, Options, Urls};
use crate::sites::{self, OpenSites};
use crate::{assets, metrics, routes};
use axum::Router;
use futures_util::future::BoxFuture;
use platform::Database;
use platform::connections::{self, ConnectionLimits};
use platform::db::DatabaseError;
use platform::jobs::Jobs;
use platform::web::TrustedProxies;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How long the requests of one site may take to end when the program stops. Two sites, the jobs and the
/// databases together stay below the ten seconds that whoever sent SIGTERM waits.
const LAST_REQUESTS: Duration = Duration::from_millis(2_500);
const LAST_JOBS: Duration = Duration::from_secs(2);
const CLOSING: Duration = Duration::from_secs(1);

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the data directory: {0}")]
    DataDir(std::io::Error),
    #[error("a database cannot be opened: {0}")]
    Database(#[from] DatabaseError),
    #[error("Amazon Payments: {0}")]
    Payments(#[from] fps_emulator::OpenError),
    #[error("the shop: {0}")]
    Shop(#[from] storefront::OpenError),
    #[error(
        "going back to the snapshot \"{0}\" was broken off: start both sites (serve, with the lab) once to finish it, \
         or delete {file} to go on with what there is", file = .1.display()
    )]
    Restoring(String, PathBuf),
    #[error("going back to a snapshot was broken off, and cannot be finished: {0}")]
    Snapshot(#[from] lab::SnapshotTrouble),
}

/// The running sites. Dropping it stops nothing: call [`Running::stop`].
#[derive(Debug)]
pub struct Running {
    urls: Urls,
    shop_addr: Option<SocketAddr>,
    payments_addr: Option<SocketAddr>,
    connections: ConnectionLimits,
    proxies: TrustedProxies,
    /// In the order in which they stop.
    servers: Vec<Server>,
    stop_jobs: CancellationToken,
    jobs: TaskTracker,
    databases: Vec<Database>,
    /// Whether the sites' jobs run.
    background: bool,
}

#[derive(Debug)]
struct Server {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Opens the databases, migrates and seeds empty ones, and serves.
pub fn start(options: Options) -> BoxFuture<'static, Result<Running, StartError>> {
    Box::pin(async move { Ok(serve(options).await?.0) })
}

/// The same, with the sites for who has something to do with them beside.
pub(crate) fn serve(mut options: Options) -> BoxFuture<'static, Result<(Running, OpenSites), StartError>> {
    Box::pin(async move {
        options.access()?;
        assets::publish();
        let shop_listener = listen(options.sites.shop(), options.shop_addr).await?;
        let payments_listener = listen(options.sites.payments(), options.payments_addr).await?;
        let port = |listener: Option<&TcpListener>, address: SocketAddr| {
            listener.and_then(|listener| listener.local_addr().ok()).unwrap_or(address).port()
        };
        let urls = options.urls(
            port(shop_listener.as_ref(), options.shop_addr),
            port(payments_listener.as_ref(), options.payments_addr),
        )?;
        // Port 0 is none that anybody can be kept from.
        let payments_port = port(payments_listener.as_ref(), options.payments_addr);
        options.payments_addr.set_port(payments_port);
        let sites = sites::open(&options, &urls).await?;
        let OpenSites { shop, payments, lab } = sites.clone();

        let bound = |listener: &Option<TcpListener>| listener.as_ref()?.local_addr().ok();
        let mut running = Running {
            urls,
            shop_addr: bound(&shop_listener),
            payments_addr: bound(&payments_listener),
            connections: options.connections,
            proxies: options.trusted_proxies,
            servers: Vec::new(),
            stop_jobs: CancellationToken::new(),
            jobs: TaskTracker::new(),
            databases: Vec::new(),
            background: options.background,
        };
        // The shop stops first: its last requests may still call the web service.
        let token = options.metrics_token;
        if let (Some((shop, db)), Some(listener)) = (shop, shop_listener) {
            let router = routes::around("shop", shop.router(), &db, &running.urls.shop, token.clone());
            running.add(listener, router, shop.jobs(), db);
        }
        if let (Some((payments, db)), Some(listener)) = (payments, payments_listener) {
            let router = match &lab {
                Some(lab) => payments.router_with(Some(lab.control_routes()), lab.pages()),
                None => payments.router(),
            };
            let router = routes::around("payments", router, &db, &running.urls.payments, token);
            running.add(listener, router, payments.jobs(), db);
        }
        if let (Some(lab), true) = (&lab, running.background) {
            lab.jobs().spawn(&running.jobs, &running.stop_jobs);
        }
        running.jobs.spawn(metrics::upkeep(running.stop_jobs.clone()));
        Ok((running, sites))
    })
}

async fn listen(used: bool, address: SocketAddr) -> Result<Option<TcpListener>, StartError> {
    if !used {
        return Ok(None);
    }
    let listener = TcpListener::bind(address).await;
    listener.map(Some).map_err(|error| StartError::Listen(address, error))
}

impl Running {
    /// Where people reach the shop (also when it runs elsewhere).
    pub fn shop_url(&self) -> &Url {
        &self.urls.shop
    }

    /// Where people and callers reach Amazon Payments (also when it runs elsewhere).
    pub fn payments_url(&self) -> &Url {
        &self.urls.payments
    }

    /// Where the shop listens; `None` when it runs elsewhere.
    pub fn shop_addr(&self) -> Option<SocketAddr> {
        self.shop_addr
    }

    /// Where Amazon Payments listens; `None` when it runs elsewhere.
    pub fn payments_addr(&self) -> Option<SocketAddr> {
        self.payments_addr
    }

    fn add(&mut self, listener: TcpListener, router: Router, jobs: &Jobs, db: Database) {
        let stop = CancellationToken::new();
        let (limits, proxies) = (self.connections, self.proxies.clone());
        let task = tokio::spawn(connections::serve(listener, router, limits, proxies, stop.clone()));
        self.servers.push(Server { stop, task });
        if self.background {
            jobs.spawn(&self.jobs, &self.stop_jobs);
        }
        self.databases.push(db);
    }

    /// Takes no more requests, finishes those under way and the jobs, and closes the databases. What
    /// takes too long is cut off: it is safe to be, and is taken up again at the next start.
    pub fn stop(self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.stop_jobs.cancel();
            for Server { stop, mut task } in self.servers {
                stop.cancel();
                if tokio::time::timeout(LAST_REQUESTS, &mut task).await.is_err() {
                    tracing::warn!("requests were still under way and have been cut off");
                    task.abort();
                }
            }
            self.jobs.close();
            if tokio::time::timeout(LAST_JOBS, self.jobs.wait()).await.is_err() {
                tracing::warn!("background work was still under way and has been cut off");
            }
            for db in self.databases {
                if tokio::time::timeout(CLOSING, db.close()).await.is_err() {
                    tracing::warn!("a database was still in use when the program ended");
                }
            }
        })
    }
}
