//! Checks what Amazon signed, with the certificate that Amazon publishes.

use super::read;
use fps_protocol::{Parameters, Verified, outbound};
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use std::sync::{Mutex, PoisonError};
use url::Url;

const LONGEST_CERTIFICATE: usize = 64 * 1024;
/// How old a certificate that did not fit must be to be fetched again: forgeries must not make the shop
/// fetch it each time.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

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
    last: Mutex<Option<Fetched>>,
}

#[derive(Debug, Clone)]
struct Fetched {
    from: Url,
    pem: String,
    at: Timestamp,
}

impl Certificates {
    pub(super) fn new(http: reqwest::Client, payments: Url, clock: Clock) -> Self {
        Self { http, payments, clock, last: Mutex::new(None) }
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
        if let Some(kept) = self.kept(&from) {
            let checked = check(&kept.pem);
            if checked.is_ok() || self.clock.wall().duration_since(kept.at) < FRESH {
                return checked;
            }
        }
        let pem = self.fetch(&from).await?;
        let checked = check(&pem);
        // What nothing genuine came with yet must not push out what fits.
        if checked.is_ok() || self.kept(&from).is_some() {
            self.keep(Fetched { from, pem, at: self.clock.wall() });
        }
        checked
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

    fn kept(&self, from: &Url) -> Option<Fetched> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone().filter(|fetched| fetched.from == *from)
    }

    fn keep(&self, fetched: Fetched) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
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
