//! A second factor whose owner has lost the app and the recovery codes, and cannot sign in to turn it off.

use super::by;
use super::standing::{StandingError, kept_reason};
use crate::Shop;
use crate::audit::{self, AuditId, Deed, Entry, Kind, Subject};
use crate::ids::UserId;
use crate::mail::{About, Stamp, store as mails};
use crate::users::{self, User, second_factors};
use jiff::Timestamp;
use platform::sessions;
use sqlx::AnyConnection;

/// What the transaction needs.
struct Wish {
    person: UserId,
    reason: String,
    by: User,
    id: AuditId,
    now: Timestamp,
    stamp: Stamp,
}

/// Turns it off, for a reason that is kept: from then on the password alone opens the account. Its owner is told, and signed
/// out everywhere. Answers whether there was one. An operator's is not for another to turn off.
pub async fn turn_off(
    shop: &Shop,
    operator: &User,
    person: &UserId,
    reason: &str,
) -> Result<bool, StandingError> {
    let reason = kept_reason(reason)?;
    let (id, now, stamp) = (shop.new_id(), shop.clock.now(), shop.mail_stamp());
    let wish = Wish { person: person.clone(), reason, by: operator.clone(), id, now, stamp };
    shop.db.transact(wish, |c, wish| Box::pin(turn_off_in(c, wish))).await
}

async fn turn_off_in(connection: &mut AnyConnection, wish: &Wish) -> Result<bool, StandingError> {
    let person = &wish.person;
    let user = users::store::by_id(&mut *connection, person).await?.ok_or(StandingError::NotFound)?;
    if user.operator {
        return Err(StandingError::Operator);
    }
    // One that its owner has only begun asks for nothing yet.
    let factor = second_factors::of_user(&mut *connection, person).await?;
    if factor.is_none_or(|factor| factor.enabled_at.is_none()) {
        return Ok(false);
    }
    second_factors::turn_off(&mut *connection, person).await?;
    sessions::end_others(&mut *connection, person.as_str(), "").await?;
    mails::add(&mut *connection, person, &About::SecondFactorOff, &wish.stamp).await?;
    let subject = Subject::new(Kind::User, person, user.name);
    let entry = Entry::new(wish.id.clone(), wish.now, by(&wish.by), Deed::SecondFactorOff, subject)
        .changed("on", "off")
        .because(&wish.reason);
    audit::record(connection, &entry).await?;
    Ok(true)
}
