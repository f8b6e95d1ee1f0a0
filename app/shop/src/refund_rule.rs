//! What a seller's rule for refunds comes to for one order, in words.

use crate::model::{RefundDecision, RefundRule, SellerDecides};

/// What the rule comes to for an order now: who decides, and why.
pub fn decision_words(rule: RefundRule, decision: RefundDecision, seller: &str) -> String {
    let days = match rule {
        RefundRule::AtOnce { days, .. } => Some(days),
        RefundRule::OnRequest => None,
    };
    match (decision, days) {
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
    fn a_decision_says_who_and_why() {
        let words = |rule, decision| decision_words(rule, decision, "Gannet Press");
        let rule = RefundRule::AtOnce { days: 1, unless_downloaded: true };
        let over = RefundDecision::BySeller(SellerDecides::DaysOver);
        assert_eq!(
            words(rule, RefundDecision::AtOnce),
            "Gannet Press gives money back at once within 1 day after the sale."
        );
        assert!(words(rule, over).starts_with("The 1 day in which Gannet Press"));
        let asked = RefundDecision::BySeller(SellerDecides::OnRequest);
        assert_eq!(words(RefundRule::OnRequest, asked), "Gannet Press decides on each refund.");
    }
}
