//! `seed/catalogue.json` and the files of its items.

use super::documents::{self, Text};
use super::{SeedError, audio, demo_merchant};
use crate::catalogue::{Delivery, Item, ItemState, StoredFile};
use crate::files::in_hexadecimal;
use crate::ids::{CategorySlug, ItemId, ItemSlug};
use crate::merchants::{Profile, Rate, RefundRule, ShippingRates, ShippingSpeed};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Random;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use text_types::InvalidId;

const DATA: &str = include_str!("../../seed/catalogue.json");
const NOW_AND_FOREVER: &[u8] = include_bytes!("../../seed/now-and-forever.mp3");
const SONG_SECONDS: u8 = 8;
const PREVIEW_SECONDS: u8 = 4;
/// Between two listings, so that some are newer than others.
const HOURS_BETWEEN: i64 = 5;
/// Without a common divisor with the number of items: neighbours in the file are far apart in age.
const AGE_STRIDE: usize = 29;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub categories: Vec<CategoryEntry>,
    pub sellers: Vec<SellerEntry>,
    items: Vec<ItemEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    slug: String,
    pub name: String,
}

impl CategoryEntry {
    pub fn slug(&self) -> Result<CategorySlug, InvalidId> {
        CategorySlug::new(self.slug.as_str())
    }
}

/// Seller 0 is the demo merchant; the emulator's demo data has recipient tokens by the same numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellerEntry {
    pub email: String,
    pub name: String,
    pub shop: String,
    about: String,
    /// What sending to a region costs, standard and express; none for who sends nothing.
    #[serde(default)]
    rates: BTreeMap<String, [Option<String>; 2]>,
    /// None for the rule that sellers begin with.
    #[serde(default)]
    refunds: Option<RefundsEntry>,
}

/// A rule for refunds that differs from the one that sellers begin with.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RefundsEntry {
    OnRequest,
    UnlessDownloaded,
}

impl SellerEntry {
    pub fn profile(&self) -> Profile {
        Profile { about: self.about.clone(), ..Profile::default() }
    }

    pub fn refund_rule(&self) -> RefundRule {
        match self.refunds {
            Some(RefundsEntry::OnRequest) => RefundRule::OnRequest,
            Some(RefundsEntry::UnlessDownloaded) => RefundRule::AtOnce { days: 14, unless_downloaded: true },
            None => RefundRule::default(),
        }
    }

    /// `None` for who sends nothing.
    pub fn rates(&self) -> Result<Option<ShippingRates>, SeedError> {
        let wrong = || SeedError::Data(format!("{} has a wrong rate", self.shop));
        let mut rates = Vec::new();
        for (region, prices) in &self.rates {
            let region = region.parse().map_err(|_| wrong())?;
            for (speed, price) in ShippingSpeed::ALL.iter().zip(prices) {
                let price = price.as_deref().map(Money::parse_dollars).transpose().map_err(|_| wrong())?;
                rates.push(Rate { region, speed: *speed, price });
            }
        }
        Ok((!rates.is_empty()).then(|| ShippingRates::new(rates)))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemEntry {
    slug: String,
    /// Index into the sellers.
    seller: usize,
    category: String,
    title: String,
    creator: String,
    price: String,
    delivery: String,
    /// A thing to be posted has none.
    file: Option<FileKind>,
    #[serde(rename = "featured")]
    featured_rank: Option<i64>,
    licence: String,
    description: String,
}

/// What somebody who buys in the demo data must know of an item.
#[derive(Debug, Clone)]
pub struct DemoItem {
    pub slug: String,
    /// The seller's e-mail address.
    pub seller: String,
    /// The seller fulfils it.
    pub manual: bool,
    pub physical: bool,
    pub price: Money,
}

/// All items of the demo data.
pub fn demo_items() -> Result<Vec<DemoItem>, SeedError> {
    let demo = Demo::read()?;
    let seller = |item: &ItemEntry| {
        let seller = demo.sellers.get(item.seller);
        seller.ok_or_else(|| SeedError::Data(format!("{} has no seller {}", item.slug, item.seller)))
    };
    let items = demo.items.iter().map(|item| {
        Ok(DemoItem {
            slug: item.slug.clone(),
            seller: seller(item)?.email.clone(),
            manual: item.delivery == Delivery::Manual.as_str(),
            physical: item.file.is_none(),
            price: Money::parse_dollars(&item.price)
                .map_err(|_| SeedError::Data(format!("{} has a wrong price", item.slug)))?,
        })
    });
    items.collect()
}

/// What the file is, and how it is made.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileKind {
    Mp3,
    Wav,
    Pdf,
    Html,
    Txt,
    Svg,
}

/// A stored file: its key and content.
pub type Content = (String, Bytes);

/// An item with its files, and all that is stored of it.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub item: Item,
    pub files: Vec<StoredFile>,
    pub contents: Vec<Content>,
}

impl Demo {
    pub fn read() -> Result<Self, SeedError> {
        serde_json::from_str(DATA).map_err(|error| SeedError::Data(error.to_string()))
    }

    /// The items with their files.
    pub fn prepare(&self, random: &Random, now: Timestamp) -> Result<Vec<Prepared>, SeedError> {
        let count = self.items.len();
        let prepared = self.items.iter().enumerate().map(|(index, entry)| {
            let age = i64::try_from(1 + index * AGE_STRIDE % count).unwrap_or(1) * HOURS_BETWEEN;
            let created_at = now.saturating_sub(SignedDuration::from_hours(age)).unwrap_or(now);
            let seller = self
                .sellers
                .get(entry.seller)
                .ok_or_else(|| SeedError::Data(format!("{} has no seller {}", entry.slug, entry.seller)))?;
            let id = ItemId::new(random.uuid(Timestamp::UNIX_EPOCH).to_string())?;
            entry.prepare(id, &seller.shop, created_at)
        });
        prepared.collect()
    }
}

impl ItemEntry {
    fn prepare(&self, id: ItemId, seller: &str, created_at: Timestamp) -> Result<Prepared, SeedError> {
        let wrong = |what: &str| SeedError::Data(format!("{} has a wrong {what}", self.slug));
        let description = format!("{}\n\n{}", self.description, FileKind::what_it_is(self.file));
        let number = number_of(&self.slug);
        let mut contents = Vec::new();
        let mut files = Vec::new();
        if let Some(kind) = self.file {
            let text = Text { title: &self.title, creator: &self.creator, body: &description };
            let content = kind.make(text, number)?;
            let (extension, media_type) = kind.names();
            let name = format!("{}.{extension}", self.slug);
            let key = format!("seed/{}/{name}", self.slug);
            let bytes = u64::try_from(content.len()).unwrap_or(0);
            let sha256 = Some(in_hexadecimal(&Sha256::digest(&content)));
            files.push(StoredFile {
                key: key.clone(),
                name,
                media_type: media_type.to_owned(),
                bytes,
                sha256,
            });
            contents.push((key, content));
        }
        let preview_key = if matches!(self.file, Some(FileKind::Mp3 | FileKind::Wav)) {
            let key = format!("seed/{}/preview.wav", self.slug);
            contents.push((key.clone(), audio::piece(number, PREVIEW_SECONDS)?.into()));
            Some(key)
        } else {
            None
        };
        let item = Item {
            id,
            slug: ItemSlug::new(self.slug.as_str())?,
            merchant_id: demo_merchant(self.seller)?,
            seller: seller.to_owned(),
            category: CategorySlug::new(self.category.as_str())?,
            title: self.title.clone(),
            creator: self.creator.clone(),
            description,
            price: Money::parse_dollars(&self.price).map_err(|_| wrong("price"))?,
            delivery: self.delivery.parse().map_err(|_| wrong("delivery"))?,
            physical: self.file.is_none(),
            licence: self.licence.clone(),
            cover_key: None,
            preview_key,
            state: ItemState::Published,
            stock: None,
            version: (!files.is_empty()).then_some(1),
            featured_rank: self.featured_rank,
            created_at,
            published_at: Some(created_at),
            updated_at: created_at,
        };
        Ok(Prepared { item, files, contents })
    }
}

impl FileKind {
    /// Extension and media type.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Mp3 => ("mp3", "audio/mpeg"),
            Self::Wav => ("wav", "audio/wav"),
            Self::Pdf => ("pdf", "application/pdf"),
            Self::Html => ("html", "text/html"),
            Self::Txt => ("txt", "text/plain"),
            Self::Svg => ("svg", "image/svg+xml"),
        }
    }

    /// The invented items are sold with real files that are not what the invention would be: say so.
    const fn what_it_is(file: Option<Self>) -> &'static str {
        match file {
            None => "This is a demo shop: nothing is posted.",
            Some(Self::Mp3 | Self::Wav) => {
                "This is a demo shop: the file is a short melody synthesised for it, not a recording by the artist."
            }
            Some(Self::Pdf) => "This is a demo shop: the file is a PDF of one page with this text.",
            Some(Self::Html) => "This is a demo shop: the file is a web page with this text.",
            Some(Self::Txt) => "This is a demo shop: the file is a plain text with this description.",
            Some(Self::Svg) => "This is a demo shop: the file is a vector drawing computed from the title.",
        }
    }

    fn make(self, text: Text<'_>, number: u64) -> Result<Bytes, hound::Error> {
        Ok(match self {
            Self::Mp3 => Bytes::from_static(NOW_AND_FOREVER),
            Self::Wav => audio::piece(number, SONG_SECONDS)?.into(),
            Self::Pdf => documents::pdf(text).into(),
            Self::Html => documents::web_page(text).into(),
            Self::Txt => documents::plain(text).into(),
            Self::Svg => documents::drawing(number, text.title).into(),
        })
    }
}

/// The same for the same slug, whatever else is in the file.
fn number_of(slug: &str) -> u64 {
    let digest = Sha256::digest(slug.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_data_is_whole() {
        let demo = Demo::read().unwrap();
        let items = demo.prepare(&Random::seeded(1), Timestamp::UNIX_EPOCH).unwrap();
        assert!(items.len() >= 64 && demo.categories.len() == 8 && demo.sellers.len() == 8);
        for category in &demo.categories {
            assert!(items.iter().filter(|one| one.item.category.as_str() == category.slug).count() >= 8);
        }
        let sold = |seller: usize| {
            items.iter().any(|one| Ok(&one.item.merchant_id) == demo_merchant(seller).as_ref())
        };
        assert!((0..8).all(sold), "everybody sells something");
        for Prepared { item, .. } in &items {
            assert!(
                demo.categories.iter().any(|category| category.slug == item.category.as_str()),
                "{}",
                item.slug
            );
            assert!(!item.physical || item.delivery == Delivery::Manual, "{}", item.slug);
        }
    }

    #[test]
    fn every_listing_has_its_own_age() {
        let demo = Demo::read().unwrap();
        let items = demo.prepare(&Random::seeded(1), Timestamp::UNIX_EPOCH).unwrap();
        let mut ages: Vec<Timestamp> = items.iter().map(|one| one.item.created_at).collect();
        ages.sort_unstable();
        ages.dedup();
        assert_eq!(ages.len(), items.len());
    }
}
