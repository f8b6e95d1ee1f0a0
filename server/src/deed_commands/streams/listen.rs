//! `listen`: what callers are told, when it is sent to them, or kept for those without an address.

use super::super::call::CallError;
use super::super::words::{clean, good_or_bad, heading, pairs, text};
use super::super::{CommandError, ControlApi, Look};
use super::feed::Feed;
use platform::lab::{About, Change, Event, What};
use reqwest::Response;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::Write;
use url::Url;

/// Bytes of a receiver's answer that are shown.
const SHOWN: usize = 1000;

pub(super) struct Listen<'a> {
    api: &'a ControlApi,
    forward: Option<&'a Url>,
    once: bool,
    look: Look,
    client: reqwest::Client,
    /// Ids of those that were kept and have been shown.
    kept: HashSet<String>,
}

/// A notification, and how it went out.
struct Notified {
    row: Value,
    way: String,
    attempt: i64,
}

impl<'a> Listen<'a> {
    pub(super) fn new(api: &'a ControlApi, forward: Option<&'a Url>, once: bool, look: Look) -> Self {
        Self { api, forward, once, look, client: platform::http_client(), kept: HashSet::new() }
    }

    pub(super) async fn run(mut self, out: &mut (dyn Write + Send)) -> Result<(), CommandError> {
        let mut feed = Feed::open(self.api, None).await?;
        // From here on nothing is missed: who started this may go on.
        eprintln!("listening to {}", self.api.base());
        loop {
            let Some(event) = feed.next().await?.event else { continue };
            for notified in self.told_by(&event).await? {
                self.write(&notified, out)?;
                if let Some(url) = self.forward {
                    self.forward(url, &notified, out).await?;
                }
                out.flush()?;
                if self.once {
                    return Ok(());
                }
            }
        }
    }

    /// The notifications that an event tells of.
    async fn told_by(&mut self, event: &Event) -> Result<Vec<Notified>, CommandError> {
        match &event.what {
            What::Attempt { url, number, http_status, error, .. } => {
                let answer = match (http_status, error) {
                    (Some(status), _) => status.to_string(),
                    (None, error) => error.clone().unwrap_or_else(|| "no answer".to_owned()),
                };
                let row = self.sent(&event.about).await?;
                let way = format!("attempt {number} to {url}: {answer}");
                Ok(row.map(|row| Notified { row, way, attempt: *number }).into_iter().collect())
            }
            What::Written { changes, .. } => {
                let mut all = Vec::new();
                for change in changes {
                    if let Change::Queued { subject, url: None, .. } = change {
                        all.extend(self.kept(subject).await?);
                    }
                }
                Ok(all)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// By its id; where the site does not give single ones, among those of its transactions.
    async fn sent(&self, about: &About) -> Result<Option<Value>, CommandError> {
        let Some(id) = &about.notification else { return Ok(None) };
        match self.api.get(&["notifications", id], &[]).await {
            Ok(row) => return Ok(Some(row)),
            Err(CallError::Refused { status: 404, .. }) => {}
            Err(error) => return Err(error.into()),
        }
        for subject in about.transactions.iter().chain(&about.tokens) {
            let rows = self.of_subject(subject).await?;
            if let Some(row) = rows.into_iter().find(|row| row["id"] == id.as_str()) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The newest of what is kept of that transaction or token and was not shown.
    async fn kept(&mut self, subject: &str) -> Result<Option<Notified>, CommandError> {
        for row in self.of_subject(subject).await? {
            if row["url"].is_null() && self.kept.insert(text(&row["id"])) {
                let way = "kept: the caller has no address".to_owned();
                return Ok(Some(Notified { row, way, attempt: 1 }));
            }
        }
        Ok(None)
    }

    async fn of_subject(&self, subject: &str) -> Result<Vec<Value>, CommandError> {
        match self.api.get(&["notifications"], &[("transaction_id", subject)]).await? {
            Value::Array(rows) => Ok(rows),
            _ => Err(CommandError::Unreadable("notifications", "it is no list".to_owned())),
        }
    }

    fn write(
        &self,
        Notified { row, way, .. }: &Notified,
        out: &mut (dyn Write + Send),
    ) -> std::io::Result<()> {
        if self.look.json {
            return writeln!(out, "{row}");
        }
        let title = format!("{}  {}  {}", text(&row["created_at"]), text(&row["kind"]), text(&row["id"]));
        writeln!(out, "{}", heading(&clean(&title), self.look.colours))?;
        writeln!(out, "  {}", clean(way))?;
        let parameters = row["parameters"].as_object();
        for line in parameters.map(|fields| pairs(fields, self.look.colours)).unwrap_or_default() {
            writeln!(out, "  {line}")?;
        }
        Ok(())
    }

    /// The same bytes, with the same headers, to somebody else. That nobody takes them ends only what waits for one.
    async fn forward(
        &self,
        url: &Url,
        Notified { row, attempt, .. }: &Notified,
        out: &mut (dyn Write + Send),
    ) -> Result<(), CommandError> {
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-notification-id", text(&row["id"]))
            .header("x-notification-attempt", attempt.to_string())
            .body(text(&row["body"]));
        match request.send().await {
            Ok(answer) => Ok(self.write_answer(url, answer, out).await?),
            Err(error) if self.once => Err(CommandError::NotForwarded(url.to_string(), error.without_url())),
            Err(error) if self.look.json => {
                let error = error.without_url().to_string();
                Ok(writeln!(out, "{}", json!({ "forwarded": { "url": url.as_str(), "error": error } }))?)
            }
            Err(error) => {
                let line = format!("{url} does not answer ({})", error.without_url());
                Ok(writeln!(out, "  {}", good_or_bad(&clean(&line), false, self.look.colours))?)
            }
        }
    }

    async fn write_answer(
        &self,
        url: &Url,
        mut answer: Response,
        out: &mut (dyn Write + Send),
    ) -> std::io::Result<()> {
        let status = answer.status();
        let mut body = Vec::new();
        while body.len() < SHOWN
            && let Ok(Some(part)) = answer.chunk().await
        {
            body.extend_from_slice(&part);
        }
        body.truncate(SHOWN);
        let body = String::from_utf8_lossy(&body).into_owned();
        if self.look.json {
            let forwarded = json!({ "url": url.as_str(), "status": status.as_u16(), "answer": body });
            return writeln!(out, "{}", json!({ "forwarded": forwarded }));
        }
        let line = clean(format!("forwarded to {url}: {status}  {body}").trim_end());
        writeln!(out, "  {}", good_or_bad(&line, status.is_success(), self.look.colours))
    }
}
