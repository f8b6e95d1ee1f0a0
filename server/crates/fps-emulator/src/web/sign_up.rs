//! A new account with Amazon Payments, opened at the account site or on the way through the Co-Branded UI.

use crate::domain::accounts::AccountKind;
use crate::engine::accounts::{self, NewAccount, OpenAccountError};
use crate::state::Site;
use crate::web::form::{fits_name, typed};
use crate::web::sign_in::{SignInError, Visitor};
use app::form::FormState;
use platform::web::{ClientAddress, FormFields, Refusal};

/// Limit of FPS (fps.md §10), in bytes.
const LONGEST_EMAIL: usize = 65;
const SHORTEST_PASSWORD: usize = 10;
/// Argon2 would take more; a person would not.
const LONGEST_PASSWORD: usize = 256;

/// The form, checked.
struct SignUpForm {
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
    let Some(SignUpForm { name, email, password, business_name }) = read(fields, &mut form) else {
        return Err(SignInError::Form(form));
    };
    let turn = site.throttle.admit(&email, address).await;
    let turn = turn.map_err(|too_many| Refusal::too_many(too_many.retry_after))?;
    let password_hash = site.passwords.hash(password).await.map_err(Refusal::because)?;
    let new = NewAccount { email, name, business_name, kind, password_hash };
    match accounts::open(&site.payments.engine(), new).await {
        Ok(account) => {
            turn.failed();
            Ok(visitor.become_account(account).await?)
        }
        Err(OpenAccountError::EmailTaken) => {
            turn.failed();
            let message = "There is an account with this e-mail address already: sign in to it instead.";
            form.refuse("email", message);
            Err(SignInError::Form(form))
        }
        Err(OpenAccountError::Database(error)) => Err(error.into()),
    }
}

/// Reads the form; what is wrong goes into `form`.
fn read(fields: &FormFields, form: &mut FormState) -> Option<SignUpForm> {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let (name, email, business_name) = (text("name"), text("email").to_lowercase(), text("business_name"));
    let password = fields.get("password").unwrap_or_default().to_owned();
    if name.is_empty() || !fits_name(&name) {
        form.refuse("name", "Give your name, in at most 128 characters.");
    }
    if !fits_name(&business_name) {
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
    form.is_valid().then_some(SignUpForm { name, email, password, business_name })
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
        let read = read(&FormFields(pairs), &mut form);
        assert_eq!(read.is_some(), form.is_valid());
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
