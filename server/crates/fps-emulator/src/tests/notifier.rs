use super::support::{App, TEST_KEY};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use fps_protocol::Parameters;
use fps_protocol::outbound;
use http::StatusCode;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use url::Url;

/// What arrived, and what is answered next (the last answer stays).
#[derive(Clone, Default)]
struct Receiver {
    bodies: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<StatusCode>>>,
}

async fn receive(State(receiver): State<Receiver>, body: Bytes) -> StatusCode {
    receiver.bodies.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
    let mut answers = receiver.answers.lock().unwrap();
    if answers.len() > 1 { answers.remove(0) } else { answers[0] }
}

impl Receiver {
    /// Listens on a free port; returns its address.
    async fn start(answers: &[StatusCode]) -> (Self, Url) {
        let receiver = Self::default();
        answers.clone_into(&mut receiver.answers.lock().unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/ipn", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().route("/ipn", post(receive)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (receiver, url)
    }

    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

async fn enqueue(app: &App, id: &str, url: &Url) {
    let (id, url, now) = (id.to_owned(), url.to_string(), app.clock.now_micros());
    app.payments
        .db
        .write(move |c| {
            let (id, url) = (id.clone(), url.clone());
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO notifications (id, access_key, kind, subject_id, url, body, state, created_at, \
                         next_attempt_at) \
                     VALUES ($1, 'DDCALLER000000000001', 'TransactionStatus', 'T1', $2, \
                         'transactionId=T1&paymentReason=Now%20%26%20Forever', 'Pending', $3, $3)",
                )
                .bind(id)
                .bind(url)
                .bind(now)
                .execute(c)
                .await
            })
        })
        .await
        .unwrap();
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
    let key = outbound::SigningKey::from_pkcs8_pem(TEST_KEY).unwrap();
    let pem = app.payments.signer.certificate_pem().await.unwrap();
    assert!(format!("{key:?}").len() < 30, "keys are not shown");
    for body in bodies {
        let parameters = Parameters::from_form(body.as_bytes()).unwrap();
        let verified = outbound::verify("POST", &url, parameters, pem).unwrap();
        assert_eq!(verified.get("paymentReason"), Some("Now & Forever"));
    }
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
