//! `style/` and `public/`, inside the binary (development builds read them from the source tree).

use bytes::Bytes;
use platform::web::StaticFile;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../style"]
struct Style;

#[derive(RustEmbed)]
#[folder = "../public"]
struct Public;

/// All static files of both sites, at `/style/…` and `/public/…`, and the site's icon at the top, where
/// browsers look for one too.
pub(crate) fn files(site: &str) -> Vec<StaticFile> {
    let style = Style::iter().filter_map(|name| file("style", &name, Style::get(&name)?));
    let public = Public::iter().filter_map(|name| file("public", &name, Public::get(&name)?));
    let mut files: Vec<StaticFile> = style.chain(public).collect();
    let icon = if site == "payments" { "/public/payments.svg" } else { "/public/favicon.svg" };
    let icon = files.iter().find(|file| file.path == icon).cloned();
    files.extend(icon.map(|icon| StaticFile { path: "/favicon.svg".to_owned(), ..icon }));
    files
}

fn file(folder: &str, name: &str, embedded: rust_embed::EmbeddedFile) -> Option<StaticFile> {
    // Names that a route pattern would take for a wildcard, and editors' backups, are no static files.
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let content_type = mime_guess::from_path(name).first_raw()?;
    plain.then(|| StaticFile {
        path: format!("/{folder}/{name}"),
        content_type: with_charset(content_type),
        content: match embedded.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => bytes.into(),
        },
    })
}

fn with_charset(content_type: &'static str) -> &'static str {
    match content_type {
        "text/css" => "text/css; charset=utf-8",
        "text/javascript" => "text/javascript; charset=utf-8",
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_there_with_their_type() {
        let files = files("shop");
        let base = files.iter().find(|file| file.path == "/style/base.css").unwrap();
        assert_eq!(base.content_type, "text/css; charset=utf-8");
        assert!(!base.content.is_empty());
        let icon = |site| super::files(site).into_iter().find(|file| file.path == "/favicon.svg").unwrap();
        assert_ne!(icon("shop").content, icon("payments").content);
    }
}
