//! The one way to make an HTTP client.

use crate::Tls;
use std::time::Duration;

/// A client for calls between the sites: bounded in time, and it goes only where it was told to go.
/// A redirect or a proxy from the environment would carry a signed request to somebody else.
pub fn http_client() -> reqwest::Client {
    http_client_with(&Tls::default())
}

/// The same, trusting others than the system does.
#[expect(clippy::disallowed_methods, reason = "the one place where a client is built")]
pub fn http_client_with(tls: &Tls) -> reqwest::Client {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.config())
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent("DigitalDownload")
        .build()
        .expect("these settings are valid")
}
