use super::support::test_shop;
use http::StatusCode;
use http::header::{RETRY_AFTER, SET_COOKIE};

const COOKIE: &str = "digitaldownload_session";

#[tokio::test]
async fn somebody_new_signs_up_and_is_signed_in() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let account = [
        ("name", "Nadia Brandt"),
        ("email", " Nadia@Example.com "),
        ("password", "a long password"),
        ("next", "/library"),
    ];
    let page = browser.post("/sign-up", &account).await;
    assert_eq!(page.leads_to(), "/library");
    let cookie = page.header(SET_COOKIE).to_owned();
    assert!(
        cookie.starts_with(COOKIE) && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(!cookie.contains("Secure"), "plain http");
    assert!(browser.get("/").await.text().contains("Nadia Brandt"));
    assert_eq!(browser.post("/sign-out", &[]).await.leads_to(), "/");
    assert!(browser.get("/library").await.leads_to().starts_with("/sign-in?next=%2Flibrary"));
    let again =
        browser.post("/sign-in", &[("email", "NADIA@example.com"), ("password", "a long password")]).await;
    assert_eq!(again.leads_to(), "/");
}

#[tokio::test]
async fn a_refused_sign_up_keeps_what_was_typed_but_the_password() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let cases = [
        ("", "new@example.com", "a long password", "Enter your name"),
        ("Nadia", "new@example", "a long password", "name@example.com"),
        ("Nadia", "new@example.com", "short77", "at least 8"),
        ("Nadia", "new@example.com", "Password1", "Too many people use this password"),
        ("Nadia", "new.person@example.com", "NEW.person", "This is your e-mail address"),
        ("Nadia", "ne\u{200b}w@example.com", "a long password", "characters that cannot be seen"),
        ("Nadia", "new@example.com\u{202e}", "a long password", "characters that cannot be seen"),
    ];
    for (name, email, password, problem) in cases {
        let page =
            browser.post("/sign-up", &[("name", name), ("email", email), ("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        let shown = page.text();
        assert!(shown.contains(problem) && shown.contains(email), "{problem}");
        assert!(!shown.contains(password), "{problem}");
        assert_eq!(browser.cookie(COOKIE), None);
    }
}

#[tokio::test]
async fn a_failed_sign_in_does_not_say_why() {
    let test = test_shop().await;
    let mut answers = Vec::new();
    for email in ["john@example.com", "nobody@example.com"] {
        let page =
            test.stranger().post("/sign-in", &[("email", email), ("password", "wrong password")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(email), "what was typed is kept");
        answers.push(page.text().replace(email, ""));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let test = test_shop().await;
    let wrong = [("email", "john@example.com"), ("password", "wrong password")];
    for _ in 0..5 {
        assert_eq!(test.stranger().post("/sign-in", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = [("email", "john@example.com"), ("password", "digitaldownload")];
    let refused = test.stranger().post("/sign-in", &right).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(refused.header(RETRY_AFTER), "");
    test.shop.clock.advance(jiff::SignedDuration::from_mins(20)).unwrap();
    let refused = test.stranger().post("/sign-in", &right).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "guessing is not helped by a lab's clock");
    test.signed_in("jane@example.com").await;
}

#[tokio::test]
async fn finding_out_who_has_an_account_is_slowed_down() {
    let test = test_shop().await;
    let account = [("name", "Nadia"), ("email", "john@example.com"), ("password", "a long password")];
    for _ in 0..5 {
        assert_eq!(test.stranger().post("/sign-up", &account).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(test.stranger().post("/sign-up", &account).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn signing_in_changes_the_session_and_leads_only_to_this_site() {
    let test = test_shop().await;
    let mut browser = test.stranger();
    let form = |next| [("email", "john@example.com"), ("password", "digitaldownload"), ("next", next)];
    assert_eq!(
        browser.post("/sign-in", &form("/checkout/glasshouse")).await.leads_to(),
        "/checkout/glasshouse"
    );
    let first = browser.cookie(COOKIE).unwrap().to_owned();
    for elsewhere in ["https://evil.example/", "//evil.example/", "/\\evil.example", "/.//evil.example"] {
        assert_eq!(browser.post("/sign-in", &form(elsewhere)).await.leads_to(), "/", "{elsewhere}");
    }
    assert_ne!(browser.cookie(COOKIE).unwrap(), first, "a new id at each sign-in");
    let page = test.stranger().get("/sign-in?next=//evil.example/").await.text();
    assert!(!page.contains("evil.example"));
}

#[tokio::test]
async fn pages_of_one_person_ask_for_a_sign_in_and_come_back() {
    let test = test_shop().await;
    let mut stranger = test.stranger();
    for path in ["/orders", "/library", "/sell", "/sell/items/new", "/checkout/glasshouse", "/orders/17?a=b"]
    {
        let target = stranger.get(path).await.leads_to().to_owned();
        let next = form_urlencoded::parse(target.strip_prefix("/sign-in?").unwrap().as_bytes())
            .next()
            .unwrap()
            .1
            .into_owned();
        assert_eq!(next, path);
    }
    let to_order = stranger.post("/orders/17/cancel", &[]).await;
    assert_eq!(to_order.leads_to(), "/sign-in?next=%2Forders%2F17");
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_refused() {
    let test = test_shop().await;
    let form = "application/x-www-form-urlencoded";
    let cases: [(&str, Vec<u8>, u16); 5] = [
        ("application/json", b"{}".to_vec(), 415),
        (form, b"email=%ff&password=x".to_vec(), 400),
        (form, b"email=%zz&password=x".to_vec(), 400),
        (form, b"email=a%00b&password=x".to_vec(), 400),
        (form, vec![b'a'; 4 << 20], 413),
    ];
    for path in ["/sign-in", "/sign-up"] {
        for (content_type, body, status) in &cases {
            let page = test.stranger().post_body(path, content_type, body.clone()).await;
            assert_eq!(page.status.as_u16(), *status, "{path} {content_type}");
        }
    }
}

#[tokio::test]
async fn the_operators_page_is_the_operators() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.get("/operator").await.status, StatusCode::NOT_FOUND);
    let mut operator = test.signed_in("operator@example.com").await;
    assert_eq!(operator.get("/operator").await.status, StatusCode::OK);
}

#[tokio::test]
async fn names_from_before_are_kept_and_nobody_new_looks_like_them() {
    let test = test_shop().await;
    // As it was when looks were not kept: two sellers have one name.
    for statement in [
        "DELETE FROM merchant_names",
        "UPDATE merchants SET name = 'Twins' WHERE id IN ('demo-seller-01', 'demo-seller-02')",
    ] {
        let db = &test.shop.db;
        db.write(move |c| Box::pin(sqlx::query(statement).execute(c))).await.unwrap();
    }
    for _ in 0..2 {
        crate::merchants::store::claim_missing_names(&test.shop.db).await.unwrap();
    }
    let (twins,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM merchants WHERE name = 'Twins'")
        .fetch_one(test.shop.db.readers())
        .await
        .unwrap();
    assert_eq!(twins, 2);
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.post("/sell", &[("name", "TW1NS")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(john.post("/sell", &[("name", "Triplets")]).await.leads_to(), "/sell");
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_down_too() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    let wrong = [("current_password", "not my password"), ("new_password", "a new and long one")];
    for _ in 0..5 {
        let page = john.post("/account/password", &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = [("current_password", "digitaldownload"), wrong[1]];
    assert_eq!(john.post("/account/password", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
}
