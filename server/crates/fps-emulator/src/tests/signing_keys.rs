//! The key that signs returns and notifications: which one it is, and how it is renewed.

use crate::config::Config;
use crate::engine::signer::{Identity, Signer};
use crate::tests::notifier::{Receiver, enqueue_new, new};
use crate::tests::support::{App, config};
use fps_protocol::Parameters;
use fps_protocol::outbound::{self, KeyBits};
use http::StatusCode;
use jiff::SignedDuration;
use platform::Random;
use std::sync::Arc;
use url::Url;

impl App {
    async fn tell(&self, subject: &str, url: &Url) {
        enqueue_new(self, new(self, "DDCALLER000000000001", subject, subject, Some(url))).await;
        assert_eq!(self.payments.run_due().await.unwrap(), 1);
    }

    /// As a process that is started on the same database.
    fn another_signer(&self, config: &Config) -> Signer {
        let (db, clock, background) = (&self.payments.db, &self.clock, &self.payments.background);
        Signer::new(db.clone(), clock.clone(), Random::seeded(7), config, background)
    }

    async fn identity(&self) -> Arc<Identity> {
        self.payments.signer.identity().await.unwrap()
    }

    /// Whether the certificate that the body names is there and fits, and `VerifySignature` says the same.
    async fn assert_verifiable(&self, url: &Url, body: &str) {
        let parameters = Parameters::from_form(body.as_bytes()).unwrap();
        let certificate: Url = parameters.get("certificateUrl").unwrap().parse().unwrap();
        let pem = self.browser().get(certificate.path()).await.expect(StatusCode::OK).body;
        outbound::verify("POST", url, parameters, &pem).unwrap();
        for (body, status) in [(body.to_owned(), "Success"), (format!("{body}&more=1"), "Failure")] {
            let request = Parameters::from_iter([
                ("Action", "VerifySignature"),
                ("Version", "2010-08-28"),
                ("UrlEndPoint", url.as_str()),
                ("HttpParameters", &body),
            ]);
            let answer =
                self.browser().get(&format!("/?{}", request.to_query())).await.expect(StatusCode::OK);
            let expected = format!("<VerificationStatus>{status}</VerificationStatus>");
            assert!(answer.body.contains(&expected), "{}", answer.body);
        }
    }
}

fn signature_length(body: &str) -> usize {
    Parameters::from_form(body.as_bytes()).unwrap().get("signature").unwrap().len()
}

#[tokio::test]
async fn a_renewed_key_signs_and_what_the_old_one_signed_stays_good() {
    for app in App::on_each_database().await {
        let old = app.identity().await;
        let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
        app.tell("T1", &url).await;

        app.payments.renew_signing_key().await.unwrap();
        let new = app.identity().await;
        assert_eq!((old.name.as_str(), new.name.as_str()), ("300603", "300603-2"));
        app.tell("T2", &url).await;
        app.clock.advance(SignedDuration::from_secs(10)).unwrap();
        assert_eq!(app.payments.run_due().await.unwrap(), 1);
        let bodies = receiver.bodies();
        assert_eq!(bodies[0], bodies[2], "what was signed goes out again as it was");
        assert_eq!([0, 1].map(|index| signature_length(&bodies[index])), [344, 172]);
        for body in &bodies {
            app.assert_verifiable(&url, body).await;
        }

        app.payments.renew_signing_key().await.unwrap();
        assert_eq!(app.identity().await.name, "300603-3");
        app.payments.reset().await.unwrap();
        for body in &bodies {
            app.assert_verifiable(&url, body).await;
        }
        assert_eq!(
            app.another_signer(&config()).identity().await.unwrap().name,
            "300603-3",
            "reset keeps it"
        );
    }
}

#[tokio::test]
async fn a_kept_key_stays_whatever_length_is_set() {
    let app = App::with(Config { signing_key: None, ..config() }).await;
    let kept = app.identity().await;
    let longer = Config { signing_key: None, signing_key_bits: KeyBits::USUAL, ..config() };
    let started = app.another_signer(&longer).identity().await.unwrap();
    assert_eq!(started.certificate_pem, kept.certificate_pem);
    let (receiver, url) = Receiver::start(&[StatusCode::OK]).await;
    app.tell("T1", &url).await;
    assert_eq!(signature_length(&receiver.bodies()[0]), 172);
}

/// Receivers fetch the certificate where the signature says that it is.
#[tokio::test]
async fn a_site_at_another_address_signs_what_it_sends_again_afresh() {
    let app = App::new().await;
    let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
    app.tell("T1", &url).await;
    let sent = Parameters::from_form(receiver.bodies()[0].as_bytes()).unwrap();
    let moved = Config { public_url: "http://payments.example".parse().unwrap(), ..config() };
    assert!(app.payments.signer.has_signed(&sent).await.unwrap());
    assert!(!app.another_signer(&moved).has_signed(&sent).await.unwrap());
    assert!(!app.payments.signer.has_signed(&sent.without("signature")).await.unwrap());
}
