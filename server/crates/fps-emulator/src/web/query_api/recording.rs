//! What the lab is told of a request.

use super::answer::Answer;
use crate::engine::Engine;
use fps_protocol::Parameters;
use http::StatusCode;
use platform::lab::{About, What};
use tokio::time::Instant;

/// What was sent, as far as it could be read.
#[derive(Debug, Default)]
pub struct Sent {
    pub method: String,
    pub host: String,
    pub path: String,
    /// Encoded.
    pub query: String,
    pub body: String,
    pub about: About,
}

impl Sent {
    pub fn note(&mut self, parameters: &Parameters) {
        self.about = About {
            caller: parameters.non_empty("AWSAccessKeyId").map(str::to_owned),
            references: parameters.all_of(&["CallerReference"]),
            transactions: parameters.all_of(&["TransactionId", "ReserveTransactionId"]),
            tokens: parameters.all_of(&["SenderTokenId"]),
            ..About::default()
        };
    }
}

/// Tells of an answer; `xml` is what was answered, nothing where the connection broke instead.
pub fn record(
    engine: &Engine,
    sent: Sent,
    begun: Instant,
    answer: &Answer,
    (status, code, xml): (StatusCode, &str, String),
) {
    let about = About { request: Some(answer.request_id().to_owned()), ..sent.about };
    let what = What::Request {
        action: answer.action.to_owned(),
        method: sent.method,
        host: sent.host,
        path: sent.path,
        query: sent.query,
        body: sent.body,
        status: status.as_u16(),
        code: code.to_owned(),
        answer: xml,
        duration_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
    };
    engine.record(about, what);
}
