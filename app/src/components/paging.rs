//! The ways from a page of a long list to its neighbours.

use leptos::prelude::*;

/// The ways from a page of a long list to its neighbours: what their addresses have as a query; None where there
/// is nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// The way between the pages of the list in a section (`""`: none in particular) of the page at `path`, whose own
/// query is `query`; nothing where there is one page.
pub fn pages(paging: Paging, path: &str, query: &str, section: &str) -> Option<AnyView> {
    ways(paging, (path, query, section), ["Newest", "Newer", "Older"])
}

/// The same of a list that begins with what waits longest.
pub fn pages_of_waiting(paging: Paging, path: &str, query: &str, section: &str) -> Option<AnyView> {
    ways(paging, (path, query, section), ["Oldest", "Older", "Newer"])
}

/// With words for the way to the first page, to the one before, and to the next.
fn ways(
    paging: Paging,
    (path, query, section): (&str, &str, &str),
    [to_first, before, next]: [&'static str; 3],
) -> Option<AnyView> {
    let Paging { newer, older } = paging;
    if newer.is_none() && older.is_none() {
        return None;
    }
    let address = |page: &str| {
        let parts: Vec<&str> = [query, page].into_iter().filter(|part| !part.is_empty()).collect();
        let question = if parts.is_empty() { "" } else { "?" };
        let hash = if section.is_empty() { "" } else { "#" };
        format!("{path}{question}{}{hash}{section}", parts.join("&"))
    };
    let link = |rel, words, page: &str| {
        view! { <a class="button button-quiet" rel=rel href=address(page)>{words}</a> }
    };
    let newest = newer.is_some().then(|| link("first", to_first, ""));
    let newer = newer.map(|page| link("prev", before, &page));
    let older = older.map(|page| link("next", next, &page));
    Some(view! { <nav class="pages" aria-label="Pages">{newer} {newest} {older}</nav> }.into_any())
}
