//! What buyers say of what they bought: stars, and words if they like, once for an item, with the seller's answer. Who has
//! paid for an item can review it, and change or withdraw that later. A refund does not take a review away, for then a
//! seller could pay for silence: it says that it was refunded, and can only be withdrawn.
//!
//! How many reviews of how many stars there are is counted by triggers, of what everybody sees: what is withdrawn or held
//! does not count.

pub mod store;
#[cfg(test)]
mod tests;

pub use crate::ids::ReviewId;
use crate::ids::{ItemId, MerchantId, OrderId, UserId};
use crate::input;
use crate::users::Hold;
use crate::users::store::DELETED;
use app::form::FormState;
use jiff::{SignedDuration, Timestamp};
use shop_pages::model::{ReviewView, SaidView};

/// Characters of a review, and of an answer.
const LONGEST: usize = 2000;
/// Between two changes of a review.
const TOO_SOON: SignedDuration = SignedDuration::from_secs(20);

/// A review as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    pub item_id: ItemId,
    pub merchant_id: MerchantId,
    pub buyer_id: UserId,
    /// The buyer's whole name.
    pub buyer: String,
    pub order_id: OrderId,
    pub said: Said,
    pub at: Timestamp,
    pub changed_at: Option<Timestamp>,
    pub withdrawn: bool,
    /// All that was paid went back.
    pub refunded: bool,
    pub answer: Option<Answer>,
    pub held: Option<Hold>,
}

/// What a buyer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub stars: Stars,
    /// Can be empty.
    pub words: String,
}

/// What the seller says to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub words: String,
    pub at: Timestamp,
}

/// One to five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stars(u8);

impl Stars {
    pub fn new(count: i64) -> Option<Self> {
        u8::try_from(count).ok().filter(|count| (1..=5).contains(count)).map(Self)
    }

    pub const fn count(self) -> u8 {
        self.0
    }

    /// "4 of 5 stars".
    pub fn words(self) -> String {
        format!("{} of 5 stars", self.0)
    }
}

impl Said {
    /// From the fields `stars` and `words`; what is wrong is noted at its field.
    pub fn typed(form: &mut FormState) -> Option<Self> {
        let stars = form.value("stars").parse().ok().and_then(Stars::new);
        if stars.is_none() {
            form.refuse("stars", "Choose how many stars.");
        }
        let words = optional(form, "words");
        Some(Self { stars: stars?, words: words? })
    }
}

/// An answer from the field `answer`: empty takes it back. `None`: it cannot be taken as it is.
pub fn answer_typed(form: &mut FormState) -> Option<String> {
    optional(form, "answer")
}

fn optional(form: &mut FormState, field: &str) -> Option<String> {
    if form.value(field).trim().is_empty() {
        return Some(String::new());
    }
    input::paragraphs(form.value(field), "a text", LONGEST)
        .map_err(|problem| form.refuse(field, problem))
        .ok()
}

impl Review {
    /// Whether it was written or changed so short a time ago that this is too soon.
    pub fn is_too_soon(&self, now: Timestamp) -> bool {
        now.duration_since(self.changed_at.unwrap_or(self.at)) < TOO_SOON
    }

    /// As others see it.
    pub fn view(&self) -> ReviewView {
        ReviewView {
            id: self.id.to_string(),
            author: public_name(&self.buyer),
            stars: self.said.stars.count(),
            words: self.said.words.clone(),
            at: self.at,
            changed_at: self.changed_at,
            refunded: self.refunded,
            answer: self
                .answer
                .as_ref()
                .map(|answer| SaidView { at: answer.at, words: answer.words.clone() }),
        }
    }
}

/// The name that everybody sees: the first one, and how the last one begins. "Jane D."
pub fn public_name(name: &str) -> String {
    if name == DELETED {
        return DELETED.to_owned();
    }
    let mut parts = name.split_whitespace();
    let first = parts.next().unwrap_or("Somebody");
    match parts.next_back().and_then(|last| last.chars().next()) {
        Some(letter) => format!("{first} {letter}."),
        None => first.to_owned(),
    }
}
