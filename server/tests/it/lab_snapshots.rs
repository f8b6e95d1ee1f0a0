//! Everything that the sites know, kept by name and put back: rows, files, the clock and what happened.

use crate::lab::events;
use crate::on_both_databases;
use crate::support::{App, Browser, On, spawn_app, spawn_app_on, start_time};
use reqwest::Method;
use serde_json::{Value, json};
use server::Sites;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

on_both_databases!(
    everything_goes_back_to_how_it_was,
    what_changed_is_told_in_rows_and_postings_and_without_secrets,
    what_cannot_be_done_is_refused_in_words,
    the_page_keeps_goes_back_and_compares,
    a_reset_deletes_them,
);

async fn save(app: &App, name: &str) -> Value {
    app.control("snapshots", Some(json!({ "name": name }))).await
}

async fn restore(app: &App, name: &str) -> Value {
    app.control(&format!("snapshots/{name}/restore"), Some(json!({}))).await
}

async fn diff(app: &App, before: &str, after: &str) -> Value {
    app.control(&format!("snapshots/{before}/diff/{after}"), None).await
}

/// The names of the tables that differ.
fn tables(diff: &Value) -> Vec<&str> {
    let tables = diff["sites"].as_object().unwrap().values().flat_map(|tables| tables.as_array().unwrap());
    tables.map(|table| table["table"].as_str().unwrap()).collect()
}

async fn buy(app: &App, slug: &str) -> String {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, slug, "john@example.com", "Account balance").await;
    app.settle_down().await;
    order
}

async fn everything_goes_back_to_how_it_was(app: App) {
    let files = app.data().join("files");
    let first = buy(&app, "now-and-forever").await;
    fs::write(files.join("a picture"), "of before").unwrap();
    app.control("clock", Some(json!({ "freeze": true }))).await;
    let saved = save(&app, "before").await;
    assert_eq!(saved["of"], json!(["payments", "shop"]));
    let (ledger, clock) = (app.ledger().await, app.control("clock", None).await);

    for owner in ["jane@example.com", "seller1@example.com"] {
        app.control("clock", Some(json!({ "resume": true }))).await;
        app.advance(7 * 86_400).await;
        let second = buy(&app, "now-and-forever").await;
        let of_the_lab = json!({ "account": "merchant@example.com", "name": "Of the lab", "sites": ["http://127.0.0.1:9/"] });
        let of_the_lab = app.control("callers", Some(of_the_lab)).await["access_key"].clone();
        let mut at_amazon = Browser::new();
        let account = [("email", owner), ("password", "amazonpayments")];
        at_amazon.post(app.payments("/account/sign-in"), &account).await.expect_status(303);
        let name = format!("Of {owner}");
        at_amazon
            .post(app.payments("/account/developer"), &[("display_name", &name)])
            .await
            .expect_status(303);
        fs::remove_file(files.join("a picture")).unwrap();
        fs::create_dir_all(files.join("uploads")).unwrap();
        fs::write(files.join("uploads/b"), "of later").unwrap();
        assert_ne!(app.ledger().await, ledger);

        assert_eq!(restore(&app, "before").await, saved);
        assert_eq!(app.ledger().await, ledger);
        assert_eq!(app.control("clock", None).await, clock, "it stands where it stood");
        assert_eq!(fs::read_to_string(files.join("a picture")).unwrap(), "of before");
        assert!(!files.join("uploads/b").exists());
        let mut john = app.signed_in("john@example.com").await;
        john.get(app.shop(&first)).await.expect_status(200);
        john.get(app.shop(&second)).await.expect_status(404);
        let callers = app.control("callers", None).await.to_string();
        assert!(callers.contains(&name), "a program goes on with the key that somebody made: {callers}");
        assert!(!callers.contains(of_the_lab.as_str().unwrap()), "what the lab made came later: {callers}");
        for rule in app.control("books/invariants", None).await.as_array().unwrap() {
            assert_eq!(rule["holds"], true, "{rule}");
        }
        let event = events(&app, 0).await.pop().unwrap();
        assert_eq!(
            (event["kind"].as_str(), event["deed"].as_str()),
            (Some("deed"), Some("snapshot-restore"))
        );
    }
    // Life goes on: what is written is checked by the same rules, and numbers go on.
    buy(&app, "now-and-forever").await;
    app.assert_books_balance().await;
    app.stop().await;
}

async fn what_changed_is_told_in_rows_and_postings_and_without_secrets(app: App) {
    save(&app, "before").await;
    let nothing = diff(&app, "before", "now").await;
    // Processes that share a database tell one another that they live.
    assert!(tables(&nothing).iter().all(|table| *table == "notification_senders"), "{nothing}");
    buy(&app, "now-and-forever").await;
    app.control(
        "accounts",
        Some(json!({ "email": "ann@example.com", "name": "Ann", "password": "a long secret" })),
    )
    .await;
    save(&app, "after").await;
    let told = diff(&app, "before", "after").await;
    for table in ["accounts", "ledger_postings", "orders", "sessions", "transactions"] {
        assert!(tables(&told).contains(&table), "{table} in {told}");
    }
    let postings = told["postings"].as_array().unwrap();
    let of = |whose: &str| -> Vec<&str> {
        let his = postings.iter().filter(|posting| posting["whose"] == whose);
        his.map(|posting| posting["amount"].as_str().unwrap()).collect()
    };
    assert_eq!(of("John Doe"), ["-0.990000"], "{told}");
    assert!(
        postings.iter().all(|posting| posting["added"] == true && posting["transaction_id"].is_string()),
        "{told}"
    );
    let text = told.to_string();
    for secret in ["$argon2", "digitaldownload-demo-secret"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let account = told["sites"]["payments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|table| table["table"] == "accounts")
        .unwrap();
    assert_eq!(account["rows"][0]["after"]["password_hash"], "…", "{account}");
    // The other way round, and by rows that are not there any more.
    restore(&app, "before").await;
    let back = diff(&app, "after", "now").await;
    let taken = back["postings"].as_array().unwrap();
    assert_eq!(taken.len(), postings.len());
    assert!(
        taken.iter().all(|posting| posting["added"] == false && posting["transaction_id"].is_string()),
        "{back}"
    );
    app.stop().await;
}

async fn what_cannot_be_done_is_refused_in_words(app: App) {
    save(&app, "before").await;
    for (method, path, body, status, words) in [
        (Method::POST, "snapshots", Some(json!({ "name": "before" })), 409, "already"),
        (Method::POST, "snapshots", Some(json!({ "name": "Before" })), 400, "lower-case letters"),
        (Method::POST, "snapshots", Some(json!({ "name": "../before" })), 400, "lower-case letters"),
        (Method::POST, "snapshots", Some(json!({ "name": "now" })), 400, "choose another name"),
        (Method::POST, "snapshots", Some(json!({ "name": "" })), 400, "1 to 40"),
        (Method::POST, "snapshots", Some(json!({ "name": 7 })), 400, "must be a text"),
        (Method::POST, "snapshots", Some(json!({})), 400, "name is needed"),
        (Method::POST, "snapshots/after/restore", None, 404, "lists those that there are"),
        (Method::POST, "snapshots/now/restore", None, 400, "choose another name"),
        (Method::POST, "snapshots/..%2Fbefore/restore", None, 400, "lower-case letters"),
        (Method::DELETE, "snapshots/after", None, 404, "lists those that there are"),
        (Method::GET, "snapshots/before/diff/after", None, 404, "lists those that there are"),
        (Method::GET, "snapshots/before/diff/now?rows=many", None, 400, "whole number"),
    ] {
        let (answered, told) = app.try_control(method.clone(), path, body).await;
        assert_eq!(answered, status, "{method} {path}: {told}");
        assert!(told["error"].as_str().unwrap().contains(words), "{method} {path}: {told}");
    }
    assert_eq!(
        app.try_control(Method::DELETE, "snapshots/before", None).await,
        (200, json!({ "deleted": "before" }))
    );
    assert_eq!(app.control("snapshots", None).await, json!([]));
    save(&app, "before").await;
    app.stop().await;
}

async fn the_page_keeps_goes_back_and_compares(app: App) {
    let (mut browser, page) = (Browser::new(), app.payments("/lab/snapshots"));
    assert!(browser.get(&page).await.expect_status(200).text().contains("Nothing yet."));
    let wrong =
        browser.post(&page, &[("deed", "snapshot-save"), ("name", "Not a name")]).await.expect_status(422);
    let wrong = wrong.text();
    assert!(wrong.contains("lower-case letters") && wrong.contains("Not a name"), "{wrong}");
    let done = browser.post(&page, &[("deed", "snapshot-save"), ("name", "before")]).await.expect_status(303);
    assert!(browser.get(done.location()).await.text().contains("Kept: "));
    buy(&app, "now-and-forever").await;
    let changed = browser.get(format!("{page}/diff?a=before&b=now")).await.expect_status(200).text();
    assert!(changed.contains("−$0.99") && changed.contains("ledger_postings"), "{changed}");
    let none = browser.get(format!("{page}/diff?a=nothing")).await.expect_status(404).text();
    assert!(none.contains("There is no snapshot"), "{none}");
    let done =
        browser.post(&page, &[("deed", "snapshot-restore"), ("name", "before")]).await.expect_status(303);
    assert!(browser.get(done.location()).await.text().contains("as it was at"));
    let changed = browser.get(format!("{page}/diff?a=before&b=now")).await.expect_status(200).text();
    assert!(changed.contains("No money has moved."), "{changed}");
    browser.post(&page, &[("deed", "snapshot-delete"), ("name", "before")]).await.expect_status(303);
    browser.post(&page, &[("deed", "snapshot-delete"), ("name", "before")]).await.expect_status(422);
    browser.post(&page, &[("deed", "reset")]).await.expect_status(422);
    app.stop().await;
}

async fn a_reset_deletes_them(app: App) {
    save(&app, "before").await;
    app.control("reset", Some(json!({}))).await;
    assert_eq!(app.control("snapshots", None).await, json!([]));
    assert!(!app.data().join("lab/snapshots/before").exists());
    // Nothing of it is left in the way of another one.
    save(&app, "before").await;
    app.stop().await;
}

/// The same data again, as the same sites or as others.
async fn start(data: TempDir, sites: Sites) -> App {
    spawn_app_on(data, None, start_time(), |options| options.sites = sites).await
}

/// What a program leaves that is killed once the restore has begun: in the worst case one site is back already.
fn left_by_a_kill(data: &Path, payments_are_back: bool) {
    fs::write(data.join("lab/restoring"), "before").unwrap();
    if payments_are_back {
        fs::copy(data.join("lab/snapshots/before/payments.db"), data.join("payments.db")).unwrap();
        for beside in ["payments.db-wal", "payments.db-shm"] {
            fs::remove_file(data.join(beside)).ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_broken_off_is_finished_at_the_next_start() {
    for payments_are_back in [false, true] {
        let app = spawn_app(On::Sqlite).await.unwrap();
        save(&app, "before").await;
        let ledger = app.ledger().await;
        let order = buy(&app, "now-and-forever").await;
        let data = app.stop_and_keep().await;
        left_by_a_kill(data.path(), payments_are_back);
        // Half of the program would go on with half of the data.
        for sites in [Sites::Shop, Sites::Payments] {
            let mut options = server::Options::for_tests(
                data.path(),
                platform::Clock::fixed(start_time()),
                platform::Random::seeded(1),
            );
            options.sites = sites;
            options.payments_url = Some("http://127.0.0.1:9".parse().unwrap());
            options.shop_url = Some("http://127.0.0.1:8".parse().unwrap());
            let refused = server::start(options).await.unwrap_err().to_string();
            assert!(refused.contains("\"before\""), "{refused}");
        }
        let app = start(data, Sites::Both).await;
        assert_eq!(app.ledger().await, ledger);
        app.signed_in("john@example.com").await.get(app.shop(&order)).await.expect_status(404);
        assert!(!app.data().join("lab/restoring").exists());
        buy(&app, "now-and-forever").await;
        app.assert_books_balance().await;
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_alone_keeps_its_own_and_says_so() {
    let app = spawn_app(On::Sqlite).await.unwrap();
    save(&app, "both").await;
    let data = app.stop_and_keep().await;
    let app = spawn_app_on(data, None, start_time(), |options| {
        options.sites = Sites::Payments;
        options.shop_url = Some("http://127.0.0.1:9".parse().unwrap());
    })
    .await;
    let (status, told) = app.try_control(Method::POST, "snapshots/both/restore", None).await;
    assert_eq!(status, 409, "{told}");
    assert!(told["error"].as_str().unwrap().contains("is of both sites"), "{told}");
    assert_eq!(save(&app, "own").await["of"], json!(["payments"]));
    let caller = app.caller();
    let token = app.sender_token("DDCALLER000000000001", "john@example.com", "ABT", "5.00", "own-1").await;
    assert_eq!(caller.pay(&token, "5.00", "own-1").await.outcome(), "Success");
    assert_eq!(restore(&app, "own").await["name"], "own");
    assert_eq!(app.balance("john@example.com").await, "500.0000");
    let page = Browser::new().get(app.payments("/lab/snapshots")).await.expect_status(200).text();
    assert!(page.contains("what it knows is not kept") && page.contains("Amazon Payments alone"), "{page}");
    app.stop().await;
}
