//! The payment methods that a person is offered, and why some of them cannot be chosen.

use crate::Payments;
use crate::accounts::{self, Account};
use crate::instruments::{self, Instrument};
use crate::transactions::month_is_over;
use fps_protocol::cbui::SingleUse;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use money::Money;

#[derive(Debug, Clone)]
pub struct Offer {
    pub instrument: Instrument,
    /// Of a balance: what can be spent.
    pub available: Option<Money>,
    /// Why it cannot be chosen now.
    pub unusable: Option<String>,
}

/// The account's instruments of the methods that the caller takes.
pub async fn for_payment(
    payments: &Payments,
    account: &Account,
    payment: &SingleUse,
) -> Result<Vec<Offer>, sqlx::Error> {
    let balance = accounts::balance(&payments.db, &account.id).await?.available();
    let now = payments.clock.now();
    let instruments = instruments::for_account(&payments.db, &account.id).await?;
    let allowed =
        instruments.into_iter().filter(|instrument| payment.options.payment_methods.contains(&instrument.method));
    Ok(allowed.map(|instrument| offer(instrument, balance, payment.transaction_amount, now)).collect())
}

fn offer(instrument: Instrument, balance: Money, amount: Money, now: Timestamp) -> Offer {
    let available = (instrument.method == PaymentMethod::Abt).then_some(balance);
    let unusable = if available.is_some_and(|available| available < amount) {
        Some(format!("The balance is less than {amount}."))
    } else if instrument.expires.as_deref().is_some_and(|expires| month_is_over(expires, now)) {
        Some("This card has expired.".to_owned())
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
        let offer =
            |method, expires, balance, amount| offer(instrument(method, expires), balance, amount, now);
        assert!(offer(PaymentMethod::Abt, None, five, ten).unusable.unwrap().contains("$10.00"));
        assert!(offer(PaymentMethod::Abt, None, ten, ten).unusable.is_none());
        assert!(offer(PaymentMethod::Cc, Some("08/2030"), five, ten).unusable.is_some());
        let card = offer(PaymentMethod::Cc, Some("09/2030"), five, ten);
        assert!(card.unusable.is_none() && card.available.is_none());
    }
}
