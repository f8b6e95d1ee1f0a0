//! Accounts, instruments and access keys, as their owners set them on the account site.

use crate::config::{Config, NotificationSettings};
use crate::tests::account_site::{call, call_api, pay, signed_in};
use crate::tests::support::{
    Answer, App, Browser, JANE, JOHN, MERCHANT, config, link, notification_settings,
};
use fps_protocol::Parameters;
use http::StatusCode;

const CALLER: &str = "caller@example.com";
const KEY: &str = "/account/developer/DDCALLER000000000001";

#[tokio::test]
async fn an_account_can_be_opened_without_a_shop() {
    let app = App::new().await;
    let mut nadia = app.browser();
    let create = "/account/create?next=%2Faccount%2Fbalance";
    assert!(nadia.get("/account/sign-in").await.body.contains("/account/create"));
    nadia.get(create).await.expect(StatusCode::OK);
    let fields = [
        ("name", "Nadia"),
        ("email", "nadia@example.com"),
        ("password", "a long password"),
        ("next", "/account/balance"),
    ];
    nadia.post("/account/create", &fields[..3]).await.to();
    assert!(nadia.get("/account").await.expect(StatusCode::OK).body.contains("nadia@example.com"));
    assert_eq!(nadia.get(create).await.to(), "/account/balance");
}

/// Everything of an answer that could tell; the session's id is a random one each time.
fn answer(browser: &Browser, answer: &Answer) -> (StatusCode, Option<String>, String, Option<usize>) {
    let cookie = browser.cookie().map(str::len);
    (answer.status, answer.location.clone(), answer.body.clone(), cookie)
}

#[tokio::test]
async fn the_answer_to_a_sign_up_is_the_same_for_an_address_that_has_an_account() {
    for app in App::on_each_database().await {
        let at_the_account_site = "/account/create".to_owned();
        let start = app.browser().follow(&app.asks_for_payment("order-7")).await.to();
        for create in [at_the_account_site, start.replace("sign-in", "create-account")] {
            let mut answers = Vec::new();
            let mut browsers = Vec::new();
            for email in [&format!("ada{}@example.com", create.len()), JOHN] {
                let mut browser = app.browser();
                let fields = [("name", "Ada"), ("email", email), ("password", "a long password")];
                let answered = browser.post(&create, &fields).await;
                answers.push(answer(&browser, &answered));
                browsers.push(browser);
            }
            assert_eq!(answers[0], answers[1]);
            // Whose it was can read on the next page what to do, once.
            let next = answers[1].1.clone().unwrap();
            let sign_in = browsers[1].get(&next).await.to();
            let shown = browsers[1].get(&sign_in).await.expect(StatusCode::OK).body;
            assert!(shown.contains("We have written to john@example.com."), "{shown}");
            assert!(!browsers[1].get(&sign_in).await.body.contains("We have written"));
            browsers[0].get(&next).await.expect(StatusCode::OK);
            // The one authorization is left for the next who comes.
            browsers[0].post(&sign_in.replace("sign-in", "switch-account"), &[]).await;
        }
        let mut john = signed_in(&app, JOHN).await;
        let mailbox = john.get("/account/mail").await.body;
        assert_eq!(mailbox.matches("You have an account at Amazon Payments already").count(), 2, "{mailbox}");
        let mail = mailbox.split("href=\"/account/mail/").nth(1).unwrap().split('"').next().unwrap();
        let letter = john.get(&format!("/account/mail/{mail}")).await.expect(StatusCode::OK).body;
        assert!(letter.contains("nothing about it was changed") && letter.contains("/account/security"));
    }
}

#[tokio::test]
async fn no_account_is_opened_with_a_password_that_is_tried_first_or_an_address_that_looks_like_another() {
    let app = App::new().await;
    for (email, password, problem) in [
        ("nadia@example.com", "Password1", "Too many people use this password"),
        ("nadia.brandt@example.com", "Nadia.Brandt", "This is your e-mail address"),
        ("nadia@example.com", "short77", "at least 8 characters"),
        ("jo\u{200b}hn@example.com", "a long password", "characters that cannot be seen"),
        ("john@example.com\u{202e}", "a long password", "characters that cannot be seen"),
    ] {
        let fields = [("name", "Nadia"), ("email", email), ("password", password)];
        let page = app.browser().post("/account/create", &fields).await;
        let page = page.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(page.contains(problem) && !page.contains(password), "{problem}: {page}");
    }
    let eight = [("name", "Nadia"), ("email", "nadia@example.com"), ("password", "l8w7q6zx")];
    app.browser().post("/account/create", &eight).await.to();
}

#[tokio::test]
async fn cards_and_bank_accounts_are_added_and_removed_and_no_number_is_kept() {
    let app = App::new().await;
    let mut jane = signed_in(&app, JANE).await;
    assert!(jane.get("/account/balance").await.body.contains("add a bank account"));
    let bank = [("routing_number", "110 000 000"), ("account_number", "000123456789")];
    let wrong = [("routing_number", "110 000 001"), ("account_number", "000123456789")];
    let refused = jane.post("/account/instruments/add-bank-account", &wrong).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(!refused.contains("000123456789"), "{refused}");
    jane.get("/account/instruments/add-bank-account").await.expect(StatusCode::OK);
    jane.post("/account/instruments/add-bank-account", &bank).await.to();
    let card = [("card_number", "4111 1111 1111 1111"), ("expiry", "08/34")];
    jane.get("/account/instruments/add-card").await.expect(StatusCode::OK);
    jane.post("/account/instruments/add-card", &card).await.to();
    let page = jane.get("/account/instruments").await.expect(StatusCode::OK).body;
    for shown in ["Bank account ending in 6789", "Visa ending in 1111", "Good until 08/2034", "Mastercard"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let remove =
        page.split("action=\"").find(|rest| rest.contains("/remove")).unwrap().split('"').next().unwrap();
    signed_in(&app, JOHN).await.post(remove, &[]).await.expect(StatusCode::NOT_FOUND);
    jane.post(remove, &[]).await.to();
    assert!(!jane.get("/account/instruments").await.body.contains(remove));
    jane.post(remove, &[]).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_name_is_changed_and_the_state_only_in_lab_mode() {
    let app = App::new().await;
    let mut merchant = signed_in(&app, MERCHANT).await;
    let path = "/account/profile";
    merchant
        .post(path, &[("name", ""), ("business_name", "x")])
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    merchant.post(path, &[("name", "Maria M."), ("business_name", "Meyer & Daughter")]).await.to();
    assert!(merchant.get(path).await.expect(StatusCode::OK).body.contains("Meyer &amp; Daughter"));
    merchant.post("/account/profile/lab", &[("set", "x")]).await.expect(StatusCode::BAD_REQUEST);
    merchant.post("/account/profile/lab", &[("set", "email-unverified")]).await.to();
    assert!(merchant.get(path).await.body.contains("Not verified"));
    merchant.post("/account/profile/lab", &[("set", "closed")]).await.to();
    let id = "/account/balance/deposit";
    merchant.post(id, &[("deposit_amount", "1")]).await.expect(StatusCode::FORBIDDEN);
    // In lab mode its owner gets in again, to open it again.
    let mut again = signed_in(&app, MERCHANT).await;
    again.post("/account/profile/lab", &[("set", "active")]).await.to();
    assert!(again.get(path).await.body.contains("The account is active."));

    let strict = App::with(crate::config::Config { lab: false, ..super::support::config() }).await;
    let mut john = signed_in(&strict, JOHN).await;
    assert!(!john.get(path).await.expect(StatusCode::OK).body.contains("/account/profile/lab"));
    john.post("/account/profile/lab", &[("set", "closed")]).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_developer_sees_the_secret_on_request_and_sets_sites_and_addresses() {
    let app = App::new().await;
    pay(&app).await;
    let mut caller = signed_in(&app, CALLER).await;
    let page = caller.get("/account/developer").await.expect(StatusCode::OK).body;
    for shown in ["DDCALLER000000000001", "$1.00", "Right Here Records"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for (part, shown) in [
        ("sites", "http://localhost:3000/"),
        ("notifications", "TransactionStatus"),
        ("settings", "Signature version 1"),
        ("calling", "SignatureVersion=2"),
    ] {
        let page = caller.get(&format!("/account/developer/{part}")).await.expect(StatusCode::OK).body;
        assert!(page.contains(shown) && page.contains("aria-current=\"page\""), "{shown}: {page}");
    }
    assert!(!page.contains("digitaldownload-demo-secret"));
    let page = caller.post(&format!("{KEY}/secret"), &[]).await.expect(StatusCode::OK).body;
    assert!(page.contains("digitaldownload-demo-secret"));
    for other in [JOHN, "caller2@example.com"] {
        let mut stranger = signed_in(&app, other).await;
        for form in ["secret", "settings", "sites", "sites/remove"] {
            stranger.post(&format!("{KEY}/{form}"), &[]).await.expect(StatusCode::NOT_FOUND);
        }
    }
    let settings = |ipn: &'static str, logo: &'static str| {
        [("display_name", "Shop"), ("ipn_url", ipn), ("cobranding_url", logo), ("refund_requests", "on")]
    };
    for bad in [
        settings("ftp://a.example/", ""),
        settings("http://u:p@a.example/", ""),
        settings("", "http://a.example/l.png"),
    ] {
        caller.post(&format!("{KEY}/settings"), &bad).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    caller
        .post(&format!("{KEY}/settings"), &settings("https://a.example/ipn", "https://a.example/l.png"))
        .await
        .to();
    let page = caller.get("/account/developer/settings").await.body;
    assert!(page.contains("https://a.example/ipn") && page.contains("https://a.example/l.png"), "{page}");
    for bad in ["", "javascript:alert(1)", "https://b.example/?a", "b.example"] {
        caller.post(&format!("{KEY}/sites"), &[("site", bad)]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    caller.post(&format!("{KEY}/sites"), &[("site", "https://b.example/shop")]).await.to();
    assert!(caller.get("/account/developer/sites").await.body.contains("https://b.example/shop"));
    caller.post(&format!("{KEY}/sites/remove"), &[("site", "https://b.example/shop")]).await.to();
    assert!(!caller.get("/account/developer/sites").await.body.contains("https://b.example/shop"));
}

#[tokio::test]
async fn anybody_can_become_a_developer_once() {
    let app = App::new().await;
    let mut john = signed_in(&app, JOHN).await;
    assert!(john.get("/account/developer").await.expect(StatusCode::OK).body.contains("Make an access key"));
    john.post("/account/developer", &[("display_name", " ")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    john.post("/account/developer", &[("display_name", "John's shop")]).await.to();
    john.post("/account/developer", &[("display_name", "Another")]).await.to();
    assert!(john.get("/account/developer").await.body.contains("Show the secret"));
    let page = john.get("/account/developer/settings").await.body;
    assert!(page.contains("John&#x27;s shop") || page.contains("John's shop"), "{page}");
    assert!(!page.contains("Another"), "{page}");
}

#[tokio::test]
async fn a_form_that_is_sent_many_times_makes_one_key() {
    for app in App::on_each_database().await {
        let mut browsers = Vec::new();
        for _ in 0..4 {
            browsers.push(signed_in(&app, JOHN).await);
        }
        let fields = [("display_name", "John's shop")];
        let sent = browsers.iter_mut().map(|browser| browser.post("/account/developer", &fields));
        for answer in futures_util::future::join_all(sent).await {
            answer.to();
        }
        let (keys,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM callers WHERE account_id = (SELECT id FROM accounts WHERE email = $1)",
        )
        .bind(JOHN)
        .fetch_one(app.payments.db.readers())
        .await
        .unwrap();
        assert_eq!(keys, 1);
    }
}

#[tokio::test]
async fn an_authorization_is_shown_and_cancelled_by_its_giver_and_the_caller_is_told() {
    let app = App::new().await;
    pay(&app).await;
    let mut john = signed_in(&app, JOHN).await;
    let page = john.get("/account/tokens").await.expect(StatusCode::OK).body;
    assert!(page.contains("one payment") && page.contains("Used") && !page.contains("/cancel"), "{page}");
    let mut merchant = signed_in(&app, MERCHANT).await;
    let page = merchant.get("/account/tokens").await.expect(StatusCode::OK).body;
    for shown in
        ["to collect payments for you", "$1.00 and 20 % of the price", "You pay the Amazon Payments fee"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let cancel = format!("/account/tokens/{}/cancel", super::support::recipient_token());
    assert!(page.contains(&cancel), "{page}");
    john.post(&cancel, &[]).await.expect(StatusCode::NOT_FOUND);
    merchant.post(&cancel, &[]).await.to();
    let page = merchant.get("/account/tokens").await.body;
    assert!(page.contains("The shop was told.") && !page.contains(&cancel), "{page}");
    let told = app.browser().get("/_control/notifications").await.json();
    assert_eq!(told[0]["kind"], "TokenCancellation");
    merchant.post(&cancel, &[]).await.to();
    assert_eq!(
        app.browser().get("/_control/notifications").await.json().as_array().unwrap().len(),
        told.as_array().unwrap().len()
    );
}

#[tokio::test]
async fn what_is_owed_is_shown_as_it_is() {
    let app = App::new().await;
    let wish = serde_json::json!({
        "access_key": "DDCALLER000000000001", "pipeline": "SetupPostpaid", "account": JOHN,
        "payment_method": "ACH", "caller_reference": "credit",
        "parameters": {
            "callerReferenceSender": "buys", "callerReferenceSettlement": "settles", "creditLimit": "20.00",
            "globalAmountLimit": "50.00",
        },
    });
    let made = app.browser().post_json("/_control/tokens", wish).await.json();
    let token = made["token_id"].as_str().unwrap_or_else(|| panic!("{made}"));
    let pay = format!(
        "Action=Pay&SenderTokenId={token}&TransactionAmount.CurrencyCode=USD&TransactionAmount.Value=4.000000\
         &CallerReference=p1"
    );
    call_api(&app, Parameters::from_query(&pay).unwrap()).await;
    let page = signed_in(&app, JOHN).await.get("/account/instruments").await.expect(StatusCode::OK).body;
    let owed = page.split("Owed").nth(1).unwrap_or_else(|| panic!("{page}"));
    let owed = owed.split("</li>").next().unwrap();
    assert!(owed.contains("$4.00") && !owed.contains('−'), "{owed}");
}

#[tokio::test]
async fn an_old_authorization_stays_in_sight_as_long_as_it_can_pay() {
    for app in App::on_each_database().await {
        let wish = serde_json::json!({
            "access_key": "DDCALLER000000000001", "pipeline": "MultiUse", "account": JOHN, "payment_method": "ABT",
            "caller_reference": "old", "parameters": { "globalAmountLimit": "100.00" },
        });
        let old = app.browser().post_json("/_control/tokens", wish).await.json()["token_id"].clone();
        app.clock.advance(jiff::SignedDuration::from_hours(24)).unwrap();
        for number in 0..26 {
            call(&app, "Pay", "ABT", &format!("p{number}")).await;
        }
        let mut john = signed_in(&app, JOHN).await;
        let cards = |page: &str| page.matches("<li class=\"card\">").count();
        let cancel = format!("/account/tokens/{}/cancel", old.as_str().unwrap());
        let first = john.get("/account/tokens").await.expect(StatusCode::OK).body;
        assert_eq!(cards(&first), 26, "{first}");
        let older = link(&first, "next");
        let second = john.get(&older).await.expect(StatusCode::OK).body;
        assert_eq!(cards(&second), 2, "{second}");
        assert!(first.contains(&cancel) && second.contains(&cancel));
        john.post(&cancel, &[]).await.to();
        let second = john.get(&older).await.expect(StatusCode::OK).body;
        assert!(second.contains(old.as_str().unwrap()) && !second.contains(&cancel), "the oldest: {second}");
    }
}

/// What is for one payment gathers; it hides nothing that can pay again and again.
#[tokio::test]
async fn authorizations_in_use_are_shown_up_to_a_number() {
    for app in App::on_each_database().await {
        let mut curl = app.browser();
        let wish = |pipeline: &str, reference: &str, parameters: serde_json::Value| {
            serde_json::json!({
                "access_key": "DDCALLER000000000001", "pipeline": pipeline, "account": JOHN,
                "payment_method": "ABT", "caller_reference": reference, "parameters": parameters,
            })
        };
        let standing = wish("MultiUse", "standing", serde_json::json!({ "globalAmountLimit": "100.00" }));
        let standing = curl.post_json("/_control/tokens", standing).await.json()["token_id"].clone();
        for number in 0..105 {
            let one = serde_json::json!({
                "transactionAmount": "1.00", "recipientToken": super::support::recipient_token(),
            });
            let one = wish("SingleUse", &format!("one{number}"), one);
            curl.post_json("/_control/tokens", one).await.expect(StatusCode::OK);
        }
        let page = signed_in(&app, JOHN).await.get("/account/tokens").await.expect(StatusCode::OK).body;
        assert_eq!(page.matches("<li class=\"card\">").count(), 100);
        assert!(page.contains(standing.as_str().unwrap()), "{page}");
    }
}

#[tokio::test]
async fn a_session_of_another_site_is_worth_nothing_here() {
    let app = App::new().await;
    let id = call(&app, "Reserve", "ABT", "r1").await;
    for cookie in ["digitaldownload_session=1", "amazon_payments_session=00000000000000000000000000000000"] {
        let request = http::Request::post(format!("/account/transactions/{id}/cancel"))
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        let to = app.browser().send(request, axum::body::Body::empty()).await.to();
        assert!(to.starts_with("/account/sign-in?next="), "{to}");
    }
    let foreign = http::Request::post("/account/profile/lab")
        .header("origin", "http://localhost:3000")
        .header("content-type", "application/x-www-form-urlencoded");
    app.browser().send(foreign, axum::body::Body::from("set=closed")).await.expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn names_from_before_are_kept_and_nobody_new_looks_like_them() {
    for app in App::on_each_database().await {
        let db = &app.payments.db;
        // As it was when looks were not kept: two callers have one name, the market's own.
        for statement in ["DELETE FROM caller_names", "UPDATE callers SET display_name = 'DigitalDownload'"] {
            db.write(move |c| Box::pin(sqlx::query(statement).execute(c))).await.unwrap();
        }
        for _ in 0..2 {
            crate::domain::callers::names::claim_missing(db).await.unwrap();
        }
        let mut second = app.browser();
        let fields = [("email", "caller2@example.com"), ("password", "amazonpayments")];
        second.post("/account/sign-in", &fields).await.to();
        let path = "/account/developer/DDCALLER000000000002/settings";
        second.post(path, &[("display_name", "DigitalDownload"), ("ipn_url", "")]).await.to();
        second
            .post(path, &[("display_name", "Digital-Download")])
            .await
            .expect(StatusCode::UNPROCESSABLE_ENTITY);
        second.post(path, &[("display_name", "Second Demo Caller")]).await.to();
    }
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_down_too() {
    let app = App::with(crate::config::Config { throttle_sign_in: true, ..super::support::config() }).await;
    let mut john = signed_in(&app, JOHN).await;
    let path = "/account/security/password";
    let wrong = [("current_password", "not my password"), ("new_password", "a new and long one")];
    for _ in 0..5 {
        john.post(path, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = [("current_password", "amazonpayments"), wrong[1]];
    john.post(path, &right).await.expect(StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn notifications_cannot_be_asked_for_where_they_never_go() {
    let own_addresses = vec!["127.0.0.1:3001".parse().unwrap()];
    let notifications =
        NotificationSettings { private_receivers: false, own_addresses, ..notification_settings() };
    let app = App::with(Config { notifications, ..config() }).await;
    let mut caller = signed_in(&app, CALLER).await;
    for (address, reason) in [
        ("http://me:pw@a.example/ipn", "no user name or password"),
        ("http://10.0.0.1/ipn", "DD_PRIVATE_RECEIVERS"),
        ("http://localhost:9000/ipn", "DD_PRIVATE_RECEIVERS"),
        ("http://localhost:3001/_control/reset", "own"),
    ] {
        let settings = [("display_name", "Shop"), ("ipn_url", address)];
        let page = caller.post(&format!("{KEY}/settings"), &settings).await;
        let page = page.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(page.contains(reason) && page.contains(address), "{address}: {page}");
    }
    let site = caller.post(&format!("{KEY}/sites"), &[("site", "https://me@a.example/")]).await;
    assert!(site.expect(StatusCode::UNPROCESSABLE_ENTITY).body.contains("no user name or password"));
}
