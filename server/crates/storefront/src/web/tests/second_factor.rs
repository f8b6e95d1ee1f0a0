//! Another name, another address, a second factor.

use super::support::{Browser, TestShop, test_shop, test_shops};
use crate::accounts::second_factor::code_now;
use crate::ids::LinkId;
use crate::users::{second_factors, store};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use jiff::SignedDuration;

const PASSWORD: (&str, &str) = ("current_password", "digitaldownload");

impl TestShop {
    /// What the app shows now.
    async fn code(&self, email: &str) -> String {
        let user = store::by_email(&self.shop.db, email).await.unwrap().unwrap().user;
        let factor = second_factors::of_user(self.shop.db.readers(), &user.id).await.unwrap().unwrap();
        let id: LinkId = factor.id;
        code_now(&self.shop, &id)
    }

    /// John, with his second factor on, and his recovery codes. The code that turned it on is used up.
    pub(super) async fn john_with_codes(&self) -> (Browser, Vec<String>) {
        let mut john = self.signed_in("john@example.com").await;
        assert_eq!(
            john.post("/account/second-factor", &[PASSWORD]).await.leads_to(),
            "/account/second-factor"
        );
        let code = self.code("john@example.com").await;
        let shown = john.post("/account/second-factor/confirm", &[("code", &code)]).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
        assert_eq!(shown.header(CACHE_CONTROL), "private, no-store");
        let html = shown.text();
        let codes = html.split("<li><code>").skip(1).map(|rest| rest[..11].to_owned());
        (john, codes.collect())
    }

    async fn after_the_password(&self) -> Browser {
        let mut browser = self.stranger();
        let form = [("email", "john@example.com"), ("password", "digitaldownload"), ("next", "/library")];
        assert_eq!(browser.post("/sign-in", &form).await.leads_to(), "/sign-in/code");
        browser
    }

    fn later(&self, seconds: i64) {
        self.shop.clock.pass(SignedDuration::from_secs(seconds)).unwrap();
    }

    /// What the link carries of the newest mail to this address.
    async fn token_for(&self, address: &str) -> String {
        let mut lab = self.stranger();
        let mailbox = lab.get(&format!("/mail?address={address}")).await.text();
        let mail = mailbox.split("href=\"/mail/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let letter = lab.get(&format!("/mail/{}", mail.replace("&amp;", "&"))).await.text();
        letter.split("?token=").nth(1).map(|rest| rest[..43].to_owned()).unwrap()
    }

    /// The mail with this subject that John has, as the lab shows it.
    async fn john_was_told(&self, subject: &str) -> bool {
        self.stranger().get("/mail?address=john@example.com").await.text().contains(subject)
    }

    async fn is_signed_in(browser: &mut Browser) -> bool {
        browser.get("/library").await.status == StatusCode::OK
    }
}

#[tokio::test]
async fn it_is_on_only_after_a_right_code() {
    for test in test_shops().await {
        let mut john = test.signed_in("john@example.com").await;
        let refused = john.post("/account/second-factor", &[("current_password", "wrong")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("This is not your password."));
        john.post("/account/second-factor", &[PASSWORD]).await;
        let page = john.get("/account/second-factor").await.text();
        assert!(
            page.contains("class=\"qr\"") && page.contains("otpauth://totp/DigitalDownload:john%40example")
        );
        let wrong = john.post("/account/second-factor/confirm", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nothing is asked for yet.
        let mut other = test.signed_in("john@example.com").await;
        // Who looks at the page later sees no secret that might still be confirmed.
        let code = test.code("john@example.com").await;
        test.later(3600);
        assert!(!john.get("/account/second-factor").await.text().contains("otpauth"));
        let late = john.post("/account/second-factor/confirm", &[("code", &code)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        john.post("/account/second-factor", &[PASSWORD]).await;
        let code = test.code("john@example.com").await;
        assert!(TestShop::is_signed_in(&mut other).await);
        assert_eq!(
            john.post("/account/second-factor/confirm", &[("code", &code)]).await.status,
            StatusCode::OK
        );
        assert!(TestShop::is_signed_in(&mut john).await && !TestShop::is_signed_in(&mut other).await);
        assert!(test.john_was_told("Your second factor at DigitalDownload is on").await);
    }
}

#[tokio::test]
async fn codes_go_by_the_time_of_the_phone_whatever_the_shops_clock_shows() {
    let test = test_shop().await;
    test.john_with_codes().await;
    test.later(30);
    let code = test.code("john@example.com").await;
    let used = test.after_the_password().await.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(used.leads_to(), "/library");
    for weeks in [3, -5] {
        test.shop.clock.advance(SignedDuration::from_hours(weeks * 7 * 24)).unwrap();
        test.later(30);
        let mut browser = test.after_the_password().await;
        let again = browser.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it was used, in whichever week");
        let code = test.code("john@example.com").await;
        assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.leads_to(), "/library");
    }
}

#[tokio::test]
async fn signing_in_needs_a_code_and_each_is_taken_once() {
    for test in test_shops().await {
        let (_, codes) = test.john_with_codes().await;
        assert_eq!(codes.len(), 10);
        let mut browser = test.after_the_password().await;
        let first = browser.cookie("digitaldownload_session").unwrap().to_owned();
        // Half signed in is not signed in.
        assert!(browser.get("/library").await.leads_to().starts_with("/sign-in"));
        assert!(browser.get("/").await.text().contains("Sign in"));
        let used = test.code("john@example.com").await;
        let again = browser.post("/sign-in/code", &[("code", &used)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it turned the factor on, and is used up");
        test.later(30);
        let code = test.code("john@example.com").await;
        assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.leads_to(), "/library");
        assert_ne!(browser.cookie("digitaldownload_session").unwrap(), first, "a new id");
        assert_eq!(browser.get("/library").await.status, StatusCode::OK);
        assert_eq!(browser.get("/sign-in/code").await.leads_to(), "/sign-in");
        let mut other = test.after_the_password().await;
        assert_eq!(
            other.post("/sign-in/code", &[("code", &code)]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_replace_the_old() {
    for test in test_shops().await {
        let (mut john, codes) = test.john_with_codes().await;
        let typed = codes[0].to_lowercase().replace('-', " ");
        let mut browser = test.after_the_password().await;
        assert_eq!(browser.post("/sign-in/code", &[("code", &typed)]).await.leads_to(), "/library");
        let mut browser = test.after_the_password().await;
        let again = browser.post("/sign-in/code", &[("code", &typed)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(john.get("/account").await.text().contains("9 recovery codes left"));
        assert!(john.get("/mail").await.text().contains("A recovery code was used"));
        // A password alone makes none: they open what codes open.
        let refused = john.post("/account/second-factor/codes", &[PASSWORD]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [PASSWORD, ("code", codes[2].as_str())];
        assert_eq!(john.post("/account/second-factor/codes", &form).await.status, StatusCode::OK);
        let old = browser.post("/sign-in/code", &[("code", &codes[1])]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_first_step_is_over_after_a_while_and_with_another_password() {
    let test = test_shop().await;
    let (mut john, codes) = test.john_with_codes().await;
    let mut late = test.after_the_password().await;
    test.later(601);
    assert_eq!(late.post("/sign-in/code", &[("code", &codes[0])]).await.leads_to(), "/sign-in");
    let mut other = test.after_the_password().await;
    let change = [PASSWORD, ("new_password", "another long password")];
    assert_eq!(john.post("/account/password", &change).await.leads_to(), "/account");
    assert_eq!(other.post("/sign-in/code", &[("code", &codes[0])]).await.leads_to(), "/sign-in");
    assert!(other.get("/library").await.leads_to().starts_with("/sign-in"));
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    for test in test_shops().await {
        test.john_with_codes().await;
        let mut browser = test.after_the_password().await;
        let mut last = StatusCode::OK;
        for _ in 0..8 {
            last = browser.post("/sign-in/code", &[("code", "000000")]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        assert!(test.john_was_told("Wrong codes were given").await);
    }
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_none_is_taken_until_the_password_is_another() {
    let test = test_shop().await;
    let (mut john, codes) = test.john_with_codes().await;
    for _ in 0..100 {
        test.later(60);
        // Weeks are skipped to no use.
        test.shop.clock.advance(SignedDuration::from_hours(-1)).unwrap();
        let mut guesser = test.after_the_password().await;
        let guess = guesser.post("/sign-in/code", &[("code", "000000")]).await;
        assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    test.later(60);
    let mut browser = test.after_the_password().await;
    let code = test.code("john@example.com").await;
    let right = browser.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(right.text().contains("Too many wrong codes"), "{}", right.text());
    test.later(60);
    let change = [PASSWORD, ("new_password", "another long password")];
    assert_eq!(john.post("/account/password", &change).await.leads_to(), "/account");
    test.later(60);
    let code = test.code("john@example.com").await;
    let off = [("current_password", "another long password"), ("code", code.as_str())];
    assert_eq!(john.post("/account/second-factor/off", &off).await.leads_to(), "/account/second-factor");
    assert_eq!(codes.len(), 10);
}

#[tokio::test]
async fn turning_it_off_needs_password_and_code() {
    for test in test_shops().await {
        let (mut john, codes) = test.john_with_codes().await;
        for form in
            [[PASSWORD, ("code", "000000")], [("current_password", "wrong"), ("code", codes[0].as_str())]]
        {
            let refused = john.post("/account/second-factor/off", &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let mut other = test.after_the_password().await;
        assert_eq!(other.post("/sign-in/code", &[("code", &codes[1])]).await.leads_to(), "/library");
        let off = john.post("/account/second-factor/off", &[PASSWORD, ("code", &codes[0])]).await;
        assert_eq!(off.leads_to(), "/account/second-factor");
        assert!(!TestShop::is_signed_in(&mut other).await, "other sessions are ended");
        test.signed_in("john@example.com").await;
        assert_eq!(john.get("/account/second-factor/off").await.leads_to(), "/account/second-factor");
    }
}

#[tokio::test]
async fn the_operator_lets_in_who_has_lost_app_and_codes() {
    for test in test_shops().await {
        let (mut john, _) = test.john_with_codes().await;
        let mut operator = test.signed_in("operator@example.com").await;
        let id = test.value("SELECT id FROM users WHERE email = 'john@example.com'").await;
        let page = format!("/operator/users/{id}");
        let path = format!("{page}/second-factor/off");
        assert!(operator.get(&page).await.text().contains(&path));
        let refused = operator.post(&path, &[("factor_reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("href=\"#field-factor_reason\""), "{}", refused.text());
        assert!(TestShop::is_signed_in(&mut john).await, "nothing was done without a reason");

        let reason = [("factor_reason", "Lost the phone; showed a passport.")];
        assert_eq!(operator.post(&path, &reason).await.leads_to(), page);
        assert!(!TestShop::is_signed_in(&mut john).await, "whoever was signed in is not any more");
        assert!(TestShop::is_signed_in(&mut test.signed_in("john@example.com").await).await);
        assert!(test.john_was_told("Your second factor at DigitalDownload is off").await);
        let after = operator.get(&page).await.text();
        assert!(after.contains("Lost the phone; showed a passport.") && !after.contains(&path), "{after}");
        operator.post(&path, &reason).await.leads_to();
        let again = operator.get(&page).await.text();
        assert!(again.contains("There is no second factor"), "{again}");
        let nobody = operator.post("/operator/users/nobody/second-factor/off", &reason).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);

        let mut john = test.signed_in("john@example.com").await;
        john.post("/account/second-factor", &[PASSWORD]).await.leads_to();
        operator.post(&path, &reason).await.leads_to();
        assert!(
            john.get("/account/second-factor").await.text().contains("QR code"),
            "what is only begun stays"
        );
    }
}

#[tokio::test]
async fn no_operator_turns_off_the_second_factor_of_another() {
    let test = test_shop().await;
    let (mut john, _) = test.john_with_codes().await;
    let mut operator = test.signed_in("operator@example.com").await;
    let id = test.value("SELECT id FROM users WHERE email = 'john@example.com'").await;
    test.write(vec!["UPDATE users SET operator = 1 WHERE email = 'john@example.com'".to_owned()]).await;
    let page = format!("/operator/users/{id}");
    let path = format!("{page}/second-factor/off");
    assert!(!operator.get(&page).await.text().contains(&path));
    let refused = operator.post(&path, &[("factor_reason", "Why not.")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(TestShop::is_signed_in(&mut john).await);
}

#[tokio::test]
async fn what_a_visitor_put_into_the_cart_is_theirs_after_the_code() {
    let test = test_shop().await;
    let (_, codes) = test.john_with_codes().await;
    let mut browser = test.stranger();
    browser.post("/cart", &[("add", "now-and-forever")]).await;
    assert!(browser.get("/cart").await.text().contains("Now and Forever"));
    let form = [("email", "john@example.com"), ("password", "digitaldownload"), ("next", "/cart")];
    assert_eq!(browser.post("/sign-in", &form).await.leads_to(), "/sign-in/code");
    assert_eq!(browser.post("/sign-in/code", &[("code", &codes[0])]).await.leads_to(), "/cart");
    assert!(browser.get("/cart").await.text().contains("Now and Forever"));
}

#[tokio::test]
async fn a_name_can_be_changed_and_the_markets_is_nobodys() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    let refused = john.post("/account/profile", &[("name", "DigitalDownload support")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("DigitalDownload support"), "what was typed is there still");
    let nobody = john.post("/account/profile", &[("name", "deleted Account")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        john.post("/account/profile", &[("name", " Johanna  Doe ")]).await.leads_to(),
        "/account/profile"
    );
    assert!(john.get("/").await.text().contains("Johanna Doe"));
    let mut operator = test.signed_in("operator@example.com").await;
    assert!(operator.get("/operator/users?q=johanna").await.text().contains("john@example.com"));
    let mut seller = test.signed_in("merchant@example.com").await;
    seller.post("/account/profile", &[("name", "Marta Reyes")]).await.leads_to();
    for words in ["marta", "right+here"] {
        let found = operator.get(&format!("/operator/users?q={words}")).await.text();
        assert!(found.contains("merchant@example.com"), "{words}");
    }
}

#[tokio::test]
async fn an_address_changes_when_the_mail_to_it_is_read() {
    for test in test_shops().await {
        let mut john = test.signed_in("john@example.com").await;
        let form = |email| [("email", email), PASSWORD];
        for wrong in ["john@example.com", "nonsense"] {
            assert_eq!(
                john.post("/account/email", &form(wrong)).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        // An address with an account gets no link, and John gets the same answer.
        for email in ["jane@example.com", "new@example.com"] {
            assert_eq!(john.post("/account/email", &form(email)).await.leads_to(), "/account/profile");
        }
        let mut lab = test.stranger();
        assert!(
            lab.get("/mail?address=jane@example.com")
                .await
                .text()
                .contains("in use at DigitalDownload already")
        );
        assert!(lab.get("/mail?address=john@example.com").await.text().contains("about to change"));
        let token = test.token_for("new@example.com").await;
        assert_eq!(lab.get(&format!("/account/email/confirm?token={token}")).await.status, StatusCode::OK);
        // Opening it changes nothing.
        let mut other = test.signed_in("john@example.com").await;
        let confirmed = john.post("/account/email/confirm", &[("token", &token)]).await;
        assert_eq!(confirmed.leads_to(), "/account/profile");
        assert_eq!(lab.post("/account/email/confirm", &[("token", &token)]).await.status, StatusCode::GONE);
        assert!(TestShop::is_signed_in(&mut john).await && !TestShop::is_signed_in(&mut other).await);
        test.signed_in("new@example.com").await;
        assert!(test.john_was_told("Your address at DigitalDownload was changed").await);
    }
}

#[tokio::test]
async fn a_link_to_another_address_is_over_after_a_day_with_another_password_and_when_the_address_is_taken() {
    for test in test_shops().await {
        let mut john = test.signed_in("john@example.com").await;
        let mut lab = test.stranger();
        let form = [("email", "new@example.com"), PASSWORD];
        john.post("/account/email", &form).await;
        let first = test.token_for("new@example.com").await;
        john.post("/account/email", &form).await;
        let token = test.token_for("new@example.com").await;
        let gone = async |lab: &mut Browser, token: &str| {
            lab.post("/account/email/confirm", &[("token", token)]).await.status == StatusCode::GONE
        };
        assert!(gone(&mut lab, &first).await, "there is a newer one");
        test.shop.clock.advance(SignedDuration::from_hours(24)).unwrap();
        assert!(gone(&mut lab, &token).await, "it is a day old");
        john.post("/account/email", &form).await;
        let token = test.token_for("new@example.com").await;
        let mut new = test.stranger();
        let sign_up = [("name", "New"), ("email", "new@example.com"), ("password", "a long password")];
        new.post("/sign-up", &sign_up).await;
        assert!(gone(&mut lab, &token).await, "somebody has it");
        john.post("/account/email", &[("email", "newer@example.com"), PASSWORD]).await;
        let token = test.token_for("newer@example.com").await;
        let change = [PASSWORD, ("new_password", "another long password")];
        assert_eq!(john.post("/account/password", &change).await.leads_to(), "/account");
        assert!(gone(&mut lab, &token).await, "the password is another");
    }
}

#[tokio::test]
async fn what_is_personal_is_not_kept_and_error_pages_know_who_is_signed_in() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    for path in ["/", "/items/now-and-forever", "/orders", "/account", "/mail", "/help"] {
        assert_eq!(john.get(path).await.header(CACHE_CONTROL), "private, no-store", "{path}");
    }
    for path in ["/nothing", "/items/nothing", "/orders/nothing"] {
        let page = john.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text().contains("John Doe") && page.text().contains("Sign out"), "{path}");
        let page = test.stranger().get(path).await;
        assert!(!page.text().contains("John Doe"), "{path}");
    }
    assert!(test.stranger().get("/nothing").await.text().contains("Sign in"));
    let shared = test.stranger().get("/").await;
    assert_eq!(shared.header(CACHE_CONTROL), "private, no-cache");
    assert_ne!(shared.header("etag"), "");
}
