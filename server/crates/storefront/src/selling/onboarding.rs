//! Becoming a merchant: choosing the name to sell under. Registering as a recipient comes after.

use crate::Shop;
use crate::ids::UserId;
use crate::merchants::{Merchant, store};
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
pub async fn become_merchant(shop: &Shop, user: &UserId, name: &str) -> Result<(), OnboardingError> {
    let name = PublicName::parse(name, LONGEST_NAME)?;
    let input = (Merchant::new(shop.new_id(), user.clone(), name.into_string()), shop.clock.now());
    shop.db
        .transact(input, |c, (merchant, now)| {
            Box::pin(async move {
                let is_new = store::insert(&mut *c, merchant, *now).await?;
                if is_new && !store::claim_name(c, merchant).await? {
                    return Err(NameProblem::Taken.into());
                }
                Ok(())
            })
        })
        .await
}
