//! A seller's rule for refunds, in words.

use crate::model::{RefundDecision, RefundTermsView, SellerDecides};

/// The rule, for those who think of buying.
pub fn words(rule: RefundTermsView) -> String {
    match (rule.days, rule.unless_downloaded) {
        (Some(days), false) => {
            format!("Money back at once within {}; later the seller decides.", in_days(days))
        }
        (Some(days), true) => {
            format!(
                "Money back at once within {}, if it was not downloaded; else the seller decides.",
                in_days(days)
            )
        }
        (None, _) => "Money back on request: the seller decides.".to_owned(),
    }
}

/// What the rule comes to for an order now: who decides, and why.
pub fn decision_words(rule: RefundTermsView, decision: RefundDecision, seller: &str) -> String {
    match (decision, rule.days) {
        (RefundDecision::AtOnce, Some(days)) => {
            format!("{seller} gives money back at once within {} after the sale.", in_days(days))
        }
        (RefundDecision::BySeller(SellerDecides::DaysOver), Some(days)) => {
            format!(
                "The {} in which {seller} gives money back at once are over, so {seller} decides.",
                in_days(days)
            )
        }
        (RefundDecision::BySeller(SellerDecides::Downloaded), _) => {
            format!("You have downloaded it, so {seller} decides.")
        }
        _ => format!("{seller} decides on each refund."),
    }
}

fn in_days(days: u16) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_says_when_and_who() {
        let rule = |days, unless_downloaded| words(RefundTermsView { days, unless_downloaded });
        assert_eq!(rule(Some(30), false), "Money back at once within 30 days; later the seller decides.");
        assert!(rule(Some(1), true).starts_with("Money back at once within 1 day, if it was not downloaded"));
        assert_eq!(rule(None, true), "Money back on request: the seller decides.");
    }
}
