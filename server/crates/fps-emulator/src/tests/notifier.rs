use crate::domain::notifications::deliveries::claims::SenderId;
use crate::domain::notifications::deliveries::{
    self, Attempt, Claimed, Delivery, Ended, Queue, Wanted, Wish,
};
use crate::domain::notifications::{self, NewNotification, SubjectId};
use crate::jobs::notifier::Notifier;
use crate::tests::support::{App, TEST_KEY};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use fps_protocol::Parameters;
use fps_protocol::ids::AccessKey;
use fps_protocol::outbound;
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use platform::db::Batch;
use platform::jobs::DueWork;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// What arrived, and what is answered next (the last answer stays).
#[derive(Clone, Default)]
pub struct Receiver {
    bodies: Arc<Mutex<Vec<String>>>,
    /// Which notification it was, and which attempt.
    named: Arc<Mutex<Vec<(String, String)>>>,
    answers: Arc<Mutex<Vec<StatusCode>>>,
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name| headers[name].to_str().unwrap().to_owned();
    let named = (header("x-notification-id"), header("x-notification-attempt"));
    receiver.named.lock().unwrap().push(named);
    receiver.bodies.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
    let mut answers = receiver.answers.lock().unwrap();
    if answers.len() > 1 { answers.remove(0) } else { answers[0] }
}

impl Receiver {
    /// Listens on a free port; returns its address.
    pub async fn start(answers: &[StatusCode]) -> (Self, Url) {
        let receiver = Self::default();
        answers.clone_into(&mut receiver.answers.lock().unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/ipn", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new()
            .route("/ipn", post(receive))
            .route("/payments/ipn", post(receive))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (receiver, url)
    }

    pub fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

pub async fn enqueue(app: &App, id: &str, url: &Url) {
    enqueue_about(app, "T1", id, url).await;
}

async fn enqueue_about(app: &App, subject: &str, id: &str, url: &Url) {
    enqueue_new(app, new(app, "DDCALLER000000000001", subject, id, Some(url))).await;
}

/// `name` is its caller reference.
pub fn new(app: &App, caller: &str, subject: &str, name: &str, url: Option<&Url>) -> NewNotification {
    NewNotification {
        access_key: AccessKey::new(caller).unwrap(),
        subject_id: SubjectId::new(subject).unwrap(),
        url: url.map(Url::to_string),
        body: Parameters::from_query(&format!(
            "notificationType=TransactionStatus&transactionId=T1&paymentReason=Now%20%26%20Forever\
             &callerReference={name}"
        ))
        .unwrap(),
        created_at: app.clock.now(),
    }
}

/// The name that a test gave it.
pub fn reference_of(claimed: &Claimed) -> String {
    let parameters = Parameters::from_form(claimed.body.as_bytes()).unwrap();
    parameters.get("callerReference").unwrap().to_owned()
}

pub async fn enqueue_new(app: &App, new: NewNotification) {
    let mut batch = Batch::<Infallible>::default();
    notifications::enqueue(&mut batch, &new);
    app.payments.db.write_batch(batch).await.unwrap();
}

async fn shown(app: &App) -> serde_json::Value {
    app.browser().get("/_control/notifications").await.expect(StatusCode::OK).json()
}

#[tokio::test]
async fn a_notification_is_sent_again_until_it_is_taken() {
    let app = App::new().await;
    let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
    enqueue(&app, "n1", &url).await;
    assert_eq!(app.payments.run_due().await.unwrap(), 1);
    let after_one = shown(&app).await;
    assert_eq!(
        (after_one[0]["state"].as_str(), after_one[0]["attempts"][0]["http_status"].as_i64()),
        (Some("Pending"), Some(503))
    );
    assert_eq!(app.payments.run_due().await.unwrap(), 0, "not yet due again");

    app.clock.advance(SignedDuration::from_secs(10)).unwrap();
    assert_eq!(app.payments.run_due().await.unwrap(), 1);
    let after_two = shown(&app).await;
    assert_eq!(after_two[0]["state"], "Delivered");
    assert_eq!(after_two[0]["attempts"].as_array().unwrap().len(), 2);
    app.clock.advance(SignedDuration::from_hours(48)).unwrap();
    assert_eq!(app.payments.run_due().await.unwrap(), 0);

    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(after_two[0]["body"], bodies[1], "what was sent is shown");
    assert_eq!(after_two[0]["parameters"]["paymentReason"], "Now & Forever");
    let named = |attempt: &str| ("T1-1".to_owned(), attempt.to_owned());
    assert_eq!(after_two[0]["id"], "T1-1");
    assert_eq!(*receiver.named.lock().unwrap(), [named("1"), named("2")]);
    let key = outbound::SigningKey::from_pkcs8_pem(TEST_KEY).unwrap();
    let pem = &app.payments.signer.identity().await.unwrap().certificate_pem;
    assert!(format!("{key:?}").len() < 30, "keys are not shown");
    for body in bodies {
        let parameters = Parameters::from_form(body.as_bytes()).unwrap();
        let verified = outbound::verify("POST", &url, parameters, pem).unwrap();
        assert_eq!(verified.get("paymentReason"), Some("Now & Forever"));
    }
}

/// The first failed, the second comes while that waits: it is not looked at again and again until then.
#[tokio::test]
async fn what_comes_behind_one_that_failed_is_due_with_it() {
    for app in App::on_each_database().await {
        let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
        enqueue(&app, "n1", &url).await;
        assert_eq!(app.payments.run_due().await.unwrap(), 1);
        app.clock.advance(SignedDuration::from_secs(3)).unwrap();
        enqueue(&app, "n2", &url).await;
        enqueue_about(&app, "T2", "other", &url).await;
        assert_eq!(app.payments.run_due().await.unwrap(), 1, "that of another subject");
        assert!(deliveries::due(&app.payments.db, app.clock.now()).await.unwrap().is_empty());
        app.clock.advance(SignedDuration::from_secs(7)).unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 2);
        assert_eq!(references(&receiver), ["n1", "other", "n1", "n2"]);
    }
}

/// The clock was set back meanwhile, and the one before it waits for nothing any more.
#[tokio::test]
async fn what_comes_behind_one_that_is_being_sent_is_due_at_once() {
    for app in App::on_each_database().await {
        let url: Url = "http://127.0.0.1:9/ipn".parse().unwrap();
        let db = &app.payments.db;
        app.clock.advance(SignedDuration::from_hours(1)).unwrap();
        enqueue(&app, "n1", &url).await;
        let queue = Queue::of(&AccessKey::new("DDCALLER000000000001").unwrap(), url.as_str());
        let wanted = vec![Wanted { queue, limit: 1 }];
        deliveries::claim(db, SenderId(1), app.clock.now(), wanted.clone()).await.unwrap();
        app.clock.advance(SignedDuration::from_hours(-1)).unwrap();
        enqueue(&app, "n2", &url).await;
        assert_eq!(deliveries::due(db, app.clock.now()).await.unwrap(), [wanted[0].queue.clone()]);
    }
}

/// A woken notifier need not look through all that is due.
#[tokio::test]
async fn the_bell_alone_has_a_notification_sent_to_whom_it_was_rung_for() {
    let app = App::new().await;
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    let (other, other_url) = Receiver::start(&[StatusCode::OK]).await;
    enqueue_about(&app, "T1", "silent", &other_url).await;
    enqueue_about(&app, "T2", "n1", &url).await;
    let notifier = Notifier::new(app.payments.engine(), app.payments.signer.clone());
    app.payments.outbox_bell.ring([&new(&app, "DDCALLER000000000001", "T2", "n1", Some(&url))]);
    notifier.run_woken().await.unwrap();
    assert_eq!(notifier.settle(tokio::time::Instant::now()).await, 1);
    assert_eq!((receiver.bodies().len(), other.bodies().len()), (1, 0));
    notifier.run_due().await.unwrap();
    assert_eq!(notifier.settle(tokio::time::Instant::now()).await, 1);
    assert_eq!(other.bodies().len(), 1);
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_given_up_after_a_day() {
    let app = App::new().await;
    enqueue(&app, "n1", &"http://127.0.0.1:9/ipn".parse().unwrap()).await;
    for _ in 0..30 {
        app.payments.run_due().await.unwrap();
        app.clock.advance(SignedDuration::from_hours(1)).unwrap();
    }
    let given_up = shown(&app).await;
    assert_eq!(given_up[0]["state"], "GivenUp");
    let attempts = given_up[0]["attempts"].as_array().unwrap();
    assert!(attempts.len() > 10 && attempts[0]["error"] == "cannot connect", "{given_up}");
}

#[tokio::test]
async fn many_are_sent_in_one_run_each_once() {
    let app = App::new().await;
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    for number in 0..100 {
        enqueue(&app, &format!("n{number:03}"), &url).await;
    }
    let (one, other) = tokio::join!(app.payments.run_due(), app.payments.run_due());
    assert_eq!(one.unwrap() + other.unwrap(), 100);
    assert_eq!(receiver.bodies().len(), 100);
}

/// What arrived, by the references in the bodies.
pub fn references(receiver: &Receiver) -> Vec<String> {
    let reference = |body: String| {
        let parameters = Parameters::from_form(body.as_bytes()).unwrap();
        parameters.get("callerReference").unwrap().to_owned()
    };
    receiver.bodies().into_iter().map(reference).collect()
}

/// More than one batch: also what was not claimed yet waits.
#[tokio::test]
async fn what_is_told_of_one_subject_waits_behind_one_that_failed() {
    for app in App::on_each_database().await {
        let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
        let names: Vec<_> = (0..70).map(|number| format!("n{number:02}")).collect();
        for name in &names {
            enqueue(&app, name, &url).await;
        }
        assert_eq!(app.payments.run_due().await.unwrap(), 1);
        app.clock.advance(SignedDuration::from_secs(9)).unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 0);
        app.clock.advance(SignedDuration::from_secs(1)).unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 70);
        let (first, later) = (names[..1].iter(), names.iter());
        assert_eq!(references(&receiver), first.chain(later).cloned().collect::<Vec<_>>());
    }
}

/// The clock can stand still, and be set back; and the names say nothing.
#[tokio::test]
async fn what_is_told_of_one_subject_is_told_as_it_happened() {
    for app in App::on_each_database().await {
        let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
        for name in ["n4", "n3"] {
            enqueue(&app, name, &url).await;
        }
        app.clock.advance(SignedDuration::from_hours(-1)).unwrap();
        for name in ["n2", "n1"] {
            enqueue(&app, name, &url).await;
        }
        assert_eq!(app.payments.run_due().await.unwrap(), 0, "the first is not due yet");
        app.clock.advance(SignedDuration::from_hours(1)).unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 4);
        assert_eq!(references(&receiver), ["n4", "n3", "n2", "n1"]);
    }
}

/// As a refund on the account site does, which is begun and done at once.
#[tokio::test]
async fn what_one_action_tells_is_told_in_its_order() {
    for app in App::on_each_database().await {
        let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
        let mut batch = Batch::<Infallible>::default();
        for name in ["n3", "n1", "n2"] {
            notifications::enqueue(&mut batch, &new(&app, "DDCALLER000000000001", "T1", name, Some(&url)));
        }
        app.payments.db.write_batch(batch).await.unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 3);
        assert_eq!(references(&receiver), ["n3", "n1", "n2"]);
    }
}

/// The same subject, but whoever hears of it at another address does not wait.
#[tokio::test]
async fn a_receiver_that_fails_holds_up_no_other() {
    let app = App::new().await;
    let (_, failing) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE]).await;
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    enqueue(&app, "n1", &failing).await;
    enqueue(&app, "n2", &url).await;
    assert_eq!(app.payments.run_due().await.unwrap(), 2);
    assert_eq!(references(&receiver), ["n2"]);
}

/// A receiver that hangs, and what went to another one meanwhile.
#[tokio::test]
async fn each_attempt_is_recorded_when_it_ends() {
    let app = App::new().await;
    let (_, url) = Receiver::start(&[StatusCode::OK]).await;
    let hanging = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let never = format!("http://{}/ipn", hanging.local_addr().unwrap()).parse().unwrap();
    enqueue_about(&app, "T1", "n1", &never).await;
    enqueue_about(&app, "T2", "n2", &url).await;
    let payments = app.payments.clone();
    let run = tokio::spawn(async move { payments.run_due().await });
    let recorded = async {
        while shown(&app).await[0]["state"] != "Delivered" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), recorded).await.expect("recorded while the other hangs");
    assert!(!run.is_finished());
    drop(hanging);
    assert_eq!(run.await.unwrap().unwrap(), 2);
}

/// Everything in the outbox: name, state, when it is due again, and the numbers of its attempts.
async fn outbox(app: &App) -> Vec<(String, Delivery, Vec<i64>)> {
    let mut shown = deliveries::latest(&app.payments.db, &Wish::default(), 100).await.unwrap();
    shown.reverse();
    let numbers = |attempts: Vec<deliveries::ShownAttempt>| attempts.iter().map(|one| one.number).collect();
    let name = |parameters: &Parameters| parameters.get("callerReference").unwrap().to_owned();
    shown.into_iter().map(|one| (name(&one.parameters), one.delivery, numbers(one.attempts))).collect()
}

#[tokio::test]
async fn attempts_that_ended_together_are_recorded_each_with_what_follows_from_it() {
    for app in App::on_each_database().await {
        let url = "http://127.0.0.1:9/ipn".parse().unwrap();
        for (subject, id) in [("T1", "n1"), ("T2", "n2"), ("T3", "n3"), ("T2", "n4")] {
            enqueue_about(&app, subject, id, &url).await;
        }
        let (db, at) = (&app.payments.db, app.clock.now());
        let (sender, retry) = (SenderId(1), at + SignedDuration::from_secs(10));
        let queue = Queue::new("DDCALLER000000000001 http://127.0.0.1:9").unwrap();
        let claim = || deliveries::claim(db, sender, at, vec![Wanted { queue: queue.clone(), limit: 64 }]);
        let claimed = claim().await.unwrap();
        assert_eq!((claimed.len(), claim().await.unwrap().len()), (3, 0), "the second of T2 waits");
        let [delivered, again, given_up] = [0, 1, 2].map(|index| claimed[index].clone());
        let ended = |notification, then| {
            let error = (then != Delivery::Delivered { at }).then(|| "cannot connect".to_owned());
            Ended { notification, attempt: Attempt { signature: None, at, http_status: None, error, then } }
        };
        let waiting = Delivery::Pending { next_attempt_at: retry };
        let together = vec![
            ended(delivered.clone(), Delivery::Delivered { at }),
            ended(again, waiting),
            ended(given_up, Delivery::GivenUp),
        ];
        deliveries::record(db, &together).await.unwrap();
        // From a process that was taken for dead.
        deliveries::record(db, &[ended(delivered, waiting)]).await.unwrap();
        let expected = [
            ("n1", Delivery::Delivered { at }, vec![1]),
            ("n2", waiting, vec![1]),
            ("n3", Delivery::GivenUp, vec![1]),
            ("n4", waiting, vec![]),
        ];
        assert_eq!(outbox(&app).await, expected.map(|(id, state, numbers)| (id.to_owned(), state, numbers)));
    }
}

#[tokio::test]
async fn a_notification_that_cannot_be_understood_is_an_error_and_never_another_one() {
    for (wrong, column) in [
        ("UPDATE notifications SET body = 'notificationType=Gossip'", "body"),
        ("UPDATE notifications SET delivered_at = created_at", "next_attempt_at"),
        ("UPDATE notifications SET receiver = NULL, path = NULL", "next_attempt_at"),
        ("UPDATE notifications SET subject_id = ''", "subject_id"),
    ] {
        let app = App::new().await;
        enqueue(&app, "n1", &"http://127.0.0.1:9/ipn".parse().unwrap()).await;
        let db = &app.payments.db;
        db.write(move |c| {
            Box::pin(async move {
                // No CHECK would let it in; what is tested is the reading.
                sqlx::query("PRAGMA ignore_check_constraints = ON").execute(&mut *c).await?;
                sqlx::query(wrong).execute(c).await
            })
        })
        .await
        .unwrap();
        let error = deliveries::latest(db, &Wish::default(), 10).await.unwrap_err();
        assert!(matches!(&error, sqlx::Error::ColumnDecode { index, .. } if index == column), "{error}");
    }
}
