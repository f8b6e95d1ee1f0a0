//! Several processes of Amazon Payments on one PostgreSQL database: payments a second of all together, and what they
//! wait for.

use crate::child::{Program, built_beside};
use crate::goals::Busy;
use crate::load::Load;
use crate::payments::Receiver;
use crate::payments_site::{Callers, expect_success};
use crate::postgres::Cluster;
use crate::report::Series;
use crate::{Failure, calls};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

pub const PROCESSES: [usize; 3] = [1, 2, 4];
/// Of all together.
const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
const CALLS: usize = 1_400;
const ROUND: Duration = Duration::from_millis(1_500);
const LOOK: Duration = Duration::from_millis(20);

pub struct Line {
    pub processes: usize,
    pub rate: Series,
    pub bound: String,
}

pub async fn measure(server: &Handle, data: &TempDir, cluster: &Cluster) -> Result<Vec<Line>, Failure> {
    let receiver = Receiver::start(server).await?;
    let url = cluster.database("several").await?;
    let binary = built_beside()?;
    let settings = [("DD_PAYMENTS_DATABASE_URL", url.as_str())];
    let most = PROCESSES.into_iter().max().unwrap_or(1);
    let mut processes = Vec::new();
    for number in 0..most {
        // All are the same site: they share what one data directory holds.
        let folder = data.path().join(format!("several-{number}"));
        processes.push(Program::start(&binary, "payments", &folder, &settings)?);
    }
    let sites: Vec<Callers> =
        processes.iter().map(|process| Callers::at(process.payments_url()?)).collect::<Result<_, _>>()?;
    let mut pays =
        calls::pays(&sites[0].address, ROUNDS * PROCESSES.len() * CALLS, &receiver.url).await?.into_iter();
    let mut lines: Vec<Line> =
        PROCESSES.map(|processes| Line { processes, rate: Series::default(), bound: String::new() }).into();
    for _ in 0..ROUNDS {
        for line in &mut lines {
            let shares = CALLS / line.processes;
            let mut work = Vec::new();
            for site in &sites[..line.processes] {
                let share = pays.by_ref().take(shares).collect();
                work.push((site.address.clone(), calls::sign(&site.address, &site.endpoint, share)?));
            }
            let busy = Busy::begin();
            let (rate, waits) = tokio::try_join!(all(work), waits_of(&url, ROUND))?;
            line.rate.push_figure(rate);
            line.bound = format!("{}; PostgreSQL's own: {waits}", busy.reason());
            eprintln!("{} processes: {rate:.0}/s", line.processes);
        }
    }
    for process in processes {
        process.stop()?;
    }
    Ok(lines)
}

/// Calls a second of all processes together.
async fn all(work: Vec<(String, Vec<Vec<u8>>)>) -> Result<f64, Failure> {
    let connections = CONNECTIONS / work.len().max(1);
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    for (address, calls) in work {
        let load = Load { address, connections, limit: Some(ROUND) };
        tasks.spawn(async move { load.send_each(calls, |_, answer| expect_success(answer)).await });
    }
    let mut count = 0;
    while let Some(rate) = tasks.join_next().await {
        count += rate??.count;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

/// What the server's connections wait for while something is done, the most frequent first.
async fn waits_of(url: &str, lasts: Duration) -> Result<String, Failure> {
    let mut db = PgConnection::connect(url).await?;
    let (begun, mut seen, mut looks) = (Instant::now(), BTreeMap::<String, u32>::new(), 0_u32);
    while begun.elapsed() < lasts {
        let waits: Vec<(String,)> = sqlx::query_as(
            "SELECT COALESCE(wait_event_type || ' ' || wait_event, 'running') FROM pg_stat_activity \
             WHERE datname = current_database() AND state IN ('active', 'idle in transaction') \
                 AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut db)
        .await?;
        looks += 1;
        for (wait,) in waits {
            *seen.entry(wait).or_default() += 1;
        }
        tokio::time::sleep(LOOK).await;
    }
    db.close().await?;
    let mut seen: Vec<(String, u32)> = seen.into_iter().collect();
    seen.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = seen.iter().take(3);
    let words =
        most.map(|(wait, count)| format!("{wait} {:.1}", f64::from(*count) / f64::from(looks.max(1))));
    Ok(words.collect::<Vec<_>>().join(", ") + " connections at a time")
}
