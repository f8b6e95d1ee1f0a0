//! A new account with Amazon Payments, made on the way through the Co-Branded UI.

use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::domain::instruments::{self, Instrument, simulated};
use crate::state::Site;
use crate::web::sign_in::{SignInError, Visitor, typed};
use app::form::FormState;
use jiff::Timestamp;
use platform::Random;
use platform::web::{ClientAddress, FormFields, Refusal};

/// Limits of FPS (REFERENCE §10).
const LONGEST_NAME: usize = 128;
const LONGEST_EMAIL: usize = 65;
const SHORTEST_PASSWORD: usize = 10;
/// Argon2 would take more; a person would not.
const LONGEST_PASSWORD: usize = 256;

/// What somebody typed, checked.
struct Wish {
    name: String,
    email: String,
    password: String,
    business_name: Option<String>,
}

/// Opens an account and signs in. With a business name it is a business account whatever the pipeline.
/// For the throttle it counts like a wrong password from this address: nobody makes accounts by the
/// hundred, or finds out by trying which e-mail addresses have one.
pub async fn create_account(
    site: &Site,
    visitor: &mut Visitor,
    fields: &FormFields,
    kind: AccountKind,
    ClientAddress(address): ClientAddress,
) -> Result<(), SignInError> {
    let mut form = typed(fields);
    let Some(wish) = read(fields, &mut form) else {
        return Err(SignInError::Form(form));
    };
    let turn = site.throttle.admit(&wish.email, address).await;
    let turn = turn.map_err(|too_many| Refusal::too_many(too_many.retry_after))?;
    let password_hash = site.passwords.hash(wish.password).await.map_err(Refusal::because)?;
    let payments = &site.payments;
    let account = Account {
        id: payments.random.upper_alphanumeric(14),
        email: wish.email,
        name: wish.name,
        kind: if wish.business_name.is_some() { AccountKind::Business } else { kind },
        business_name: wish.business_name,
        status: AccountStatus::Active,
        email_verified: true,
        password_hash,
        created_at: payments.clock.now_micros(),
    };
    let instruments = first_instruments(&payments.random, &account, payments.clock.now());
    let inserted = insert(site, account.clone(), instruments).await?;
    turn.failed();
    if inserted {
        return Ok(visitor.become_account(account).await?);
    }
    form.refuse("email", "There is an account with this e-mail address already: sign in to it instead.");
    Err(SignInError::Form(form))
}

/// `false` when the e-mail address is taken.
async fn insert(site: &Site, account: Account, instruments: Vec<Instrument>) -> Result<bool, sqlx::Error> {
    let stored = site
        .payments
        .db
        .write(move |c| {
            let (account, instruments) = (account.clone(), instruments.clone());
            Box::pin(async move {
                accounts::insert(&mut *c, &account).await?;
                for instrument in &instruments {
                    instruments::insert(&mut *c, instrument).await?;
                }
                Ok(())
            })
        })
        .await;
    match stored {
        Ok(()) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Everybody has a balance. A person also gets a card to pay with.
fn first_instruments(random: &Random, account: &Account, now: Timestamp) -> Vec<Instrument> {
    let mut instruments = vec![simulated::balance(random, account)];
    if account.kind == AccountKind::Personal {
        instruments.push(simulated::card(random, account, "Simulated Visa", "4242", now));
    }
    instruments
}

/// Reads the form; what is wrong goes into `form`.
fn read(fields: &FormFields, form: &mut FormState) -> Option<Wish> {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let (name, email, business_name) = (text("name"), text("email").to_lowercase(), text("business_name"));
    let password = fields.get("password").unwrap_or_default().to_owned();
    let too_long = |text: &str| text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control);
    if name.is_empty() || too_long(&name) {
        form.refuse("name", "Give your name, in at most 128 characters.");
    }
    if too_long(&business_name) {
        form.refuse("business_name", "The business name can have at most 128 characters.");
    }
    if !is_email(&email) {
        form.refuse("email", "Give your e-mail address, such as name@example.com.");
    }
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        form.refuse("password", "Choose a password of at least 10 characters.");
    } else if length > LONGEST_PASSWORD {
        form.refuse("password", "Choose a password of at most 256 characters.");
    }
    let business_name = (!business_name.is_empty()).then_some(business_name);
    form.is_valid().then_some(Wish { name, email, password, business_name })
}

/// Something before and after one `@`, and a dot after it: the rest only a message to it could tell.
fn is_email(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let Some((local, domain)) = text.split_once('@') else { return false };
    let has_dot = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    text.len() <= LONGEST_EMAIL
        && !local.is_empty()
        && has_dot
        && local.chars().chain(domain.chars()).all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pairs: &[(&str, &str)]) -> Vec<String> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut form = FormState::default();
        let wish = read(&FormFields(pairs), &mut form);
        assert_eq!(wish.is_some(), form.is_valid());
        form.errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(refused(&[]), ["name", "email", "password"]);
        let good = [("name", "Nadia"), ("email", " Nadia@Example.com "), ("password", "0123456789")];
        assert!(refused(&good).is_empty());
        assert_eq!(refused(&[good[0], good[1], ("password", "012345678")]), ["password"]);
        assert_eq!(refused(&[good[0], ("email", "nadia@localhost"), good[2]]), ["email"]);
        assert_eq!(refused(&[("name", &"x".repeat(129)), good[1], good[2]]), ["name"]);
    }

    #[test]
    fn an_address_has_one_at_and_a_domain() {
        for good in ["a@b.c", "first.last+tag@sub.example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.c",
            "a@.c",
            "a@b..c",
            "a b@c.d",
            "a@b@c.d",
            &format!("{}@b.c", "x".repeat(70)),
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
