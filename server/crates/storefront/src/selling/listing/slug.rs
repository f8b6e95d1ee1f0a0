//! An item's place in addresses, made from its title.

use crate::catalogue::{Item, store};
use crate::ids::ItemSlug;
use sqlx::AnyConnection;

const LONGEST: usize = 60;
/// After so many namesakes the item's id helps.
const NAMESAKES: u32 = 20;

/// `Harbour at Dusk, A3 print` becomes `harbour-at-dusk-a3-print`.
pub fn from_title(title: &str) -> ItemSlug {
    let mut slug = String::new();
    for letter in title.chars() {
        if slug.len() >= LONGEST {
            break;
        }
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !letter.is_alphanumeric()
            && !matches!(letter, '\'' | '’')
            && !slug.is_empty()
            && !slug.ends_with('-')
        {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "item" } else { slug };
    ItemSlug::new(slug).expect("letters, digits and hyphens are a slug")
}

/// Inserts the item under its slug, or under the slug with a number when there are namesakes.
pub async fn insert_under_free_slug(
    connection: &mut AnyConnection,
    item: &Item,
) -> Result<ItemSlug, sqlx::Error> {
    let wanted = &item.slug;
    let numbered = (2..=NAMESAKES).map(|number| format!("{wanted}-{number}"));
    let candidates =
        std::iter::once(wanted.to_string()).chain(numbered).chain([format!("{wanted}-{}", item.id)]);
    for slug in candidates {
        let slug = ItemSlug::new(slug).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let candidate = Item { slug, ..item.clone() };
        if store::insert(connection, &candidate).await? {
            return Ok(candidate.slug);
        }
    }
    Err(sqlx::Error::RowNotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_readable_address() {
        for (title, slug) in [
            ("Harbour at Dusk, A3 print", "harbour-at-dusk-a3-print"),
            ("  Don't stop — now!  ", "dont-stop-now"),
            ("Привет", "item"),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(from_title(title).as_str(), slug);
        }
        assert!(from_title(&"long ".repeat(50)).as_str().len() <= LONGEST);
    }
}
