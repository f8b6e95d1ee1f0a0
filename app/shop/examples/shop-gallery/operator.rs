//! The operator's pages, in the states that people meet.

use super::buying::order;
use super::goods::{ENTRIES, at, boss, card, martha, song};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;
use shop_pages::model::{
    AuditPage, AuditRow, Availability, CompareCounts, DisputePage, DisputeRow, DisputesPage, FeeRuleRow,
    FeesPage, HealthPage, HoldView, ItemOversight, ItemPage, ItemRow, ItemsPage, JobRow, MessageThread,
    NotificationCounts, OrderActions, OrderDifference, OrderStatus, OrdersPage, Paging, PeoplePage,
    PersonPage, PersonRow, RefundAnswer, RefundRequestRow, SaidView, SellerView, UnsentMail, UnsentRow,
};
use shop_pages::pages;

const REASON: &str = "A reader says that the cover is theirs. Held until we hear from the seller.";

fn hold() -> HoldView {
    HoldView { at: at(5), reason: REASON.to_owned() }
}

fn lines() -> Vec<AuditRow> {
    let line = |deed: &str, subject: &str, old: &str, new: &str, reason: &str| AuditRow {
        at: at(5),
        who: "Olga Operator".to_owned(),
        who_path: Some("/operator/users/1".to_owned()),
        deed: deed.to_owned(),
        subject: subject.to_owned(),
        subject_path: Some("/operator/items/glasshouse".to_owned()),
        old: old.to_owned(),
        new: new.to_owned(),
        reason: reason.to_owned(),
    };
    vec![
        line("Held an item", "Glasshouse", "for sale", "held", REASON),
        line(
            "Made a fee rule",
            "Books",
            "$0.05 and 10 % of the price",
            "8 % of the price, at most $5.00 from 2030-07-01 on",
            "",
        ),
        line("Changed a price", "Tin Roof Weather", "$1.29", "$1.49", ""),
        AuditRow {
            who: "The shop".to_owned(),
            who_path: None,
            ..line(
                "Took the registration back",
                "Lamplight Books",
                "registered with Amazon Payments",
                "cancelled at Amazon Payments",
                "",
            )
        },
    ]
}

fn person(name: &str, shop: Option<&str>, closed: bool) -> PersonRow {
    PersonRow {
        id: "1".to_owned(),
        name: name.to_owned(),
        email: format!("{}@example.com", name.split(' ').next().unwrap_or_default().to_lowercase()),
        joined_at: at(900),
        closed,
        deleted_at: None,
        shop: shop.map(str::to_owned),
        shop_held: false,
    }
}

fn seller(form: FormState) -> PersonPage {
    let orders = vec![order(34, OrderStatus::Reserved, OrderActions::default())];
    PersonPage {
        person: PersonRow { shop_held: true, ..person("Martha Reyes", Some("Right Here Records"), false) },
        operator: false,
        second_factor: true,
        closed: None,
        shop: Some(SellerView {
            id: "1".to_owned(),
            name: "Right Here Records".to_owned(),
            registered: true,
            held: Some(hold()),
            fee_words: "$0.05 and 10 % of the price".to_owned(),
            cap_words: "$1.00 and 20 % of the price".to_owned(),
            earned: Money::from_cents(18_240),
        }),
        bought: Vec::new(),
        sold: orders,
        history: lines(),
        form,
    }
}

fn fees(form: FormState) -> FeesPage {
    let rule = |reach: &str, words: &str, examples: [i32; 3]| FeeRuleRow {
        id: "1".to_owned(),
        reach: reach.to_owned(),
        words: words.to_owned(),
        begins_at: Some(at(40)).filter(|_| reach != "All sellers"),
        examples: examples.map(Money::from_cents),
    };
    FeesPage {
        present: vec![
            rule("All sellers", "$0.05 and 10 % of the price", [15, 105, 1005]),
            rule("Books", "8 % of the price, at least $0.20, at most $5.00", [20, 80, 500]),
        ],
        coming: vec![rule("Lamplight Books", "5 % of the price", [5, 50, 500])],
        categories: vec![("books".to_owned(), "Books".to_owned())],
        form,
    }
}

fn asked() -> DisputeRow {
    DisputeRow {
        request: RefundRequestRow {
            order_id: "1".to_owned(),
            title: "Glasshouse".to_owned(),
            buyer: "John Doe".to_owned(),
            amount: Money::from_cents(149),
            reason: "The second track stops after ten seconds.".to_owned(),
            at: at(20),
        },
        seller: "Right Here Records".to_owned(),
    }
}

fn health() -> HealthPage {
    let job = |name: &str, what: &str, failing: bool| JobRow {
        name: name.to_owned(),
        what: what.to_owned(),
        every: "every 2 s".to_owned(),
        last: if failing { "1 s ago, failed" } else { "1 s ago, did 2 in 14 ms" }.to_owned(),
        running: false,
        failing,
        runs: 1_204,
        failures: u64::from(failing),
        failure: failing.then(|| "Failed 1 s ago: the database does not answer".to_owned()),
    };
    HealthPage {
        jobs: vec![
            job("payment tracking", "Asks Amazon Payments after payments that are open.", false),
            job("comparison", "Compares orders with what Amazon Payments says.", true),
        ],
        differences: vec![OrderDifference {
            order_id: "3".to_owned(),
            title: "The Long Way Down to the Water".to_owned(),
            believed: "Success, $1.29".to_owned(),
            found: "Cancelled, $1.29".to_owned(),
            since: at(2),
        }],
        differences_total: 1,
        to_compare: CompareCounts { orders: 131, next: Some(at(0)), overdue: true },
        counts: NotificationCounts { of: 200, changed: 171, late: 24, refused: 1, ignored: 4, forged: 3 },
        notifications: Vec::new(),
        mail: UnsentMail {
            has_server: true,
            rows: vec![unsent(None), unsent(Some(at(95)))],
            paging: Paging::default(),
        },
    }
}

fn unsent(next: Option<Timestamp>) -> UnsentRow {
    UnsentRow {
        id: "m".to_owned(),
        address: "jane@example.com".to_owned(),
        subject: "Your receipt: The Long Way Down to the Water".to_owned(),
        at: at(1),
        attempts: if next.is_some() { 4 } else { 8 },
        failure: "permanent error (550): 5.1.1 no such mailbox here".to_owned(),
        next,
        can_send: true,
    }
}

pub fn pages() -> Vec<(&'static str, String)> {
    let mut no_reason = FormState::default();
    no_reason.refuse("shop_reason", "Enter a reason.");
    let mut too_much = FormState::default();
    for (field, value) in [("reach", "all"), ("fixed", "2.00"), ("variable", "30")] {
        too_much.set(field, value);
    }
    too_much.refuse("", "This can take up to $2.00 and 30 % of a sale, and 7 sellers agreed to less when they registered with Amazon Payments: Right Here Records, Lamplight Books and 5 more. Amazon would refuse their sales, so nothing was saved.");
    let row = |held| ItemRow { card: card(ENTRIES[4]), listed_at: at(300), held };
    let item = ItemOversight {
        row: row(true),
        seller_path: "/operator/users/1".to_owned(),
        seller_held: false,
        held: Some(hold()),
        history: lines(),
        form: FormState::default(),
    };
    let people = PeoplePage {
        people: vec![
            person("Martha Reyes", Some("Right Here Records"), false),
            person("John Doe", None, false),
            person("Jane Doe", None, true),
        ],
        ..PeoplePage::default()
    };
    let orders = OrdersPage {
        orders: vec![order(34, OrderStatus::Reserved, OrderActions::default())],
        ..OrdersPage::default()
    };
    let decide = DisputePage {
        row: asked(),
        request_id: "q".to_owned(),
        answer: RefundAnswer::Escalated {
            declined_at: Some(at(22)),
            said: SaidView {
                at: at(30),
                words: "Three players do the same.\nI sent a recording.".to_owned(),
            },
        },
        may_decide: true,
        messages: MessageThread::default(),
        price: Money::from_cents(149),
        form: FormState::default(),
    };
    let disputes = DisputesPage { escalated: vec![asked()], waiting: vec![asked()], declined: Vec::new() };
    let own = ItemPage {
        own_item: true,
        availability: Availability::Held,
        hold_reason: Some(REASON.to_owned()),
        ..song()
    };
    let log = AuditPage { entries: lines(), ..AuditPage::default() };
    vec![
        ("operator-audit", pages::audit(&boss("/operator/audit"), &log)),
        ("operator-audit-empty", pages::audit(&boss("/operator/audit"), &AuditPage::default())),
        ("operator-users", pages::people(&boss("/operator/users"), &people)),
        ("operator-user", pages::person(&boss("/operator/users/1"), &seller(no_reason))),
        (
            "operator-items",
            pages::items(
                &boss("/operator/items"),
                &ItemsPage { items: vec![row(true), row(false)], ..ItemsPage::default() },
            ),
        ),
        ("operator-item", pages::item_oversight(&boss("/operator/items/glasshouse"), &item)),
        ("operator-orders", pages::all_orders(&boss("/operator/orders"), &orders)),
        ("operator-fees", pages::fees(&boss("/operator/fees"), &fees(FormState::default()))),
        ("operator-fees-refused", pages::fees(&boss("/operator/fees"), &fees(too_much))),
        ("operator-disputes", pages::disputes(&boss("/operator/disputes"), &disputes)),
        ("operator-dispute", pages::dispute(&boss("/operator/disputes/1"), &decide)),
        ("operator-health", pages::health(&boss("/operator/health"), &health())),
        ("item-held-own", pages::item(&martha("/items/now-and-forever"), &own)),
    ]
}
