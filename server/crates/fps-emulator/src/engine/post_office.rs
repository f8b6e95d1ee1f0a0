//! Posts a signed notification to where it may go.

use crate::config::{Config, FIRST_CALLER};
use crate::domain::notifications::deliveries::Claimed;
use crate::domain::notifications::receivers::Receivers;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use platform::{Gate, GuardedClient, NoAnswer, Tls};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Names the notification: the same at every attempt, so that a receiver can tell a repetition from a new one.
pub const ID: HeaderName = HeaderName::from_static("x-notification-id");
/// Which attempt it is, from 1 on.
const ATTEMPT: HeaderName = HeaderName::from_static("x-notification-attempt");

/// A client, and the rules of where it goes.
struct Door {
    receivers: Receivers,
    client: GuardedClient,
}

pub struct PostOffice {
    /// For what callers say.
    usual: Door,
    /// For what the configuration says: the shop may be in a private network.
    configured: Door,
    configured_url: Url,
}

impl Door {
    fn new(receivers: Receivers, tls: &Tls) -> Self {
        let rules = receivers.clone();
        let gate: Gate = Arc::new(move |address, own_end| {
            rules.check_address(address, own_end).map_err(|refused| refused.to_string())
        });
        Self { receivers, client: GuardedClient::new(gate, tls) }
    }
}

impl PostOffice {
    pub fn new(config: &Config) -> Self {
        let (receivers, tls) = (Receivers::of(config), &config.notifications.tls);
        Self {
            configured: Door::new(receivers.clone().with_private(), tls),
            usual: Door::new(receivers, tls),
            configured_url: config.shop_ipn_url(),
        }
    }

    /// What the receiver answered.
    pub async fn post(
        &self,
        notification: &Claimed,
        url: &Url,
        body: String,
        time_out: Duration,
    ) -> Result<StatusCode, NoAnswer> {
        let is_configured = notification.queue.caller() == FIRST_CALLER && *url == self.configured_url;
        let door = if is_configured { &self.configured } else { &self.usual };
        door.receivers.check_url(url).map_err(|refused| NoAnswer::Refused(refused.to_string()))?;
        door.client.post(url, headers(notification), body, time_out).await
    }
}

fn headers(notification: &Claimed) -> HeaderMap {
    let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8");
    let mut headers =
        HeaderMap::from_iter([(CONTENT_TYPE, form), (ATTEMPT, HeaderValue::from(notification.attempts + 1))]);
    // An id is letters, digits and hyphens.
    if let Ok(id) = HeaderValue::from_str(notification.id.as_str()) {
        headers.insert(ID, id);
    }
    headers
}
