//! The operator's pages, filled with words that try to be markup.

use super::{all_orders, audit, dispute, disputes, fees, health, item_oversight, items, people, person};
use crate::model::{
    AuditPage, AuditRow, Chrome, CompareCounts, DisputePage, DisputeRow, DisputesPage, FeeRuleRow, FeesPage,
    HealthPage, HoldView, ItemCard, ItemOversight, ItemRow, ItemsPage, JobRow, MessageThread, MessageView,
    NotificationCounts, OrderDifference, OrderSummary, OrdersPage, Paging, PeoplePage, PersonPage, PersonRow,
    RefundAnswer, RefundRequestRow, SaidView, SellerView, UnsentMail, UnsentRow,
};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn filter(words: &str) -> FormState {
    let mut form = FormState::default();
    for field in ["who", "subject", "q", "seller", "buyer", "from", "fixed"] {
        form.set(field, words);
    }
    form
}

fn refused(words: &str, fields: &[&str]) -> FormState {
    let mut form = filter(words);
    for field in fields {
        form.set(field, words);
        form.refuse(field, words);
    }
    form
}

fn held(words: &str) -> HoldView {
    HoldView { at: AT, reason: words.to_owned() }
}

fn line(words: &str) -> AuditRow {
    AuditRow {
        at: AT,
        who: words.to_owned(),
        who_path: Some("/operator/users/u".to_owned()),
        deed: "Held an item".to_owned(),
        subject: words.to_owned(),
        subject_path: None,
        old: words.to_owned(),
        new: words.to_owned(),
        reason: words.to_owned(),
    }
}

fn row(words: &str) -> PersonRow {
    PersonRow {
        id: "u".to_owned(),
        name: words.to_owned(),
        email: words.to_owned(),
        joined_at: AT,
        closed: true,
        deleted_at: None,
        shop: Some(words.to_owned()),
        shop_held: true,
    }
}

fn request(words: &str) -> DisputeRow {
    DisputeRow {
        request: RefundRequestRow {
            order_id: "o".to_owned(),
            title: words.to_owned(),
            buyer: words.to_owned(),
            amount: Money::from_cents(99),
            reason: words.to_owned(),
            at: AT,
        },
        seller: words.to_owned(),
    }
}

fn health_of(words: &str) -> HealthPage {
    HealthPage {
        jobs: vec![JobRow {
            name: "comparison".to_owned(),
            what: "Compares.".to_owned(),
            every: "every 30 s".to_owned(),
            last: "3 s ago, failed".to_owned(),
            running: false,
            failing: true,
            runs: 3,
            failures: 1,
            failure: Some(words.to_owned()),
        }],
        differences: vec![OrderDifference {
            order_id: "o".to_owned(),
            title: words.to_owned(),
            believed: words.to_owned(),
            found: words.to_owned(),
            since: AT,
        }],
        differences_total: 1,
        to_compare: CompareCounts { orders: 2, next: Some(AT), overdue: true },
        counts: NotificationCounts::default(),
        notifications: Vec::new(),
        mail: UnsentMail {
            has_server: true,
            rows: vec![UnsentRow {
                id: "m".to_owned(),
                address: words.to_owned(),
                subject: words.to_owned(),
                at: AT,
                attempts: 8,
                failure: words.to_owned(),
                next: None,
                can_send: true,
            }],
            paging: Paging::default(),
        },
    }
}

/// Each with its name.
pub fn hostile_pages(
    chrome: &Chrome,
    words: &str,
    card: &ItemCard,
    order: &OrderSummary,
) -> Vec<(&'static str, String)> {
    let item = ItemRow { card: card.clone(), listed_at: AT, held: true };
    let rule = FeeRuleRow {
        id: "f".to_owned(),
        reach: words.to_owned(),
        words: words.to_owned(),
        begins_at: None,
        examples: [Money::ZERO; 3],
    };
    let one = PersonPage {
        person: row(words),
        operator: false,
        second_factor: true,
        closed: Some(held(words)),
        shop: Some(SellerView {
            id: "m".to_owned(),
            name: words.to_owned(),
            registered: false,
            held: Some(held(words)),
            fee_words: words.to_owned(),
            cap_words: words.to_owned(),
            earned: Money::ZERO,
        }),
        bought: vec![order.clone()],
        sold: vec![order.clone()],
        history: vec![line(words)],
        form: refused(words, &["reason", "shop_reason"]),
    };
    let found =
        PeoplePage { people: vec![row(words)], form: filter(words), more: true, ..PeoplePage::default() };
    let listed = ItemsPage { items: vec![item.clone()], form: filter(words), ..ItemsPage::default() };
    let overseen = ItemOversight {
        row: item,
        seller_path: "/operator/users/u".to_owned(),
        seller_held: true,
        held: Some(held(words)),
        history: vec![line(words)],
        form: refused(words, &["reason"]),
    };
    let log =
        AuditPage { entries: vec![line(words)], form: refused(words, &["from"]), ..AuditPage::default() };
    let placed = OrdersPage { orders: vec![order.clone()], form: filter(words), ..OrdersPage::default() };
    let rules = FeesPage {
        present: vec![rule.clone()],
        coming: vec![rule],
        categories: vec![("music".to_owned(), words.to_owned())],
        form: refused(words, &["fixed", "from", ""]),
    };
    let asked = DisputesPage {
        escalated: vec![request(words)],
        waiting: vec![request(words)],
        declined: vec![request(words)],
    };
    let decided = DisputePage {
        row: request(words),
        request_id: words.to_owned(),
        answer: RefundAnswer::Escalated {
            declined_at: Some(AT),
            said: SaidView { at: AT, words: words.to_owned() },
        },
        may_decide: true,
        messages: thread(words),
        price: Money::from_cents(99),
        form: refused(words, &["amount", "reason"]),
    };
    vec![
        ("operator_audit", audit(chrome, &log)),
        ("operator_users", people(chrome, &found)),
        ("operator_user", person(chrome, &one)),
        ("operator_items", items(chrome, &listed)),
        ("operator_item", item_oversight(chrome, &overseen)),
        ("operator_orders", all_orders(chrome, &placed)),
        ("operator_fees", fees(chrome, &rules)),
        ("operator_disputes", disputes(chrome, &asked)),
        ("operator_dispute", dispute(chrome, &decided)),
        ("operator_health", health(chrome, &health_of(words))),
    ]
}

#[test]
fn the_file_of_the_log_and_further_pages_keep_the_filter() {
    let page = AuditPage {
        entries: vec![line("x")],
        query: "who=olga&deed=item-held".to_owned(),
        paging: Paging { newer: None, older: Some("older=1-a".to_owned()) },
        ..AuditPage::default()
    };
    let html = audit(&Chrome::default(), &page);
    assert!(html.contains("/operator/audit.csv?who=olga&amp;deed=item-held"), "{html}");
    assert!(html.contains("/operator/audit?who=olga&amp;deed=item-held&amp;older=1-a"), "{html}");
}

#[test]
fn what_was_declined_is_the_sellers_to_change() {
    let page = DisputePage {
        row: request("x"),
        request_id: "q".to_owned(),
        answer: RefundAnswer::Declined { at: AT },
        may_decide: false,
        messages: thread("It skips at the second minute."),
        price: Money::from_cents(99),
        form: FormState::default(),
    };
    let html = dispute(&Chrome::default(), &page);
    assert!(!html.contains("<form method=\"post\" action=\"/operator"), "{html}");
    assert!(html.contains("only the seller can change that"));
    assert!(html.contains("It skips at the second minute.") && html.contains("/orders/"), "{html}");
}

fn thread(text: &str) -> MessageThread {
    let message =
        MessageView { author: text.to_owned(), own: false, text: text.to_owned(), at: Timestamp::UNIX_EPOCH };
    MessageThread {
        messages: vec![message],
        may_write: true,
        reader: text.to_owned(),
        ..MessageThread::default()
    }
}
