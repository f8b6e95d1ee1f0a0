//! What shows an item before it is bought: pictures that the shop draws, and what search engines read.

use super::reviews::product_data;
use super::support::test_shop;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY};

const PNG: &[u8] = b"\x89PNG";

#[tokio::test]
async fn a_cover_is_a_png_where_no_svg_is_taken() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let cover = browser.get("/covers/now-and-forever.png").await;
    assert_eq!((cover.status, cover.header(CONTENT_TYPE)), (StatusCode::OK, "image/png"));
    assert!(cover.body.starts_with(PNG));
    let again =
        browser.get_with("/covers/now-and-forever.png", &[("if-none-match", cover.header(ETAG))]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(browser.get("/covers/no-such-thing.png").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/covers/Now.png.png").await.status, StatusCode::NOT_FOUND);
    let page = browser.get("/items/now-and-forever").await.text();
    let image = "content=\"http://localhost:3000/covers/now-and-forever.png\"";
    assert!(page.contains(image), "{page}");
}

#[tokio::test]
async fn a_piece_to_listen_to_is_drawn_and_then_the_page_says_how_long_it_is() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let before = browser.get("/items/now-and-forever").await.text();
    assert!(
        before.contains("src=\"/previews/now-and-forever/waveform\"") && !before.contains("preview-length")
    );
    let wave = browser.get("/previews/now-and-forever/waveform").await;
    assert_eq!((wave.status, wave.header(CONTENT_TYPE)), (StatusCode::OK, "image/svg+xml"));
    assert!(wave.text().matches("<rect").count() > 100);
    assert_eq!(browser.get("/previews/now-and-forever/waveform").await.body, wave.body, "kept");
    let after = browser.get("/items/now-and-forever").await.text();
    assert!(after.contains("0:04"), "{after}");
    // A WAV, and what has nothing to listen to.
    assert_eq!(browser.get("/previews/slow-ferry/waveform").await.status, StatusCode::OK);
    assert!(browser.get("/items/slow-ferry").await.text().contains("0:07"));
    assert_eq!(browser.get("/previews/tallymark/waveform").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn visitors_set_their_own_words_in_a_font_and_get_none_of_it() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let page = browser.get("/items/halden-grotesk").await.text();
    assert!(page.contains("action=\"/items/halden-grotesk/type\""), "{page}");
    let set = async |browser: &mut super::support::Browser, words: &str| {
        let picture = browser.get(&format!("/specimens/halden-grotesk?try={words}")).await;
        assert_eq!((picture.status, picture.header(CONTENT_TYPE)), (StatusCode::OK, "image/png"), "{words}");
        assert!(picture.body.starts_with(PNG));
        picture.body
    };
    let hamburg = set(&mut browser, "Hamburg").await;
    assert_ne!(hamburg, set(&mut browser, "Bremen").await);
    assert_eq!(
        set(&mut browser, "").await,
        set(&mut browser, "Halden+Grotesk").await,
        "the title, for a beginning"
    );
    let [long, longer] = [60, 600].map(|letters| "W".repeat(letters));
    assert_eq!(set(&mut browser, &long).await, set(&mut browser, &longer).await, "no more than so many");
    set(&mut browser, "%07%FF%E6%BC%A2%0A%3Cscript%3E").await;
    let typed = browser.get("/items/halden-grotesk/type?try=%3Cscript%3Ealert%281%29").await;
    assert_eq!(typed.status, StatusCode::OK);
    assert!(typed.text().contains("HaldenGrotesk-") && !typed.text().contains("<script>alert"));
    for path in ["/specimens/tallymark?try=a", "/items/tallymark/type", "/specimens/no-such-thing"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn search_engines_read_a_product_with_its_offer() {
    let test = test_shop().await;
    let data = product_data(&test.stranger().get("/items/now-and-forever").await.text());
    assert_eq!((&data["@context"], &data["@type"]), (&"https://schema.org".into(), &"Product".into()));
    assert_eq!(data["name"], "Now and Forever");
    assert_eq!(data["image"], "/covers/now-and-forever.png");
    assert_eq!(data["brand"]["name"], "Richard Marx");
    assert!(data["description"].as_str().is_some_and(|text| text.len() > 20 && !text.contains('<')));
    let offer = &data["offers"];
    assert_eq!(
        (&offer["@type"], &offer["price"], &offer["priceCurrency"]),
        (&"Offer".into(), &"0.99".into(), &"USD".into())
    );
    assert_eq!(offer["availability"], "https://schema.org/InStock");
    assert_eq!(offer["seller"]["name"], "Right Here Records");
    let off = "UPDATE items SET state = 'Archived' WHERE slug = 'now-and-forever'";
    test.write(vec![off.to_owned()]).await;
    let data = product_data(&test.stranger().get("/items/now-and-forever").await.text());
    assert_eq!(data["offers"]["availability"], "https://schema.org/OutOfStock");
}

#[tokio::test]
async fn a_game_starts_in_a_frame_that_reaches_nothing() {
    let test = test_shop().await;
    let page = test.stranger().get("/items/cloud-herding").await.text();
    assert!(
        page.contains("src=\"/demos/cloud-herding\"") && page.contains("sandbox=\"allow-scripts\""),
        "{page}"
    );
    assert!(
        page.contains("It runs with JavaScript") && page.contains("Screenshot 1 of Cloud Herding"),
        "{page}"
    );
    let demo = test.stranger().get_with("/demos/cloud-herding", &[("sec-fetch-dest", "iframe")]).await;
    assert_eq!(demo.status, StatusCode::OK);
    assert_eq!(demo.header(CONTENT_TYPE), "text/html; charset=utf-8");
    assert_eq!(demo.header(VARY), "sec-fetch-dest");
    let policy = demo.header(CONTENT_SECURITY_POLICY);
    for rule in
        ["sandbox allow-scripts;", "default-src 'none';", "form-action 'none';", "frame-ancestors 'self'"]
    {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("allow-same-origin") && !policy.contains("connect-src"), "{policy}");
    assert!(demo.text().contains("This is the demo"), "not what is sold");
    let alone = test.stranger().get_with("/demos/cloud-herding", &[("sec-fetch-dest", "document")]).await;
    assert_eq!(alone.leads_to(), "/items/cloud-herding#demo");
    for path in ["/", "/items/cloud-herding", "/sign-in", "/cart"] {
        let page = test.stranger().get(path).await;
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
    for nothing in ["/demos/now-and-forever", "/demos/nothing", "/demos/.."] {
        assert_eq!(test.stranger().get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_book_is_looked_into_page_by_page() {
    let test = test_shop().await;
    let page = test.stranger().get("/items/the-cartographers-apprentice").await.text();
    assert!(page.contains("Look inside"), "{page}");
    for number in 1..=3 {
        assert!(page.contains(&format!("alt=\"Page {number} of The Cartographer")), "{number}: {page}");
    }
    assert!(page.matches("loading=\"lazy\"").count() >= 3);
}
