//! Becoming a merchant: choosing the name to sell under. Registering as a recipient comes after.

use crate::ids::UserId;
use crate::merchants::{Merchant, store};
use crate::{Shop, input};

const LONGEST_NAME: usize = 60;

#[derive(Debug, thiserror::Error)]
pub enum OnboardingError {
    /// A sentence for the field.
    #[error("{0}")]
    Name(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes the user a merchant. Whoever is one already stays what they are.
pub async fn become_merchant(shop: &Shop, user: &UserId, name: &str) -> Result<(), OnboardingError> {
    let name = input::single_line(name, "the name you sell under", LONGEST_NAME);
    let name = name.map_err(OnboardingError::Name)?;
    let input = (Merchant::new(shop.new_id(), user.clone(), name), shop.clock.now());
    shop.db.transact(input, |c, (merchant, now)| Box::pin(store::insert(c, merchant, *now))).await?;
    Ok(())
}
