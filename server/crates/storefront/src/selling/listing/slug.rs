//! An item's place in addresses, made from its title.

use crate::catalogue::{Item, store};
use crate::ids::ItemSlug;
use sqlx::AnyConnection;

const LONGEST: usize = 60;
/// After so many namesakes the item's id helps.
const NAMESAKES: u32 = 20;

/// `Harbour at Dusk, A3 print` becomes `harbour-at-dusk-a3-print`, and `Größe` becomes `grosse`.
pub fn from_title(title: &str) -> ItemSlug {
    let mut slug = String::new();
    for letter in title.chars() {
        let words_end = !letter.is_alphanumeric() && !matches!(letter, '\'' | '’') && !is_mark(letter);
        if words_end {
            if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            continue;
        }
        let readable = spelled_out(letter);
        if slug.len() + readable.len() > LONGEST {
            break;
        }
        slug.push_str(&readable);
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "item" } else { slug };
    ItemSlug::new(slug).expect("letters, digits and hyphens are a slug")
}

/// A mark that stands over or under the letter before it.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A letter in those of addresses; nothing for what has no spelling in them.
fn spelled_out(letter: char) -> String {
    // German readers write them so; everybody else's umlauts lose their dots.
    let german = match letter {
        'ä' | 'Ä' => Some("ae"),
        'ö' | 'Ö' => Some("oe"),
        'ü' | 'Ü' => Some("ue"),
        _ => None,
    };
    let spelled = german.or_else(|| deunicode::deunicode_char(letter)).unwrap_or_default();
    spelled.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The slug, or the slug with a number when there are namesakes.
fn candidates(item: &Item) -> impl Iterator<Item = String> {
    let wanted = &item.slug;
    let numbered = (2..=NAMESAKES).map(move |number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_string()).chain(numbered).chain([format!("{wanted}-{}", item.id)])
}

/// Inserts the item under its slug, or under the slug with a number when there are namesakes.
pub async fn insert_under_free_slug(
    connection: &mut AnyConnection,
    item: &Item,
) -> Result<ItemSlug, sqlx::Error> {
    for slug in candidates(item) {
        let slug = ItemSlug::new(slug).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let candidate = Item { slug, ..item.clone() };
        if store::insert(connection, &candidate).await? {
            return Ok(candidate.slug);
        }
    }
    Err(sqlx::Error::RowNotFound)
}

/// The slug for an item with another title, whose own slug is `own`: that one where it fits still.
pub async fn free_slug(
    connection: &mut AnyConnection,
    item: &Item,
    own: &ItemSlug,
) -> Result<ItemSlug, sqlx::Error> {
    for slug in candidates(item) {
        let slug = ItemSlug::new(slug).map_err(|error| sqlx::Error::Encode(error.into()))?;
        if slug == *own || store::is_free(connection, &slug).await? {
            return Ok(slug);
        }
    }
    Ok(own.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_readable_address() {
        for (title, slug) in [
            ("Harbour at Dusk, A3 print", "harbour-at-dusk-a3-print"),
            ("  Don't stop — now!  ", "dont-stop-now"),
            ("Привет", "privet"),
            ("../../etc/passwd", "etc-passwd"),
            ("Ökonomie für Anfänger", "oekonomie-fuer-anfaenger"),
            ("Größe & Maß", "groesse-mass"),
            ("Café Crème", "cafe-creme"),
            ("Cafe\u{301}", "cafe"),
            ("Smørrebrød på Ærø", "smorrebrod-pa-aero"),
            ("\u{1F3B5}\u{1F3B5}", "item"),
            ("", "item"),
        ] {
            assert_eq!(from_title(title).as_str(), slug);
        }
        assert!(from_title(&"long ".repeat(50)).as_str().len() <= LONGEST);
        assert!(from_title(&"北".repeat(50)).as_str().len() <= LONGEST);
    }
}
