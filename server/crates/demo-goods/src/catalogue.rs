//! What is for sale: categories, sellers and items, as `data/catalogue` has them.

use crate::GoodsError;
use crate::art::{Format, Motif, Palette};
use crate::audio::{Kit, Place, Song};
use crate::fonts::Design;
use crate::listed::{self, Listed};
use crate::models::Model;
use crate::paper::Paper;
use crate::templates::Template;
use money::Money;
use serde::{Deserialize, Deserializer};
use std::sync::OnceLock;

/// Everything, read and checked once.
pub fn catalogue() -> Result<&'static Catalogue, GoodsError> {
    static CATALOGUE: OnceLock<Result<Catalogue, String>> = OnceLock::new();
    CATALOGUE.get_or_init(read).as_ref().map_err(|error| GoodsError::Data(error.clone()))
}

#[derive(Debug)]
pub struct Catalogue {
    pub categories: Vec<Category>,
    /// Seller 0 is the demo merchant.
    pub sellers: Vec<Seller>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub slug: String,
    pub name: String,
    /// What a buyer may do with its goods, unless an item says otherwise.
    pub licence: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    pub email: String,
    pub name: String,
    pub shop: String,
    pub about: String,
    pub links: Vec<Link>,
    pub refunds: Refunds,
    /// What posting costs; empty for those who post nothing.
    #[serde(default)]
    pub shipping: Vec<Rate>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub name: String,
    pub url: String,
}

/// When money comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Refunds {
    /// Without asking, within so many days.
    AtOnce { days: u16, only_if_not_downloaded: bool },
    /// The seller reads the reason and decides.
    OnRequest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speed {
    Standard,
    Express,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    UnitedStates,
    Canada,
    Europe,
    World,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub speed: Speed,
    pub region: Region,
    #[serde(deserialize_with = "dollars")]
    pub price: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// The moment that the payment is through.
    #[default]
    Instant,
    /// When the seller has got it ready.
    Manual,
}

#[derive(Debug)]
pub struct Item {
    pub slug: String,
    /// Index into the sellers.
    pub seller: usize,
    /// The category's slug.
    pub category: String,
    pub title: String,
    pub creator: String,
    pub price: Money,
    pub delivery: Delivery,
    /// A thing that is posted, and has no file.
    pub physical: bool,
    pub licence: String,
    pub tags: Vec<String>,
    /// Markdown.
    pub description: String,
    pub featured_rank: Option<i64>,
    /// One of those that have more of everything.
    pub deep: bool,
    /// Its files, as [`Item::goods`] makes them.
    pub listed: Vec<Listed>,
    pub(crate) make: Option<Make>,
    /// The seller's shop, which some files name.
    pub(crate) shop: String,
}

/// How an item's files come into being.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Make {
    NowAndForever,
    Song(Song),
    Album(Vec<Track>),
    Place {
        place: Place,
        seconds: f32,
    },
    Kit(Kit),
    Book {
        text: String,
        #[serde(default)]
        epub: bool,
        #[serde(default)]
        with: Option<Beside>,
    },
    Print {
        motif: Motif,
        palette: Palette,
        #[serde(default)]
        format: Format,
        #[serde(default)]
        png: Option<u32>,
    },
    Game {
        page: String,
        #[serde(default)]
        data: Option<String>,
        #[serde(default)]
        seed: u32,
        #[serde(default)]
        settings: Option<String>,
        help: String,
    },
    Page(String),
    /// A program for a command line, and words about it.
    Script(String),
    /// The page of this name with a licence beside it.
    Seats {
        page: String,
        seats: u32,
    },
    Font(Design),
    Paper(Paper),
    Model(Model),
    Template(Template),
}

/// What comes with a course besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Beside {
    LendingTables,
    PracticeSheets,
    PracticeFont,
    ChoirWorkbook,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Track {
    pub title: String,
    pub song: Song,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopsFile {
    category: Vec<Category>,
    seller: Vec<Seller>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemsFile {
    item: Vec<Entry>,
}

/// An item as it is written down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: String,
    seller: usize,
    title: String,
    creator: String,
    #[serde(deserialize_with = "dollars")]
    price: Money,
    #[serde(default)]
    delivery: Delivery,
    licence: Option<String>,
    tags: Vec<String>,
    description: String,
    featured: Option<i64>,
    #[serde(default)]
    deep: bool,
    /// A thing to be posted has none.
    make: Option<Make>,
}

/// The `TrueType` file of a family that is sold, in the weight nearest to this class (400 is regular).
pub fn typeface(slug: &str, class: u16) -> Result<Vec<u8>, GoodsError> {
    let item = catalogue()?.items.iter().find(|item| item.slug == slug);
    let Some((Some(Make::Font(design)), shop)) = item.map(|item| (&item.make, &item.shop)) else {
        return Err(GoodsError::Data(format!("no font is {slug:?}")));
    };
    let nearest = design.weights.iter().min_by_key(|weight| weight.class.abs_diff(class));
    let weight = nearest.ok_or_else(|| GoodsError::Data(format!("{slug:?} has no weights")))?;
    Ok(design.truetype(weight, shop))
}

fn dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    let text = String::deserialize(deserializer)?;
    Money::parse_dollars(&text).map_err(serde::de::Error::custom)
}

const SHOPS: &str = include_str!("../data/catalogue/shops.toml");
const FILES: [(&str, &str); 12] = [
    ("music", include_str!("../data/catalogue/music.toml")),
    ("books", include_str!("../data/catalogue/books.toml")),
    ("art", include_str!("../data/catalogue/art.toml")),
    ("games", include_str!("../data/catalogue/games.toml")),
    ("software", include_str!("../data/catalogue/software.toml")),
    ("courses", include_str!("../data/catalogue/courses.toml")),
    ("fonts", include_str!("../data/catalogue/fonts.toml")),
    ("records", include_str!("../data/catalogue/records.toml")),
    ("sounds", include_str!("../data/catalogue/sounds.toml")),
    ("paper", include_str!("../data/catalogue/paper.toml")),
    ("models", include_str!("../data/catalogue/models.toml")),
    ("templates", include_str!("../data/catalogue/templates.toml")),
];

fn read() -> Result<Catalogue, String> {
    let shops: ShopsFile = toml::from_str(SHOPS).map_err(|error| format!("shops: {error}"))?;
    let mut listed = listed::by_item().map_err(|error| error.to_string())?;
    let mut items = Vec::new();
    for (slug, source) in FILES {
        let category = shops.category.iter().find(|category| category.slug == slug);
        let category = category.ok_or_else(|| format!("there is no category {slug}"))?;
        let file: ItemsFile = toml::from_str(source).map_err(|error| format!("{slug}: {error}"))?;
        for entry in file.item {
            let files = listed.remove(entry.slug.as_str()).unwrap_or_default();
            items.push(item(entry, category, &shops.seller, files)?);
        }
    }
    Ok(Catalogue { categories: shops.category, sellers: shops.seller, items })
}

fn item(entry: Entry, category: &Category, sellers: &[Seller], listed: Vec<Listed>) -> Result<Item, String> {
    let seller = sellers.get(entry.seller).ok_or_else(|| format!("{} has no seller", entry.slug))?;
    let physical = entry.make.is_none();
    if physical && (entry.delivery != Delivery::Manual || seller.shipping.is_empty()) {
        return Err(format!("{} is to be posted: its seller does it by hand, and has rates", entry.slug));
    }
    Ok(Item {
        slug: entry.slug,
        seller: entry.seller,
        category: category.slug.clone(),
        title: entry.title,
        creator: entry.creator,
        price: entry.price,
        delivery: entry.delivery,
        physical,
        licence: entry.licence.unwrap_or_else(|| category.licence.clone()),
        tags: entry.tags,
        description: entry.description.trim().to_owned(),
        featured_rank: entry.featured,
        deep: entry.deep,
        listed,
        make: entry.make,
        shop: seller.shop.clone(),
    })
}
