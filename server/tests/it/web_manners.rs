//! How both sites behave towards browsers: what is sent, how much of it, for how long it may be kept.

use crate::on_both_databases;
use crate::support::{App, Browser, Page};
use std::collections::BTreeSet;

on_both_databases!(
    what_pages_name_of_the_program_is_kept_for_a_year,
    pages_come_in_the_encoding_that_suits,
    the_home_page_is_small,
    a_secret_is_never_compressed,
    what_search_engines_list_says_what_it_is,
    what_is_somebodys_own_is_not_listed,
    there_is_little_script,
    open_streams_end_with_the_program,
);

/// Bytes of the home page's HTML, compressed: what a first round trip of TCP carries.
const MOST_OF_HOME: usize = 14 * 1024;
/// Bytes of script: of a page for those who look and buy as it is, of all that the site has as it is sent.
const MOST_SCRIPT: usize = 5 * 1024;
/// Letters of a description that search engines show.
const MOST_DESCRIBED: usize = 160;

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

/// The content of the page's one `<meta name="…">`.
fn meta(html: &str, name: &str) -> Option<String> {
    let mut found = html.split("<meta ").skip(1).map(|rest| rest.split('>').next().unwrap());
    let tag = found.find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
    Some(tag.split("content=\"").nth(1)?.split('"').next()?.to_owned())
}

fn title(html: &str) -> String {
    html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned()
}

async fn what_search_engines_list_says_what_it_is(app: App) {
    let sitemap = get(&app.shop("/sitemap.xml"), "identity").await.expect_status(200).text();
    let listed: Vec<&str> =
        sitemap.split("<loc>").skip(1).map(|rest| rest.split("</loc>").next().unwrap()).collect();
    assert!(listed.len() > 50, "{} addresses", listed.len());
    let reviews = app.shop("/items/now-and-forever/reviews");
    let (mut titles, mut descriptions) = (BTreeSet::new(), BTreeSet::new());
    for address in listed.into_iter().chain([reviews.as_str()]) {
        let html = get(address, "identity").await.expect_status(200).text();
        assert_eq!(meta(&html, "robots"), None, "{address}");
        let description =
            meta(&html, "description").unwrap_or_else(|| panic!("{address} has no description"));
        let letters = description.chars().count();
        assert!((40..=MOST_DESCRIBED + 20).contains(&letters), "{address}: {letters} letters: {description}");
        assert!(html.contains(&format!("<link rel=\"canonical\" href=\"{address}\"")), "{address}");
        assert!(titles.insert(title(&html)), "{address} has the title of another: {}", title(&html));
        assert!(
            descriptions.insert(description.clone()),
            "{address} is described like another: {description}"
        );
    }
    app.stop().await;
}

async fn what_is_somebodys_own_is_not_listed(app: App) {
    let mut browser = app.signed_in("john@example.com").await;
    let order = app.buy(&mut browser, "now-and-forever", "john@example.com", "Account balance").await;
    for path in [
        "/cart",
        "/credit",
        "/orders",
        &order,
        &format!("{order}/thank-you"),
        "/library",
        "/account",
        "/mail",
        "/checkout/session-masters",
        "/?q=harbour",
        "/?category=music&sort=price",
        "/?page=2",
        "/no-such-page",
    ] {
        let page = browser.get(app.shop(path)).await;
        assert!([200, 404].contains(&page.status), "{path}: {}", page.status);
        assert_eq!(meta(&page.text(), "robots").as_deref(), Some("noindex"), "{path}");
    }
    let sign_in = get(&app.shop("/sign-in"), "identity").await.expect_status(200);
    assert_eq!(meta(&sign_in.text(), "robots").as_deref(), Some("noindex"));
    for path in ["/", "/account/sign-in"] {
        let page = get(&app.payments(path), "identity").await.expect_status(200);
        assert_eq!(meta(&page.text(), "robots").as_deref(), Some("noindex"), "{path}");
    }
    app.stop().await;
}

/// How many scripts the page has, and their bytes in this encoding.
async fn scripts(page: &Page, encoding: &str) -> (usize, usize) {
    let html = page.text();
    let (mut number, mut bytes) = (0, 0);
    for script in named(&html, "/").filter(|path| path.rsplit('.').next() == Some("js")) {
        let script = page.url.join(script).unwrap();
        number += 1;
        bytes += get(script.as_str(), encoding).await.expect_status(200).body.len();
    }
    (number, bytes)
}

async fn there_is_little_script(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    for path in ["/", "/items/now-and-forever", "/cart", "/checkout/session-masters", &order] {
        let page = john.get(app.shop(path)).await.expect_status(200);
        let (number, bytes) = scripts(&page, "identity").await;
        assert!(number == 1 && bytes <= MOST_SCRIPT, "{path}: {bytes} bytes in {number}");
    }
    let mut seller = app.signed_in("merchant@example.com").await;
    let editor = seller.get(app.shop("/sell/items/new")).await.expect_status(200);
    let (number, bytes) = scripts(&editor, "br").await;
    assert!(
        number == 2 && bytes <= MOST_SCRIPT,
        "the editor, with all that there is: {bytes} bytes in {number}"
    );
    app.stop().await;
}

async fn open_streams_end_with_the_program(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    let order = app.buy(&mut john, "session-masters", "john@example.com", "Account balance").await;
    let page = john.get(app.shop(&order)).await.expect_status(200).text();
    let stream = page.split("data-live=\"").nth(1).expect("the money is held").split('"').next().unwrap();
    let url = app.shop(stream);
    let (began, stopped) = (tokio::sync::oneshot::channel(), std::time::Instant::now());
    let hearing = tokio::spawn(async move { john.hear(&url, began.0).await });
    began.1.await.unwrap();
    app.stop().await;
    let heard = hearing.await.unwrap();
    assert!(heard.contains(": waiting") && !heard.contains("data:"), "{heard}");
    assert!(stopped.elapsed() < std::time::Duration::from_secs(10), "{:?}", stopped.elapsed());
}
