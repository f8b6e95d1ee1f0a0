//! The instruments that a person is offered to pay with, and why some of them cannot be chosen.

use crate::domain::accounts::{self, Account};
use crate::domain::instruments::{self, Instrument};
use crate::domain::payments::month_is_over;
use crate::engine::authorizations::{AuthorizationRequest, Authorizations};
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use money::Money;

#[derive(Debug, Clone)]
pub struct PaymentOption {
    pub instrument: Instrument,
    /// Of a balance: what can be spent.
    pub available: Option<Money>,
    /// Why it cannot be chosen now.
    pub unusable: Option<Unusable>,
}

/// Why an instrument cannot be chosen, in words for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not the account's, or of a method that the caller does not take.
    #[error("Choose how you want to pay.")]
    NotOffered,
    #[error("The balance is less than {0}.")]
    BalanceBelow(Money),
    #[error("This card has expired.")]
    CardExpired,
    #[error("Who is paid has a personal account, which cannot take cards.")]
    NoCardsTaken,
}

impl Authorizations {
    /// The account's instruments of the methods that the caller takes; none for a recipient.
    pub(super) async fn payment_options(
        &self,
        request: &AuthorizationRequest,
        account: &Account,
    ) -> Result<Vec<PaymentOption>, sqlx::Error> {
        if !request.chooses_instrument() {
            return Ok(Vec::new());
        }
        let db = &self.engine.db;
        let methods = request.asked.payment_methods();
        let mut instruments = instruments::for_account(db, &account.id).await?;
        instruments.retain(|instrument| methods.contains(&instrument.method));
        let needs_balance = instruments.iter().any(|instrument| instrument.method == PaymentMethod::Abt);
        let balance =
            if needs_balance { accounts::balance(db, &account.id).await?.available() } else { Money::ZERO };
        let conditions = Conditions {
            least: request.least_amount(),
            cards: !request.refuses_cards(),
            now: self.engine.clock.now(),
        };
        Ok(instruments.into_iter().map(|instrument| option(instrument, balance, conditions)).collect())
    }
}

/// What makes an instrument usable.
#[derive(Debug, Clone, Copy)]
struct Conditions {
    /// What a balance must have.
    least: Money,
    /// Whether who is paid can take cards.
    cards: bool,
    now: Timestamp,
}

fn option(instrument: Instrument, balance: Money, conditions: Conditions) -> PaymentOption {
    let available = (instrument.method == PaymentMethod::Abt).then_some(balance);
    let expired = |expires: &str| month_is_over(expires, conditions.now);
    let unusable = if available.is_some_and(|available| available < conditions.least) {
        Some(Unusable::BalanceBelow(conditions.least))
    } else if instrument.expires.as_deref().is_some_and(expired) {
        Some(Unusable::CardExpired)
    } else if instrument.method == PaymentMethod::Cc && !conditions.cards {
        Some(Unusable::NoCardsTaken)
    } else {
        None
    };
    PaymentOption { instrument, available, unusable }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(method: PaymentMethod, expires: Option<&str>) -> Instrument {
        Instrument {
            id: "I".to_owned(),
            account_id: "A".to_owned(),
            method,
            label: "An instrument".to_owned(),
            last_four: None,
            expires: expires.map(str::to_owned),
            fingerprint: None,
            access_key: None,
            credit_limit: None,
            active: true,
            created_at: 0,
        }
    }

    #[test]
    fn a_short_balance_and_an_expired_card_cannot_be_chosen() {
        let now = "2030-09-01T00:00:00Z".parse().unwrap();
        let (five, ten) = (Money::from_cents(500), Money::from_cents(1000));
        let option = |method, expires, balance, least| {
            option(instrument(method, expires), balance, Conditions { least, cards: true, now })
        };
        assert!(option(PaymentMethod::Abt, None, five, ten).unusable.unwrap().to_string().contains("$10.00"));
        assert!(option(PaymentMethod::Abt, None, ten, ten).unusable.is_none());
        assert!(option(PaymentMethod::Cc, Some("08/2030"), five, ten).unusable.is_some());
        let card = option(PaymentMethod::Cc, Some("09/2030"), five, ten);
        assert!(card.unusable.is_none() && card.available.is_none());
        let no_cards = Conditions { least: five, cards: false, now };
        assert!(super::option(instrument(PaymentMethod::Cc, None), five, no_cards).unusable.is_some());
    }
}
