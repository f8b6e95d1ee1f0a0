//! `logs`: requests of the web service, one a line, the latest last.

use super::super::words::{clean, good_or_bad, text};
use super::super::{CommandError, ControlApi, Look};
use super::feed::{Feed, Told};
use platform::lab::What;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::Write;
use std::time::Duration;

pub(super) struct Logs<'a> {
    pub api: &'a ControlApi,
    pub action: Option<&'a str>,
    pub look: Look,
}

impl Logs<'_> {
    pub(super) async fn show(
        &self,
        limit: u32,
        follow: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<(), CommandError> {
        // Opened first: what is asked in between is in both, and in neither it cannot be missing.
        let feed = if follow { Some(Feed::open(self.api, None).await?) } else { None };
        let limit = limit.to_string();
        let action = self.action.map(|action| ("action", action));
        let query: Vec<(&str, &str)> = action.into_iter().chain([("limit", limit.as_str())]).collect();
        let answer = self.api.get(&["requests"], &query).await?;
        let Some(mut feed) = feed.filter(|_| answer.is_array()) else {
            return self.past(&answer, out);
        };
        let rows = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        for row in rows.iter().rev() {
            self.write(row, out)?;
        }
        out.flush()?;
        let mut written: HashSet<String> = rows.iter().map(|row| text(&row["request_id"])).collect();
        loop {
            let Some(row) = row(&feed.next().await?) else { continue };
            let fits = self.action.is_none_or(|action| row["action"] == action);
            // Each is in the stream once, so that none of those need be kept.
            if fits && !written.remove(&text(&row["request_id"])) {
                self.write(&row, out)?;
                out.flush()?;
            }
        }
    }

    fn past(&self, answer: &Value, out: &mut (dyn Write + Send)) -> Result<(), CommandError> {
        if self.look.json {
            writeln!(out, "{answer}")?;
            return Ok(());
        }
        let Some(rows) = answer.as_array() else {
            return Err(CommandError::Unreadable("requests", "it is no list".to_owned()));
        };
        for row in rows.iter().rev() {
            self.write(row, out)?;
        }
        out.flush()?;
        Ok(())
    }

    fn write(&self, row: &Value, out: &mut (dyn Write + Send)) -> Result<(), CommandError> {
        let line = if self.look.json { row.to_string() } else { line(row, self.look.colours) };
        Ok(writeln!(out, "{line}")?)
    }
}

/// A request of the stream, as the list has it.
fn row(told: &Told) -> Option<Value> {
    let event = told.event.as_ref()?;
    let What::Request { action, status, code, duration_us, .. } = &event.what else { return None };
    Some(json!({
        "request_id": event.about.request, "at": event.at, "action": action, "access_key": event.about.caller,
        "status": status, "code": code, "duration_ms": Duration::from_micros(*duration_us).as_secs_f64() * 1000.0,
    }))
}

/// `time  action  code  duration  request id`
fn line(row: &Value, colours: bool) -> String {
    let field = |name: &str| clean(&text(&row[name]));
    let at = row["at"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok());
    let at = at.map_or_else(|| field("at"), |at| format!("{at:.3}"));
    let code = good_or_bad(&format!("{:24}", field("code")), row["code"] == "Success", colours);
    let duration =
        row["duration_ms"].as_f64().map(|duration| format!("{duration:.1} ms")).unwrap_or_default();
    let action = field("action");
    let action = if action.is_empty() { "-".to_owned() } else { action };
    format!("{at}  {action:28}  {code}  {duration:>10}  {}", field("request_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_line() {
        let row = json!({
            "request_id": "R1", "at": "2030-01-01T00:00:00.5Z", "action": "Pay", "access_key": "K",
            "status": 200, "code": "Success", "duration_ms": 12,
        });
        let expected =
            format!("2030-01-01T00:00:00.500Z  {:28}  {:24}  {:>10}  R1", "Pay", "Success", "12.0 ms");
        assert_eq!(line(&row, false), expected);
        assert!(line(&row, true).contains("\u{1b}[32mSuccess"));
        let row =
            json!({ "request_id": "R2", "at": "then", "action": "", "code": null, "duration_ms": 1.26 });
        assert!(line(&row, false).starts_with("then  - ") && line(&row, false).contains("1.3 ms"));
    }
}
