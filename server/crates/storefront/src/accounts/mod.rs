//! Signing up and signing in, and what people do about the safety of their own account.

pub mod guests;
pub mod new_accounts;
pub mod reset;
pub mod security;

use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::users::User;
use crate::users::store;
use app::form::FormState;
use identity::{LONGEST_PASSWORD, NewPassword, email_key};
use platform::password::PasswordError;
use platform::throttle::NotNow;
use std::net::IpAddr;

/// In bytes: no longer one can be delivered to (RFC 5321).
pub(crate) const LONGEST_EMAIL: usize = 254;
/// Of every demo account; public, for loopback only.
pub const DEMO_PASSWORD: &str = "digitaldownload";

/// Why an account is not made, or not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    #[error(transparent)]
    NotNow(#[from] NotNow),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such user, or not the password: nobody is told which.
    #[error("the e-mail address and the password do not fit")]
    Wrong,
    /// Said to those alone who know the password.
    #[error("the account is closed")]
    Closed,
    #[error(transparent)]
    NotNow(#[from] NotNow),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The password as one that a person of this address may choose; the error is a sentence for the field.
fn new_password(shop: &Shop, password: String, email: &str) -> Result<NewPassword, String> {
    // Where the demo accounts are good for something, their password may be anybody's.
    let published: &[&str] = if shop.config.demo_accounts { &[] } else { &[DEMO_PASSWORD] };
    NewPassword::choose(password, email, published).map_err(|problem| problem.to_string())
}

/// Checks the password. Takes as long for an unknown address as for a known one.
pub async fn sign_in(shop: &Shop, email: &str, password: &str, from: IpAddr) -> Result<User, SignInError> {
    let email = email_key(email);
    let turn = shop.throttle.admit(&email, from).await?;
    let found = store::by_email(&shop.db, &email).await?;
    let closed = found.as_ref().is_some_and(|found| found.closed);
    let (user, hash) = found.map_or((None, None), |found| (Some(found.user), Some(found.password_hash)));
    let fits = password.chars().count() <= LONGEST_PASSWORD
        && shop.passwords.verify(password.to_owned(), hash).await
        && !is_published_password(shop, &email, password);
    match user {
        Some(user) if fits && closed => {
            turn.succeeded();
            tracing::warn!(user = %user.id, %from, "a sign-in to a closed account was refused");
            Err(SignInError::Closed)
        }
        Some(user) if fits => {
            turn.succeeded();
            if user.operator {
                note_operator(shop, &user, from).await?;
            }
            tracing::info!(user = %user.id, %from, "signed in");
            Ok(user)
        }
        known => {
            turn.failed();
            let user = known.map(|user| user.id.to_string());
            tracing::warn!(user, %from, "a sign-in was refused");
            Err(SignInError::Wrong)
        }
    }
}

/// Who runs the marketplace is seen to come.
async fn note_operator(shop: &Shop, user: &User, from: IpAddr) -> Result<(), sqlx::Error> {
    let who = Who::Person { id: user.id.clone(), name: user.name.clone() };
    let subject = Subject::new(Kind::User, &user.id, &user.name);
    let entry = Entry::new(shop.new_id(), shop.clock.now(), who, Deed::OperatorSignedIn, subject)
        .changed("", format!("from {from}"));
    shop.db.transact(entry, |c, entry| Box::pin(audit::record(c, entry))).await
}

/// Whether somebody gives a demo account's published password where it must open nothing. Nobody else has
/// an address at example.com (RFC 2606).
fn is_published_password(shop: &Shop, email: &str, password: &str) -> bool {
    !shop.config.demo_accounts && email.ends_with("@example.com") && password == DEMO_PASSWORD
}
