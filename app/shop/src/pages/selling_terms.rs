//! A seller's terms in words: the rule for refunds, and what sending costs.

use crate::model::{ItemCard, RateRow, RefundRule};
use app::components::table::{Column, table};
use leptos::prelude::*;
use money::Money;

/// What a buyer can rely on, to be read before buying and beside the button.
pub fn refund_rule_words(rule: RefundRule, physical: bool) -> String {
    match rule {
        RefundRule::AtOnce { days, unless_downloaded } => {
            let within = match days {
                1 => "within a day".to_owned(),
                days => format!("within {days} days"),
            };
            if unless_downloaded && !physical {
                format!(
                    "You can take all of your money back yourself {within} after the sale, if you have not downloaded it. \
                     Otherwise you ask the seller."
                )
            } else {
                format!(
                    "You can take all of your money back yourself {within} after the sale. Later you ask the seller."
                )
            }
        }
        RefundRule::OnRequest => "You can ask the seller for your money back; the seller decides.".to_owned(),
    }
}

/// When the buyer has it. Where the seller waits too long the money goes back by itself: FPS holds it for seven days.
pub(super) fn delivery_words(card: &ItemCard, instant: bool) -> String {
    let seller = &card.seller;
    if instant {
        return "At once: you download it as soon as the payment is through.".to_owned();
    }
    let (does, done) = if card.physical { ("sends it", "sent") } else { ("makes it ready", "ready") };
    let first = match card.handling_days {
        Some(1) => format!("{seller} {does} within a day of the order."),
        Some(days) => format!("{seller} {does} within {days} days of the order."),
        None => format!("{seller} {does} by hand, and gives no time for it."),
    };
    format!("{first} What is not {done} after seven days is not charged.")
}

/// The rates of each region; "not sent there" where there is none.
pub(super) fn rates_table(rates: &[RateRow]) -> AnyView {
    const COLUMNS: [Column; 3] =
        [Column::words("To"), Column::numbers("Standard"), Column::numbers("Express")];
    let rows = rates.iter().map(|row| {
        vec![row.region.into_any(), rate_words(row.standard).into_any(), rate_words(row.express).into_any()]
    });
    table("What sending costs", &COLUMNS, rows.collect())
}

pub(super) fn rate_words(rate: Option<Money>) -> String {
    match rate {
        Some(rate) if rate == Money::ZERO => "free".to_owned(),
        Some(rate) => rate.to_string(),
        None => "not offered".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_told_in_words() {
        let at_once = |days, unless_downloaded| RefundRule::AtOnce { days, unless_downloaded };
        let words = refund_rule_words(at_once(30, false), false);
        assert!(
            words.ends_with("yourself within 30 days after the sale. Later you ask the seller."),
            "{words}"
        );
        assert!(refund_rule_words(at_once(1, false), true).contains("within a day after"));
        assert!(refund_rule_words(at_once(14, true), false).contains("if you have not downloaded it"));
        assert!(
            !refund_rule_words(at_once(14, true), true).contains("download"),
            "a thing is not downloaded"
        );
        assert!(refund_rule_words(RefundRule::OnRequest, false).contains("the seller decides"));
    }

    #[test]
    fn it_is_said_when_a_buyer_has_it() {
        let card = |physical, handling_days| ItemCard {
            slug: "a".to_owned(),
            title: "A".to_owned(),
            creator: "B".to_owned(),
            seller: "C".to_owned(),
            category: "art".to_owned(),
            price: Money::ZERO,
            physical,
            handling_days,
            rating: crate::model::Rating::default(),
        };
        assert!(delivery_words(&card(false, Some(2)), true).starts_with("At once"));
        let words = delivery_words(&card(true, Some(2)), false);
        assert_eq!(
            words,
            "C sends it within 2 days of the order. What is not sent after seven days is not charged."
        );
        assert!(delivery_words(&card(false, Some(1)), false).starts_with("C makes it ready within a day"));
        assert!(delivery_words(&card(true, None), false).contains("gives no time"));
    }

    #[test]
    fn a_rate_is_told_in_words() {
        assert_eq!(rate_words(Some(Money::from_cents(450))), "$4.50");
        assert_eq!((rate_words(Some(Money::ZERO)), rate_words(None)), ("free".into(), "not offered".into()));
    }
}
