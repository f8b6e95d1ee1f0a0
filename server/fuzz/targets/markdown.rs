//! What a seller writes of an item: shown without a panic, and nothing in it that could do harm.
#![no_main]

use libfuzzer_sys::fuzz_target;
use storefront::render_markdown;

const ELEMENTS: [&str; 16] = [
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong", "ul",
];
const ATTRIBUTES: [&str; 3] = ["href", "rel", "start"];
const SCHEMES: [&str; 3] = ["http:", "https:", "mailto:"];

/// Names and values of a tag as they are written: values stand in quotes, which no value has inside.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    let mut found = Vec::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect("a value ends");
        found.push((name.trim(), value));
        rest = after;
    }
    assert!(rest.trim().is_empty(), "{tag}");
    found
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let html = render_markdown(text).html;
    for rest in html.split('<').skip(1) {
        let (tag, _) = rest.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(ELEMENTS.contains(&name), "{html}");
        for (name, value) in attributes(tag) {
            assert!(ATTRIBUTES.contains(&name), "{html}");
            let runs = name == "href" && !SCHEMES.iter().any(|scheme| value.to_lowercase().starts_with(scheme));
            assert!(!runs, "{html}");
        }
    }
});
