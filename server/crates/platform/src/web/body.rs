//! Request bodies, read with a limit on size and time.

use super::Refusal;
use axum::body::Body;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::StatusCode;
use http_body_util::BodyExt;
use std::time::Duration;

/// How long a small body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a body that is too large is still taken off the wire. A sender that is cut off while it
/// sends never reads the answer that says why.
const DISCARDED: usize = 16 * 1024 * 1024;

/// Reads a whole body: 413 beyond `limit`, 408 when it does not arrive in time.
pub fn read_body(body: Body, limit: usize) -> BoxFuture<'static, Result<Bytes, Refusal>> {
    Box::pin(async move {
        let read = tokio::time::timeout(PATIENCE, read_patiently(body, limit));
        read.await.unwrap_or_else(|_| Err(Refusal::of(StatusCode::REQUEST_TIMEOUT)))
    })
}

async fn read_patiently(mut body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let mut whole = Vec::new();
    let mut discarded = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::bad_request("The request did not arrive whole."))?;
        let Ok(data) = frame.into_data() else { continue };
        if discarded == 0 && whole.len() + data.len() <= limit {
            whole.extend_from_slice(&data);
            continue;
        }
        discarded += data.len();
        if discarded > DISCARDED {
            break;
        }
    }
    if discarded > 0 { Err(Refusal::of(StatusCode::PAYLOAD_TOO_LARGE)) } else { Ok(whole.into()) }
}
