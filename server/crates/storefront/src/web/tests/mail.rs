//! Mailboxes, sign-up that tells nothing, and a new password by mail, through the router.

use super::support::{Browser, Page, TestShop, test_shop, test_shop_with};
use crate::Config;
use crate::smtp::Smtp;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE};
use jiff::SignedDuration;
use platform::Tls;

const JOHN: &str = "john@example.com";
const JANE: &str = "jane@example.com";
const NEW_PASSWORD: &str = "tin roof weather";

/// A shop at an address that others reach, without the lab.
fn closed(config: &mut Config) {
    config.lab = false;
    config.throttle_sign_in = false;
}

/// The same with a mail server, on which nobody listens.
fn with_mail_server(config: &mut Config) {
    closed(config);
    let smtp = Smtp::new(&"smtp://127.0.0.1:9".into(), None, &config.public_url, &Tls::default());
    config.smtp = Some(smtp.unwrap());
}

fn links(page: &str, begin: &str) -> Vec<String> {
    let begin = format!("href=\"{begin}");
    page.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")).collect()
}

impl TestShop {
    /// The newest mail to an address with this subject, as plain text.
    async fn newest_mail(&self, address: &str, subject: &str) -> String {
        let mut browser = self.stranger();
        let mailbox = browser.get(&format!("/mail?address={address}")).await;
        assert_eq!(mailbox.status, StatusCode::OK);
        let page = mailbox.text();
        let entry = page.split("href=\"/mail/").skip(1).find(|rest| rest.contains(subject));
        let rest = entry.unwrap_or_else(|| panic!("{subject} in {page}"));
        let (id, query) = rest.split('"').next().unwrap().split_once('?').unwrap();
        let text = browser.get(&format!("/mail/{id}/text?{query}")).await;
        assert_eq!((text.status, text.header(CONTENT_TYPE)), (StatusCode::OK, "text/plain; charset=utf-8"));
        text.text()
    }

    /// The path of the link in John's newest mail for a new password.
    async fn reset_link(&self) -> String {
        let asked = self.stranger().post("/password/forgot", &[("email", " John@Example.com ")]).await;
        assert_eq!(asked.status, StatusCode::OK);
        let text = self.newest_mail(JOHN, "Choose a new password").await;
        path_of_link(&text, "/password/reset?token=")
    }
}

fn path_of_link(text: &str, begin: &str) -> String {
    let at = text.find(begin).unwrap_or_else(|| panic!("{begin} in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

fn token(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

async fn set_password(browser: &mut Browser, link: &str, password: &str) -> Page {
    browser.post("/password/reset", &[("token", token(link)), ("new_password", password)]).await
}

async fn sign_in(test: &TestShop, password: &str) -> StatusCode {
    test.stranger().post("/sign-in", &[("email", JOHN), ("password", password)]).await.status
}

#[tokio::test]
async fn a_mailbox_is_its_owners_and_reading_marks_it() {
    let test = test_shop().await;
    test.reset_link().await;
    let mut john = test.signed_in(JOHN).await;
    test.stranger().post("/password/forgot", &[("email", JOHN)]).await;
    let page = john.get("/mail").await.text();
    assert!(page.contains("Mail<span class=\"unread\">1"), "one of two is read in the lab already: {page}");
    let ids = links(&page, "/mail/");
    assert_eq!(ids.len(), 2, "{page}");
    let path = format!("/mail/{}", ids[0]);
    let mail = john.get(&path).await;
    assert_eq!(mail.status, StatusCode::OK);
    assert!(mail.text().contains("Choose a new password for DigitalDownload"));
    assert!(!john.get("/mail").await.text().contains("class=\"unread\""), "it is read");

    let mut jane = test.signed_in(JANE).await;
    for path in [path.clone(), format!("{path}/text"), format!("{path}?address={JANE}")] {
        assert_eq!(jane.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(jane.get("/mail").await.text().contains("There is no mail yet"));
    assert_eq!(jane.get("/mail/a%00b").await.status.as_u16() / 100, 4);
    let to_sign_in = test.stranger().get(&path).await;
    assert!(to_sign_in.leads_to().starts_with("/sign-in?next=%2Fmail%2F"));
}

#[tokio::test]
async fn only_the_lab_opens_mailboxes_to_whoever_asks() {
    let test = test_shop().await;
    test.reset_link().await;
    let page = test.stranger().get("/mail?address=JOHN%40example.com").await.text();
    assert!(page.contains("The lab is on: anybody can open any mailbox here"), "{page}");
    let test = test_shop_with(closed).await;
    let asked = test.stranger().get("/mail?address=john@example.com").await;
    assert!(asked.leads_to().starts_with("/sign-in"));
    let mut jane = test.signed_in(JANE).await;
    let own = jane.get("/mail?address=john@example.com").await.text();
    assert!(own.contains("Your mail") && !own.contains(JOHN), "{own}");
}

#[tokio::test]
async fn a_new_password_by_mail_ends_all_sessions_and_the_link() {
    let test = test_shop().await;
    let mut signed_in = test.signed_in(JOHN).await;
    let link = test.reset_link().await;
    let mut browser = test.stranger();
    let form = browser.get(&link).await;
    assert_eq!((form.status, form.header(REFERRER_POLICY)), (StatusCode::OK, "no-referrer"));
    assert!(form.text().contains("Set the new password"));

    for (password, problem) in [("short77", "at least 8"), ("john@example.com", "your e-mail address")] {
        let refused = set_password(&mut browser, &link, password).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text().contains(problem) && refused.text().contains(token(&link)),
            "the link stays good"
        );
    }
    assert_eq!(set_password(&mut browser, &link, NEW_PASSWORD).await.leads_to(), "/sign-in");
    assert!(browser.get("/sign-in").await.text().contains("Your password is changed."));
    assert!(!browser.get("/sign-in").await.text().contains("Your password is changed."), "said once");

    assert!(signed_in.get("/library").await.leads_to().starts_with("/sign-in"), "ended");
    assert_eq!(sign_in(&test, "digitaldownload").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&test, NEW_PASSWORD).await, StatusCode::SEE_OTHER);
    assert_eq!(set_password(&mut browser, &link, "another password").await.status, StatusCode::GONE, "used");
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert!(test.newest_mail(JOHN, "was changed").await.contains("If it was not you"));
    let over = test.newest_mail(JOHN, "Choose a new password").await;
    assert!(over.contains("It was used") && !over.contains("token="), "{over}");
}

#[tokio::test]
async fn a_link_ends_with_its_hour_and_with_a_newer_one() {
    let test = test_shop().await;
    let first = test.reset_link().await;
    // Mails of one moment have no order.
    test.shop.clock.advance(SignedDuration::from_secs(1)).unwrap();
    let second = test.reset_link().await;
    let mut browser = test.stranger();
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&second).await.status, StatusCode::OK);
    test.shop.clock.advance(SignedDuration::from_mins(60)).unwrap();
    assert_eq!(set_password(&mut browser, &second, NEW_PASSWORD).await.status, StatusCode::GONE);
    for made_up in ["/password/reset", "/password/reset?token=", "/password/reset?token=x%ff"] {
        assert_eq!(browser.get(made_up).await.status.as_u16() / 100, 4, "{made_up}");
    }
    assert!(test.shop.run_due().await.unwrap() > 0, "what is over is forgotten");
    let (left,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM password_resets")
        .fetch_one(test.shop.db.readers())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn the_database_has_no_link_that_works() {
    let test = test_shop().await;
    let link = test.reset_link().await;
    let (id, digest): (String, String) = sqlx::query_as("SELECT id, digest FROM password_resets")
        .fetch_one(test.shop.db.readers())
        .await
        .unwrap();
    for kept in [id, digest] {
        assert_ne!(kept, token(&link));
        assert_eq!(
            test.stranger().get(&format!("/password/reset?token={kept}")).await.status,
            StatusCode::GONE
        );
    }
}

#[tokio::test]
async fn who_asks_for_a_new_password_is_not_told_whether_there_is_an_account() {
    let test = test_shop().await;
    let mut answers = Vec::new();
    for email in [JOHN, "kim@example.com"] {
        let page = test.stranger().post("/password/forgot", &[("email", email)]).await;
        assert_eq!(page.status, StatusCode::OK);
        let name = email.split('@').next().unwrap();
        answers.push((page.text().replace(name, ""), page.header(SET_COOKIE).to_owned()));
    }
    assert_eq!(answers[0], answers[1]);
    let told = test.newest_mail("kim@example.com", "There is no account").await;
    assert!(told.contains("nothing to change") && !told.contains("token="), "{told}");
    let wrong = test.stranger().post("/password/forgot", &[("email", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("href=\"#field-email\"") && wrong.text().contains("value=\"nobody\""));
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_and_wrong_passwords_do_not_count_for_it() {
    let test = test_shop().await;
    for _ in 0..5 {
        sign_in(&test, "wrong password").await;
    }
    for _ in 0..5 {
        assert_eq!(test.stranger().post("/password/forgot", &[("email", JOHN)]).await.status, StatusCode::OK);
    }
    let refused = test.stranger().post("/password/forgot", &[("email", JOHN)]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn without_lab_and_mail_server_a_new_password_by_mail_is_off() {
    let test = test_shop_with(closed).await;
    let page = test.stranger().get("/password/forgot").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text().contains("This shop cannot write to you")
            && !page.text().contains("<form method=\"post\" action=\"/password")
    );
    let posted = test.stranger().post("/password/forgot", &[("email", JOHN)]).await.text();
    assert!(posted.contains("This shop cannot write to you"));
    let mut john = test.signed_in(JOHN).await;
    assert!(john.get("/mail").await.text().contains("There is no mail yet"), "nothing was written");
}

/// Everything of an answer that could tell; the session's id is a random one each time.
fn answer(page: &Page) -> (StatusCode, String, usize, String) {
    let cookie = page.header(SET_COOKIE);
    let kind: String = cookie.split_once('=').map(|(name, _)| name.to_owned()).unwrap_or_default();
    (page.status, page.header(LOCATION).to_owned(), cookie.len(), kind + &page.text())
}

#[tokio::test]
async fn the_answer_to_a_sign_up_is_the_same_for_an_address_that_has_an_account() {
    let test = test_shop().await;
    let mut answers = Vec::new();
    let mut browsers = Vec::new();
    for email in ["ada@example.com", JOHN] {
        let mut browser = test.stranger();
        let form = [("name", "Ada"), ("email", email), ("password", NEW_PASSWORD), ("next", "/library")];
        answers.push(answer(&browser.post("/sign-up", &form).await));
        browsers.push(browser);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(test.newest_mail("ada@example.com", "Welcome").await.contains("There is an account"));
    assert!(test.newest_mail(JOHN, "You have an account").await.contains("nothing about it was changed"));
    // Whose it was can read on the next page what to do.
    assert_eq!(browsers[1].get("/library").await.leads_to(), "/sign-in?next=%2Flibrary");
    let page = browsers[1].get("/sign-in").await.text();
    assert!(page.contains("We have written to john@example.com"), "{page}");
    assert_eq!(browsers[0].get("/library").await.status, StatusCode::OK);
    assert_eq!(sign_in(&test, "digitaldownload").await, StatusCode::SEE_OTHER, "nothing was changed");
}

#[tokio::test]
async fn with_a_mail_server_an_account_is_opened_by_the_link_alone() {
    let test = test_shop_with(with_mail_server).await;
    let mut answers = Vec::new();
    for email in ["ada@example.com", JOHN] {
        let mut browser = test.stranger();
        let form = [("name", "Ada"), ("email", email), ("password", NEW_PASSWORD), ("next", "/library")];
        answers.push(answer(&browser.post("/sign-up", &form).await));
        assert!(browser.get("/library").await.leads_to().starts_with("/sign-in"));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].1, "/sign-up/sent");
    assert!(test.stranger().get("/sign-up/sent").await.text().contains("We have written to the address"));
    let ada = [("email", "ada@example.com"), ("password", NEW_PASSWORD)];
    assert_eq!(test.stranger().post("/sign-in", &ada).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // What the mail server would get.
    let sender = crate::mail::store::due(&test.shop.db, test.shop.clock.now(), 10).await.unwrap();
    let confirm = sender.iter().find(|mail| mail.address == "ada@example.com").unwrap();
    let letter = crate::mailbox::letter(&test.shop, confirm).await.unwrap();
    let link = path_of_link(&shop_pages::pages::letter_text(&letter), "/sign-up/confirm?token=");
    let mut browser = test.stranger();
    let page = browser.get(&link).await;
    assert_eq!((page.status, page.header(REFERRER_POLICY)), (StatusCode::OK, "no-referrer"));
    let opened = browser.post("/sign-up/confirm", &[("token", token(&link))]).await;
    assert_eq!(opened.leads_to(), "/library");
    assert!(browser.get("/mail").await.text().contains("Welcome to DigitalDownload"));
    assert_eq!(
        test.stranger().post("/sign-up/confirm", &[("token", token(&link))]).await.status,
        StatusCode::GONE
    );
    assert_eq!(test.stranger().get(&link).await.status, StatusCode::GONE);
    assert_eq!(test.stranger().post("/sign-in", &ada).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn all_mail_up_to_what_the_page_showed_is_read_at_once() {
    let test = test_shop().await;
    let mut john = test.signed_in(JOHN).await;
    let forgets = || async { test.stranger().post("/password/forgot", &[("email", JOHN)]).await.status };
    assert_eq!(forgets().await, StatusCode::OK);
    let page = john.get("/mail").await.text();
    let newest = page.split("name=\"up_to\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    test.shop.clock.advance(SignedDuration::from_mins(1)).unwrap();
    assert_eq!(forgets().await, StatusCode::OK);
    let unread = |page: &str| page.matches(">New</span>").count();
    let of_jane = test.signed_in(JANE).await.post("/mail/read", &[("up_to", &newest)]).await;
    assert_eq!(of_jane.leads_to(), "/mail");
    assert_eq!(unread(&john.get("/mail").await.text()), 2, "it is not Jane's to read");
    assert_eq!(john.post("/mail/read", &[("up_to", &newest)]).await.leads_to(), "/mail");
    assert_eq!(unread(&john.get("/mail").await.text()), 1, "what came later was not seen");
    assert_eq!(john.post("/mail/read", &[]).await.leads_to(), "/mail");
    let page = john.get("/mail").await.text();
    assert!(unread(&page) == 0 && !page.contains("Mark all as read"), "{page}");
    let nonsense = john.post("/mail/read", &[("up_to", "../1")]).await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}
