//! What no program can be faster than here: the disk, one core's signatures, loopback.

use crate::load::{self, Load};
use crate::{Failure, serve};
use axum::Router;
use axum::routing::get;
use fps_protocol::Parameters;
use fps_protocol::outbound::{KeyBits, SigningKey, sign};
use std::io::Write;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

const ROUND: Duration = Duration::from_secs(2);
/// A page of a database.
const PAGE: [u8; 4096] = [7; 4096];

pub struct Bounds {
    /// Pages appended and made durable, one after another.
    pub fsyncs: f64,
    /// Of a key as this program makes it in the lab, on one core.
    pub signatures: f64,
    /// Answered by a route that does nothing, on 8 connections, client and server on this machine.
    pub requests: f64,
}

impl Bounds {
    pub async fn measure(server: &Handle, data: &TempDir) -> Result<Self, Failure> {
        let mut file = std::fs::File::create(data.path().join("fsync"))?;
        let fsyncs = repeat(|| {
            file.write_all(&PAGE)?;
            Ok(file.sync_data()?)
        })?;
        let key = SigningKey::generate([7; 32], KeyBits::AS_FPS)?;
        let url = Url::parse("http://127.0.0.1/ipn")?;
        let signatures = repeat(|| {
            sign(&key, "POST", &url, Parameters::default(), &url)?;
            Ok(())
        })?;
        let address = serve(server, Router::new().route("/", get(async || "ok"))).await?;
        let load = Load { address: address.clone(), connections: 8, limit: Some(ROUND) };
        let requests = load.repeat(load::get(&address, "/"), |_| Ok(())).await?.per_second();
        Ok(Self { fsyncs, signatures, requests })
    }

    /// Name, times a second.
    pub fn lines(&self) -> [(&'static str, f64); 3] {
        [
            ("disk: 4 kB appended and synchronised", self.fsyncs),
            ("one core: RSA signatures of notifications", self.signatures),
            ("loopback: empty requests, 8 connections", self.requests),
        ]
    }
}

fn repeat(mut once: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < ROUND {
        once()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
