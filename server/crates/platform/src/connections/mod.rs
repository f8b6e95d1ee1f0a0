//! Taking connections, and letting go of those that nothing comes over.
//!
//! axum's own loop over hyper has no times and no bounds: connections that are opened and left stay until the
//! descriptors run out, and then nobody is answered. hyper's one time-out for a head runs between requests too, so
//! that it cannot tell a head that drips from a connection that rests; here both have their time.

mod activity;
mod connection;
mod places;
#[cfg(test)]
mod tests;

pub use connection::{BreakConnection, Stopping};

use crate::web::TrustedProxies;
use axum::Router;
use futures_util::future::BoxFuture;
use places::{Place, Places, Refused};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// When connections end that nothing comes over, and how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, from its first byte or from the beginning of the connection.
    pub head: Duration,
    /// How long a connection may rest between two requests, take nothing of an answer, or go on sending what was
    /// refused.
    pub idle: Duration,
    /// How many there may be at once.
    pub all: usize,
    /// How many from one address; this machine and trusted proxies may have all.
    pub per_address: usize,
}

/// Pause after the system gave no connection, in which others may end.
const PAUSE: Duration = Duration::from_millis(100);
/// How many that wait make room then: the databases need descriptors, too.
const CLOSED_AT_ONCE: usize = 16;
/// A system without descriptors says so at every try; the log does not.
const BETWEEN_COMPLAINTS: Duration = Duration::from_secs(10);

/// Answers what comes in until `stop`, then finishes what is under way. Dropped, it cuts off everything.
pub fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    stop: CancellationToken,
) -> BoxFuture<'static, ()> {
    let door = Door {
        listener,
        site: connection::Site { router, limits, proxies: Arc::new(proxies), stop },
        places: Places::new(limits),
        tasks: JoinSet::new(),
        complained: None,
    };
    Box::pin(door.serve())
}

struct Door {
    listener: TcpListener,
    site: connection::Site,
    places: Places,
    tasks: JoinSet<()>,
    complained: Option<Instant>,
}

impl Door {
    async fn serve(mut self) {
        let stop = self.site.stop.clone();
        while let Some(()) = stop.run_until_cancelled(self.take_one()).await {
            while self.tasks.try_join_next().is_some() {}
        }
        drop(self.listener);
        while self.tasks.join_next().await.is_some() {}
    }

    /// Takes the next connection, if the system has one to give.
    async fn take_one(&mut self) {
        match self.listener.accept().await {
            Ok((stream, peer)) => self.begin(stream, peer).await,
            // That one was gone again before it was taken.
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => self.without_descriptors(&error).await,
        }
    }

    async fn begin(&mut self, stream: TcpStream, peer: SocketAddr) {
        // Nagle's algorithm and delayed acknowledgements together cost 40 ms on every other page.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY cannot be set");
        }
        let address = peer.ip().to_canonical();
        let spared = self.site.spares(address);
        if let Some(place) = self.place(address, spared).await {
            self.tasks.spawn(connection::run(stream, peer, place, self.site.clone()));
        } else {
            tracing::debug!(%address, "has as many connections as one address may have, all at work");
        }
    }

    /// A place as soon as there is one; `None` when the address has enough.
    async fn place(&self, address: IpAddr, spared: bool) -> Option<Place> {
        loop {
            match self.places.take(address, spared) {
                Ok(place) => return Some(place),
                Err(Refused::Address) => return None,
                Err(Refused::All) => self.places.changed().await,
            }
        }
    }

    async fn without_descriptors(&mut self, error: &io::Error) {
        let closed = self.places.close_waiting(CLOSED_AT_ONCE);
        if self.complained.is_none_or(|at| at.elapsed() >= BETWEEN_COMPLAINTS) {
            tracing::error!(%error, closed, "no connection can be taken; it is tried again and again");
            self.complained = Some(Instant::now());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}
