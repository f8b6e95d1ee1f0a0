use super::support::{BOUNDARY, TestShop, test_shop};
use crate::orders::notices::{self, NewNotice, NoticeKind};
use crate::selling::listing::sweep;
use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::SignedDuration;

pub const FORM: [(&str, &str); 8] = [
    ("title", "Harbour at Dusk"),
    ("creator", "Nadia Brandt"),
    ("category", "art"),
    ("description", "A drawing of a harbour <at> dusk."),
    ("price", "24.50"),
    ("kind", "digital"),
    ("delivery", "instant"),
    ("licence", ""),
];
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// Files of a folder among the stored ones.
pub fn stored(test: &TestShop, folder: &str) -> usize {
    let folder = test.shop.config.files_dir.join(folder);
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_new_listing_shows_at_once() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let mut stranger = test.stranger();
    assert!(!stranger.get("/").await.text().contains("Harbour at Dusk"));
    assert!(nadia.get("/sell/items/new").await.text().contains("Add an item"));
    let page = nadia
        .post_files("/sell/items/new", &FORM, &[("file", "dusk.pdf", b"%PDF-1.4 x"), ("cover", "c.png", PNG)])
        .await;
    assert_eq!(page.leads_to(), "/items/harbour-at-dusk");
    assert!(stranger.get("/").await.text().contains("Harbour at Dusk"), "under New");
    assert!(stranger.get("/?q=HARBOUR+brandt+prints").await.text().contains("/items/harbour-at-dusk"));
    let item = stranger.get("/items/harbour-at-dusk").await.text();
    assert!(item.contains("$24.50") && item.contains("PDF") && item.contains("&lt;at&gt;"));
    let cover = stranger.get("/covers/harbour-at-dusk").await;
    assert_eq!((cover.header(CONTENT_TYPE), cover.body.as_slice()), ("image/png", PNG));
    assert!(nadia.get("/sell").await.text().contains("/items/harbour-at-dusk"));
    let again = nadia.post_files("/sell/items/new", &FORM, &[("file", "dusk.pdf", b"%PDF-1.4 y")]).await;
    assert_eq!(again.leads_to(), "/items/harbour-at-dusk-2");
    assert_eq!(stored(&test, "uploads"), 2);
    test.shop.reset().await.unwrap();
    assert_eq!(stored(&test, "uploads"), 0);
    assert_eq!(stranger.get("/items/harbour-at-dusk").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_listing_keeps_what_was_typed_and_sent() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let cheap: Vec<_> = FORM.iter().map(|(n, v)| (*n, if *n == "price" { "0.05" } else { *v })).collect();
    let page = nadia.post_files("/sell/items/new", &cheap, &[("file", "dusk.pdf", b"%PDF-1.4")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["leave nothing for you", "Harbour at Dusk", "0.05", "dusk.pdf", "uploaded and kept"] {
        assert!(page.text().contains(words), "{words}");
    }
    assert_eq!(stored(&test, "uploads"), 1);
    let kept = kept(&page.text());
    // Somebody else cannot take it.
    let mut other = test.signed_in("merchant@example.com").await;
    let with_it: Vec<_> = FORM.iter().copied().chain([(kept.as_str(), "yes")]).collect();
    let refused = other.post_files("/sell/items/new", &with_it, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Choose it again"));
    let listed = nadia.post_files("/sell/items/new", &with_it, &[("file", "", b"")]).await;
    assert_eq!(listed.leads_to(), "/items/harbour-at-dusk");
    assert_eq!(stored(&test, "uploads"), 1);
    // What a listing has is kept, what none has is swept after a day.
    let cheap_again = nadia.post_files("/sell/items/new", &cheap, &[("file", "b.pdf", b"%PDF-1.4 b")]).await;
    assert_eq!((cheap_again.status, stored(&test, "uploads")), (StatusCode::UNPROCESSABLE_ENTITY, 2));
    test.shop.clock.advance(SignedDuration::from_hours(23)).unwrap();
    sweep(&test.shop).await.unwrap();
    assert_eq!(stored(&test, "uploads"), 2);
    test.shop.clock.advance(SignedDuration::from_hours(2)).unwrap();
    assert_eq!(sweep(&test.shop).await.unwrap(), 1);
    assert_eq!(stored(&test, "uploads"), 1);
    let without = nadia.post_files("/sell/items/new", &FORM, &[("file", "", b""), ("cover", "", b"")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text().contains("Choose the file that buyers download"));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let drawn =
        nadia.post_files("/sell/items/new", &FORM, &[("cover", "c.png", svg), ("file", "a.txt", b"a")]).await;
    assert!(drawn.text().contains("PNG, JPEG or WebP"));
    assert_eq!((drawn.status, stored(&test, "covers")), (StatusCode::UNPROCESSABLE_ENTITY, 0));
}

#[tokio::test]
async fn files_that_are_too_large_are_refused() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let large = vec![b'x'; 51 << 20];
    let page = nadia.post_files("/sell/items/new", &FORM, &[("file", "a.bin", &large)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("larger than 50 MB"));
    let huge = vec![b'x'; 75 << 20];
    let page = nadia.post_files("/sell/items/new", &FORM, &[("file", "a.bin", &huge)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("larger than 50 MB") && page.text().contains("Harbour at Dusk"));
    // Beyond all bounds the form comes back all the same, without the rest being read.
    let texts = ("title", "Harbour at Dusk");
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
        texts.0, texts.1
    );
    let pieces =
        [head.into_bytes(), file_head()].into_iter().chain(std::iter::repeat_n(vec![b'x'; 1 << 20], 300));
    let endless = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
    let page = nadia.post_stream("/sell/items/new", endless).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("256 MB") && page.text().contains("Harbour at Dusk"), "{}", page.text());
    assert_eq!(stored(&test, "uploads"), 0);
}

fn file_head() -> Vec<u8> {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n")
        .into_bytes()
}

/// The field that names a file which waits.
fn kept(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"kept:file:").expect("a file waits");
    format!("kept:file:{}", rest.split_once('"').unwrap().0)
}

/// A listing whose body ends in the middle: `whole` pieces of a megabyte of its file, then nothing or a broken
/// connection.
fn cut_off(whole: usize, broken: bool) -> Body {
    let pieces = std::iter::once(file_head()).chain(std::iter::repeat_n(vec![b'x'; 1 << 20], whole));
    let end = broken.then(|| Err(std::io::Error::other("hung up")));
    Body::from_stream(stream::iter(pieces.map(Ok).chain(end)))
}

#[tokio::test]
async fn a_broken_upload_leaves_nothing_and_is_the_senders_fault() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    // Small ones are kept in memory at first, large ones are written in parts.
    for (whole, broken) in [(1, true), (25, true), (25, false)] {
        let page = nadia.post_stream("/sell/items/new", cut_off(whole, broken)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{whole} {broken}");
        assert_eq!(stored(&test, "uploads"), 0, "{whole} {broken}");
    }
}

#[tokio::test]
async fn who_hangs_up_leaves_nothing() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let (keeps_open, closed) = tokio::sync::oneshot::channel::<()>();
    let pieces = cut_off(25, false).into_data_stream();
    // Nothing more comes, and the connection stays.
    let body = Body::from_stream(pieces.chain(stream::once(async move {
        closed.await.ok();
        Err(axum::Error::new(std::io::Error::other("hung up")))
    })));
    {
        let upload = nadia.post_stream("/sell/items/new", body);
        tokio::pin!(upload);
        // Far enough that a file lies there, then the request is dropped as hyper drops it.
        while stored(&test, "uploads") == 0 {
            tokio::select! {
                page = &mut upload => panic!("answered {}", page.status),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    drop(keeps_open);
    let gone = async {
        while stored(&test, "uploads") > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), gone).await.unwrap();
}

#[tokio::test]
async fn a_seller_has_so_much_room_and_is_told_how_much() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    assert!(nadia.get("/sell/items/new").await.text().contains("Your files take 0 MB of 60 MB"));
    let file = vec![b'x'; 40 << 20];
    nadia
        .post_files("/sell/items/new", &FORM, &[("cover", "c.png", PNG), ("file", "a.bin", &file)])
        .await
        .leads_to();
    let form = nadia.get("/sell/items/new").await.text();
    assert!(form.contains("Your files take 41 MB of 60 MB"), "{form}");
    let (files, covers) = (stored(&test, "uploads"), stored(&test, "covers"));
    let page = nadia.post_files("/sell/items/new", &FORM, &[("file", "b.bin", &vec![b'x'; 21 << 20])]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = page.text();
    assert!(html.contains("There is no room for it") && html.contains("file-error"), "{html}");
    assert_eq!((stored(&test, "uploads"), stored(&test, "covers")), (files, covers));
    // Two that arrive at once: both fit alone, and not together.
    let file = vec![b'x'; 12 << 20];
    let mut elsewhere = test.stranger();
    let account = [("email", "nadia@example.com"), ("password", "a long password")];
    assert_eq!(elsewhere.post("/sign-in", &account).await.status, StatusCode::SEE_OTHER);
    let sent: [(&str, &str, &[u8]); 1] = [("file", "c.bin", &file)];
    let (one, other) = tokio::join!(
        nadia.post_files("/sell/items/new", &FORM, &sent),
        elsewhere.post_files("/sell/items/new", &FORM, &sent)
    );
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    assert_eq!(stored(&test, "uploads"), files + 1);
}

#[tokio::test]
async fn what_is_no_multipart_form_is_refused() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let multipart = format!("multipart/form-data; boundary={BOUNDARY}");
    let field = |value: &[u8]| {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n");
        [head.as_bytes(), value, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
    };
    let twice = field(b"a").len() - format!("--{BOUNDARY}--\r\n").len();
    let twice = [&field(b"a")[..twice], &field(b"b")].concat();
    for (content_type, body, status) in [
        ("application/x-www-form-urlencoded", b"title=a".to_vec(), 415),
        (&multipart, b"no boundary in here".to_vec(), 400),
        (&multipart, field(b"\xff\xfe"), 400),
        (&multipart, field(b"a\0b"), 400),
        (&multipart, twice, 400),
        (&multipart, field(&vec![b'x'; 100 << 10]), 413),
        (&multipart, [format!("--{BOUNDARY}\r\nX: ").as_bytes(), &vec![b'x'; 1 << 20]].concat(), 400),
    ] {
        let page = nadia.post_body("/sell/items/new", content_type, body).await;
        assert_eq!(page.status.as_u16(), status, "{content_type}");
    }
}

#[tokio::test]
async fn a_flood_of_fields_is_refused() {
    let test = test_shop().await;
    let mut nadia = test.new_merchant("nadia@example.com").await;
    let names: Vec<String> = (0..=platform::web::MOST_FIELDS).map(|number| format!("x{number}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let files: Vec<(&str, &str, &[u8])> = [("file", "a.txt", &b"a"[..])]
        .into_iter()
        .chain(many.into_iter().map(|(name, content)| (name, "", content)))
        .collect();
    let page = nadia.post_files("/sell/items/new", &[], &files).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("too many fields"));
}

#[tokio::test]
async fn only_registered_merchants_list() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.get("/sell/items/new").await.leads_to(), "/sell");
    assert!(john.get("/sell").await.text().contains("Start selling"));
    let unnamed = john.post("/sell", &[("name", " ")]).await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let imitation = john.post("/sell", &[("name", "RIGHT  HERE Rec0rds")]).await;
    assert_eq!(imitation.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(imitation.text().contains("There is this name already"));
    assert_eq!(john.post("/sell", &[("name", "John's Attic")]).await.leads_to(), "/sell");
    let listed = john.post_files("/sell/items/new", &FORM, &[("file", "a.txt", b"a")]).await;
    assert_eq!(listed.leads_to(), "/sell");
    assert_eq!(stored(&test, "uploads"), 0);
    let page = john.post("/sell/register", &[]).await;
    assert!(page.leads_to().starts_with("http://127.0.0.1:3001/cobranded-ui/actions/start?"));
}

#[tokio::test]
async fn notices_are_counted_until_they_are_read() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    john.post("/checkout/session-masters", &[("payment_method", "amazon-payments")]).await;
    let (order, merchant): (String, String) =
        sqlx::query_as("SELECT id, merchant_id FROM orders").fetch_one(test.shop.db.readers()).await.unwrap();
    for id in ["notice", "again"] {
        let new = NewNotice {
            id: id.parse().unwrap(),
            merchant_id: merchant.parse().unwrap(),
            order_id: order.parse().unwrap(),
            kind: NoticeKind::Reserved,
            at: test.shop.clock.now(),
        };
        test.shop.db.transact(new, |c, new| Box::pin(notices::add(c, new))).await.unwrap();
    }
    let mut merchant = test.signed_in("merchant@example.com").await;
    let desk = merchant.get("/sell").await.text();
    assert!(desk.contains("John Doe ordered Harbour Lights: Session Masters"), "{desk}");
    assert!(desk.contains("new notice"));
    assert_eq!(merchant.post("/sell/notices/read", &[]).await.leads_to(), "/sell");
    assert!(!merchant.get("/sell").await.text().contains("new notice"));
}
