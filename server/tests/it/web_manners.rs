//! How both sites behave towards browsers: what is sent, how much of it, for how long it may be kept.

use crate::on_both_databases;
use crate::support::{App, Browser, Page};
use std::collections::BTreeSet;

on_both_databases!(
    what_pages_name_of_the_program_is_kept_for_a_year,
    pages_come_in_the_encoding_that_suits,
    the_home_page_is_small,
    a_secret_is_never_compressed,
);

/// Bytes of the home page's HTML, compressed: what a first round trip of TCP carries.
const MOST_OF_HOME: usize = 14 * 1024;

async fn get(url: &str, encoding: &str) -> Page {
    let mut browser = Browser::new();
    let request = browser.client().get(url).header("accept-encoding", encoding);
    browser.send(url.parse().unwrap(), request).await
}

/// What the page names in `src` and `href` that begins like this.
fn named<'a>(html: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
    let attributes = ["src=\"", "href=\""].into_iter().flat_map(|name| html.split(name).skip(1));
    attributes.map(|rest| rest.split('"').next().unwrap()).filter(move |path| path.starts_with(beginning))
}

/// Pages of both sites that have the program's files on them.
async fn pages(app: &App) -> Vec<Page> {
    let mut browser = app.signed_in("merchant@example.com").await;
    let mut pages = Vec::new();
    for path in ["/", "/items/now-and-forever", "/sell/items/new", "/orders", "/no-such-page"] {
        pages.push(browser.get(app.shop(path)).await);
    }
    for path in ["/", "/account/sign-in"] {
        pages.push(browser.get(app.payments(path)).await);
    }
    pages
}

async fn what_pages_name_of_the_program_is_kept_for_a_year(app: App) {
    let mut assets = BTreeSet::new();
    for page in pages(&app).await {
        let html = page.text();
        for plain in ["/style/", "/public/"] {
            assert_eq!(named(&html, plain).next(), None, "{} has an address without a hash", page.url);
        }
        assets.extend(named(&html, "/assets/").map(|path| page.url.join(path).unwrap().to_string()));
    }
    assert!(assets.len() >= 9, "{assets:?}");
    for asset in &assets {
        let file = get(asset, "br").await.expect_status(200);
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable", "{asset}");
        let (start, extension) = asset.rsplit_once('.').unwrap();
        let (name, hash) = start.rsplit_once('-').unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{asset}");
        let wrong = format!("{name}-0000000000000000.{extension}");
        let nothing = get(&wrong, "br").await.expect_status(404);
        assert!(nothing.header("cache-control").contains("no-store"), "{wrong}");
    }
    for plain in ["/style/shop.css", "/public/shop.js", "/favicon.svg", "/favicon.ico"] {
        let file = get(&app.shop(plain), "br").await.expect_status(200);
        assert_eq!(file.header("cache-control"), "public, no-cache", "{plain}");
    }
    app.stop().await;
}

async fn pages_come_in_the_encoding_that_suits(app: App) {
    let paths = [
        app.shop("/"),
        app.shop("/help"),
        app.payments("/"),
        app.shop("/style/shop.css"),
        app.shop("/sitemap.xml"),
    ];
    for url in paths {
        for (accepted, encoding) in [
            ("gzip, deflate, br", "br"),
            ("br;q=0.5, gzip", "gzip"),
            ("br;q=0, gzip;q=0.1", "gzip"),
            ("identity", ""),
            ("zstd", ""),
        ] {
            let page = get(&url, accepted).await.expect_status(200);
            assert_eq!(page.header("content-encoding"), encoding, "{url} for {accepted}");
            let vary = page
                .headers
                .get_all("vary")
                .iter()
                .any(|names| names.to_str().unwrap().contains("accept-encoding"));
            assert!(vary, "{url} for {accepted}");
        }
    }
    app.stop().await;
}

async fn the_home_page_is_small(app: App) {
    for encoding in ["br", "gzip"] {
        let page = get(&app.shop("/"), encoding).await.expect_status(200);
        assert_eq!(page.header("content-encoding"), encoding);
        assert!(page.body.len() <= MOST_OF_HOME, "{encoding}: {} bytes", page.body.len());
    }
    app.stop().await;
}

async fn a_secret_is_never_compressed(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    let seen = async |john: &mut Browser| {
        let url = app.shop(&order);
        let request = john.client().get(&url).header("accept-encoding", "br, gzip");
        john.send(url.parse().unwrap(), request).await.expect_status(200)
    };
    assert_eq!(seen(&mut john).await.header("content-encoding"), "br");
    john.post(app.shop(&format!("{order}/links")), &[("number", "1")]).await.expect_status(303);
    for _ in ["made", "kept"] {
        let page = seen(&mut john).await;
        assert!(
            page.text().contains("/downloads/"),
            "there is a link that needs no session: {}",
            page.text()
        );
        assert_eq!(
            (page.header("content-encoding"), page.header("cache-control")),
            ("", "private, no-store, no-transform")
        );
    }
    app.stop().await;
}
