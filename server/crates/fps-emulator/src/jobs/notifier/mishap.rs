//! What the lab wants to go wrong on the way to a receiver, and what came of a sending.

use super::Inner;
use crate::domain::notifications::deliveries::{Claimed, Queue};
use http::StatusCode;
use platform::lab::NotificationFault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::timeout;
use url::Url;

/// What came of it.
pub(super) enum Sending {
    Answered(StatusCode),
    NoAnswer(String),
    /// Never to arrive.
    Lost,
    /// Tried again after so long.
    HeldUp(Duration),
    /// It leaves after the next one: to be counted as delivered, whatever comes of it.
    Late,
}

/// Tells to which receiver something was posted; clones are one.
#[derive(Clone)]
pub(super) struct Posted(broadcast::Sender<Queue>);

/// What is posted at once and not heard of: who waits for the next takes it for the next then.
const UNHEARD: usize = 64;

impl Default for Posted {
    fn default() -> Self {
        Self(broadcast::Sender::new(UNHEARD))
    }
}

impl Inner {
    /// Posts it, unless something goes wrong.
    pub(super) async fn send(&self, notification: &Claimed, url: &Url, body: String) -> Sending {
        let fault = self.engine.config.lab_ports.fault_of_notification(notification.id.as_str());
        match fault {
            None => self.post(notification, url, body).await,
            Some(NotificationFault::Drop) => Sending::Lost,
            Some(NotificationFault::Delay(by)) => Sending::HeldUp(by),
            Some(NotificationFault::Double) => {
                let first = self.post(notification, url, body.clone()).await;
                self.post(notification, url, body).await;
                first
            }
            Some(NotificationFault::Corrupt(at)) => self.post(notification, url, corrupted(&body, at)).await,
            Some(NotificationFault::Reorder(patience)) => {
                self.post_after_the_next(notification.clone(), url.clone(), body, patience);
                Sending::Late
            }
        }
    }

    async fn post(&self, notification: &Claimed, url: &Url, body: String) -> Sending {
        let answer = self.post_office.post(notification, url, body, self.settings.time_out).await;
        // Nobody may be waiting.
        let _ = self.posted.0.send(notification.queue.clone());
        match answer {
            Ok(status) => Sending::Answered(status),
            Err(error) => Sending::NoAnswer(error.to_string()),
        }
    }

    fn post_after_the_next(&self, notification: Claimed, url: Url, body: String, patience: Duration) {
        let (post_office, time_out) = (Arc::clone(&self.post_office), self.settings.time_out);
        // From here on: the next can be posted before the task begins.
        let posted = self.posted.0.subscribe();
        self.background.spawn(async move {
            // Nothing else came: it arrives all the same.
            let _ = timeout(patience, next_of(posted, &notification.queue)).await;
            let answer = post_office.post(&notification, &url, body, time_out).await;
            let notification = notification.id;
            tracing::info!(%notification, ?answer, "sent after the next one, as the lab wanted");
        });
    }
}

/// Waits until something was posted to that receiver.
async fn next_of(mut posted: broadcast::Receiver<Queue>, receiver: &Queue) {
    while posted.recv().await.is_ok_and(|other| other != *receiver) {}
}

/// With one character as another.
fn corrupted(body: &str, at: u64) -> String {
    let length = u64::try_from(body.len().max(1)).unwrap_or(u64::MAX);
    let at = usize::try_from(at % length).unwrap_or_default();
    let other = |index: usize, c: char| match c {
        _ if index != at => c,
        'x' => 'y',
        _ => 'x',
    };
    body.char_indices().map(|(index, c)| other(index, c)).collect()
}

#[cfg(test)]
mod tests {
    use super::corrupted;

    #[test]
    fn one_byte_is_another() {
        assert_eq!(corrupted("abc", 1), "axc");
        assert_eq!(corrupted("axc", 4), "ayc");
        assert_eq!(corrupted("", 4), "");
    }
}
