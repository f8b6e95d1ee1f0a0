//! Where a session begins.

use crate::web::ClientAddress;
use axum::extract::FromRequestParts;
use http::header::USER_AGENT;
use http::request::Parts;
use std::convert::Infallible;

/// The browsers that are told apart, by a word of their own in `User-Agent`; those that claim to be others as well
/// come before them.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
];

/// The address and the browser that somebody signs in from, as they are shown to that person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Device {
    pub address: String,
    /// `Firefox on Linux`. It is what the browser says of itself, and can be wrong.
    pub browser: String,
}

impl Default for Device {
    /// Of sessions from before it was kept.
    fn default() -> Self {
        Self { address: String::new(), browser: "A browser".to_owned() }
    }
}

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self { address: address.to_string(), browser: browser(agent) })
    }
}

/// A browser in words; nothing of the header itself but known words gets into the page.
fn browser(agent: &str) -> String {
    let known = |words: &[(&str, &'static str)]| {
        words.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "Another program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 \
                       Safari/537.36";
        assert_eq!(browser(windows), "Chrome on Windows");
        assert_eq!(browser(&format!("{windows} Edg/124.0.0.0")), "Edge on Windows");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/17.4 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(iphone), "Safari on an iPhone");
        assert_eq!(
            browser("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser("curl/8.5.0 <script>"), "Another program");
        assert_eq!(browser(""), "Another program");
    }
}
