//! Jumps of the clock: what falls due on the way happens at its time, one after the other, and what runs out has run out
//! from its time on and not before.

use crate::lab::events;
use crate::on_both_databases;
use crate::quick_start::MADE_TO_ORDER;
use crate::support::{Answer, App, Browser, start_time};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const CALLER: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
const SONG: &str = "now-and-forever";

on_both_databases!(
    what_falls_due_on_the_way_happens_at_its_time_and_in_order,
    what_runs_out_does_so_at_its_time,
);

fn after(seconds: i64) -> Timestamp {
    start_time() + SignedDuration::from_secs(seconds)
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}

/// A payment of the second caller's of which an address is told where nobody listens; as often as it is asked for.
struct Payment {
    sender: String,
    recipient: String,
}

impl Payment {
    async fn new(app: &App) -> Self {
        let (sender, recipient) = app.tokens_of("DDCALLER000000000002", "t1", "5.00").await;
        Self { sender, recipient }
    }

    async fn ask(&self, app: &App) -> Answer {
        let fields = [
            ("SenderTokenId", self.sender.as_str()),
            ("RecipientTokenId", &self.recipient),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", "5.00"),
            ("CallerReference", "p1"),
            ("OverrideIPNURL", "http://127.0.0.1:9/ipn"),
        ];
        app.second_caller().call("Pay", &fields).await
    }
}

/// One jump over all of it: the clock stops where something falls due.
async fn what_falls_due_on_the_way_happens_at_its_time_and_in_order(app: App) {
    let mut john = app.signed_in(JOHN).await;
    app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    app.advance(DAY).await;
    app.buy(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
    assert_eq!(Payment::new(&app).await.ask(&app).await.outcome(), "Success");
    app.settle_down().await;
    let told = events(&app, 0).await;
    let seen = told.last().unwrap()["id"].as_u64().unwrap();

    app.advance(30 * DAY).await;
    let events = events(&app, seen).await;
    let times: Vec<Timestamp> = events.iter().map(|event| time(&event["at"])).collect();
    assert!(times.is_sorted(), "{events:#?}");
    assert_eq!(times.last(), Some(&after(31 * DAY + 1)), "the jump ends where it was to");

    // Again after ten seconds, then ever later, until a day has gone: none of it waits for the end of the jump.
    let sent = app.control("notifications?caller_reference=p1", None).await;
    let attempts = sent[0]["attempts"].as_array().unwrap();
    let waits =
        attempts.windows(2).map(|pair| time(&pair[1]["at"]).duration_since(time(&pair[0]["at"])).as_secs());
    let waits: Vec<i64> = waits.collect();
    let first = [10, 30, 120, 600, 1_800, 3_600, 7_200];
    let fit = waits.iter().zip(first).all(|(wait, planned)| wait == &planned);
    assert!(fit && waits.len() > first.len(), "{waits:?}");
    assert_eq!(sent[0]["state"], "GivenUp", "{sent}");

    // Each reserve ends after its own seven days, and the shop hears of it then.
    let cancelled = events.iter().filter(|event| event["kind"] == "order" && event["after"] == "Cancelled");
    let cancelled: Vec<Timestamp> = cancelled.map(|event| time(&event["at"])).collect();
    assert_eq!(cancelled, [after(7 * DAY), after(8 * DAY)], "{events:#?}");
    app.assert_books_balance().await;
    app.stop().await;
}

/// What is good for a time only.
#[derive(Debug, Clone, Copy)]
enum Lasting {
    Authorization,
    SingleUseToken,
    DownloadLink,
    Coupon,
    IdempotencyRecord,
    Reserve,
    MultiUseToken,
}

/// One of each, and how to see whether it is good still.
struct World {
    app: App,
    john: Browser,
    review: Url,
    link: Url,
    single_use: String,
    multi_use: String,
    payment: Payment,
    /// Its transaction.
    paid: String,
    reserve: String,
}

impl World {
    /// All at the start, but the reserve after an hour and the token for one payment after two.
    async fn new(app: App) -> Self {
        let mut john = app.signed_in(JOHN).await;
        let song = app.buy(&mut john, SONG, JOHN, "Account balance").await;
        john.post(app.shop(&format!("{song}/links")), &[("number", "1")]).await.expect_status(303);
        let page = john.get(app.shop(&song)).await.text();
        let link =
            page.split('"').find(|part| part.contains("/downloads/")).unwrap_or_else(|| panic!("{page}"));
        let link = app.shop("/").parse::<Url>().unwrap().join(link).unwrap();
        let mut merchant = app.signed_in("merchant@example.com").await;
        let until = after(3 * DAY).strftime("%Y-%m-%d").to_string();
        let coupon = [("code", "SPRING"), ("kind", "percent"), ("off", "20"), ("until", until.as_str())];
        merchant.post(app.shop("/sell/coupons"), &coupon).await.expect_status(303);
        let review = app.to_review(&mut john, MADE_TO_ORDER, JOHN, "Account balance").await;
        let parameters = json!({ "globalAmountLimit": "50.00" });
        let made = app.click(CALLER, "MultiUse", JOHN, "ABT", "multi", parameters).await;
        let multi_use = made["token_id"].as_str().unwrap().to_owned();
        let payment = Payment::new(&app).await;
        let paid = payment.ask(&app).await.expect("TransactionId");
        app.advance(HOUR).await;
        let token = app.sender_token(CALLER, JOHN, "ABT", "5.00", "r").await;
        let reserve = app.caller().reserve(&token, "5.00", "r1").await.expect("TransactionId");
        app.advance(HOUR).await;
        let single_use = app.sender_token(CALLER, JOHN, "ABT", "5.00", "single").await;
        Self { app, john, review, link, single_use, multi_use, payment, paid, reserve }
    }

    /// The last second in which it is good, from the start.
    fn until(thing: Lasting) -> i64 {
        let midnight = start_time().as_second().rem_euclid(DAY);
        match thing {
            Lasting::Authorization => 3 * HOUR,
            Lasting::SingleUseToken => 5 * HOUR,
            Lasting::DownloadLink => DAY,
            Lasting::Coupon => 4 * DAY - midnight,
            Lasting::IdempotencyRecord => 7 * DAY,
            Lasting::Reserve => 7 * DAY + HOUR,
            Lasting::MultiUseToken => 365 * DAY,
        }
    }

    async fn is_good(&mut self, thing: Lasting) -> bool {
        let app = &self.app;
        let is_active = async |token: &str| {
            let found = app.caller().call("GetTokenByCaller", &[("TokenId", token)]).await;
            found.expect("TokenStatus") == "Active"
        };
        match thing {
            Lasting::Authorization => self.john.get(&self.review).await.status == 200,
            Lasting::SingleUseToken => is_active(&self.single_use).await,
            Lasting::MultiUseToken => is_active(&self.multi_use).await,
            Lasting::DownloadLink => Browser::new().get(&self.link).await.status == 200,
            Lasting::Coupon => {
                let mut jane = app.signed_in("jane@example.com").await;
                let typed = [("coupon", "SPRING"), ("update", "coupon")];
                jane.post(app.shop(&format!("/checkout/{SONG}")), &typed).await.status == 200
            }
            Lasting::IdempotencyRecord => {
                self.payment.ask(app).await.element("TransactionId") == Some(&self.paid)
            }
            Lasting::Reserve => {
                app.caller().status(&self.reserve).await.expect("TransactionStatus") == "Reserved"
            }
        }
    }
}

/// Each goes at its time, and those that last longer stay.
async fn what_runs_out_does_so_at_its_time(app: App) {
    let mut world = World::new(app).await;
    let mut now = 2 * HOUR;
    let things = [
        Lasting::Authorization,
        Lasting::SingleUseToken,
        Lasting::DownloadLink,
        Lasting::Coupon,
        Lasting::IdempotencyRecord,
        Lasting::Reserve,
        Lasting::MultiUseToken,
    ];
    assert!(things.is_sorted_by_key(|thing| World::until(*thing)));
    for (place, thing) in things.into_iter().enumerate() {
        let until = World::until(thing);
        for (moment, good) in [(until - 60, true), (until + 60, false)] {
            world.app.advance(moment - now).await;
            now = moment;
            assert_eq!(world.is_good(thing).await, good, "{thing:?} after {moment} s");
        }
        if let Some(next) = things.get(place + 1) {
            assert!(world.is_good(*next).await, "{next:?} outlives {thing:?}");
        }
    }
    world.app.assert_books_balance().await;
    world.app.stop().await;
}
