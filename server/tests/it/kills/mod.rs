//! `kill -9`, of the program and of PostgreSQL, at random and at named points, while people buy and pay over HTTP.
//!
//! `DD_KILLS` says how many each test does (10 and 3 without it), `DD_KILL_SEED` where the random ones begin.

mod cluster;
mod door;
mod load;
mod verdict;
mod world;

use crate::support::fresh_postgres_schemas;
use cluster::Cluster;
use door::When;
use load::Load;
use platform::Random;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor as _, PgConnection};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use world::{DEADLINE, Process, World};

/// What only the shop's own Pay and Reserve say.
const SHOP_PAYS: &str = "MarketplaceVariableFee";

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Random,
    /// The buyer is back, and Pay has not reached Amazon.
    BetweenReturnAndPay,
    /// The payment waits for its commit.
    BeforeCommit,
    /// The payment is made, and nobody was told.
    AfterCommit,
    /// The buyer's return does not reach the shop.
    BeforeReturn,
    /// The shop has taken the return, and the buyer does not hear of it.
    AfterReturn,
    DuringUpload,
    /// Amazon begins to tell the shop.
    Notifying,
    /// The shop was told, and Amazon does not know that it was.
    Notified,
}

const POINTS: [Point; 10] = [
    Point::BetweenReturnAndPay,
    Point::Random,
    Point::BeforeCommit,
    Point::AfterCommit,
    Point::DuringUpload,
    Point::BeforeReturn,
    Point::Notifying,
    Point::AfterReturn,
    Point::Notified,
    Point::Random,
];

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |value| value.parse().expect("a number"))
}

fn seed() -> (usize, Random) {
    let seed = number("DD_KILL_SEED", 1);
    (seed, Random::seeded(seed.try_into().unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_point_all_converge_on_sqlite() {
    killed_and_converging(World::new(None, vec![Process::new("serve")]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_point_all_converge_on_postgres() {
    match fresh_postgres_schemas().await {
        Some(urls) => killed_and_converging(World::new(Some(urls), vec![Process::new("serve")]).await).await,
        None => {
            eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        }
    }
}

async fn killed_and_converging(mut world: World) {
    let (seed, random) = seed();
    world.start_all().await;
    let before = verdict::before(&world).await;
    let load = Load::new(&world).await;
    let people = load.begin(&world).await;
    let kills = number("DD_KILLS", POINTS.len());
    for kill in 0..kills {
        let point = POINTS[kill % POINTS.len()];
        println!("kill {kill} (DD_KILL_SEED={seed}): {point:?}");
        kill_at(&mut world, &load, point, &random, kill).await;
        world.start(0).await;
    }
    end(&load, people).await;
    verdict::converge(&world).await;
    println!("{}", verdict::agree(&world, &load, &before).await);
}

async fn end(load: &Load, mut people: JoinSet<()>) {
    load.end();
    let ended = async { while people.join_next().await.transpose().unwrap().is_some() {} };
    tokio::time::timeout(DEADLINE, ended).await.expect("everybody ends");
}

async fn kill_at(world: &mut World, load: &Load, point: Point, random: &Random, kill: usize) {
    let when = match point {
        Point::Random => When::Pieces(1 + usize::try_from(random.next_u64() % 300).unwrap()),
        Point::BetweenReturnAndPay => When::Asked(SHOP_PAYS),
        Point::BeforeCommit => When::Held(SHOP_PAYS),
        Point::AfterCommit => When::Answered(SHOP_PAYS),
        Point::BeforeReturn => When::Asked("GET /payments/return?"),
        Point::AfterReturn => When::Answered("GET /payments/return?"),
        Point::DuringUpload => When::Within("POST /sell/items/new", 4 * 1024 * 1024),
        Point::Notifying => When::Asked("POST /payments/ipn"),
        Point::Notified => When::Answered("POST /payments/ipn"),
    };
    let sprung = world.trap.set(when);
    if point == Point::DuringUpload {
        tokio::spawn(load.clone().upload(format!("Long Text {kill}")));
    }
    reached(point, sprung).await;
    if point == Point::BeforeCommit {
        let lock = lock(&world.payments_database).await;
        let passed = world.trap.set(When::Passed(SHOP_PAYS));
        world.trap.release();
        reached(point, passed).await;
        world.kill(0);
        lock.close().await.unwrap();
    }
    world.kill(0);
}

async fn reached(point: Point, sprung: oneshot::Receiver<()>) {
    let sprung = tokio::time::timeout(DEADLINE, sprung).await;
    assert!(sprung.is_ok_and(|sprung| sprung.is_ok()), "{point:?} is never reached");
}

/// Nobody can commit a payment while it is there.
async fn lock(database: &str) -> AnyConnection {
    let mut connection = AnyConnection::connect(database).await.unwrap();
    let statements: &[&'static str] = if database.starts_with("sqlite") {
        &["PRAGMA busy_timeout = 60000", "BEGIN IMMEDIATE"]
    } else {
        &["BEGIN", "LOCK TABLE transactions IN EXCLUSIVE MODE"]
    };
    for statement in statements {
        connection.execute(*statement).await.unwrap();
    }
    connection
}

async fn cluster() -> Option<(Cluster, (String, String))> {
    let Some(cluster) = Cluster::start_new() else {
        eprintln!("SKIPPED: no PostgreSQL server is installed here (.ci/postgres installs Debian's)");
        return None;
    };
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    for schema in ["shop", "payments"] {
        connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    }
    let databases = cluster.databases();
    Some((cluster, databases))
}

/// The program stays, and finds the database again by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_itself_is_killed_under_load_and_all_converge() {
    let Some((cluster, databases)) = cluster().await else { return };
    let mut world = World::new(Some(databases), vec![Process::new("serve")]).await;
    world.start_all().await;
    let before = verdict::before(&world).await;
    let load = Load::new(&world).await;
    let people = load.begin(&world).await;
    let (_, random) = seed();
    for kill in 0..number("DD_KILLS", 3) {
        let some_more = 200 + usize::try_from(random.next_u64() % 200).unwrap();
        let sprung = world.trap.set(When::Pieces(some_more));
        tokio::time::timeout(DEADLINE, sprung).await.expect("there is a load").unwrap();
        if kill.is_multiple_of(2) {
            cluster.kill();
        } else {
            cluster.stop_at_once();
        }
        assert!(cluster.start(), "PostgreSQL does not start again");
        until_healthy(&world).await;
    }
    end(&load, people).await;
    verdict::converge(&world).await;
    println!("{}", verdict::agree(&world, &load, &before).await);
}

async fn until_healthy(world: &World) {
    let client = platform::http_client();
    let healthy = async {
        for site in [&world.shop, &world.payments] {
            let url = format!("{site}/healthz");
            while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    };
    tokio::time::timeout(DEADLINE, healthy).await.expect("the sites find the database again");
}

/// Two shops and two payments sites on one PostgreSQL, behind a forwarder; one pair is killed under load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_pair_of_two_is_killed_under_load_and_nothing_is_lost_or_done_twice() {
    let Some(urls) = fresh_postgres_schemas().await else {
        eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        return;
    };
    let processes = ["payments", "shop", "payments", "shop"].map(Process::new);
    let mut world = World::new(Some(urls), processes.into()).await;
    world.start_all().await;
    let before = verdict::before(&world).await;
    let load = Load::new(&world).await;
    let people = load.begin(&world).await;
    for _ in 0..number("DD_KILLS", 1).div_ceil(10) {
        let sprung = world.trap.set(When::Answered(SHOP_PAYS));
        tokio::time::timeout(DEADLINE, sprung).await.expect("somebody buys").unwrap();
        world.kill(2);
        world.kill(3);
        // The other pair goes on alone for a while.
        let sprung = world.trap.set(When::Pieces(400));
        tokio::time::timeout(DEADLINE, sprung).await.expect("the others go on").unwrap();
        world.start(2).await;
        world.start(3).await;
        let sprung = world.trap.set(When::Pieces(200));
        tokio::time::timeout(DEADLINE, sprung).await.expect("all go on").unwrap();
    }
    end(&load, people).await;
    verdict::converge_by_itself(&world).await;
    println!("{}", verdict::agree(&world, &load, &before).await);
}
