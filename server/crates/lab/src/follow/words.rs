//! The sites' words as people read them.

use super::Seen;
use super::books::dollars;
use platform::lab::{Change, What};

/// A state's or an event's name in words: `AwaitingAuthorization` is "Awaiting authorization".
pub fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// How it stands after these events: the order's state, or the transaction's.
pub fn now(own: &[Seen<'_>]) -> String {
    let order = own.iter().rev().find_map(|seen| match &seen.event.what {
        What::Order { after, .. } => Some(spaced(after)),
        _ => None,
    });
    let transaction = || {
        own.iter().rev().find_map(|seen| match &seen.event.what {
            What::Written { changes, .. } => changes.iter().find_map(|change| match change {
                Change::Transaction { operation, status, .. } => Some(format!("{operation}: {status}")),
                _ => None,
            }),
            _ => None,
        })
    };
    order.or_else(transaction).unwrap_or_else(|| "Begun".to_owned())
}

/// What a status of the Co-Branded UI's return means.
pub const fn returned(status: &str) -> &'static str {
    match status.as_bytes() {
        b"SA" => "the buyer agreed, and pays from the Amazon Payments balance",
        b"SB" => "the buyer agreed, and pays from a bank account",
        b"SC" => "the buyer agreed, and pays by card",
        b"A" => "the buyer turned back without paying",
        b"CE" => "the shop's request had an error",
        b"PE" => "the chosen way to pay cannot be used here",
        b"NP" => "this buyer cannot pay here",
        b"NM" => "the shop may not do this",
        b"SE" => "something failed at Amazon; trying again helps",
        _ => "an answer of its own kind",
    }
}

/// Whether a return's status leads on to a payment.
pub fn agreed(status: &str) -> bool {
    matches!(status, "SA" | "SB" | "SC" | "SR")
}

/// Whether an answer to a call is good news.
pub fn is_good(outcome: &str) -> bool {
    matches!(outcome, "Success" | "Pending" | "Reserved" | "Cancelled")
}

/// What a commit by this job or action was for.
pub fn doer(by: &str) -> String {
    match by {
        "processor" => "Amazon's processor".to_owned(),
        "expiry" => "Amazon, because its time was over".to_owned(),
        "page" => "Somebody at Amazon's page".to_owned(),
        other => other.to_owned(),
    }
}

/// What happened to a transaction.
pub fn transaction(operation: &str, status: &str, is_new: bool, by: &str) -> String {
    let because = match (by, status) {
        ("expiry", _) => ": nobody took the money in time",
        ("processor", "Failure") => ": declined by the card or the bank",
        _ => "",
    };
    if is_new && status != "Failure" {
        format!("Amazon takes on the {operation}: {status}")
    } else {
        format!("{operation} is now {status}{because}")
    }
}

/// Who did what an order's event says: its words, and whether the buyer or the merchant did it.
pub enum Deed {
    Buyer(&'static str),
    Merchant(&'static str),
    /// It followed from what Amazon told.
    News,
}

pub fn deed(by: &str) -> Deed {
    match by {
        "Restart" => Deed::Buyer("Buyer tries again"),
        "Fulfil" => Deed::Merchant("Merchant fulfils the order"),
        "Cancel" => Deed::Merchant("The order is cancelled"),
        "GiveRefund" => Deed::Merchant("Merchant gives money back"),
        "GrantRefund" => Deed::Merchant("Merchant agrees to the refund"),
        "DeclineRefund" => Deed::Merchant("Merchant declines the refund"),
        "AskRefund" => Deed::Buyer("Buyer asks for the money back"),
        "EscalateRefund" => Deed::Buyer("Buyer asks the marketplace to decide"),
        _ => Deed::News,
    }
}

/// What a call that is asked for moves: the amount among its parameters.
pub fn amount(parameters: &[(String, String)]) -> Option<String> {
    let of = |name: &str| parameters.iter().find(|(known, _)| known == name);
    let (_, text) = of("TransactionAmount.Value")
        .or_else(|| of("RefundAmount.Value"))
        .or_else(|| of("FundingAmount.Value"))?;
    Some(dollars(text))
}

/// Time between two events, in its largest unit: "7 days later".
pub fn later(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} later")
}

/// "2nd".
pub fn ordinal(number: i64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
