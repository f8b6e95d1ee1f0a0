use super::*;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use fps_protocol::outbound::{self, KeyBits, SigningKey};
use http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const GENUINE: &str = "/certs/101128/PKICert.pem";
const OLD: &str = "/certs/090911/PKICert.pem";

/// Amazon's certificates over HTTP, and how many requests came for one.
struct Amazon {
    url: Url,
    key: SigningKey,
    /// Signed before it was renewed.
    old_key: SigningKey,
    requests: Arc<AtomicUsize>,
}

impl Amazon {
    async fn start() -> Self {
        let [key, old_key] = [7, 8].map(|seed| SigningKey::generate([seed; 32], KeyBits::AS_FPS).unwrap());
        let pem = |key| outbound::certificate_pem(key, "Amazon", [7; 16], Timestamp::UNIX_EPOCH).unwrap();
        let (pem, old_pem) = (pem(&key), pem(&old_key));
        let requests = Arc::new(AtomicUsize::new(0));
        let count = |State(requests): State<Arc<AtomicUsize>>| async move {
            requests.fetch_add(1, Ordering::SeqCst);
            StatusCode::NOT_FOUND
        };
        let genuine = |State(requests): State<Arc<AtomicUsize>>| async move {
            requests.fetch_add(1, Ordering::SeqCst);
            pem
        };
        let old = |State(requests): State<Arc<AtomicUsize>>| async move {
            requests.fetch_add(1, Ordering::SeqCst);
            old_pem
        };
        let router = Router::new()
            .route(GENUINE, get(genuine))
            .route(OLD, get(old))
            .fallback(count)
            .with_state(requests.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, key, old_key, requests }
    }

    fn certificates(&self) -> Certificates {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        Certificates::new(platform::http_client(), self.url.clone(), clock)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// What Amazon signed, with the certificate at `path`.
    fn signed(&self, path: &str) -> Parameters {
        let mut told = Parameters::new();
        told.push("status", "SUCCESS");
        let key = if path == OLD { &self.old_key } else { &self.key };
        outbound::sign(key, "POST", &shop(), told, &self.url.join(path).unwrap()).unwrap()
    }

    fn forged(&self, path: &str) -> Parameters {
        let mut forged = self.signed(path);
        forged.push("amount", "1");
        forged
    }
}

fn shop() -> Url {
    Url::parse("http://localhost:3000/payments/ipn").unwrap()
}

async fn outcome(certificates: &Certificates, parameters: Parameters) -> Result<(), Unverifiable> {
    certificates.verify("POST", &shop(), parameters).await.map(|_| ())
}

/// As if the last fetch had been longer ago.
fn let_the_pause_pass(certificates: &Certificates) {
    let mut known = certificates.known();
    known.fruitless = known.fruitless.map(|at| at - PAUSE);
}

#[tokio::test]
async fn forgeries_with_ever_new_addresses_are_not_fetched_each_time() {
    let amazon = Amazon::start().await;
    let certificates = amazon.certificates();
    assert_eq!(outcome(&certificates, amazon.forged("/certs/0/x")).await, Err(Unverifiable::Forged));
    for number in 1..50 {
        let forged = amazon.forged(&format!("/certs/{number}/x"));
        let refused = outcome(&certificates, forged).await;
        assert_eq!(refused, Err(Unverifiable::CertificateUnavailable), "it may yet be genuine");
    }
    assert_eq!(amazon.requests(), 1);

    let_the_pause_pass(&certificates);
    assert_eq!(outcome(&certificates, amazon.signed(GENUINE)).await, Ok(()));
    assert_eq!(amazon.requests(), 2);
}

#[tokio::test]
async fn a_kept_certificate_serves_whatever_is_forged_beside_it() {
    let amazon = Amazon::start().await;
    let certificates = amazon.certificates();
    let forged = outcome(&certificates, amazon.forged(GENUINE)).await;
    assert_eq!(forged, Err(Unverifiable::Forged));
    // The same certificate: it need not be fetched, and the pause does not matter.
    assert_eq!(outcome(&certificates, amazon.signed(GENUINE)).await, Ok(()));
    for number in 0..10 {
        let _ = outcome(&certificates, amazon.forged(&format!("/certs/{number}/x"))).await;
        assert_eq!(outcome(&certificates, amazon.signed(GENUINE)).await, Ok(()));
    }
    assert_eq!(amazon.requests(), 1);
}

#[tokio::test]
async fn what_an_old_key_signed_is_taken_beside_what_the_new_one_signs() {
    let amazon = Amazon::start().await;
    let certificates = amazon.certificates();
    for _ in 0..4 {
        assert_eq!(outcome(&certificates, amazon.signed(OLD)).await, Ok(()));
        assert_eq!(outcome(&certificates, amazon.signed(GENUINE)).await, Ok(()));
    }
    assert_eq!(amazon.requests(), 2, "each once");
}

#[tokio::test]
async fn those_who_come_together_share_one_fetch() {
    let amazon = Amazon::start().await;
    let certificates = amazon.certificates();
    let genuine = (0..8).map(|_| outcome(&certificates, amazon.signed(GENUINE)));
    for came in futures_util::future::join_all(genuine).await {
        assert_eq!(came, Ok(()));
    }
    assert_eq!(amazon.requests(), 1);
}

#[test]
fn only_amazons_own_certificates_count() {
    let payments = Url::parse("http://127.0.0.1:3001").unwrap();
    let certificates =
        Certificates::new(platform::http_client(), payments, Clock::fixed(Timestamp::UNIX_EPOCH));
    assert!(certificates.trusted("http://127.0.0.1:3001/certs/090911/PKICert.pem?requestId=x").is_some());
    for foreign in [
        "http://127.0.0.1:3002/certs/PKICert.pem",
        "https://127.0.0.1:3001/certs/PKICert.pem",
        "http://evil.example/certs/PKICert.pem",
        "http://127.0.0.1:3001@evil.example/certs/PKICert.pem",
        "http://u:p@127.0.0.1:3001/certs/PKICert.pem",
        "http://127.0.0.1:3001/certs/../account",
        "http://127.0.0.1:3001/",
        "/certs/PKICert.pem",
        "X",
    ] {
        assert!(certificates.trusted(foreign).is_none(), "{foreign}");
    }
}
