//! What people and programs list of an account: the first page of many transactions against that of few.

use crate::Failure;
use crate::calls::SENDER;
use crate::load::{self, Answer, Load};
use crate::payments_site::{PaymentsSite, expect};
use crate::report::{Progress, Rate, Series};
use fps_protocol::Parameters;
use fps_protocol::actions::{ActivityDate, GetAccountActivity, Request};
use http::header::{CONTENT_TYPE, SET_COOKIE};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;

const FEW: usize = 60;
const MANY: usize = 20_000;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(400);
/// Of one page in a round, at the most.
const LOOKS: usize = 10_000;

pub async fn measure(server: &Handle, data: &TempDir) -> Result<(), Failure> {
    let few = Site::filled(server, data, "few", FEW).await?;
    let many = Site::filled(server, data, "many", MANY).await?;
    println!("LISTS of an account with {FEW} payments and with {MANY}: the first page, 1 connection,");
    println!("{ROUNDS} rounds of {ROUND:?} each, in turn; requests/s, and how many times as long it takes");
    println!("{:<25}{:<22}{:<22}times (goal: at most 1.5)", "list", FEW, MANY);
    for list in ["GetAccountActivity", "/account", "/account/mail", "/account/balance"] {
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
        server.spawn(site.site.running.stop()).await?;
    }
    Ok(())
}

/// A payments site with a person who is signed in.
struct Site {
    site: PaymentsSite,
    cookie: String,
}

impl Site {
    /// With so many payments of one buyer to one caller.
    async fn filled(server: &Handle, data: &TempDir, name: &str, payments: usize) -> Result<Self, Failure> {
        let site = PaymentsSite::start(server, data, name).await?;
        let cookie = sign_in(&site.address).await?;
        let payer = site.callers.payer().await?;
        let calls = (0..payments).map(|number| site.callers.pay(&payer, &format!("list-{number}"), None));
        let calls = calls.collect::<Result<Vec<_>, Failure>>()?;
        let progress = Progress::new("payments made", payments);
        let all = Load { address: site.address.clone(), connections: 64, limit: None };
        all.send_each(calls, move |_, answer| {
            progress.one_more();
            expect(answer, "<TransactionStatus>Success<")
        })
        .await?;
        Ok(Self { site, cookie })
    }

    async fn repeat(&self, list: &str) -> Result<Rate, Failure> {
        let load = Load { address: self.site.address.clone(), connections: 1, limit: Some(ROUND) };
        if list.starts_with('/') {
            let looks = load::unlike(&self.page(list), LOOKS);
            return Ok(load.send_each(looks, |_, answer| expect(answer, "Older")).await?);
        }
        let call = self.site.callers.signed(activity()?)?;
        Ok(load.repeat(call, |answer: Answer<'_>| expect(answer, "<BatchSize>20<")).await?)
    }

    fn page(&self, path: &str) -> Vec<u8> {
        let (address, cookie) = (&self.site.address, &self.cookie);
        format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\nCookie: {cookie}\r\n\r\n"
        )
        .into_bytes()
    }

    async fn count_rows(&self, path: &str) -> Result<usize, Failure> {
        let request = platform::http_client().get(format!("http://{}{path}", self.site.address));
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

/// The newest transactions of a caller.
pub fn activity() -> Result<Parameters, Failure> {
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
    Ok(Request::GetAccountActivity(request).to_parameters())
}
