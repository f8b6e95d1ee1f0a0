use crate::domain::callers::preserved;
use crate::engine::clock::ClockChange;
use crate::seed::{demo_callers, first_caller};
use crate::state::Companion;
use crate::tests::support::{App, JOHN, config, recipient_token, start_time};
use async_trait::async_trait;
use axum::body::Body;
use futures_util::FutureExt;
use http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use platform::jobs::{DueWork, Job, JobError, Jobs, Timely, Wake};
use platform::{Clock, Random};
use secrecy::ExposeSecret;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn the_clock_is_moved_and_kept_over_a_restart() {
    let app = App::new().await;
    let mut curl = app.browser();
    let clock = curl.get("/_control/clock").await.expect(StatusCode::OK).json();
    assert_eq!(
        clock,
        json!({ "now": "2030-06-03T09:00:00Z", "offset_seconds": 0, "frozen": false, "speed": 1 })
    );
    let moved = curl.post_json("/_control/clock", json!({ "advance_seconds": 604_800 })).await;
    assert_eq!(moved.expect(StatusCode::OK).json()["offset_seconds"], 604_800);
    curl.post_json("/_control/clock", json!({ "advance_seconds": -1 })).await.expect(StatusCode::BAD_REQUEST);
    let app = app.restart().await;
    let clock = app.browser().get("/_control/clock").await.json();
    assert_eq!(clock["now"], "2030-06-10T09:00:00Z");
}

/// Another site, with one job.
struct Follower {
    resets: Arc<AtomicUsize>,
    jobs: Jobs,
}

impl Follower {
    fn new(resets: &Arc<AtomicUsize>, work: Arc<dyn DueWork>) -> Arc<Self> {
        let jobs = Jobs::from_iter([Job::new(work, Wake::default(), Duration::from_hours(1))]);
        Arc::new(Self { resets: Arc::clone(resets), jobs })
    }
}

#[async_trait]
impl Companion for Follower {
    async fn reset(&self) -> Result<(), JobError> {
        self.resets.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}

/// Finds something three times, then nothing.
#[derive(Default)]
struct ThreeTimes(AtomicUsize);

#[async_trait]
impl DueWork for ThreeTimes {
    fn name(&self) -> &'static str {
        "three times"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        Ok(usize::from(self.0.fetch_add(1, Ordering::SeqCst) < 3))
    }
}

/// Has something due at these moments, and writes down when it was asked to do it.
struct Diary {
    clock: Clock,
    due: Vec<Timestamp>,
    asked: Mutex<Vec<Timestamp>>,
}

#[async_trait]
impl DueWork for Diary {
    fn name(&self) -> &'static str {
        "diary"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        self.asked.lock().unwrap().push(self.clock.now());
        Ok(0)
    }

    fn timely(&self) -> Option<&dyn Timely> {
        Some(self)
    }
}

#[async_trait]
impl Timely for Diary {
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        Ok(self.due.iter().copied().find(|due| *due > after))
    }
}

#[tokio::test]
async fn a_jump_stops_where_something_is_due_and_leads_where_it_was_to() {
    let app = App::new().await;
    let start = app.payments.clock.now();
    let after = |millis| start + SignedDuration::from_millis(millis);
    // The next two are within one second; the last is not on the way.
    let due = [1_000, 5_500, 5_900, 8_000, 20_000].map(after).to_vec();
    let diary = Arc::new(Diary { clock: app.payments.clock.clone(), due, asked: Mutex::default() });
    let payments = app.payments.clone().with_companions(vec![Follower::new(&Arc::default(), diary.clone())]);
    for change in [ClockChange::Advance(SignedDuration::from_secs(10)), ClockChange::Set(after(10_000))] {
        payments.change_clock(ClockChange::Set(start)).await.unwrap();
        diary.asked.lock().unwrap().clear();
        payments.change_clock(change).await.unwrap();
        let asked = std::mem::take(&mut *diary.asked.lock().unwrap());
        assert_eq!(asked, [1_000, 6_000, 8_000, 10_000].map(after), "{change:?}");
    }
}

#[tokio::test]
async fn companions_follow_until_nothing_is_due() {
    let app = App::new().await;
    let (resets, work) = (Arc::default(), Arc::new(ThreeTimes::default()));
    let payments = app.payments.clone().with_companions(vec![Follower::new(&resets, work.clone())]);
    payments.run_all_due(tokio::time::Instant::now()).await.unwrap();
    // Three times something, and twice nothing: once for the jobs, once for all sites together.
    assert_eq!(work.0.load(Ordering::SeqCst), 5);
    payments.reset_all().await.unwrap();
    assert_eq!(resets.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn tokens_are_made_as_by_a_click() {
    let app = App::new().await;
    let mut curl = app.browser();
    let mut wish = json!({
        "access_key": "DDCALLER000000000001", "pipeline": "SingleUse", "account": JOHN, "payment_method": "ABT",
        "caller_reference": "c1",
        "parameters": { "transactionAmount": "10.00", "recipientToken": recipient_token() },
    });
    let made = curl.post_json("/_control/tokens", wish.clone()).await.expect(StatusCode::OK).json();
    assert_eq!((made["status"].as_str(), made["refund_token_id"].as_str()), (Some("SA"), None));
    assert_eq!(made["return_parameters"]["tokenID"], made["token_id"]);
    assert_eq!(made["token_id"].as_str().unwrap().len(), 64);
    let again = curl.post_json("/_control/tokens", wish.clone()).await.expect(StatusCode::OK).json();
    assert_eq!(
        (again["status"].as_str(), again["token_id"].as_str()),
        (Some("NP"), None),
        "the reference is used"
    );

    let recipient = json!({
        "access_key": "DDCALLER000000000002", "pipeline": "Recipient", "account": "merchant@example.com",
        "caller_reference": "r1", "parameters": { "recipientPaysFee": true, "maxVariableFee": 5 },
    });
    let made = curl.post_json("/_control/tokens", recipient).await.expect(StatusCode::OK).json();
    assert_eq!(made["status"], "SR");
    assert_eq!(made["refund_token_id"].as_str().unwrap().len(), 64);

    wish["caller_reference"] = json!("c2");
    let wrong = [
        ("access_key", json!("NOBODY")),
        ("pipeline", json!("Nonsense")),
        ("account", json!("nobody@example.com")),
        ("account", json!("john@example.com\0")),
        ("payment_method", json!("Debt")),
        ("caller_reference", json!("")),
        ("parameters", json!({ "transactionAmount": "ten" })),
        ("parameters", json!({ "transactionAmount": "1", "returnURL": "http://evil.example/" })),
        ("surprise", json!(1)),
    ];
    for (field, value) in wrong {
        let mut bad = wish.clone();
        bad[field] = value;
        let refused = curl.post_json("/_control/tokens", bad).await.expect(StatusCode::BAD_REQUEST).json();
        assert!(refused["error"].as_str().unwrap().len() > 10, "{field}: {refused}");
    }
}

#[tokio::test]
async fn reset_brings_the_demo_data_back_and_keeps_the_certificate() {
    let app = App::new().await;
    let mut curl = app.browser();
    let certificate = app.payments.signer.identity().await.unwrap().certificate_url.path().to_owned();
    let before = curl.get(&certificate).await.expect(StatusCode::OK).body;
    curl.post_json("/_control/clock", json!({ "advance_seconds": 60 })).await.expect(StatusCode::OK);
    let clock = curl.post_json("/_control/reset", json!({})).await.expect(StatusCode::OK).json();
    assert_eq!(clock["offset_seconds"], 0);
    let ledger = curl.get("/_control/ledger").await.expect(StatusCode::OK).json();
    // Of John and of everybody in business the opening balance.
    assert_eq!((ledger["sum"].as_str(), ledger["transactions"].as_i64()), (Some("0.0000"), Some(15)));
    let accounts = ledger["accounts"].as_array().unwrap();
    let johns = accounts.iter().find(|account| account["email"] == JOHN).unwrap();
    assert_eq!(johns["balance"], "500.0000");
    assert_eq!(curl.get("/_control/notifications").await.json(), json!([]));
    let app = app.restart().await;
    assert_eq!(app.browser().get(&certificate).await.expect(StatusCode::OK).body, before);
    app.browser().get("/certs/000101/PKICert.pem").await.expect(StatusCode::NOT_FOUND);
    assert_eq!(app.clock.now(), start_time());
}

/// The worst moment to hang up: the tables are gone, and what outlives the reset is in memory alone.
#[tokio::test]
async fn who_hangs_up_during_a_reset_breaks_nothing() {
    let app = App::new().await;
    let mut browser = app.browser();
    browser
        .post("/account/sign-in", &[("email", super::support::JOHN), ("password", "amazonpayments")])
        .await
        .to();
    browser.post("/account/developer", &[("display_name", "Keeps its key")]).await.to();
    let keys = async || preserved::read(&app.payments.db, &demo_callers()).await.map_or(0, |keys| keys.len());
    assert_eq!(keys().await, 1);

    let mut curl = app.browser();
    let mut request = Box::pin(curl.post_json("/_control/reset", json!({})));
    while keys().await == 1 {
        assert!((&mut request).now_or_never().is_none(), "it ended before anybody could hang up");
    }
    drop(request);
    let back = async {
        while keys().await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), back).await.expect("the reset goes on to its end");
    browser.post_json("/_control/clock", json!({ "freeze": true })).await.expect(StatusCode::OK);
}

/// `seed` and `reset` beside a running site, and a second process: its shop signs with what it has.
#[tokio::test]
async fn a_caller_secret_that_was_made_up_stays() {
    let open_to_all =
        || crate::config::Config { caller_secret: None, lab: false, demo_accounts: false, ..config() };
    let app = App::with(open_to_all()).await;
    let known = async || {
        let caller = crate::domain::callers::find(&app.payments.db, &first_caller()).await.unwrap().unwrap();
        caller.secret.expose().to_owned()
    };
    let made_up = app.payments.caller_secret().await.unwrap().expose_secret().to_owned();
    assert_eq!((made_up.len(), known().await), (40, made_up.clone()));
    app.payments.seed().await.unwrap();
    let (db, clock) = (app.payments.db.clone(), app.clock.clone());
    let second = crate::state::Payments::open(open_to_all(), db, clock, Random::seeded(2)).await.unwrap();
    assert_eq!(second.caller_secret().await.unwrap().expose_secret(), made_up);
    assert_eq!(known().await, made_up);
    second.reset().await.unwrap();
    assert_eq!(known().await, made_up);
}

#[tokio::test]
async fn it_exists_in_the_lab_only_and_for_who_may() {
    let app = App::new().await;
    let mut curl = app.browser();
    let refused = curl.get("/_control/requests").await.expect(StatusCode::NOT_FOUND).json();
    assert!(refused["error"].is_string());
    curl.get("/_control/reset").await.expect(StatusCode::METHOD_NOT_ALLOWED);
    let foreign = Request::post("/_control/reset").header("origin", "http://evil.example");
    curl.send(foreign, Body::empty()).await.expect(StatusCode::FORBIDDEN);

    let app = App::with(crate::config::Config { lab: false, ..config() }).await;
    app.browser().get("/_control/clock").await.expect(StatusCode::NOT_FOUND);
    let app = App::with(crate::config::Config { control_token: Some("letmein".into()), ..config() }).await;
    app.browser().get("/_control/clock").await.expect(StatusCode::UNAUTHORIZED);
    let allowed = Request::get("/_control/clock").header("authorization", "Bearer letmein");
    app.browser().send(allowed, Body::empty()).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_notification_is_not_taken_for_a_call() {
    let app = App::new().await;
    let mut notifier = app.browser();
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    let before = app.payments.db.clone();
    let callers = preserved::read(&before, &demo_callers()).await.unwrap().len();
    for request in [
        Request::post("/_control/reset").header("content-type", form),
        Request::post("/_control/clock").header("content-type", "multipart/form-data; boundary=x"),
    ] {
        let refused = notifier.send(request, Body::from("transactionId=1&status=SUCCESS")).await;
        let told = refused.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE).json();
        assert!(told["error"].as_str().unwrap().contains("application/json"), "{told}");
    }
    for body in ["", "{}"] {
        let request = Request::post("/_control/reset").header("x-notification-id", "1");
        notifier.send(request, Body::from(body)).await.expect(StatusCode::FORBIDDEN);
    }
    assert_eq!(preserved::read(&before, &demo_callers()).await.unwrap().len(), callers);
    // Typed into curl without a content type.
    let typed = Request::post("/_control/clock").header("content-type", form);
    notifier.send(typed, Body::from("{\"freeze\":true}")).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn reset_keeps_the_access_keys_of_the_demo_accounts() {
    let app = App::new().await;
    for email in [super::support::JOHN, "newcomer@example.org"] {
        let mut browser = app.browser();
        if email == super::support::JOHN {
            browser.post("/account/sign-in", &[("email", email), ("password", "amazonpayments")]).await.to();
        } else {
            let account = [("name", "Newcomer"), ("email", email), ("password", "a long password")];
            browser.post("/account/create", &account).await.to();
        }
        browser.post("/account/developer", &[("display_name", &format!("Of {email}"))]).await.to();
    }
    // What a control call made goes, also on a demo account.
    let made = r#"{"account":"jane@example.com","name":"Of the lab"}"#;
    let asked = Request::post("/_control/callers").header("content-type", "application/json");
    app.browser().send(asked, Body::from(made)).await.expect(StatusCode::OK);
    let before = preserved::read(&app.payments.db, &demo_callers()).await.unwrap();
    assert_eq!(before.len(), 2);
    app.payments.reset_all().await.unwrap();
    let after = preserved::read(&app.payments.db, &demo_callers()).await.unwrap();
    assert_eq!(after.len(), 1, "an account that is gone has no key");
    let before = before.iter().map(|key| format!("{key:?}"));
    let of_john = before.filter(|key| key.contains(super::support::JOHN)).collect::<Vec<_>>();
    assert_eq!(of_john, [format!("{:?}", after[0])]);
    app.payments.reset_all().await.unwrap();
    assert_eq!(preserved::read(&app.payments.db, &demo_callers()).await.unwrap().len(), 1);
}
