//! One notification again, by hand.

use crate::tests::lab_people::patch;
use crate::tests::notifier::{Receiver, enqueue_new, new};
use crate::tests::support::{App, Browser};
use fps_protocol::Parameters;
use fps_protocol::outbound;
use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

const CALLER: &str = "DDCALLER000000000002";

async fn told(curl: &mut Browser) -> Value {
    curl.get("/_control/notifications").await.expect(StatusCode::OK).json()[0].clone()
}

async fn replay(curl: &mut Browser, id: &str, body: Value) -> crate::tests::support::Answer {
    curl.post_json(&format!("/_control/notifications/{id}/replay"), body).await
}

async fn with_notification(app: &App, url: Option<&Url>) -> String {
    enqueue_new(app, new(app, CALLER, "T1", "n1", url)).await;
    told(&mut app.browser()).await["id"].as_str().unwrap().to_owned()
}

/// What arrived is signed for this address.
async fn assert_verifies(app: &App, body: &str, url: &Url) {
    let parameters = Parameters::from_form(body.as_bytes()).unwrap();
    let certificate: Url = parameters.get("certificateUrl").unwrap().parse().unwrap();
    let pem = app.browser().get(certificate.path()).await.expect(StatusCode::OK).body;
    outbound::verify("POST", url, parameters, &pem).unwrap();
}

#[tokio::test]
async fn the_same_bytes_go_out_again_and_what_is_taken_is_delivered() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let (receiver, url) =
            Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_GATEWAY, StatusCode::OK])
                .await;
        let id = with_notification(&app, Some(&url)).await;
        let early =
            replay(&mut curl, &id, json!({ "sign": "same" })).await.expect(StatusCode::CONFLICT).json();
        assert!(early["error"].as_str().unwrap().contains("fresh"), "{early}");
        app.payments.run_due().await.unwrap();

        let again = replay(&mut curl, &id, json!({ "sign": "same" })).await.expect(StatusCode::OK).json();
        assert_eq!(
            (&again["number"], &again["http_status"], &again["state"]),
            (&json!(2), &json!(502), &json!("Pending"))
        );
        let again = replay(&mut curl, &id, json!({})).await.expect(StatusCode::OK).json();
        assert_eq!(
            (
                &again["id"],
                &again["url"],
                &again["number"],
                &again["http_status"],
                &again["error"],
                &again["state"]
            ),
            (&json!(id), &json!(url.as_str()), &json!(3), &json!(200), &Value::Null, &json!("Delivered"))
        );
        let bodies = receiver.bodies();
        assert!(bodies.len() == 3 && bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
        let shown = curl.get(&format!("/_control/notifications/{id}")).await.expect(StatusCode::OK).json();
        assert_eq!((&shown["state"], shown["attempts"].as_array().unwrap().len()), (&json!("Delivered"), 3));
        assert_eq!(shown, told(&mut curl).await);
        assert_eq!(app.payments.run_due().await.unwrap(), 0, "nothing is to be sent any more");

        let fresh = replay(&mut curl, &id, json!({ "sign": "fresh" })).await.expect(StatusCode::OK).json();
        assert_eq!((&fresh["number"], &fresh["state"]), (&json!(4), &json!("Delivered")));
        for body in receiver.bodies() {
            assert_verifies(&app, &body, &url).await;
        }
    }
}

#[tokio::test]
async fn what_had_no_address_goes_to_one_that_is_given() {
    let app = App::new().await;
    let mut curl = app.browser();
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    let id = with_notification(&app, None).await;
    let nowhere =
        replay(&mut curl, &id, json!({ "sign": "fresh" })).await.expect(StatusCode::CONFLICT).json();
    assert!(nowhere["error"].as_str().unwrap().contains("url"), "{nowhere}");
    let sent = replay(&mut curl, &id, json!({ "sign": "fresh", "url": url.as_str() }))
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!((&sent["http_status"], &sent["state"]), (&json!(200), &json!("NoAddress")));
    let caller = format!("/_control/callers/{CALLER}");
    patch(&mut curl, &caller, json!({ "ipn_url": url.as_str() })).await.expect(StatusCode::OK);
    let sent = replay(&mut curl, &id, json!({ "sign": "fresh" })).await.expect(StatusCode::OK).json();
    assert_eq!((&sent["url"], &sent["number"]), (&json!(url.as_str()), &json!(2)));
    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 2);
    for body in bodies {
        assert_verifies(&app, &body, &url).await;
    }
    assert_eq!(told(&mut curl).await["state"], "NoAddress");
}

#[tokio::test]
async fn what_was_sent_elsewhere_changes_nothing_for_its_own_address() {
    let app = App::new().await;
    let mut curl = app.browser();
    let (own, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
    let (other, elsewhere) = Receiver::start(&[StatusCode::OK]).await;
    let id = with_notification(&app, Some(&url)).await;
    app.payments.run_due().await.unwrap();
    let wish = json!({ "sign": "fresh", "url": elsewhere.as_str() });
    assert_eq!(replay(&mut curl, &id, wish).await.expect(StatusCode::OK).json()["state"], "Pending");
    assert_verifies(&app, &other.bodies()[0], &elsewhere).await;
    app.clock.advance(jiff::SignedDuration::from_hours(1)).unwrap();
    app.payments.run_due().await.unwrap();
    let bodies = own.bodies();
    assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
    assert_eq!(told(&mut curl).await["state"], "Delivered");
}

#[tokio::test]
async fn what_cannot_be_sent_again_is_refused_in_words() {
    let app = App::new().await;
    let mut curl = app.browser();
    let (_receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    let id = with_notification(&app, Some(&url)).await;
    for (id, body, status) in [
        ("nothing", json!({}), 404),
        ("_", json!({}), 404),
        (id.as_str(), json!({ "sign": "twice" }), 400),
        (&id, json!({ "sign": "fresh", "url": "nowhere" }), 400),
        (&id, json!({ "sign": "fresh", "url": "http://127.0.0.1:3001/_control/reset" }), 400),
        (&id, json!({ "sign": "fresh", "url": "ftp://shop.example/" }), 400),
    ] {
        let refused = replay(&mut curl, id, body.clone()).await;
        assert_eq!(refused.status.as_u16(), status, "{id} {body}: {}", refused.body);
    }
    curl.get("/_control/notifications/nothing").await.expect(StatusCode::NOT_FOUND);
}
