//! Checks what Amazon signed, with the certificate that Amazon publishes.

#[cfg(test)]
mod tests;

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
