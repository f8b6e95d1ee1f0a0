//! Whole stories, told by letting them happen: through the pages of both sites, where the shop is in this process, else by
//! signed requests to Amazon's half.

mod payments;
mod shop;
mod stage;

pub use shop::AtShop;
pub use stage::{JOHN, MERCHANT, MERCHANTS_TOKEN, Stage};

use crate::doors::DoorError;
use crate::state::Lab;
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method, Place};
use serde::Serialize;
use serde_json::{Value, json};

const PAGE: &str = "/lab/scenarios";

const NAMES: &[&str] = &[
    "purchase",
    "reserve-and-expire",
    "decline",
    "refund",
    "partial-settle",
    "abandoned",
    "token-cancelled",
    "registration-taken-back",
    "subscription-month",
];

/// What happens in each, in the order of [`NAMES`].
const WORDS: [&str; NAMES.len()] = [
    "John buys a song, authorizes it at Amazon Payments and has it: one Pay",
    "John orders something made by hand, the seller lets the seven days of the reserve go by, and the money is his again",
    "John authorizes a payment, and Amazon Payments declines it; the shop tells him and nothing is charged",
    "John buys a song, changes his mind and gets his money back",
    "John orders something made by hand; less is charged than was reserved, and the rest is his again",
    "John goes to Amazon Payments and comes back without having confirmed",
    "John authorizes a payment and takes that back at Amazon Payments before it is used",
    "A seller takes back that money may be collected for them, so that nothing of theirs can be bought",
    "John subscribes at 9.99 a month: a payment, one that comes too early and is refused, and after a month the next. The \
     shop sells no subscriptions, so a program asks for them",
];

pub const LIST: Deed = Deed {
    name: "scenarios",
    method: Method::Get,
    path: "/scenarios",
    summary: "Stories that can be let happen",
    fields: &[],
    answer: r#"[{"name":"purchase","words":"John buys a song …"}]"#,
    commands: &[],
    page: PAGE,
};

pub const RUN: Deed = Deed {
    name: "scenario",
    method: Method::Post,
    path: "/scenarios/{name}",
    summary: "Lets a story happen, moving the clock where it needs that; answers what was made",
    fields: &[Field {
        name: "name",
        place: Place::Path,
        kind: Kind::OneOf(NAMES),
        required: true,
        summary: "which story",
        example: "purchase",
    }],
    answer: r#"{"scenario":"purchase","half":"both","words":"…","order":"…","reference":"…","transaction":"…","state":"Paid","look":"/lab/follow?order=…"}"#,
    commands: &[Command {
        words: &["trigger"],
        summary: "Lets a story happen: purchase, reserve-and-expire, decline, refund, partial-settle, abandoned, \
                  token-cancelled, registration-taken-back, subscription-month",
        positional: &["name"],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

/// What a story made.
#[derive(Debug, Default, Serialize)]
pub struct Made {
    pub scenario: &'static str,
    /// `both` sites, or Amazon's half alone: `payments`.
    pub half: &'static str,
    pub words: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The payment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The others'.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_transactions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The error that was answered where the story has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// How it stands at the end: of the order, or of the payment where there is no shop.
    pub state: String,
    /// The page of the lab that shows what happened.
    pub look: String,
}

pub fn list() -> Value {
    NAMES.iter().zip(WORDS).map(|(name, words)| json!({ "name": name, "words": words })).collect()
}

/// Lets one happen.
pub async fn run(lab: &Lab, name: &str) -> Result<Made, DeedRefused> {
    let found = NAMES.iter().zip(WORDS).find(|(known, _)| **known == name);
    let (name, words) = found.ok_or_else(|| {
        DeedRefused::NotFound(format!("there is no story {name:?}; they are {}", NAMES.join(", ")))
    })?;
    let stage = Stage::of(lab)?;
    let (half, made) = match stage.shop() {
        // What the shop does not sell.
        Some(shop) if *name != "subscription-month" => {
            ("both", at_shop(&AtShop::new(&stage, shop), name).await)
        }
        _ => ("payments", at_payments(&stage, name).await),
    };
    let made = made?;
    let look = match (&made.order, &made.transaction, &made.reference) {
        (Some(order), ..) => format!("/lab/follow?order={order}"),
        (None, Some(transaction), _) => format!("/lab/follow?transaction={transaction}"),
        (None, None, Some(reference)) => format!("/lab?order={reference}"),
        (None, None, None) => "/lab/notifications".to_owned(),
    };
    Ok(Made { scenario: name, half, words, look, ..made })
}

async fn at_shop(shop: &AtShop<'_>, name: &str) -> Result<Made, DoorError> {
    match name {
        "purchase" => shop.purchase().await,
        "reserve-and-expire" => shop.reserve_and_expire().await,
        "decline" => shop.decline().await,
        "refund" => shop.refund().await,
        "partial-settle" => shop.partial_settle().await,
        "abandoned" => shop.abandoned().await,
        "token-cancelled" => shop.token_cancelled().await,
        _ => shop.registration_taken_back().await,
    }
}

async fn at_payments(stage: &Stage<'_>, name: &str) -> Result<Made, DoorError> {
    match name {
        "purchase" => payments::purchase(stage).await,
        "reserve-and-expire" => payments::reserve_and_expire(stage).await,
        "decline" => payments::decline(stage).await,
        "refund" => payments::refund(stage).await,
        "partial-settle" => payments::partial_settle(stage).await,
        "abandoned" => payments::abandoned(stage).await,
        "token-cancelled" => payments::token_cancelled(stage).await,
        "registration-taken-back" => payments::registration_taken_back(stage).await,
        _ => payments::subscription_month(stage).await,
    }
}
