use super::*;
use jiff::{SignedDuration, Timestamp};
use lab_pages::model::{Arrow, ArrowKind, Chrome, FollowPage, Step};
use lab_pages::pages::{beside, follow as follow_page, follow_export};
use platform::lab::{About, Change, PostedLine};

/// A purchase as both sites tell of it, in the order in which they do.
struct Story {
    at: Timestamp,
    events: Vec<Event>,
}

fn about(request: &str, transactions: &[&str]) -> About {
    About {
        request: Some(request.to_owned()).filter(|id| !id.is_empty()),
        references: vec!["ref-1".to_owned()],
        transactions: transactions.iter().map(ToString::to_string).collect(),
        ..About::default()
    }
}

fn posted(lines: &[(&str, &str)]) -> Change {
    let line = |(account, amount): &(&str, &str)| PostedLine {
        account: (*account).to_owned(),
        amount: (*amount).to_owned(),
    };
    Change::Posted { name: "T1".to_owned(), lines: lines.iter().map(line).collect() }
}

fn transaction(id: &str, operation: &str, status: &str, amount: &str, is_new: bool) -> Change {
    let [id, operation, status, amount] = [id, operation, status, amount].map(str::to_owned);
    Change::Transaction { id, operation, status, amount, is_new, is_fee: false }
}

/// John pays 0.99: 0.06 to Amazon, 0.10 to the marketplace, which the merchant pays.
fn paid() -> [Change; 2] {
    [
        posted(&[("account:john", "-0.99"), ("account:merchant", "0.93"), ("amazon:fees", "0.06")]),
        posted(&[("account:merchant", "-0.10"), ("account:market", "0.10")]),
    ]
}

impl Story {
    fn new() -> Self {
        Self { at: "2026-11-03T05:07:09Z".parse().unwrap(), events: Vec::new() }
    }

    fn tell(&mut self, site: Site, about: About, what: What) -> &mut Self {
        self.at += SignedDuration::from_millis(20);
        self.events.push(Event { at: self.at, wall: self.at, site, about, what });
        self
    }

    fn later(&mut self, days: i64) -> &mut Self {
        self.at += SignedDuration::from_hours(24 * days);
        let clock = What::Clock { now: self.at, offset_seconds: 86_400 * days, frozen: false, speed: 1 };
        self.tell(Site::Payments, About::default(), clock)
    }

    fn order(&mut self, before: &str, after: &str, by: &str) -> &mut Self {
        let about = About {
            orders: vec!["order-1".to_owned()],
            references: vec!["ref-1".to_owned()],
            ..About::default()
        };
        let [before, after, by] = [before, after, by].map(str::to_owned);
        let amount = Some("0.99".to_owned());
        self.tell(
            Site::Shop,
            about,
            What::Order {
                before,
                after,
                by,
                amount,
                title: "A <song> & more".to_owned(),
                item: Some("/items/a-song".to_owned()),
            },
        )
    }

    /// To the Co-Branded UI and back.
    fn authorized(&mut self) -> &mut Self {
        let pipeline = || "SingleUse".to_owned();
        let url = || "http://127.0.0.1:8081/cobranded-ui?signature=x".to_owned();
        self.tell(Site::Shop, about("", &[]), What::SentToPay { pipeline: pipeline(), url: url() })
            .order("", "AwaitingAuthorization", "Placed")
            .tell(
                Site::Payments,
                about("", &[]),
                What::AuthorizationOpened { pipeline: pipeline(), query: "a=b".to_owned() },
            )
            .written(
                "",
                "page",
                &[],
                vec![Change::TokenIssued { token: "K".to_owned(), token_type: pipeline() }],
            )
            .tell(
                Site::Payments,
                about("", &[]),
                What::AuthorizationEnded { status: "SA".to_owned(), url: url() },
            )
            .tell(
                Site::Shop,
                about("", &[]),
                What::Returned {
                    status: "SA".to_owned(),
                    genuine: true,
                    path: "/payments/return".to_owned(),
                },
            )
            .order("AwaitingAuthorization", "Authorized", "Authorized")
    }

    fn written(&mut self, request: &str, by: &str, transactions: &[&str], changes: Vec<Change>) -> &mut Self {
        self.tell(Site::Payments, about(request, transactions), What::Written { by: by.to_owned(), changes })
    }

    /// Amazon's end of a call; an empty answer is one that was lost.
    fn request(&mut self, request: &str, action: &str, code: &str, answer: &str) -> &mut Self {
        let what = What::Request {
            action: action.to_owned(),
            method: "GET".to_owned(),
            host: "127.0.0.1:8081".to_owned(),
            path: "/".to_owned(),
            query: format!(
                "Action={action}&TransactionAmount.Value=0.99&CallerDescription=it%27s&Signature=s3cret&Timestamp=now"
            ),
            body: String::new(),
            status: 200,
            code: code.to_owned(),
            answer: answer.to_owned(),
            duration_us: 900,
        };
        self.tell(Site::Payments, about(request, &[]), what)
    }

    fn asked(&mut self, request: &str, action: &str, outcome: &str) -> &mut Self {
        let [action, outcome] = [action, outcome].map(str::to_owned);
        self.tell(
            Site::Shop,
            about(request, &[]),
            What::Asked { asked: "Charge $0.99 and divide it".to_owned(), action, outcome },
        )
    }

    fn attempt(
        &mut self,
        number: i64,
        http_status: Option<i64>,
        error: Option<&str>,
        then: &str,
    ) -> &mut Self {
        let about = About { notification: Some("n-1".to_owned()), ..about("", &["T1"]) };
        let what = What::Attempt {
            notification_type: "TransactionStatus".to_owned(),
            summary: "PAY SUCCESS".to_owned(),
            url: "http://localhost:8080/payments/ipn".to_owned(),
            number,
            http_status,
            error: error.map(str::to_owned),
            then: then.to_owned(),
        };
        self.tell(Site::Payments, about, what)
    }

    fn received(&mut self) -> &mut Self {
        let what = What::Received {
            summary: "TransactionStatus PAY SUCCESS".to_owned(),
            genuine: true,
            outcome: "taken".to_owned(),
        };
        self.tell(Site::Shop, about("", &["T1"]), what)
    }

    fn call(&mut self, action: &str, status: &str, mut changes: Vec<Change>) -> &mut Self {
        let request = format!("r-{action}");
        changes.insert(0, transaction("T1", action, status, "0.99", action != "Settle"));
        self.written(&request, action, &["T1"], changes)
            .request(&request, action, "Success", "<xml/>")
            .asked(&request, action, status)
    }

    fn drawing(&self) -> Drawing {
        follow(&self.seen(), Subject::Order("order-1"), &context()).unwrap()
    }

    fn seen(&self) -> Vec<Seen<'_>> {
        (1..).zip(&self.events).map(|(id, event)| Seen { id, event }).collect()
    }
}

fn context() -> Context {
    let owner = |name: &str, part, now: &str| Owner {
        name: name.to_owned(),
        account: "Amazon Payments balance".to_owned(),
        part,
        now: Some(now.to_owned()),
    };
    Context {
        accounts: HashMap::from([
            ("account:john".to_owned(), owner("John Doe", Part::Person, "499.01")),
            ("account:merchant".to_owned(), owner("Music by Ann", Part::Person, "10.83")),
            ("account:market".to_owned(), owner("DigitalDownload", Part::Caller, "5.10")),
            (
                "amazon:fees".to_owned(),
                Owner { account: "Fees".to_owned(), ..owner("Amazon", Part::Amazon, "2.06") },
            ),
        ]),
        shop: Some("http://localhost:8080".to_owned()),
        payments: "http://127.0.0.1:8081".to_owned(),
    }
}

fn happy() -> Story {
    let mut story = Story::new();
    story
        .authorized()
        .call("Pay", "Success", paid().to_vec())
        .order("Authorized", "Paid", "Payment")
        .received()
        .attempt(1, Some(200), None, "delivered");
    story
}

fn reserved() -> Story {
    let mut story = Story::new();
    let held = Change::Held { account: "account:john".to_owned(), amount: "0.99".to_owned() };
    story.authorized().call("Reserve", "Reserved", vec![held]).order("Authorized", "Reserved", "Payment");
    story
}

fn settled() -> Story {
    let mut story = reserved();
    let captured = Change::Captured { account: "account:john".to_owned(), amount: "0.99".to_owned() };
    let changes = std::iter::once(captured).chain(paid()).collect();
    story.later(2).order("Reserved", "Fulfilling", "Fulfil").call("Settle", "Success", changes).order(
        "Fulfilling",
        "Paid",
        "Payment",
    );
    story
}

fn expired() -> Story {
    let mut story = reserved();
    let released = Change::Released { account: "account:john".to_owned(), amount: "0.99".to_owned() };
    let changes = vec![transaction("T1", "Reserve", "Cancelled", "0.99", false), released];
    story.later(7).written("", "expiry", &["T1"], changes).order("Reserved", "Cancelled", "Payment");
    story
}

fn declined() -> Story {
    let mut story = Story::new();
    story
        .authorized()
        .call("Pay", "Pending", Vec::new())
        .order("Authorized", "Paying", "Payment")
        .written("", "processor", &["T1"], vec![transaction("T1", "Pay", "Failure", "0.99", false)])
        .order("Paying", "PaymentFailed", "Payment");
    story
}

fn retried() -> Story {
    let mut story = Story::new();
    story
        .authorized()
        .call("Pay", "Success", paid().to_vec())
        .attempt(1, None, Some("lost on the way, as the lab wanted"), "pending")
        .later(1)
        .received()
        .attempt(2, Some(200), None, "delivered");
    story
}

fn refunded() -> Story {
    let mut story = happy();
    let back = posted(&[
        ("account:merchant", "-0.83"),
        ("account:market", "-0.10"),
        ("amazon:fees", "-0.06"),
        ("account:john", "0.99"),
    ]);
    story.order("Paid", "Refunding", "GiveRefund").call("Refund", "Success", vec![back]).order(
        "Refunding",
        "Refunded",
        "Refund",
    );
    story
}

/// The answer to a Pay is lost, and it is asked again with the same reference.
fn unanswered() -> Story {
    let mut story = Story::new();
    let changes = std::iter::once(transaction("T1", "Pay", "Success", "0.99", true)).chain(paid()).collect();
    story
        .authorized()
        .written("r-1", "Pay", &["T1"], changes)
        .request("r-1", "Pay", "Success", "")
        .asked("", "Pay", "No answer")
        .request("r-2", "Pay", "Success", "<xml/>")
        .asked("r-2", "Pay", "Success")
        .order("Authorized", "Paid", "Payment");
    story
}

fn all() -> [(&'static str, Story); 8] {
    [
        ("happy", happy()),
        ("reserved", reserved()),
        ("settled", settled()),
        ("expired", expired()),
        ("declined", declined()),
        ("retried", retried()),
        ("refunded", refunded()),
        ("unanswered", unanswered()),
    ]
}

/// Each arrow on a line: `Buyer>Shop Buyer presses the button $0.99`.
fn told(drawing: &Drawing) -> Vec<String> {
    let line = |arrow: &Arrow| {
        let amount = arrow.amount.as_ref().map(|amount| format!(" {amount}")).unwrap_or_default();
        let sign = if arrow.is_lost { "-x" } else { ">" };
        format!("{}{sign}{} {}{amount}", drawing.lane(arrow.from), drawing.lane(arrow.to), arrow.label)
    };
    drawing.arrows().map(line).collect()
}

#[test]
fn a_payment_is_told_from_the_button_to_the_notification() {
    let drawing = happy().drawing();
    assert_eq!(
        told(&drawing),
        [
            "Buyer>Shop Buyer presses the button: A <song> & more $0.99",
            "Shop>Buyer Shop sends the browser to Amazon, with signed parameters",
            "Buyer>Amazon Payments Browser opens Amazon's page; the signature fits (SingleUse)",
            "Amazon Payments>Amazon Payments The permission is written down: a SingleUse token",
            "Amazon Payments>Buyer Amazon sends the browser back, signed: SA, the buyer agreed, and pays from the Amazon Payments balance",
            "Buyer>Shop Browser brings the signed return: SA",
            "Shop>Shop Order: Authorized",
            "Shop>Amazon Payments Shop asks Amazon: Pay $0.99",
            "Amazon Payments>Amazon Payments Amazon takes on the Pay: Success $0.99",
            "Buyer>Amazon Payments John Doe pays $0.99",
            "Amazon Payments>Shop DigitalDownload gets $0.10",
            "Amazon Payments>Merchant Music by Ann gets $0.83",
            "Amazon Payments>Amazon Payments Amazon keeps: Fees $0.06",
            "Amazon Payments>Shop Amazon answers: Success",
            "Shop>Shop Order: Paid",
            "Amazon Payments>Shop Amazon notifies: PAY SUCCESS",
        ]
    );
    assert_eq!((drawing.state.as_str(), drawing.query.as_str()), ("Paid", "order=order-1"));
    let balances: Vec<_> = drawing
        .balances
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                row.name,
                row.before.as_deref().unwrap(),
                row.change,
                row.after.as_deref().unwrap()
            )
        })
        .collect();
    assert_eq!(
        balances,
        [
            "John Doe $500.00 −$0.99 $499.01",
            "DigitalDownload $5.00 +$0.10 $5.10",
            "Amazon $2.00 +$0.06 $2.06",
            "Music by Ann $10.00 +$0.83 $10.83",
        ]
    );
}

fn has(drawing: &Drawing, words: &[&str]) {
    let told = told(drawing);
    let mut from = 0;
    for word in words {
        let found = told.iter().skip(from).position(|line| line.contains(word));
        from += found.unwrap_or_else(|| panic!("{word:?} after {from} of {told:#?}")) + 1;
    }
}

fn gaps(drawing: &Drawing) -> Vec<&str> {
    drawing
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Gap { words, .. } => Some(words.as_str()),
            Step::Arrow(_) => None,
        })
        .collect()
}

/// The commits of one order are told each by itself.
#[test]
fn what_happened_to_an_order_is_told_in_turn_though_the_later_was_told_first() {
    let mut story = Story::new();
    story.authorized();
    let told = |drawing: &Drawing| {
        let steps = told(drawing).into_iter().filter(|step| step.contains("Order:"));
        steps.collect::<Vec<_>>()
    };
    let authorized = story.events.pop().unwrap();
    assert!(matches!(&authorized.what, What::Order { after, .. } if after == "Authorized"), "{authorized:?}");
    story.order("Authorized", "PaymentFailed", "PayFailed");
    story.events.push(authorized);
    let drawing = story.drawing();
    assert_eq!(drawing.state, "Payment failed");
    let told = told(&drawing);
    assert!(
        matches!(&told[..], [.., before, last] if before.contains("Authorized") && last.contains("Payment failed")),
        "{told:?}"
    );
}

#[test]
fn money_that_is_held_is_taken_when_the_merchant_fulfils() {
    let drawing = settled().drawing();
    has(
        &drawing,
        &[
            "Shop asks Amazon: Reserve $0.99",
            "Amazon holds money of John Doe $0.99",
            "Order: Reserved",
            "The clock is set to",
            "Merchant>Shop Merchant fulfils the order",
            "Shop asks Amazon: Settle",
            "Settle is now Success",
            "What was held is taken from John Doe $0.99",
            "Music by Ann gets $0.83",
            "Order: Paid",
        ],
    );
    assert_eq!(gaps(&drawing), ["2 days later: the clock was moved"]);
}

#[test]
fn what_goes_wrong_is_told_as_well() {
    let drawing = expired().drawing();
    has(
        &drawing,
        &[
            "Reserve is now Cancelled: nobody took the money in time",
            "free again for John Doe",
            "Order: Cancelled",
        ],
    );
    assert!(drawing.balances.is_empty(), "nothing moved");
    assert_eq!(gaps(&drawing), ["7 days later: the clock was moved"]);

    has(
        &declined().drawing(),
        &[
            "Amazon answers: Pending",
            "Pay is now Failure: declined by the card or the bank",
            "Order: Payment failed",
        ],
    );
    has(
        &retried().drawing(),
        &[
            "Amazon Payments-xShop Amazon notifies: PAY SUCCESS",
            "lost on the way, as the lab wanted; Amazon will try again",
            "Amazon Payments>Shop Amazon notifies again, the 2nd time: PAY SUCCESS",
        ],
    );
    let refund = refunded().drawing();
    has(
        &refund,
        &[
            "Merchant gives money back",
            "Shop asks Amazon: Refund",
            "Shop>Amazon Payments DigitalDownload gives back $0.10",
            "Merchant>Amazon Payments Music by Ann gives back $0.83",
            "Amazon Payments>Amazon Payments Amazon gives back: Fees $0.06",
            "Amazon Payments>Buyer John Doe gets back $0.99",
            "Order: Refunded",
        ],
    );
    assert!(refund.balances.is_empty(), "all is as it was");
    has(
        &unanswered().drawing(),
        &[
            "Shop asks Amazon: Pay $0.99",
            "John Doe pays $0.99",
            "Amazon Payments-xShop Amazon answers: Success",
            "The answer was lost: the shop must ask again",
            "Shop asks Amazon: Pay $0.99",
            "Amazon Payments>Shop Amazon answers: Success",
        ],
    );
}

#[test]
fn other_purchases_are_left_out_and_change_balances_meanwhile() {
    let mut story = happy();
    let mut other = Story::new();
    let foreign = About { references: vec!["other".to_owned()], ..About::default() };
    let changes = vec![posted(&[("account:john", "-5"), ("account:merchant", "5")])];
    other.tell(Site::Payments, foreign, What::Written { by: "Pay".to_owned(), changes });
    story.events.append(&mut other.events);
    let drawing = story.drawing();
    assert_eq!(drawing.arrows().count(), happy().drawing().arrows().count());
    let john = drawing.balances.first().unwrap();
    assert_eq!((john.before.as_deref(), john.after.as_deref()), (Some("$505.00"), Some("$504.01")));
    let refunded = refunded();
    let by_transaction = follow(&refunded.seen(), Subject::Transaction("T1"), &context()).unwrap();
    assert_eq!(told(&by_transaction), told(&refunded.drawing()), "one purchase has many names");
    assert!(follow(&refunded.seen(), Subject::Order("T1"), &context()).is_none());
    let latest = latest(&refunded.seen(), &context(), 10);
    assert_eq!(latest.len(), 1);
    let first = latest.first().unwrap();
    assert_eq!(
        (first.buyer.as_str(), first.amount.as_str(), first.href.as_str()),
        ("John Doe", "$0.99", "/lab/follow?order=order-1")
    );
}

/// Tags close in the order in which they were opened, and attributes are quoted.
fn is_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').unwrap_or_else(|| panic!("an open tag: {}", &rest[at..])) + at;
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (at, _) in svg.match_indices('&') {
        let entity = svg[at..].split_inclusive(';').next().unwrap();
        assert!(["&amp;", "&lt;", "&gt;", "&quot;"].contains(&entity), "{entity}");
    }
}

#[test]
fn every_drawing_can_be_looked_at_read_and_taken_away() {
    for (name, story) in all() {
        let drawing = story.drawing();
        let count = drawing.arrows().count();
        let mut ids: Vec<_> = drawing.arrows().map(|arrow| arrow.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id is used twice");
        assert!(drawing.arrows().all(|arrow| arrow.href.starts_with("/lab")), "{name}");

        let svg = follow_export::svg(&drawing);
        is_well_formed(&svg);
        assert_eq!(svg.matches("<a ").count(), count, "{name}");
        assert_eq!(svg.matches(" href=\"/lab").count(), count, "{name}");
        assert!(!svg.contains(" style="), "{name}");

        let page = FollowPage { drawing: Some(drawing.clone()), ..FollowPage::default() };
        let chrome = Chrome { shop: Some("http://localhost:8080/".to_owned()), ..Chrome::default() };
        for html in [follow_page(&chrome, &page), beside(&chrome, Some(&drawing))] {
            assert_eq!(html.matches("class=\"follow-step").count(), count, "{name}");
            assert_eq!(html.matches("class=\"f-arrow").count(), count, "{name}");
            assert!(
                html.contains("data-live=\"follow\"")
                    && !html.contains(" style=")
                    && !html.contains("<style")
            );
        }
        is_mermaid(&follow_export::mermaid(&drawing), &drawing);
        let http = follow_export::http(&drawing);
        assert!(!http.contains("s3cret") && http.contains("'CallerDescription=it'\\''s'"), "{http}");
        let playwright = follow_export::playwright(&drawing);
        assert!(
            playwright.contains("await page.goto(\"http://localhost:8080/items/a-song\");"),
            "{playwright}"
        );
        assert!(
            playwright.ends_with("});\n")
                && playwright.contains(&format!("getByText(\"{}\")", drawing.state))
        );
    }
}

fn is_mermaid(text: &str, drawing: &Drawing) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("sequenceDiagram"));
    let mut messages = 0;
    for line in lines.map(str::trim) {
        if let Some(rest) = line.strip_prefix("participant L") {
            assert!(rest.contains(" as "), "{line}");
            continue;
        }
        let (head, words) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        let arrows = ["-->>", "->>", "-x", "-)"];
        assert!(head.starts_with("Note over L") || arrows.iter().any(|arrow| head.contains(arrow)), "{line}");
        // A code is `#`, digits, `;`: nothing else may end a statement.
        for (at, _) in words.match_indices(';') {
            let before = words[..at].trim_end_matches(|c: char| c.is_ascii_digit());
            assert!(before.ends_with('#'), "{line}");
        }
        messages += 1;
    }
    assert_eq!(messages, drawing.steps.len());
}

#[test]
fn a_caller_without_a_shop_is_a_program() {
    let mut story = Story::new();
    story.written("r-1", "Pay", &["T1"], paid().to_vec()).request("r-1", "Pay", "Success", "<xml/>");
    let drawing = follow(&story.seen(), Subject::Transaction("T1"), &context()).unwrap();
    has(
        &drawing,
        &[
            "Program>Amazon Payments Program asks Amazon: Pay $0.99",
            "John Doe pays",
            "Amazon Payments>Program Amazon answers: Success",
        ],
    );
    assert_eq!(drawing.shop, None);
    assert_eq!(drawing.calls.len(), 1);
    assert_eq!(drawing.arrows().next().map(|arrow| arrow.kind), Some(ArrowKind::Call));
}

#[test]
#[ignore = "writes pages, to look at them: the folder is in FOLLOW_PAGES"]
fn pages_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var_os("FOLLOW_PAGES").unwrap());
    let chrome = Chrome {
        path: "/lab/follow".to_owned(),
        shop: Some("http://localhost:8080/".to_owned()),
        clock: "now".to_owned(),
    };
    for (name, story) in all() {
        let drawing = story.drawing();
        std::fs::write(folder.join(format!("{name}.svg")), follow_export::svg(&drawing)).unwrap();
        std::fs::write(folder.join(format!("{name}-beside.html")), beside(&chrome, Some(&drawing))).unwrap();
        let page = FollowPage { drawing: Some(drawing), ..FollowPage::default() };
        std::fs::write(folder.join(format!("{name}.html")), follow_page(&chrome, &page)).unwrap();
    }
    let seen = refunded();
    let page = FollowPage {
        latest: latest(&seen.seen(), &context(), 9),
        asked: "x".to_owned(),
        refused: Some("Nothing that is kept names x. Choose a purchase below.".to_owned()),
        ..FollowPage::default()
    };
    std::fs::write(folder.join("choice.html"), follow_page(&chrome, &page)).unwrap();
}
