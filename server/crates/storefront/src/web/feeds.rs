//! What programs read of the shop: `/sitemap.xml`, `/robots.txt`, `/feed.atom`.

use crate::Shop;
use crate::catalogue::store as items;
use crate::merchants;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use jiff::Timestamp;
use platform::web::Refusal;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use std::io;

/// Addresses of one sitemap: sitemaps.org takes fifty thousand.
const MOST_ADDRESSES: i64 = 40_000;
/// Entries of the feed.
const NEWEST: i64 = 50;
/// What changes slowly is asked for again after an hour.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// What is somebody's own is no business of search engines.
const PRIVATE: [&str; 12] = [
    "/account",
    "/cart",
    "/checkout/",
    "/credit",
    "/downloads/",
    "/library",
    "/mail",
    "/operator",
    "/orders",
    "/password/",
    "/sell",
    "/sign-",
];

pub async fn robots(State(shop): State<Shop>) -> Response {
    let private = PRIVATE.map(|path| format!("Disallow: {path}\n")).concat();
    // The sellers' pages begin like a private one.
    let text =
        format!("User-agent: *\n{private}Allow: /sellers/\n\nSitemap: {}/sitemap.xml\n", shop.config.site());
    answer("text/plain; charset=utf-8", text.into_bytes())
}

/// The front page, the categories, the sellers and the items on sale, as <https://www.sitemaps.org/protocol.html> has it.
pub async fn sitemap(State(shop): State<Shop>) -> Result<Response, Refusal> {
    let site = shop.config.site();
    let mut addresses = vec![(format!("{site}/"), None)];
    for page in ["/help", "/terms", "/privacy"] {
        addresses.push((format!("{site}{page}"), None));
    }
    for category in items::categories(&shop.db).await?.into_iter().filter(|category| category.items > 0) {
        addresses.push((format!("{site}/?category={}", category.slug), None));
    }
    for slug in merchants::store::slugs(&shop.db, MOST_ADDRESSES / 4).await? {
        addresses.push((format!("{site}/sellers/{slug}"), None));
    }
    let left = MOST_ADDRESSES - i64::try_from(addresses.len()).unwrap_or(0);
    for item in items::listed(&shop.db, left).await? {
        addresses.push((format!("{site}/items/{}", item.slug), Some(item.updated_at)));
    }
    let xml = write_sitemap(&addresses).map_err(Refusal::because)?;
    Ok(answer("application/xml; charset=utf-8", xml))
}

fn write_sitemap(addresses: &[(String, Option<Timestamp>)]) -> io::Result<Vec<u8>> {
    document(|xml| {
        let set = xml.create_element("urlset");
        set.with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")).write_inner_content(
            |xml| {
                for (address, changed) in addresses {
                    xml.create_element("url").write_inner_content(|xml| {
                        text(xml, "loc", address)?;
                        match changed {
                            Some(at) => text(xml, "lastmod", &seconds(*at)),
                            None => Ok(()),
                        }
                    })?;
                }
                Ok(())
            },
        )?;
        Ok(())
    })
}

/// What was listed last, as RFC 4287 has it.
pub async fn feed(State(shop): State<Shop>) -> Result<Response, Refusal> {
    let newest = items::newest(&shop.db, NEWEST).await?;
    let entries: Vec<Entry> = newest
        .iter()
        .map(|item| Entry {
            path: format!("/items/{}", item.slug),
            title: format!("{} by {}", item.title, item.creator),
            author: item.seller.clone(),
            summary: format!("{}. {}", item.price, crate::markdown::render(&item.description).text),
            published: item.published_at.unwrap_or(item.created_at),
            updated: item.updated_at,
        })
        .collect();
    let xml = write_feed(shop.config.site(), &entries).map_err(Refusal::because)?;
    Ok(answer("application/atom+xml; charset=utf-8", xml))
}

struct Entry {
    path: String,
    title: String,
    author: String,
    summary: String,
    published: Timestamp,
    updated: Timestamp,
}

fn write_feed(site: &str, entries: &[Entry]) -> io::Result<Vec<u8>> {
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    document(|xml| {
        let feed = xml.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
        feed.write_inner_content(|xml| {
            text(xml, "title", "DigitalDownload: what is new")?;
            text(xml, "id", &format!("{site}/"))?;
            link(xml, "self", &format!("{site}/feed.atom"))?;
            link(xml, "alternate", &format!("{site}/"))?;
            text(xml, "updated", &seconds(updated))?;
            for entry in entries {
                let address = format!("{site}{}", entry.path);
                xml.create_element("entry").write_inner_content(|xml| {
                    text(xml, "title", &entry.title)?;
                    text(xml, "id", &address)?;
                    link(xml, "alternate", &address)?;
                    xml.create_element("author")
                        .write_inner_content(|xml| text(xml, "name", &entry.author))?;
                    text(xml, "published", &seconds(entry.published))?;
                    text(xml, "updated", &seconds(entry.updated))?;
                    text(xml, "summary", &entry.summary)
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

type Xml = Writer<Vec<u8>>;

fn document(write: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    write(&mut xml)?;
    Ok(xml.into_inner())
}

/// Without what XML cannot have.
fn text(xml: &mut Xml, name: &str, words: &str) -> io::Result<()> {
    let words: String = words.chars().filter(|letter| !letter.is_control()).collect();
    xml.create_element(name).write_text_content(quick_xml::events::BytesText::new(&words))?;
    Ok(())
}

fn link(xml: &mut Xml, rel: &str, href: &str) -> io::Result<()> {
    xml.create_element("link").with_attribute(("rel", rel)).with_attribute(("href", href)).write_empty()?;
    Ok(())
}

/// RFC 3339, which both formats take.
fn seconds(at: Timestamp) -> String {
    app::components::time::machine_readable(at)
}

fn answer(content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CACHE_CONTROL, FOR_AN_HOUR);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;

    /// Another reader finds the texts again, whatever is in them.
    fn texts(xml: &[u8], wanted: &str) -> Vec<String> {
        let mut reader = Reader::from_str(std::str::from_utf8(xml).unwrap());
        let (mut inside, mut found) = (false, Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => inside = start.local_name().as_ref() == wanted,
                Event::Text(text) if inside => found.push(text.xml10_content().into_owned()),
                Event::End(_) => inside = false,
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn addresses_stand_in_the_sitemap_with_their_day() {
        let at = "2030-01-01T12:00:00Z".parse().unwrap();
        let xml =
            write_sitemap(&[("http://a/?category=b".into(), None), ("http://a/items/c".into(), Some(at))]);
        let xml = xml.unwrap();
        assert_eq!(texts(&xml, "loc"), ["http://a/?category=b", "http://a/items/c"]);
        assert_eq!(texts(&xml, "lastmod"), ["2030-01-01T12:00:00Z"]);
    }

    #[test]
    fn hostile_words_stay_words() {
        let at = "2030-01-01T12:00:00Z".parse().unwrap();
        let entry = Entry {
            path: "/items/a".to_owned(),
            title: "</title><script>&\u{7}".to_owned(),
            author: "A & B".to_owned(),
            summary: "]]>".to_owned(),
            published: at,
            updated: at,
        };
        let xml = String::from_utf8(write_feed("http://a", &[entry]).unwrap()).unwrap();
        assert!(
            !xml.contains("<script>") && xml.contains("&lt;script&gt;&amp;") && !xml.contains('\u{7}'),
            "{xml}"
        );
        assert!(xml.contains("A &amp; B"));
    }
}
