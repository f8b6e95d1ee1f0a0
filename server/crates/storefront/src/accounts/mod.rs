//! Signing up and signing in, and what people do about the safety of their own account.

pub mod deletion;
pub mod export;
pub mod guests;
pub mod identity_changes;
pub mod new_accounts;
pub mod reset;
pub mod second_factor;
pub mod security;

use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::ids::UserId;
use crate::links;
use crate::users::{User, email_changes, resets, second_factors, store};
use app::form::FormState;
use identity::{EmailAddress, LONGEST_PASSWORD, NameProblem, NewPassword, PublicName, email_key};
use platform::password::PasswordError;
use platform::throttle::NotNow;
use sqlx::AnyConnection;
use std::net::IpAddr;

/// In bytes: no longer one can be delivered to (RFC 5321).
pub(crate) const LONGEST_EMAIL: usize = 254;
const LONGEST_NAME: usize = 80;
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
    /// The password was changed between the steps.
    #[error("the first step is over")]
    Over,
    /// The password is right, and the code is not; the error stands at its field.
    #[error("the code does not fit")]
    Code(FormState),
    #[error(transparent)]
    NotNow(#[from] NotNow),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A form with one problem.
fn invalid(field: &str, problem: impl Into<String>) -> AccountError {
    let mut form = FormState::default();
    form.refuse(field, problem);
    AccountError::Invalid(form)
}

/// An address as it is kept; the error stands at the field `email`.
fn email_address(text: &str) -> Result<String, AccountError> {
    let email = EmailAddress::parse(text, LONGEST_EMAIL);
    email.map(EmailAddress::into_string).map_err(|problem| invalid("email", problem.to_string()))
}

/// A name by which sellers and buyers know somebody; the error is a sentence for the field.
fn name_of_person(text: &str) -> Result<String, String> {
    let name = PublicName::parse(text, LONGEST_NAME).map_err(|problem| match problem {
        NameProblem::Empty => "Enter your name.".to_owned(),
        problem => problem.to_string(),
    })?;
    let name = name.into_string();
    if name.eq_ignore_ascii_case(store::DELETED) {
        return Err("This name stands for accounts that are gone. Choose another one.".to_owned());
    }
    Ok(name)
}

/// Asks once more who is there, before something that needs care; a wrong password counts like a failed sign-in: who
/// finds a browser open must not guess it here. Answers the hash that it fits.
async fn ask_password(
    shop: &Shop,
    user: &User,
    password: String,
    from: IpAddr,
) -> Result<String, AccountError> {
    let turn = shop.throttle.admit(&user.email, from).await?;
    let hash = store::by_email(&shop.db, &user.email).await?.map(|found| found.password_hash);
    let fits = password.chars().count() <= LONGEST_PASSWORD;
    if fits && shop.passwords.verify(password, hash.clone()).await {
        turn.succeeded();
        return Ok(hash.unwrap_or_default());
    }
    turn.failed();
    Err(invalid("current_password", "This is not your password."))
}

/// The password as one that a person of this address may choose; the error is a sentence for the field.
fn new_password(shop: &Shop, password: String, email: &str) -> Result<NewPassword, String> {
    // Where the demo accounts are good for something, their password may be anybody's.
    let published: &[&str] = if shop.config.demo_accounts { &[] } else { &[DEMO_PASSWORD] };
    NewPassword::choose(password, email, published).map_err(|problem| problem.to_string())
}

/// With another password nothing goes on that was begun under the one before: links in mail open nothing any more, and wrong
/// codes are not counted further.
async fn end_what_was_begun(c: &mut AnyConnection, user: &UserId) -> Result<(), sqlx::Error> {
    resets::end_all(&mut *c, user).await?;
    email_changes::end_all(&mut *c, user).await?;
    second_factors::forgive(c, user).await
}

/// How far the password leads.
#[derive(Debug)]
pub enum FirstStep {
    Done(User),
    /// A code is asked for, of whom has this password still.
    CodeNeeded(Half),
}

/// Somebody who knows the password and has not given a code yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    pub user: UserId,
    /// Of the password's hash: with another password the first step is nothing.
    pub proof: String,
}

/// Checks the password. Takes as long for an unknown address as for a known one.
pub async fn sign_in(
    shop: &Shop,
    email: &str,
    password: &str,
    from: IpAddr,
) -> Result<FirstStep, SignInError> {
    let email = email_key(email);
    let turn = shop.throttle.admit(&email, from).await?;
    let found = store::by_email(&shop.db, &email).await?;
    let closed = found.as_ref().is_some_and(|found| found.closed);
    let (user, hash) = found.map_or((None, None), |found| (Some(found.user), Some(found.password_hash)));
    let fits = password.chars().count() <= LONGEST_PASSWORD
        && shop.passwords.verify(password.to_owned(), hash.clone()).await
        && !is_published_password(shop, &email, password);
    match user {
        Some(user) if fits && closed => {
            turn.succeeded();
            tracing::warn!(user = %user.id, %from, "a sign-in to a closed account was refused");
            Err(SignInError::Closed)
        }
        Some(user) if fits => {
            turn.succeeded();
            if second_factor::is_on(shop, &user.id).await? {
                let proof = links::digest(&hash.unwrap_or_default());
                return Ok(FirstStep::CodeNeeded(Half { user: user.id, proof }));
            }
            signed_in(shop, user, from).await.map(FirstStep::Done)
        }
        known => {
            turn.failed();
            let user = known.map(|user| user.id.to_string());
            tracing::warn!(user, %from, "a sign-in was refused");
            Err(SignInError::Wrong)
        }
    }
}

async fn signed_in(shop: &Shop, user: User, from: IpAddr) -> Result<User, SignInError> {
    if user.operator {
        note_operator(shop, &user, from).await?;
    }
    tracing::info!(user = %user.id, %from, "signed in");
    Ok(user)
}

/// Checks the code that is asked for after the password.
pub async fn give_code(shop: &Shop, half: &Half, code: &str, from: IpAddr) -> Result<User, SignInError> {
    let found = store::with_password(&shop.db, &half.user).await?.ok_or(SignInError::Over)?;
    if found.closed {
        return Err(SignInError::Closed);
    }
    if links::digest(&found.password_hash) != half.proof {
        return Err(SignInError::Over);
    }
    match second_factor::ask_code(shop, &half.user, code, from).await {
        Ok(()) => signed_in(shop, found.user, from).await,
        Err(AccountError::Invalid(form)) => {
            tracing::warn!(user = %half.user, %from, "a code at sign-in was refused");
            Err(SignInError::Code(form))
        }
        Err(AccountError::NotNow(not_now)) => Err(not_now.into()),
        Err(AccountError::Database(error)) => Err(error.into()),
        Err(AccountError::Password(_)) => Err(SignInError::Over),
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
