//! Signing up and signing in.

use crate::Shop;
use crate::input;
use crate::users::User;
use crate::users::store::{self, NewUser};
use app::form::FormState;
use platform::password::PasswordError;
use platform::throttle::TooMany;
use std::net::IpAddr;

const SHORTEST_PASSWORD: usize = 10;
const LONGEST_PASSWORD: usize = 200;
const LONGEST_NAME: usize = 80;
/// Of every demo account; public, for loopback only.
pub const DEMO_PASSWORD: &str = "digitaldownload";

/// What the sign-up form asks for.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    #[error(transparent)]
    TooMany(#[from] TooMany),
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
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes an account. The address must be new. For the throttle it counts like a wrong password: nobody makes
/// accounts by the hundred, or finds out by trying which addresses have one.
pub async fn sign_up(shop: &Shop, form: SignUp, from: IpAddr) -> Result<User, SignUpError> {
    let mut errors = FormState::default();
    let name = input::single_line(&form.name, "your name", LONGEST_NAME);
    let email = input::email(&form.email);
    let length = form.password.chars().count();
    if length < SHORTEST_PASSWORD {
        errors.refuse("password", format!("Use at least {SHORTEST_PASSWORD} characters."));
    } else if length > LONGEST_PASSWORD {
        errors.refuse("password", format!("Use at most {LONGEST_PASSWORD} characters."));
    }
    for (field, problem) in [("name", name.as_ref().err()), ("email", email.as_ref().err())] {
        if let Some(problem) = problem {
            errors.refuse(field, problem);
        }
    }
    let (Ok(name), Ok(email), true) = (name, email, errors.is_valid()) else {
        return Err(SignUpError::Invalid(errors));
    };
    let turn = shop.throttle.admit(&email, from).await?;
    let user = User { id: shop.new_id(), email, name, operator: false };
    let password_hash = shop.passwords.hash(form.password).await?;
    let new = NewUser { user: user.clone(), password_hash, created_at: shop.clock.now() };
    let inserted = shop.db.transact(new, |c, new| Box::pin(store::insert(c, new))).await?;
    turn.failed();
    if inserted {
        return Ok(user);
    }
    errors.refuse("email", "There is an account with this address. Sign in, or use another address.");
    Err(SignUpError::Invalid(errors))
}

/// Checks the password. Takes as long for an unknown address as for a known one.
pub async fn sign_in(shop: &Shop, email: &str, password: &str, from: IpAddr) -> Result<User, SignInError> {
    let email = email.trim().to_lowercase();
    let turn = shop.throttle.admit(&email, from).await?;
    let found = store::by_email(&shop.db, &email).await?;
    let (user, hash) = found.map_or((None, None), |found| (Some(found.user), Some(found.password_hash)));
    let fits = password.chars().count() <= LONGEST_PASSWORD
        && shop.passwords.verify(password.to_owned(), hash).await
        && !is_published_password(shop, &email, password);
    match user {
        Some(user) if fits => Ok(user),
        _ => {
            turn.failed();
            Err(SignInError::Wrong)
        }
    }
}

/// Whether somebody gives a demo account's published password where it must open nothing. Nobody else has
/// an address at example.com (RFC 2606).
fn is_published_password(shop: &Shop, email: &str, password: &str) -> bool {
    !shop.config.demo_accounts && email.ends_with("@example.com") && password == DEMO_PASSWORD
}
