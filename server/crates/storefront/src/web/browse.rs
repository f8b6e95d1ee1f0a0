//! What a visitor asks the catalogue for, as its address says it.

use crate::catalogue::formats::Format;
use crate::catalogue::search::{LeastRating, Sort};
use crate::ids::SellerSlug;
use crate::selling::listing::parse_price;
use money::Money;

/// Longer texts are cut: nobody types them.
const LONGEST: usize = 100;
const LONGEST_PRICE: usize = 20;

/// Everything that the catalogue's page can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browse {
    pub query: String,
    pub category: Option<String>,
    pub tag: Option<String>,
    pub format: Option<Format>,
    pub seller: Option<SellerSlug>,
    pub rating: Option<LeastRating>,
    pub least: Bound,
    pub most: Bound,
    pub sort: Sort,
    /// Counts from 1.
    pub page: u32,
}

impl Default for Browse {
    fn default() -> Self {
        Self {
            query: String::new(),
            category: None,
            tag: None,
            format: None,
            seller: None,
            rating: None,
            least: Bound::Open,
            most: Bound::Open,
            sort: Sort::Best,
            page: 1,
        }
    }
}

/// What was typed for a price, from which on or up to which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    Open,
    At(Money),
    /// It is none: it is shown again, and asks for nothing.
    NoPrice(String),
}

impl Bound {
    fn read(text: &str) -> Self {
        let typed = readable(text);
        match parse_price(&typed) {
            Ok(price) if !price.is_negative() => Self::At(price),
            _ if typed.is_empty() => Self::Open,
            _ => Self::NoPrice(typed.chars().take(LONGEST_PRICE).collect()),
        }
    }

    pub const fn price(&self) -> Option<Money> {
        match self {
            Self::At(price) => Some(*price),
            Self::Open | Self::NoPrice(_) => None,
        }
    }

    /// As it stands in its field, and in an address.
    pub fn typed(&self) -> String {
        match self {
            Self::Open => String::new(),
            Self::At(price) => price.to_two_decimals(),
            Self::NoPrice(typed) => typed.clone(),
        }
    }
}

impl Browse {
    /// Reads an address. What cannot be meant takes its default, what is not known is not looked at.
    pub fn from_query(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" => asked.query = readable(&value),
                "category" => asked.category = Some(readable(&value)).filter(|slug| !slug.is_empty()),
                "tag" => asked.tag = Some(readable(&value)).filter(|tag| !tag.is_empty()),
                "format" => asked.format = value.parse().ok(),
                "seller" => asked.seller = SellerSlug::new(value.into_owned()).ok(),
                "rating" => asked.rating = value.parse().ok(),
                "min" => asked.least = Bound::read(&value),
                "max" => asked.most = Bound::read(&value),
                "sort" => asked.sort = value.parse().unwrap_or(Sort::Best),
                "page" => asked.page = platform::web::page_number(&value),
                _ => {}
            }
        }
        // Without words what fits best is in the order of the titles.
        if asked.sort == Sort::Title && asked.query.is_empty() {
            asked.sort = Sort::Best;
        }
        asked
    }

    /// What it asks for, in one order, without what is as it is anyway.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let sort = if self.sort == Sort::Best { String::new() } else { self.sort.to_string() };
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let all = [
            ("q", self.query.clone()),
            ("category", text(&self.category)),
            ("tag", text(&self.tag)),
            ("format", self.format.map(|format| format.to_string()).unwrap_or_default()),
            ("seller", self.seller.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("rating", self.rating.map(|rating| rating.to_string()).unwrap_or_default()),
            ("min", self.least.typed()),
            ("max", self.most.typed()),
            ("sort", sort),
            ("page", page),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The one address of what was asked for.
    pub fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.parameters());
        let query = query.finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    /// The first page of it.
    pub fn first_page(&self) -> Self {
        Self { page: 1, ..self.clone() }
    }

    /// Nothing is asked for but a page of everything.
    pub fn is_everything(&self) -> bool {
        self.first_page() == Self::default()
    }
}

/// Search words without what no database takes and no person types.
fn readable(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_words_filters_order_and_page() {
        let asked = Browse::from_query(
            "page=3&q=blue+note&category=music&tag=still+life&format=pdf&seller=pine-and-paper&min=1&max=9.5&rating=4&\
             sort=price&unknown=1",
        );
        let expected = Browse {
            query: "blue note".into(),
            category: Some("music".into()),
            tag: Some("still life".into()),
            format: Some(Format::Pdf),
            seller: Some("pine-and-paper".parse().unwrap()),
            rating: Some(LeastRating::Four),
            least: Bound::At(Money::from_cents(100)),
            most: Bound::At(Money::from_cents(950)),
            sort: Sort::Cheapest,
            page: 3,
        };
        assert_eq!(asked, expected);
        assert_eq!(
            asked.address(),
            "/?q=blue+note&category=music&tag=still+life&format=pdf&seller=pine-and-paper&rating=4&min=1.00&\
             max=9.50&sort=price&page=3"
        );
        assert_eq!(Browse::from_query(asked.address().strip_prefix("/?").unwrap()), asked);
    }

    #[test]
    fn what_cannot_be_meant_takes_its_default() {
        for nonsense in [
            "page=0",
            "page=-1",
            "page=abc",
            "page=99999999999",
            "q=%00%07",
            "category=",
            "",
            "tag=",
            "format=exe",
            "seller=..",
            "rating=5",
            "rating=4.0",
            "sort=random",
            "sort=title",
            "sort=best",
            "min=&max=&q=&page=1",
        ] {
            let asked = Browse::from_query(nonsense);
            assert_eq!(asked, Browse::default(), "{nonsense}");
            assert_eq!(asked.address(), "/");
        }
    }

    #[test]
    fn what_is_no_price_is_kept_and_asks_for_nothing() {
        for typed in ["cheap", "-1", "1,50", "99999999999999999999", "0.001"] {
            let query = format!("min={typed}&max=5");
            let asked = Browse::from_query(&query);
            assert_eq!((asked.least.price(), &asked.least), (None, &Bound::NoPrice(typed.to_owned())));
            assert_eq!(asked.most, Bound::At(Money::from_cents(500)));
            assert_eq!(Browse::from_query(asked.address().strip_prefix("/?").unwrap()), asked);
        }
    }

    #[test]
    fn an_address_has_an_end() {
        let long = "x".repeat(5_000);
        let asked = format!("q={long}&category={long}&tag={long}&seller={long}&min={long}&max={long}");
        assert!(Browse::from_query(&asked).address().len() < 400);
    }
}
