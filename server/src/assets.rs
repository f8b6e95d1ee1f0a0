//! `style/` and `public/`, inside the binary as the build script (`build.rs`) has made them ready.

use platform::web::{Caching, StaticFile};

/// A file, at its two addresses.
#[derive(Debug, Clone, Copy)]
struct Asset {
    /// As in the source tree, `/style/shop.css`: for who knows no other.
    path: &'static str,
    /// With the hash of its content, `/assets/shop-….css`: what pages name.
    address: &'static str,
    content_type: &'static str,
    content: &'static [u8],
    /// `None` where it is no shorter.
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    fn at(&self, path: &'static str, caching: Caching) -> StaticFile {
        let Self { content_type, content, gzip, brotli, .. } = *self;
        StaticFile { path, content_type, content, gzip, brotli, caching }
    }
}

/// Has the pages of both sites name the addresses that last.
pub(crate) fn publish() {
    app::assets::publish(ASSETS.iter().map(|asset| (asset.path, asset.address)));
}

/// All static files of both sites, and the site's icons at the top, where browsers look for them too.
pub(crate) fn files(site: &str) -> Vec<StaticFile> {
    let icon = if site == "payments" { "/public/payments.svg" } else { "/public/favicon.svg" };
    let at_the_top = |asset: &Asset| match asset.path {
        path if path == icon => Some("/favicon.svg"),
        // For programs that know no other; the payments site has none of its own.
        "/public/favicon.ico" if site == "shop" => Some("/favicon.ico"),
        _ => None,
    };
    let addresses = |asset: &'static Asset| {
        let lasting = asset.at(asset.address, Caching::ForAYear);
        let plain = [Some(asset.path), at_the_top(asset)].into_iter().flatten();
        plain.map(|path| asset.at(path, Caching::AskEachTime)).chain([lasting])
    };
    ASSETS.iter().flat_map(addresses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(path: &str) -> &'static Asset {
        ASSETS.iter().find(|asset| asset.path == path).unwrap()
    }

    #[test]
    fn sheets_are_whole_and_hold_nothing_for_those_who_write_them() {
        let mut sheets: Vec<_> = ASSETS.iter().filter(|asset| asset.path.starts_with("/style/")).collect();
        sheets.sort_by_key(|asset| asset.path);
        let paths: Vec<_> = sheets.iter().map(|asset| asset.path).collect();
        assert_eq!(paths, ["/style/base.css", "/style/lab.css", "/style/payments.css", "/style/shop.css"]);
        for sheet in sheets {
            let text = std::str::from_utf8(sheet.content).unwrap();
            for left in ["@import", "/*", "*/", "\n ", "\n\n"] {
                assert!(!text.contains(left), "{} has {left:?}", sheet.path);
            }
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{}", sheet.path);
            assert_eq!(sheet.content_type, "text/css; charset=utf-8");
            let [gzip, brotli] = [sheet.gzip, sheet.brotli].map(|encoded| encoded.unwrap().len());
            assert!(brotli < gzip && gzip < text.len() / 3, "{}: {brotli}, {gzip}", sheet.path);
        }
        let script = std::str::from_utf8(asset("/public/shop.js").content).unwrap();
        assert!(script.lines().all(|line| line == line.trim() && !line.starts_with("//")));
    }

    #[test]
    fn each_file_is_at_its_path_and_at_an_address_that_lasts() {
        for site in ["shop", "payments"] {
            let files = files(site);
            for asset in ASSETS {
                let at = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.caching);
                assert_eq!(at(asset.path), Some(Caching::AskEachTime));
                assert_eq!(at(asset.address), Some(Caching::ForAYear));
            }
            let icon = files.iter().find(|file| file.path == "/favicon.svg").unwrap();
            let own = if site == "shop" { "/public/favicon.svg" } else { "/public/payments.svg" };
            assert_eq!(icon.content, asset(own).content);
            assert_eq!(files.iter().any(|file| file.path == "/favicon.ico"), site == "shop");
        }
    }
}
