//! Signing up. The answer is the same whether or not the address has an account: the mail tells, to whoever reads it.
//!
//! Where a mail server is set, nobody has an account before they followed the link in the mail. In the lab, where
//! anybody can open any mailbox, and where no mail reaches anybody, a new account is there at once; then whoever tries
//! finds out in the end, by not being signed in, and the throttle slows them down.

use super::{AccountError, LONGEST_EMAIL, name_of_person, new_password};
use crate::Shop;
use crate::ids::LinkId;
use crate::links;
use crate::mail::{About, Stamp, store as mails};
use crate::users::sign_ups::{self, SignUp};
use crate::users::store::{self, NewUser};
use crate::users::{User, email_changes, resets};
use app::form::FormState;
use identity::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use shop_pages::model::MailReach;
use sqlx::AnyConnection;
use std::net::IpAddr;

/// How long the link in the mail is good.
const LINK_LIVES: SignedDuration = SignedDuration::from_hours(24);

/// What the sign-up form asks for.
#[derive(Clone)]
pub struct NewAccount {
    pub name: String,
    pub email: String,
    pub password: String,
    /// Where the person was going.
    pub next: String,
}

/// How a sign-up went.
#[derive(Debug)]
pub enum SignedUp {
    /// There is an account, and this is who signs in to it.
    AtOnce(User),
    /// The address has an account: a mail to it says so, and nobody signs in.
    Taken { email: String },
    /// The mail says how to go on.
    ByMail,
}

/// Takes a sign-up. For the throttle it counts like a wrong password: nobody makes accounts by the hundred, or finds
/// out by trying which addresses have one.
pub async fn sign_up(shop: &Shop, form: NewAccount, from: IpAddr) -> Result<SignedUp, AccountError> {
    let next = form.next.clone();
    let (name, email, password) = checked(shop, form)?;
    let turn = shop.throttle.admit(&email, from).await?;
    let password_hash = shop.passwords.hash(password).await?;
    turn.failed();
    let sign_up = SignUp { email, name, password_hash, next };
    if shop.config.mail_reach() == MailReach::Sent {
        by_mail(shop, sign_up).await?;
        return Ok(SignedUp::ByMail);
    }
    Ok(at_once(shop, sign_up).await?)
}

/// Name, address and password as they are kept.
fn checked(shop: &Shop, form: NewAccount) -> Result<(String, String, String), AccountError> {
    let mut errors = FormState::default();
    let name = name_of_person(&form.name);
    let email = EmailAddress::parse(&form.email, LONGEST_EMAIL).map_err(|problem| problem.to_string());
    let password = new_password(shop, form.password, &form.email);
    let problems = [
        ("name", name.as_ref().err()),
        ("email", email.as_ref().err()),
        ("password", password.as_ref().err()),
    ];
    for (field, problem) in problems {
        if let Some(problem) = problem {
            errors.refuse(field, problem);
        }
    }
    match (name, email, password) {
        (Ok(name), Ok(email), Ok(password)) => Ok((name, email.into_string(), password.into_string())),
        _ => Err(AccountError::Invalid(errors)),
    }
}

fn new_user(shop: &Shop, sign_up: SignUp) -> NewUser {
    let SignUp { email, name, password_hash, .. } = sign_up;
    let user = User { id: shop.new_id(), email, name, operator: false };
    NewUser { user, password_hash, created_at: shop.clock.now() }
}

async fn at_once(shop: &Shop, sign_up: SignUp) -> Result<SignedUp, sqlx::Error> {
    let new = new_user(shop, sign_up);
    let user = new.user.clone();
    let input = (new, shop.mail_stamp());
    let inserted = shop.db.transact(input, |c, (new, stamp)| Box::pin(open(c, new, stamp))).await?;
    Ok(if inserted { SignedUp::AtOnce(user) } else { SignedUp::Taken { email: user.email } })
}

/// Opens the account, or tells who has one.
async fn open(connection: &mut AnyConnection, new: &NewUser, stamp: &Stamp) -> Result<bool, sqlx::Error> {
    let inserted = store::insert(&mut *connection, new).await?;
    if inserted {
        mails::add(connection, &new.user.id, &About::Welcome, stamp).await?;
    } else {
        let owner = store::id_of_email(connection, &new.user.email).await?;
        mails::add(connection, &owner, &About::SignUpAttempt, stamp).await?;
    }
    Ok(inserted)
}

/// A sign-up with what the outside gives to it.
struct Pending {
    sign_up: SignUp,
    link: LinkId,
    digest: String,
    expires_at: Timestamp,
    stamp: Stamp,
}

async fn by_mail(shop: &Shop, sign_up: SignUp) -> Result<(), sqlx::Error> {
    let link = links::new_id(&shop.random);
    let pending = Pending {
        digest: links::digest(&links::token(&shop.config.secret, &link)),
        expires_at: shop.clock.now().saturating_add(LINK_LIVES).unwrap_or(Timestamp::MAX),
        sign_up,
        link,
        stamp: shop.mail_stamp(),
    };
    shop.db.transact(pending, |c, pending| Box::pin(keep(c, pending))).await
}

/// Both ways write as much.
async fn keep(connection: &mut AnyConnection, pending: &Pending) -> Result<(), sqlx::Error> {
    let Pending { sign_up, link, digest, expires_at, stamp } = pending;
    if let Some(owner) = store::find_id(&mut *connection, &sign_up.email).await? {
        return mails::add(connection, &owner, &About::SignUpAttempt, stamp).await;
    }
    sign_ups::keep(&mut *connection, link, digest, sign_up, *expires_at).await?;
    mails::add_to_stranger(connection, &sign_up.email, &About::ConfirmSignUp(link.clone()), stamp).await
}

/// Whether the link of a mail opens an account now.
pub async fn may_confirm(shop: &Shop, token: &str) -> Result<bool, sqlx::Error> {
    let found = sign_ups::of_link(shop.db.readers(), &links::digest(token), shop.clock.now()).await?;
    Ok(found.is_some())
}

/// Opens the account that the link of a mail is for, and answers where its owner was going; `None` where it is over.
pub async fn confirm(shop: &Shop, token: &str) -> Result<Option<(User, String)>, sqlx::Error> {
    let digest = links::digest(token);
    let Some(sign_up) = sign_ups::of_link(shop.db.readers(), &digest, shop.clock.now()).await? else {
        return Ok(None);
    };
    let next = sign_up.next.clone();
    let new = new_user(shop, sign_up);
    let user = new.user.clone();
    let input = (digest, new, shop.mail_stamp());
    let opened = shop.db.transact(input, |c, (digest, new, stamp)| {
        Box::pin(async move {
            if !sign_ups::take(&mut *c, digest).await? || !store::insert(&mut *c, new).await? {
                return Ok(false);
            }
            mails::add(c, &new.user.id, &About::Welcome, stamp).await?;
            Ok::<bool, sqlx::Error>(true)
        })
    });
    Ok(opened.await?.then_some((user, next)))
}

/// Forgets links that are over; answers how many those were.
pub async fn forget_old_links(shop: &Shop) -> Result<u64, sqlx::Error> {
    let forgotten = shop.db.transact(shop.clock.now(), |c, now| {
        Box::pin(async move {
            let sign_ups = sign_ups::forget_old(&mut *c, *now).await?;
            let changes = email_changes::forget_old(&mut *c, *now).await?;
            Ok::<u64, sqlx::Error>(sign_ups + changes + resets::forget_old(c, *now).await?)
        })
    });
    forgotten.await
}
