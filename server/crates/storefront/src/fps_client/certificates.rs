//! Checks what Amazon signed, with the certificate that Amazon publishes.

use super::read;
use fps_protocol::{Parameters, Verified, outbound};
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use std::sync::{Mutex, MutexGuard, PoisonError};
use url::Url;

const LONGEST_CERTIFICATE: usize = 64 * 1024;
/// How old a certificate that did not fit must be to be fetched again: forgeries must not make the shop
/// fetch it each time.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// How long nothing is fetched after a fetch that led to nothing, wherever from: forgeries can name as many
/// addresses as they like. Short, or a few of them could keep a new genuine one out for good.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverifiable {
    #[error("Amazon did not sign this")]
    Forged,
    /// Not known to be forged; it can be tried again.
    #[error("Amazon's certificate could not be fetched")]
    CertificateUnavailable,
}

#[derive(Debug)]
pub(super) struct Certificates {
    http: reqwest::Client,
    /// Certificates count only from here.
    payments: Url,
    clock: Clock,
    known: Mutex<Known>,
    /// One fetch at a time; the others wait to see what it brings.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    /// The last one that something genuine came with.
    proven: Option<Fetched>,
    /// The last one that nothing genuine came with yet: it must not push out what fits.
    unproven: Option<Fetched>,
    /// When the last fetch was that led to nothing, so far at least.
    fruitless: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Fetched {
    from: Url,
    pem: String,
    at: Timestamp,
}

impl Certificates {
    pub(super) fn new(http: reqwest::Client, payments: Url, clock: Clock) -> Self {
        Self { http, payments, clock, known: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    pub(super) async fn verify(
        &self,
        method: &str,
        endpoint: &Url,
        parameters: Parameters,
    ) -> Result<Verified<Parameters>, Unverifiable> {
        if parameters.first_repeated().is_some() {
            return Err(Unverifiable::Forged);
        }
        let from = parameters.get("certificateUrl").and_then(|text| self.trusted(text));
        let from = from.ok_or(Unverifiable::Forged)?;
        let check = |pem: &str| {
            outbound::verify(method, endpoint, parameters.clone(), pem).map_err(|_| Unverifiable::Forged)
        };
        if let Some(judged) = self.judge(&from, check) {
            return judged;
        }
        let _turn = self.turn.lock().await;
        if let Some(judged) = self.judge(&from, check) {
            return judged;
        }
        if self.is_pausing() {
            return Err(Unverifiable::CertificateUnavailable);
        }
        // Before the fetch, too: whoever asked can hang up meanwhile.
        self.pause();
        let fetched = self.fetch(&from).await;
        let checked = fetched.and_then(|pem| {
            self.known().unproven = Some(Fetched { from: from.clone(), pem, at: self.clock.wall() });
            self.judge(&from, check).unwrap_or(Err(Unverifiable::CertificateUnavailable))
        });
        match checked {
            Ok(_) => self.known().fruitless = None,
            Err(_) => self.pause(),
        }
        checked
    }

    /// What the certificates at hand say. `None` where another one could say something else.
    fn judge<T>(
        &self,
        from: &Url,
        check: impl Fn(&str) -> Result<T, Unverifiable>,
    ) -> Option<Result<T, Unverifiable>> {
        let (proven, unproven) = {
            let known = self.known();
            (known.proven.clone(), known.unproven.clone())
        };
        let mut fresh = false;
        for kept in [proven, unproven].into_iter().flatten().filter(|kept| kept.from == *from) {
            if let Ok(checked) = check(&kept.pem) {
                self.known().proven = Some(kept);
                return Some(Ok(checked));
            }
            fresh |= self.age(kept.at) < FRESH;
        }
        fresh.then_some(Err(Unverifiable::Forged))
    }

    /// The certificate's address, if it is one of Amazon's: who could name another could sign anything. Its
    /// query is Amazon's note of the request, and names no other certificate.
    fn trusted(&self, text: &str) -> Option<Url> {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        let ours = url.origin() == self.payments.origin() && url.path().starts_with("/certs/");
        let plain = url.username().is_empty() && url.password().is_none();
        (ours && plain).then_some(url)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn age(&self, at: Timestamp) -> SignedDuration {
        self.clock.wall().duration_since(at)
    }

    fn pause(&self) {
        self.known().fruitless = Some(self.clock.wall());
    }

    fn is_pausing(&self) -> bool {
        let fruitless = self.known().fruitless;
        fruitless.is_some_and(|at| self.age(at) < PAUSE)
    }

    async fn fetch(&self, from: &Url) -> Result<String, Unverifiable> {
        let unavailable = |why: String| {
            tracing::warn!(%from, why, "Amazon's certificate could not be fetched");
            Unverifiable::CertificateUnavailable
        };
        let answer =
            self.http.get(from.clone()).send().await.map_err(|error| unavailable(error.to_string()))?;
        let status = answer.status();
        if status.is_client_error() {
            // Amazon has no such certificate.
            return Err(Unverifiable::Forged);
        }
        if !status.is_success() {
            return Err(unavailable(format!("status {status}")));
        }
        read(answer, LONGEST_CERTIFICATE).await.map_err(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::extract::State;
    use axum::routing::get;
    use fps_protocol::outbound::SigningKey;
    use http::StatusCode;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const GENUINE: &str = "/certs/101128/PKICert.pem";

    /// Amazon's certificates over HTTP, and how many requests came for one.
    struct Amazon {
        url: Url,
        key: SigningKey,
        requests: Arc<AtomicUsize>,
    }

    impl Amazon {
        async fn start() -> Self {
            let key = SigningKey::generate([7; 32]).unwrap();
            let pem = outbound::certificate_pem(&key, "Amazon", [7; 16], Timestamp::UNIX_EPOCH).unwrap();
            let requests = Arc::new(AtomicUsize::new(0));
            let count = |State(requests): State<Arc<AtomicUsize>>| async move {
                requests.fetch_add(1, Ordering::SeqCst);
                StatusCode::NOT_FOUND
            };
            let genuine = |State(requests): State<Arc<AtomicUsize>>| async move {
                requests.fetch_add(1, Ordering::SeqCst);
                pem
            };
            let router =
                Router::new().route(GENUINE, get(genuine)).fallback(count).with_state(requests.clone());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
            tokio::spawn(async move { axum::serve(listener, router).await });
            Self { url, key, requests }
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
            outbound::sign(&self.key, "POST", &shop(), told, &self.url.join(path).unwrap()).unwrap()
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
}
