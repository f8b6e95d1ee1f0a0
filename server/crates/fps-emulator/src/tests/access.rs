//! Who may do what: every route of the payments site for everybody.

use crate::config::{Config, FIRST_CALLER, SECOND_CALLER};
use crate::domain::{accounts, instruments};
use crate::tests::account_site::{call_api, signed_in};
use crate::tests::support::{Answer, App, Browser, JANE, JOHN, MERCHANT, config, recipient_token};
use fps_protocol::cbui::Pipeline;
use fps_protocol::ids::AccessKey;
use fps_protocol::{Parameters, Secret, api_request};
use http::StatusCode;
use platform::web::access_table::{NO_SUCH_METHOD, Row, differences, not_told_apart};
use serde_json::json;
use url::Url;

/// Nobody, the sender of the payment, another person, its recipient, the caller that made it, and another caller.
const PEOPLE: [Option<&str>; 6] =
    [None, Some(JOHN), Some(JANE), Some(MERCHANT), Some("caller@example.com"), Some("caller2@example.com")];

/// What each of them gets, in that order: `o` an answer, `s` a page to sign in on, `h` that there is no such page, `r` a
/// refusal.
const ALL: &str = "oooooo";
const SIGNED_IN: &str = "sooooo";
const SENDER: &str = "sohhhh";
const RECIPIENT: &str = "shhohh";
const PARTIES: &str = "sohooh";
const CALLER: &str = "shhhoh";
/// Of the Co-Branded UI: whose authorization it is; anybody else can only change accounts, or leave.
const DECIDING: &str = "sorrrr";
const NOBODY: &str = "hhhhhh";
const REFUSED: &str = "rrrrrr";

const ROWS: &[Row] = &[
    // The Query API takes signatures: who is signed in is all the same to it.
    ("GET", "/", ALL),
    ("GET", "/robots.txt", ALL),
    ("GET", "/?signed=caller", ALL),
    ("GET", "/?signed=another", REFUSED),
    ("GET", "/?Action=GetTransactionStatus", REFUSED),
    ("POST", "/", REFUSED),
    ("GET", "/certs/{name}/PKICert.pem", ALL),
    // Nobody pays themselves: the recipient is asked for another account.
    ("GET", "/cobranded-ui/actions/start", "soosoo"),
    // Not signed.
    ("POST", "/cobranded-ui/actions/start", REFUSED),
    ("GET", "/cobranded-ui/{id}", DECIDING),
    ("GET", "/cobranded-ui/{id}/sign-in", "oorrrr"),
    ("POST", "/cobranded-ui/{id}/sign-in", ALL),
    ("GET", "/cobranded-ui/{id}/create-account", "oorrrr"),
    ("POST", "/cobranded-ui/{id}/create-account", ALL),
    ("GET", "/cobranded-ui/{id}/instrument", DECIDING),
    ("POST", "/cobranded-ui/{id}/instrument", DECIDING),
    ("GET", "/cobranded-ui/{id}/add-card", DECIDING),
    ("POST", "/cobranded-ui/{id}/add-card", DECIDING),
    ("GET", "/cobranded-ui/{id}/add-bank-account", DECIDING),
    ("POST", "/cobranded-ui/{id}/add-bank-account", DECIDING),
    ("GET", "/cobranded-ui/{id}/address", DECIDING),
    ("POST", "/cobranded-ui/{id}/address", DECIDING),
    ("GET", "/cobranded-ui/{id}/confirm", DECIDING),
    ("POST", "/cobranded-ui/{id}/confirm", DECIDING),
    // Whoever knows the address, which cannot be guessed: it only ends without a token.
    ("POST", "/cobranded-ui/{id}/cancel", ALL),
    ("GET", "/account/sign-in", ALL),
    ("POST", "/account/sign-in", ALL),
    ("GET", "/account/create", ALL),
    ("POST", "/account/create", ALL),
    ("GET", "/account", SIGNED_IN),
    ("GET", "/account/activity.csv", SIGNED_IN),
    ("GET", "/account/transactions/{id}", PARTIES),
    ("POST", "/account/transactions/{id}/cancel", SENDER),
    ("POST", "/account/transactions/{id}/refund", RECIPIENT),
    ("POST", "/account/transactions/{id}/refund-request", SENDER),
    ("GET", "/account/mail", SIGNED_IN),
    ("POST", "/account/mail/read", SIGNED_IN),
    ("GET", "/account/mail/{id}", SENDER),
    ("GET", "/account/mail/{id}/text", SENDER),
    ("GET", "/account/balance", SIGNED_IN),
    ("POST", "/account/balance/deposit", SIGNED_IN),
    ("POST", "/account/balance/withdraw", SIGNED_IN),
    ("GET", "/account/instruments", SIGNED_IN),
    ("GET", "/account/instruments/add-card", SIGNED_IN),
    ("POST", "/account/instruments/add-card", SIGNED_IN),
    ("GET", "/account/instruments/add-bank-account", SIGNED_IN),
    ("POST", "/account/instruments/add-bank-account", SIGNED_IN),
    ("POST", "/account/instruments/{id}/remove", SENDER),
    ("GET", "/account/tokens", SIGNED_IN),
    ("POST", "/account/tokens/{id}/cancel", SENDER),
    ("GET", "/account/profile", SIGNED_IN),
    ("POST", "/account/profile", SIGNED_IN),
    ("GET", "/account/security", SIGNED_IN),
    ("POST", "/account/security/password", SIGNED_IN),
    ("POST", "/account/security/sessions/{handle}/end", SIGNED_IN),
    ("GET", "/account/developer", SIGNED_IN),
    ("POST", "/account/developer", SIGNED_IN),
    ("GET", "/account/developer/settings", SIGNED_IN),
    ("GET", "/account/developer/sites", SIGNED_IN),
    ("GET", "/account/developer/notifications", SIGNED_IN),
    ("GET", "/account/developer/calling", SIGNED_IN),
    ("POST", "/account/developer/{key}/secret", CALLER),
    ("POST", "/account/developer/{key}/settings", CALLER),
    ("POST", "/account/developer/{key}/sites", CALLER),
    ("POST", "/account/developer/{key}/sites/remove", CALLER),
    // Those that end sessions come last.
    ("POST", "/account/security/sessions/end-others", SIGNED_IN),
    ("POST", "/cobranded-ui/{id}/switch-account", "ssssss"),
    ("POST", "/account/sign-out", ALL),
];

/// For programs of this machine: they look at no session.
const CONTROL: &[Row] = &[
    ("GET", "/_control", NOBODY),
    ("POST", "/_control", NOBODY),
    ("GET", "/_control/clock", ALL),
    ("POST", "/_control/clock", ALL),
    ("POST", "/_control/tokens", ALL),
    ("GET", "/_control/ledger", ALL),
    ("GET", "/_control/notifications", ALL),
    ("GET", "/_control/accounts", ALL),
    ("POST", "/_control/accounts", REFUSED),
    ("GET", "/_control/books/accounts/{id}", NOBODY),
    ("GET", "/_control/books/invariants", ALL),
    ("GET", "/_control/books/transactions/{id}", ALL),
    ("GET", "/_control/books/trial-balance", ALL),
    ("GET", "/_control/callers", ALL),
    ("POST", "/_control/callers", REFUSED),
    ("POST", "/_control/callers/{access_key}/secret", NOBODY),
    ("GET", "/_control/notifications/{id}", NOBODY),
    ("POST", "/_control/notifications/{id}/replay", NOBODY),
    ("GET", "/_control/processor", ALL),
    ("POST", "/_control/processor", REFUSED),
    ("GET", "/_control/tokens", ALL),
    ("POST", "/_control/tokens/{id}/cancel", NOBODY),
    ("POST", "/_control/transactions/{id}/decide", REFUSED),
    ("POST", "/_control/reset", ALL),
];

fn profile_of_the_lab(expected: &'static str) -> Row {
    ("POST", "/account/profile/lab", expected)
}

/// What is in the addresses of the payment and authorizations that the test has.
struct World {
    app: App,
    people: Vec<Browser>,
    certificate: String,
    paid: String,
    reserved: String,
    token: String,
    mail: String,
    instrument: String,
    /// Authorizations that John has entered: one to look at, one to confirm, one to leave.
    entered: [String; 3],
}

impl World {
    /// By what people and callers do, with the lab or without.
    async fn set(config: Config) -> Self {
        let app = App::with(config).await;
        let (paid, reserved) = (transaction(&app, "Pay").await, transaction(&app, "Reserve").await);
        let tips = app.asks(Pipeline::MultiUse, "tips", &[("globalAmountLimit", "100.00")]);
        let (mut john, review) = at_review(&app, &tips).await;
        let token = app.returned(&john.confirm(&review).await.to()).await.get("tokenID").unwrap().to_owned();
        let mailbox = john.get("/account/mail").await.expect(StatusCode::OK).body;
        let mail = mailbox.split("href=\"/account/mail/").nth(1).and_then(|rest| rest.split('"').next());
        let account = accounts::find_by_email(&app.payments.db, JOHN).await.unwrap().unwrap();
        let instruments = instruments::all_of_account(&app.payments.db, &account.id).await.unwrap();
        let card = instruments.iter().find(|instrument| instrument.label.starts_with("Visa")).unwrap();
        let certificate = app.payments.signer.identity().await.unwrap().certificate_url.path().to_owned();
        let mut entered = Vec::new();
        for reference in ["look", "confirm", "leave"] {
            let (_, review) = at_review(&app, &app.asks_for_payment(reference)).await;
            entered.push(review.split('/').nth(2).unwrap().to_owned());
        }
        let mut people = Vec::new();
        for person in PEOPLE {
            people.push(match person {
                Some(email) => signed_in(&app, email).await,
                None => app.browser(),
            });
        }
        Self {
            people,
            certificate: certificate.split('/').nth(2).unwrap().to_owned(),
            paid,
            reserved,
            token,
            mail: mail.unwrap().to_owned(),
            instrument: card.id.to_string(),
            entered: entered.try_into().unwrap(),
            app,
        }
    }

    /// The address of a route in this world.
    fn address(&self, path: &str) -> String {
        let [look, confirm, leave] = &self.entered;
        let id = match path.split('/').nth(2).unwrap_or_default() {
            "{id}" if path.ends_with("/confirm") => confirm,
            "{id}" if path.ends_with("/cancel") => leave,
            "{id}" => look,
            "transactions" if path.ends_with("/cancel") => &self.reserved,
            "tokens" => &self.token,
            "mail" => &self.mail,
            "instruments" => &self.instrument,
            _ => &self.paid,
        };
        match path {
            "/?signed=caller" => self.signed(FIRST_CALLER, "digitaldownload-demo-secret"),
            "/?signed=another" => self.signed(SECOND_CALLER, "second-demo-secret"),
            "/cobranded-ui/actions/start" => {
                let start = self.app.asks_for_payment("start");
                format!("{}?{}", start.path(), start.query().unwrap())
            }
            path => path
                .replace("{id}", id)
                .replace("{key}", FIRST_CALLER)
                .replace("{name}", &self.certificate)
                .replace("{handle}", "none"),
        }
    }

    /// A caller's question how the payment stands.
    fn signed(&self, access_key: &str, secret: &str) -> String {
        let call = Parameters::from_iter([
            ("Action", "GetTransactionStatus"),
            ("TransactionId", self.paid.as_str()),
        ]);
        let (key, secret) = (AccessKey::new(access_key).unwrap(), Secret::new(secret));
        let (site, now) = (&self.app.payments.config.public_url, self.app.clock.now());
        format!("/?{}", api_request::sign("GET", site, call, &key, &secret, now).to_query())
    }

    async fn ask(&mut self, person: usize, method: &str, path: &str) -> char {
        let address = self.address(path);
        let mail = self.mail.clone();
        let browser = &mut self.people[person];
        let answer = match (method, path) {
            ("GET", _) => browser.get(&address).await,
            (_, "/_control/clock") => browser.post_json(path, json!({ "freeze": true })).await,
            (_, "/_control/tokens") => browser.post_json(path, a_click()).await,
            (_, "/account/mail/read") => browser.post(path, &[("up_to", &mail)]).await,
            (_, "/account/profile/lab") => browser.post(path, &[("set", "active")]).await,
            _ if path.starts_with("/_control") => browser.post_json(path, json!({})).await,
            _ => browser.post(&address, &[]).await,
        };
        verdict(&answer)
    }

    /// The rows are all that the router has.
    async fn check(&mut self, rows: &[Row]) {
        let routes = self.app.payments.routes();
        let ask = async |person: usize, method: &str, path: &str| self.ask(person, method, path).await;
        let wrong = differences(&routes, rows, ask).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn nobody_controls(&mut self, expected: char) {
        for (method, path, _) in CONTROL {
            for person in 0..PEOPLE.len() {
                assert_eq!(self.ask(person, method, path).await, expected, "{method} {path}");
            }
        }
    }
}

/// John in the Co-Branded UI, and where he reviews what is asked.
async fn at_review(app: &App, asked: &Url) -> (Browser, String) {
    let mut john = app.browser();
    let review = john.go_to_review(asked, JOHN, "Account balance").await;
    (john, review)
}

/// A payment of John's; its id.
async fn transaction(app: &App, action: &str) -> String {
    let (mut john, review) = at_review(app, &app.asks_for_payment(action)).await;
    let answer = app.returned(&john.confirm(&review).await.to()).await;
    let call = Parameters::from_iter([
        ("Action", action),
        ("SenderTokenId", answer.get("tokenID").unwrap()),
        ("RecipientTokenId", &recipient_token()),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "10.00"),
        ("CallerReference", action),
    ]);
    call_api(app, call).await
}

fn a_click() -> serde_json::Value {
    json!({
        "access_key": FIRST_CALLER, "pipeline": "SingleUse", "account": JOHN, "payment_method": "ABT",
        "caller_reference": "click",
        "parameters": { "transactionAmount": "10.00", "recipientToken": recipient_token() },
    })
}

fn verdict(answer: &Answer) -> char {
    let leads_to = answer.location.as_deref().unwrap_or_default();
    match answer.status {
        StatusCode::METHOD_NOT_ALLOWED => NO_SUCH_METHOD,
        StatusCode::NOT_FOUND => 'h',
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::GONE => 'r',
        StatusCode::SEE_OTHER if leads_to.split('?').next().unwrap().ends_with("/sign-in") => 's',
        status => {
            assert!(!status.is_server_error(), "{}", answer.body);
            'o'
        }
    }
}

#[tokio::test]
async fn everybody_gets_what_is_theirs() {
    let mut world = World::set(config()).await;
    world.check(&[&[profile_of_the_lab(SIGNED_IN)], ROWS, CONTROL].concat()).await;
}

#[tokio::test]
async fn without_the_lab_nobody_controls_and_all_else_is_the_same() {
    let mut world = World::set(Config { lab: false, ..config() }).await;
    world.nobody_controls('h').await;
    world.check(&[&[profile_of_the_lab("shhhhh")], ROWS].concat()).await;
}

#[tokio::test]
async fn where_control_needs_a_token_nobody_controls_without() {
    let mut world = World::set(Config { control_token: Some("letmein".into()), ..config() }).await;
    world.nobody_controls('r').await;
}

/// What is asked for with GET and is no page: files, and ways to another address.
const NO_PAGES: &[&str] = &[
    "/robots.txt",
    "/certs/{name}/PKICert.pem",
    "/cobranded-ui/actions/start",
    "/cobranded-ui/{id}",
    "/account/activity.csv",
    "/account/mail/{id}/text",
];

#[test]
fn the_browser_tests_know_every_page() {
    let pages = include_str!("../../../../../end2end/fixtures/pages.json");
    assert_eq!(not_told_apart(ROWS, pages, "payments", NO_PAGES), [""; 0]);
}
