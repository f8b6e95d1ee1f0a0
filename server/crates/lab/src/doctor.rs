//! What is wrong here, if anything is: asked of the running sites by the ways that people and programs take.

use crate::doors::Caller;
use crate::state::Lab;
use async_trait::async_trait;
use fps_protocol::actions::Action;
use platform::deeds::{Arguments, Command, Deed, Method};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;

/// How long anybody may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub const EXAMINE: Deed = Deed {
    name: "doctor",
    method: Method::Get,
    path: "/doctor",
    summary: "What is wrong here, if anything is, and what to do about it",
    fields: &[],
    answer: r#"[{"check":"Amazon Payments answers, and its database can be written","well":true,"words":"ok"}]"#,
    commands: &[Command {
        words: &["doctor"],
        summary: "What is wrong with running sites, if anything is",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/doctor",
};

/// What one look found.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    pub check: String,
    pub well: bool,
    /// What was seen, and where that is not well what to do.
    pub words: String,
}

impl Finding {
    /// `Err`: what is wrong, and what to do.
    pub fn new(check: impl Into<String>, seen: Result<String, String>) -> Self {
        let well = seen.is_ok();
        Self { check: check.into(), well, words: seen.unwrap_or_else(|wrong| wrong) }
    }
}

/// One look more, at what only the program knows.
#[async_trait]
pub trait Check: Send + Sync {
    async fn look(&self) -> Finding;
}

/// Looks at everything.
pub async fn examine(lab: &Lab) -> Vec<Finding> {
    let http = platform::http_client_with(&lab.settings.tls);
    let mut findings = vec![
        answers(
            &http,
            "Amazon Payments answers, and its database can be written",
            &lab.settings.payments_url,
        )
        .await,
    ];
    if let Some(shop) = &lab.settings.shop_url {
        findings.push(answers(&http, "The shop answers, and its database can be written", shop).await);
    }
    for check in lab.checks.get().into_iter().flatten() {
        findings.push(check.look().await);
    }
    findings.extend(keys(lab, &http).await);
    findings.push(clock(lab));
    findings.extend(receivers(lab, &http).await);
    findings.push(faults(lab));
    findings.extend(processor(lab).await);
    findings
}

/// `/healthz` says `ok` where the database answers and takes something.
async fn answers(http: &reqwest::Client, check: &str, site: &Url) -> Finding {
    let address = format!("{}/healthz", site.as_str().trim_end_matches('/'));
    let seen = match http.get(&address).timeout(PATIENCE).send().await {
        Ok(answer) if answer.status().is_success() => Ok("ok".to_owned()),
        Ok(answer) => Err(format!(
            "{address} answered {}: the database is locked or away; the log says more",
            answer.status()
        )),
        Err(error) => Err(format!(
            "{address} does not answer ({}): is the address right, and does nothing else listen there?",
            error.without_url()
        )),
    };
    Finding::new(check, seen)
}

/// Whether the keys that the shop signs with are those that Amazon Payments knows.
async fn keys(lab: &Lab, http: &reqwest::Client) -> Option<Finding> {
    let caller = Caller::of(lab, lab.settings.demo.as_ref()?, http.clone());
    let access_key = &caller.access_key;
    let seen = match caller.call(Action::GetAccountBalance, &[]).await {
        Ok(answer) if answer.code == "Success" => Ok(format!("{access_key} signs, and is understood")),
        Ok(answer) => Err(format!(
            "a request signed with {access_key} was answered {}: compare DD_SECRET_KEY of both sites",
            answer.code
        )),
        Err(error) => Err(error.to_string()),
    };
    Some(Finding::new("The demo caller's keys are the same on both sides", seen))
}

fn clock(lab: &Lab) -> Finding {
    let reading = lab.clock.reading();
    let days = reading.offset_seconds / 86_400;
    let seen = match (reading.frozen, days) {
        (true, _) => Err("it stands still: nothing runs out until `clock resume`".to_owned()),
        (false, 0) => Ok("with the machine's".to_owned()),
        (false, days) => Ok(format!(
            "{days} days beside the machine's: programs that check times by their own clock see that; `clock set` or a reset bring it back"
        )),
    };
    Finding::new("The clock runs", seen)
}

#[derive(Debug, Deserialize)]
struct Receiver {
    name: String,
    ipn_url: Option<String>,
}

/// Whether anything listens where callers want to be told.
async fn receivers(lab: &Lab, http: &reqwest::Client) -> Vec<Finding> {
    let callers = lab.perform("callers", Arguments::default()).await.ok();
    let callers: Vec<Receiver> =
        callers.and_then(|callers| serde_json::from_value(callers).ok()).unwrap_or_default();
    let mut findings = Vec::new();
    for Receiver { name, ipn_url } in callers {
        let Some(url) = ipn_url else { continue };
        // Whatever it answers, it is there.
        let seen = match http.head(&url).timeout(PATIENCE).send().await {
            Ok(_) => Ok(format!("something listens at {url}")),
            Err(_) => Err(format!(
                "nothing answers at {url}: start the program, or change the address; what is due is sent when it is there"
            )),
        };
        findings.push(Finding::new(format!("Notifications of {name} can be delivered"), seen));
    }
    findings
}

fn faults(lab: &Lab) -> Finding {
    let count = lab.faults.list().len();
    let seen = match count {
        0 => Ok("none stands".to_owned()),
        _ => Err(format!(
            "{count} stand at /lab/faults: what goes wrong may be meant to; `fault clear` ends it"
        )),
    };
    Finding::new("No faults are set", seen)
}

#[derive(Debug, Deserialize)]
struct Processor {
    hold: bool,
}

async fn processor(lab: &Lab) -> Option<Finding> {
    let answer = lab.perform("processor", Arguments::default()).await.ok()?;
    let Processor { hold } = serde_json::from_value(answer).ok()?;
    let seen = if hold {
        Err("it is held: card and bank payments stay pending until they are decided, or it is let go"
            .to_owned())
    } else {
        Ok("it runs".to_owned())
    };
    Some(Finding::new("The processor of cards and bank accounts works", seen))
}
