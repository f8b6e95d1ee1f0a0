//! What people and programs list of an account: the first page of many transactions against that of few.

use crate::load::{self, Answer, Load};
use crate::report::Series;
use crate::{Failure, address, options, start};
use fps_protocol::actions::{ActivityDate, GetAccountActivity, PaymentRequest, Request};
use fps_protocol::ids::{AccessKey, CallerReference, TokenId};
use fps_protocol::{Parameters, Secret, api_request};
use http::header::{CONTENT_TYPE, SET_COOKIE};
use money::Money;
use platform::Clock;
use serde_json::{Value, json};
use server::{Options, Running, Sites};
use std::io;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// The second demo caller: it has no address for notifications, so that none are sent meanwhile.
const ACCESS_KEY: &str = "DDCALLER000000000002";
const SECRET: &str = "second-demo-secret";
const SENDER: &str = "john@example.com";
const RECIPIENT: &str = "merchant@example.com";
const AMOUNT: Money = Money::from_cents(2);
const FEW: usize = 60;
const MANY: usize = 20_000;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(400);

pub async fn measure(server: &Handle, data: &TempDir) -> Result<(), Failure> {
    let few = Site::filled(server, data, "few", FEW).await?;
    let many = Site::filled(server, data, "many", MANY).await?;
    println!("LISTS of an account with {FEW} payments and with {MANY}: the first page, 1 connection,");
    println!("{ROUNDS} rounds of {ROUND:?} each, in turn; requests/s, and how many times as long it takes");
    println!("{:<25}{:<22}{:<22}times (goal: at most 1.5)", "list", FEW, MANY);
    for list in ["GetAccountActivity", "/account", "/account/balance"] {
        let (mut of_few, mut of_many) = (Series::default(), Series::default());
        for _ in 0..ROUNDS {
            of_few.push(few.repeat(list).await?);
            of_many.push(many.repeat(list).await?);
        }
        println!("{list:<25}{of_few}{of_many}{:.2}", of_few.against(&of_many));
    }
    let begun = std::time::Instant::now();
    let rows = many.count_rows("/account/activity.csv").await?;
    println!("/account/activity.csv    {rows} lines in {:.0?}, in pieces", begun.elapsed());
    for site in [few, many] {
        server.spawn(site.running.stop()).await?;
    }
    Ok(())
}

/// A payments site with a person who is signed in.
struct Site {
    running: Running,
    address: String,
    cookie: String,
}

impl Site {
    /// With so many payments of one buyer to one caller.
    async fn filled(server: &Handle, data: &TempDir, name: &str, payments: usize) -> Result<Self, Failure> {
        let shop_url = Some(Url::parse("http://localhost:3000")?);
        let options = Options { sites: Sites::Payments, shop_url, ..options(data, name) };
        let running = start(server, options).await?;
        let address = address(&running, Running::payments_url)?;
        let cookie = sign_in(&address).await?;
        let site = Self { running, address, cookie };
        // One for as many payments as there are to be.
        let sender = site.token("MultiUse", SENDER, json!({ "globalAmountLimit": "500.00" })).await?;
        let recipient = site.token("Recipient", RECIPIENT, json!({ "recipientPaysFee": "True" })).await?;
        let pay = |number: usize| {
            let reference = CallerReference::new(format!("list-{number}"))?;
            let mut pay = PaymentRequest::new(sender.clone(), AMOUNT, reference);
            pay.recipient_token_id = Some(recipient.clone());
            site.signed(Request::Pay(pay).to_parameters())
        };
        let calls = (0..payments).map(pay).collect::<Result<Vec<_>, Failure>>()?;
        let all = Load { address: site.address.clone(), connections: 64, limit: None };
        all.send_each(calls, |_, answer| expect(answer, "<TransactionStatus>Success<")).await?;
        Ok(site)
    }

    async fn token(&self, pipeline: &str, account: &str, parameters: Value) -> Result<TokenId, Failure> {
        let wish = json!({
            "access_key": ACCESS_KEY, "pipeline": pipeline, "account": account, "payment_method": "ABT",
            "caller_reference": format!("list-{pipeline}"), "parameters": parameters,
        });
        let request = platform::http_client().post(format!("http://{}/_control/tokens", self.address));
        let answer = request.header(CONTENT_TYPE, "application/json").body(wish.to_string()).send().await?;
        let made: Value = serde_json::from_str(&answer.text().await?)?;
        let token = made["token_id"].as_str().ok_or_else(|| format!("no token in {made}"))?;
        Ok(TokenId::new(token)?)
    }

    fn signed(&self, call: Parameters) -> Result<Vec<u8>, Failure> {
        let (access_key, secret) = (AccessKey::new(ACCESS_KEY)?, Secret::new(SECRET));
        let at = Clock::system().wall();
        let endpoint = self.running.payments_url();
        let signed = api_request::sign("POST", endpoint, call, &access_key, &secret, at);
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        Ok(load::post(&self.address, "/", form, &signed.to_query()))
    }

    async fn repeat(&self, list: &str) -> Result<crate::report::Rate, Failure> {
        let (request, words) = if list.starts_with('/') {
            (self.page(list), "Older")
        } else {
            let request = GetAccountActivity {
                start_date: ActivityDate::Day("2000-01-01".parse()?),
                end_date: None,
                max_batch_size: None,
                sort_order: None,
                operation: None,
                payment_method: None,
                roles: Vec::new(),
                status: None,
            };
            (self.signed(Request::GetAccountActivity(request).to_parameters())?, "<BatchSize>20<")
        };
        let load = Load { address: self.address.clone(), connections: 1, limit: Some(ROUND) };
        Ok(load.repeat(request, move |answer| expect(answer, words)).await?)
    }

    fn page(&self, path: &str) -> Vec<u8> {
        let (address, cookie) = (&self.address, &self.cookie);
        format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\nCookie: {cookie}\r\n\r\n"
        )
        .into_bytes()
    }

    async fn count_rows(&self, path: &str) -> Result<usize, Failure> {
        let request = platform::http_client().get(format!("http://{}{path}", self.address));
        Ok(request.header("cookie", &self.cookie).send().await?.text().await?.lines().count())
    }
}

async fn sign_in(address: &str) -> Result<String, Failure> {
    let request = platform::http_client().post(format!("http://{address}/account/sign-in"));
    let body = format!("email={}&password=amazonpayments", SENDER.replace('@', "%40"));
    let answer = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send().await?;
    let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
    let cookie = cookie.and_then(|cookie| cookie.split(';').next());
    Ok(cookie.ok_or("nobody was signed in")?.to_owned())
}

fn expect(answer: Answer<'_>, words: &str) -> io::Result<()> {
    if load::contains(answer.body, words) {
        return Ok(());
    }
    Err(io::Error::other(format!("not what was expected: {}", String::from_utf8_lossy(answer.body))))
}
