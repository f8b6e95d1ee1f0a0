//! Buying without an account.

use super::{AccountError, LONGEST_EMAIL};
use crate::Shop;
use crate::users::{User, guests};
use app::form::FormState;
use identity::EmailAddress;
use shop_pages::model::MailReach;
use std::net::IpAddr;

/// What sellers see of who gave no name.
const NAME: &str = "Guest";

/// The address that was typed into this field, as it is kept.
pub fn address(form: &mut FormState, field: &str) -> Option<String> {
    match EmailAddress::parse(form.value(field), LONGEST_EMAIL) {
        Ok(email) => Some(email.into_string()),
        Err(problem) => {
            form.refuse(field, problem.to_string());
            None
        }
    }
}

/// A new guest, who is written to at this address. Whether it is an account's makes no difference. For the throttle it
/// counts like a sign-up: nobody fills other people's mailboxes.
pub async fn begin(
    shop: &Shop,
    email: String,
    name: Option<&str>,
    from: IpAddr,
) -> Result<User, AccountError> {
    shop.throttle.admit(&format!("a purchase as {email}"), from).await?.failed();
    let user = User { id: shop.new_id(), email, name: name.unwrap_or(NAME).to_owned(), operator: false };
    let input = (user.clone(), shop.clock.now());
    shop.db.transact(input, |c, (user, at)| Box::pin(guests::insert(c, user, *at))).await?;
    Ok(user)
}

/// The guests whose purchases somebody with an account can claim: the one that their browser was, and those of their
/// address, where nobody has an account with an address that is not theirs.
pub async fn claimable(shop: &Shop, browsers: Option<&User>, user: &User) -> Result<Vec<User>, sqlx::Error> {
    let mut found = if shop.config.mail_reach() == MailReach::Sent {
        guests::of_address(&shop.db, &user.email).await?
    } else {
        Vec::new()
    };
    if let Some(guest) = browsers.filter(|guest| found.iter().all(|other| other.id != guest.id)) {
        found.push(guest.clone());
    }
    Ok(found)
}
