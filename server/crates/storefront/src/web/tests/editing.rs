//! What becomes of a listing: drafts, changes, versions, archive.

use super::listing::{FORM, PNG, stored};
use super::support::{Browser, Page, test_shop};
use http::StatusCode;
use http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};

const EDITOR: &str = "/sell/items/harbour-at-dusk";

/// The form with other fields, in their place or behind.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let stays = FORM.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    stays.chain(changes).copied().collect()
}

async fn press(browser: &mut Browser, path: &str, button: &str, changes: &[(&str, &str)]) -> Page {
    let fields: Vec<_> = form(changes).into_iter().chain([("do", button)]).collect();
    browser.post_files(path, &fields, &[]).await
}

async fn status(browser: &mut Browser, path: &str) -> StatusCode {
    browser.get(path).await.status
}

#[tokio::test]
async fn a_draft_is_its_sellers_until_it_is_published() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let mut stranger = test.stranger();
    let art = stranger.get("/").await.text();
    let bare = [("creator", ""), ("description", ""), ("price", ""), ("tags", "Ink, Dusk")];
    assert_eq!(press(&mut nadia, "/sell/items/new", "save", &bare).await.leads_to(), EDITOR);
    let editor = nadia.get(EDITOR).await.text();
    for words in [
        "Before it can be published it needs a creator, a description, a price and a file for sale.",
        "dusk, ink",
    ] {
        assert!(editor.contains(words), "{words}: {editor}");
    }
    assert!(nadia.get("/items/harbour-at-dusk").await.text().contains("This item is a draft"));
    let mut other = test.signed_in("merchant@example.com").await;
    for browser in [&mut stranger, &mut other] {
        assert_eq!(status(browser, "/items/harbour-at-dusk").await, StatusCode::NOT_FOUND);
        assert_eq!(status(browser, "/covers/harbour-at-dusk").await, StatusCode::NOT_FOUND);
    }
    assert_eq!(status(&mut nadia, "/covers/harbour-at-dusk").await, StatusCode::OK);
    assert_eq!(status(&mut other, EDITOR).await, StatusCode::NOT_FOUND);
    assert_eq!(press(&mut other, EDITOR, "publish", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/").await.text(), art, "drafts change nothing that others see");
    assert!(!stranger.get("/?q=harbour+dusk").await.text().contains("/items/harbour-at-dusk"));
    let refused = press(&mut nadia, EDITOR, "publish", &bare).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Choose the file that buyers download."));

    // A draft's address follows its title; once it was on sale it stays.
    let renamed = press(&mut nadia, EDITOR, "save", &[("title", "Müll & Glück")]).await;
    assert_eq!(renamed.leads_to(), "/sell/items/muell-glueck");
    let fields: Vec<_> = form(&[("tags", "Ink")]).into_iter().chain([("do", "publish")]).collect();
    let listed =
        nadia.post_files("/sell/items/muell-glueck", &fields, &[("file", "a.pdf", b"%PDF-1.4 x")]).await;
    assert_eq!(listed.leads_to(), "/items/harbour-at-dusk");
    let kept = press(&mut nadia, EDITOR, "save", &[("title", "Another title")]).await;
    assert_eq!(kept.leads_to(), EDITOR);
    let item = stranger.get("/items/harbour-at-dusk").await.text();
    assert!(item.contains("Another title") && item.contains("$24.50"), "{item}");
    assert!(stranger.get("/?q=another+title").await.text().contains("/items/harbour-at-dusk"));
}

#[tokio::test]
async fn what_is_taken_off_sale_leaves_counts_and_searches() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let (mut stranger, mut john) = (test.stranger(), test.signed_in("john@example.com").await);
    let before = stranger.get("/?category=art").await.text();
    nadia.post_files("/sell/items/new", &FORM, &[("file", "a.pdf", b"%PDF-1.4 x")]).await.leads_to();
    assert_ne!(stranger.get("/?category=art").await.text(), before);
    assert_eq!(status(&mut john, "/checkout/harbour-at-dusk").await, StatusCode::OK);
    for (button, shown) in [("unpublish", false), ("publish", true), ("archive", false), ("restore", false)] {
        press(&mut nadia, EDITOR, button, &[]).await.leads_to();
        let found = stranger.get("/?q=harbour+at+dusk").await.text().contains("/items/harbour-at-dusk");
        assert_eq!(found, shown, "{button}");
        assert_eq!(stranger.get("/?category=art").await.text() == before, !shown, "{button}");
        let page = stranger.get("/items/harbour-at-dusk").await;
        let words = page.text();
        match button {
            "publish" => assert!(words.contains("Buy Now")),
            "archive" => {
                assert!(page.status == StatusCode::OK && words.contains("sells this no more"), "{words}");
            }
            _ => assert_eq!(page.status, StatusCode::NOT_FOUND, "{button}"),
        }
        let order = john.post("/checkout/harbour-at-dusk", &[("payment_method", "amazon-payments")]).await;
        let expected = if shown { StatusCode::SEE_OTHER } else { StatusCode::CONFLICT };
        assert_eq!(order.status, expected, "{button}: {}", order.text());
    }
    for (filter, shown) in
        [("", true), ("?state=draft", true), ("?state=published", false), ("?state=archived", false)]
    {
        let list = nadia.get(&format!("/sell/items{filter}")).await.text();
        assert_eq!(list.contains(EDITOR), shown, "{filter}");
    }
}

#[tokio::test]
async fn other_files_are_a_new_version_and_old_ones_stay_while_somebody_may_have_them() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    nadia
        .post_files("/sell/items/new", &FORM, &[("file", "a.pdf", b"%PDF-1.4 a"), ("file", "b.txt", b"b")])
        .await
        .leads_to();
    let item = test.stranger().get("/items/harbour-at-dusk").await.text();
    assert!(item.contains("2 files") && item.contains("a.pdf") && item.contains("b.txt"), "{item}");
    let editor = nadia.get(EDITOR).await.text();
    let (_, rest) = editor.split_once("name=\"remove:").unwrap();
    let remove = format!("remove:{}", rest.split_once('"').unwrap().0);
    let fields = form(&[
        ("version_notes", "A third file."),
        ("version_for", "new"),
        ("do", "save"),
        (remove.as_str(), "yes"),
    ]);
    nadia.post_files(EDITOR, &fields, &[("file", "c.txt", b"c")]).await.leads_to();
    let item = test.stranger().get("/items/harbour-at-dusk").await.text();
    assert!(!item.contains("a.pdf") && item.contains("b.txt") && item.contains("c.txt"), "{item}");
    assert!(item.contains("New in this version") && item.contains("A third file."));
    let versions: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT v.number, v.for_earlier_buyers, COUNT(*) FROM item_versions v JOIN items i ON i.id = v.item_id \
         JOIN item_files f ON f.item_id = v.item_id AND f.version = v.number WHERE i.slug = 'harbour-at-dusk' \
         GROUP BY v.number, v.for_earlier_buyers ORDER BY v.number",
    )
    .fetch_all(test.shop.db.readers())
    .await
    .unwrap();
    assert_eq!(versions, [(1, 0, 2), (2, 0, 2)]);
    assert_eq!(stored(&test, "uploads"), 3, "the first version has its files still");
}

#[tokio::test]
async fn a_description_is_markdown_and_is_previewed_with_all_that_was_typed() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let typed = "Some **ink** <script>alert(1)</script>";
    let fields = form(&[("description", typed), ("price", "$1,234.50"), ("do", "preview")]);
    let page = nadia.post_files("/sell/items/new", &fields, &[("file", "a.pdf", b"%PDF-1.4 x")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    for words in [
        "As buyers will read it",
        "<strong>ink</strong>",
        "&lt;script&gt;",
        "$1,234.50",
        "a.pdf",
        "$1,074.90",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let split = nadia.post_files("/sell/items/new", &form(&[("price", "3.50"), ("do", "split")]), &[]).await;
    for words in ["$2.88", "$0.40", "$0.22"] {
        assert!(split.text().contains(words), "{words}");
    }
    assert_eq!(
        nadia.post_files("/sell/items/new", &form(&[("do", "sell")]), &[]).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn what_sellers_send_runs_nowhere() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let files: [(&str, &str, &[u8]); 5] = [
        ("file", "game.html", b"<script>alert(1)</script>"),
        ("cover", "c.png", PNG),
        ("picture", "p.png", PNG),
        ("audio", "a.mp3", b"ID3\x03\0\0\0\0\0\0"),
        ("page", "sample.txt", b"Chapter one. <script>alert(1)</script>"),
    ];
    nadia.post_files("/sell/items/new", &FORM, &files).await.leads_to();
    let mut stranger = test.stranger();
    for (path, kind) in [
        ("/covers/harbour-at-dusk", "image/png"),
        ("/pictures/harbour-at-dusk/1", "image/png"),
        ("/previews/harbour-at-dusk", "audio/mpeg"),
        ("/samples/harbour-at-dusk", "text/plain; charset=utf-8"),
    ] {
        let file = stranger.get(path).await;
        assert_eq!((file.status, file.header(CONTENT_TYPE)), (StatusCode::OK, kind), "{path}");
        assert!(file.header(CONTENT_SECURITY_POLICY).starts_with("sandbox; default-src 'none'"), "{path}");
        assert_eq!((file.header(X_CONTENT_TYPE_OPTIONS), file.header(SET_COOKIE)), ("nosniff", ""), "{path}");
    }
    assert_eq!(status(&mut stranger, "/pictures/harbour-at-dusk/0").await, StatusCode::NOT_FOUND);
    assert_eq!(status(&mut stranger, "/pictures/harbour-at-dusk/2").await, StatusCode::NOT_FOUND);
    let disposition = stranger.get("/samples/harbour-at-dusk").await;
    assert_eq!(disposition.header(CONTENT_DISPOSITION), "", "a sample is read in the browser");
    let item = stranger.get("/items/harbour-at-dusk").await.text();
    assert!(item.contains("Read a sample") && item.contains("/pictures/harbour-at-dusk/1"));
    let page = nadia
        .post_files("/sell/items/new", &FORM, &[("file", "a.txt", b"a"), ("page", "a.html", b"<p>")])
        .await;
    assert!(page.text().contains("Choose a PDF or a plain text."));
}

#[tokio::test]
async fn pieces_that_were_sold_meanwhile_are_not_for_sale_again() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let physical = [("kind", "physical"), ("stock", "5")];
    assert_eq!(
        press(&mut nadia, "/sell/items/new", "publish", &physical).await.leads_to(),
        "/items/harbour-at-dusk"
    );
    test.change_elsewhere("UPDATE items SET stock = 3 WHERE slug = 'harbour-at-dusk'").await;
    press(&mut nadia, EDITOR, "save", &[("kind", "physical"), ("stock", "10"), ("stock_before", "5")])
        .await
        .leads_to();
    let editor = nadia.get(EDITOR).await.text();
    assert!(editor.contains(r#"name="stock_before" value="8""#), "{editor}");
    test.change_elsewhere("UPDATE items SET stock = 0 WHERE slug = 'harbour-at-dusk'").await;
    let mut john = test.signed_in("john@example.com").await;
    assert!(john.get("/items/harbour-at-dusk").await.text().contains("It is sold out."));
    assert_eq!(john.get("/checkout/harbour-at-dusk").await.leads_to(), "/items/harbour-at-dusk");
    let late = john.post("/checkout/harbour-at-dusk", &[("payment_method", "amazon-payments")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("The last one was sold meanwhile."));
}

/// What is not as it was, and nothing else, with what it was.
#[tokio::test]
async fn what_a_seller_changes_stands_in_the_log() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let mut operator = test.signed_in("operator@example.com").await;
    press(&mut nadia, "/sell/items/new", "save", &[]).await.leads_to();
    let fields: Vec<_> = form(&[]).into_iter().chain([("do", "publish")]).collect();
    nadia.post_files(EDITOR, &fields, &[("file", "a.pdf", b"%PDF-1.4 x")]).await.leads_to();
    press(&mut nadia, EDITOR, "save", &[]).await.leads_to();
    let lines = async |browser: &mut Browser| {
        let log = browser.get("/operator/audit.csv?who=nadia").await.text();
        let mut lines: Vec<String> = log.lines().skip(1).map(str::to_owned).collect();
        lines.reverse();
        lines
    };
    let before = lines(&mut operator).await;
    let words: Vec<&str> = before.iter().map(String::as_str).filter(|line| line.contains(",item,")).collect();
    assert_eq!(words.len(), 3, "nothing of the last save: {words:#?}");
    assert!(words[0].contains("sale-changed,item,Harbour at Dusk,harbour-at-dusk,,a draft,"), "{words:#?}");
    assert!(words.iter().any(|line| line.contains("a draft,on sale,")), "{words:#?}");
    assert!(words.iter().any(|line| line.contains("no files,version 1: a.pdf,")), "{words:#?}");

    let changed = form(&[
        ("title", "Dusk, later"),
        ("price", "30"),
        ("licence", "For one desk."),
        ("delivery", "manual"),
    ]);
    let fields: Vec<_> = changed.into_iter().chain([("do", "save")]).collect();
    nadia.post_files(EDITOR, &fields, &[("file", "b.pdf", b"%PDF-1.4 y")]).await.leads_to();
    press(
        &mut nadia,
        EDITOR,
        "archive",
        &[("title", "Dusk, later"), ("price", "30"), ("kind", "physical"), ("stock", "3")],
    )
    .await
    .leads_to();
    let after = lines(&mut operator).await;
    for change in [
        "price-changed,item,\"Dusk, later\",harbour-at-dusk,$24.50,$30.00,",
        "title-changed,item,\"Dusk, later\",harbour-at-dusk,Harbour at Dusk,\"Dusk, later\",",
        "licence-changed,item,\"Dusk, later\",harbour-at-dusk,Personal use.,For one desk.,",
        "downloaded at once,downloaded once the seller has delivered,",
        "version 1: a.pdf,\"version 2: a.pdf, b.pdf\",",
        "on sale,archived,",
        "downloaded once the seller has delivered,sent as a parcel,",
        "not counted,3 pieces,",
    ] {
        let found = after[before.len()..].iter().filter(|line| line.contains(change)).count();
        assert_eq!(found, 1, "{change} in {:#?}", &after[before.len()..]);
    }
    let page = operator.get("/operator/audit?deed=stock-changed").await.text();
    assert!(page.contains("<del>not counted</del>") && page.contains("<ins>3 pieces</ins>"), "{page}");
    assert!(!page.contains("<ins>archived</ins>"), "the filter");
}
