//! Long lists, a page at a time.

/// The page that `?page=` asks for, from 1; nonsense means the first. There may be no such page.
pub fn page_number(asked: &str) -> u32 {
    asked.parse().unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_the_first_page() {
        for asked in ["", "0", "1", "-1", "x", "1.5", " 2", "99999999999"] {
            assert_eq!(page_number(asked), 1, "{asked:?}");
        }
        assert_eq!(page_number("3"), 3);
    }
}
