//! The data of the catalogue's pages.

use super::{previews, reviews};
use crate::Shop;
use crate::catalogue::extras::{self, SampleKind};
use crate::catalogue::{Delivery, Item, StoredFile, holds, sounds, store, versions};
use crate::coupons::{Discount, discount};
use crate::merchants::{self, Merchant, profile_store};
use crate::orders::terms;
use crate::reviews::{Review, store as store_of_reviews};
use crate::{fees, markdown, orders};
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Database;
use platform::paging::Part;
use shop_pages::model::{Availability, Category, ItemCard, ItemPage, Picture, Seller, Shown, WaySplit};

/// A shelf's items.
pub const ON_A_SHELF: i64 = 6;
/// On the page of what they are of; the others have one of their own.
const REVIEWS: usize = 5;
/// Sales of this long make an item popular.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

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
        shown: shown(item),
        pictures: (1..).zip(pictures).map(|(number, _)| picture(item, number)).collect(),
        sample: extras::only(&samples, SampleKind::Page).map(|_| format!("/samples/{}", item.slug)),
        demo: extras::only(&samples, SampleKind::Demo).map(|_| format!("/demos/{}", item.slug)),
        news: news.map_or_else(String::new, |version| version.notes),
        more_by_seller: more.iter().map(Item::card).collect(),
        reviews: newest.iter().map(Review::view).collect(),
        may_review: false,
        owned_order: None,
        own_item: false,
        wished: false,
        availability,
        hold_reason: None,
        splits: splits(shop, item, &merchant, (item.price, None)).await?,
        seller: Seller { rating, ..merchant.seller() },
        rates,
    })
}

/// How this much for the item, less a discount, divides by each way to pay, by the rules in force now.
pub async fn splits(
    shop: &Shop,
    item: &Item,
    seller: &Merchant,
    (before, discount): (Money, Option<&Discount>),
) -> Result<Vec<WaySplit>, sqlx::Error> {
    let book = fees::in_force(shop.db.readers(), Some(seller), shop.clock.now()).await?;
    let fee = discount::fee(&book, &item.category, before, discount);
    let off = discount.map_or(Money::ZERO, |discount| discount.amount);
    Ok(terms::splits(before.sub(off).ok(), &fee))
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
pub fn picture(item: &Item, number: usize) -> Picture {
    let what = match shown(item) {
        Shown::Pages => "Page",
        Shown::Screens => "Screenshot",
        Shown::Pictures => "Picture",
    };
    Picture {
        src: format!("/pictures/{}/{number}", item.slug),
        alt: format!("{what} {number} of {}", item.title),
    }
}

/// What pictures of it show.
fn shown(item: &Item) -> Shown {
    match item.category.as_str() {
        "books" | "courses" | "paper" => Shown::Pages,
        "games" | "software" => Shown::Screens,
        _ => Shown::Pictures,
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
pub async fn popular(shop: &Shop, limit: i64) -> Result<Vec<Item>, sqlx::Error> {
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
