//! Who may do what: a table of a site's routes, for the site's tests. The routes are the router's own, so that a new one
//! without a row fails.

use axum::Router;
use std::collections::{BTreeSet, HashMap};

/// A method, a path as the router has it, perhaps with a query, and a letter for what each person gets.
pub type Row = (&'static str, &'static str, &'static str);

/// What a person gets where a path has no such method.
pub const NO_SUCH_METHOD: char = '-';

/// The methods that pages and their forms have.
const METHODS: [&str; 2] = ["GET", "POST"];

/// Asks for every row as every person, by their place in the row's letters, and answers what is not as the table says,
/// and what of the router stands in no row.
pub async fn differences(
    router: &Router,
    rows: &[Row],
    mut ask: impl AsyncFnMut(usize, &str, &str) -> char,
) -> Vec<String> {
    let paths = paths(router);
    let (mut differences, mut in_rows) = (Vec::new(), BTreeSet::new());
    for (method, address, expected) in rows {
        let path = address.split('?').next().unwrap_or_default();
        in_rows.insert((*method, path));
        if !paths.contains(path) {
            differences.push(format!("{method} {path} is not there"));
        }
        let mut found = String::new();
        for person in 0..expected.len() {
            found.push(ask(person, method, address).await);
        }
        if found != *expected {
            differences.push(format!("{method} {address}: {found} instead of {expected}"));
        }
    }
    for path in &paths {
        for method in METHODS.into_iter().filter(|method| !in_rows.contains(&(*method, path.as_str()))) {
            if ask(0, method, path).await != NO_SUCH_METHOD {
                differences.push(format!("{method} {path} has no row"));
            }
        }
    }
    differences
}

/// What the rows ask for with GET and stands neither among the site's pages, which the browser tests must have shown to
/// axe (`end2end/fixtures/pages.json`), nor among `no_pages`; what stands in either and in no row; and what stands in both.
pub fn not_told_apart(rows: &[Row], pages: &str, site: &str, no_pages: &[&str]) -> Vec<String> {
    let mut pages: HashMap<String, BTreeSet<String>> = serde_json::from_str(pages).unwrap_or_default();
    let pages = pages.remove(site).unwrap_or_default();
    let no_pages: BTreeSet<String> = no_pages.iter().map(|path| (*path).to_owned()).collect();
    let gets = rows.iter().filter(|(method, ..)| *method == "GET");
    let asked: BTreeSet<String> =
        gets.map(|(_, address, _)| address.split('?').next().unwrap_or_default().to_owned()).collect();
    let listed: BTreeSet<String> = &pages | &no_pages;
    let wrong = (&asked ^ &listed).into_iter().chain(&pages & &no_pages);
    wrong.collect()
}

/// As axum itself tells them, which has no other way to.
fn paths(router: &Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let quoted = told.split('"').skip(1).step_by(2);
    // Its own fallback is one of them.
    let is_route =
        |text: &&str| text.starts_with('/') && !text.contains(' ') && !text.contains("__private__");
    quoted.filter(is_route).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;

    #[test]
    fn each_get_is_a_page_or_none() {
        let rows = [("GET", "/a?b=c", ""), ("GET", "/feed", ""), ("POST", "/post", "")];
        let pages = r#"{"shop": ["/a"], "payments": []}"#;
        let wrong = |pages: &str, no_pages: &[&str]| not_told_apart(&rows, pages, "shop", no_pages);
        assert!(wrong(pages, &["/feed"]).is_empty());
        assert_eq!(wrong(pages, &[]), ["/feed"]);
        assert_eq!(wrong(pages, &["/feed", "/gone", "/a"]), ["/gone", "/a"]);
        assert_eq!(wrong("no list", &["/feed"]), ["/a"]);
    }

    #[tokio::test]
    async fn what_has_no_row_no_route_or_another_answer_is_found() {
        let page = || get(async || "");
        let router: Router = Router::new()
            .route("/seen", page().post(async || ""))
            .route("/unseen", page())
            .nest("/below", Router::new().route("/{id}", page()));
        let rows = [
            ("GET", "/seen?a=b", "on"),
            ("POST", "/seen", "oo"),
            ("GET", "/below/{id}", "oo"),
            ("GET", "/gone", "nn"),
        ];
        let ask = async |person: usize, method: &str, address: &str| match (method, address) {
            ("GET", "/gone") => 'n',
            (_, "/seen" | "/seen?a=b") if person == 1 => 'n',
            ("POST", "/seen") | ("GET", "/seen?a=b" | "/unseen" | "/below/{id}") => 'o',
            _ => NO_SUCH_METHOD,
        };
        assert_eq!(
            differences(&router, &rows, ask).await,
            ["POST /seen: on instead of oo", "GET /gone is not there", "GET /unseen has no row"]
        );
    }
}
