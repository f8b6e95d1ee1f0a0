//! A new account with Amazon Payments, opened at the account site or on the way through the Co-Branded UI.

use crate::config::Config;
use crate::domain::accounts::AccountKind;
use crate::engine::accounts::{self, NewAccount};
use crate::state::Site;
use crate::web::form::{read_name, typed};
use crate::web::sign_in::{SignInError, Visitor};
use app::form::FormState;
use identity::{EmailAddress, NewPassword};
use platform::web::{ClientAddress, FormFields, Refusal};

/// Limit of FPS (fps.md §10), in bytes.
pub const LONGEST_EMAIL: usize = 65;

/// The form, checked.
struct SignUpForm {
    name: String,
    email: EmailAddress,
    password: NewPassword,
    business_name: Option<String>,
}

/// Opens an account and signs in. With a business name it is a business account whatever the pipeline.
///
/// The answer is the same where the address has an account: a session, which is nobody's then, and a mail for the holder.
/// No mail leaves this site, so a new account is there at once, and whoever tries finds out in the end, by not being
/// signed in. For the throttle each form counts like a wrong password from this address: nobody makes accounts by the
/// hundred, or tries addresses by the hundred.
pub async fn create_account(
    site: &Site,
    visitor: &mut Visitor,
    fields: &FormFields,
    kind: AccountKind,
    ClientAddress(address): ClientAddress,
) -> Result<(), SignInError> {
    let mut form = typed(fields);
    let Some(SignUpForm { name, email, password, business_name }) =
        read(&site.payments.config, fields, &mut form)
    else {
        return Err(SignInError::Form(form));
    };
    let email = email.into_string();
    let turn = site.throttle.admit(&email, address).await.map_err(Refusal::from)?;
    let password_hash = site.passwords.hash(password.into_string()).await.map_err(Refusal::because)?;
    turn.failed();
    let written =
        format!("We have written to {email}. If you have an account with this address, sign in to it.");
    let new = NewAccount { email, name, business_name, kind, password_hash };
    match accounts::open(&site.payments.engine(), new).await? {
        Some(account) => visitor.become_account(account).await?,
        None => visitor.become_nobody(&written).await?,
    }
    Ok(())
}

/// Reads the form; what is wrong goes into `form`.
fn read(config: &Config, fields: &FormFields, form: &mut FormState) -> Option<SignUpForm> {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let (name, email, business_name) = (text("name"), text("email"), text("business_name"));
    let password = fields.get("password").unwrap_or_default().to_owned();
    let password = NewPassword::choose(password, &email, config.published_passwords());
    let email = EmailAddress::parse(&email, LONGEST_EMAIL);
    let name = read_name(form, "name", &name, None);
    let business_name =
        (!business_name.is_empty()).then(|| read_name(form, "business_name", &business_name, None));
    if let Err(problem) = &email {
        form.refuse("email", problem.to_string());
    }
    if let Err(problem) = &password {
        form.refuse("password", problem.to_string());
    }
    let (Ok(email), Ok(password), true) = (email, password, form.is_valid()) else { return None };
    Some(SignUpForm { name, email, password, business_name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pairs: &[(&str, &str)]) -> Vec<String> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut form = FormState::default();
        let read = read(&crate::tests::support::config(), &FormFields(pairs), &mut form);
        assert_eq!(read.is_some(), form.is_valid());
        form.errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(refused(&[]), ["name", "email", "password"]);
        let good = [("name", "Nadia"), ("email", " Nadia@Example.com "), ("password", "a long password")];
        assert!(refused(&good).is_empty());
        assert_eq!(refused(&[good[0], good[1], ("password", "012345678")]), ["password"]);
        assert_eq!(refused(&[good[0], ("email", "nadia@localhost"), good[2]]), ["email"]);
        assert_eq!(refused(&[("name", &"x".repeat(129)), good[1], good[2]]), ["name"]);
        assert_eq!(
            refused(&[good[0], good[1], good[2], ("business_name", "Digital Download")]),
            ["business_name"]
        );
    }
}
