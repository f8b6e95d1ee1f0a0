//! The items of `demo-goods`, as the shop has them.

use super::{SeedError, demo_merchant, goods};
use crate::catalogue::extras::{Sample, SampleKind};
use crate::catalogue::{Delivery, Item, ItemState, StoredFile};
use crate::ids::{CategorySlug, ItemId, ItemSlug};
use crate::merchants::{Profile, Rate, RefundRule, Region, ShippingRates, ShippingSpeed};
use demo_goods::{Catalogue, Listed, Purpose, Refunds, Seller, Speed};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Random;
use shop_pages::model::Rating;

/// Between two listings, so that some are newer than others.
const HOURS_BETWEEN: i64 = 5;
/// Without a common divisor with the number of items: neighbours in the list are far apart in age.
const AGE_STRIDE: usize = 29;

/// What somebody who buys in the demo data must know of an item.
#[derive(Debug, Clone)]
pub struct DemoItem {
    pub slug: String,
    /// The category's slug.
    pub category: String,
    /// The seller's e-mail address.
    pub seller: String,
    /// The seller fulfils it.
    pub manual: bool,
    pub physical: bool,
    pub price: Money,
}

/// All items of the demo data.
pub fn demo_items() -> Result<Vec<DemoItem>, SeedError> {
    let Catalogue { sellers, items, .. } = demo_goods::catalogue()?;
    let item = |item: &demo_goods::Item| DemoItem {
        slug: item.slug.clone(),
        category: item.category.clone(),
        seller: sellers[item.seller].email.clone(),
        manual: delivery(item) == Delivery::Manual,
        physical: item.physical,
        price: item.price,
    };
    Ok(items.iter().map(item).collect())
}

/// An item with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub item: Item,
    pub tags: Vec<String>,
    /// What is sold, in one version.
    pub files: Vec<StoredFile>,
    /// The audio preview.
    pub audio: Option<StoredFile>,
    pub samples: Vec<Sample>,
}

/// The items, each with an age of its own.
pub fn prepare(demo: &Catalogue, random: &Random, now: Timestamp) -> Result<Vec<Prepared>, SeedError> {
    let count = demo.items.len();
    let prepared = demo.items.iter().enumerate().map(|(index, item)| {
        let age = i64::try_from(1 + index * AGE_STRIDE % count).unwrap_or(1) * HOURS_BETWEEN;
        let created_at = now.saturating_sub(SignedDuration::from_hours(age)).unwrap_or(now);
        let id = ItemId::new(random.uuid(Timestamp::UNIX_EPOCH).to_string())?;
        prepare_item(item, id, &demo.sellers[item.seller], created_at)
    });
    prepared.collect()
}

fn prepare_item(
    demo: &demo_goods::Item,
    id: ItemId,
    seller: &Seller,
    created_at: Timestamp,
) -> Result<Prepared, SeedError> {
    let of = |purpose| demo.listed.iter().filter(move |file| file.purpose == purpose);
    let files: Vec<StoredFile> = of(Purpose::Sale).map(|file| stored(demo, file)).collect();
    let audio = of(Purpose::Audio).map(|file| stored(demo, file)).next();
    let sample = |kind| move |file: &Listed| Sample { kind, file: stored(demo, file) };
    let samples = of(Purpose::Page)
        .chain(of(Purpose::Picture))
        .map(sample(SampleKind::Picture))
        .chain(of(Purpose::Demo).map(sample(SampleKind::Demo)))
        .collect();
    let item = Item {
        id,
        slug: ItemSlug::new(demo.slug.as_str())?,
        merchant_id: demo_merchant(demo.seller)?,
        seller: seller.shop.clone(),
        category: CategorySlug::new(demo.category.as_str())?,
        title: demo.title.clone(),
        creator: demo.creator.clone(),
        description: demo.description.clone(),
        price: demo.price,
        delivery: delivery(demo),
        physical: demo.physical,
        licence: demo.licence.clone(),
        cover_key: None,
        preview_key: audio.as_ref().map(|file| file.key.clone()),
        state: ItemState::Published,
        stock: None,
        version: (!files.is_empty()).then_some(1),
        handling_days: handling_days(demo),
        featured_rank: demo.featured_rank,
        created_at,
        published_at: Some(created_at),
        updated_at: created_at,
        rating: Rating::default(),
    };
    Ok(Prepared { item, tags: demo.tags.clone(), files, audio, samples })
}

fn stored(item: &demo_goods::Item, file: &Listed) -> StoredFile {
    StoredFile {
        key: goods::key(&item.slug, &file.name),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        bytes: file.bytes,
        sha256: Some(file.sha256.clone()),
    }
}

const fn delivery(item: &demo_goods::Item) -> Delivery {
    match item.delivery {
        demo_goods::Delivery::Instant => Delivery::Instant,
        demo_goods::Delivery::Manual => Delivery::Manual,
    }
}

/// What sellers say who send things or make them by hand.
fn handling_days(item: &demo_goods::Item) -> Option<u8> {
    (delivery(item) == Delivery::Manual).then_some(if item.physical { 3 } else { 2 })
}

pub fn profile(seller: &Seller) -> Profile {
    let links = seller.links.iter().map(|link| link.url.clone()).collect();
    Profile { picture_key: None, about: seller.about.clone(), links }
}

pub const fn refund_rule(seller: &Seller) -> RefundRule {
    match seller.refunds {
        Refunds::AtOnce { days, only_if_not_downloaded } => {
            RefundRule::AtOnce { days, unless_downloaded: only_if_not_downloaded }
        }
        Refunds::OnRequest => RefundRule::OnRequest,
    }
}

/// `None` for who sends nothing.
pub fn rates(seller: &Seller) -> Option<ShippingRates> {
    let rate = |rate: &demo_goods::Rate| Rate {
        region: match rate.region {
            demo_goods::Region::UnitedStates => Region::UnitedStates,
            demo_goods::Region::Canada => Region::Canada,
            demo_goods::Region::Europe => Region::Europe,
            demo_goods::Region::World => Region::World,
        },
        speed: match rate.speed {
            Speed::Standard => ShippingSpeed::Standard,
            Speed::Express => ShippingSpeed::Express,
        },
        price: Some(rate.price),
    };
    (!seller.shipping.is_empty()).then(|| ShippingRates::new(seller.shipping.iter().map(rate).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listing_has_its_own_age() {
        let demo = demo_goods::catalogue().unwrap();
        let items = prepare(demo, &Random::seeded(1), Timestamp::UNIX_EPOCH).unwrap();
        let mut ages: Vec<Timestamp> = items.iter().map(|one| one.item.created_at).collect();
        ages.sort_unstable();
        ages.dedup();
        assert_eq!(ages.len(), items.len());
    }

    #[test]
    fn whatever_is_not_posted_has_files_and_something_to_look_at_or_hear() {
        let demo = demo_goods::catalogue().unwrap();
        for one in prepare(demo, &Random::seeded(1), Timestamp::UNIX_EPOCH).unwrap() {
            let Prepared { item, files, audio, samples, tags } = one;
            assert_eq!(files.is_empty(), item.physical, "{}", item.slug);
            assert_eq!(item.version.is_some(), !item.physical, "{}", item.slug);
            assert!(!tags.is_empty(), "{}", item.slug);
            let shown = audio.is_some() || !samples.is_empty();
            // Tables are described, and so are programs for a command line.
            let is_seen = ["music", "books", "art", "fonts", "sounds", "paper", "models", "games"];
            assert!(shown || item.physical || !is_seen.contains(&item.category.as_str()), "{}", item.slug);
            let is_game = item.category.as_str() == "games" && !item.physical;
            let to_try = samples.iter().any(|sample| sample.kind == SampleKind::Demo);
            assert_eq!(to_try, is_game, "{}", item.slug);
        }
    }
}
