//! The shop's public pages with many items of many sellers, against those with few: pages that nobody has asked for
//! before, since what was asked for is kept.

use crate::goals::Goals;
use crate::load::{self, Load};
use crate::payments_site::expect;
use crate::purchase::Browser;
use crate::report::Series;
use crate::settings::Settings;
use crate::{Failure, address, options, start};
use server::Running;
use std::collections::BTreeSet;
use storefront::Many;
use tempfile::TempDir;
use tokio::runtime::Handle;

const FEW: u32 = 300;
const ROUNDS: usize = 5;
const REQUESTS: usize = 40;
const GOAL: f64 = 1.5;

/// The address that is asked for with a number.
type Address = fn(&Shop, usize) -> String;

/// What is asked for, and words of the answer.
const PAGES: [(&str, Address, &str); 12] = [
    ("front page, kept", |_, _| "/".to_owned(), "Popular this week"),
    ("everything, newest first", |_, number| format!("/?max=9{number:03}.00&sort=newest"), "/items/"),
    ("a category", |_, number| format!("/?category=music&max=9{number:03}.00"), "/items/"),
    (
        "a category, by price",
        |_, number| format!("/?category=fonts&max=9{number:03}.00&sort=price"),
        "/items/",
    ),
    (
        "a tag that fills a page in both",
        |_, number| format!("/?tag=print&max=9{number:03}.00&sort=sold"),
        "/items/",
    ),
    // Some items against hundreds, so a few on a page against a whole one.
    ("a tag that few have", |_, number| format!("/?tag=serif&max=9{number:03}.00&sort=sold"), "/items/"),
    ("search: one is found", |_, number| written("/?q=NOW+AND+FOREVER", number), "now-and-forever"),
    (
        "search: one is found, with typos",
        |_, number| written("/?q=NOW+ANDD+FORVER", number),
        "now-and-forever",
    ),
    ("search: all of the many are found", |_, number| written("/?q=MANY+THINGS", number), "/items/"),
    ("suggestions", |_, number| written("/search/suggest?q=FOREV", number), "now-and-forever"),
    ("an item", |shop, number| shop.items[number % shop.items.len()].clone(), "Buy Now"),
    ("a seller", |shop, number| shop.sellers[number % shop.sellers.len()].clone(), "/items/"),
];

/// The letters in another writing for each number.
fn written(text: &str, number: usize) -> String {
    let mut place = 0;
    let write = |letter: char| {
        if !letter.is_ascii_uppercase() {
            return letter;
        }
        place += 1;
        if number >> (place - 1) & 1 == 0 { letter } else { letter.to_ascii_lowercase() }
    };
    text.chars().map(write).collect()
}

struct Shop {
    running: Running,
    address: String,
    items: Vec<String>,
    sellers: Vec<String>,
}

impl Shop {
    /// With so many items, of a tenth as many sellers.
    async fn start(server: &Handle, data: &TempDir, name: &str, items: u32) -> Result<Self, Failure> {
        let options = options(data, name);
        let begun = std::time::Instant::now();
        let many = Many { items, sellers: items.div_ceil(10) };
        // No port is taken yet, and what is seeded has no address in it.
        let seeded = server::Options {
            shop_url: Some("http://localhost:3000".parse()?),
            payments_url: Some("http://127.0.0.1:3001".parse()?),
            ..options.clone()
        };
        server.spawn(async move { server::seed_many(&seeded, many).await }).await??;
        eprintln!("{items} items were seeded in {:.1?}", begun.elapsed());
        let running = start(server, options).await?;
        let mut browser = Browser::default();
        let (mut items, mut sellers) = (BTreeSet::new(), BTreeSet::new());
        for page in 1..=10 {
            let url = running.shop_url().join(&format!("/?sort=newest&page={page}"))?;
            items.extend(links(&browser.get(&url).await?.text, "/items/"));
        }
        // Each once: an item that was looked at is kept.
        let for_their_sellers: Vec<String> = items.iter().step_by(8).cloned().collect();
        for item in &for_their_sellers {
            items.remove(item);
            sellers.extend(links(&browser.get(&running.shop_url().join(item)?).await?.text, "/sellers/"));
        }
        let address = address(&running, Running::shop_url)?;
        Ok(Self {
            running,
            address,
            items: items.into_iter().collect(),
            sellers: sellers.into_iter().collect(),
        })
    }
}

fn links(page: &str, start: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").filter(|rest| rest.starts_with(start));
    hrefs.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

pub async fn measure(
    server: &Handle,
    data: &TempDir,
    settings: &Settings,
    goals: &mut Goals,
) -> Result<(), Failure> {
    let items = u32::try_from(settings.items)?;
    let few = Shop::start(server, data, "catalogue-few", FEW).await?;
    let many = Shop::start(server, data, "catalogue-many", items).await?;
    println!(
        "CATALOGUE of {items} items against {FEW}, each with the demo data's 200: pages that were not asked for"
    );
    println!(
        "before, 1 connection, {ROUNDS} rounds of {REQUESTS} in turn; requests/s, and how many times as long it takes"
    );
    println!("{:<36}{:<22}{:<22}times (goal: at most {GOAL})", "page", FEW, items);
    for (what, path, words) in PAGES {
        let (mut of_few, mut of_many) = (Series::default(), Series::default());
        for round in 0..ROUNDS {
            for (shop, series) in [(&few, &mut of_few), (&many, &mut of_many)] {
                let numbers = round * REQUESTS..(round + 1) * REQUESTS;
                let requests = numbers.map(|number| load::get(&shop.address, &path(shop, number))).collect();
                let load = Load { address: shop.address.clone(), connections: 1, limit: None };
                series.push(load.send_each(requests, move |_, answer| expect(answer, words)).await?);
            }
        }
        let times = of_few.against(&of_many).median();
        println!("{what:<36}{of_few}{of_many}{times:.2}");
        goals.at_most(GOAL, times, &format!("{what}, with {items} items"), "it grows with what is there");
    }
    for shop in [few, many] {
        server.spawn(shop.running.stop()).await?;
    }
    Ok(())
}
