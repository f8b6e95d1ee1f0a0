//! What a Pay commits, and nothing else: no HTTP, no signature, no looking up, no other writer.

use crate::report::Rate;
use crate::{Failure, calls, options, start};
use fps_emulator::bench_support::PlannedPay;
use fps_emulator::{Config, Payments};
use fps_protocol::Parameters;
use platform::{Clock, Database, Random};
use server::{Options, Running, Sites};
use sqlx::pool::PoolConnection;
use sqlx::{Any, Executor};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// Pay requests on a database of their own, which nothing else uses.
pub struct BarePays {
    payments: Payments,
    /// One of the readers' connections: all have the writer's settings.
    connection: PoolConnection<Any>,
    requests: std::vec::IntoIter<Parameters>,
}

impl BarePays {
    /// Fills a database with tokens for `count` payments by a site that is stopped again.
    pub async fn prepare(
        server: &Handle,
        data: &TempDir,
        count: usize,
        ipn_url: &Url,
    ) -> Result<Self, Failure> {
        let shop_url = Some(Url::parse("http://localhost:3000")?);
        let options = Options { sites: Sites::Payments, shop_url, ..options(data, "bare") };
        let site = start(server, options.clone()).await?;
        let requests = calls::pays(&crate::address(&site, Running::payments_url)?, count, ipn_url).await?;
        let config = config(&options, &site);
        server.spawn(site.stop()).await?;

        let db = Database::open(&options.payments_database_url).await?;
        let connection = db.readers().acquire().await?;
        let payments = Payments::open(config, db, Clock::system(), Random::from_system()).await?;
        Ok(Self { payments, connection, requests: requests.into_iter() })
    }

    /// The settings that decide what a commit costs.
    pub async fn settings(&mut self) -> Result<String, Failure> {
        let (journal,): (String,) =
            sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut *self.connection).await?;
        let (synchronous,): (i64,) =
            sqlx::query_as("PRAGMA synchronous").fetch_one(&mut *self.connection).await?;
        Ok(format!("SQLite, journal_mode={journal}, synchronous={synchronous}"))
    }

    /// Commits up to `count` payments, one transaction each, as far as the time allows.
    pub async fn run(&mut self, count: usize, limit: Duration) -> Result<Rate, Failure> {
        let mut planned = Vec::with_capacity(count);
        for request in self.requests.by_ref().take(count) {
            planned.push(PlannedPay::plan(&self.payments, calls::ACCESS_KEY, &request).await?);
        }
        let (begun, mut count) = (Instant::now(), 0);
        for pay in planned {
            if begun.elapsed() > limit {
                break;
            }
            self.connection.execute("BEGIN IMMEDIATE").await?;
            pay.write(&mut self.connection).await?;
            self.connection.execute("COMMIT").await?;
            count += 1;
        }
        Ok(Rate { count, elapsed: begun.elapsed() })
    }
}

fn config(options: &Options, site: &Running) -> Config {
    Config {
        public_url: site.payments_url().clone(),
        allowed_hosts: options.allowed_hosts.clone(),
        shop_url: site.shop_url().clone(),
        lab: true,
        demo_accounts: true,
        caller_secret: Some("digitaldownload-demo-secret".into()),
        control_token: None,
        processor_delay: options.processor_delay,
        magic_amounts: options.magic_amounts,
        notifications: options.notifications.clone(),
        throttle_sign_in: options.throttle_sign_in,
        signing_key: None,
    }
}
