//! Becoming a merchant: choosing the name to sell under. Registering as a recipient comes after.

use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::merchants::{Merchant, store};
use crate::users::User;
use identity::{NameProblem, PublicName};
use platform::db::WriteError;

const LONGEST_NAME: usize = 60;

#[derive(Debug, thiserror::Error)]
pub enum OnboardingError {
    #[error(transparent)]
    Name(#[from] NameProblem),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for OnboardingError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Name(_) => None,
        }
    }
}

/// Makes the user a merchant. Whoever is one already stays what they are. Nobody takes a name that looks like another's,
/// however fast: each look of a name is in the database once.
pub async fn become_merchant(shop: &Shop, user: &User, name: &str) -> Result<(), OnboardingError> {
    let name = PublicName::parse(name, LONGEST_NAME)?;
    let (merchant, now) =
        (Merchant::new(shop.new_id(), user.id.clone(), name.into_string()), shop.clock.now());
    let who = Who::Person { id: user.id.clone(), name: user.name.clone() };
    let subject = Subject::new(Kind::Seller, &merchant.id, &merchant.name);
    let entry = Entry::new(shop.new_id(), now, who, Deed::BecameSeller, subject);
    shop.db
        .transact((merchant, now, entry), |c, (merchant, now, entry)| {
            Box::pin(async move {
                let is_new = store::insert(&mut *c, merchant, *now).await?;
                if is_new && !store::claim_name(&mut *c, merchant).await? {
                    return Err(NameProblem::Taken.into());
                }
                if is_new {
                    audit::record(c, entry).await?;
                }
                Ok(())
            })
        })
        .await
}
