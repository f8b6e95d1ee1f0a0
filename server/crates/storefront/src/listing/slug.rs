//! An item's place in addresses, made from its title.

use crate::catalogue::{Item, records};
use sqlx::AnyConnection;

const LONGEST: usize = 60;
/// After so many namesakes the item's id helps.
const NAMESAKES: u32 = 20;

/// `Harbour at Dusk, A3 print` becomes `harbour-at-dusk-a3-print`.
pub fn from_title(title: &str) -> String {
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
    if slug.is_empty() { "item".to_owned() } else { slug.to_owned() }
}

/// Inserts the item under its slug, or under the slug with a number when there are namesakes.
pub async fn insert_under_free_slug(
    connection: &mut AnyConnection,
    item: Item,
) -> Result<String, sqlx::Error> {
    let wanted = item.slug.clone();
    let numbered = (2..=NAMESAKES).map(|number| format!("{wanted}-{number}"));
    let candidates = std::iter::once(wanted.clone()).chain(numbered).chain([format!("{wanted}-{}", item.id)]);
    let mut item = item;
    for slug in candidates {
        item.slug = slug;
        if records::insert(connection, &item).await? {
            return Ok(item.slug);
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
            assert_eq!(from_title(title), slug);
        }
        assert!(from_title(&"long ".repeat(50)).len() <= LONGEST);
    }
}
