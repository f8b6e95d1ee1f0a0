//! The demo data: people, and the sellers and items of `demo-goods`, whose files are made when somebody wants them.
//! Deterministic, and adding it twice changes nothing.

mod catalogue;
mod goods;
mod many;
mod prepared;

pub use catalogue::{DemoItem, demo_items};
pub use many::{Many, run as run_many};
pub use prepared::prepare;

use crate::Shop;
use crate::accounts::DEMO_PASSWORD;
use crate::catalogue::search::index;
use crate::catalogue::{Item, extras, storage, store as items, versions};
use crate::files::FilesError;
use crate::ids::{CategorySlug, MerchantId, TokenId, UserId};
use crate::merchants::{FeeCaps, Merchant, Registration, profile_store, store as merchants};
use crate::users::User;
use crate::users::store::{self as users, NewUser};
use catalogue::Prepared;
use demo_goods::{Catalogue, GoodsError, Seller};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::db::{Backend, PreparedError, WriteError};
use platform::password::PasswordError;
use platform::{DemoData, Random};
use sqlx::AnyConnection;
use std::collections::HashMap;
use text_types::InvalidId;

/// Folders among the files that `reset` empties.
const FOLDERS: [&str; 4] = [goods::FOLDER, "uploads", "covers", "samples"];

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the demo data: {0}")]
    Goods(#[from] GoodsError),
    #[error("the demo data: {0}")]
    Id(#[from] InvalidId),
    #[error(transparent)]
    Prepared(#[from] PreparedError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for SeedError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// A database without people has no demo data either.
pub async fn is_empty(shop: &Shop) -> Result<bool, SeedError> {
    Ok(!users::any(&shop.db).await?)
}

pub async fn run(shop: &Shop) -> Result<(), SeedError> {
    let demo = demo_goods::catalogue()?;
    let password_hash = shop.passwords.hash(DEMO_PASSWORD.to_owned()).await?;
    let random = Random::seeded(20_100_828);
    let now = shop.clock.now();
    let person = |(email, name, operator): (&str, &str, bool)| {
        let id = UserId::new(random.uuid(Timestamp::UNIX_EPOCH).to_string())?;
        let user = User { id, email: email.to_owned(), name: name.to_owned(), operator };
        Ok(NewUser { user, password_hash: password_hash.clone(), created_at: now })
    };
    let people = people(&demo.sellers).map(person).collect::<Result<Vec<NewUser>, SeedError>>()?;
    let items = catalogue::prepare(demo, &random, now)?;
    let history = shop.config.demo_data == DemoData::Full && is_empty(shop).await?;
    let rows = Rows { history: history.then(|| shop.db.backend()), password_hash, people, items, demo };
    shop.db.transact((rows, now), |c, (rows, now)| Box::pin(rows.insert(c, *now))).await?;
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
fn people(sellers: &[Seller]) -> impl Iterator<Item = (&str, &str, bool)> {
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
    /// Into an empty database the ninety days go first, and what follows is there already.
    history: Option<Backend>,
    password_hash: String,
    people: Vec<NewUser>,
    items: Vec<Prepared>,
    demo: &'static Catalogue,
}

impl Rows {
    async fn insert(&self, connection: &mut AnyConnection, now: Timestamp) -> Result<(), SeedError> {
        if let Some(backend) = self.history {
            prepared::load(connection, backend, &self.password_hash, now).await?;
        }
        for person in &self.people {
            users::insert(connection, person).await?;
        }
        for (position, category) in (0..).zip(&self.demo.categories) {
            let slug = CategorySlug::new(category.slug.as_str())?;
            items::insert_category(connection, &slug, &category.name, position).await?;
        }
        // Who became a merchant before the demo data came has another id.
        let mut ids: HashMap<MerchantId, MerchantId> = HashMap::new();
        for (number, seller) in self.demo.sellers.iter().enumerate() {
            let id = demo_merchant(number)?;
            ids.insert(id.clone(), insert_seller(connection, number, id, seller, now).await?);
        }
        for one in &self.items {
            let merchant_id = ids.get(&one.item.merchant_id).unwrap_or(&one.item.merchant_id).clone();
            let item = Item { merchant_id, ..one.item.clone() };
            insert_item(connection, &item, one).await?;
        }
        Ok(index::add_all_missing(connection).await?)
    }
}

/// Adds the item with its files, unless it is there.
async fn insert_item(
    connection: &mut AnyConnection,
    item: &Item,
    Prepared { tags, files, audio, samples, .. }: &Prepared,
) -> Result<(), SeedError> {
    if !items::insert(connection, item).await? {
        return Ok(());
    }
    versions::add_first(connection, item, files).await?;
    for file in audio.iter().chain(samples.iter().map(|sample| &sample.file)) {
        storage::insert_kept(connection, &item.merchant_id, file, item.created_at).await?;
    }
    extras::replace_tags(connection, &item.id, tags).await?;
    Ok(extras::replace_samples(connection, &item.id, samples).await?)
}

/// As the tokens at Amazon Payments say.
fn demo_fee_caps() -> FeeCaps {
    FeeCaps { fixed: Money::from_cents(100), variable: Percent::from_ten_thousandths(200_000) }
}

/// The id of a seller in the demo data.
fn demo_merchant(number: usize) -> Result<MerchantId, InvalidId> {
    MerchantId::new(format!("demo-seller-{number:02}"))
}

/// Adds the seller, registered already, and returns the merchant's id.
async fn insert_seller(
    connection: &mut AnyConnection,
    number: usize,
    id: MerchantId,
    seller: &Seller,
    now: Timestamp,
) -> Result<MerchantId, SeedError> {
    let user_id = users::id_of_email(connection, &seller.email).await?;
    let registration = Registration {
        recipient_token: TokenId::new(format!("{:R<64}", format!("DEMORECIPIENTTOKEN{number:02}")))?,
        refund_token: Some(TokenId::new(format!("{:F<64}", format!("DEMOREFUNDTOKEN{number:02}")))?),
        at: now,
    };
    let merchant = Merchant::new(id, user_id.clone(), seller.shop.clone());
    let fee_caps = demo_fee_caps();
    let merchant = Merchant {
        registration: Some(registration),
        profile: catalogue::profile(seller),
        refund_rule: catalogue::refund_rule(seller),
        fee_caps,
        ..merchant
    };
    if merchants::insert(&mut *connection, &merchant, now).await? {
        profile_store::save(&mut *connection, &merchant).await?;
        if let Some(rates) = catalogue::rates(seller) {
            profile_store::save_rates(connection, &merchant.id, &rates).await?;
        }
        return Ok(merchant.id);
    }
    Ok(merchants::id_of_user(connection, &user_id).await?)
}
