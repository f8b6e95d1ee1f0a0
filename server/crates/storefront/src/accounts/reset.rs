//! A new password by mail, for who does not know theirs any more (OWASP ASVS 5.0, 6.4.3).

use super::{AccountError, email_address, end_what_was_begun, invalid, new_password};
use crate::Shop;
use crate::ids::UserId;
use crate::links;
use crate::mail::{About, Stamp, store as mails};
use crate::users::resets::{self, NewReset};
use crate::users::store;
use jiff::{SignedDuration, Timestamp};
use platform::sessions;
use sqlx::AnyConnection;
use std::net::IpAddr;

/// How long a link is good.
const LINK_LIVES: SignedDuration = SignedDuration::from_hours(1);

/// What is written for one form.
struct Asked {
    email: String,
    new: NewReset,
    stamp: Stamp,
}

/// Writes to the address: a link, or that there is no account. Answers the address as it is kept; who asked is not told
/// which it was, and either way as much is written. Each address has a few of these, then one a minute: nobody's
/// mailbox is filled.
pub async fn ask(shop: &Shop, email: &str, from: IpAddr) -> Result<String, AccountError> {
    let email = email_address(email)?;
    // Counted apart from wrong passwords: it is after those that people ask.
    shop.throttle.admit(&format!("a new password for {email}"), from).await?.failed();
    let id = links::new_id(&shop.random);
    let digest = links::digest(&links::token(&shop.config.secret, &id));
    let expires_at = shop.clock.now().saturating_add(LINK_LIVES).unwrap_or(Timestamp::MAX);
    let asked =
        Asked { email: email.clone(), new: NewReset { id, digest, expires_at }, stamp: shop.mail_stamp() };
    shop.db.transact(asked, |c, asked| Box::pin(write(c, asked))).await?;
    Ok(email)
}

async fn write(connection: &mut AnyConnection, asked: &Asked) -> Result<(), sqlx::Error> {
    let Asked { email, new, stamp } = asked;
    match store::find_id(&mut *connection, email).await? {
        Some(user) => {
            resets::give(&mut *connection, &user, new).await?;
            mails::add(connection, &user, &About::PasswordReset(new.id.clone()), stamp).await
        }
        None => mails::add_to_stranger(connection, email, &About::NoAccount, stamp).await,
    }
}

/// Whether the link of a mail changes a password now.
pub async fn may_reset(shop: &Shop, token: &str) -> Result<bool, sqlx::Error> {
    let user = resets::user_of(shop.db.readers(), &links::digest(token), shop.clock.now()).await?;
    Ok(user.is_some())
}

/// Gives the account of the link the new password, ends the link, and all sessions, in one commit. Answers whether the
/// link was good.
pub async fn reset(shop: &Shop, token: &str, password: String) -> Result<bool, AccountError> {
    let digest = links::digest(token);
    let Some(user) = resets::user_of(shop.db.readers(), &digest, shop.clock.now()).await? else {
        return Ok(false);
    };
    let email = store::by_id(shop.db.readers(), &user).await?.ok_or(sqlx::Error::RowNotFound)?.email;
    let password =
        new_password(shop, password, &email).map_err(|problem| invalid("new_password", problem))?;
    let hash = shop.passwords.hash(password.into_string()).await?;
    let input = (digest, user, hash, shop.mail_stamp());
    let changed = shop
        .db
        .transact(input, |c, (digest, user, hash, stamp)| Box::pin(change(c, digest, user, hash, stamp)));
    Ok(changed.await?)
}

async fn change(
    connection: &mut AnyConnection,
    digest: &str,
    user: &UserId,
    hash: &str,
    stamp: &Stamp,
) -> Result<bool, sqlx::Error> {
    if !resets::take(&mut *connection, digest).await? {
        return Ok(false);
    }
    end_what_was_begun(&mut *connection, user).await?;
    store::set_password(&mut *connection, user, hash).await?;
    // No session has an empty handle.
    sessions::end_others(&mut *connection, user.as_str(), "").await?;
    mails::add(connection, user, &About::PasswordChanged, stamp).await?;
    Ok(true)
}
