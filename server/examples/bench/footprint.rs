//! What it takes to be there: time to start, memory, bytes for each payment.

use crate::Failure;
use crate::child::{Program, built_beside};
use crate::goals::{Goals, as_f64};
use crate::load::{self, Answer, Load};
use crate::payments::Receiver;
use crate::payments_site::{Callers, expect_success};
use crate::report::{Progress, Series};
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::time::timeout;

const STARTS: usize = 7;
const GOAL_FRESH: f64 = 1.0;
const GOAL_SEEDED: f64 = 0.05;
/// Whose room is measured, each with its notification sent.
const PAYMENTS: usize = 3_000;
const GOAL_BYTES: f64 = 1_500.0;
const GOAL_MEGABYTES: f64 = 40.0;
/// Payments of one load at the most: John's balance pays no more.
const PAYMENTS_UNDER_LOAD: usize = 20_000;
/// Notifications are sent within so long, or something does not work.
const SENT: Duration = Duration::from_mins(5);
/// How long nothing is asked before the memory is looked at.
const IDLE: Duration = Duration::from_secs(10);

/// Until the program says that it is ready.
pub fn start(data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    let program = built_beside()?;
    let (mut fresh, mut seeded) = (Series::default(), Series::default());
    for number in 0..STARTS {
        let folder = data.path().join(format!("start-{number}"));
        for series in [&mut fresh, &mut seeded] {
            let started = Program::start(&program, "serve", &folder, &[])?;
            series.push_figure(started.ready_after.as_secs_f64());
            started.stop()?;
        }
    }
    println!("START, until the process says ready, {STARTS} times; s");
    let reason =
        "the slowest of it is the disk's and the processor's: hashing passwords, an RSA key, the schema";
    for (what, series, goal) in
        [("an empty directory", &fresh, GOAL_FRESH), ("a seeded one", &seeded, GOAL_SEEDED)]
    {
        println!("{what:<25}{series:.3}(goal: at most {goal})");
        goals.at_most(goal, series.median(), &format!("start on {what}, s"), reason);
    }
    Ok(())
}

/// What the database of Amazon Payments grows by with each payment.
pub async fn size(server: &Handle, data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    let folder = data.path().join("size");
    let mut receiver = Receiver::start(server).await?;
    receiver.set_open(true);
    let program = Program::start(&built_beside()?, "payments", &folder, &[])?;
    let callers = Callers::at(program.payments_url()?)?;
    let calls = callers.signed_pays(PAYMENTS, &receiver.url).await?;
    let before = Sizes::read(&folder)?;
    let load = Load { address: callers.address, connections: 8, limit: None };
    let rate = load.send_each(calls, |_, answer| expect_success(answer)).await?;
    let all = receiver.taken.wait_for(|taken| *taken >= rate.count);
    timeout(SENT, all).await.map_err(|_| format!("notifications still wait after {SENT:?}"))??;
    program.stop()?;
    let after = Sizes::read(&folder)?;

    let each = |bytes: u64| as_f64(bytes) / f64::from(rate.count.max(1));
    let grown = each(after.whole.saturating_sub(before.whole));
    println!(
        "SIZE of Amazon Payments' SQLite file, by which it grew with each of {} payments by one-time",
        rate.count
    );
    println!("tokens, their notifications sent; the tokens were there before. Bytes a payment");
    println!("{:<45}{grown:.0} (goal: at most {GOAL_BYTES})", "all");
    let mut largest = ("nothing", 0.0);
    for (name, bytes) in &after.parts {
        let old = before.parts.iter().find(|(other, _)| other == name).map_or(0, |(_, bytes)| *bytes);
        let grown = each(bytes.saturating_sub(old));
        if grown >= 1.0 {
            println!("  {name:<43}{grown:.0}");
        }
        if grown > largest.1 {
            largest = (name, grown);
        }
    }
    let reason = format!("the most goes to {}, {:.0} bytes", largest.0, largest.1);
    goals.at_most(GOAL_BYTES, grown, "bytes of the database for a payment", &reason);
    Ok(())
}

/// Of a SQLite file without its log: in all, and by table and index, the largest first.
struct Sizes {
    whole: u64,
    parts: Vec<(String, u64)>,
}

impl Sizes {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let db = Connection::open(folder.join("payments.db"))?;
        db.busy_timeout(Duration::from_secs(10))?;
        let whole = "SELECT (page_count - freelist_count) * page_size \
            FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        let whole: i64 = db.query_row(whole, [], |row| row.get(0))?;
        // A table of SQLite's own, which not every build has.
        let parts = "SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC";
        let parts = db.prepare(parts).and_then(|mut parts| {
            let rows = parts.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
            rows.collect::<Result<Vec<_>, _>>()
        });
        let parts = parts.unwrap_or_else(|error| {
            println!("  (no list by table: {error})");
            Vec::new()
        });
        Ok(Self { whole: whole.unsigned_abs(), parts })
    }
}

/// What the process of both sites holds when nothing is asked any more, after so many minutes of load.
pub async fn memory(server: &Handle, data: &TempDir, minutes: f64, goals: &mut Goals) -> Result<(), Failure> {
    let receiver = Receiver::start(server).await?;
    receiver.set_open(true);
    let program = Program::start(&built_beside()?, "serve", &data.path().join("memory"), &[])?;
    let callers = Callers::at(program.payments_url()?)?;
    let shop = Callers::at(program.shop_url.as_deref().ok_or("no shop")?)?.address;
    let payer = callers.payer().await?;
    let megabytes = || program.resident().map_or(f64::NAN, |bytes| as_f64(bytes) / 1e6);
    let before = megabytes();

    let lasts = Duration::from_secs_f64(minutes * 60.0);
    let (begun, seconds) = (Instant::now(), Progress::new("seconds of load", as_count(lasts)));
    let (mut payments, mut pages) = (0, 0);
    let mut most = before;
    while begun.elapsed() < lasts {
        // In slices, so that payments are spread over the whole time however long it is.
        let slice = Duration::from_secs(1).min(lasts);
        let due = as_count(begun.elapsed() + slice) * PAYMENTS_UNDER_LOAD / as_count(lasts).max(1);
        let due = due.saturating_sub(payments).min(2_000);
        let calls = (payments..payments + due)
            .map(|number| callers.pay(&payer, &format!("memory-{number}"), Some(&receiver.url)));
        let calls = calls.collect::<Result<Vec<_>, Failure>>()?;
        let pay = Load { address: callers.address.clone(), connections: 8, limit: Some(slice) };
        let look = |path: &str| {
            let load = Load { address: shop.clone(), connections: 4, limit: Some(slice) };
            (load, load::get(&shop, path))
        };
        let (front, item) = (look("/"), look("/items/now-and-forever"));
        let any = |_: Answer<'_>| Ok(());
        let (paid, front, item) = tokio::join!(
            pay.send_each(calls, |_, answer| expect_success(answer)),
            front.0.repeat(front.1, any),
            item.0.repeat(item.1, any),
        );
        payments += paid?.count as usize;
        pages += front?.count + item?.count;
        most = most.max(megabytes());
        seconds.one_more();
    }
    tokio::time::sleep(IDLE).await;
    let after = megabytes();
    println!(
        "MEMORY of the process of both sites, resident, MB: {before:.0} when it was ready, at most {most:.0} during"
    );
    println!(
        "{minutes} minutes of load ({payments} payments with their notifications, {pages} pages), and {IDLE:?} later"
    );
    println!("{after:.0} (goal: at most {GOAL_MEGABYTES})");
    if after.is_nan() {
        goals.leave_out("memory", "no /proc/PID/status here");
    } else {
        let reason = format!("{before:.0} MB were there before any load");
        goals.at_most(GOAL_MEGABYTES, after, &format!("MB idle after {minutes} minutes of load"), &reason);
    }
    program.stop()
}

fn as_count(time: Duration) -> usize {
    usize::try_from(time.as_secs()).unwrap_or(usize::MAX)
}
