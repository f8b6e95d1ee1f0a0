//! A second factor: a code of an app after the password (RFC 6238), and recovery codes for who has lost the app. OWASP
//! ASVS 5.0, 6.5: each code is taken once, guesses are slowed down and come to an end, and what codes are made from cannot
//! be read from the database alone.

mod codes;

use super::{AccountError, ask_password, invalid};
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::ids::UserId;
use crate::links;
use crate::mail::{About, Stamp, store as mails};
use crate::users::User;
use crate::users::second_factors::{self as store, SecondFactor};
#[cfg(test)]
pub use codes::code_now;
use codes::{Code, new_recovery_codes, secret, step_of};
use jiff::{SignedDuration, Timestamp};
use platform::sessions;
use shop_pages::model::SecondFactorState;
use sqlx::AnyConnection;
use std::net::IpAddr;

/// How long a secret that was shown waits for its first code: who has a look at the page later sees another.
const BEGUN_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Wrong codes in a row before codes of the app are not taken any more, until the person chooses a new password: each of
/// them was given by somebody who knows the one that there is (NIST SP 800-63B-4, 3.2.2).
const MOST_WRONG: i64 = 100;
/// After so many the person is told, and again each time that so many more were given.
const TOLD_AT: i64 = 5;

pub const WRONG_CODE: &str =
    "This code does not fit, or was used before. Type the one that the app shows now, or a recovery code.";
const TOO_MANY: &str = "Too many wrong codes were given, so none of the app is taken. Use a recovery code, or choose a new \
     password by mail first.";

/// The person's second factor, where one is on.
async fn of_user(shop: &Shop, user: &UserId) -> Result<Option<SecondFactor>, sqlx::Error> {
    let factor = store::of_user(shop.db.readers(), user).await?;
    Ok(factor.filter(|factor| factor.enabled_at.is_some()))
}

/// One that waits for its first code.
async fn begun(shop: &Shop, user: &UserId) -> Result<Option<SecondFactor>, sqlx::Error> {
    let factor = store::of_user(shop.db.readers(), user).await?;
    let waits = |factor: &SecondFactor| {
        factor.enabled_at.is_none() && shop.clock.now().duration_since(factor.begun_at) < BEGUN_FOR
    };
    Ok(factor.filter(waits))
}

/// Whether signing in asks for a code.
pub async fn is_on(shop: &Shop, user: &UserId) -> Result<bool, sqlx::Error> {
    Ok(of_user(shop, user).await?.is_some())
}

/// Where the person stands with it.
pub async fn state(shop: &Shop, user: &User) -> Result<SecondFactorState, sqlx::Error> {
    if let Some(begun) = begun(shop, &user.id).await? {
        return Ok(SecondFactorState::Begun(secret(shop, user, &begun.id)));
    }
    Ok(match recovery_codes(shop, &user.id).await? {
        Some(recovery_codes) => SecondFactorState::On { recovery_codes },
        None => SecondFactorState::Off,
    })
}

/// How many recovery codes are left; `None` where the second factor is off.
pub async fn recovery_codes(shop: &Shop, user: &UserId) -> Result<Option<u32>, sqlx::Error> {
    if !is_on(shop, user).await? {
        return Ok(None);
    }
    store::recovery_codes(shop.db.readers(), user).await.map(Some)
}

/// Begins with a new secret, after the password; nothing is asked for before a right code was given.
pub async fn begin(shop: &Shop, user: &User, password: String, from: IpAddr) -> Result<(), AccountError> {
    ask_password(shop, user, password, from).await?;
    let input = (user.id.clone(), links::new_id(&shop.random), shop.clock.now());
    Ok(shop.db.transact(input, |c, (user, id, at)| Box::pin(store::begin(c, user, id, *at))).await?)
}

/// What is written when it is turned on or off.
#[derive(Clone)]
struct Turn {
    user: User,
    /// The one that goes on: all others end (OWASP ASVS 5.0, 7.4.3).
    session: String,
    audit: audit::AuditId,
    at: Timestamp,
    stamp: Stamp,
}

impl Turn {
    fn new(shop: &Shop, user: &User, session: String) -> Self {
        let (audit, at, stamp) = (shop.new_id(), shop.clock.now(), shop.mail_stamp());
        Self { user: user.clone(), session, audit, at, stamp }
    }

    /// Ends other sessions, and tells the person, and of an operator the log: what operators do about who may be one is
    /// everybody's concern.
    async fn end(&self, c: &mut AnyConnection, about: &About, deed: Deed) -> Result<(), sqlx::Error> {
        let user = &self.user;
        sessions::end_others(&mut *c, user.id.as_str(), &self.session).await?;
        mails::add(&mut *c, &user.id, about, &self.stamp).await?;
        if !user.operator {
            return Ok(());
        }
        let who = Who::Person { id: user.id.clone(), name: user.name.clone() };
        let subject = Subject::new(Kind::User, &user.id, &user.name);
        audit::record(c, &Entry::new(self.audit.clone(), self.at, who, deed, subject)).await
    }
}

/// Turns it on, after a right code, and ends all sessions but the one of this handle. Answers the recovery codes, which are
/// shown this once.
pub async fn turn_on(
    shop: &Shop,
    user: &User,
    typed: &str,
    from: IpAddr,
    session: String,
) -> Result<Vec<String>, AccountError> {
    let Some(begun) = begun(shop, &user.id).await? else {
        return Err(invalid(
            "",
            "There is nothing to confirm any more. Here is where your second factor stands.",
        ));
    };
    let guess = shop.throttle.admit(&line_of(&user.id), from).await?;
    let step = match Code::parse(typed) {
        Code::App(code) => step_of(shop, &begun.id, &code),
        Code::Recovery(_) => None,
    };
    let Some(step) = step else {
        guess.failed();
        return Err(invalid(
            "code",
            "This is not the code that the app shows now. Type the six digits anew; if they are refused again, look whether \
             the phone\u{2019}s time is right.",
        ));
    };
    let (shown, kept) = new_recovery_codes(shop);
    let input = (Turn::new(shop, user, session), begun.id, step, kept);
    let changed = shop.db.transact(input, |c, (turn, id, step, kept)| {
        Box::pin(async move {
            if !store::turn_on(&mut *c, &turn.user.id, id, *step, turn.at).await? {
                return Ok(false);
            }
            store::set_recovery_codes(&mut *c, &turn.user.id, kept).await?;
            turn.end(c, &About::SecondFactorOn, Deed::SecondFactorOn).await?;
            Ok::<bool, sqlx::Error>(true)
        })
    });
    if !changed.await? {
        return Err(invalid("", "It was turned on meanwhile, in another window."));
    }
    guess.succeeded();
    Ok(shown)
}

/// What is asked for before something that a password alone must not open.
pub struct Proof {
    pub password: String,
    pub code: String,
    pub from: IpAddr,
}

/// Asks for the password, and for a code where a second factor is on.
pub async fn ask(shop: &Shop, user: &User, proof: Proof) -> Result<(), AccountError> {
    ask_password(shop, user, proof.password, proof.from).await?;
    ask_code(shop, &user.id, &proof.code, proof.from).await
}

/// Turns it off, and ends all sessions but the one of this handle.
pub async fn turn_off(shop: &Shop, user: &User, proof: Proof, session: String) -> Result<(), AccountError> {
    ask(shop, user, proof).await?;
    let off = shop.db.transact(Turn::new(shop, user, session), |c, turn| {
        Box::pin(async move {
            if store::turn_off(&mut *c, &turn.user.id).await? {
                turn.end(c, &About::SecondFactorOff, Deed::SecondFactorOff).await?;
            }
            Ok::<(), sqlx::Error>(())
        })
    });
    Ok(off.await?)
}

/// New recovery codes in place of those that there were. A code is asked for, since these open what codes open.
pub async fn new_codes(shop: &Shop, user: &User, proof: Proof) -> Result<Vec<String>, AccountError> {
    if !is_on(shop, &user.id).await? {
        return Err(invalid("", "Your second factor is off, so there is nothing that codes would be for."));
    }
    ask(shop, user, proof).await?;
    let (shown, kept) = new_recovery_codes(shop);
    let input = (user.id.clone(), kept, shop.mail_stamp());
    let made = shop.db.transact(input, |c, (user, kept, stamp)| {
        Box::pin(async move {
            store::set_recovery_codes(&mut *c, user, kept).await?;
            mails::add(c, user, &About::RecoveryCodesMade, stamp).await
        })
    });
    let made: Result<(), sqlx::Error> = made.await;
    made?;
    Ok(shown)
}

/// Guesses of codes are counted apart from wrong passwords: whoever comes so far knows the password.
fn line_of(user: &UserId) -> String {
    format!("codes of {user}")
}

/// Takes a code of the app or for recovery, which was not used yet; the error stands at the field `code`. Who has no second
/// factor is asked for none.
pub async fn ask_code(shop: &Shop, user: &UserId, typed: &str, from: IpAddr) -> Result<(), AccountError> {
    if !is_on(shop, user).await? {
        return Ok(());
    }
    let guess = shop.throttle.admit(&line_of(user), from).await?;
    // Looked up in turn: who came before may have been wrong once too often.
    let Some(factor) = of_user(shop, user).await? else { return Ok(()) };
    let locked = factor.wrong >= MOST_WRONG;
    let taken = match Code::parse(typed) {
        Code::App(code) => !locked && take_step(shop, user, factor, &code).await?,
        Code::Recovery(code) => take_recovery_code(shop, user, &code).await?,
    };
    if taken {
        guess.succeeded();
        return Ok(());
    }
    guess.failed();
    count_wrong(shop, user).await?;
    Err(invalid("code", if locked { TOO_MANY } else { WRONG_CODE }))
}

async fn take_step(
    shop: &Shop,
    user: &UserId,
    factor: SecondFactor,
    code: &str,
) -> Result<bool, sqlx::Error> {
    let Some(step) = step_of(shop, &factor.id, code) else { return Ok(false) };
    let input = (user.clone(), factor.id, step);
    shop.db.transact(input, |c, (user, id, step)| Box::pin(store::take_step(c, user, id, *step))).await
}

async fn take_recovery_code(shop: &Shop, user: &UserId, code: &str) -> Result<bool, sqlx::Error> {
    let digest = links::recovery_digest(&shop.config.secret, code);
    let input = (user.clone(), digest, shop.mail_stamp());
    let taken = shop.db.transact(input, |c, (user, digest, stamp)| {
        Box::pin(async move {
            let taken = store::take_recovery_code(&mut *c, user, digest).await?;
            if taken {
                store::forgive(&mut *c, user).await?;
                mails::add(c, user, &About::RecoveryCodeUsed, stamp).await?;
            }
            Ok::<bool, sqlx::Error>(taken)
        })
    });
    taken.await
}

/// Somebody who knows the password does not know the code: the person hears of it.
async fn count_wrong(shop: &Shop, user: &UserId) -> Result<(), sqlx::Error> {
    let input = (user.clone(), shop.mail_stamp());
    let counted = shop.db.transact(input, |c, (user, stamp)| {
        Box::pin(async move {
            let wrong = store::count_wrong(&mut *c, user).await?;
            if wrong > 0 && wrong % TOLD_AT == 0 && wrong <= MOST_WRONG {
                mails::add(c, user, &About::WrongCodes, stamp).await?;
            }
            Ok::<(), sqlx::Error>(())
        })
    });
    counted.await
}
