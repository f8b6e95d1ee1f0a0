//! Items, files and categories as the pages show them.

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
            format: format_name(&self.media_type).to_owned(),
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

/// What a person calls a media type.
fn format_name(media_type: &str) -> &str {
    match media_type {
        "audio/mpeg" => "MP3 audio",
        "audio/wav" | "audio/x-wav" | "audio/vnd.wave" => "WAV audio",
        "audio/flac" | "audio/x-flac" => "FLAC audio",
        "audio/ogg" => "Ogg audio",
        "application/pdf" => "PDF",
        "application/epub+zip" => "EPUB book",
        "application/zip" => "ZIP archive",
        "application/vnd.oasis.opendocument.spreadsheet"
        | "application/vnd.oasis.opendocument.spreadsheet-flat-xml" => "OpenDocument spreadsheet",
        "font/ttf" => "TrueType font",
        "font/otf" => "OpenType font",
        "font/woff2" => "Web font (WOFF2)",
        "text/csv" => "Table (CSV)",
        "text/plain" => "Plain text",
        "text/x-python" => "Python program",
        "text/html" => "Web page (HTML)",
        "image/svg+xml" => "SVG drawing",
        "image/png" => "PNG image",
        "image/jpeg" => "JPEG image",
        "video/mp4" => "MP4 video",
        "application/octet-stream" => "File",
        other => other,
    }
}
