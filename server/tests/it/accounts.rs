//! What people do about the safety of their own accounts, and the names that others trust: on both sites.

use crate::on_both_databases;
use crate::support::{App, Browser};

on_both_databases!(
    a_new_password_ends_the_sessions_elsewhere,
    sessions_are_listed_and_ended,
    of_two_shops_that_look_alike_one_is_opened,
    of_two_callers_that_look_alike_one_gets_a_key,
);

const JOHN: &str = "john@example.com";

/// The pages of one site about one's own account.
struct Site {
    sign_in: String,
    account: String,
    change: String,
    sessions: String,
    password: &'static str,
}

fn sites(app: &App) -> [Site; 2] {
    let shop = Site {
        sign_in: app.shop("/sign-in"),
        account: app.shop("/account"),
        change: app.shop("/account/password"),
        sessions: app.shop("/account/sessions"),
        password: "digitaldownload",
    };
    let payments = Site {
        sign_in: app.payments("/account/sign-in"),
        account: app.payments("/account/security"),
        change: app.payments("/account/security/password"),
        sessions: app.payments("/account/security/sessions"),
        password: "amazonpayments",
    };
    [shop, payments]
}

impl Site {
    async fn sign_in(&self, email: &str, password: &str) -> Browser {
        let mut browser = Browser::new();
        browser.post(&self.sign_in, &[("email", email), ("password", password)]).await.expect_status(303);
        browser
    }

    async fn john(&self) -> Browser {
        self.sign_in(JOHN, self.password).await
    }
}

async fn is_signed_in(browser: &mut Browser, site: &Site) -> bool {
    browser.get(&site.account).await.status == 200
}

async fn a_new_password_ends_the_sessions_elsewhere(app: App) {
    for site in sites(&app) {
        let (mut here, mut elsewhere) = (site.john().await, site.john().await);
        let mut jane = site.sign_in("jane@example.com", site.password).await;
        let new = "a new and long one";
        for (current, wanted, problem) in [
            ("not my password", new, "This is not your password"),
            (site.password, "qwertyuiop", "Too many people use this password"),
            (site.password, site.password, "This is the password that you have"),
            (site.password, "john@example.com", "This is your e-mail address"),
        ] {
            let fields = [("current_password", current), ("new_password", wanted)];
            let page = here.post(&site.change, &fields).await.expect_status(422).text();
            assert!(page.contains(problem) && !page.contains("value=\"a new"), "{problem}: {page}");
        }
        assert!(is_signed_in(&mut elsewhere, &site).await);
        let fields = [("current_password", site.password), ("new_password", new)];
        let changed = here.post(&site.change, &fields).await.expect_status(303);
        assert!(here.follow(changed).await.text().contains("Your password is changed"));
        assert!(!is_signed_in(&mut elsewhere, &site).await, "the others are signed out");
        assert!(is_signed_in(&mut jane, &site).await, "but nobody else");
        let old = [("email", JOHN), ("password", site.password)];
        Browser::new().post(&site.sign_in, &old).await.expect_status(422);
        site.sign_in(JOHN, new).await;
    }
    app.stop().await;
}

/// The addresses of the forms that end one session.
fn forms_to_end(page: &str) -> Vec<String> {
    let actions = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    actions.filter(|action| action.ends_with("/end")).map(ToOwned::to_owned).collect()
}

async fn sessions_are_listed_and_ended(app: App) {
    for site in sites(&app) {
        let (mut here, mut second, mut third) = (site.john().await, site.john().await, site.john().await);
        let mut jane = site.sign_in("jane@example.com", site.password).await;
        let page = here.get(&site.account).await.expect_status(200).text();
        assert!(
            page.contains("Another program, 127.0.0.1") && page.contains("the one you are using"),
            "{page}"
        );
        let forms = forms_to_end(&page);
        assert_eq!(forms.len(), 2, "this one is not ended here: {page}");

        // Somebody else cannot end it, nor learn whether it is there.
        let url = |path: &str| url::Url::parse(&site.account).unwrap().join(path).unwrap();
        jane.post(url(&forms[0]), &[]).await.expect_status(303);
        assert!(is_signed_in(&mut second, &site).await && is_signed_in(&mut third, &site).await);
        here.post(url(&forms[0]), &[]).await.expect_status(303);
        let left = [is_signed_in(&mut second, &site).await, is_signed_in(&mut third, &site).await];
        assert_eq!(left.into_iter().filter(|signed_in| *signed_in).count(), 1);

        let mut fourth = site.john().await;
        let ended = here.post(format!("{}/end-others", site.sessions), &[]).await.expect_status(303);
        let page = here.follow(ended).await.text();
        assert!(page.contains("All other sessions are ended") && forms_to_end(&page).is_empty(), "{page}");
        for mut browser in [second, third] {
            assert!(!is_signed_in(&mut browser, &site).await);
        }
        assert!(!is_signed_in(&mut fourth, &site).await);
        assert!(is_signed_in(&mut here, &site).await && is_signed_in(&mut jane, &site).await);
    }
    app.stop().await;
}

async fn of_two_shops_that_look_alike_one_is_opened(app: App) {
    let mut people = [app.signed_in(JOHN).await, app.signed_in("jane@example.com").await];
    let sell = app.shop("/sell");
    // Cyrillic letters, and another case, sent at the same time.
    let names = ["Paper Moons", "p\u{430}per-m\u{43e}\u{43e}ns"];
    let [john, jane] = &mut people;
    let sent = tokio::join!(async { john.post(&sell, &[("name", names[0])]).await.status }, async {
        jane.post(&sell, &[("name", names[1])]).await.status
    },);
    assert!([(303, 422), (422, 303)].contains(&sent), "{sent:?}");
    let refused = usize::from(sent.0 != 422);
    for (name, problem) in [
        (names[refused], "There is this name already"),
        ("DigitalDownload", "must not be or contain"),
        ("Am\u{430}zon Payments", "must not be or contain"),
        ("snooM\u{202e}repaP", "cannot be seen or that turn"),
        ("Paper\u{200b}Sun", "cannot be seen or that turn"),
        ("\u{2605}\u{2605}", "Use letters or digits"),
    ] {
        let page = people[refused].post(&sell, &[("name", name)]).await.expect_status(422).text();
        assert!(page.contains(problem), "{name:?}: {page}");
    }
    people[refused].post(&sell, &[("name", "Paper Suns")]).await.expect_status(303);
    app.stop().await;
}

async fn of_two_callers_that_look_alike_one_gets_a_key(app: App) {
    let payments = &sites(&app)[1];
    let mut people = [payments.john().await, payments.sign_in("jane@example.com", payments.password).await];
    let developer = app.payments("/account/developer");
    let names = ["Paper Moons", "PAPER MOONS"];
    let [john, jane] = &mut people;
    let sent =
        tokio::join!(async { john.post(&developer, &[("display_name", names[0])]).await.status }, async {
            jane.post(&developer, &[("display_name", names[1])]).await.status
        },);
    assert!([(303, 422), (422, 303)].contains(&sent), "{sent:?}");
    let (refused, taken) = if sent.0 == 422 { (0, 1) } else { (1, 0) };
    for (name, problem) in [
        (names[refused], "There is this name already"),
        ("Second Demo Ca\u{217c}ler", "There is this name already"),
        ("Digital Download", "must not be or contain"),
        ("Paper\u{2066}Suns", "cannot be seen or that turn"),
    ] {
        let page =
            people[refused].post(&developer, &[("display_name", name)]).await.expect_status(422).text();
        assert!(page.contains(problem), "{name:?}: {page}");
    }
    people[refused].post(&developer, &[("display_name", "Paper Suns")]).await.expect_status(303);

    // Renaming keeps to the same: not to another's name, to a free one, and then the old one is free.
    let settings = app.payments(&settings_of(&mut people[taken], &developer).await);
    people[taken].post(&settings, &[("display_name", "Paper-Suns")]).await.expect_status(422);
    people[taken].post(&settings, &[("display_name", "Paper Stars")]).await.expect_status(303);
    let settings = app.payments(&settings_of(&mut people[refused], &developer).await);
    people[refused].post(&settings, &[("display_name", "Paper Moons")]).await.expect_status(303);
    app.stop().await;
}

/// Where the form for the key's settings is sent to.
async fn settings_of(browser: &mut Browser, developer: &str) -> String {
    let page = browser.get(&format!("{developer}/settings")).await.expect_status(200).text();
    let mut actions = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    actions.find(|action| action.ends_with("/settings")).unwrap().to_owned()
}
