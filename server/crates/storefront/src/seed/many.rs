//! A shop of any size: so many sellers and items more than the demo data has. Each item sells the files of one of the
//! demo data's, under a title of its own; each seller is registered with Amazon Payments, which seeds the same sellers.
//! The same numbers give the same shop, and what is there already stays.

use super::{SeedError, catalogue};
use crate::Shop;
use crate::accounts::DEMO_PASSWORD;
use crate::catalogue::bulk::{self, NewItem};
use crate::catalogue::search::index::Entry;
use crate::catalogue::{Delivery, Item, ItemState};
use crate::ids::{ItemId, ItemSlug, MerchantId, TokenId, UserId};
use crate::merchants::{Merchant, Registration, store as merchants};
use crate::users::User;
use crate::users::store::{self as users, NewUser};
use catalogue::Prepared;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Random;
use sqlx::AnyConnection;

/// Sellers and items of one transaction.
const SELLERS_AT_ONCE: u32 = 500;
const ITEMS_AT_ONCE: u32 = 1_000;
/// Between two listings.
const APART: SignedDuration = SignedDuration::from_mins(11);
const LEAST_PRICE: i32 = 99;
const PRICES: u32 = 40;

const MOODS: [&str; 24] = [
    "Quiet", "Bright", "Second", "Northern", "Paper", "Winter", "Open", "Hollow", "Green", "Early",
    "Borrowed", "Plain", "Salt", "Amber", "Distant", "Folded", "Copper", "Little", "Evening", "Wooden",
    "Last", "Silver", "Common", "Slow",
];
const THINGS: [&str; 32] = [
    "Harbour", "Orchard", "Lantern", "Signal", "Garden", "Almanac", "Window", "Ferry", "Meadow", "Atlas",
    "Kettle", "Bridge", "Letter", "Compass", "Market", "Station", "Ladder", "Mirror", "Weather", "Island",
    "Notebook", "Chapel", "Engine", "River", "Tower", "Shelter", "Pattern", "Voyage", "Cellar", "Parade",
    "Hinge", "Thicket",
];
const FORMS: [&str; 12] = [
    "Study",
    "Variations",
    "Sketches",
    "Songs",
    "Stories",
    "Set",
    "Suite",
    "Notes",
    "Collection",
    "Pieces",
    "Sheets",
    "Book",
];
const FIRST_NAMES: [&str; 16] = [
    "Ada", "Bruno", "Celia", "Dmitri", "Esther", "Farid", "Greta", "Hugo", "Ilse", "Jonas", "Keiko", "Luis",
    "Mira", "Nils", "Olive", "Pavel",
];
const LAST_NAMES: [&str; 16] = [
    "Abbot", "Berg", "Castle", "Dahl", "Engel", "Fontaine", "Grant", "Hale", "Ivers", "Jansen", "Kovacs",
    "Lund", "Moreau", "Novak", "Ortiz", "Price",
];
const TRADES: [&str; 8] = ["Press", "Records", "Studio", "Workshop", "Books", "Games", "Type", "Archive"];

/// So many sellers and items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Many {
    pub items: u32,
    pub sellers: u32,
}

/// One of a list for each number; neighbours differ.
fn one_of<'a>(all: &[&'a str], number: u32) -> &'a str {
    let length = u32::try_from(all.len()).unwrap_or(1);
    all[usize::try_from(number % length).unwrap_or(0)]
}

/// Who sells as number so much. Amazon Payments knows them by the same address and name.
fn seller(number: u32, password_hash: &str, now: Timestamp) -> Result<(NewUser, Merchant), SeedError> {
    let name = format!("{} {}", one_of(&FIRST_NAMES, number), one_of(&LAST_NAMES, number / 16));
    let user = User {
        id: UserId::new(format!("trader-{number:06}"))?,
        email: format!("trader{number}@example.com"),
        name,
        operator: false,
    };
    let shop = format!("{} {} {}", one_of(&THINGS, number), one_of(&TRADES, number / 32), number + 1);
    let token = |prefix: &str, filled: &str| {
        let id = format!("{prefix}{number:02}");
        let length = 64_usize.saturating_sub(id.len());
        TokenId::new(format!("{id}{}", filled.repeat(length)))
    };
    let registration = Registration {
        recipient_token: token("MANYRECIPIENTTOKEN", "R")?,
        refund_token: Some(token("MANYREFUNDTOKEN", "F")?),
        at: now,
    };
    let merchant = Merchant {
        registration: Some(registration),
        fee_caps: super::demo_fee_caps(),
        ..Merchant::new(merchant_id(number)?, user.id.clone(), shop)
    };
    let user = NewUser { user, password_hash: password_hash.to_owned(), created_at: now };
    Ok((user, merchant))
}

fn merchant_id(number: u32) -> Result<MerchantId, SeedError> {
    Ok(MerchantId::new(format!("trader-shop-{number:06}"))?)
}

/// Item number so much, like one of the demo data's that is delivered at once.
fn item(number: u32, sellers: u32, models: &[Prepared], now: Timestamp) -> Result<NewItem, SeedError> {
    let model = &models[usize::try_from(number).unwrap_or(0) % models.len()];
    let merchant = number % sellers;
    let (mood, thing) = (one_of(&MOODS, number), one_of(&THINGS, number / 24));
    let form = one_of(&FORMS, number / 768);
    let title = format!("{mood} {thing}: {form} {}", number + 1);
    let slug = format!("{mood}-{thing}-{form}-{}", number + 1).to_lowercase();
    let created_at = now.saturating_sub(APART.saturating_mul(i32::try_from(number).unwrap_or(i32::MAX)));
    let created_at = created_at.unwrap_or(now);
    let cents = LEAST_PRICE + 50 * i32::try_from(number % PRICES).unwrap_or(0);
    let item = Item {
        id: ItemId::new(format!("many-{number:07}"))?,
        slug: ItemSlug::new(slug)?,
        merchant_id: merchant_id(merchant)?,
        seller: seller(merchant, "", now)?.1.name,
        title,
        creator: format!("{} {}", one_of(&FIRST_NAMES, number / 3), one_of(&LAST_NAMES, number / 48)),
        description: format!(
            "{mood} work about the {} and the {}, made for a shop that has a great many things.",
            thing.to_lowercase(),
            one_of(&THINGS, number / 7).to_lowercase()
        ),
        price: Money::from_cents(cents),
        preview_key: None,
        state: ItemState::Published,
        version: Some(1),
        handling_days: None,
        featured_rank: None,
        created_at,
        published_at: Some(created_at),
        updated_at: created_at,
        ..model.item.clone()
    };
    let media_types = model.files.iter().map(|file| file.media_type.as_str());
    Ok(NewItem {
        entry: Entry::new(item, model.tags.clone(), media_types),
        files: model.files.iter().map(|file| file.key.clone()).collect(),
    })
}

/// Adds them to a shop that has the demo data.
pub async fn run(shop: &Shop, Many { items, sellers }: Many) -> Result<(), SeedError> {
    let now = shop.clock.now();
    let password_hash = shop.passwords.hash(DEMO_PASSWORD.to_owned()).await?;
    for first in (0..sellers).step_by(usize::try_from(SELLERS_AT_ONCE).unwrap_or(1)) {
        let some = first..sellers.min(first + SELLERS_AT_ONCE);
        let some = some.map(|number| seller(number, &password_hash, now)).collect::<Result<Vec<_>, _>>()?;
        let added: Result<(), SeedError> =
            shop.db.transact((some, now), |c, (some, now)| Box::pin(add_sellers(c, some, *now))).await;
        added?;
    }
    let mut models = catalogue::prepare(demo_goods::catalogue()?, &Random::seeded(0), now)?;
    models.retain(|model| !model.files.is_empty() && model.item.delivery == Delivery::Instant);
    for first in (0..items).step_by(usize::try_from(ITEMS_AT_ONCE).unwrap_or(1)) {
        let some = first..items.min(first + ITEMS_AT_ONCE);
        let some = some.map(|number| item(number, sellers, &models, now)).collect::<Result<Vec<_>, _>>()?;
        let added: Result<(), SeedError> =
            shop.db.transact(some, |c, some| Box::pin(async move { Ok(bulk::insert(c, some).await?) })).await;
        added?;
    }
    Ok(())
}

async fn add_sellers(
    connection: &mut AnyConnection,
    some: &[(NewUser, Merchant)],
    now: Timestamp,
) -> Result<(), SeedError> {
    for (user, merchant) in some {
        if users::insert(&mut *connection, user).await? {
            merchants::insert(&mut *connection, merchant, now).await?;
        }
    }
    Ok(())
}
