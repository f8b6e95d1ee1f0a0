use crate::tests::support::{App, Browser, JANE, JOHN, MERCHANT, recipient_token};
use axum::body::Body;
use fps_protocol::ids::AccessKey;
use fps_protocol::{Parameters, Secret, api_request};
use http::{Request, StatusCode};
use money::Money;

const FIELDS: [(&str, &str); 2] = [("email", JOHN), ("password", "amazonpayments")];

#[tokio::test]
async fn signing_in_leads_to_where_one_was_going() {
    let app = App::new().await;
    let mut john = app.browser();
    let front = john.get("/").await.expect(StatusCode::OK).body;
    assert!(front.contains("Simulation"), "{front}");
    let sign_in = john.get("/account").await.to();
    assert_eq!(sign_in, "/account/sign-in?next=%2Faccount");
    john.get(&sign_in).await.expect(StatusCode::OK);
    let wrong = [FIELDS[0], ("password", "wrong-guess"), ("next", "/account")];
    john.post("/account/sign-in", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [FIELDS[0], FIELDS[1], ("next", "/account")];
    assert_eq!(john.post("/account/sign-in", &fields).await.to(), "/account");
    let page = john.get("/account").await.expect(StatusCode::OK).body;
    assert!(page.contains("$500.00"), "{page}");
    john.get("/account/transactions/NONE").await.expect(StatusCode::NOT_FOUND);
    assert_eq!(john.post("/account/sign-out", &[]).await.to(), "/");
    john.get("/account").await.to();
}

#[tokio::test]
async fn error_pages_know_who_is_signed_in() {
    let app = App::new().await;
    let mut john = app.browser();
    john.post("/account/sign-in", &FIELDS).await.to();
    for path in ["/nothing", "/account/nothing", "/account/transactions/NONE", "/cobranded-ui/NONE"] {
        let page = john.get(path).await.expect(StatusCode::NOT_FOUND).body;
        assert!(page.contains("Sign out") && !page.contains("Sign in"), "{path}: {page}");
        let page = app.browser().get(path).await.body;
        assert!(!page.contains("Sign out"), "{path}: {page}");
    }
    let page = app.browser().get("/nothing").await.expect(StatusCode::NOT_FOUND).body;
    assert!(page.contains("Sign in"), "{page}");
}

#[tokio::test]
async fn signing_in_never_leads_away() {
    let app = App::new().await;
    for next in ["//evil.example/", "http://evil.example/", "/\\evil.example"] {
        let fields = [FIELDS[0], FIELDS[1], ("next", next)];
        assert_eq!(app.browser().post("/account/sign-in", &fields).await.to(), "/account", "{next}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_and_bad_bodies_are_refused() {
    let app = App::new().await;
    let post =
        || Request::post("/account/sign-in").header("content-type", "application/x-www-form-urlencoded");
    let foreign = post().header("origin", "http://localhost:3000");
    app.browser().send(foreign, Body::from("email=a")).await.expect(StatusCode::FORBIDDEN);
    app.browser().send(post(), Body::from("email=%ff")).await.expect(StatusCode::BAD_REQUEST);
    let json = Request::post("/account/sign-in").header("content-type", "application/json");
    let answer = app.browser().send(json, Body::from("{}")).await.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answer.body.contains("<html"), "a page: {}", answer.body);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let app = App::with(crate::config::Config { throttle_sign_in: true, ..super::support::config() }).await;
    let mut guesser = app.browser();
    let wrong = [FIELDS[0], ("password", "wrong-guess")];
    for _ in 0..5 {
        guesser.post("/account/sign-in", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    guesser.post("/account/sign-in", &FIELDS).await.expect(StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn making_accounts_is_slowed_down_too() {
    let app = App::with(crate::config::Config { throttle_sign_in: true, ..super::support::config() }).await;
    let fields = [("name", "Nadia"), ("email", JOHN), ("password", "a long password")];
    for _ in 0..5 {
        app.browser().post("/account/create", &fields).await.to();
    }
    app.browser().post("/account/create", &fields).await.expect(StatusCode::TOO_MANY_REQUESTS);
    let another = [fields[0], ("email", "nadia@example.com"), fields[2]];
    app.browser().post("/account/create", &another).await.to();
}

/// A browser that is signed in to the account.
pub async fn signed_in(app: &App, email: &str) -> Browser {
    let mut browser = app.browser();
    browser.post("/account/sign-in", &[("email", email), ("password", "amazonpayments")]).await.to();
    browser
}

/// A payment of 10.00 by John to the merchant, of which the caller keeps 1.00; the transaction's id.
pub async fn pay(app: &App) -> String {
    call(app, "Pay", "ABT", "p1").await
}

/// The same with another action, instrument and reference.
pub async fn call(app: &App, action: &str, method: &str, reference: &str) -> String {
    let wish = serde_json::json!({
        "access_key": "DDCALLER000000000001", "pipeline": "SingleUse", "account": JOHN, "payment_method": method,
        "caller_reference": format!("token-{reference}"),
        "parameters": { "transactionAmount": "10.00", "recipientToken": recipient_token() },
    });
    let token = app.browser().post_json("/_control/tokens", wish).await.json()["token_id"].clone();
    let call: Parameters = [
        ("Action", action),
        ("SenderTokenId", token.as_str().unwrap()),
        ("RecipientTokenId", recipient_token().as_str()),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "10.00"),
        ("MarketplaceFixedFee.CurrencyCode", "USD"),
        ("MarketplaceFixedFee.Value", "1.00"),
        ("CallerReference", reference),
        ("CallerDescription", "A <b>song</b>"),
    ]
    .into_iter()
    .collect();
    call_api(app, call).await
}

/// What the first demo caller calls, which must succeed; the transaction's id.
pub async fn call_api(app: &App, call: Parameters) -> String {
    let key = AccessKey::new("DDCALLER000000000001").unwrap();
    let secret = Secret::new("digitaldownload-demo-secret");
    let site = &app.payments.config.public_url;
    let signed = api_request::sign("GET", site, call, &key, &secret, app.clock.now());
    let xml = app.browser().get(&format!("/?{}", signed.to_query())).await.expect(StatusCode::OK).body;
    let id = xml.split("<TransactionId>").nth(1).and_then(|rest| rest.split('<').next());
    id.unwrap_or_else(|| panic!("{xml}")).to_owned()
}

#[tokio::test]
async fn both_sides_see_a_payment_and_nobody_else_does() {
    let app = App::new().await;
    let path = format!("/account/transactions/{}", pay(&app).await);
    let sees = async |email: &str| {
        let mut browser = app.browser();
        let fields = [("email", email), ("password", "amazonpayments"), ("next", path.as_str())];
        let next = browser.post("/account/sign-in", &fields).await.to();
        (browser.get(&next).await, browser.get("/account").await.expect(StatusCode::OK).body)
    };
    let (page, account) = sees(JOHN).await;
    let page = page.expect(StatusCode::OK).body;
    for shown in ["−$10.00", "Right Here Records", "DigitalDownload", "Account balance", "Success", "A song"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("Marketplace fee"), "the fees are the recipient's affair: {page}");
    assert!(account.contains("$490.00") && account.contains("Payment to Right Here Records"), "{account}");

    let (page, account) = sees(MERCHANT).await;
    let page = page.expect(StatusCode::OK).body;
    for shown in ["$10.00", "John Doe", "Marketplace fee", "Amazon Payments fee"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("Account balance"), "how he paid is the sender's affair: {page}");
    assert!(account.contains("Payment from John Doe"), "{account}");

    sees(JANE).await.0.expect(StatusCode::NOT_FOUND);
    assert!(app.browser().get(&path).await.to().starts_with("/account/sign-in?next="));
}

const CALLER: &str = "caller@example.com";

/// The addresses of transactions that stand on a page.
fn transactions_on(page: &str) -> Vec<String> {
    let links = page.split("href=\"/account/transactions/").skip(1);
    links.map(|rest| format!("/account/transactions/{}", rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn the_caller_sees_the_sale_behind_its_fee_and_can_do_nothing_with_it() {
    let app = App::new().await;
    let sale = format!("/account/transactions/{}", pay(&app).await);
    let mut caller = signed_in(&app, CALLER).await;
    let activity = caller.get("/account").await.expect(StatusCode::OK).body;
    let [fee] = transactions_on(&activity).try_into().unwrap();
    let mut merchant = signed_in(&app, MERCHANT).await;
    for browser in [&mut caller, &mut merchant] {
        let page = browser.get(&fee).await.expect(StatusCode::OK).body;
        let history = page.split("What happened").nth(1).unwrap();
        assert!(history.split("</ol>").next().unwrap().contains("Success"), "{page}");
        assert_eq!(transactions_on(&page), std::slice::from_ref(&sale), "{page}");
    }
    let page = caller.get(&sale).await.expect(StatusCode::OK).body;
    for shown in
        ["Payment from John Doe to Right Here Records", "What it brings you", "Left for you", "$1.00"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for hidden in
        ["Account balance", "+<span class=\"amount\">$10.00", "/refund", "/cancel", "Amazon Payments fee"]
    {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    for form in ["refund", "refund-request"] {
        let fields = [("amount", "1"), ("reason", "x")];
        caller.post(&format!("{sale}/{form}"), &fields).await.expect(StatusCode::NOT_FOUND);
    }
    let statement = caller.get("/account/balance").await.body;
    assert!(
        statement.contains("Marketplace fee from Right Here Records") && transactions_on(&statement) == [fee],
        "{statement}"
    );
}

#[tokio::test]
async fn a_refund_shows_the_fees_that_come_back_and_the_rows_add_up_to_the_balance() {
    let app = App::new().await;
    let sale = format!("/account/transactions/{}", pay(&app).await);
    call(&app, "Pay", "ABT", "p2").await;
    let mut merchant = signed_in(&app, MERCHANT).await;
    let path = format!("{sale}/refund");
    let page = merchant.get(&sale).await;
    let mut fields = page.hidden_fields(&path);
    fields.push(("amount".to_owned(), "4.00".to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refund = merchant.post(&path, &fields).await.to();
    let page = merchant.get(&refund).await.expect(StatusCode::OK).body;
    for shown in ["Fees that come back to you", "Amazon Payments fee", "$0.06", "From your balance", "−$3.94"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let for_john = signed_in(&app, JOHN).await.get(&refund).await.expect(StatusCode::OK).body;
    assert!(!for_john.contains("Fees"), "fees are no affair of the sender's: {for_john}");

    let csv = merchant.get("/account/activity.csv").await.expect(StatusCode::OK).body;
    let money = |text: &str| {
        let (whole, cents) = text.split_once('.').unwrap();
        Money::parse_six_decimals(&format!("{whole}.{cents:0<6}")).unwrap()
    };
    let rows = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let moved = rows.map(|row| money(row[4]).sub(money(row[5])).unwrap());
    let moved = Money::sum(moved).unwrap();
    let account = crate::domain::accounts::find_by_email(&app.payments.db, MERCHANT).await.unwrap().unwrap();
    let balance = crate::domain::accounts::balance(&app.payments.db, &account.id).await.unwrap().total;
    assert_eq!(Money::from_cents(10_000).add(moved), Ok(balance), "after the demo's 100.00: {csv}");
}

#[tokio::test]
async fn a_payment_and_its_fees_are_one_row_and_what_was_cancelled_counts_for_nothing() {
    let app = App::new().await;
    let sale = format!("/account/transactions/{}", pay(&app).await);
    let held = format!("/account/transactions/{}", call(&app, "Reserve", "ABT", "r1").await);
    signed_in(&app, JOHN).await.post(&format!("{held}/cancel"), &[]).await.to();

    let mut merchant = signed_in(&app, MERCHANT).await;
    let activity = merchant.get("/account").await.expect(StatusCode::OK).body;
    assert_eq!(transactions_on(&activity), [held, sale], "{activity}");
    let rows: Vec<_> = activity.split("<tr").collect();
    let [.., cancelled, paid] = rows.as_slice() else { panic!("{activity}") };
    for shown in ["song", "Marketplace fee", "−$1.00", "Left for you", "+<span class=\"amount\">$10.00"] {
        assert!(paid.contains(shown), "{shown}: {paid}");
    }
    assert!(cancelled.contains("<s>") && cancelled.contains("not charged"), "{cancelled}");
    assert!(!cancelled.contains('+') && !cancelled.contains("Marketplace fee"), "{cancelled}");
    let fees = merchant.get("/account?kind=MarketplaceFee&status=Success").await.body;
    assert_eq!(transactions_on(&fees).len(), 1, "who asks for the fees gets them: {fees}");

    let csv = merchant.get("/account/activity.csv?status=Cancelled").await.expect(StatusCode::OK).body;
    let rows: Vec<_> = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).collect();
    let amounts: Vec<_> = rows.iter().map(|row| (row[4], row[5], row[11])).collect();
    assert_eq!(amounts.len(), 2, "the payment and its fee: {csv}");
    assert!(amounts.contains(&("0.00", "0.00", "10.00")), "{csv}");
    assert!(amounts.contains(&("0.00", "0.00", "1.00")), "{csv}");
}
