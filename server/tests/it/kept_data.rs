//! Data directories of earlier programs start, migrated, and everything in them says what it said: see
//! `kept/README.md`.

use crate::support::{App, Browser, Caller, On, fresh_postgres_schemas, spawn_app_on};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::{Path, PathBuf};
use std::process::Command;
use url::Url;

const JOHN: &str = "john@example.com";
const MERCHANT: &str = "merchant@example.com";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_data_directory_starts_on_sqlite() {
    goes_on(start(On::Sqlite).await.expect("SQLite is always there")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_databases_start_on_postgres() {
    match start(On::Postgres).await {
        Some(kept) => goes_on(kept).await,
        None => {
            eprintln!("SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)");
        }
    }
}

struct Kept {
    app: App,
    /// What was read.
    expected: Value,
    outbox: Vec<Notification>,
    /// Amazon Payments' database.
    payments: String,
}

/// A row of the outbox as it was.
struct Notification {
    id: String,
    url: String,
    body: String,
    attempts: i64,
}

/// Both sites on what was kept, ten minutes after it was read.
async fn start(on: On) -> Option<Kept> {
    let kept = tempfile::tempdir().unwrap();
    let (archive, urls) = match on {
        On::Sqlite => ("first-sqlite", None),
        On::Postgres => ("first-postgres", Some(fresh_postgres_schemas().await?)),
    };
    let archive =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/kept").join(format!("{archive}.tar.gz"));
    unpack(&archive, kept.path());
    let expected: Value =
        serde_json::from_slice(&std::fs::read(kept.path().join("expected.json")).unwrap()).unwrap();
    if let Some((shop, payments)) = &urls {
        for (name, url) in [("shop", shop), ("payments", payments)] {
            load(&kept.path().join(format!("data/{name}.sql")), name, url).await;
        }
    }
    let payments = match &urls {
        Some((_, payments)) => payments.clone(),
        None => format!("sqlite://{}", kept.path().join("data/payments.db").display()),
    };
    let outbox = outbox(&payments).await;
    let now = text(&expected["now"]).parse::<Timestamp>().unwrap() + SignedDuration::from_mins(10);
    let data = kept.path().join("data");
    let app = spawn_app_on(kept, urls.clone(), now, |options| {
        let fresh = server::Options::for_tests(&data, options.clock.clone(), options.random.clone());
        options.data_dir = data;
        if urls.is_none() {
            options.shop_database_url = fresh.shop_database_url;
            options.payments_database_url = fresh.payments_database_url;
        }
    })
    .await;
    Some(Kept { app, expected, outbox, payments })
}

fn unpack(archive: &PathBuf, folder: &Path) {
    let tar = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder).status().unwrap();
    assert!(tar.success(), "{} cannot be unpacked", archive.display());
}

/// Runs a dump of the schema `kept_<site>` in the schema that a URL looks at.
async fn load(dump: &Path, site: &str, url: &str) {
    let (server, schema) = url.split_once("?options=-csearch_path%3D").unwrap();
    let dump = std::fs::read_to_string(dump).unwrap();
    // Lines with a backslash are words to psql, and the schema is there already.
    let kept: String = dump
        .lines()
        .filter(|line| !line.starts_with('\\') && !line.starts_with("CREATE SCHEMA"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let statements = kept.replace(&format!("kept_{site}."), &format!("{schema}."));
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(statements)).await.unwrap();
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

/// What the first program had told and was to tell.
async fn outbox(url: &str) -> Vec<Notification> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT id, url, body, (SELECT COUNT(*) FROM notification_attempts WHERE notification_id = n.id) \
         FROM notifications n",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    rows.into_iter().map(|(id, url, body, attempts)| Notification { id, url, body, attempts }).collect()
}

async fn goes_on(Kept { app, expected, outbox, payments }: Kept) {
    notifications_read_as_they_did(&app, &outbox).await;
    // Payments under way had been given a minute, which is over: they may have gone on already.
    transactions_read_as_they_did(&app, &expected).await;
    books_hold(&app, &expected).await;
    books_are_in_order(&payments).await;
    orders_read_as_they_did(&app, &expected).await;
    the_key_that_signs_is_the_old_one(&app, &expected).await;
    what_was_begun_ends(&app, &expected).await;
    app.assert_books_balance().await;
    books_are_in_order(&payments).await;
    app.stop().await;
}

/// Each under its old name, to the byte; those that were under way may have been sent again.
async fn notifications_read_as_they_did(app: &App, outbox: &[Notification]) {
    assert!(!outbox.is_empty());
    let shown = app.control("notifications", None).await;
    for kept in outbox {
        let found = list(&shown).iter().find(|one| text(&one["id"]) == kept.id);
        let found = found.unwrap_or_else(|| panic!("{} is gone", kept.id));
        assert_eq!(text(&found["url"]), kept.url);
        assert!(list(&found["attempts"]).len() >= usize::try_from(kept.attempts).unwrap(), "{found}");
        if list(&found["attempts"]).len() == usize::try_from(kept.attempts).unwrap() {
            assert_eq!(text(&found["body"]), kept.body);
        }
    }
}

fn caller_of(app: &App, access_key: &Value) -> Caller {
    if text(access_key).ends_with('1') { app.caller() } else { app.second_caller() }
}

/// Elements of an answer that hold text, in their order.
fn leaves(xml: &str) -> Vec<(String, String)> {
    let end = xml.find("<ResponseMetadata>").unwrap_or(xml.len());
    let tags = xml[..end].split('<').skip(1).filter_map(|part| part.split_once('>'));
    let opened: Vec<(&str, &str)> = tags.collect();
    let pairs = opened.windows(2).filter(|pair| pair[1].0.strip_prefix('/') == Some(pair[0].0));
    pairs.map(|pair| (pair[0].0.to_owned(), unescaped(pair[0].1))).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Later programs may say more, nothing less, and nothing else.
async fn transactions_read_as_they_did(app: &App, expected: &Value) {
    for kept in list(&expected["transactions"]) {
        let answer =
            caller_of(app, &kept["access_key"]).on_transaction("GetTransaction", text(&kept["id"])).await;
        let said: Vec<(String, String)> = list(&kept["says"])
            .iter()
            .map(|pair| (text(&pair[0]).to_owned(), unescaped(text(&pair[1]))))
            .collect();
        if said.contains(&("TransactionStatus".to_owned(), "Pending".to_owned()))
            && answer.outcome() != "Pending"
            && said.iter().find(|(name, _)| name == "TransactionStatus").unwrap().1 == "Pending"
        {
            assert!(["Success", "Reserved"].contains(&answer.outcome().as_str()), "{answer:?}");
            continue;
        }
        let now = leaves(&answer.xml);
        let mut rest = now.iter();
        for leaf in &said {
            assert!(rest.any(|other| other == leaf), "{leaf:?} of {} is gone: {answer:?}", kept["id"]);
        }
    }
}

/// All that was stored and no payment is under way for is where it was.
async fn books_hold(app: &App, expected: &Value) {
    app.assert_books_balance().await;
    let now = app.ledger().await;
    let before = &expected["ledger"];
    assert!(now["transactions"].as_i64() >= before["transactions"].as_i64(), "{now}");
    let john = crate::support::balance_in(before, JOHN);
    assert_eq!(crate::support::balance_in(&now, JOHN), john);
}

/// Every line, balance, movement and hold, as they were brought over and with what was added.
async fn books_are_in_order(payments: &str) {
    let db = platform::Database::open(payments).await.unwrap();
    let books = ledger::audit(db.readers()).await.unwrap();
    assert!(books.is_clean(), "{books:?}");
    db.close().await;
}

async fn orders_read_as_they_did(app: &App, expected: &Value) {
    let mut john = app.signed_in(JOHN).await;
    let mut jane = app.signed_in("jane@example.com").await;
    for order in list(&expected["all_orders"]) {
        let buyer = if text(&order["buyer"]) == JOHN { &mut john } else { &mut jane };
        let path = format!("/orders/{}", text(&order["id"]));
        let page = buyer.get(app.shop(&path)).await.expect_status(200).text();
        assert!(page.contains(text(&order["title"])), "{page}");
        if text(&order["state"]) != "Paying" {
            assert!(page.contains(text(&order["badge"])), "{order} reads: {page}");
        }
    }
    let uploaded = format!("{}/download", text(&expected["orders"]["uploaded"]));
    let file = john.get(app.shop(&uploaded)).await.expect_status(200);
    assert_eq!(file.text(), "These notes were uploaded and kept.\n");
    // A person of the demo data and one who signed up are still who they were.
    let mut ann = Browser::new();
    let fields = [("email", "ann@kept.test"), ("password", "a password that is kept")];
    ann.post(app.shop("/sign-in"), &fields).await.expect_status(303);
}

async fn the_key_that_signs_is_the_old_one(app: &App, expected: &Value) {
    let parameters = serde_json::json!({ "transactionAmount": "1.00" });
    let made = app.click("DDCALLER000000000002", "SingleUse", JOHN, "ABT", "after", parameters).await;
    let certificate: Url = text(&made["return_parameters"]["certificateUrl"]).parse().unwrap();
    let now = platform::http_client().get(certificate).send().await.unwrap().text().await.unwrap();
    assert_eq!(now, text(&expected["certificate"]));
}

/// The reserved order is fulfilled, the payment under way is paid, the refund that was asked for is granted.
async fn what_was_begun_ends(app: &App, expected: &Value) {
    let order = |name: &str| text(&expected["orders"][name]).to_owned();
    let mut merchant = app.signed_in(MERCHANT).await;
    merchant.post(app.shop(&format!("{}/fulfil", order("reserved"))), &[]).await.expect_status(303);
    app.advance(120).await;
    let mut john = app.signed_in(JOHN).await;
    john.get(app.shop(&format!("{}/download", order("reserved")))).await;
    let page = john.get(app.shop(&order("reserved"))).await.expect_status(200).text();
    assert!(page.contains("Paid"), "{page}");
    let mut jane = app.signed_in("jane@example.com").await;
    let page = jane.get(app.shop(&order("pending"))).await.expect_status(200).text();
    assert!(page.contains("Paid"), "{page}");

    let page = merchant.get(app.shop(&order("asked"))).await.expect_status(200).text();
    let grant = page.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let grant =
        grant.filter(|action| action.ends_with("/grant")).last().expect("the request is open").to_owned();
    merchant.post(app.shop(&grant), &[]).await.expect_status(303);
    app.advance(120).await;
    let page = john.get(app.shop(&order("asked"))).await.expect_status(200).text();
    assert!(page.contains("0.50"), "what went back: {page}");

    let reserved = list(&expected["transactions"]).iter().find(|kept| {
        text(&kept["access_key"]).ends_with('2')
            && list(&kept["says"]).iter().any(|pair| text(&pair[1]) == "Reserve")
            && list(&kept["says"]).iter().find(|pair| text(&pair[0]) == "TransactionStatus").unwrap()[1]
                == "Reserved"
    });
    let reserved = text(&reserved.expect("one was left reserved")["id"]);
    let settled = app.second_caller().on_transaction("Settle", reserved).await;
    assert_eq!(settled.status, 200, "{settled:?}");
    let refunded = app.second_caller().refund(reserved, "1.00", "after-the-migration").await;
    assert_eq!(refunded.status, 200, "{refunded:?}");
}
