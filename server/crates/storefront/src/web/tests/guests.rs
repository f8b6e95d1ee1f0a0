//! Buying without an account, and claiming it later.

use super::support::{Browser, TestShop, test_shop};
use http::StatusCode;
use jiff::SignedDuration;

const CHECKOUT: &str = "/checkout/now-and-forever";
const GUEST: [(&str, &str); 2] = [("guest", "1"), ("payment_method", "amazon-payments")];

/// One download, without an account, as far as Amazon Payments.
pub(super) async fn buys(browser: &mut Browser, email: &str) {
    let fields = [&GUEST[..], &[("email", email)]].concat();
    let page = browser.post(CHECKOUT, &fields).await;
    assert!(page.leads_to().starts_with("http://127.0.0.1:3001/cobranded-ui/"), "{}", page.text());
}

async fn order(test: &TestShop) -> String {
    test.value("SELECT id FROM orders").await
}

/// The path of the link in the newest mail to this address, which anybody can read in the lab.
async fn link_in_mail(test: &TestShop, email: &str) -> String {
    let mut anyone = test.stranger();
    let mailbox = anyone.get(&format!("/mail?address={email}")).await.text();
    let id = mailbox.split("href=\"/mail/").nth(1).unwrap_or_else(|| panic!("{mailbox}"));
    let id = id.split(['"', '?']).next().unwrap();
    let plain = anyone.get(&format!("/mail/{id}/text?address={email}")).await.text();
    let link = plain.split("http://localhost:3000/guest/").nth(1).unwrap_or_else(|| panic!("{plain}"));
    format!("/guest/{}", link.split_whitespace().next().unwrap())
}

/// The link's two parts behind the order's id, as its page sends them.
fn fields_of(link: &str) -> Vec<(String, String)> {
    let (_, query) = link.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

async fn follow(browser: &mut Browser, link: &str, claim: bool) -> String {
    let (path, _) = link.split_once('?').unwrap();
    let mut fields = fields_of(link);
    fields.extend(claim.then(|| ("claim".to_owned(), "1".to_owned())));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await.leads_to().to_owned()
}

#[tokio::test]
async fn a_stranger_buys_without_an_account_and_sees_the_order_in_this_browser_alone() {
    let test = test_shop().await;
    let mut guest = test.stranger();
    let sign_in = guest.get(CHECKOUT).await.leads_to().to_owned();
    assert!(sign_in.starts_with("/sign-in"), "{sign_in}");
    let page = guest.get(&sign_in).await.text();
    assert!(
        page.contains("Buy without an account") && page.contains("/checkout/now-and-forever?guest=1"),
        "{page}"
    );
    let page = guest.get(&format!("{CHECKOUT}?guest=1")).await.text();
    assert!(page.contains("name=\"email\"") && page.contains("Sign in instead"), "{page}");
    assert!(!page.contains("value=\"credit\""), "a guest has no credit: {page}");
    let nothing = guest.post(CHECKOUT, &GUEST).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("href=\"#field-email\""), "{}", nothing.text());
    assert!(guest.post(CHECKOUT, &GUEST[1..]).await.leads_to().starts_with("/sign-in"));

    buys(&mut guest, "Ann@Example.com").await;
    let order = order(&test).await;
    let page = guest.get(&format!("/orders/{order}")).await.text();
    assert!(page.contains("without an account") && page.contains("ann@example.com"), "{page}");
    assert!(guest.get("/orders").await.text().contains("Now and Forever"));
    assert!(test.stranger().get(&format!("/orders/{order}")).await.leads_to().starts_with("/sign-in"));
    let mut jane = test.signed_in("jane@example.com").await;
    assert_eq!(jane.get(&format!("/orders/{order}")).await.status, StatusCode::NOT_FOUND);
    let seen = test.signed_in("merchant@example.com").await.get(&format!("/orders/{order}")).await.text();
    assert!(seen.contains("Now and Forever") && !seen.contains("ann@example.com"), "{seen}");
    // The same form again is the same order, and nobody signs in with what stands in the place of an address.
    buys(&mut guest, "ann@example.com").await;
    assert_eq!(test.value("SELECT CAST(COUNT(*) AS TEXT) FROM orders").await, "1");
    let email = test.value("SELECT email FROM users WHERE guest_email IS NOT NULL").await;
    for password in ["", "none", "digitaldownload"] {
        let refused = guest.post("/sign-in", &[("email", &email), ("password", password)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
    }
}

#[tokio::test]
async fn the_link_in_a_mail_opens_the_order_elsewhere_until_it_is_over() {
    let test = test_shop().await;
    buys(&mut test.stranger(), "ann@example.com").await;
    let order = order(&test).await;
    let mut elsewhere = test.stranger();
    let asked = async |browser: &mut Browser, order: &str, email: &str| {
        browser.post("/guest/link", &[("order", order), ("email", email)]).await.text()
    };
    let known = asked(&mut elsewhere, &order, "ann@example.com").await;
    let unknown = asked(&mut elsewhere, "no-such-order", "bob@example.com").await;
    assert_eq!(known.replace("ann", "bob").replace("ann%40", "bob%40"), unknown, "the same answer");
    let link = link_in_mail(&test, "ann@example.com").await;
    assert!(elsewhere.get(&link).await.text().contains("Open the order"));
    assert!(
        elsewhere.get(&format!("/orders/{order}")).await.leads_to().starts_with("/sign-in"),
        "looked at alone"
    );
    assert_eq!(follow(&mut elsewhere, &link, false).await, format!("/orders/{order}"));
    assert_eq!(elsewhere.get(&format!("/orders/{order}")).await.status, StatusCode::OK);

    let forged = link.replace("key=", "key=A");
    let later = link.replace("until=1", "until=2");
    for wrong in
        [forged, later, format!("/guest/orders/{order}"), format!("/guest/orders/{order}?until=x&key=y")]
    {
        assert_eq!(test.stranger().get(&wrong).await.status, StatusCode::GONE, "{wrong}");
    }
    test.shop.clock.advance(SignedDuration::from_hours(31 * 24)).unwrap();
    assert_eq!(test.stranger().get(&link).await.status, StatusCode::GONE);
    let mut limited = false;
    for _ in 0..20 {
        let page = elsewhere.post("/guest/link", &[("order", &order), ("email", "ann@example.com")]).await;
        limited |= page.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(limited, "nobody's mailbox is filled");
}

#[tokio::test]
async fn who_has_the_mail_claims_the_order_into_an_account() {
    let test = test_shop().await;
    let mut guest = test.stranger();
    buys(&mut guest, "jane@example.com").await;
    let order = order(&test).await;
    let mut jane = test.signed_in("jane@example.com").await;
    assert!(!jane.get("/orders").await.text().contains("Now and Forever"), "not before it is claimed");
    guest.post("/guest/link", &[("order", &order), ("email", "jane@example.com")]).await;
    let link = link_in_mail(&test, "jane@example.com").await;
    assert!(jane.get(&link).await.text().contains("Add it to your account"));
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert_eq!(follow(&mut merchant, &link, true).await, "/orders");
    assert!(merchant.get("/orders").await.text().contains("bought from your own shop"));
    assert_eq!(follow(&mut jane, &link, true).await, "/orders");
    let list = jane.get("/orders").await.text();
    assert!(list.contains("in this one now") && list.contains("Now and Forever"), "{list}");
    assert_eq!(jane.get(&format!("/orders/{order}")).await.status, StatusCode::OK);
    assert!(
        guest.get(&format!("/orders/{order}")).await.leads_to().starts_with("/sign-in"),
        "it is Jane's now"
    );
    assert_eq!(jane.get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn signing_up_in_the_same_browser_offers_to_claim() {
    let test = test_shop().await;
    let mut guest = test.stranger();
    guest.post("/cart", &[("add", "glasshouse")]).await;
    buys(&mut guest, "ann@example.com").await;
    let order = order(&test).await;
    let account = [
        ("name", "Ann"),
        ("email", "ann@example.com"),
        ("password", "a long password"),
        ("next", &format!("/orders/{order}")),
    ];
    let claim = guest.post("/sign-up", &account).await.leads_to().to_owned();
    assert!(claim.starts_with("/guest/claim?next="), "{claim}");
    let page = guest.get(&claim).await.text();
    assert!(page.contains("Now and Forever") && page.contains("Not now"), "{page}");
    let next = format!("/orders/{order}");
    assert_eq!(guest.post("/guest/claim", &[("next", &next)]).await.leads_to(), next);
    assert_eq!(guest.get(&next).await.status, StatusCode::OK);
    assert_eq!(guest.get("/guest/claim").await.leads_to(), "/orders", "nothing is left to claim");
    assert!(guest.get("/cart").await.text().contains("Glasshouse"), "the cart came along");
}

#[tokio::test]
async fn a_cart_is_bought_without_an_account() {
    let test = test_shop().await;
    let mut guest = test.stranger();
    for slug in ["now-and-forever", "gannet-linocut"] {
        guest.post("/cart", &[("add", slug)]).await;
    }
    assert!(guest.get("/cart/checkout").await.leads_to().starts_with("/sign-in"));
    assert!(guest.get("/cart/checkout?guest=1").await.text().contains("name=\"email\""));
    let mut fields = GUEST.to_vec();
    fields.extend([
        ("email", "ann@example.com"),
        ("ship_name", "Ann Smith"),
        ("ship_line1", "12 Elm Street"),
        ("ship_city", "Portland"),
        ("ship_zip", "97201"),
        ("ship_country", "Atlantis"),
    ]);
    let refused = guest.post("/cart/checkout", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"ann@example.com\""), "{}", refused.text());
    fields.retain(|(name, _)| *name != "ship_country");
    let url = guest.post("/cart/checkout", &fields).await.leads_to().to_owned();
    assert!(url.contains("pipelineName=MultiUse"), "{url}");
    assert_eq!(test.value("SELECT name FROM users WHERE guest_email IS NOT NULL").await, "Ann Smith");
    let basket = test.value("SELECT id FROM baskets").await;
    assert_eq!(guest.get(&format!("/cart/{basket}")).await.status, StatusCode::OK);
    assert_eq!(test.stranger().get(&format!("/cart/{basket}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_gift_says_what_is_wrong_at_its_field_and_a_parcel_is_none() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    assert!(john.get(CHECKOUT).await.text().contains("This is a gift"));
    assert!(!john.get("/checkout/gannet-linocut").await.text().contains("This is a gift"));
    let fields = [GUEST[1], ("gift_name", "Ann"), ("gift_message", "Enjoy")];
    let page = john.post(CHECKOUT, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text().contains("href=\"#field-gift_email\"") && page.text().contains("Enjoy"),
        "{}",
        page.text()
    );
    let fields = [GUEST[1], ("gift_email", "ann@example.com"), ("gift_message", "Enjoy")];
    john.post(CHECKOUT, &fields).await.leads_to();
    let order = order(&test).await;
    let page = john.get(&format!("/orders/{order}")).await.text();
    assert!(page.contains("It is for ann@example.com, who is written to once it is paid."), "{page}");
    assert_eq!(
        test.stranger().get(&format!("/gifts/{order}?until=9999999999&key=x")).await.status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn nobody_makes_guests_by_the_hundred() {
    let test = test_shop().await;
    let mut limited = false;
    for _ in 0..30 {
        let fields = [&GUEST[..], &[("email", "victim@example.org")]].concat();
        let page = test.stranger().post(CHECKOUT, &fields).await;
        limited |= page.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(limited);
}
