//! Cards and bank accounts that people add. Of a number only the last four digits and a keyed fingerprint
//! are kept; the number itself is never stored, logged or sent back.

mod bank_account;
mod card;
mod fingerprint;

pub use bank_account::read as read_bank_account;
pub use card::read as read_card;

use crate::domain::accounts::Account;
use crate::domain::instruments::{self, Instrument, simulated};
use crate::state::Payments;
use app::form::FormState;
use fps_protocol::enums::PaymentMethod;
use platform::web::FormFields;

/// More are of no use to anybody, and the list of them must end somewhere.
const MOST: usize = 20;

/// What was typed, checked. Not `Debug`: the number must not come into a log.
pub struct Details {
    method: PaymentMethod,
    label: String,
    last_four: String,
    /// Of a card: `MM/YYYY`.
    expires: Option<String>,
    /// The whole number, for the fingerprint alone.
    number: String,
}

/// The account has as many as it can have.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the account has {MOST} payment methods already")]
    TooMany,
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
}

/// What may be shown again of what was typed: no number.
pub fn typed(fields: &FormFields) -> FormState {
    FormState::typed_only(fields.clone().into_map(), &[card::EXPIRY])
}

/// Adds it to the account; its id. The same card or bank account again is the one that is there already.
pub async fn store(payments: &Payments, account: &Account, details: Details) -> Result<String, StoreError> {
    if instruments::for_account(&payments.db, &account.id).await?.len() >= MOST {
        return Err(StoreError::TooMany);
    }
    let key = fingerprint::key(payments).await?;
    let new = Instrument {
        method: details.method,
        label: details.label,
        last_four: Some(details.last_four),
        expires: details.expires,
        fingerprint: Some(fingerprint::of(&key, details.method, &details.number)),
        created_at: payments.clock.now_micros(),
        ..simulated::balance(&payments.random, account)
    };
    let id = payments
        .db
        .write(move |c| {
            let new = new.clone();
            Box::pin(async move {
                if let Some(id) = instruments::find_same(&mut *c, &new).await? {
                    return Ok(id);
                }
                instruments::insert(c, &new).await?;
                Ok::<_, sqlx::Error>(new.id)
            })
        })
        .await?;
    Ok(id)
}

/// The digits of a number as people type it, in groups; None if anything else is between them.
fn digits(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (!bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

fn last_four(number: &str) -> String {
    number[number.len().saturating_sub(4)..].to_owned()
}
