//! Sends a notification once more, at once and by hand: the same bytes, or signed anew.

use crate::domain::callers;
use crate::domain::notifications::NotificationId;
use crate::domain::notifications::deliveries::{
    self, Attempt, Claimed, Delivery, Ended, Queue, Sent, ShownAttempt,
};
use crate::engine::Engine;
use crate::engine::post_office::PostOffice;
use crate::engine::signer::{Addressee, Signer, SignerError};
use fps_protocol::outbound::Signature;
use fps_protocol::{Parameters, outbound};
use serde::Serialize;
use url::Url;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// The bytes that were sent last.
    Same,
    Fresh,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("there is no notification with that id; GET /_control/notifications lists them")]
    Unknown,
    #[error(
        "it has not been sent yet, so there are no bytes to send again; let it be signed: \"sign\": \"fresh\""
    )]
    NeverSent,
    #[error("its caller has no address for notifications; give one as url, or register one for the caller")]
    NoAddress,
    #[error("its address cannot be reached: {0}; give another one as url")]
    Address(String),
    #[error("the stored notification cannot be read")]
    Unreadable,
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The new attempt.
#[derive(Debug, Serialize)]
pub struct Replayed {
    /// The notification's.
    pub id: String,
    pub url: String,
    #[serde(flatten)]
    pub attempt: ShownAttempt,
    /// Where the notification stands now.
    pub state: &'static str,
}

/// Sends it to its own address, or to its caller's where it has none, or to another one. The attempt is recorded; only one
/// at the notification's own address says whether it was delivered.
pub async fn replay(
    engine: &Engine,
    signer: &Signer,
    id: &NotificationId,
    signing: Signing,
    elsewhere: Option<String>,
) -> Result<Replayed, ReplayError> {
    let sent = deliveries::find_sent(&engine.db, id).await?.ok_or(ReplayError::Unknown)?;
    let url = match elsewhere.or_else(|| sent.url.clone()) {
        Some(url) => url,
        None => of_caller(engine, &sent).await?.ok_or(ReplayError::NoAddress)?,
    };
    let parsed = Url::parse(&url).map_err(|error| ReplayError::Address(error.to_string()))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(ReplayError::Address("it begins with neither http:// nor https://".to_owned()));
    }
    let (body, signature) = to_post(signer, &sent, signing, &parsed).await?;
    let is_own = sent.url.as_ref() == Some(&url);
    let notification = claimed(sent.clone(), url);
    let time_out = engine.config.notifications.time_out;
    // Seldom enough for a client of its own.
    let answer = PostOffice::new(&engine.config).post(&notification, &parsed, body, time_out).await;
    let at = engine.clock.now();
    let (http_status, error) = match answer {
        Ok(status) if status.is_success() => (Some(status), None),
        Ok(status) => (Some(status), Some("the receiver did not answer 2xx".to_owned())),
        Err(error) => (None, Some(error.to_string())),
    };
    let then = match sent.delivery {
        Delivery::Pending { .. } | Delivery::GivenUp if is_own && error.is_none() => {
            Delivery::Delivered { at }
        }
        delivery => delivery,
    };
    let http_status = http_status.map(|status| i64::from(status.as_u16()));
    // A signature is good for one address: what is sent to its own again must not have another one's.
    let signature = signature.filter(|_| is_own);
    let attempt = Attempt { signature, at, http_status, error: error.clone(), then };
    engine.record_attempt(&notification, &attempt);
    let (id, url) = (notification.id.to_string(), notification.url.clone());
    let number = deliveries::record_replay(&engine.db, Ended { notification, attempt }).await?;
    let attempt = ShownAttempt { number, at, http_status, error };
    Ok(Replayed { id, url, attempt, state: then.as_str() })
}

async fn of_caller(engine: &Engine, sent: &Sent) -> Result<Option<String>, sqlx::Error> {
    Ok(callers::find(&engine.db, &sent.access_key).await?.and_then(|caller| caller.ipn_url))
}

/// The bytes, and the signature where it is a new one.
async fn to_post(
    signer: &Signer,
    sent: &Sent,
    signing: Signing,
    url: &Url,
) -> Result<(String, Option<Signature>), ReplayError> {
    let parameters = Parameters::from_form(sent.body.as_bytes()).map_err(|_| ReplayError::Unreadable)?;
    let unsigned = outbound::unsigned(&parameters);
    if signing == Signing::Fresh {
        let signature = signer.sign_notification(url, unsigned.clone(), Addressee::Prompt).await?;
        return Ok((signature.added_to(unsigned).to_query(), Some(signature)));
    }
    match &sent.signature {
        Some(signature) => Ok((signature.added_to(unsigned).to_query(), None)),
        // Of an earlier program, which kept it in the body.
        None if parameters.contains(outbound::SIGNATURE) => Ok((sent.body.clone(), None)),
        None => Err(ReplayError::NeverSent),
    }
}

fn claimed(sent: Sent, url: String) -> Claimed {
    Claimed {
        number: sent.number,
        id: sent.id,
        queue: Queue::of(&sent.access_key, &url),
        subject_id: sent.subject_id,
        url,
        body: sent.body,
        created_at: sent.created_at,
        attempts: sent.attempts,
    }
}
