//! Callers: access keys, and where they send people back to and are told.

use super::{Control, accounts as account_deeds, bad_request};
use crate::config::FIRST_CALLER;
use crate::domain::accounts;
use crate::domain::callers::{self, Caller, CallerSettings, MadeBy};
use crate::engine::callers::{
    self as services, ChangeSettingsError, MOST_SITES, RegisterError, Registration,
};
use crate::web::account_site::developer::forms;
use crate::web::form::LONGEST_NAME;
use identity::{NameProblem, PublicName};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::{Deserialize, Serialize};

const NAME: Field = Field::body("name", Kind::Text, "what people know it by", "My market");
const SITES: Field = Field::body(
    "sites",
    Kind::Texts,
    "the addresses that people may be sent back to",
    "http://127.0.0.1:9000/",
);
const IPN_URL: Field = Field::body(
    "ipn_url",
    Kind::Text,
    "where its notifications go; empty for nowhere",
    "http://127.0.0.1:9000/ipn",
);
const MARKETPLACE: Field =
    Field::body("marketplace", Kind::Flag, "whether it may move money between two other accounts", "true");
const ACCESS_KEY: Field = Field::path("access_key", "of the caller", "DDCALLER000000000002");
const SHOWN: &str = r#"{"access_key":"…","account":"dev@example.com","name":"My market","sites":["http://127.0.0.1:9000/"],"ipn_url":"http://127.0.0.1:9000/ipn","marketplace":true}"#;

pub const CREATE: Deed = Deed {
    name: "caller-create",
    method: Method::Post,
    path: "/callers",
    summary: "Makes an account a caller's: an access key with its secret, which is shown this once",
    fields: &[
        Field::body("account", Kind::Text, "the e-mail address of the account", "dev@example.com").required(),
        NAME.required(),
        SITES,
        IPN_URL,
        MARKETPLACE,
    ],
    answer: r#"{"access_key":"…","secret":"…"}"#,
    commands: &[Command {
        words: &["caller", "create"],
        summary: "Makes an account a caller's",
        positional: &["account"],
        flags: &["name", "sites", "ipn_url", "marketplace"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const LIST: Deed = Deed {
    name: "callers",
    method: Method::Get,
    path: "/callers",
    summary: "All callers, the oldest first, without their secrets",
    fields: &[],
    answer: r#"[{"access_key":"…","account":"dev@example.com","name":"My market","sites":["http://127.0.0.1:9000/"],"ipn_url":"http://127.0.0.1:9000/ipn","marketplace":true}]"#,
    commands: &[Command {
        words: &["caller", "list"],
        summary: "All callers, without their secrets",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const CHANGE: Deed = Deed {
    name: "caller-change",
    method: Method::Patch,
    path: "/callers/{access_key}",
    summary: "Changes what a caller is called, its sites (all of them) or where its notifications go",
    fields: &[ACCESS_KEY, NAME, SITES, IPN_URL, MARKETPLACE],
    answer: SHOWN,
    commands: &[Command {
        words: &["caller", "change"],
        summary: "Changes a caller's name, sites or notification address",
        positional: &["access_key"],
        flags: &["name", "sites", "ipn_url", "marketplace"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const RENEW: Deed = Deed {
    name: "caller-secret",
    method: Method::Post,
    path: "/callers/{access_key}/secret",
    summary: "Gives a caller a new secret, which is shown this once; the old one is good for nothing from now on",
    fields: &[ACCESS_KEY],
    answer: r#"{"access_key":"…","secret":"…"}"#,
    commands: &[Command {
        words: &["caller", "secret"],
        summary: "Gives a caller a new secret",
        positional: &["access_key"],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    account: String,
    name: String,
    #[serde(default)]
    sites: Vec<String>,
    ipn_url: Option<String>,
    /// Most of those who try the lab have a marketplace.
    marketplace: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    access_key: String,
    name: Option<String>,
    sites: Option<Vec<String>>,
    ipn_url: Option<String>,
    marketplace: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    access_key: String,
}

/// The one answer with a secret.
#[derive(Serialize)]
pub struct Key {
    access_key: String,
    secret: String,
}

#[derive(Debug, Serialize)]
pub struct Shown {
    access_key: String,
    account: String,
    name: String,
    sites: Vec<String>,
    ipn_url: Option<String>,
    marketplace: bool,
}

fn sites(texts: &[String]) -> Result<Vec<String>, DeedRefused> {
    let mut sites = Vec::new();
    for text in texts {
        let site = forms::site_address(text.trim())
            .map_err(|problem| bad_request(format!("sites: {text:?}: {problem}")))?;
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    if sites.len() > MOST_SITES {
        return Err(bad_request(format!("sites: a caller can have {MOST_SITES} of them")));
    }
    Ok(sites)
}

/// Empty is nowhere.
fn ipn_url(control: &Control, text: &str) -> Result<Option<String>, DeedRefused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let url = forms::notification_address(&control.payments.engine(), text);
    url.map(Some).map_err(|problem| bad_request(format!("ipn_url: {problem}")))
}

fn named(problem: NameProblem) -> DeedRefused {
    let words = format!("name: {problem}");
    if problem == NameProblem::Taken { DeedRefused::Conflict(words) } else { bad_request(words) }
}

pub async fn create(control: &Control, asked: New) -> Result<Key, DeedRefused> {
    let name = PublicName::parse(&asked.name, LONGEST_NAME).map_err(named)?;
    let registration = Registration {
        sites: sites(&asked.sites)?,
        ipn_url: asked.ipn_url.as_deref().map_or(Ok(None), |text| ipn_url(control, text))?,
        marketplace: asked.marketplace.unwrap_or(true),
        made_by: MadeBy::Lab,
    };
    let account = account_deeds::known(control, &asked.account).await?;
    let made = services::register_with(&control.payments.engine(), &account, name, registration).await;
    match made {
        Ok(caller) => {
            Ok(Key { access_key: caller.access_key.into_string(), secret: caller.secret.expose().to_owned() })
        }
        Err(error @ RegisterError::AlreadyRegistered) => {
            Err(DeedRefused::Conflict(format!("{error}; open another one for another caller")))
        }
        Err(RegisterError::Name(problem)) => Err(named(problem)),
        Err(RegisterError::Database(error)) => Err(error.into()),
    }
}

pub async fn list(control: &Control) -> Result<Vec<Shown>, DeedRefused> {
    let mut shown = Vec::new();
    for caller in callers::all(&control.payments.db).await? {
        shown.push(show(control, caller).await?);
    }
    Ok(shown)
}

async fn show(control: &Control, caller: Caller) -> Result<Shown, DeedRefused> {
    let db = &control.payments.db;
    let account = accounts::find(db, &caller.account_id).await?;
    let sites = callers::sites(db, &caller.access_key).await?;
    Ok(Shown {
        access_key: caller.access_key.into_string(),
        account: account.map(|account| account.email).unwrap_or_default(),
        name: caller.display_name,
        sites: sites.into_iter().map(|site| site.url).collect(),
        ipn_url: caller.ipn_url,
        marketplace: caller.marketplace,
    })
}

async fn known(control: &Control, access_key: &str) -> Result<Caller, DeedRefused> {
    let unknown = || {
        let words = "there is no caller with that access_key; GET /_control/callers lists them";
        DeedRefused::NotFound(words.to_owned())
    };
    let access_key = access_key.parse().map_err(|_| unknown())?;
    callers::find(&control.payments.db, &access_key).await?.ok_or_else(unknown)
}

pub async fn change(control: &Control, asked: Change) -> Result<Shown, DeedRefused> {
    let caller = known(control, &asked.access_key).await?;
    let mut settings = CallerSettings::from(&caller);
    if let Some(text) = asked.name.filter(|text| *text != caller.display_name) {
        settings.display_name = PublicName::parse(&text, LONGEST_NAME).map_err(named)?.into_string();
    }
    if let Some(text) = &asked.ipn_url {
        settings.ipn_url = ipn_url(control, text)?;
    }
    if let Some(marketplace) = asked.marketplace {
        settings.marketplace = marketplace;
    }
    let new_sites = asked.sites.as_deref().map(sites).transpose()?;
    if new_sites.is_none() && settings == CallerSettings::from(&caller) {
        return Err(bad_request("give what is to change: name, sites, ipn_url or marketplace"));
    }
    match services::change(&control.payments.engine(), &caller, settings, new_sites).await {
        Ok(()) => show(control, known(control, &asked.access_key).await?).await,
        Err(ChangeSettingsError::Name(problem)) => Err(named(problem)),
        Err(ChangeSettingsError::Database(error)) => Err(error.into()),
    }
}

pub async fn renew(control: &Control, asked: Named) -> Result<Key, DeedRefused> {
    let caller = known(control, &asked.access_key).await?;
    if caller.access_key.as_str() == FIRST_CALLER {
        let words =
            "the shop signs with this caller's secret, which comes from the configuration: DD_CALLER_SECRET";
        return Err(DeedRefused::Conflict(words.to_owned()));
    }
    let secret = services::renew_secret(&control.payments.engine(), caller.access_key.clone()).await?;
    Ok(Key { access_key: caller.access_key.into_string(), secret: secret.expose().to_owned() })
}
