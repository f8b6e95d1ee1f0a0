//! `events`: everything that happens, a line each.

use super::super::words::{clean, good_or_bad, heading, text};
use super::super::{CommandError, ControlApi, Look};
use super::feed::{Feed, Told};
use platform::lab::Site;
use std::io::Write;

/// As the wire has them.
pub(super) const KINDS: [&str; 13] = [
    "request",
    "written",
    "authorization_opened",
    "authorization_ended",
    "attempt",
    "sent_to_pay",
    "returned",
    "asked",
    "received",
    "order",
    "clock",
    "fault",
    "deed",
];

pub(super) async fn show(
    api: &ControlApi,
    kinds: &[String],
    after: Option<u64>,
    look: Look,
    out: &mut (dyn Write + Send),
) -> Result<(), CommandError> {
    let mut feed = Feed::open(api, after).await?;
    loop {
        let told = feed.next().await?;
        let kind = told.json["kind"].as_str().unwrap_or_default();
        if !kinds.is_empty() && !kinds.iter().any(|wanted| wanted == kind) {
            continue;
        }
        if look.json {
            writeln!(out, "{}", told.json)?;
        } else {
            writeln!(out, "{}", line(&told, look.colours))?;
        }
        out.flush()?;
    }
}

/// `123  2030-01-01T00:00:00.000Z  payments  request  Pay was answered: Success`
fn line(told: &Told, colours: bool) -> String {
    let id = text(&told.json["id"]);
    let kind = told.json["kind"].as_str().unwrap_or_default();
    let kind = heading(&format!("{kind:20}"), colours);
    match &told.event {
        Some(event) => {
            let site = match event.site {
                Site::Shop => "shop",
                Site::Payments => "payments",
                Site::Lab => "lab",
            };
            let sentence = clean(&lab::sentence(event));
            let sentence =
                if lab::is_failure(event) { good_or_bad(&sentence, false, colours) } else { sentence };
            format!("{id:>6}  {:.3}  {site:8}  {kind}  {sentence}", event.at)
        }
        // Of a newer program: what there is of it.
        None => format!("{id:>6}  {}", told.json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::lab::What;
    use serde_json::json;

    #[test]
    fn a_line_says_what_happened() {
        let request = json!({
            "id": 7, "at": "2030-01-01T00:00:00Z", "wall": "2030-01-01T00:00:00Z", "site": "payments",
            "kind": "request", "action": "Pay", "method": "POST", "host": "h", "path": "/", "query": "",
            "body": "", "status": 200, "code": "Success", "answer": "<PayResponse/>", "duration_us": 12_345,
        });
        let told = |json: serde_json::Value| Told { event: serde_json::from_value(json.clone()).ok(), json };
        assert_eq!(
            line(&told(request), false),
            "     7  2030-01-01T00:00:00.000Z  payments  request               Pay was answered: Success"
        );
        let newer = json!({ "id": 8, "kind": "eclipse" });
        assert_eq!(line(&told(newer), false), r#"     8  {"id":8,"kind":"eclipse"}"#);
    }

    #[test]
    fn every_kind_can_be_asked_for() {
        let kinds: Vec<&str> = [
            What::Received { summary: String::new(), genuine: true, outcome: String::new() },
            What::Written { by: String::new(), changes: Vec::new() },
            What::SentToPay { pipeline: String::new(), url: String::new() },
            What::Fault { fault: String::new(), words: String::new() },
        ]
        .iter()
        .map(What::kind)
        .collect();
        assert!(kinds.iter().all(|kind| KINDS.contains(kind)), "{kinds:?}");
    }
}
