//! Events as sentences.

use crate::follow::dollars;
use platform::lab::{Change, Event, PostedLine, Site, What};

/// "Shop", "Payments", "Lab".
pub const fn site(site: Site) -> &'static str {
    match site {
        Site::Shop => "Shop",
        Site::Payments => "Payments",
        Site::Lab => "Lab",
    }
}

/// What happened, in a sentence without its full stop.
pub fn sentence(event: &Event) -> String {
    match &event.what {
        What::Request { action, code, answer, .. } => {
            let action = if action.is_empty() { "A request" } else { action.as_str() };
            if answer.is_empty() {
                format!("{action}: {code}, and the connection broke instead of an answer")
            } else {
                format!("{action} was answered: {code}")
            }
        }
        What::Written { by, changes } => {
            let changes: Vec<String> = changes.iter().map(change).collect();
            let by = if by == "page" { "Somebody at a page" } else { by.as_str() };
            format!("{by}: {}", changes.join("; "))
        }
        What::AuthorizationOpened { pipeline, .. } => format!("The Co-Branded UI was entered: {pipeline}"),
        What::AuthorizationEnded { status, .. } => {
            format!("The Co-Branded UI sends the browser back: {}", return_status(status))
        }
        What::Attempt { notification_type, summary, number, http_status, error, then, .. } => {
            let what = if summary.is_empty() { notification_type } else { summary };
            let how = match (http_status, error) {
                (Some(status), None) => format!("answered {status}"),
                (Some(status), Some(_)) => format!("answered {status}; {}", then.replace('_', " ")),
                (None, Some(error)) => format!("{error}; {}", then.replace('_', " ")),
                (None, None) => then.replace('_', " "),
            };
            format!("Notification {what}, attempt {number}: {how}")
        }
        What::SentToPay { pipeline, .. } => {
            format!("The shop sends the browser to the Co-Branded UI: {pipeline}")
        }
        What::Returned { status, genuine, .. } => {
            let signed = if *genuine { "the signature is Amazon's" } else { "not signed by Amazon" };
            format!("The browser comes back to the shop: {}; {signed}", return_status(status))
        }
        What::Asked { action, asked, outcome } => {
            format!("The shop asks: {action}. {asked}. Answer: {outcome}")
        }
        What::Received { summary, genuine, outcome } => {
            let signed = if *genuine { "" } else { "not signed by Amazon; " };
            format!("The shop takes a notification: {summary}: {signed}{outcome}")
        }
        What::Order { before, after, by, title, .. } if before.is_empty() => {
            format!("Order of {title}: {} ({})", spaced(after), spaced(by))
        }
        What::Order { before, after, by, title, .. } => {
            format!("Order of {title}: {} → {} ({})", spaced(before), spaced(after), spaced(by))
        }
        What::Clock { now, frozen, speed, .. } => {
            let frozen = if *frozen { ", frozen" } else { "" };
            let speed = if *speed == 1 { String::new() } else { format!(", {speed} times as fast") };
            format!("The clock shows {}{frozen}{speed}", now.strftime("%-d %b %Y, %H:%M:%S UTC"))
        }
        What::Fault { words, .. } => format!("As the lab wanted: {words}"),
        What::Deed { deed, outcome, .. } => format!("By hand: {deed}: {outcome}"),
    }
}

/// Whether something went wrong in it.
pub fn is_failure(event: &Event) -> bool {
    match &event.what {
        What::Request { code, .. } => code != "Success",
        What::Attempt { error, .. } => error.is_some(),
        What::Returned { genuine, .. } => !genuine,
        What::Received { genuine, outcome, .. } => !genuine || outcome != "taken",
        What::Asked { outcome, .. } => outcome == "No answer",
        What::Order { after, .. } => after.ends_with("Failed"),
        What::Deed { outcome, .. } => outcome != "done",
        What::Fault { .. } => true,
        _ => false,
    }
}

/// One change in words.
pub fn change(change: &Change) -> String {
    match change {
        Change::Transaction { operation, status, amount, is_new, is_fee, .. } => {
            let begins = if *is_new { "new " } else { "" };
            let what = if *is_fee { "marketplace fee" } else { operation };
            format!("{begins}{what} of {} is {status}", dollars(amount))
        }
        Change::TokenUsed { .. } => "the sender's token is used".to_owned(),
        Change::TokenCancelled { .. } => "a token is cancelled".to_owned(),
        Change::TokenIssued { token_type, .. } => format!("a token is issued ({token_type})"),
        Change::Posted { lines, .. } => {
            format!("posted {}", lines.iter().map(line).collect::<Vec<_>>().join(", "))
        }
        Change::Held { amount, .. } => format!("{} is held", dollars(amount)),
        Change::Captured { amount, .. } => format!("{} that was held is charged", dollars(amount)),
        Change::Released { amount, .. } => format!("{} that was held is free again", dollars(amount)),
        Change::Queued { notification_type, url, .. } => match url {
            Some(_) => format!("notification {notification_type} waits to be sent"),
            None => format!("notification {notification_type} is kept: the caller has no address"),
        },
        Change::AnswerKept { .. } => "the answer is kept for its CallerReference".to_owned(),
    }
}

fn line(line: &PostedLine) -> String {
    let sign = if line.amount.starts_with('-') { "" } else { "+" };
    format!("{sign}{} {}", dollars(&line.amount), line.account)
}

fn return_status(status: &str) -> String {
    let words = match status {
        "SA" | "SB" | "SC" => "authorized",
        "SR" => "registered",
        "SU" => "unchanged",
        "A" => "left without confirming",
        "CE" => "the caller's request was wrong",
        "PE" => "no payment method fits",
        "NP" => "no payment is possible",
        "NM" => "not registered for this marketplace",
        "SE" => "something went wrong at Amazon",
        _ => return status.to_owned(),
    };
    format!("{status}, {words}")
}

/// `SettleFailed` → `settle failed`.
pub fn spaced(name: &str) -> String {
    let mut words = String::new();
    for (at, c) in name.chars().enumerate() {
        if at > 0 && c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use platform::lab::About;

    #[test]
    fn states_are_read_as_words() {
        assert_eq!(spaced("SettleFailed"), "settle failed");
        assert_eq!(spaced(""), "");
    }

    #[test]
    fn a_posting_says_who_gets_what() {
        let at = Timestamp::UNIX_EPOCH;
        let lines = [("a", "-0.99"), ("b", "0.99")]
            .map(|(account, amount)| PostedLine { account: account.to_owned(), amount: amount.to_owned() });
        let changes = vec![Change::Posted { name: "T".to_owned(), lines: lines.to_vec() }];
        let what = What::Written { by: "Pay".to_owned(), changes };
        let event = Event { at, wall: at, site: Site::Payments, about: About::default(), what };
        assert_eq!(sentence(&event), "Pay: posted −$0.99 a, +$0.99 b");
        assert!(!is_failure(&event));
    }
}
