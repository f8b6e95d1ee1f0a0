//! `style/` and `public/`, inside the binary (development builds read them from the source tree).
//!
//! A style sheet is written in parts, one for a family of pages: `style/shop.css` imports
//! `style/shop/shell.css` and others, in the order that the cascade needs. It is sent as one file.

use bytes::Bytes;
use platform::web::StaticFile;
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../style"]
struct Style;

#[derive(RustEmbed)]
#[folder = "../public"]
struct Public;

/// All static files of both sites, at `/style/…` and `/public/…`, and the site's icon at the top, where
/// browsers look for one too.
pub(crate) fn files(site: &str) -> Vec<StaticFile> {
    let sheets = Style::iter().filter(|name| !is_part(name));
    let style = sheets.filter_map(|name| file("style", &name, sheet(&name)?.into_bytes().into()));
    let public = Public::iter().filter_map(|name| file("public", &name, Public::get(&name)?.data));
    let mut files: Vec<StaticFile> = style.chain(public).collect();
    let icon = if site == "payments" { "/public/payments.svg" } else { "/public/favicon.svg" };
    let icon = files.iter().find(|file| file.path == icon).cloned();
    files.extend(icon.map(|icon| StaticFile { path: "/favicon.svg".to_owned(), ..icon }));
    // For programs that know no other; the payments site has none of its own.
    let old_icon =
        files.iter().find(|file| file.path == "/public/favicon.ico").filter(|_| site == "shop").cloned();
    files.extend(old_icon.map(|icon| StaticFile { path: "/favicon.ico".to_owned(), ..icon }));
    files
}

/// What lies in a folder of `style/` is a part of the sheet that imports it, and is not sent by itself.
fn is_part(name: &str) -> bool {
    name.contains('/')
}

/// A style sheet with every part in the place of the line that imports it: browsers load one file where
/// they would load a dozen, one after the other. None if there is no such file. A line that names a part
/// that is not there stays (a test finds it).
fn sheet(name: &str) -> Option<String> {
    let joined = |line: &str| imported(line).and_then(text).unwrap_or_else(|| line.to_owned());
    Some(text(name)?.lines().map(joined).collect::<Vec<_>>().join("\n"))
}

/// `shop/shell.css`, of the line `@import "shop/shell.css";`. None for any other line.
fn imported(line: &str) -> Option<&str> {
    line.strip_prefix("@import \"")?.strip_suffix("\";")
}

/// A file of `style/` as it was written. None if there is none, or it is no text.
fn text(name: &str) -> Option<String> {
    String::from_utf8(Style::get(name)?.data.into_owned()).ok()
}

fn file(folder: &str, name: &str, content: Cow<'static, [u8]>) -> Option<StaticFile> {
    // Names that a route pattern would take for a wildcard, and editors' backups, are no static files.
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let content_type = mime_guess::from_path(name).first_raw()?;
    plain.then(|| StaticFile {
        path: format!("/{folder}/{name}"),
        content_type: with_charset(content_type),
        content: match content {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
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

    #[test]
    fn each_part_is_once_in_the_sheet_of_its_folder() {
        let part_names: Vec<_> = Style::iter().filter(|name| is_part(name)).collect();
        assert!(!part_names.is_empty());
        for name in part_names {
            let (folder, _) = name.split_once('/').unwrap();
            let sheet = sheet(&format!("{folder}.css")).unwrap();
            let times = sheet.matches(&text(&name).unwrap()).count();
            assert_eq!(times, 1, "style/{folder}.css imports style/{name} once");
        }
    }

    #[test]
    fn sheets_are_sent_whole() {
        let files = files("shop");
        let mut sheets: Vec<_> = files.iter().filter(|file| file.path.starts_with("/style/")).collect();
        sheets.sort_by_key(|file| &file.path);
        assert_eq!(
            sheets.iter().map(|file| &file.path).collect::<Vec<_>>(),
            ["/style/base.css", "/style/payments.css", "/style/shop.css"]
        );
        for sheet in sheets {
            let text = std::str::from_utf8(&sheet.content).unwrap();
            let left: Vec<_> = text.lines().filter(|line| line.contains("@import")).collect();
            assert!(left.is_empty(), "{} imports what is not there: {left:?}", sheet.path);
        }
    }
}
