use super::support::test_shop;
use crate::Many;
use crate::catalogue::search;
use crate::web::browse::Browse;
use crate::web::home_page;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, SET_COOKIE};
use shop_pages::model::Way;
use std::collections::BTreeSet;
use std::time::Instant;

/// Where the items of the catalogue's grid begin to be named, in the page's order.
fn position(page: &str, slug: &str) -> usize {
    page.find(&format!("/items/{slug}\"")).unwrap_or_else(|| panic!("{slug} is not on the page"))
}

#[tokio::test]
async fn the_front_page_shows_what_is_for_sale() {
    let test = test_shop().await;
    let page = test.stranger().get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header(CONTENT_TYPE).starts_with("text/html"));
    assert_eq!(page.header(SET_COOKIE), "", "no session for those who only look");
    let shown = page.text();
    for words in ["Now and Forever", "Richard Marx", "$0.99", "Right Here Records", "Fonts"] {
        assert!(shown.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_page_that_points_its_name_here_reads_nothing() {
    let test = test_shop().await;
    for path in ["/", "/sign-in", "/items/now-and-forever", "/covers/now-and-forever", "/nothing"] {
        let page = test.stranger().get_with(path, &[("host", "evil.example:3000")]).await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        let page = test.stranger().get_with(path, &[("host", "127.0.0.1:3000")]).await;
        assert_ne!(page.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn now_and_forever_leads_the_catalogue() {
    let test = test_shop().await;
    let found = home_page::home(&test.shop, &Browse::from_query("")).await.unwrap().unwrap();
    assert_eq!(found.popular[0].slug, "now-and-forever");
    assert!(found.total >= 64 && found.pages == found.total.div_ceil(24));
    let count = |way: &Way| way.count.as_deref().map_or(0, |count| count.parse::<u32>().unwrap());
    assert_eq!(found.categories.iter().map(count).sum::<u32>(), found.total);
    let shown = [&found.popular, &found.new, &found.items].map(|cards| cards.iter().map(|card| &card.slug));
    let shown: Vec<_> = shown.into_iter().flatten().collect();
    assert!(
        shown.len() >= 24 && shown.iter().collect::<BTreeSet<_>>().len() == shown.len(),
        "each once: {shown:?}"
    );
    let music = test.stranger().get("/?category=music").await.text();
    assert!(position(&music, "now-and-forever") < position(&music, "counting-lamps"));
}

#[tokio::test]
async fn pages_cover_the_whole_catalogue_once() {
    let test = test_shop().await;
    let (mut slugs, mut on_shelves) = (Vec::new(), BTreeSet::new());
    for page in 1.. {
        let asked = Browse::from_query(&format!("page={page}"));
        let Some(found) = home_page::home(&test.shop, &asked).await.unwrap() else { break };
        on_shelves.extend(found.popular.into_iter().chain(found.new).map(|card| card.slug));
        slugs.extend(found.items.into_iter().map(|card| card.slug));
    }
    let listed: BTreeSet<String> = slugs.iter().cloned().collect();
    assert_eq!(listed.len(), slugs.len(), "each stands in the list once");
    assert!(
        listed.union(&on_shelves).count() >= 64,
        "what the list leaves out stands on the front page's shelves"
    );
    assert_eq!(test.stranger().get("/?page=99").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_search_finds_words_in_any_case_and_takes_wildcards_literally() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    for query in ["NOW+forever", "richard+MARX", "right+here+now+and+forever", "z%C3%A4hlt"] {
        let page = browser.get(&format!("/?q={query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(page.text().contains("/items/now-and-forever"), query != "z%C3%A4hlt", "{query}");
    }
    for nothing in ["%25", "_", "100%25", "no-such-thing", "%5C", "'%3B--"] {
        let page = browser.get(&format!("/?q={nothing}")).await;
        assert_eq!(page.status, StatusCode::OK, "{nothing}");
        assert!(!page.text().contains("/items/now-and-forever"), "{nothing}");
    }
    assert_eq!(browser.get("/?category=weapons").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/?page=abc&page=0").await.status, StatusCode::OK);
    assert_eq!(browser.get("/?q=%ff%fe").await.status, StatusCode::OK);
    assert_eq!(browser.get("/?q=a%00b").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_item_says_what_one_gets() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let page = browser.get("/items/now-and-forever").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["Buy Now", "$0.99", "MP3 audio", "/previews/now-and-forever", "/checkout/now-and-forever"] {
        assert!(page.text().contains(words), "{words}");
    }
    for unknown in
        ["/items/nothing", "/covers/nothing", "/previews/nothing", "/items/%F0%9F%8E%B5", "/nothing"]
    {
        let page = browser.get(unknown).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
        let id = page.header("x-request-id").to_owned();
        assert!(!id.is_empty() && page.text().contains(&id), "{unknown} shows its request id");
    }
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert!(merchant.get("/items/now-and-forever").await.text().contains("your own listing"));
}

#[tokio::test]
async fn covers_are_drawn_and_not_sent_twice() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let cover = browser.get("/covers/glasshouse").await;
    assert_eq!(cover.header(CONTENT_TYPE), "image/svg+xml");
    assert!(cover.text().starts_with("<svg") && cover.header(CACHE_CONTROL).contains("max-age"));
    let again = browser.get_with("/covers/glasshouse", &[("if-none-match", cover.header(ETAG))]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn previews_come_whole_and_in_part() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let whole = browser.get("/previews/now-and-forever").await;
    assert_eq!((whole.status, whole.header(CONTENT_TYPE)), (StatusCode::OK, "audio/mpeg"));
    assert!(whole.body.starts_with(&[0xff, 0xfb]), "it begins with a frame of MP3");
    let size = whole.body.len();
    let part = browser.get_with("/previews/now-and-forever", &[("range", "bytes=44-143")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header(CONTENT_RANGE), format!("bytes 44-143/{size}"));
    assert_eq!(part.header(CONTENT_LENGTH), "100");
    assert_eq!(part.body, whole.body[44..144]);
    let outside = browser.get_with("/previews/now-and-forever", &[("range", "bytes=99999999-")]).await;
    assert_eq!(outside.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(browser.get("/previews/salt-for-the-winter").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_of_the_demo_data_are_made_when_they_are_read() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let folder = test.shop.config.files_dir.join("seed");
    assert!(!folder.exists(), "an empty shop opens without making any");
    for (path, kind) in [
        ("/pictures/tidal-study-no-3/1", "image/png"),
        ("/pictures/the-cartographers-apprentice/1", "image/svg+xml"),
        ("/pictures/halden-text/1", "image/svg+xml"),
        ("/previews/glasshouse", "audio/wav"),
    ] {
        let first = browser.get(path).await;
        assert_eq!((first.status, first.header(CONTENT_TYPE)), (StatusCode::OK, kind), "{path}");
        let again = browser.get(path).await;
        assert!(first.body == again.body && first.header(ETAG) == again.header(ETAG), "{path}");
    }
    assert!(folder.join("glasshouse").join("glasshouse.wav").exists(), "all files of an item at once");
    assert!(!folder.join("slow-ferry").exists());
}

#[tokio::test]
async fn the_demo_data_can_be_added_again_and_reset() {
    let test = test_shop().await;
    let total = || async {
        let asked = Browse::from_query("");
        home_page::home(&test.shop, &asked).await.unwrap().unwrap().total
    };
    let before = total().await;
    test.shop.seed().await.unwrap();
    assert_eq!(total().await, before);
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.get("/orders").await.status, StatusCode::OK);
    let started = Instant::now();
    test.shop.reset().await.unwrap();
    assert!(started.elapsed().as_secs() < 20, "seeding took {:?}", started.elapsed());
    assert_eq!(total().await, before);
    assert!(john.get("/orders").await.leads_to().starts_with("/sign-in"), "the sessions are gone");
    test.signed_in("john@example.com").await;
}

#[tokio::test]
async fn a_larger_shop_is_found_and_bought_in_and_comes_once() {
    let test = test_shop().await;
    for _ in 0..2 {
        test.shop.seed_many(Many { items: 60, sellers: 7 }).await.unwrap();
        let found = search::first(&test.shop.db, "work great many things", 100).await.unwrap();
        assert_eq!(found.len(), 60);
    }
    let mut browser = test.stranger();
    let item = browser.get("/items/quiet-harbour-study-1").await;
    assert!(item.text().contains("Buy Now") && item.text().contains("Harbour Press 1"), "{}", item.text());
    let seller = browser.get("/sellers/harbour-press-1").await;
    assert_eq!(seller.text().matches("class=\"card\"").count(), 9);
}

#[tokio::test]
async fn what_is_found_can_be_narrowed_by_links_and_a_form() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let page = browser.get("/?q=sea&format=pdf&max=9").await.text();
    for link in ["/?q=sea&amp;max=9.00\"", "/?q=sea&amp;format=pdf\"", "name=\"q\" value=\"sea\"", "PDF"] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let tagged = browser.get("/?tag=sea").await.text();
    assert!(tagged.contains("/items/tidal-study-no-3") && tagged.contains("tagged sea"));
    let form = browser.get("/?q=&tag=sea&min=&max=&sort=best").await.text();
    assert_eq!(tagged, form, "an empty field asks for nothing");
    let dearest = browser.get("/?category=music&sort=price-down").await.text();
    let cheapest = browser.get("/?category=music&sort=price").await.text();
    assert!(dearest != cheapest && cheapest.contains("value=\"price\" selected"));
    for nothing in ["/?seller=nobody", "/?tag=sea&page=9", "/?category=weapons"] {
        assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    assert!(browser.get("/?tag=no-such-tag").await.text().contains("Take away one of these"));
    for (query, words) in
        [("min=1,50&max=20", "Write prices as 12"), ("min=50&max=10", "From is more than To")]
    {
        let page = browser.get(&format!("/?tag=sea&{query}")).await.text();
        assert!(page.contains(words) && page.contains("aria-invalid=\"true\""), "{query}: {page}");
        assert!(page.contains("value=\"1,50\"") || query.contains("50&max=10"), "{query}: {page}");
    }
    let in_part = browser.get("/?category=music&q=forever+qqzzxxyy").await.text();
    assert!(in_part.contains("/items/now-and-forever") && !in_part.contains(">0<"), "{in_part}");
    let read = browser.get("/?q=Now+andd+Forver").await.text();
    assert!(read.contains("Showing results for <strong>Now and Forever</strong>"), "{read}");
}

#[tokio::test]
async fn who_types_and_who_is_lost_gets_suggestions() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let typed = browser.get("/search/suggest?q=forv").await;
    assert_eq!(
        (typed.status, typed.text().contains("<li")),
        (StatusCode::OK, false),
        "it can be many words still"
    );
    let typed = browser.get("/search/suggest?q=fore").await.text();
    assert!(
        typed.contains("data-href=\"/items/now-and-forever\"") && typed.contains("role=\"option\""),
        "{typed}"
    );
    assert!(browser.get("/search/suggest?q=fon").await.text().contains("data-href=\"/?category=fonts\""));
    assert_eq!(browser.get("/search/suggest").await.text(), "");
    for (lost, suggested) in [
        ("/items/now-and-foreve", "now-and-forever"),
        ("/glashouse/x", "glasshouse"),
        ("/zzzz", "now-and-forever"),
    ] {
        let page = browser.get(lost).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{lost}");
        assert!(page.text().contains(&format!("/items/{suggested}\"")), "{lost}: {}", page.text());
        assert!(page.text().contains("id=\"search-here\""), "{lost}");
    }
    assert!(browser.get("/sellers/nobody").await.text().contains("id=\"search-here\""));
}
