//! Receivers that hang, are dead or redirect, beside others that do what they should.

use crate::config::{Config, NotificationSettings};
use crate::domain::notifications::deliveries::claims::{self, SenderId};
use crate::domain::notifications::deliveries::{self, Delivery, Queue, Shown, Wanted, Wish};
use crate::tests::notifier::{Receiver, enqueue, enqueue_new, new, references};
use crate::tests::support::{App, config, notification_settings};
use axum::Router;
use axum::response::Redirect;
use axum::routing::any;
use fps_protocol::ids::AccessKey;
use http::StatusCode;
use serde_json::json;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use url::Url;

const SHOP: &str = "DDCALLER000000000001";
const OTHER: &str = "DDCALLER000000000002";
/// Far more than any of this takes, and far less than those that hang do.
const DEADLINE: Duration = Duration::from_mins(2);

/// Receivers that hang do so for an hour.
fn with_patience(patience: Duration) -> Config {
    Config {
        notifications: NotificationSettings {
            time_out: Duration::from_hours(1),
            patience,
            ..notification_settings()
        },
        ..config()
    }
}

/// Accepts (the operating system does) and never answers, as long as it is kept.
async fn hanging() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ipn", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}

/// Nobody listens, and nobody else gets the port, as long as it is kept.
fn dead() -> (TcpSocket, Url) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let url = format!("http://{}/ipn", socket.local_addr().unwrap()).parse().unwrap();
    (socket, url)
}

async fn redirecting(to: &Url) -> Url {
    let (listener, url) = hanging().await;
    let to = to.clone();
    let router = Router::new().fallback(any(async move || Redirect::temporary(to.as_str())));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// The notifications that went, or go, to one of these.
async fn sent_to(app: &App, urls: &[Url]) -> Vec<Shown> {
    let all = deliveries::latest(&app.payments.db, &Wish::default(), 10_000).await.unwrap();
    let is_there = |one: &Shown| urls.iter().any(|url| one.url.as_deref() == Some(url.as_str()));
    all.into_iter().filter(is_there).collect()
}

async fn until_all_are_delivered(app: &App, urls: &[Url]) {
    let delivered = async {
        let is_delivered = |one: &Shown| matches!(one.delivery, Delivery::Delivered { .. });
        while !sent_to(app, urls).await.iter().all(is_delivered) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, delivered).await.expect("the good receivers get everything");
}

/// Each caller's program hears of each subject in order.
fn assert_order(receiver: &Receiver) {
    let references = references(receiver);
    for subject in 0..10 {
        let prefix = format!("s{subject}-");
        let of_subject: Vec<_> = references.iter().filter(|name| name.contains(&prefix)).collect();
        assert!(of_subject.is_sorted() && of_subject.len() == 4, "{of_subject:?}");
    }
}

#[tokio::test]
async fn receivers_that_do_not_do_their_part_hold_up_nobody_else() {
    for app in App::on_each_database_with(with_patience(Duration::from_millis(300))).await {
        let (good, good_url) = Receiver::start(&[StatusCode::OK]).await;
        let (shop, shop_url) = Receiver::start(&[StatusCode::OK]).await;
        let (mut kept, mut reserved, mut hang, mut bad) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..100 {
            let (listener, url) = hanging().await;
            kept.push(listener);
            hang.push(url);
            let (socket, url) = dead();
            reserved.push(socket);
            bad.push(url);
            bad.push(redirecting(&good_url).await);
        }
        // Those that do not do their part are due first.
        for (number, url) in hang.iter().chain(&bad).enumerate() {
            for turn in 0..2 {
                let name = format!("bad{number}-{turn}");
                enqueue_new(&app, new(&app, OTHER, &format!("B{number}"), &name, Some(url))).await;
            }
        }
        for number in 0..40 {
            let name = format!("s{}-{}", number % 10, number / 10);
            for (caller, url) in [(OTHER, &good_url), (SHOP, &shop_url)] {
                let name = format!("{caller}-{name}");
                let subject = format!("S{}", number % 10);
                enqueue_new(&app, new(&app, caller, &subject, &name, Some(url))).await;
            }
        }
        app.payments.run_due().await.unwrap();
        until_all_are_delivered(&app, &[good_url, shop_url]).await;
        for receiver in [&good, &shop] {
            assert_eq!(receiver.bodies().len(), 40, "each once, and no redirect is followed");
            assert_order(receiver);
        }
        let hanging = sent_to(&app, &hang).await;
        assert!(hanging.len() == 200 && hanging.iter().all(|one| one.attempts.is_empty()));

        let mut browser = app.browser();
        let moved = browser.post_json("/_control/clock", json!({ "advance_seconds": 3600 }));
        let moved = tokio::time::timeout(DEADLINE, moved).await.expect("the clock waits for nobody for ever");
        assert_eq!(moved.expect(StatusCode::OK).json()["offset_seconds"], 3600);
        let tried_again = async {
            while !sent_to(&app, &bad).await.iter().any(|one| one.attempts.len() > 1) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(DEADLINE, tried_again).await.expect("the dead are tried again");
    }
}

/// However the clock is moved, what is under way is not sent a second time.
#[tokio::test]
async fn what_is_under_way_is_not_sent_again_when_the_clock_moves() {
    let app = App::with(with_patience(Duration::from_millis(10))).await;
    let (listener, url) = hanging().await;
    enqueue(&app, "n1", &url).await;
    for _ in 0..3 {
        let mut browser = app.browser();
        browser
            .post_json("/_control/clock", json!({ "advance_seconds": 86_400 }))
            .await
            .expect(StatusCode::OK);
    }
    listener.accept().await.unwrap();
    let another = tokio::time::timeout(Duration::from_millis(50), listener.accept());
    assert!(another.await.is_err(), "one connection");
}

/// The process died while it was sending: a new one on the same file sends it at once, without the clock.
#[tokio::test]
async fn what_a_dead_process_had_claimed_is_sent_at_the_next_start() {
    let app = App::new().await;
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    enqueue(&app, "n1", &url).await;
    let wanted = vec![Wanted { queue: Queue::of(&AccessKey::new(SHOP).unwrap(), url.as_str()), limit: 8 }];
    let sender = SenderId(1);
    let claimed = deliveries::claim(&app.payments.db, sender, app.clock.now(), wanted).await.unwrap();
    assert_eq!((claimed.len(), claims::all(&app.payments.db).await.unwrap().len()), (1, 1));
    let app = app.restart().await;
    assert_eq!(app.payments.run_due().await.unwrap(), 1);
    assert_eq!(references(&receiver), ["n1"]);
}

#[tokio::test]
async fn what_has_no_address_is_shown_and_never_sent() {
    for app in App::on_each_database().await {
        enqueue_new(&app, new(&app, OTHER, "T1", "n1", None)).await;
        enqueue_new(&app, new(&app, OTHER, "T2", "n2", None)).await;
        assert_eq!(app.payments.run_due().await.unwrap(), 0);
        let list = async |query: &str| {
            let path = format!("/_control/notifications{query}");
            app.browser().get(&path).await.expect(StatusCode::OK).json()
        };
        let all = list("").await;
        assert_eq!((all[0]["id"].as_str(), &all[0]["url"]), (Some("T2-2"), &json!(null)));
        assert_eq!((&all[0]["state"], &all[0]["attempts"]), (&json!("NoAddress"), &json!([])));
        for one in [
            "?transaction_id=T1",
            "?caller_reference=n1",
            "?access_key=DDCALLER000000000002&caller_reference=n1",
        ] {
            let found = list(one).await;
            assert_eq!(
                (found.as_array().unwrap().len(), found[0]["id"].as_str()),
                (1, Some("T1-1")),
                "{one}"
            );
        }
        for none in
            ["?transaction_id=T3", "?caller_reference=n", "?caller_reference=%25", "?access_key=NOBODY"]
        {
            assert_eq!(list(none).await, json!([]), "{none}");
        }
        for wrong in ["?wait=61", "?wait=soon", "?sender=me"] {
            let path = format!("/_control/notifications{wrong}");
            app.browser().get(&path).await.expect(StatusCode::BAD_REQUEST);
        }
        let wait = list("?caller_reference=n3&wait=60");
        let come = async { enqueue_new(&app, new(&app, OTHER, "T3", "n3", None)).await };
        let (found, ()) = tokio::join!(wait, come);
        assert_eq!(found[0]["id"], "T3-3");
    }
}

/// The only notification's error at its only attempt.
async fn refusal(app: &App, url: &Url) -> String {
    app.payments.run_due().await.unwrap();
    let mut sent = sent_to(app, std::slice::from_ref(url)).await;
    assert_eq!((sent.len(), sent[0].attempts.len()), (1, 1));
    sent.remove(0).attempts.remove(0).error.unwrap()
}

#[tokio::test]
async fn nothing_is_sent_to_the_site_itself_whatever_its_name() {
    let (listener, url) = hanging().await;
    let own_addresses = vec![listener.local_addr().unwrap()];
    let notifications = NotificationSettings { own_addresses, ..notification_settings() };
    let app = App::with(Config { notifications, ..config() }).await;
    let port = url.port().unwrap();
    // A name that is one of this machine's, without saying so.
    let names = ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "ip6-localhost.localhost"];
    for (number, name) in names.iter().enumerate() {
        let url = format!("http://{name}:{port}/_control/reset").parse().unwrap();
        enqueue_new(&app, new(&app, OTHER, "T1", &format!("n{number}"), Some(&url))).await;
        let error = refusal(&app, &url).await;
        assert!(error.contains("Amazon Payments' own"), "{name}: {error}");
    }
    let came = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
    assert!(came.is_err(), "nobody connects");
}

#[tokio::test]
async fn private_networks_are_for_the_configured_receiver_where_they_are_refused() {
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    let shop_url = url.join("/").unwrap();
    let notifications = NotificationSettings { private_receivers: false, ..notification_settings() };
    let app = App::with(Config { shop_url, notifications, ..config() }).await;
    let shop = url.join("/payments/ipn").unwrap();
    enqueue_new(&app, new(&app, SHOP, "T1", "n1", Some(&shop))).await;
    app.payments.run_due().await.unwrap();
    assert_eq!(references(&receiver), ["n1"]);
    // Not for another caller, nor at another address.
    for (caller, path, id) in [(OTHER, "/payments/ipn", "n2"), (SHOP, "/other", "n3")] {
        let url = url.join(path).unwrap();
        enqueue_new(&app, new(&app, caller, "T2", id, Some(&url))).await;
        app.payments.run_due().await.unwrap();
        let newest = &deliveries::latest(&app.payments.db, &Wish::default(), 1).await.unwrap()[0];
        let error = newest.attempts[0].error.clone().unwrap();
        assert!(error.contains("DD_PRIVATE_RECEIVERS"), "{error}");
    }
    assert_eq!(receiver.bodies().len(), 1);
}
