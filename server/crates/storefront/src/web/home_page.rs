//! The data of the catalogue's own page.

use super::browse::{Bound, Browse};
use super::catalogue_pages::{ON_A_SHELF, popular};
use crate::Shop;
use crate::catalogue::formats::Format;
use crate::catalogue::search::{
    self, COUNTED, Count, Criteria, Facet, Facets, Found, LeastRating, Sort, Understood,
};
use crate::catalogue::{CategoryCount, Item, store};
use crate::ids::{CategorySlug, SellerSlug};
use crate::merchants::{self, Merchant};
use shop_pages::model::{Filters, HomePage, Reading, SortChoice, Way};
use std::collections::HashMap;

const PER_PAGE: u32 = 24;

/// The catalogue; `None` when there is no such category, seller or page of it.
pub async fn home(shop: &Shop, asked: &Browse) -> Result<Option<HomePage>, sqlx::Error> {
    let categories = store::categories(&shop.db).await?;
    let chosen =
        asked.category.as_deref().map(|slug| categories.iter().find(|one| one.slug.as_str() == slug));
    let seller = match &asked.seller {
        Some(slug) => Some(merchants::store::by_slug(&shop.db, slug).await?),
        None => None,
    };
    if chosen == Some(None) || seller.as_ref().is_some_and(Option::is_none) {
        return Ok(None);
    }
    let (chosen, seller) = (chosen.flatten(), seller.flatten());
    if asked.is_everything() {
        return everything(shop, asked, &categories).await;
    }
    let criteria = Criteria {
        words: asked.query.clone(),
        category: chosen.map(|category| category.slug.clone()),
        tag: asked.tag.clone(),
        format: asked.format,
        seller: seller.as_ref().map(|seller| seller.id.clone()),
        rating: asked.rating,
        price: (asked.least.price(), asked.most.price()),
        sort: asked.sort,
    };
    let place = (PER_PAGE, asked.page.saturating_sub(1).saturating_mul(PER_PAGE));
    let mut found = search::search(&shop.db, &criteria, place).await?;
    let is_search = !criteria.is_whole_category();
    if !is_search {
        let shown = categories.iter().filter(|one| chosen.is_none_or(|chosen| chosen.slug == one.slug));
        found.count = Count::Exactly(shown.map(|one| one.items).sum());
    }
    let Some(page) = numbered(asked, found.count) else { return Ok(None) };
    let Facets { categories: items, categories_in_part, .. } = &found.facets;
    let counted = if is_search {
        let chosen = chosen.map(|category| (&category.slug, found.count));
        Counted::Found { items, in_part: *categories_in_part, chosen }
    } else {
        Counted::All
    };
    Ok(Some(HomePage {
        categories: dividers(asked, &categories, &counted),
        category: chosen.map(|category| category.name.clone()),
        query: asked.query.clone(),
        reading: reading(found.understood.clone()),
        items: found.items.iter().map(Item::card).collect(),
        filters: Some(filters(asked, &found, seller.as_ref())),
        ..page
    }))
}

/// The front page, and the pages after it.
async fn everything(
    shop: &Shop,
    asked: &Browse,
    categories: &[CategoryCount],
) -> Result<Option<HomePage>, sqlx::Error> {
    let total = categories.iter().map(|category| category.items).sum();
    let Some(page) = numbered(asked, Count::Exactly(total)) else { return Ok(None) };
    let mut items =
        search::everything(&shop.db, (PER_PAGE, (asked.page - 1).saturating_mul(PER_PAGE))).await?;
    let (mut new, mut popular_items) = (Vec::new(), Vec::new());
    if asked.page == 1 {
        popular_items = popular(shop, ON_A_SHELF).await?;
        new = store::newest(&shop.db, 2 * ON_A_SHELF).await?;
        new.retain(|item| popular_items.iter().all(|other| other.id != item.id));
        new.truncate(usize::try_from(ON_A_SHELF).unwrap_or(0));
        // What stands on a shelf stands on the page.
        items.retain(|item| popular_items.iter().chain(&new).all(|other| other.id != item.id));
    }
    Ok(Some(HomePage {
        categories: dividers(asked, categories, &Counted::All),
        new: new.iter().map(Item::card).collect(),
        popular: popular_items.iter().map(Item::card).collect(),
        items: items.iter().map(Item::card).collect(),
        ..page
    }))
}

/// How much there is, and the ways to the pages beside the one that is asked for; `None` where that is not one of
/// them.
fn numbered(asked: &Browse, count: Count) -> Option<HomePage> {
    let (total, more) = match count {
        Count::Exactly(total) => (total, false),
        Count::Many => (COUNTED, true),
    };
    let pages = total.div_ceil(PER_PAGE).max(1);
    let address = |page| Browse { page, ..asked.clone() }.address();
    (asked.page <= pages).then(|| HomePage {
        total,
        more,
        page: asked.page,
        pages,
        previous: (asked.page > 1).then(|| address(asked.page - 1)),
        next: (asked.page < pages).then(|| address(asked.page + 1)),
        ..HomePage::default()
    })
}

/// What is counted of the categories.
enum Counted<'a> {
    /// All that there is.
    All,
    /// What was found; of much of it a part alone. Of the chosen category it is what the page has.
    Found { items: &'a HashMap<CategorySlug, u32>, in_part: bool, chosen: Option<(&'a CategorySlug, Count)> },
}

impl Counted<'_> {
    /// `None`: it has something or not.
    fn items(&self, category: &CategoryCount) -> Option<String> {
        match self {
            Self::All => Some(category.items.to_string()),
            Self::Found { chosen: Some((slug, count)), .. } if **slug == category.slug => Some(match count {
                Count::Exactly(items) => items.to_string(),
                Count::Many => format!("{COUNTED}+"),
            }),
            Self::Found { items, in_part: true, .. } => {
                items.get(&category.slug).map(|items| format!("{items}+"))
            }
            Self::Found { items, in_part: false, .. } => {
                Some(items.get(&category.slug).copied().unwrap_or(0).to_string())
            }
        }
    }

    /// Of a search those that have nothing are not shown.
    fn has_nothing(&self, category: &CategoryCount) -> bool {
        matches!(self, Self::Found { items, in_part: false, .. } if !items.contains_key(&category.slug))
    }
}

/// The categories with how many items each has. A search stays when the category changes.
fn dividers(asked: &Browse, categories: &[CategoryCount], counted: &Counted<'_>) -> Vec<Way> {
    let choice = |category: Option<&CategoryCount>| {
        let slug = category.map(|category| category.slug.to_string());
        Way {
            label: category.map_or_else(|| "Everything".to_owned(), |category| category.name.clone()),
            count: category.and_then(|category| counted.items(category)),
            current: asked.category == slug,
            href: Browse { category: slug, ..asked.first_page() }.address(),
        }
    };
    let is_shown = |category: &&CategoryCount| {
        asked.category.as_deref() == Some(category.slug.as_str()) || !counted.has_nothing(category)
    };
    std::iter::once(None).chain(categories.iter().filter(is_shown).map(Some)).map(choice).collect()
}

fn reading(understood: Understood) -> Reading {
    match understood {
        Understood::AsTyped => Reading::AsTyped,
        Understood::As(words) => Reading::As(words),
        Understood::InPart => Reading::InPart,
        Understood::NotAtAll => Reading::NotAtAll,
    }
}

fn filters(asked: &Browse, found: &Found, seller: Option<&Merchant>) -> Filters {
    let Facets { tags, formats, sellers, ratings, .. } = &found.facets;
    let at_least = if found.facets.in_part { "+" } else { "" };
    let offer = |label: String, items: u32, browse: Browse| Way {
        label,
        count: Some(format!("{items}{at_least}")),
        href: browse.address(),
        current: false,
    };
    let first = || asked.first_page();
    let tag = |tag: &Facet<String>| {
        offer(tag.value.clone(), tag.items, Browse { tag: Some(tag.value.clone()), ..first() })
    };
    let format = |format: &Facet<Format>| {
        let Facet { value, items } = *format;
        offer(value.name().to_owned(), items, Browse { format: Some(value), ..first() })
    };
    let seller_choice = |seller: &Facet<(SellerSlug, String)>| {
        let (slug, name) = &seller.value;
        offer(name.clone(), seller.items, Browse { seller: Some(slug.clone()), ..first() })
    };
    let rating = |rating: &Facet<LeastRating>| {
        let Facet { value, items } = *rating;
        offer(stars(value).to_owned(), items, Browse { rating: Some(value), ..first() })
    };
    let in_form = ["min", "max", "sort", "page"];
    Filters {
        chosen: chosen(asked, seller),
        tags: offered(asked.tag.as_ref(), tags, found.count, tag),
        formats: offered(asked.format.as_ref(), formats, found.count, format),
        sellers: offered(asked.seller.as_ref(), sellers, found.count, seller_choice),
        ratings: offered(asked.rating.as_ref(), ratings, found.count, rating),
        least: asked.least.typed(),
        most: asked.most.typed(),
        price_error: price_error(asked),
        sorts: sorts(asked),
        kept: asked.parameters().into_iter().filter(|(name, _)| !in_form.contains(name)).collect(),
    }
}

/// Why the prices that were typed ask for nothing, or for nothing that there can be.
fn price_error(asked: &Browse) -> Option<&'static str> {
    match (&asked.least, &asked.most) {
        (Bound::NoPrice(_), _) | (_, Bound::NoPrice(_)) => {
            Some("Write prices as 12 or 12.50. What is none is left out.")
        }
        (Bound::At(least), Bound::At(most)) if least > most => Some("From is more than To: nothing is both."),
        _ => None,
    }
}

const fn stars(least: LeastRating) -> &'static str {
    match least {
        LeastRating::Four => "4 stars and up",
        LeastRating::Three => "3 stars and up",
        LeastRating::Two => "2 stars and up",
    }
}

/// One of each can be chosen: of what is chosen already nothing is offered. What all have narrows nothing.
fn offered<T, C>(
    chosen: Option<&C>,
    facets: &[Facet<T>],
    found: Count,
    way: impl Fn(&Facet<T>) -> Way,
) -> Vec<Way> {
    let narrows = |facet: &&Facet<T>| found != Count::Exactly(facet.items);
    if chosen.is_some() { Vec::new() } else { facets.iter().filter(narrows).map(way).collect() }
}

/// What is chosen beside words and category; each with the way to the page without it.
fn chosen(asked: &Browse, seller: Option<&Merchant>) -> Vec<Way> {
    let first = || asked.first_page();
    let price = match (asked.least.price(), asked.most.price()) {
        (None, None) => None,
        (Some(least), None) => Some(format!("from {least}")),
        (None, Some(most)) => Some(format!("up to {most}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
    };
    let all = [
        (asked.tag.as_ref().map(|tag| format!("tagged {tag}")), Browse { tag: None, ..first() }),
        (asked.format.map(|format| format.name().to_owned()), Browse { format: None, ..first() }),
        (seller.map(|seller| format!("from {}", seller.name)), Browse { seller: None, ..first() }),
        (asked.rating.map(|rating| stars(rating).to_owned()), Browse { rating: None, ..first() }),
        (price, Browse { least: Bound::Open, most: Bound::Open, ..first() }),
    ];
    let choice = |(label, without): (Option<String>, Browse)| {
        Some(Way { label: label?, count: None, href: without.address(), current: true })
    };
    all.into_iter().filter_map(choice).collect()
}

fn sorts(asked: &Browse) -> Vec<SortChoice> {
    let by_words = !asked.query.is_empty();
    let offered = Sort::ALL.iter().filter(|sort| by_words || **sort != Sort::Title);
    let choice = |sort: &Sort| SortChoice {
        value: sort.as_str(),
        label: match sort {
            Sort::Best if by_words => "Best match",
            Sort::Best | Sort::Title => "Title",
            Sort::Newest => "Newest first",
            Sort::Cheapest => "Price, lowest first",
            Sort::Dearest => "Price, highest first",
            Sort::MostSold => "Most sold first",
        },
        current: *sort == asked.sort,
    };
    offered.map(choice).collect()
}
