//! A seller's profile and page.

use super::support::{Browser, test_shop};
use http::StatusCode;
use http::header::CONTENT_TYPE;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
const FORM: [(&str, &str); 16] = [
    ("name", "Right Here Records"),
    ("about", "Songs about one street.\n\n<b>Recorded</b> on it."),
    ("links", "https://example.com/street"),
    ("refund", "at-once"),
    ("refund_days", "14"),
    ("refund_downloads", "unless"),
    ("vacation", "open"),
    ("vacation_words", ""),
    ("rate_united_states_standard", "4.50"),
    ("rate_united_states_express", "12.00"),
    ("rate_canada_standard", "9"),
    ("rate_canada_express", ""),
    ("rate_europe_standard", ""),
    ("rate_europe_express", ""),
    ("rate_world_standard", ""),
    ("rate_world_express", ""),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let value =
        |name, usual| changes.iter().find(|(changed, _)| *changed == name).map_or(usual, |(_, to)| *to);
    FORM.iter().map(|(name, usual)| (*name, value(*name, *usual))).collect()
}

async fn save(merchant: &mut Browser, changes: &[(&str, &str)]) {
    assert_eq!(merchant.post("/sell/profile", &with(changes)).await.leads_to(), "/sell/profile");
}

#[tokio::test]
async fn what_a_seller_says_stands_on_the_page_and_at_the_items() {
    let test = test_shop().await;
    let mut stranger = test.stranger();
    let item = stranger.get("/items/now-and-forever").await.text();
    assert!(item.contains("href=\"/sellers/right-here-records\""), "{item}");
    assert!(item.contains("within 30 days after the sale."));
    let mut merchant = test.signed_in("merchant@example.com").await;
    let form = merchant.get("/sell/profile").await.text();
    assert!(form.contains("value=\"Right Here Records\"") && form.contains("value=\"12.00\""), "{form}");
    save(&mut merchant, &[]).await;
    let page = stranger.get("/sellers/right-here-records").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.text();
    for words in [
        "&lt;b&gt;Recorded&lt;/b&gt;",
        "href=\"https://example.com/street\"",
        "within 14 days after the sale, if you have not downloaded it",
        "not offered",
        "/items/now-and-forever",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let item = stranger.get("/items/now-and-forever").await.text();
    assert!(item.contains("within 14 days"), "a kept page is made anew");
    let record = stranger.get("/items/harbour-lights-lp").await.text();
    assert!(record.contains("$4.50") && !record.contains("$15.00"), "{record}");
    assert_eq!(stranger.get("/sellers/nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/sellers/Nobody!").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn with_the_name_the_address_changes_and_the_old_one_leads_there() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    save(&mut merchant, &[("name", "Left There Tapes")]).await;
    let mut stranger = test.stranger();
    assert_eq!(stranger.get("/sellers/right-here-records").await.leads_to(), "/sellers/left-there-tapes");
    assert!(stranger.get("/sellers/left-there-tapes").await.text().contains("Left There Tapes"));
    assert!(stranger.get("/items/now-and-forever").await.text().contains("/sellers/left-there-tapes"));
    assert!(stranger.get("/?q=left+there+tapes").await.text().contains("/items/now-and-forever"));
    assert!(!stranger.get("/?q=right+here+records").await.text().contains("/items/now-and-forever"));
    // The old name is free, its address is not.
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.post("/sell", &[("name", "Right Here Records")]).await.leads_to(), "/sell");
    assert!(stranger.get("/sellers/right-here-records-2").await.text().contains("Right Here Records"));
    let taken = merchant.post("/sell/profile", &with(&[("name", "RIGHT here rec0rds")])).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = taken.text();
    assert!(html.contains("There is this name already") && html.contains("RIGHT here rec0rds"), "{html}");
    assert!(html.contains("href=\"#field-name\"") && html.contains("https://example.com/street"));
    // Another spelling of one's own name is nobody else's.
    save(&mut merchant, &[("name", "LEFT THERE TAPES")]).await;
    assert!(stranger.get("/sellers/left-there-tapes").await.text().contains("LEFT THERE TAPES"));
}

#[tokio::test]
async fn a_refused_profile_keeps_what_was_typed() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    let changes = [("refund_days", "many"), ("links", "ftp://example.com"), ("rate_world_express", "dear")];
    let page = merchant.post("/sell/profile", &with(&changes)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = page.text();
    for (field, typed) in changes {
        assert!(html.contains(&format!("href=\"#field-{field}\"")), "{field}");
        assert!(html.contains(typed), "{typed}");
    }
    assert!(html.contains("<title>Please check: Profile"));
    assert!(merchant.get("/sell/profile").await.text().contains("value=\"30\""), "nothing was saved");
    assert_eq!(merchant.post("/sell/profile", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_picture_is_shown_replaced_and_removed() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    let mut stranger = test.stranger();
    let kept = || std::fs::read_dir(test.shop.config.files_dir.join("covers")).map_or(0, Iterator::count);
    assert_eq!(stranger.get("/sellers/right-here-records/picture").await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let page = merchant.post_files("/sell/profile/picture", &[], &[("picture", "me.png", PNG)]).await;
        assert_eq!(page.leads_to(), "/sell/profile");
    }
    assert_eq!(kept(), 1, "the one before is gone");
    let html = stranger.get("/sellers/right-here-records").await.text();
    assert!(html.contains("src=\"/sellers/right-here-records/picture?"), "{html}");
    let picture = stranger.get("/sellers/right-here-records/picture").await;
    assert_eq!((picture.header(CONTENT_TYPE), picture.body.as_slice()), ("image/png", PNG));
    let large = [PNG, &vec![0; 3 << 20]].concat();
    for (content, problem) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "PNG, JPEG or WebP"),
        (&b""[..], "Choose a picture."),
        (large.as_slice(), "larger than 2 MB"),
    ] {
        let page = merchant.post_files("/sell/profile/picture", &[], &[("picture", "me.png", content)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.text().contains(problem) && page.text().contains("href=\"#field-picture\""),
            "{problem}"
        );
    }
    let removed = [("remove", "picture")];
    assert_eq!(merchant.post_files("/sell/profile/picture", &removed, &[]).await.leads_to(), "/sell/profile");
    assert_eq!(kept(), 0);
    assert_eq!(stranger.get("/sellers/right-here-records/picture").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_away_says_so_everywhere_and_sells_nothing() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    let mut jane = test.signed_in("jane@example.com").await;
    assert!(jane.get("/items/now-and-forever").await.text().contains("Buy Now"));
    save(&mut merchant, &[("vacation", "away"), ("vacation_words", "At the sea. Back on 3 March.")]).await;
    for path in ["/items/now-and-forever", "/items/harbour-lights-lp", "/sellers/right-here-records"] {
        let html = jane.get(path).await.text();
        assert!(html.contains("is away at present") && html.contains("Back on 3 March"), "{path}: {html}");
        assert!(!html.contains("/checkout/"), "{path}");
    }
    assert_eq!(jane.get("/checkout/now-and-forever").await.leads_to(), "/items/now-and-forever");
    let paying = [("payment_method", "amazon-payments")];
    let refused = jane.post("/checkout/now-and-forever", &paying).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let html = refused.text();
    assert!(html.contains("Back on 3 March") && html.contains("nothing was charged"), "{html}");
    save(&mut merchant, &[]).await;
    assert!(jane.get("/items/now-and-forever").await.text().contains("Buy Now"));
    assert!(jane.post("/checkout/now-and-forever", &paying).await.leads_to().contains("/cobranded-ui/"));
}

#[tokio::test]
async fn a_profile_is_its_sellers_own() {
    let test = test_shop().await;
    assert_eq!(test.stranger().get("/sell/profile").await.leads_to(), "/sign-in?next=%2Fsell%2Fprofile");
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.get("/sell/profile").await.leads_to(), "/sell");
    assert_eq!(john.post("/sell/profile", &FORM).await.leads_to(), "/sell");
    let page = john.post_files("/sell/profile/picture", &[], &[("picture", "me.png", PNG)]).await;
    assert_eq!(page.leads_to(), "/sell");
    let html = john.get("/sellers/right-here-records").await.text();
    assert!(!html.contains("Change this page"));
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert!(merchant.get("/sellers/right-here-records").await.text().contains("Change this page"));
}

#[tokio::test]
async fn what_a_seller_changes_of_the_shop_stands_in_the_log() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    let mut operator = test.signed_in("operator@example.com").await;
    save(&mut merchant, &[]).await;
    let lines = async |browser: &mut Browser| {
        browser.get("/operator/audit.csv").await.text().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let before = lines(&mut operator).await.len();
    save(&mut merchant, &[]).await;
    assert_eq!(lines(&mut operator).await.len(), before, "saved as it was");
    save(
        &mut merchant,
        &[
            ("name", "Left There Records"),
            ("refund", "on-request"),
            ("vacation", "away"),
            ("vacation_words", "Back in May."),
            ("rate_canada_standard", "10"),
        ],
    )
    .await;
    let after = lines(&mut operator).await;
    assert_eq!(after.len(), before + 4, "{after:#?}");
    for change in [
        "shop-renamed,seller,Left There Records,",
        ",Right Here Records,Left There Records,",
        "refund-rule-changed,seller,",
        "\"at once within 14 days, unless it was downloaded\",on request,",
        "vacation-changed,seller,",
        ",open,away: Back in May.,",
        "Canada standard $9.00, express not offered;",
        "Canada standard $10.00, express not offered;",
    ] {
        assert!(after.iter().any(|line| line.contains(change)), "{change} in {after:#?}");
    }
    let page = operator.get("/operator/audit?deed=vacation-changed").await.text();
    assert!(page.contains("<ins>away: Back in May.</ins>"), "{page}");
    assert!(!page.contains("<ins>on request</ins>"), "{page}");
}
