//! Listing an item for sale.

mod room;
pub(super) mod slug;
mod uploads;

pub use room::Room;
pub use uploads::{COVER_TOO_LARGE, Cover, LARGEST_COVER, Upload, UploadError, Uploads};

use crate::catalogue::{Delivery, Item, StoredFile, store as items};
use crate::fees::{self, FeeBook, FeeTerms};
use crate::ids::{CategorySlug, ItemSlug};
use crate::merchants::Merchant;
use crate::orders::terms;
use crate::{Shop, input};
use app::form::FormState;
use money::Money;

const LONGEST_TITLE: usize = 120;
const LONGEST_CREATOR: usize = 80;
const LONGEST_DESCRIPTION: usize = 5_000;
const LONGEST_LICENCE: usize = 300;
const HIGHEST_PRICE: Money = Money::from_cents(1_000_000);
/// What stands there when the merchant says nothing else.
const USUAL_LICENCE: &str = "Personal use.";
/// The form's fields, as they are kept when it is refused.
pub const FIELDS: [&str; 8] =
    ["title", "creator", "category", "description", "price", "delivery", "kind", "licence"];

#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    #[error(transparent)]
    Files(#[from] crate::files::FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What the merchant typed, read.
#[derive(Debug, Clone)]
struct Terms {
    title: String,
    creator: String,
    category: CategorySlug,
    description: String,
    price: Money,
    delivery: Delivery,
    physical: bool,
    licence: String,
}

/// Puts the item up for sale and returns its slug. Uploads that are not used are deleted.
pub async fn list(
    shop: &Shop,
    merchant: &Merchant,
    form: FormState,
    uploads: Uploads,
) -> Result<ItemSlug, ListingError> {
    let uploaded = uploads.file.as_ref().map(|file| file.key.clone());
    let listed = list_uploaded(shop, merchant, form, uploads).await;
    let used = matches!(&listed, Ok((_, kept)) if kept.is_some());
    if let (Some(key), false) = (uploaded, used) {
        shop.files.delete(&key).await?;
    }
    let (slug, _) = listed?;
    shop.shared_pages.forget();
    Ok(slug)
}

async fn list_uploaded(
    shop: &Shop,
    merchant: &Merchant,
    form: FormState,
    uploads: Uploads,
) -> Result<(ItemSlug, Option<StoredFile>), ListingError> {
    let categories = items::categories(&shop.db).await?;
    let known = |slug: &CategorySlug| categories.iter().any(|category| category.slug == *slug);
    let now = shop.clock.now();
    let book = fees::in_force(shop.db.readers(), Some(merchant), now).await?;
    let terms = read(form, &uploads, known, &book).map_err(ListingError::Invalid)?;
    let cover_key = match uploads.cover {
        Some(cover) => Some(cover.keep(shop).await?),
        None => None,
    };
    let file = uploads.file.filter(|_| !terms.physical);
    let item = Item {
        id: shop.new_id(),
        slug: slug::from_title(&terms.title),
        merchant_id: merchant.id.clone(),
        seller: merchant.name.clone(),
        category: terms.category,
        title: terms.title,
        creator: terms.creator,
        description: terms.description,
        price: terms.price,
        delivery: terms.delivery,
        physical: terms.physical,
        licence: terms.licence,
        cover_key,
        preview_key: None,
        file: file.clone(),
        featured_rank: None,
        created_at: now,
    };
    let cover_key = item.cover_key.clone();
    let inserted = shop.db.transact(item, |c, item| Box::pin(slug::insert_under_free_slug(c, item))).await;
    if let (Err(_), Some(cover)) = (&inserted, &cover_key) {
        shop.files.delete(cover).await?;
    }
    Ok((inserted?, file))
}

/// Reads the form, or puts the errors at their fields.
fn read(
    mut form: FormState,
    uploads: &Uploads,
    known: impl Fn(&CategorySlug) -> bool,
    fees: &FeeBook,
) -> Result<Terms, FormState> {
    let text = |name: &str| form.value(name).to_owned();
    let physical = text("kind") == "physical";
    let delivery =
        if physical || text("delivery") == "manual" { Delivery::Manual } else { Delivery::Instant };
    let title = input::single_line(&text("title"), "a title", LONGEST_TITLE);
    let creator = input::single_line(&text("creator"), "who made it", LONGEST_CREATOR);
    let description = input::paragraphs(&text("description"), "a description", LONGEST_DESCRIPTION);
    let licence = match text("licence").trim() {
        "" => Ok(USUAL_LICENCE.to_owned()),
        licence => input::single_line(licence, "a licence", LONGEST_LICENCE),
    };
    let category = CategorySlug::new(text("category")).ok().filter(known);
    let category = category.ok_or_else(|| "Choose a category.".to_owned());
    let price = read_price(&text("price"), |price| fees.terms(category.as_ref().ok(), price));
    let kind = choice(&text("kind"), &["", "digital", "physical"]);
    let when = choice(&text("delivery"), &["", "instant", "manual"]);
    let file = match (&uploads.file_problem, &uploads.file) {
        (Some(problem), _) => Err(problem.clone()),
        (None, None) if matches!(form.value("kind"), "" | "digital") => {
            Err("Choose the file that buyers download.".to_owned())
        }
        _ => Ok(()),
    };
    let cover = uploads.cover_problem.clone().map_or(Ok(()), Err);
    let problems = [
        ("title", title.as_ref().err()),
        ("creator", creator.as_ref().err()),
        ("category", category.as_ref().err()),
        ("description", description.as_ref().err()),
        ("price", price.as_ref().err()),
        ("kind", kind.as_ref().err()),
        ("delivery", when.as_ref().err()),
        ("licence", licence.as_ref().err()),
        ("file", file.as_ref().err()),
        ("cover", cover.as_ref().err()),
    ];
    for (field, problem) in problems {
        if let Some(problem) = problem {
            form.refuse(field, problem);
        }
    }
    match (title, creator, category, description, price, licence) {
        (Ok(title), Ok(creator), Ok(category), Ok(description), Ok(price), Ok(licence))
            if form.is_valid() =>
        {
            Ok(Terms { title, creator, category, description, price, delivery, physical, licence })
        }
        _ => {
            // Browsers do not send a file twice by themselves.
            if uploads.file.is_some() && form.error("file").is_none() {
                form.refuse("file", "Choose the file again: it was not kept.");
            }
            Err(form)
        }
    }
}

fn choice(value: &str, choices: &[&str]) -> Result<(), String> {
    if choices.contains(&value) { Ok(()) } else { Err("Choose one of these.".to_owned()) }
}

fn read_price(text: &str, fee: impl Fn(Money) -> FeeTerms) -> Result<Money, String> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let price = Money::parse_dollars(text).map_err(|_| "Enter a price like 4.50.".to_owned())?;
    if price > HIGHEST_PRICE {
        return Err(format!("The price can be at most {HIGHEST_PRICE}."));
    }
    match terms::split_by_card(price, &fee(price)) {
        Ok(split) if split.merchant.is_positive() => Ok(price),
        _ => Err("At this price the fees would leave nothing for you. Ask for more.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(changes: &[(&str, &str)]) -> FormState {
        let mut form = FormState::default();
        let usual = [
            ("title", "Harbour at Dusk"),
            ("creator", "Nadia Brandt"),
            ("category", "art"),
            ("description", "Two colours."),
            ("price", "24.50"),
            ("kind", "physical"),
        ];
        for (name, value) in usual.iter().chain(changes) {
            form.set(name, *value);
        }
        form
    }

    fn read_form(changes: &[(&str, &str)]) -> Result<Terms, FormState> {
        let uploads = Uploads::within(Room::unbounded());
        read(form(changes), &uploads, |slug| slug.as_str() == "art", &FeeBook::default())
    }

    #[test]
    fn what_is_sent_by_post_is_never_instant() {
        let terms = read_form(&[("delivery", "instant")]).unwrap();
        assert!(terms.physical && terms.delivery == Delivery::Manual);
        assert_eq!(terms.licence, USUAL_LICENCE);
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let long = "x".repeat(LONGEST_TITLE + 1);
        for (field, value) in [
            ("title", " "),
            ("title", &long),
            ("title", "a\u{0}b"),
            ("creator", ""),
            ("category", "weapons"),
            ("description", ""),
            ("price", "free"),
            ("price", "-1"),
            ("price", "0"),
            ("price", "0.10"),
            ("price", "1e3"),
            ("price", "1000000"),
            ("kind", "both"),
            ("delivery", "later"),
        ] {
            let refused = read_form(&[(field, value)]).unwrap_err();
            assert!(refused.error(field).is_some(), "{field}={value:?}");
            assert_eq!(refused.errors.len(), 1, "{field}={value:?}: {:?}", refused.errors);
            assert_eq!(refused.value("creator"), if field == "creator" { value } else { "Nadia Brandt" });
        }
    }

    #[test]
    fn a_digital_item_needs_its_file() {
        let refused = read_form(&[("kind", "digital")]).unwrap_err();
        assert!(refused.error("file").is_some());
    }
}
