//! What the account has allowed callers to do: its tokens, with their limits and what was used of them.

use crate::domain::place::Place;
use crate::domain::tokens::{self, LimitKind, Token, TokenLimit, TokenRole};
use crate::domain::{callers, instruments};
use crate::engine::Engine;
use crate::engine::tokens::{self as token_actions, Cancelling};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::paging::{self, Part};
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::cbui::AmountType;
use fps_protocol::enums::TokenType;
use fps_protocol::ids::{AccessKey, InstrumentId};
use jiff::Timestamp;
use money::Money;
use payments_pages::model::{self, TokenCard, TokensPage};
use payments_pages::pages;
use platform::Database;
use platform::web::{FormFields, Refusal};
use std::collections::HashMap;

const PATH: &str = "/account/tokens";
/// Of those that are over. Single-use tokens gather: one for each purchase.
const PER_PAGE: usize = 25;
/// Of those that can still be used. More come into sight as these end.
const MOST_ALIVE: i64 = 100;

/// What can still be used, and a page of the others.
pub async fn show(
    State(engine): State<Engine>,
    holder: AccountHolder,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id, now) = (&engine.db, &holder.account.id, engine.clock.now());
    let place = |token: &Token| Place { at: token.created_at, id: token.id.to_string() };
    let asked = paging::part_of(query.as_deref());
    let (ended, paging) = paging::page(asked, PER_PAGE, place, |part, limit| {
        Box::pin(async move {
            match part {
                Part::Newest => tokens::past_older_than(db, id, now, &Place::END, limit).await,
                Part::OlderThan(place) => tokens::past_older_than(db, id, now, &place, limit).await,
                Part::NewerThan(place) => tokens::past_newer_than(db, id, now, &place, limit).await,
            }
        })
    })
    .await?;
    let mut page = TokensPage { paging, ..TokensPage::default() };
    let mut names = Names::default();
    for token in tokens::alive_of(db, id, now, MOST_ALIVE).await? {
        page.active.push(card(db, &mut names, token, now).await?);
    }
    for token in ended {
        page.past.push(card(db, &mut names, token, now).await?);
    }
    Ok(Html(pages::tokens(&holder.chrome, &page)).into_response())
}

/// The caller is told, and may use it no more.
pub async fn cancel(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let id = id.parse().map_err(|_| Refusal::not_found())?;
    let token = tokens::find(&engine.db, &id).await?;
    let token = token.filter(|token| token.account_id == holder.account.id).ok_or_else(Refusal::not_found)?;
    let done = token_actions::cancel(&engine, &token, Cancelling::default()).await?;
    let notice = if done { "Cancelled. The shop was told." } else { "It was cancelled before." };
    holder.go(PATH, notice).await
}

/// What it means that a token is cancelled.
pub fn effect(token: &Token, caller: &str) -> String {
    match token.role {
        TokenRole::Recipient => {
            format!(
                "{caller} cannot collect payments for you any more: what you sell there cannot be bought."
            )
        }
        TokenRole::Refund | TokenRole::Caller => format!("{caller} cannot use it any more."),
        TokenRole::Sender => {
            format!("{caller} cannot take payments by it any more. What is paid or held already stays so.")
        }
    }
}

/// What was looked up for one page: many tokens name the same few callers and instruments.
#[derive(Debug, Default)]
pub struct Names {
    callers: HashMap<AccessKey, String>,
    instruments: HashMap<InstrumentId, Option<String>>,
}

impl Names {
    pub async fn caller(&mut self, db: &Database, access_key: &AccessKey) -> Result<String, sqlx::Error> {
        if let Some(name) = self.callers.get(access_key) {
            return Ok(name.clone());
        }
        let caller = callers::find(db, access_key).await?;
        let name = caller.map(|caller| caller.display_name).unwrap_or_default();
        self.callers.insert(access_key.clone(), name.clone());
        Ok(name)
    }

    async fn instrument(&mut self, db: &Database, id: &InstrumentId) -> Result<Option<String>, sqlx::Error> {
        if let Some(label) = self.instruments.get(id) {
            return Ok(label.clone());
        }
        let label = instruments::find(db, id).await?.map(|instrument| instrument.label);
        self.instruments.insert(id.clone(), label.clone());
        Ok(label)
    }
}

async fn card(
    db: &Database,
    names: &mut Names,
    token: Token,
    now: Timestamp,
) -> Result<TokenCard, sqlx::Error> {
    let caller = names.caller(db, &token.access_key).await?;
    let limits = tokens::limits_of(db, &token.id).await?;
    Ok(TokenCard {
        kind: kind(&token).to_owned(),
        state: state(&token, now).to_owned(),
        terms: terms(db, names, &token).await?,
        limits: limits.iter().map(|limit| shown(limit, token.valid_from, now)).collect(),
        made: token.created_at,
        expires: token.expires_at,
        cancel: token.is_alive(now).then(|| effect(&token, &caller)),
        reason: token.payment_reason,
        id: token.id.into_string(),
        caller,
    })
}

fn kind(token: &Token) -> &'static str {
    match (token.role, token.token_type) {
        (TokenRole::Recipient, _) => "to collect payments for you",
        (TokenRole::Refund, _) => "to give refunds for you",
        (TokenRole::Caller, _) => "your own program",
        (TokenRole::Sender, TokenType::SingleUse) => "one payment",
        (TokenRole::Sender, TokenType::Recurring) => "recurring payments",
        (TokenRole::Sender, _) => "payments within limits",
    }
}

/// Where it stands, in one word.
pub fn state(token: &Token, now: Timestamp) -> &'static str {
    if !token.active {
        "Cancelled"
    } else if token.used_at.is_some() && token.token_type == TokenType::SingleUse {
        "Used"
    } else if token.expires_at.is_some_and(|at| at <= now) {
        "Expired"
    } else {
        "Active"
    }
}

/// What a token allows, in words.
pub async fn terms(db: &Database, names: &mut Names, token: &Token) -> Result<Vec<String>, sqlx::Error> {
    let mut terms = Vec::new();
    if let Some(amount) = token.amount {
        let each = if token.token_type == TokenType::SingleUse { "" } else { " each" };
        terms.push(match token.amount_type {
            Some(AmountType::Exact) => format!("{amount}{each}"),
            Some(AmountType::Minimum) => format!("At least {amount}{each}"),
            Some(AmountType::Maximum) | None => format!("At most {amount}{each}"),
        });
    }
    if let Some(period) = token.recurring_period {
        terms.push(format!("Once in {}", period.to_string().to_lowercase()));
    }
    if let Some(id) = &token.instrument_id
        && let Some(label) = names.instrument(db, id).await?
    {
        terms.push(format!("Paid from {label}"));
    }
    if token.role == TokenRole::Recipient {
        terms.push(marketplace_fee(token));
        if token.recipient_pays_fee == Some(true) {
            terms.push("You pay the Amazon Payments fee".to_owned());
        }
    }
    Ok(terms)
}

fn marketplace_fee(token: &Token) -> String {
    let fixed = token.max_fixed_fee.filter(|fee| fee.is_positive()).map(|fee| fee.to_string());
    let variable = token.max_variable_fee.map(|share| format!("{share} % of the price"));
    let parts: Vec<_> = fixed.into_iter().chain(variable).collect();
    match parts.as_slice() {
        [] => "No marketplace fee".to_owned(),
        parts => format!("Marketplace fee of at most {}", parts.join(" and ")),
    }
}

/// How much of a limit is used.
pub fn shown(limit: &TokenLimit, start: Timestamp, now: Timestamp) -> model::TokenLimit {
    let used = limit.used_in(limit.window(start, now)).0;
    let (used, most) = match limit.kind {
        LimitKind::Amount => {
            (Money::from_micros(used).to_string(), Money::from_micros(limit.most).to_string())
        }
        LimitKind::Count if limit.most == 1 => (used.to_string(), "1 payment".to_owned()),
        LimitKind::Count => (used.to_string(), format!("{} payments", limit.most)),
    };
    let period = limit.period.map(|period| format!("in {}", period.to_string().to_lowercase()));
    model::TokenLimit { used, limit: most, period }
}
