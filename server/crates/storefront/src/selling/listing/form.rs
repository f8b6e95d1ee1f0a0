//! What a seller typed into the form of a listing, read.

use super::price;
use crate::catalogue::{Delivery, Item};
use crate::fees::{FeeBook, FeeTerms};
use crate::ids::CategorySlug;
use crate::input;
use crate::orders::terms;
use app::form::FormState;
use money::Money;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::str::FromStr;

pub const LONGEST_TITLE: usize = 120;
const LONGEST_CREATOR: usize = 80;
const LONGEST_DESCRIPTION: usize = 5_000;
const LONGEST_LICENCE: usize = 300;
const LONGEST_NOTES: usize = 500;
const LONGEST_TAG: usize = 30;
const MOST_TAGS: usize = 10;
const MOST_PIECES: u32 = 1_000_000;
/// After that money is no longer held.
const MOST_HANDLING_DAYS: u8 = 7;
/// What stands there when the merchant says nothing else.
pub const USUAL_LICENCE: &str = "Personal use.";
/// The form's fields, as they are kept when it is refused. `stock_before` is what stood in the form as `stock`.
pub const FIELDS: [&str; 14] = [
    "title",
    "creator",
    "category",
    "description",
    "price",
    "delivery",
    "kind",
    "handling",
    "licence",
    "tags",
    "stock",
    "stock_before",
    "version_notes",
    "version_for",
];

/// What the button says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    Save,
    Publish,
    Unpublish,
    Archive,
    /// Back from the archive, as a draft.
    BringBack,
}

/// What the merchant typed, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub title: String,
    pub creator: String,
    pub category: CategorySlug,
    pub description: String,
    /// Zero: none yet.
    pub price: Money,
    pub delivery: Delivery,
    pub physical: bool,
    /// Within how many days what is not delivered at once is sent or ready.
    pub handling_days: Option<u8>,
    pub licence: String,
    pub tags: Vec<String>,
    pub stock: Option<u32>,
    /// What of the pieces stood in the form before.
    pub stock_before: Option<u32>,
    pub version_notes: String,
    pub for_earlier_buyers: bool,
}

/// The form of an item as it is.
pub fn of_item(item: &Item, tags: &[String]) -> FormState {
    let mut form = FormState::default();
    let stock = item.stock.map_or_else(String::new, |pieces| pieces.to_string());
    let price = if item.price.is_zero() { String::new() } else { item.price.to_two_decimals() };
    for (field, value) in [
        ("title", item.title.clone()),
        ("creator", item.creator.clone()),
        ("category", item.category.to_string()),
        ("description", item.description.clone()),
        ("price", price),
        ("delivery", if item.delivery == Delivery::Instant { "instant" } else { "manual" }.to_owned()),
        ("kind", if item.physical { "physical" } else { "digital" }.to_owned()),
        ("handling", item.handling_days.map_or_else(String::new, |days| days.to_string())),
        ("licence", item.licence.clone()),
        ("tags", tags.join(", ")),
        ("stock", stock.clone()),
        ("stock_before", stock),
    ] {
        form.set(field, value);
    }
    form
}

/// Reads the form, or puts the errors at their fields. What is not on sale may lack all but a title and a category;
/// `files` says whether there is one to be sold.
pub fn read(
    form: &mut FormState,
    on_sale: bool,
    files: bool,
    fees: &FeeBook,
    known: impl Fn(&CategorySlug) -> bool,
) -> Option<Terms> {
    let text: BTreeMap<_, _> = FIELDS.map(|name| (name, form.value(name).to_owned())).into();
    let optional = |name: &str, checked: Result<String, String>| {
        if !on_sale && text[name].trim().is_empty() { Ok(String::new()) } else { checked }
    };
    let or_nothing = |name: &str, usual: &str, checked: Result<String, String>| {
        if text[name].trim().is_empty() { Ok(usual.to_owned()) } else { checked }
    };
    let physical = text["kind"] == "physical";
    let title = take(form, "title", input::single_line(&text["title"], "a title", LONGEST_TITLE));
    let creator = input::single_line(&text["creator"], "who made it", LONGEST_CREATOR);
    let creator = take(form, "creator", optional("creator", creator));
    let category = CategorySlug::new(text["category"].as_str()).ok().filter(known);
    let category = take(form, "category", category.ok_or_else(|| "Choose a category.".to_owned()));
    let description = input::paragraphs(&text["description"], "a description", LONGEST_DESCRIPTION);
    let description = take(form, "description", optional("description", description));
    let tags = take(form, "tags", read_tags(&text["tags"]));
    let price = take(
        form,
        "price",
        read_price(&text["price"], on_sale, |price| fees.terms(category.as_ref(), price)),
    );
    take(form, "kind", choice(&text["kind"], &["", "digital", "physical"]));
    take(form, "delivery", choice(&text["delivery"], &["", "instant", "manual"]));
    let licence = input::single_line(&text["licence"], "a licence", LONGEST_LICENCE);
    let licence = take(form, "licence", or_nothing("licence", USUAL_LICENCE, licence));
    let days = "Enter a number of days from 1 to 7, or nothing.";
    let handling = take(form, "handling", read_number(&text["handling"], 1..=MOST_HANDLING_DAYS, days));
    let stock = take(form, "stock", read_pieces(&text["stock"]));
    let notes = input::paragraphs(&text["version_notes"], "what is new", LONGEST_NOTES);
    let notes = take(form, "version_notes", or_nothing("version_notes", "", notes));
    take(form, "version_for", choice(&text["version_for"], &["", "all", "new"]));
    if on_sale && !files && matches!(text["kind"].as_str(), "" | "digital") {
        take::<()>(form, "file", Err("Choose the file that buyers download.".to_owned()));
    }
    let by_hand = physical || text["delivery"] == "manual";
    let terms = Terms {
        title: title?,
        creator: creator?,
        category: category?,
        description: description?,
        price: price?,
        delivery: if by_hand { Delivery::Manual } else { Delivery::Instant },
        physical,
        handling_days: handling?.filter(|_| by_hand),
        licence: licence?,
        tags: tags?,
        stock: stock?.filter(|_| physical),
        stock_before: read_pieces(&text["stock_before"]).ok().flatten(),
        version_notes: notes?,
        for_earlier_buyers: text["version_for"] != "new",
    };
    form.is_valid().then_some(terms)
}

/// What was read, or the error at its field; of one that has an error already the first one stays.
fn take<T>(form: &mut FormState, field: &str, checked: Result<T, String>) -> Option<T> {
    match checked {
        Ok(read) => Some(read),
        Err(problem) => {
            if form.error(field).is_none() {
                form.refuse(field, problem);
            }
            None
        }
    }
}

fn choice(value: &str, choices: &[&str]) -> Result<(), String> {
    if choices.contains(&value) { Ok(()) } else { Err("Choose one of these.".to_owned()) }
}

fn read_price(text: &str, on_sale: bool, fees: impl Fn(Money) -> FeeTerms) -> Result<Money, String> {
    if !on_sale && text.trim().is_empty() {
        return Ok(Money::ZERO);
    }
    let price = price::parse(text)?;
    match terms::split_by_card(price, &fees(price)) {
        Ok(_) => Ok(price),
        Err(_) => Err("At this price the fees would leave nothing for you. Ask for more.".to_owned()),
    }
}

/// Parted by commas, in lower case, each once, in the order of the alphabet.
fn read_tags(text: &str) -> Result<Vec<String>, String> {
    let tags = text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_lowercase);
    let tags: BTreeSet<String> = tags.collect();
    if tags.len() > MOST_TAGS {
        return Err(format!("Use at most {MOST_TAGS} tags."));
    }
    if tags.iter().any(|tag| tag.chars().count() > LONGEST_TAG || tag.chars().any(char::is_control)) {
        return Err(format!("Write tags of at most {LONGEST_TAG} letters, with commas between them."));
    }
    Ok(tags.into_iter().collect())
}

fn read_pieces(text: &str) -> Result<Option<u32>, String> {
    read_number(text, 0..=MOST_PIECES, "Enter how many there are, as a whole number, or nothing.")
}

/// A whole number of some, or nothing.
fn read_number<T: FromStr + PartialOrd>(
    text: &str,
    known: RangeInclusive<T>,
    problem: &str,
) -> Result<Option<T>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| all_digits && known.contains(number));
    number.map(Some).ok_or_else(|| problem.to_owned())
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

    fn read_form(changes: &[(&str, &str)], on_sale: bool) -> Result<Terms, FormState> {
        let mut form = form(changes);
        let read = read(&mut form, on_sale, false, &FeeBook::default(), |slug| slug.as_str() == "art");
        read.ok_or(form)
    }

    #[test]
    fn what_is_sent_by_post_is_never_instant() {
        let terms = read_form(&[("delivery", "instant")], true).unwrap();
        assert!(terms.physical && terms.delivery == Delivery::Manual);
        assert_eq!(terms.licence, USUAL_LICENCE);
        assert_eq!(terms.handling_days, None);
        assert_eq!(read_form(&[("handling", " 3 ")], true).unwrap().handling_days, Some(3));
        let at_once = [("kind", "digital"), ("delivery", "instant"), ("handling", "3")];
        assert_eq!(read_form(&at_once, false).unwrap().handling_days, None);
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
            ("price", "1.234,50"),
            ("kind", "both"),
            ("delivery", "later"),
            ("stock", "-1"),
            ("stock", "many"),
            ("stock", "9999999999"),
            ("handling", "0"),
            ("handling", "8"),
            ("handling", "-1"),
            ("handling", "two"),
            ("handling", "999"),
            ("tags", "a,b,c,d,e,f,g,h,i,j,k"),
            ("tags", "one tag that is much longer than a tag may be"),
            ("version_for", "some"),
        ] {
            let refused = read_form(&[(field, value)], true).unwrap_err();
            assert!(refused.error(field).is_some(), "{field}={value:?}");
            assert_eq!(refused.errors.len(), 1, "{field}={value:?}: {:?}", refused.errors);
            assert_eq!(refused.value("creator"), if field == "creator" { value } else { "Nadia Brandt" });
        }
    }

    #[test]
    fn a_draft_needs_a_title_and_a_category_and_nothing_wrong() {
        let bare = [("creator", ""), ("description", ""), ("price", ""), ("kind", "digital")];
        let terms = read_form(&bare, false).unwrap();
        assert!(terms.price.is_zero() && terms.creator.is_empty());
        let missing = read_form(&bare, true).unwrap_err();
        let fields: Vec<_> = missing.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["creator", "description", "price", "file"]);
        assert!(read_form(&[("category", "")], false).is_err());
        assert!(read_form(&[("price", "1.234,50")], false).is_err());
    }

    #[test]
    fn tags_are_parted_by_commas_and_alike_in_any_case() {
        let terms = read_form(&[("tags", " Ink, harbour ,ink,, Night Sky ")], true).unwrap();
        assert_eq!(terms.tags, ["harbour", "ink", "night sky"]);
        assert_eq!(read_form(&[("stock", " 3 ")], true).unwrap().stock, Some(3));
        assert_eq!(read_form(&[("stock", "")], true).unwrap().stock, None);
    }
}
