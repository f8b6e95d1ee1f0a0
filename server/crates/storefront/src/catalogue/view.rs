//! Items, files and categories as the pages show them.

use super::formats::name_of_media_type;
use super::{CategoryCount, Item, ItemState, StoredFile};
use crate::merchants::Merchant;
use shop_pages::model::{Availability, Category, FileFacts, ItemCard, ListingState};

impl Item {
    pub fn card(&self) -> ItemCard {
        ItemCard {
            slug: self.slug.to_string(),
            title: self.title.clone(),
            creator: self.creator.clone(),
            seller: self.seller.clone(),
            category: self.category.to_string(),
            price: self.price,
            physical: self.physical,
            handling_days: self.handling_days,
            rating: self.rating,
        }
    }

    /// Whether it can be bought, as far as it and its seller say.
    pub fn availability(&self, seller: &Merchant) -> Availability {
        match (self.state, seller.availability()) {
            (ItemState::Draft, _) => Availability::Draft,
            (ItemState::Archived, _) => Availability::Archived,
            (ItemState::Published, Availability::ForSale) if self.is_sold_out() => Availability::SoldOut,
            (ItemState::Published, availability) => availability,
        }
    }
}

impl StoredFile {
    pub fn facts(&self) -> FileFacts {
        FileFacts {
            name: self.name.clone(),
            format: name_of_media_type(&self.media_type).to_owned(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
        }
    }
}

impl ItemState {
    pub const fn for_pages(self) -> ListingState {
        match self {
            Self::Draft => ListingState::Draft,
            Self::Published => ListingState::Published,
            Self::Archived => ListingState::Archived,
        }
    }
}

impl From<CategoryCount> for Category {
    fn from(counted: CategoryCount) -> Self {
        Self { slug: counted.slug.into_string(), name: counted.name, items: counted.items }
    }
}
