//! The data of the catalogue's pages.

use super::{previews, reviews};
use crate::Shop;
use crate::catalogue::extras::{self, Sample, SampleKind};
use crate::catalogue::search::{COUNTED, Count, Search};
use crate::catalogue::{Delivery, Item, StoredFile, holds, sounds, store, versions};
use crate::merchants::{self, Merchant, profile_store};
use crate::orders::terms;
use crate::reviews::{Review, store as store_of_reviews};
use crate::{fees, markdown, orders};
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use platform::paging::Part;
use shop_pages::model::{Availability, Category, HomePage, ItemCard, ItemPage, Picture, Seller, WaySplit};

const PER_PAGE: u32 = 24;
const ON_A_SHELF: i64 = 6;
/// On the page of what they are of; the others have one of their own.
const REVIEWS: usize = 5;
/// Sales of this long make an item popular.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longer searches are cut: nobody types them.
const LONGEST_QUERY: usize = 100;

/// What a visitor asked to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browse {
    pub query: String,
    pub category: Option<String>,
    /// Counts from 1.
    pub page: u32,
}

impl Browse {
    /// Reads `q`, `category` and `page` of an address. What cannot be meant takes its default.
    pub fn from_query(query: &str) -> Self {
        let mut asked = Self { page: 1, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" => asked.query = readable(&value),
                "category" => asked.category = Some(value.into_owned()).filter(|slug| !slug.is_empty()),
                "page" => asked.page = platform::web::page_number(&value),
                _ => {}
            }
        }
        asked
    }

    /// The one address of what was asked for.
    pub fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.query.is_empty() {
            query.append_pair("q", &self.query);
        }
        if let Some(category) = &self.category {
            query.append_pair("category", category);
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    fn is_front_page(&self) -> bool {
        self.query.is_empty() && self.category.is_none()
    }
}

/// Search words without what no database takes and no person types.
fn readable(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.trim().chars().take(LONGEST_QUERY).collect()
}

/// The catalogue; `None` when there is no such category or no such page of it.
pub async fn home(shop: &Shop, asked: &Browse) -> Result<Option<HomePage>, sqlx::Error> {
    let categories = store::categories(&shop.db).await?;
    let chosen = asked.category.as_deref().map(|slug| {
        categories.iter().find(|category| category.slug.as_str() == slug).map(|category| &category.slug)
    });
    if chosen == Some(None) {
        return Ok(None);
    }
    let search = Search::new(chosen.flatten().cloned(), &asked.query);
    let count = if search.is_for_everything() {
        let shown = categories.iter().filter(|category| chosen.is_none_or(|one| one == Some(&category.slug)));
        Count::Exactly(shown.map(|category| category.items).sum())
    } else {
        search.count(&shop.db).await?
    };
    let (total, more) = match count {
        Count::Exactly(total) => (total, false),
        Count::Many => (COUNTED, true),
    };
    let pages = total.div_ceil(PER_PAGE).max(1);
    if asked.page > pages {
        return Ok(None);
    }
    let offset = (asked.page - 1) * PER_PAGE;
    let items = search.items(&shop.db, count, (PER_PAGE, offset)).await?;
    let (new, popular) = if asked.is_front_page() && asked.page == 1 {
        let popular = popular(shop, ON_A_SHELF).await?;
        (store::newest(&shop.db, ON_A_SHELF).await?, popular)
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(Some(HomePage {
        categories: categories.into_iter().map(Category::from).collect(),
        category: asked.category.clone(),
        query: asked.query.clone(),
        new: new.iter().map(Item::card).collect(),
        popular: popular.iter().map(Item::card).collect(),
        items: items.iter().map(Item::card).collect(),
        total,
        more,
        page: asked.page,
        pages,
    }))
}

/// An item's page as everybody sees it: without what depends on the viewer.
pub async fn item_page(shop: &Shop, item: &Item) -> Result<ItemPage, sqlx::Error> {
    let db = &shop.db;
    let more = store::more_by_seller(db, item, ON_A_SHELF).await?;
    let categories = store::categories(db).await?;
    let category = categories.into_iter().find(|category| category.slug == item.category);
    let merchant = merchants::store::by_id(db.readers(), &item.merchant_id).await?;
    let rates = if item.physical {
        profile_store::rates_of(db.readers(), &merchant.id).await?.rows()
    } else {
        Vec::new()
    };
    let (availability, _) = availability(db, item, &merchant).await?;
    let samples = extras::samples(db, &item.id).await?;
    let pictures = samples.iter().filter(|sample| sample.kind == SampleKind::Picture);
    let (newest, _) = reviews::of_item(db, &item.id, Part::Newest, REVIEWS).await?;
    let rating = store_of_reviews::rating_of_merchant(db.readers(), &merchant.id).await?;
    let news = match item.version {
        Some(number) if number > 1 => versions::of_item(db, &item.id).await?,
        _ => Vec::new(),
    };
    let sound = match &item.preview_key {
        Some(key) => sounds::of_file(db, key).await?,
        None => None,
    };
    let files = versions::files_of(db, item).await?;
    let news = news.into_iter().find(|version| Some(version.number) == item.version);
    Ok(ItemPage {
        card: item.card(),
        category_name: category.map_or_else(String::new, |category| category.name),
        description: markdown::render(&item.description),
        licence: item.licence.clone(),
        instant: item.delivery == Delivery::Instant,
        type_tester: !previews::fonts(&files).is_empty(),
        files: files.iter().map(StoredFile::facts).collect(),
        tags: extras::tags(db, &item.id).await?,
        has_preview: item.preview_key.is_some(),
        preview_seconds: sound
            .map(|sound| u64::try_from((sound.length.as_millis() + 500) / 1000).unwrap_or(0)),
        pictures: (1..).zip(pictures).map(|(number, sample)| picture(item, number, sample)).collect(),
        sample: samples
            .iter()
            .any(|sample| sample.kind == SampleKind::Page)
            .then(|| format!("/samples/{}", item.slug)),
        news: news.map_or_else(String::new, |version| version.notes),
        more_by_seller: more.iter().map(Item::card).collect(),
        reviews: newest.iter().map(Review::view).collect(),
        may_review: false,
        owned_order: None,
        own_item: false,
        availability,
        hold_reason: None,
        splits: splits(shop, item, &merchant).await?,
        seller: Seller { rating, ..merchant.seller() },
        rates,
    })
}

/// How the item's price divides by each way to pay, by the rules in force now.
pub async fn splits(shop: &Shop, item: &Item, seller: &Merchant) -> Result<Vec<WaySplit>, sqlx::Error> {
    let now = shop.clock.now();
    let fee = fees::terms_for(shop.db.readers(), seller, &item.category, item.price, now).await?;
    Ok(terms::splits(Some(item.price), &fee))
}

/// Whether the item can be bought at present, and why not where the operator holds it.
pub async fn availability(
    db: &Database,
    item: &Item,
    seller: &Merchant,
) -> Result<(Availability, Option<String>), sqlx::Error> {
    if let Some(hold) = holds::of_item(db.readers(), &item.id).await? {
        return Ok((Availability::Held, Some(hold.reason)));
    }
    Ok((item.availability(seller), seller.hold.as_ref().map(|hold| hold.reason.clone())))
}

/// A picture beside the cover, counted from 1.
pub fn picture(item: &Item, number: usize, sample: &Sample) -> Picture {
    Picture {
        src: format!("/pictures/{}/{number}", item.slug),
        alt: format!("Picture {number} of {}", sample.words),
    }
}

/// The categories for a form or a menu.
pub async fn categories(db: &Database) -> Result<Vec<Category>, sqlx::Error> {
    Ok(store::categories(db).await?.into_iter().map(Category::from).collect())
}

/// What to show a person who has just bought this: more by the seller, then the editors' picks.
pub async fn suggestions(shop: &Shop, bought: &Item) -> Result<Vec<ItemCard>, sqlx::Error> {
    let mut found = store::more_by_seller(&shop.db, bought, ON_A_SHELF / 2).await?;
    for item in popular(shop, 2 * ON_A_SHELF).await? {
        let shown = item.id == bought.id || found.iter().any(|other| other.id == item.id);
        if !shown && found.len() < usize::try_from(ON_A_SHELF).unwrap_or(0) {
            found.push(item);
        }
    }
    Ok(found.iter().map(Item::card).collect())
}

/// What was sold most within a week; while that is little, the editors' picks after it.
async fn popular(shop: &Shop, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
    let a_week_ago = shop.clock.now().saturating_sub(WEEK).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut popular = orders::most_sold(&shop.db, a_week_ago, limit).await?;
    let wanted = usize::try_from(limit).unwrap_or(0);
    if popular.len() < wanted {
        let mut picks = store::picks(&shop.db, limit).await?;
        picks.retain(|pick| popular.iter().all(|item| item.id != pick.id));
        popular.extend(picks);
        popular.truncate(wanted);
    }
    Ok(popular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_words_category_and_page() {
        let asked = Browse::from_query("q=blue+note&category=music&page=3&unknown=1");
        let expected = Browse { query: "blue note".into(), category: Some("music".into()), page: 3 };
        assert_eq!(asked, expected);
        assert_eq!(asked.address(), "/?q=blue+note&category=music&page=3");
        assert_eq!(Browse::from_query("page=1&q=").address(), "/");
    }

    #[test]
    fn what_cannot_be_meant_takes_its_default() {
        for nonsense in ["page=0", "page=-1", "page=abc", "page=99999999999", "q=%00%07", "category=", ""] {
            assert_eq!(Browse::from_query(nonsense), Browse { page: 1, ..Browse::default() }, "{nonsense}");
        }
    }
}
