//! Signing in on the way to a page, and coming back to it.

use http::{Method, Uri};
use url::{Position, Url, form_urlencoded};

/// Of a path to come back to; longer ones are not ours.
const LONGEST: usize = 2_000;

/// The path and query of a page of this site, as a browser reads them; `None` for everything else. Whoever makes
/// a link to our sign-in cannot make it lead to another site afterwards.
pub fn local_path(next: &str) -> Option<String> {
    if !next.starts_with('/') || next.len() > LONGEST {
        return None;
    }
    // Read as browsers do, which leave out tabs and line breaks, take a backslash for a slash, and walk through
    // dots, escaped ones too: the guard is on what comes out, not on how it was written.
    let site = Url::parse("http://site.invalid").ok()?;
    let url = site.join(next).ok().filter(|url| url.authority() == site.authority())?;
    let path = &url[Position::BeforePath..Position::AfterQuery];
    // What was no other host before the dots were walked through can be one after.
    let again = site.join(path).ok().filter(|again| again.authority() == site.authority())?;
    (again[Position::BeforePath..Position::AfterQuery] == *path).then(|| path.to_owned())
}

/// The page to come back to after signing in: the one that was asked for, or the one that the form stands on,
/// which `page_of_form` knows by the parts of the path that the form was sent to.
pub fn page_to_come_back_to(
    method: &Method,
    uri: &Uri,
    page_of_form: impl FnOnce(&[&str]) -> String,
) -> String {
    if method == Method::GET || method == Method::HEAD {
        return uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let parts: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    page_of_form(&parts)
}

/// The address of a sign-in page that leads to `next` afterwards.
pub fn sign_in_address(sign_in_path: &str, next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{sign_in_path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_site_are_led_to() {
        for (next, path) in [
            ("/", "/"),
            ("/checkout/now-and-forever", "/checkout/now-and-forever"),
            ("/account/transactions/1?a=b", "/account/transactions/1?a=b"),
            ("/?q=blue note&page=2", "/?q=blue%20note&page=2"),
            ("/?next=//evil.example", "/?next=//evil.example"),
            ("/orders/1#receipt", "/orders/1"),
            ("/ünder", "/%C3%BCnder"),
            ("/a//b", "/a//b"),
            ("/a/../b", "/b"),
            // Escaped, these are letters of a path of ours.
            ("/%2F/evil.example", "/%2F/evil.example"),
            ("/%5Cevil.example", "/%5Cevil.example"),
            ("/%09/evil.example", "/%09/evil.example"),
            ("/%00", "/%00"),
        ] {
            assert_eq!(local_path(next).as_deref(), Some(path), "{next:?}");
        }
    }

    #[test]
    fn nothing_else_is_led_to() {
        for elsewhere in [
            "",
            "account",
            "orders",
            " /orders",
            "https://evil.example/",
            "HTTPS:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "//evil.example/",
            "///evil.example",
            "////evil.example",
            "//evil.example@site.invalid",
            "//site.invalid@evil.example",
            "//site.invalid:81",
            "//",
            "/\\evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "//\\evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/./\\evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "/%2E%2e//evil.example",
            "/a/%2e%2e//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/\t\\evil.example",
            "/.\t//evil.example",
            "\t//evil.example",
        ] {
            assert_eq!(local_path(elsewhere), None, "{elsewhere:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn what_is_led_to_has_no_control_characters() {
        let characters = (0..=0x9f).filter_map(char::from_u32);
        for control in characters.filter(|character| character.is_control()) {
            let path = local_path(&format!("/a{control}b?c{control}d")).unwrap();
            assert!(!path.contains(char::is_control), "{path:?}");
            assert!(path.starts_with("/a"), "{path:?}");
        }
    }

    #[test]
    fn a_page_leads_back_to_itself_and_a_form_to_its_page() {
        let back =
            |method, uri: &str| page_to_come_back_to(&method, &uri.parse().unwrap(), |parts| parts.join(" "));
        assert_eq!(back(Method::GET, "/account?page=2"), "/account?page=2");
        assert_eq!(back(Method::HEAD, "/"), "/");
        assert_eq!(back(Method::POST, "/orders//17/cancel?x=y"), "orders 17 cancel");
        assert_eq!(back(Method::POST, "/"), "");
    }

    #[test]
    fn the_way_back_is_a_parameter() {
        assert_eq!(sign_in_address("/sign-in", "/?q=a&b=c d"), "/sign-in?next=%2F%3Fq%3Da%26b%3Dc+d");
    }
}
