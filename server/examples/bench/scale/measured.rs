//! First pages and Pay of a small world and a large one, in turn.

use super::world::World;
use crate::Failure;
use crate::calls;
use crate::lists::activity;
use crate::load::{self, Answer, Load};
use crate::payments::Receiver;
use crate::payments_site::{expect, expect_success};
use crate::purchase::Browser;
use crate::report::{Rate, Series};
use std::time::Duration;
use tokio::runtime::Handle;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(300);
/// Looks at a person's page in a round, at the most.
const LOOKS: usize = 10_000;
/// Searches of a round, each for another item.
const SEARCHES: usize = 50;
const PAY_ROUNDS: usize = 3;
const PAY_CONNECTIONS: usize = 8;
const PAY_CALLS: usize = 800;
const PAY_ROUND: Duration = Duration::from_millis(900);

const MERCHANT: &str = "merchant@example.com";

/// Who looks.
#[derive(Debug, Clone, Copy)]
enum Who {
    Nobody,
    Shop(&'static str),
    Amazon(&'static str),
    Caller,
    /// Nobody, who looks for other words each time: what was asked before is kept.
    Searcher(fn(usize) -> String),
}

const LISTS: [(&str, Who, &str); 16] = [
    ("front page", Who::Nobody, "/"),
    ("catalogue: one category", Who::Nobody, "/?category=music"),
    ("catalogue: the category of the many", Who::Nobody, "/?category=art"),
    ("search: one is found", Who::Nobody, "/?q=now+and+forever"),
    ("search: all of the many are found", Who::Nobody, "/?q=many+things"),
    ("search: one is found, not asked before", Who::Searcher(one_of_the_many), ""),
    ("search: all of the many are found, not asked before", Who::Searcher(all_of_the_many), ""),
    ("orders of a buyer", Who::Shop(calls::SENDER), "/orders"),
    ("library of a buyer", Who::Shop(calls::SENDER), "/library"),
    ("desk of a seller", Who::Shop(MERCHANT), "/sell"),
    ("operator", Who::Shop("operator@example.com"), "/operator"),
    ("transactions of a sender", Who::Amazon(calls::SENDER), "/account"),
    ("mailbox of a recipient", Who::Amazon(MERCHANT), "/account/mail"),
    ("statement of a recipient", Who::Amazon(MERCHANT), "/account/balance"),
    ("tokens of a sender", Who::Amazon(calls::SENDER), "/account/tokens"),
    ("GetAccountActivity of the caller", Who::Caller, ""),
];

/// What is found by the end of its title, which is its number.
fn one_of_the_many(number: usize) -> String {
    format!("study+{}", number % 200 + 100)
}

/// Words that all of them are described with, written in another way for each number.
fn all_of_the_many(number: usize) -> String {
    let written = |(place, letter): (usize, char)| {
        if number >> place & 1 == 0 { letter } else { letter.to_ascii_uppercase() }
    };
    "many+things+great".chars().enumerate().map(written).collect()
}

/// Requests a second in the small world and in the large one.
pub struct Line {
    pub what: String,
    pub small: Series,
    pub large: Series,
    /// Why there is no figure.
    pub failure: Option<String>,
}

impl Line {
    /// How many times as long it takes in the large one.
    pub fn times(&self) -> f64 {
        if self.failure.is_some() { f64::NAN } else { self.small.against(&self.large).median() }
    }
}

pub async fn measure(server: &Handle, small: &World, large: &World) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for (what, who, path) in LISTS {
        let requests = [requests(small, who, path).await?, requests(large, who, path).await?];
        let mut line =
            Line { what: what.to_owned(), small: Series::default(), large: Series::default(), failure: None };
        for round in 0..ROUNDS {
            for ((address, requests), series) in requests.iter().zip([&mut line.small, &mut line.large]) {
                let load = Load { address: address.clone(), connections: 1, limit: Some(ROUND) };
                let rate = match requests.as_slice() {
                    [request] if matches!(who, Who::Shop(_) | Who::Amazon(_)) => {
                        load.send_each(load::unlike(request, LOOKS), |_, _| Ok(())).await
                    }
                    [request] => load.repeat(request.clone(), |_: Answer<'_>| Ok(())).await,
                    all => {
                        let some = all.iter().skip(round * SEARCHES).take(SEARCHES).cloned().collect();
                        load.send_each(some, |_, answer| expect(answer, "/items/")).await
                    }
                };
                match rate {
                    Ok(rate) => series.push(rate),
                    Err(error) => {
                        line.failure = Some(error.to_string().lines().next().unwrap_or("?").to_owned());
                    }
                }
            }
            if line.failure.is_some() {
                break;
            }
        }
        eprintln!("{what}: {:.2} times", line.times());
        lines.push(line);
    }
    lines.push(pay(server, small, large).await?);
    Ok(lines)
}

/// Where to, and what: one request again and again, or each once.
async fn requests(world: &World, who: Who, path: &str) -> Result<(String, Vec<Vec<u8>>), Failure> {
    let shop = world.shop_url();
    let shop_address = format!("127.0.0.1:{}", shop.port().ok_or("no port")?);
    let amazon = &world.callers.address;
    let get = |address: &str, host: &str, browser: &Browser| {
        let cookie = browser.cookie(host);
        let get = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\nCookie: {cookie}\r\n\r\n"
        );
        vec![get.into_bytes()]
    };
    Ok(match who {
        Who::Nobody => {
            let request = get(&shop_address, "nobody", &Browser::default());
            (shop_address, request)
        }
        Who::Shop(email) => {
            let browser = world.signed_in_to_shop(email).await?;
            let request = get(&shop_address, "localhost", &browser);
            (shop_address, request)
        }
        Who::Amazon(email) => {
            let browser = world.signed_in_to_amazon(email).await?;
            (amazon.clone(), get(amazon, "127.0.0.1", &browser))
        }
        Who::Searcher(words) => {
            let queries = (1..=ROUNDS * SEARCHES).map(|number| format!("/?q={}", words(number)));
            let requests = queries.map(|query| load::get(&shop_address, &query)).collect();
            (shop_address, requests)
        }
        Who::Caller => {
            let call = calls::sign(amazon, &world.callers.endpoint, vec![activity()?])?.pop();
            (amazon.clone(), vec![call.ok_or("no call")?])
        }
    })
}

/// Pay in both, notifications written and kept waiting.
async fn pay(server: &Handle, small: &World, large: &World) -> Result<Line, Failure> {
    let receiver = Receiver::start(server).await?;
    let count = PAY_ROUNDS * PAY_CALLS;
    let mut calls = Vec::new();
    for world in [small, large] {
        calls.push(world.callers.signed_pays(count, &receiver.url).await?.into_iter());
    }
    let what = format!("Pay on {PAY_CONNECTIONS} connections");
    let mut line = Line { what, small: Series::default(), large: Series::default(), failure: None };
    for _ in 0..PAY_ROUNDS {
        let sides = [small, large].into_iter().zip(&mut calls).zip([&mut line.small, &mut line.large]);
        for ((world, calls), series) in sides {
            let address = world.callers.address.clone();
            let load = Load { address, connections: PAY_CONNECTIONS, limit: Some(PAY_ROUND) };
            let batch = calls.by_ref().take(PAY_CALLS).collect();
            let rate: Rate = load.send_each(batch, |_, answer| expect_success(answer)).await?;
            series.push(rate);
        }
    }
    eprintln!("{}: {:.2} times", line.what, line.times());
    Ok(line)
}
