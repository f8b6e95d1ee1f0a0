//! What sellers write, as HTML that can do no harm.
//!
//! The Markdown is made HTML by one library, which keeps no HTML of the writer's, and all but a short list of harmless
//! elements is taken out of that by another, which knows HTML as browsers do: neither has to be trusted alone.

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use shop_pages::model::Description;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What is left of the text: no pictures, which would be of other sites or of no use, and nothing that runs.
static HARMLESS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h3",
            "h4",
            "h5",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "ul",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"));
    builder
});

/// The text as buyers see it.
pub fn render(text: &str) -> Description {
    let mut html = String::new();
    html::push_html(&mut html, events(text));
    Description { html: HARMLESS.clean(&html).to_string(), text: plain(text) }
}

/// Headings begin below those of the page; pictures are their words; HTML stands there as it was typed.
fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level)))),
        // A line's end is one, as it was typed.
        Event::SoftBreak => Some(Event::HardBreak),
        other => Some(other),
    })
}

const fn lower(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H1, H2, H3, H4, H5, H6};
    match level {
        H1 => H3,
        H2 => H4,
        H3 | H4 | H5 | H6 => H5,
    }
}

/// The words alone, on one line.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for event in events(text) {
        match event {
            Event::Text(words) | Event::Code(words) => plain.push_str(&words),
            Event::HardBreak | Event::Rule | Event::End(_)
                if !matches!(
                    event,
                    Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link)
                ) =>
            {
                plain.push(' ');
            }
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_shown() {
        let shown = render(
            "A **bold** and *quiet* thing.\nSecond line.\n\n- one\n- two\n\n# Loud\n\n~~gone~~ `code`",
        );
        assert_eq!(
            shown.html.replace('\n', ""),
            "<p>A <strong>bold</strong> and <em>quiet</em> thing.<br>Second line.</p>\
             <ul><li>one</li><li>two</li></ul><h3>Loud</h3><p><del>gone</del> <code>code</code></p>"
        );
        assert_eq!(shown.text, "A bold and quiet thing. Second line. one two Loud gone code");
    }

    #[test]
    fn links_lead_out_without_a_recommendation() {
        let html = render("[here](https://example.com/a?b=c&d) <https://example.org>").html;
        assert_eq!(html.matches("rel=\"nofollow noopener noreferrer ugc\"").count(), 2, "{html}");
        for bad in
            ["[x](javascript:alert(1))", "[x](/sign-out)", "[x](data:text/html,x)", "[x](//evil.example)"]
        {
            assert!(!render(bad).html.contains("href"), "{bad}");
        }
    }

    #[test]
    fn html_and_pictures_are_words() {
        let html = render("A drawing <at> dusk.\n\n<script>alert(1)</script>\n\n<b onclick=x>b</b>\n\n![a view](https://evil.example/x.png)").html;
        assert!(
            html.contains("&lt;at&gt;") && html.contains("&lt;script&gt;") && html.contains("a view"),
            "{html}"
        );
        for bad in ["<script", "<b", "<img", "evil.example"] {
            assert!(!html.contains(bad), "{bad}: {html}");
        }
    }

    /// Whatever is opened is of the list, with no attribute but those of it.
    fn is_harmless(html: &str) -> bool {
        let ours = [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h3",
            "h4",
            "h5",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "ul",
        ];
        html.split('<').skip(1).all(|rest| {
            let Some((tag, _)) = rest.split_once('>') else { return false };
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            let attributes = tag.split_once(' ').map_or("", |(_, attributes)| attributes);
            let known = attributes.is_empty()
                || attributes.starts_with("rel=\"nofollow")
                || attributes.starts_with("start=\"")
                || ["http:", "https:", "mailto:"]
                    .iter()
                    .any(|scheme| attributes.to_lowercase().starts_with(&format!("href=\"{scheme}")));
            ours.contains(&name) && known
        })
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_does_harm(pieces in proptest::collection::vec(
            prop_oneof![
                "\\PC{0,6}",
                proptest::sample::select(vec![
                    "<", ">", "\"", "'", "&", "`", "*", "_", "[", "](", ")", "!", "\n", "\n\n", "- ", "# ", "> ", "<script>",
                    "</p>", "<svg/onload=x>", "javascript:", "https://a.b/", "&#x6a;", "<!--", "-->", "<a href=", "style=",
                    "onclick=", "<img src=x onerror=x>", "1. ", "    ", "|", "~~", "\\",
                ]).prop_map(str::to_owned),
            ],
            0..24,
        )) {
            let html = render(&pieces.concat()).html;
            prop_assert!(is_harmless(&html), "{}", html);
        }
    }
}
