//! The stream of events, line by line; where the connection breaks it goes on after the last one.

use super::super::call::{CallError, ControlApi};
use platform::lab::Event;
use reqwest::Response;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Between two tries to reach the site again.
const PAUSE: Duration = Duration::from_millis(500);
/// Without as much as a heartbeat for so long, nobody is there any more.
const SILENCE: Duration = Duration::from_mins(2);
/// Bytes of a line: a request and its answer are far from that.
const LONGEST_LINE: usize = 16 << 20;

pub(super) struct Feed<'a> {
    api: &'a ControlApi,
    last: Option<String>,
    stream: Response,
    buffer: Vec<u8>,
}

/// An event as it came, and read.
#[derive(Debug)]
pub(super) struct Told {
    pub json: Value,
    /// `None`: of a kind that this program does not know.
    pub event: Option<Event>,
}

impl Told {
    fn read(line: &[u8]) -> Option<Self> {
        let json: Value = serde_json::from_slice(line).ok()?;
        json.is_object().then(|| Self { event: serde_json::from_value(json.clone()).ok(), json })
    }

    fn id(&self) -> Option<String> {
        match &self.json["id"] {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

impl<'a> Feed<'a> {
    /// After the event of that id, or from now on.
    pub(super) async fn open(api: &'a ControlApi, after: Option<u64>) -> Result<Self, CallError> {
        let last = after.map(|id| id.to_string());
        let stream = api.events(last.as_deref()).await?;
        Ok(Self { api, last, stream, buffer: Vec::new() })
    }

    /// The next event, whenever it comes. An error is an answer of the site that says no.
    pub(super) async fn next(&mut self) -> Result<Told, CallError> {
        loop {
            while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                // Heartbeats are empty lines.
                if let Some(told) = Told::read(line.trim_ascii()) {
                    self.last = told.id().or(self.last.take());
                    return Ok(told);
                }
            }
            match timeout(SILENCE, self.stream.chunk()).await {
                Ok(Ok(Some(bytes))) if self.buffer.len() + bytes.len() <= LONGEST_LINE => {
                    self.buffer.extend_from_slice(&bytes);
                }
                _ => self.open_again().await?,
            }
        }
    }

    async fn open_again(&mut self) -> Result<(), CallError> {
        self.buffer.clear();
        loop {
            sleep(PAUSE).await;
            match self.api.events(self.last.as_deref()).await {
                Ok(stream) => {
                    self.stream = stream;
                    return Ok(());
                }
                // It may be about to start again.
                Err(CallError::Unreachable { .. } | CallError::Refused { status: 500.., .. }) => {}
                Err(refused) => return Err(refused),
            }
        }
    }
}
