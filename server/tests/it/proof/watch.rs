//! What the lab tells while it happens: how much has gone wrong, and whether all that was sent has arrived.

use crate::support::App;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::watch;

/// How long anything may take that is waited for; nothing is measured by it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counted so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Sendings of notifications, and what became of them.
    pub sendings: usize,
    pub lost: usize,
    pub doubled: usize,
    pub overtaken: usize,
    /// Requests of the Query API, and those whose answer was lost.
    pub requests: usize,
    pub answers_lost: usize,
    /// Notifications that have arrived at the shop.
    received: usize,
    clock_moves: usize,
}

impl Tally {
    fn count(&mut self, event: &Value) {
        let words = event["words"].as_str().unwrap_or_default();
        match event["kind"].as_str().unwrap_or_default() {
            "attempt" => self.sendings += 1,
            "received" => self.received += 1,
            "request" => self.requests += 1,
            "clock" => self.clock_moves += 1,
            "fault" if words.contains("lost on the way") => self.lost += 1,
            "fault" if words.contains("arrives twice") => self.doubled += 1,
            "fault" if words.contains("overtaken") => self.overtaken += 1,
            "fault" if words.contains("its answer is lost") => self.answers_lost += 1,
            _ => {}
        }
    }

    /// Nothing is on its way.
    const fn has_arrived(&self) -> bool {
        self.received + self.lost == self.sendings + self.doubled
    }
}

/// Follows the stream of events from when it is begun.
pub struct Watch(watch::Receiver<Tally>);

impl Watch {
    pub fn begin(app: &App) -> Self {
        let events = app.payments("/_control/events?format=ndjson");
        let (tell, told) = watch::channel(Tally::default());
        tokio::spawn(async move {
            let (client, mut last) = (platform::http_client(), 0);
            // A client waits for no answer without end: the stream goes on where it was left, as long as somebody is there.
            while let Ok(mut answer) = client.get(format!("{events}&after={last}")).send().await {
                let mut bytes = Vec::new();
                while let Ok(Some(piece)) = answer.chunk().await {
                    bytes.extend_from_slice(&piece);
                    let told = whole_lines(&mut bytes);
                    last = told.last().map_or(last, |event| event["id"].as_u64().unwrap());
                    tell.send_modify(|tally| told.iter().for_each(|event| tally.count(event)));
                }
            }
        });
        Self(told)
    }

    /// How it stands after so many moves of the clock, with all that came before them.
    pub async fn after(&mut self, clock_moves: usize) -> Tally {
        self.wait_for(|tally| tally.clock_moves >= clock_moves).await.expect("the clock's moves are told")
    }

    /// The same when all notifications have arrived; an error where some never do.
    pub async fn when_all_has_arrived(&mut self, clock_moves: usize) -> Result<Tally, String> {
        self.after(clock_moves).await;
        self.wait_for(Tally::has_arrived)
            .await
            .map_err(|tally| format!("some are on their way yet: {tally:?}"))
    }

    async fn wait_for(&mut self, is: impl Fn(&Tally) -> bool) -> Result<Tally, Tally> {
        let reached = tokio::time::timeout(PATIENCE, self.0.wait_for(|tally| is(tally))).await;
        let is_reached = matches!(reached, Ok(Ok(_)));
        drop(reached);
        let tally = *self.0.borrow();
        if is_reached { Ok(tally) } else { Err(tally) }
    }
}

/// Takes the events of which all has come.
fn whole_lines(bytes: &mut Vec<u8>) -> Vec<Value> {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines: Vec<u8> = bytes.drain(..end).collect();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("an event is JSON")).collect()
}
