//! Helps to find: suggestions while somebody types, and on pages that there are not.

use super::browse::Browse;
use super::catalogue_pages::{ON_A_SHELF, popular};
use super::{Visitor, errors};
use crate::Shop;
use crate::catalogue::{Item, search, store};
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode, Uri};
use platform::web::{Refusal, RequestId};
use shop_pages::model::{Chrome, Suggestion};
use shop_pages::pages;

/// Suggestions at once.
const SUGGESTED: u32 = 6;
/// Letters of an address that are looked for.
const LONGEST: usize = 100;
const FRESH: HeaderValue = HeaderValue::from_static("private, max-age=60");

/// `/search/suggest?q=`: what a search for what was typed so far would find first, and the categories of that name, as
/// a list of HTML that `shop.js` puts below the field.
pub async fn suggest(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let typed = Browse::from_query(query.as_deref().unwrap_or_default()).query;
    let items = search::first(&shop.db, &typed, SUGGESTED).await?;
    let wanted = typed.to_lowercase();
    let mut suggestions: Vec<Suggestion> = Vec::new();
    if wanted.chars().count() > 1 {
        let categories = store::categories(&shop.db).await?;
        let named = categories.into_iter().filter(|one| one.name.to_lowercase().starts_with(&wanted));
        suggestions.extend(named.map(|category| Suggestion {
            href: Browse { category: Some(category.slug.to_string()), ..Browse::default() }.address(),
            title: category.name,
            detail: "Category".to_owned(),
        }));
    }
    suggestions.extend(items.iter().map(|item| Suggestion {
        href: format!("/items/{}", item.slug),
        title: item.title.clone(),
        detail: item.creator.clone(),
    }));
    Ok(([(CACHE_CONTROL, FRESH)], Html(pages::suggestions(&suggestions))).into_response())
}

/// Any address that nothing is at.
pub async fn nothing_here(
    State(shop): State<Shop>,
    visitor: Visitor,
    Extension(request): Extension<RequestId>,
    uri: Uri,
) -> Result<Response, Refusal> {
    not_found(&shop, &visitor.chrome, uri.path(), request).await
}

/// A page that says so, with a search, what is near the words of the address, and else what is popular.
pub async fn not_found(
    shop: &Shop,
    chrome: &Chrome,
    address: &str,
    request: RequestId,
) -> Result<Response, Refusal> {
    let words: String = address
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .take(LONGEST)
        .collect();
    let mut found = search::nearest(&shop.db, &words, SUGGESTED).await?;
    if found.is_empty() {
        found = popular(shop, ON_A_SHELF).await?;
    }
    let cards = found.iter().map(Item::card).collect();
    let facts = Refusal::not_found().facts().clone();
    let html = errors::not_found_page(chrome, &facts, &request.to_string(), cards);
    Ok((StatusCode::NOT_FOUND, Html(html)).into_response())
}
