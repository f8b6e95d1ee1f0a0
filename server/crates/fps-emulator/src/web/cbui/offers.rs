//! The payment methods that a person is offered, and why some of them cannot be chosen.

use crate::domain::accounts::{self, Account};
use crate::domain::instruments::{self, Instrument};
use crate::domain::payments::month_is_over;
use crate::state::Payments;
use crate::web::cbui::visit::Visit;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use money::Money;
use payments_pages::model::Addable;

#[derive(Debug, Clone)]
pub struct Offer {
    pub instrument: Instrument,
    /// Of a balance: what can be spent.
    pub available: Option<Money>,
    /// Why it cannot be chosen now.
    pub unusable: Option<String>,
}

/// The account's instruments of the methods that the caller takes; none for a recipient.
pub async fn for_visit(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
) -> Result<Vec<Offer>, sqlx::Error> {
    if !visit.chooses_instrument() {
        return Ok(Vec::new());
    }
    let balance = accounts::balance(&payments.db, &account.id).await?.available();
    let conditions =
        Conditions { least: visit.least_amount(), cards: !visit.refuses_cards(), now: payments.clock.now() };
    let instruments = instruments::for_account(&payments.db, &account.id).await?;
    let methods = visit.asked.payment_methods();
    let allowed = instruments.into_iter().filter(|instrument| methods.contains(&instrument.method));
    Ok(allowed.map(|instrument| offer(instrument, balance, conditions)).collect())
}

/// What a person can add on the way: of the methods that are taken.
pub fn addable(visit: &Visit) -> Addable {
    let methods = visit.asked.payment_methods();
    Addable {
        card: methods.contains(&PaymentMethod::Cc) && visit.chooses_instrument() && !visit.refuses_cards(),
        bank_account: methods.contains(&PaymentMethod::Ach) && visit.chooses_instrument(),
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

fn offer(instrument: Instrument, balance: Money, conditions: Conditions) -> Offer {
    let available = (instrument.method == PaymentMethod::Abt).then_some(balance);
    let expired = |expires: &str| month_is_over(expires, conditions.now);
    let unusable = if available.is_some_and(|available| available < conditions.least) {
        Some(format!("The balance is less than {}.", conditions.least))
    } else if instrument.expires.as_deref().is_some_and(expired) {
        Some("This card has expired.".to_owned())
    } else if instrument.method == PaymentMethod::Cc && !conditions.cards {
        Some("Who is paid has a personal account, which cannot take cards.".to_owned())
    } else {
        None
    };
    Offer { instrument, available, unusable }
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
        let offer = |method, expires, balance, least| {
            offer(instrument(method, expires), balance, Conditions { least, cards: true, now })
        };
        assert!(offer(PaymentMethod::Abt, None, five, ten).unusable.unwrap().contains("$10.00"));
        assert!(offer(PaymentMethod::Abt, None, ten, ten).unusable.is_none());
        assert!(offer(PaymentMethod::Cc, Some("08/2030"), five, ten).unusable.is_some());
        let card = offer(PaymentMethod::Cc, Some("09/2030"), five, ten);
        assert!(card.unusable.is_none() && card.available.is_none());
        let no_cards = Conditions { least: five, cards: false, now };
        assert!(super::offer(instrument(PaymentMethod::Cc, None), five, no_cards).unusable.is_some());
    }
}
