//! Where the style sheets, scripts and pictures of the program are found.
//!
//! Pages name a file by its path in the source tree. Whoever serves the files says once, before the first page, at which
//! address each of them is: one with the hash of its content in it, which browsers keep for a year. Where nobody has said
//! so (a gallery, a test of a page) it is the path itself, which works as well.

use std::collections::HashMap;
use std::sync::OnceLock;

static ADDRESSES: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();

/// Pairs of path (`/style/shop.css`) and address (`/assets/shop-….css`). They belong to the program: what is said again
/// is the same, and changes nothing.
pub fn publish(addresses: impl IntoIterator<Item = (&'static str, &'static str)>) {
    ADDRESSES.get_or_init(|| addresses.into_iter().collect());
}

/// What a page writes for the file at this path.
pub fn address(path: &'static str) -> &'static str {
    ADDRESSES.get().and_then(|addresses| addresses.get(path)).copied().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_address_where_there_is_one() {
        assert_eq!(address("/style/shop.css"), "/style/shop.css", "nobody has said anything yet");
        publish([("/style/shop.css", "/assets/shop-1.css")]);
        publish([("/style/shop.css", "/assets/shop-2.css")]);
        assert_eq!(address("/style/shop.css"), "/assets/shop-1.css");
        assert_eq!(address("/style/other.css"), "/style/other.css");
    }
}
