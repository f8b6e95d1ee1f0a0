//! Checks what Amazon signed, with the certificate that Amazon publishes.

#[cfg(test)]
mod tests;

use super::read;
use fps_protocol::outbound::Certificate;
use fps_protocol::{Parameters, Verified};
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    proven: Option<Arc<Fetched>>,
    /// The one before it, which what is sent again can come with after Amazon has renewed its key; or the last one
    /// that nothing genuine came with yet: it must not push out what fits.
    other: Option<Arc<Fetched>>,
    /// When the last fetch was that led to nothing, so far at least.
    fruitless: Option<Timestamp>,
}

#[derive(Debug)]
struct Fetched {
    from: Url,
    certificate: Certificate,
    at: Timestamp,
}

impl Known {
    /// Something genuine came with it.
    fn prove(&mut self, certificate: Arc<Fetched>) {
        match self.proven.replace(certificate) {
            Some(before) if self.proven.as_ref().is_some_and(|now| now.from != before.from) => {
                self.other = Some(before);
            }
            _ => {}
        }
    }
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
        let check = |certificate: &Certificate| {
            certificate.verify(method, endpoint, parameters.clone()).map_err(|_| Unverifiable::Forged)
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
        let checked = fetched.and_then(|certificate| {
            let fetched = Fetched { from: from.clone(), certificate, at: self.clock.wall() };
            self.known().other = Some(Arc::new(fetched));
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
        check: impl Fn(&Certificate) -> Result<T, Unverifiable>,
    ) -> Option<Result<T, Unverifiable>> {
        let (proven, other) = {
            let known = self.known();
            (known.proven.clone(), known.other.clone())
        };
        let mut fresh = false;
        for kept in [proven, other].into_iter().flatten().filter(|kept| kept.from == *from) {
            if let Ok(checked) = check(&kept.certificate) {
                self.known().prove(kept);
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

    async fn fetch(&self, from: &Url) -> Result<Certificate, Unverifiable> {
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
        let pem = read(answer, LONGEST_CERTIFICATE).await.map_err(unavailable)?;
        Certificate::from_pem(&pem).map_err(|error| unavailable(error.to_string()))
    }
}
