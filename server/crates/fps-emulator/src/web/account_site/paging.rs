//! Long lists, a page at a time.

use payments_pages::model::Paging;
use platform::web::page_number;

/// Which part of a list a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    pub paging: Paging,
    /// Rows before the page.
    pub offset: i64,
}

/// The page that a query asks for; nonsense means the first.
pub fn page_of(query: Option<&str>) -> u32 {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "page").map_or(1, |(_, value)| page_number(&value))
}

/// Behind the last page is the last page.
pub fn cut(total: i64, per_page: u32, asked: u32) -> Cut {
    let total = u32::try_from(total).unwrap_or(u32::MAX);
    let pages = total.div_ceil(per_page).max(1);
    let page = asked.clamp(1, pages);
    Cut { paging: Paging { page, pages }, offset: i64::from(per_page) * i64::from(page - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page() {
        let cut = |total, asked| {
            let Cut { paging, offset } = cut(total, 25, asked);
            (paging.page, paging.pages, offset)
        };
        assert_eq!(cut(0, 1), (1, 1, 0));
        assert_eq!(cut(25, 9), (1, 1, 0));
        assert_eq!(cut(26, 2), (2, 2, 25));
        assert_eq!(cut(i64::MAX, 1).1, u32::MAX.div_ceil(25));
    }

    #[test]
    fn nonsense_is_the_first_page() {
        for query in [None, Some(""), Some("page="), Some("page=0"), Some("page=-1"), Some("page=x")] {
            assert_eq!(page_of(query), 1, "{query:?}");
        }
        assert_eq!(page_of(Some("a=b&page=3")), 3);
    }
}
