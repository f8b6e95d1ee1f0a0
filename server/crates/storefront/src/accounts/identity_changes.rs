//! Another name, and another e-mail address: the latter once a mail to it was read (OWASP ASVS 5.0, 6.3.7).

use super::{AccountError, ask_password, email_address, invalid, name_of_person};
use crate::Shop;
use crate::ids::{LinkId, UserId};
use crate::links;
use crate::mail::{About, Stamp, store as mails};
use crate::merchants::store as merchants;
use crate::users::email_changes::{self, EmailChange};
use crate::users::{User, resets, store};
use jiff::{SignedDuration, Timestamp};
use platform::sessions;
use sqlx::AnyConnection;
use std::net::IpAddr;

/// How long the link in the mail is good.
const LINK_LIVES: SignedDuration = SignedDuration::from_hours(24);

/// Gives the person another name; sellers see it with their orders.
pub async fn change_name(shop: &Shop, user: &User, name: &str) -> Result<(), AccountError> {
    let name = name_of_person(name).map_err(|problem| invalid("name", problem))?;
    let input = (user.id.clone(), name);
    let changed = shop.db.transact(input, |c, (id, name)| {
        Box::pin(async move {
            store::set_name(&mut *c, id, name).await?;
            find_by_shop(c, id).await
        })
    });
    let changed: Result<(), sqlx::Error> = changed.await;
    changed?;
    // It stands beside reviews.
    shop.shared_pages.forget();
    Ok(())
}

/// Lets somebody be found by the name of their shop, too.
async fn find_by_shop(c: &mut AnyConnection, id: &UserId) -> Result<(), sqlx::Error> {
    match merchants::of_user(&mut *c, id).await? {
        Some(merchant) => store::find_by(c, id, &merchant.name).await,
        None => Ok(()),
    }
}

/// What is written for a change that is asked for.
struct Asked {
    change: EmailChange,
    link: LinkId,
    digest: String,
    expires_at: Timestamp,
    to_new: Stamp,
    to_old: Stamp,
}

/// Writes to the new address, and of it to the old one. Whether the new one has an account is told by that mail alone.
/// Answers it as it is kept.
pub async fn ask_for_email(
    shop: &Shop,
    user: &User,
    email: &str,
    password: String,
    from: IpAddr,
) -> Result<String, AccountError> {
    let email = email_address(email)?;
    if email == user.email {
        return Err(invalid("email", "This is your address already."));
    }
    ask_password(shop, user, password, from).await?;
    // Nobody's mailbox is filled.
    shop.throttle.admit(&format!("a new address {email}"), from).await?.failed();
    let link = links::new_id(&shop.random);
    let asked = Asked {
        change: EmailChange { user: user.id.clone(), email: email.clone() },
        digest: links::digest(&links::token(&shop.config.secret, &link)),
        link,
        expires_at: shop.clock.now().saturating_add(LINK_LIVES).unwrap_or(Timestamp::MAX),
        to_new: shop.mail_stamp(),
        to_old: shop.mail_stamp(),
    };
    shop.db.transact(asked, |c, asked| Box::pin(write(c, asked))).await?;
    Ok(email)
}

async fn write(connection: &mut AnyConnection, asked: &Asked) -> Result<(), sqlx::Error> {
    let Asked { change, link, digest, expires_at, to_new, to_old } = asked;
    let told = About::EmailChangeAsked { to: change.email.clone() };
    mails::add(&mut *connection, &change.user, &told, to_old).await?;
    if let Some(owner) = store::find_id(&mut *connection, &change.email).await? {
        return mails::add(connection, &owner, &About::AddressTaken, to_new).await;
    }
    email_changes::keep(&mut *connection, link, digest, change, *expires_at).await?;
    mails::add_to_stranger(connection, &change.email, &About::EmailChange(link.clone()), to_new).await
}

/// Whether the link of a mail changes an address now.
pub async fn may_confirm(shop: &Shop, token: &str) -> Result<bool, sqlx::Error> {
    let found = email_changes::of_link(shop.db.readers(), &links::digest(token), shop.clock.now()).await?;
    Ok(found.is_some())
}

/// What the link of a mail changes.
struct Confirmed {
    digest: String,
    /// Of who confirms: it goes on where it is the account's, and all others of the account end.
    session: String,
    now: Timestamp,
    stamp: Stamp,
}

/// The address of the link is the account's from now on, the old one is told, and the account's sessions end but the one of
/// this handle (OWASP ASVS 5.0, 7.4.3). Answers whether the link was good.
pub async fn confirm_email(shop: &Shop, token: &str, session: String) -> Result<bool, sqlx::Error> {
    let confirmed =
        Confirmed { digest: links::digest(token), session, now: shop.clock.now(), stamp: shop.mail_stamp() };
    match shop.db.transact(confirmed, |c, confirmed| Box::pin(change_email(c, confirmed))).await {
        // Somebody signed up with the address in this very moment.
        Err(error) if is_taken(&error) => Ok(false),
        changed => changed,
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

async fn change_email(c: &mut AnyConnection, confirmed: &Confirmed) -> Result<bool, sqlx::Error> {
    let Confirmed { digest, session, now, stamp } = confirmed;
    let Some(change) = email_changes::of_link(&mut *c, digest, *now).await? else { return Ok(false) };
    let Some(user) = store::by_id(&mut *c, &change.user).await? else { return Ok(false) };
    let in_use = store::find_id(&mut *c, &change.email).await?.is_some();
    if !email_changes::take(&mut *c, digest).await? || in_use {
        return Ok(false);
    }
    store::set_email(&mut *c, &user.id, &change.email).await?;
    find_by_shop(&mut *c, &user.id).await?;
    // A link that was sent to the old address opens nothing any more.
    resets::end_all(&mut *c, &user.id).await?;
    sessions::end_others(&mut *c, user.id.as_str(), session).await?;
    let told = About::EmailChanged { to: change.email };
    mails::add_to_stranger(c, &user.email, &told, stamp).await?;
    Ok(true)
}
