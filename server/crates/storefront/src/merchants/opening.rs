//! Becoming a merchant: choosing the name to sell under. Registering as a recipient comes after.

use super::{Merchant, records};
use crate::{Shop, validate};

const LONGEST_NAME: usize = 60;

#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// A sentence for the field.
    #[error("{0}")]
    Name(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes the user a merchant. Whoever is one already stays what they are.
pub async fn open(shop: &Shop, user_id: &str, name: &str) -> Result<(), OpeningError> {
    let name = validate::line(name, "the name you sell under", LONGEST_NAME).map_err(OpeningError::Name)?;
    let merchant = Merchant {
        id: shop.random.uuid(shop.clock.now()).to_string(),
        user_id: user_id.to_owned(),
        name,
        registration_reference: None,
        recipient_token_id: None,
        refund_token_id: None,
        registered_at: None,
        cancelled_at: None,
    };
    let now = shop.clock.now_micros();
    let opened = shop.db.write(move |connection| {
        let merchant = merchant.clone();
        Box::pin(async move { records::insert(connection, &merchant, now).await })
    });
    opened.await?;
    Ok(())
}
