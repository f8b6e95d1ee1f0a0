//! A seller's desk: what needs doing, customers, messages.

use super::buying::{asked, escalated, order, request, split_of, to_fulfil};
use super::goods::{ENTRIES, at, boss, card, john, martha};
use app::form::FormState;
use money::Money;
use shop_pages::model::{
    Bearer, CouponRow, CouponStanding, CouponsPage, Customer, CustomerPage, CustomersPage, Listing,
    ListingState, MerchantDesk, MerchantNotice, MessageThread, MessageView, MessagesPage, NoticesPage,
    OrderActions, OrderPage, OrderStatus, Paging, RefundAnswer, RequestStep, SellPage, ThreadRow,
    WaitingOrders,
};
use shop_pages::pages;

pub fn desk() -> MerchantDesk {
    let none = OrderActions::default();
    let fulfil = OrderActions { fulfil: true, ..none };
    let notice = |minutes, text: &str, unread| MerchantNotice {
        order_id: "1".to_owned(),
        text: text.to_owned(),
        at: at(minutes),
        unread,
    };
    let listing = |number: usize, sold| {
        let entry = ENTRIES[number];
        let state = if number == 3 { ListingState::Draft } else { ListingState::Published };
        Listing {
            card: card(entry),
            state,
            split: split_of(entry.5),
            sold,
            stock: (number > 30).then_some(sold),
        }
    };
    MerchantDesk {
        name: "Right Here Records".to_owned(),
        registered: true,
        cancelled: false,
        held: None,
        refund_requests: Vec::new(),
        to_fulfil: WaitingOrders {
            orders: vec![order(34, OrderStatus::Reserved, fulfil), order(36, OrderStatus::Reserved, fulfil)],
            total: 42,
            since: Some(at(34)),
            paging: Paging { newer: None, older: Some("older=36-36".to_owned()) },
        },
        notices: vec![
            notice(200, "John Doe ordered Harbour Lights (LP). $24.00 is reserved: fulfil it.", true),
            notice(90, "John Doe ordered Paper Moons (cassette). $9.00 is reserved: fulfil it.", true),
            notice(0, "John Doe bought Now and Forever.", false),
        ],
        more_notices: true,
        unread_messages: 1,
        sales: vec![
            order(34, OrderStatus::Reserved, none),
            order(0, OrderStatus::Paid, none),
            order(3, OrderStatus::Refunded, none),
        ],
        listings: vec![listing(0, 12), listing(1, 3), listing(3, 1), listing(34, 1), listing(36, 0)],
        more_listings: true,
        earned: Money::from_cents(4_231),
    }
}

fn coupons(owner: Bearer) -> CouponsPage {
    let coupon = |code: &str, standing| CouponRow {
        id: code.to_owned(),
        code: code.to_owned(),
        value: "20 %".to_owned(),
        item: None,
        begins_at: at(0),
        ends_at: None,
        most_uses: Some(10),
        most_each: Some(1),
        used: 3,
        off: Money::from_cents(57),
        standing,
    };
    CouponsPage {
        owner,
        coupons: vec![coupon("SPRING-20", CouponStanding::Good), coupon("OLD", CouponStanding::Withdrawn)],
        items: vec![("now-and-forever".to_owned(), "Now and Forever".to_owned())],
        paging: Paging::default(),
        form: FormState::default(),
    }
}

pub fn seller_pages() -> Vec<(&'static str, String)> {
    let sell = |merchant| SellPage {
        merchant,
        form: FormState::default(),
        fee_words: "$0.05 and 10 % of the price".to_owned(),
    };
    let unregistered = MerchantDesk { registered: false, name: "Brandt Prints".to_owned(), ..desk() };
    let cancelled =
        MerchantDesk { registered: false, cancelled: true, refund_requests: vec![request()], ..desk() };
    let fresh = MerchantDesk {
        to_fulfil: WaitingOrders::default(),
        notices: Vec::new(),
        more_notices: false,
        unread_messages: 0,
        sales: Vec::new(),
        listings: Vec::new(),
        more_listings: false,
        name: "Brandt Prints".to_owned(),
        earned: Money::ZERO,
        registered: true,
        cancelled: false,
        held: None,
        refund_requests: Vec::new(),
    };
    vec![
        ("coupons", pages::coupons(&martha("/sell/coupons"), &coupons(Bearer::Seller))),
        ("operator-coupons", pages::coupons(&boss("/operator/coupons"), &coupons(Bearer::Market))),
        ("sell-start", pages::sell(&john("/sell"), &sell(None))),
        ("sell-register", pages::sell(&john("/sell"), &sell(Some(unregistered)))),
        ("sell-fresh", pages::sell(&john("/sell"), &sell(Some(fresh)))),
        ("sell", pages::sell(&martha("/sell"), &sell(Some(desk())))),
        ("order-to-answer", {
            pages::order(&martha("/orders/1"), &asked(RefundAnswer::Open, RequestStep::Answer, true))
        }),
        ("order-escalated-seller", {
            pages::order(&martha("/orders/1"), &escalated(RequestStep::GrantAfterAll, true))
        }),
        ("sell-cancelled", pages::sell(&martha("/sell"), &sell(Some(cancelled)))),
        ("order-to-fulfil", pages::order(&martha("/orders/1"), &to_fulfil())),
        ("sell-notices", pages::notices(&martha("/sell/notices"), &notices(desk().notices))),
        ("sell-notices-none", pages::notices(&martha("/sell/notices"), &notices(Vec::new()))),
        ("customers", pages::customers(&martha("/sell/customers"), &customers(true))),
        ("customers-none", pages::customers(&martha("/sell/customers"), &customers(false))),
        ("customer", pages::customer(&martha("/sell/customers/1"), &customer())),
        ("messages", pages::messages(&martha("/sell/messages"), &messages(true))),
        ("messages-none", pages::messages(&martha("/sell/messages"), &messages(false))),
        ("order-messages", pages::order(&martha("/orders/1"), &written_about(FormState::default()))),
        ("order-message-refused", pages::order(&martha("/orders/1"), &written_about(refused_message()))),
    ]
}

fn notices(notices: Vec<MerchantNotice>) -> NoticesPage {
    NoticesPage { notices, paging: Paging::default() }
}

fn customers(some: bool) -> CustomersPage {
    let customer = |name: &str, bought: u16, cents, minutes| Customer {
        id: "1".to_owned(),
        name: name.to_owned(),
        bought: u32::from(bought),
        gross: Money::from_cents(cents),
        refunded: if bought > 4 { Money::from_cents(129) } else { Money::ZERO },
        last_at: at(minutes),
    };
    let all = vec![customer("John Doe", 12, 4_812, 300), customer("Jane Doe", 1, 2_400, 4)];
    CustomersPage { customers: if some { all } else { Vec::new() }, paging: Paging::default() }
}

fn customer() -> CustomerPage {
    let none = OrderActions::default();
    let orders = vec![order(34, OrderStatus::Reserved, none), order(0, OrderStatus::Paid, none)];
    CustomerPage { customer: customers(true).customers.remove(0), orders, paging: Paging::default() }
}

fn messages(some: bool) -> MessagesPage {
    let thread = |title: &str, author: &str, text: &str, unread| ThreadRow {
        order_id: "1".to_owned(),
        title: title.to_owned(),
        buyer: "John Doe".to_owned(),
        last_at: at(20),
        last_author: author.to_owned(),
        last_text: text.to_owned(),
        unread,
    };
    let all = vec![
        thread("Harbour Lights (LP)", "John Doe", "Can you send it to my new address?", true),
        thread("Paper Moons (cassette)", "You", "It went out this morning.", false),
    ];
    MessagesPage { threads: if some { all } else { Vec::new() }, paging: Paging::default() }
}

fn written_about(form: FormState) -> OrderPage {
    let message = |author: &str, own, text: &str, minutes| MessageView {
        author: author.to_owned(),
        own,
        text: text.to_owned(),
        at: at(minutes),
    };
    let thread = MessageThread {
        messages: vec![
            message("John Doe", false, "Can you send it to my new address?\n\n14 Elm Street, same town.", 5),
            message("You", true, "Yes. It goes out tomorrow.", 65),
        ],
        paging: Paging::default(),
        form,
        may_write: true,
        reader: "John Doe".to_owned(),
    };
    OrderPage { messages: Some(thread), ..to_fulfil() }
}

fn refused_message() -> FormState {
    let mut form = FormState::default();
    form.refuse("text", "Enter a message.");
    form
}
