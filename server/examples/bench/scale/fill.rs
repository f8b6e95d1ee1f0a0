//! Many purchases, written at once: like two that were made over HTTP, with what differs counted on; and many items.

use super::raw::{Log, Raw};
use super::unit::{Unit, statements};
use super::world::World;
use crate::Failure;
use crate::floor::numbered::Times;
use crate::goals::as_f64;
use crate::purchase;
use platform::Clock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;

/// Units of one transaction.
const CHUNK: usize = 5_000;
/// They are spread over so much time before now: what is known of a `CallerReference` is kept seven days.
const SPAN: jiff::SignedDuration = jiff::SignedDuration::from_hours(6 * 24);
/// Made over HTTP until two in a row are alike.
const TRIES: usize = 8;
/// Nothing was written for so long: all that a purchase brings about has happened.
const QUIET: Duration = Duration::from_millis(1_200);
const QUIET_AT_LAST: Duration = Duration::from_secs(20);
const SAY: Duration = Duration::from_secs(5);

/// A world with so many purchases and items; stopped.
pub async fn world(
    server: &Handle,
    data: &TempDir,
    name: &str,
    urls: Option<(String, String)>,
    (payments, items): (usize, usize),
) -> Result<World, Failure> {
    let begin = Clock::system().now() - SPAN;
    let mut world = World::start(server, data, name, urls, Clock::fixed(begin)).await?;
    world.deposit_for(payments).await?;
    let (payments_url, shop_url) = world.database_urls();
    let (mut at_amazon, mut in_shop) = (Log::begin(&payments_url).await?, Log::begin(&shop_url).await?);

    let mut buyer = world.buyer().await?;
    let (mut bought, mut paid) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        quiet(&mut at_amazon).await?;
        quiet(&mut in_shop).await?;
        purchase::buy(&mut buyer, world.shop_url()).await?;
        paid.push(Unit::of(quiet(&mut at_amazon).await?));
        bought.push(Unit::of(quiet(&mut in_shop).await?));
        if let ([.., one, other], [.., before, after]) = (paid.as_slice(), bought.as_slice())
            && one.is_like(other)
            && before.is_like(after)
        {
            break;
        }
    }
    at_amazon.end().await?;
    in_shop.end().await?;
    world.stop(server).await?;

    let step =
        |count: usize| i64::try_from(SPAN.as_micros() / i128::try_from(count.max(1))?).map_err(Failure::from);
    let times = |count| Ok::<_, Failure>(Times { now: begin.as_microsecond(), step: step(count)? });
    write(&payments_url, &paid, payments, times(payments)?, &format!("{name}: payments")).await?;
    write(&shop_url, &bought, payments, times(payments)?, &format!("{name}: orders")).await?;
    world.seed(server, items).await?;
    audit(&payments_url).await?;
    Ok(world)
}

/// What was written until nothing more is.
async fn quiet(log: &mut Log) -> Result<crate::floor::Pay, Failure> {
    let (begun, mut last, mut all) = (Instant::now(), Instant::now(), Vec::new());
    while last.elapsed() < QUIET && begun.elapsed() < QUIET_AT_LAST {
        let more = log.take().await?;
        if !more.is_empty() {
            last = Instant::now();
            all.extend(more);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(all)
}

async fn write(url: &str, units: &[Unit], count: usize, times: Times, what: &str) -> Result<(), Failure> {
    let [.., one, other] = units else { return Err("too little was recorded".into()) };
    if other.is_empty() || !one.is_like(other) {
        return Err(format!("{what}: two in a row are not alike: {}", one.difference(other)).into());
    }
    let mut raw = Raw::open(url).await?;
    let numbered = raw.numbered(times).await?;
    let text = statements(&raw, &numbered, one, other)?;
    raw.begin_bulk().await?;
    let (begun, mut said) = (Instant::now(), Instant::now());
    for first in (1..=count).step_by(CHUNK) {
        let last = (first + CHUNK - 1).min(count);
        let text = text.replace("@FIRST@", &first.to_string()).replace("@LAST@", &last.to_string());
        raw.execute(&format!("BEGIN;\n{text}COMMIT;")).await?;
        if said.elapsed() > SAY || last == count {
            said = Instant::now();
            let left = begun.elapsed().mul_f64(as_f64((count - last) as u64) / as_f64(last as u64));
            eprintln!("{what}: {last} of {count} after {:.0?}, {left:.0?} left", begun.elapsed());
        }
    }
    raw.end_bulk().await
}

/// The books that were written in bulk are in order.
async fn audit(url: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let db = platform::Database::open(url).await?.unhurried();
    let books = ledger::audit(db.readers()).await?;
    db.close().await;
    eprintln!("the books were looked through in {:.0?}", begun.elapsed());
    if books.is_clean() { Ok(()) } else { Err(format!("the books: {books:?}").into()) }
}
