//! Cards and bank accounts that people add to their account and take away again. Of a number only the last
//! four digits and a keyed fingerprint are kept; the number itself is never stored, logged or sent back.

mod fingerprint;

use crate::domain::accounts::Account;
use crate::domain::instruments::{self, Instrument, simulated};
use crate::engine::Engine;
use fps_protocol::enums::PaymentMethod;
use sqlx::AnyConnection;

/// More are of no use to anybody, and the list of them must end somewhere.
const MOST: usize = 20;

/// A card or bank account to be added, checked before. Not `Debug`: the number must not come into a log.
pub struct InstrumentDetails {
    pub method: PaymentMethod,
    pub label: String,
    pub last_four: String,
    /// Of a card: `MM/YYYY`.
    pub expires: Option<String>,
    /// The whole number, for the fingerprint alone.
    pub number: String,
}

/// Why an instrument was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddInstrumentError {
    #[error("the account has {MOST} payment methods already")]
    TooMany,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Adds it to the account; its id. The same card or bank account again is the one that is there already.
pub async fn add(
    engine: &Engine,
    account: &Account,
    details: InstrumentDetails,
) -> Result<String, AddInstrumentError> {
    if instruments::for_account(&engine.db, &account.id).await?.len() >= MOST {
        return Err(AddInstrumentError::TooMany);
    }
    let key = fingerprint::key(engine).await?;
    let new = Instrument {
        method: details.method,
        label: details.label,
        last_four: Some(details.last_four),
        expires: details.expires,
        fingerprint: Some(fingerprint::of(&key, details.method, &details.number)),
        created_at: engine.clock.now_micros(),
        ..simulated::balance(&engine.random, account)
    };
    Ok(engine.db.transact(new, |c, new| Box::pin(insert_once(c, new))).await?)
}

async fn insert_once(c: &mut AnyConnection, new: &Instrument) -> Result<String, sqlx::Error> {
    if let Some(id) = instruments::find_same(&mut *c, new).await? {
        return Ok(id);
    }
    instruments::insert(c, new).await?;
    Ok(new.id.clone())
}

/// Nothing pays with it any more; what it paid for keeps its record of it. `false` when the account has no
/// card or bank account of this id.
pub async fn remove(engine: &Engine, account: &Account, id: String) -> Result<bool, sqlx::Error> {
    let removed = (account.id.clone(), id);
    engine.db.transact(removed, |c, (account_id, id)| Box::pin(instruments::remove(c, account_id, id))).await
}
