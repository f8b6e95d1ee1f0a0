//! The items that a visitor opened last. A cookie has their slugs and ends with the browser: the database knows nothing of
//! them, and what is kept of pages for all has nothing of it.

use crate::Shop;
use crate::catalogue::{Item, store};
use crate::ids::ItemSlug;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use platform::web::{FormFields, Refusal, local_path, see_other};
use shop_pages::model::ItemCard;

const NAME: &str = "digitaldownload_seen=";
/// Shown at once, beside the one that is looked at.
const SHOWN: usize = 6;
/// No slug has it.
const BETWEEN: char = '.';

/// The newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Seen(Vec<ItemSlug>);

impl Seen {
    /// What the cookie says; one that the shop cannot have written says nothing.
    fn of(headers: &HeaderMap) -> Self {
        let texts = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let value = texts.flat_map(|cookies| cookies.split("; ")).find_map(|one| one.strip_prefix(NAME));
        value.and_then(Self::parse).unwrap_or_default()
    }

    fn parse(value: &str) -> Option<Self> {
        let slugs: Vec<ItemSlug> =
            value.split(BETWEEN).take(SHOWN + 2).map(ItemSlug::new).collect::<Result<_, _>>().ok()?;
        (slugs.len() <= SHOWN + 1).then_some(Self(slugs))
    }

    /// Those beside the one that is looked at.
    fn beside<'a>(&'a self, slug: Option<&'a ItemSlug>) -> impl Iterator<Item = &'a ItemSlug> {
        self.0.iter().filter(move |one| Some(*one) != slug).take(SHOWN)
    }

    fn with(&self, slug: &ItemSlug) -> Self {
        Self(std::iter::once(slug).chain(self.beside(Some(slug))).cloned().collect())
    }

    fn cookie(&self, shop: &Shop) -> HeaderValue {
        let slugs: Vec<&str> = self.0.iter().map(ItemSlug::as_str).collect();
        cookie(shop, &slugs.join(&BETWEEN.to_string()), "")
    }
}

fn cookie(shop: &Shop, value: &str, more: &str) -> HeaderValue {
    let secure = if shop.config.public_url.scheme() == "https" { "; Secure" } else { "" };
    let text = format!("{NAME}{value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&text).expect("slugs are plain")
}

/// The item whose page is asked for.
fn item_of(uri: &Uri) -> Option<ItemSlug> {
    uri.path().strip_prefix("/items/").and_then(|slug| ItemSlug::new(slug).ok())
}

/// Whether the page of this address would show this visitor something that it does not show all.
pub fn shows(headers: &HeaderMap, uri: &Uri) -> bool {
    let slug = item_of(uri);
    let place = slug.is_some() || (uri.path() == "/" && uri.query().is_none());
    place && Seen::of(headers).beside(slug.as_ref()).next().is_some()
}

/// What a request for a page asks for, as far as it is noted.
#[derive(Debug)]
pub struct Look {
    slug: ItemSlug,
    before: Seen,
}

impl Look {
    /// `None`: nothing is looked at.
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let slug = item_of(uri).filter(|_| *method == Method::GET)?;
        Some(Self { slug, before: Seen::of(headers) })
    }

    /// Lets the browser remember what it was shown.
    pub fn note(self, shop: &Shop, answer: &mut Response) {
        let shown = matches!(answer.status(), StatusCode::OK | StatusCode::NOT_MODIFIED);
        let seen = self.before.with(&self.slug);
        if shown && seen != self.before {
            answer.headers_mut().append(SET_COOKIE, seen.cookie(shop));
        }
    }
}

/// What is on sale of the items that this visitor opened last, beside the one whose page it is.
pub async fn cards(
    shop: &Shop,
    headers: &HeaderMap,
    slug: Option<&ItemSlug>,
) -> Result<Vec<ItemCard>, sqlx::Error> {
    let seen = Seen::of(headers);
    let slugs: Vec<&ItemSlug> = seen.beside(slug).collect();
    let items = store::on_sale(&shop.db, &slugs).await?;
    let item = |slug: &&ItemSlug| items.iter().find(|item| item.slug == **slug);
    Ok(slugs.iter().filter_map(item).map(Item::card).collect())
}

/// Lets the browser forget them.
pub fn forgotten(shop: &Shop) -> (HeaderName, HeaderValue) {
    (SET_COOKIE, cookie(shop, "", "; Max-Age=0"))
}

/// Fields: `next`, the page to go back to.
pub async fn forget(State(shop): State<Shop>, fields: FormFields) -> Result<Response, Refusal> {
    let next = fields.get("next").and_then(local_path).unwrap_or_else(|| "/".to_owned());
    Ok(([forgotten(&shop)], see_other(&next)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(cookies: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(cookies).unwrap());
        let seen = Seen::of(&headers);
        seen.0.iter().map(ItemSlug::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_cookie_has_slugs_and_nothing_else() {
        assert_eq!(seen("a=b; digitaldownload_seen=one.two-three; c=d"), "one two-three");
        let many = |count: usize| format!("{NAME}{}", vec!["a"; count].join("."));
        assert_eq!(seen(&many(SHOWN + 1)).len(), 2 * SHOWN + 1);
        for nonsense in [
            "",
            "digitaldownload_seen",
            "digitaldownload_seen=",
            "digitaldownload_seen=a..b",
            "digitaldownload_seen=A",
            "digitaldownload_seen=a b",
            "digitaldownload_seen=../../b",
            "digitaldownload_seen=<script>",
            &many(SHOWN + 2),
            &many(4_000),
            &format!("{NAME}{}", "x".repeat(4_000)),
        ] {
            assert_eq!(seen(nonsense), "", "{nonsense}");
        }
    }

    #[test]
    fn each_item_is_there_once_and_the_oldest_go() {
        let mut seen = Seen::default();
        for slug in ["a", "b", "c", "a", "d", "e", "f", "g", "h"] {
            seen = seen.with(&slug.parse().unwrap());
        }
        let text = |slugs: Vec<&ItemSlug>| slugs.into_iter().map(ItemSlug::as_str).collect::<String>();
        assert_eq!(text(seen.0.iter().collect()), "hgfedac");
        assert_eq!(text(seen.beside(Some(&"f".parse().unwrap())).collect()), "hgedac");
        assert_eq!(text(seen.beside(None).collect()), "hgfeda");
        assert_eq!(seen.with(&"h".parse().unwrap()), seen, "a page that is loaded again changes nothing");
    }

    #[test]
    fn only_pages_of_items_and_the_front_page_are_a_visitors_own() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("digitaldownload_seen=one"));
        for (address, own) in [
            ("/", true),
            ("/items/two", true),
            ("/items/one", false),
            ("/?q=a", false),
            ("/items/two/reviews", false),
            ("/cart", false),
        ] {
            assert_eq!(shows(&headers, &address.parse().unwrap()), own, "{address}");
            assert!(!shows(&HeaderMap::new(), &address.parse().unwrap()), "{address}");
        }
    }
}
