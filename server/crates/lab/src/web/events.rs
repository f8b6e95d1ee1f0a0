//! `/_control/events`: what happens, as it happens.

use super::query;
use crate::control::EVENTS;
use crate::state::Lab;
use crate::store::Kept;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use platform::connections::Stopping;
use platform::deeds::{Arguments, DeedRefused};
use serde::Deserialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// A line of nothing, so that whatever stands between does not take the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that are written at once.
const PART: usize = 200;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    format: Format,
    after: Option<u64>,
    kind: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Sse,
    Ndjson,
}

/// Where somebody is in the stream.
struct Following {
    lab: Lab,
    news: watch::Receiver<u64>,
    format: Format,
    kind: Option<String>,
    after: u64,
    waiting: VecDeque<Kept>,
    is_first: bool,
}

pub async fn stream(
    State(lab): State<Lab>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    Stopping(stop): Stopping,
) -> Result<Response, DeedRefused> {
    let mut arguments = Arguments::default();
    for (name, value) in query::fields(asked.as_deref().unwrap_or_default()) {
        arguments.add_text(&EVENTS, &name, &value)?;
    }
    let asked: Asked = arguments.parse()?;
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()?.parse().ok());
    let following = Following {
        news: lab.store.news(),
        after: last.or(asked.after).unwrap_or_else(|| lab.store.newest_id()),
        lab,
        format: asked.format,
        kind: asked.kind,
        waiting: VecDeque::new(),
        is_first: true,
    };
    let lines = stream::unfold(following, move |mut following| {
        let stop = stop.clone();
        async move {
            let line = stop.run_until_cancelled(following.next()).await?;
            Some((Ok::<_, Infallible>(line), following))
        }
    });
    let kind = match asked.format {
        Format::Sse => "text/event-stream",
        Format::Ndjson => "application/x-ndjson",
    };
    let mut answer = Body::from_stream(lines).into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    // nginx would gather the pieces.
    answer.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(answer)
}

impl Following {
    /// What is written next; something at the latest when it is time for a sign of life.
    async fn next(&mut self) -> Bytes {
        if std::mem::take(&mut self.is_first) && self.format == Format::Sse {
            return Bytes::from_static(b"retry: 2000\n\n");
        }
        loop {
            if self.waiting.is_empty() {
                self.news.mark_unchanged();
                self.waiting = self.lab.store.after(self.after, PART).into();
            }
            let mut text = Vec::new();
            while let Some(kept) = self.waiting.pop_front() {
                self.after = kept.id;
                if self.kind.as_deref().is_none_or(|kind| kept.event.what.kind() == kind) {
                    self.format.write(&kept, &mut text);
                }
            }
            if !text.is_empty() {
                return text.into();
            }
            if self.lab.store.newest_id() > self.after {
                continue;
            }
            // The store lives as long as the lab does.
            match timeout(HEARTBEAT, self.news.changed()).await {
                Ok(_) => {}
                Err(_) => {
                    return Bytes::from_static(if self.format == Format::Sse { b":\n\n" } else { b"\n" });
                }
            }
        }
    }
}

impl Format {
    fn write(self, kept: &Kept, text: &mut Vec<u8>) {
        let Ok(json) = serde_json::to_vec(kept) else { return };
        match self {
            Self::Sse => {
                text.extend_from_slice(
                    format!("id: {}\nevent: {}\ndata: ", kept.id, kept.event.what.kind()).as_bytes(),
                );
                text.extend_from_slice(&json);
                text.extend_from_slice(b"\n\n");
            }
            Self::Ndjson => {
                text.extend_from_slice(&json);
                text.push(b'\n');
            }
        }
    }
}
