//! The tokens that there are, and the end of one.

use super::{Control, accounts as account_deeds, bad_request};
use crate::domain::accounts::{self, AccountId};
use crate::domain::tokens;
use crate::engine::tokens::{Cancelling, cancel as end};
use crate::web::account_site::tokens::state;
use fps_protocol::ids::{AccessKey, TokenId};
use jiff::Timestamp;
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Shown at the most.
const SHOWN: i64 = 1000;

pub const LIST: Deed = Deed {
    name: "tokens",
    method: Method::Get,
    path: "/tokens",
    summary: "What people have allowed callers to do, the newest first",
    fields: &[
        Field::query("account", Kind::Text, "the e-mail address of who gave them", "john@example.com"),
        Field::query("access_key", Kind::Text, "of the caller who has them", "DDCALLER000000000001"),
    ],
    answer: r#"[{"token_id":"…","role":"Sender","type":"SingleUse","status":"Active","account":"john@example.com","access_key":"…","caller_reference":"order-1","created_at":"…","expires_at":null}]"#,
    commands: &[Command {
        words: &["token", "list"],
        summary: "What people have allowed callers to do",
        positional: &[],
        flags: &["account", "access_key"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

pub const CANCEL: Deed = Deed {
    name: "token-cancel",
    method: Method::Post,
    path: "/tokens/{id}/cancel",
    summary: "Cancels a token, as its owner would; its caller is told",
    fields: &[Field::path("id", "of the token", "DEMORECIPIENTTOKEN00RRRR…")],
    answer: r#"{"token_id":"…","role":"Sender","type":"SingleUse","status":"Cancelled","account":"john@example.com","access_key":"…","caller_reference":"order-1","created_at":"…","expires_at":null}"#,
    commands: &[Command {
        words: &["token", "cancel"],
        summary: "Cancels a token, as its owner would",
        positional: &["id"],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    account: Option<String>,
    access_key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    id: String,
}

#[derive(Debug, Serialize)]
pub struct Shown {
    token_id: String,
    role: &'static str,
    #[serde(rename = "type")]
    token_type: String,
    /// Active, Used, Expired or Cancelled.
    status: &'static str,
    /// Who gave it.
    account: String,
    access_key: String,
    caller_reference: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

pub async fn list(control: &Control, asked: Search) -> Result<Vec<Shown>, DeedRefused> {
    let account = match asked.account {
        Some(email) => Some(account_deeds::known(control, &email).await?.id),
        None => None,
    };
    let access_key: Option<AccessKey> = match asked.access_key {
        Some(text) => Some(text.parse().map_err(|_| bad_request("access_key is letters and digits"))?),
        None => None,
    };
    let found =
        tokens::store::latest(&control.payments.db, account.as_ref(), access_key.as_ref(), SHOWN).await?;
    let mut emails: HashMap<AccountId, String> = HashMap::new();
    let mut shown = Vec::with_capacity(found.len());
    for token in found {
        let email = match emails.get(&token.account_id) {
            Some(email) => email.clone(),
            None => email_of(control, &token.account_id).await?,
        };
        emails.insert(token.account_id.clone(), email.clone());
        shown.push(show(control, &token, email));
    }
    Ok(shown)
}

async fn email_of(control: &Control, id: &AccountId) -> Result<String, DeedRefused> {
    let account = accounts::find(&control.payments.db, id).await?;
    Ok(account.map(|account| account.email).unwrap_or_default())
}

fn show(control: &Control, token: &tokens::Token, account: String) -> Shown {
    Shown {
        token_id: token.id.to_string(),
        role: token.role.as_str(),
        token_type: token.token_type.to_string(),
        status: state(token, control.payments.clock.now()),
        account,
        access_key: token.access_key.to_string(),
        caller_reference: token.caller_reference.to_string(),
        created_at: token.created_at,
        expires_at: token.expires_at,
    }
}

pub async fn cancel(control: &Control, asked: Named) -> Result<Shown, DeedRefused> {
    let unknown = || {
        let words = "there is no token with that id; GET /_control/tokens lists them";
        DeedRefused::NotFound(words.to_owned())
    };
    let db = &control.payments.db;
    let id: TokenId = asked.id.parse().map_err(|_| unknown())?;
    let token = tokens::find(db, &id).await?.ok_or_else(unknown)?;
    if !end(&control.payments.engine(), &token, Cancelling::default()).await? {
        return Err(DeedRefused::Conflict("the token was cancelled before".to_owned()));
    }
    let token = tokens::find(db, &id).await?.ok_or_else(unknown)?;
    Ok(show(control, &token, email_of(control, &token.account_id).await?))
}
