//! The demo data: people, sellers and items from `seed/catalogue.json`, with files made on the spot.
//! Deterministic, and adding it twice changes nothing.

mod catalogue;
mod documents;

use crate::catalogue::{Item, records as items};
use crate::files::FilesError;
use crate::merchants::{Merchant, records as merchants};
use crate::users::{User, records as users};
use crate::{Shop, users::records::NewUser};
use catalogue::{Demo, SellerEntry};
use futures_util::{StreamExt, TryStreamExt, stream};
use platform::Random;
use platform::password::PasswordError;
use sqlx::AnyConnection;
use std::sync::Arc;

/// Of every demo account; public, for loopback only.
const PASSWORD: &str = "digitaldownload";
/// Folders among the files that `reset` empties.
const FOLDERS: [&str; 3] = ["seed", "uploads", "covers"];
/// Files are small and many: some are written at once.
const FILES_AT_ONCE: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("seed/catalogue.json: {0}")]
    Data(String),
    #[error(transparent)]
    Audio(#[from] hound::Error),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Whether somebody gives a demo account's published password where it must open nothing. Nobody else has
/// an address at example.com (RFC 2606).
pub(crate) fn is_published_password(shop: &Shop, email: &str, password: &str) -> bool {
    !shop.config.demo_accounts && email.ends_with("@example.com") && password == PASSWORD
}

/// A database without people has no demo data either.
pub async fn is_empty(shop: &Shop) -> Result<bool, SeedError> {
    Ok(!users::any(&shop.db).await?)
}

pub async fn run(shop: &Shop) -> Result<(), SeedError> {
    let demo = Demo::read()?;
    let password_hash = shop.passwords.hash(PASSWORD.to_owned()).await?;
    let random = Random::seeded(20_100_828);
    let now = shop.clock.now();
    let people: Vec<NewUser> = people(&demo.sellers)
        .map(|(email, name, operator)| {
            let id = random.uuid(jiff::Timestamp::UNIX_EPOCH).to_string();
            let user = User { id, email: email.to_owned(), name: name.to_owned(), operator };
            NewUser { user, password_hash: password_hash.clone(), created_at: now.as_microsecond() }
        })
        .collect();
    let prepared = demo.prepare(&random, now)?;
    // Collected first: the compiler cannot see that a stream over borrowed parts is `Send`.
    let files: Vec<_> = prepared.iter().flat_map(|(_, files)| files).cloned().collect();
    stream::iter(files)
        .map(|(key, content)| async move { shop.files.put(&key, content).await })
        .buffer_unordered(FILES_AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    let rows = Rows { people, items: prepared.into_iter().map(|(item, _)| item).collect(), demo };
    let (rows, now) = (Arc::new(rows), now.as_microsecond());
    shop.db
        .write(move |connection| {
            let rows = Arc::clone(&rows);
            Box::pin(async move { rows.insert(connection, now).await })
        })
        .await?;
    Ok(())
}

/// Deletes every stored file.
pub async fn clear_files(shop: &Shop) -> Result<(), FilesError> {
    for folder in FOLDERS {
        shop.files.delete_folder(folder).await?;
    }
    Ok(())
}

/// E-mail address, name, and whether it is the operator.
fn people(sellers: &[SellerEntry]) -> impl Iterator<Item = (&str, &str, bool)> {
    let others = [
        ("john@example.com", "John Doe", false),
        ("jane@example.com", "Jane Doe", false),
        ("operator@example.com", "Olga Pettersson", true),
    ];
    others
        .into_iter()
        .chain(sellers.iter().map(|seller| (seller.email.as_str(), seller.name.as_str(), false)))
}

/// All that is written in one transaction.
struct Rows {
    people: Vec<NewUser>,
    items: Vec<Item>,
    demo: Demo,
}

impl Rows {
    async fn insert(&self, connection: &mut AnyConnection, now: i64) -> Result<(), sqlx::Error> {
        for person in &self.people {
            users::insert(connection, person).await?;
        }
        for (position, category) in (0..).zip(&self.demo.categories) {
            items::insert_category(connection, &category.slug, &category.name, position).await?;
        }
        let mut merchant_ids = Vec::new();
        for (number, seller) in self.demo.sellers.iter().enumerate() {
            merchant_ids.push(insert_seller(connection, number, seller, now).await?);
        }
        for item in &self.items {
            // The demo data names a seller by its number until the seller's id is known.
            let merchant_id =
                item.merchant_id.parse().ok().and_then(|number: usize| merchant_ids.get(number));
            let merchant_id = merchant_id.cloned().unwrap_or_default();
            items::insert(connection, &Item { merchant_id, ..item.clone() }).await?;
        }
        Ok(())
    }
}

/// Adds the seller, registered already, and returns the merchant's id.
async fn insert_seller(
    connection: &mut AnyConnection,
    number: usize,
    seller: &SellerEntry,
    now: i64,
) -> Result<String, sqlx::Error> {
    let user_id = users::id_of_email(connection, &seller.email).await?;
    let merchant = Merchant {
        id: format!("demo-seller-{number:02}"),
        user_id: user_id.clone(),
        name: seller.shop.clone(),
        registration_reference: None,
        recipient_token_id: Some(format!("{:R<64}", format!("DEMORECIPIENTTOKEN{number:02}"))),
        refund_token_id: Some(format!("{:F<64}", format!("DEMOREFUNDTOKEN{number:02}"))),
        registered_at: Some(now),
        cancelled_at: None,
    };
    if merchants::insert(connection, &merchant, now).await? {
        return Ok(merchant.id);
    }
    merchants::id_of_user(connection, &user_id).await
}
