//! The shop's proof: people buy, settle, cancel and give back, while notifications are lost, doubled and overtaken, answers
//! of the web service are lost after the work was done, returns do not arrive, and the clock leaps. In the end every
//! order is what was reckoned beforehand: at the shop, at Amazon, and in the books.
//!
//! By environment variables: `DD_PROOF_ORDERS` (200; an eighth of it on PostgreSQL) and `DD_PROOF_SEED` (1), of which
//! everything is drawn. After each hundred orders all is calm for a while, and everything is compared. Where something
//! does not agree, the pages of *Follow the money* are written to `proof/<seed>/` in the folder of what is built, those of
//! each database apart.

mod agree;
mod plan;
mod play;
mod stage;
mod watch;

use crate::model::dice::Dice;
use crate::support::{Browser, On};
use agree::Troubles;
use plan::Plan;
use play::Made;
use stage::Stage;
use std::path::{Path, PathBuf};
use watch::Tally;

/// Orders between two comparisons: few enough that the lab still has all that happened to each.
const ROUND: usize = 100;
/// So many orders are enough for shares to be near what was asked for.
const ENOUGH: usize = 200;
/// Pages of so many orders are written at the most.
const MOST_PAGES: usize = 20;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |value| value.parse().expect("a number"))
}

fn orders() -> usize {
    number("DD_PROOF_ORDERS", 200).try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_lost_every_order_agrees_on_sqlite() {
    prove(Stage::open(On::Sqlite).await.expect("SQLite is always there"), orders()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_lost_every_order_agrees_on_postgres() {
    match Stage::open(On::Postgres).await {
        Some(stage) => prove(stage, orders().div_ceil(8)).await,
        None => {
            eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        }
    }
}

async fn prove(mut stage: Stage, orders: usize) {
    let seed = number("DD_PROOF_SEED", 1);
    let mut dice = Dice::new(seed);
    let before = stage.balances().await;
    let mut made: Vec<Made> = Vec::new();
    while made.len() < orders {
        let begun = made.len();
        for _ in begun..orders.min(begun + ROUND) {
            let plan = Plan::draw(&mut dice, &stage.items);
            stage.break_things(&plan).await;
            let mut order = Made { plan, order: String::new(), reference: String::new() };
            let played = stage.play(&mut order).await;
            made.push(order);
            if let Err(why) = played {
                let order = made.last().unwrap();
                let trouble = (order.order.clone(), format!("{why}; {:?}", order.plan));
                fail(&stage, seed, made.len(), vec![trouble]).await;
            }
        }
        let mut troubles: Troubles =
            stage.calm_down().await.err().into_iter().map(|why| (String::new(), why)).collect();
        // In the end those of before are looked at once more: nothing may have happened to them since.
        let looked_at = if made.len() == orders { &made[..] } else { &made[begun..] };
        troubles.extend(stage.look_at_orders(looked_at).await);
        troubles.extend(stage.look_at_books(before, &made).await);
        if !troubles.is_empty() {
            fail(&stage, seed, made.len(), troubles).await;
        }
    }
    let tally = stage.tally().await;
    println!("{orders} orders of DD_PROOF_SEED={seed} agree; {tally:?}");
    assert_that_things_went_wrong(orders, &tally);
    stage.app.stop().await;
}

/// Else nothing would be proved.
fn assert_that_things_went_wrong(orders: usize, tally: &Tally) {
    let Tally { sendings, lost, doubled, overtaken, answers_lost, .. } = *tally;
    assert!(
        sendings >= orders && [lost, doubled, overtaken, answers_lost].iter().all(|count| *count > 0),
        "{tally:?}"
    );
    if orders >= ENOUGH {
        // Nothing goes wrong while all is calm, and expiries are told then.
        for (what, count, of, share) in [
            ("lost", lost, sendings, 30),
            ("doubled", doubled, sendings, 35),
            ("overtaken", overtaken, sendings, 35),
        ] {
            let percent = 100 * count / of;
            assert!(
                (share - 12..share + 10).contains(&percent),
                "{percent} of 100 notifications are {what}: {tally:?}"
            );
        }
    }
}

/// Writes down what happened to the orders that it is about.
async fn fail(stage: &Stage, seed: u64, orders: usize, troubles: Troubles) -> ! {
    let folder = folder(seed, stage.on);
    let mut ids: Vec<&str> = troubles.iter().map(|(order, _)| order.as_str()).collect();
    ids.retain(|id| !id.is_empty());
    ids.dedup();
    write_pages(stage, &folder, &ids[..ids.len().min(MOST_PAGES)]).await;
    let lines: Vec<String> = troubles.iter().map(|(order, trouble)| format!("{order}: {trouble}")).collect();
    panic!(
        "after {orders} orders of DD_PROOF_SEED={seed} something does not agree; what happened to {} orders is in {}:\n{}",
        ids.len(),
        folder.display(),
        lines.join("\n")
    );
}

/// In the folder of what is built.
fn folder(seed: u64, on: On) -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    built.join("proof").join(seed.to_string()).join(format!("{on:?}").to_lowercase())
}

async fn write_pages(stage: &Stage, folder: &Path, orders: &[&str]) {
    // Those of an earlier run say nothing about this one.
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    let mut browser = Browser::new();
    for order in orders {
        for (query, kind) in [("", "html"), ("&format=svg", "svg")] {
            let page = browser.get(stage.app.payments(&format!("/lab/follow?order={order}{query}"))).await;
            std::fs::write(folder.join(format!("{order}.{kind}")), page.body).unwrap();
        }
    }
}
