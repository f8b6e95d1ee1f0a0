//! The simulated instruments that accounts begin with; nothing here could add a real one. They are shown
//! in the order in which they were added.

use crate::domain::accounts::Account;
use crate::domain::instruments::Instrument;
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::InstrumentId;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use platform::Random;

const ID_LENGTH: usize = 20;
/// How long a new card is good.
const CARD_VALID_FOR: SignedDuration = SignedDuration::from_hours(24 * 365 * 4);

/// A new instrument's id.
pub fn new_id(random: &Random) -> InstrumentId {
    InstrumentId::new(random.upper_alphanumeric(ID_LENGTH)).expect("letters and digits")
}

/// The account's own balance.
pub fn balance(random: &Random, account: &Account) -> Instrument {
    Instrument {
        id: new_id(random),
        account_id: account.id.clone(),
        method: PaymentMethod::Abt,
        label: "Account balance".to_owned(),
        last_four: None,
        expires: None,
        fingerprint: None,
        access_key: None,
        credit_limit: None,
        active: true,
        created_at: account.created_at,
    }
}

pub fn bank_account(random: &Random, account: &Account, last_four: &str) -> Instrument {
    Instrument {
        method: PaymentMethod::Ach,
        label: format!("Bank account ending in {last_four}"),
        last_four: Some(last_four.to_owned()),
        fingerprint: Some(fingerprint(account, "bank", last_four)),
        ..balance(random, account)
    }
}

/// A card that is good for some years from `now`.
/// The last month of a card that is new at `now`: `05/2031`.
pub fn good_until(now: Timestamp) -> String {
    let last = now.saturating_add(CARD_VALID_FOR).unwrap_or(now).to_zoned_datetime(TimeZone::UTC);
    last.strftime("%m/%Y").to_string()
}

pub fn card(random: &Random, account: &Account, brand: &str, last_four: &str, now: Timestamp) -> Instrument {
    Instrument {
        method: PaymentMethod::Cc,
        label: format!("{brand} ending in {last_four}"),
        last_four: Some(last_four.to_owned()),
        expires: Some(good_until(now)),
        fingerprint: Some(fingerprint(account, brand, last_four)),
        ..balance(random, account)
    }
}

fn fingerprint(account: &Account, kind: &str, last_four: &str) -> String {
    format!("simulated:{kind}:{last_four}:{}", account.id)
}
