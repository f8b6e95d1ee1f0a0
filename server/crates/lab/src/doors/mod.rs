//! The doors of both sites, as people and programs use them: pages with cookies, and signed requests. Stories go through
//! these and no other, so that what they show is what really happens.

mod browser;
mod caller;
mod forms;

pub use browser::{Browser, Page};
pub use caller::{ApiAnswer, Caller};
pub use forms::{fields_of, radio};

use fps_protocol::ids::AccessKey;
use platform::deeds::DeedRefused;
use reqwest::Method;
use secrecy::SecretString;
use url::Url;

/// Who can be played: the demo accounts and the demo caller, whose passwords and secret are published.
#[derive(Debug, Clone)]
pub struct Demo {
    pub access_key: AccessKey,
    pub secret: SecretString,
    /// Where that caller sends people back to.
    pub site: Url,
    /// Of every demo account at the shop.
    pub shop_password: SecretString,
    /// Of every demo account at Amazon Payments.
    pub payments_password: SecretString,
}

/// Why a story ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("{url} does not answer: {error}")]
    Silent { url: String, error: reqwest::Error },
    #[error("{method} {url} answered {status} where the story goes on with {expected}")]
    Unexpected { method: Method, url: String, status: u16, expected: &'static str },
    #[error("{0} has no {1}")]
    Missing(String, String),
    #[error("{action} was refused with {code}: {message}")]
    Refused { action: &'static str, code: String, message: String },
    #[error("{0}")]
    Impossible(String),
    #[error(transparent)]
    Deed(#[from] DeedRefused),
}

impl DoorError {
    pub fn silent(url: &Url, error: reqwest::Error) -> Self {
        Self::Silent { url: place(url), error: error.without_url() }
    }

    pub fn missing(url: &Url, what: impl Into<String>) -> Self {
        Self::Missing(place(url), what.into())
    }
}

/// An address without its query, which can hold what is nobody's business.
fn place(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

impl From<DoorError> for DeedRefused {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Deed(refused) => refused,
            other => Self::Conflict(format!(
                "the story stopped: {other}. What happened until then is in the lab's activity; a reset brings the demo \
                 data back, with which it works"
            )),
        }
    }
}
