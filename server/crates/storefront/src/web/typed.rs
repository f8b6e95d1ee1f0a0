//! What people type into the forms about an order, parsed once.

use crate::input;
use crate::orders::refund_terms::RefundPolicy;
use crate::orders::{Fulfilment, Order, terms};
use crate::selling::listing::parse_price;
use app::form::FormState;
use fps_protocol::enums::PaymentMethod;
use money::Money;
use text_types::words;

pub const LONGEST_REASON: usize = 500;
const LONGEST_TRACKING: usize = 60;
const LONGEST_MESSAGE: usize = 1000;

words! {
    /// Why a buyer wants the money back.
    pub enum Reason {
        ChangedMind = "changed-mind",
        NotAsDescribed = "not-as-described",
        DoesNotWork = "does-not-work",
        Mistake = "by-mistake",
        Other = "other",
    }
}

impl Reason {
    pub const fn label(self) -> &'static str {
        match self {
            Self::ChangedMind => "I changed my mind",
            Self::NotAsDescribed => "It is not what was described",
            Self::DoesNotWork => "It does not work, or came damaged",
            Self::Mistake => "I bought it by mistake",
            Self::Other => "Something else",
        }
    }
}

/// A line that may be left empty; what is wrong with it is noted at its field.
pub fn line(form: &mut FormState, field: &str, longest: usize) -> Option<String> {
    if form.value(field).trim().is_empty() {
        return None;
    }
    match input::single_line(form.value(field), "a line of text", longest) {
        Ok(line) => Some(line),
        Err(problem) => {
            form.refuse(field, problem);
            None
        }
    }
}

/// What a merchant says in fulfilling the order.
pub fn fulfilment(form: &mut FormState, order: &Order) -> Fulfilment {
    let tracking = line(form, "tracking", LONGEST_TRACKING);
    let message = line(form, "message", LONGEST_MESSAGE);
    let amount = match less(form.value("amount"), order) {
        Ok(amount) => amount,
        Err(problem) => {
            form.refuse("amount", problem);
            None
        }
    };
    Fulfilment { amount, tracking, message }
}

/// What is charged in place of the price; `None`: the price.
fn less(text: &str, order: &Order) -> Result<Option<Money>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let amount = an_amount(text)?;
    if amount > order.price {
        return Err(format!("No more than the {} that are held can be charged.", order.price));
    }
    // How it is paid need not be known yet; cards are the dearest.
    let method = order.payment_method.unwrap_or(PaymentMethod::Cc);
    if terms::split(amount, order.fixed_fee, order.variable_fee, method).is_err() {
        return Err("At this amount the fees would leave nothing for you. Charge more, or cancel.".to_owned());
    }
    Ok(Some(amount).filter(|amount| *amount < order.price))
}

fn an_amount(text: &str) -> Result<Money, String> {
    parse_price(text)
        .ok()
        .filter(|amount| amount.is_positive())
        .ok_or_else(|| "Enter an amount like 4.50.".to_owned())
}

/// A buyer's reason in words, from `reason` and `details`.
pub fn refund_reason(form: &mut FormState) -> Option<String> {
    let Ok(reason) = form.value("reason").parse::<Reason>() else {
        form.refuse("reason", "Choose why you want the money back.");
        return None;
    };
    let details = line(form, "details", LONGEST_REASON);
    match (reason, details) {
        (Reason::Other, None) if form.is_valid() => {
            form.refuse("details", "Say in a few words why you want the money back.");
            None
        }
        (Reason::Other, details) => details,
        (reason, Some(details)) => Some(format!("{}. {details}", reason.label())),
        (reason, None) => Some(reason.label().to_owned()),
    }
}

/// What goes back, from `amount`: no more than is left, or was asked for.
pub fn refund_amount(form: &mut FormState, most: Money) -> Option<Money> {
    let amount = match an_amount(form.value("amount")) {
        Ok(amount) if amount > most => Err(format!("No more than {most} can go back.")),
        other => other,
    };
    amount.map_err(|problem| form.refuse("amount", problem)).ok()
}

pub fn refund_policy(form: &mut FormState) -> Option<RefundPolicy> {
    match form.value("policy") {
        "" => Some(RefundPolicy::Shared),
        chosen => {
            let policy = chosen.parse().ok();
            if policy.is_none() {
                form.refuse("policy", "Choose who bears the refund.");
            }
            policy
        }
    }
}
