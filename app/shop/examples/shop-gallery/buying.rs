//! From the checkout to the file.

use super::goods::{ENTRIES, at, card, john, offer, seller_of_it, some_cards, song_file, splits_of};
use app::form::FormState;
use money::Money;
use shop_pages::model::{
    Bearer, CheckoutPage, Chrome, ClaimPage, DiscountView, Download, EscalatePage, GuestLinkPage,
    GuestOrderPage, LibraryEntry, LibraryPage, OrderActions, OrderPage, OrderStatus, OrderSummary, Paging,
    PriceSplit, RefundAnswer, RefundDecision, RefundRequestRow, RefundRequestView, RefundRule, RequestStep,
    SaidView, TimelineEntry,
};
use shop_pages::pages;

pub fn order(number: usize, status: OrderStatus, actions: OrderActions) -> OrderSummary {
    let (slug, title, _, seller, _, cents) = ENTRIES[number];
    OrderSummary {
        id: format!("0193a5c0-7f2e-7b11-9d51-2f0f4b1c9a{number:02}"),
        title: title.to_owned(),
        item_slug: slug.to_owned(),
        seller: seller.to_owned(),
        buyer: "John Doe".to_owned(),
        price: Money::from_cents(cents),
        status,
        placed_at: at(0),
        actions,
        unread_messages: 0,
    }
}

fn event(minutes: i64, title: &str, detail: &str) -> TimelineEntry {
    TimelineEntry { at: at(minutes), title: title.to_owned(), detail: detail.to_owned() }
}

fn order_page(order: OrderSummary, physical: bool) -> OrderPage {
    OrderPage {
        promise: None,
        order,
        physical,
        instant: !physical,
        timeline: vec![
            event(0, "Ordered", "You were sent to Amazon Payments."),
            event(
                2,
                "Authorized",
                "You confirmed the payment at Amazon Payments, with your account balance.",
            ),
        ],
        shipping: Vec::new(),
        shipping_price: if physical { Money::from_cents(450) } else { Money::ZERO },
        discount: None,
        shipping_speed: None,
        downloads: Vec::new(),
        links: Vec::new(),
        gift: None,
        guest: None,
        basket: None,
        licence_key: None,
        receipt: None,
        failure: None,
        transaction_id: Some("15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS".to_owned()),
        split: None,
        divided: None,
        refund_request: None,
        refund_rule: RefundRule::AtOnce { days: 30, unless_downloaded: false },
        refund_decision: RefundDecision::AtOnce,
        refunding: None,
        ordered: None,
        tracking: None,
        seller_message: None,
        calls: Vec::new(),
        form: FormState::default(),
        refunded: None,
        messages: None,
        suggestions: some_cards(&[1, 5, 36, 8, 19, 31]),
    }
}

fn download() -> Download {
    Download { href: "/downloads/1".to_owned(), file: song_file() }
}

fn paid() -> OrderPage {
    let refund = OrderActions { refund: true, ..OrderActions::default() };
    let mut page = order_page(order(0, OrderStatus::Paid, refund), false);
    page.timeline.push(event(2, "Paid", "Amazon Payments charged $0.99."));
    OrderPage { downloads: vec![download()], ..page }
}

/// What the buyer asked for, as the seller or the buyer sees it.
pub fn asked(answer: RefundAnswer, step: RequestStep, seller: bool) -> OrderPage {
    let request = RefundRequestView {
        id: "request-1".to_owned(),
        amount: Money::from_cents(99),
        reason: "It stops after a minute.\nOn two players.".to_owned(),
        at: at(3),
        at_amazon: true,
        answer,
        step,
    };
    let page = OrderPage { refund_request: Some(request), ..paid() };
    if seller { OrderPage { split: Some(split_of(99)), downloads: Vec::new(), ..page } } else { page }
}

fn declined(step: RequestStep) -> OrderPage {
    asked(RefundAnswer::Declined { at: at(30) }, step, false)
}

pub fn escalated(step: RequestStep, seller: bool) -> OrderPage {
    let said = SaidView { at: at(40), words: "Three players do the same.\nI sent a recording.".to_owned() };
    asked(RefundAnswer::Escalated { declined_at: Some(at(30)), said }, step, seller)
}

fn refused() -> OrderPage {
    let ruling = SaidView { at: at(60), words: "The recording plays to its end here.".to_owned() };
    asked(RefundAnswer::Refused { ruling }, RequestStep::Nothing, false)
}

fn escalation() -> EscalatePage {
    let page = declined(RequestStep::Escalate);
    let mut form = FormState::default();
    form.refuse("words", "Enter what the marketplace should know.");
    EscalatePage { asked: page.refund_request.expect("it was asked for"), order: page.order, form }
}

pub fn request() -> RefundRequestRow {
    RefundRequestRow {
        order_id: "ord-1".to_owned(),
        title: "Now and Forever".to_owned(),
        buyer: "John Doe".to_owned(),
        amount: Money::from_cents(99),
        reason: "It stops after a minute.".to_owned(),
        at: at(3),
    }
}

fn reserved() -> OrderPage {
    let cancel = OrderActions { cancel: true, ..OrderActions::default() };
    let mut page = order_page(order(34, OrderStatus::Reserved, cancel), true);
    page.timeline.push(event(3, "Reserved", "$24.00 is held for the seller."));
    page.shipping =
        ["Jane Doe", "12 Elm Street", "Portland, OR 97201", "United States"].map(str::to_owned).to_vec();
    OrderPage { shipping_speed: Some("express".to_owned()), ..page }
}

pub fn to_fulfil() -> OrderPage {
    let mut page = reserved();
    page.order.actions = OrderActions { fulfil: true, cancel: true, ..OrderActions::default() };
    OrderPage { split: Some(split_of(2400)), ..page }
}

pub fn split_of(cents: i32) -> PriceSplit {
    let total = Money::from_cents(cents);
    let marketplace = Money::from_micros(50_000 + total.micros() / 10);
    let amazon = Money::from_micros(300_000 + total.micros() * 29 / 1000);
    let merchant = total.split_off(&[marketplace, amazon]).unwrap_or(Money::ZERO);
    PriceSplit { total, merchant, marketplace, amazon }
}

fn failed() -> OrderPage {
    let restart = OrderActions { restart: true, ..OrderActions::default() };
    let page = order_page(order(6, OrderStatus::Failed, restart), false);
    OrderPage {
        failure: Some("The card was declined. Another card, or your balance, may work.".to_owned()),
        ..page
    }
}

fn refused_checkout() -> CheckoutPage {
    let mut form = FormState::default();
    form.set("ship_name", "Jane Doe");
    form.set("ship_speed", "express");
    form.set("payment_method", "amazon-payments");
    form.refuse("ship_line1", "Write the street and the house number.");
    form.refuse("ship_city", "Write the city.");
    CheckoutPage {
        card: card(ENTRIES[34]),
        instant: false,
        seller: seller_of_it(),
        shipping: Some(offer()),
        credit: shop_pages::model::CreditOffer::default(),
        attempt: String::new(),
        guest: false,
        discount: None,
        splits: splits_of(2_400),
        owned_order: Some("o1".to_owned()),
        form,
    }
}

fn asked_for_link() -> GuestLinkPage {
    let mut form = FormState::default();
    form.set("email", "ann");
    form.refuse("email", "Enter an e-mail address like name@example.com.");
    GuestLinkPage { form, written_to: None, lab: true }
}

fn guest_order() -> GuestOrderPage {
    let order = Some(("1".to_owned(), "Now and Forever".to_owned()));
    GuestOrderPage { order, until: 1_900_000_000, key: "key".to_owned(), account: None }
}

fn claimable() -> ClaimPage {
    ClaimPage {
        titles: vec!["Now and Forever".to_owned(), "Glasshouse".to_owned()],
        next: "/orders".to_owned(),
    }
}

pub fn buyer_pages() -> Vec<(&'static str, String)> {
    let none = OrderActions::default();
    let checkout = CheckoutPage {
        card: card(ENTRIES[0]),
        instant: true,
        seller: seller_of_it(),
        shipping: None,
        credit: shop_pages::model::CreditOffer::default(),
        attempt: String::new(),
        guest: false,
        discount: None,
        splits: splits_of(99),
        owned_order: None,
        form: FormState::default(),
    };
    let pending = order_page(order(0, OrderStatus::PaymentPending, none), false);
    let orders = [
        order(34, OrderStatus::Reserved, none),
        order(0, OrderStatus::Paid, none),
        order(3, OrderStatus::RefundPending, none),
        order(23, OrderStatus::SettlePending, none),
        order(6, OrderStatus::Failed, none),
        order(12, OrderStatus::Cancelled, none),
    ];
    let entries = vec![
        LibraryEntry {
            order_id: "1".to_owned(),

            is_gift: false,
            card: card(ENTRIES[0]),
            downloads: vec![download()],
            granted_at: at(3),
            revoked_at: None,
        },
        LibraryEntry {
            order_id: "2".to_owned(),

            is_gift: false,
            card: card(ENTRIES[27]),
            downloads: Vec::new(),
            granted_at: at(3),
            revoked_at: Some(at(4000)),
        },
    ];
    let between = Paging { newer: Some("newer=2-1".to_owned()), older: Some("older=1-2".to_owned()) };
    let library = LibraryPage { entries, paging: Paging::default() };
    let second = LibraryPage { paging: between, ..library.clone() };
    let mut noticed = john("/orders/1");
    noticed.notice = Some("The order was cancelled.".to_owned());
    let cancelled = order_page(order(34, OrderStatus::Cancelled, none), true);
    let lowered = CheckoutPage {
        discount: Some(DiscountView {
            code: "SPRING-20".to_owned(),
            amount: Money::from_cents(19),
            bearer: Bearer::Seller,
        }),
        splits: splits_of(80),
        guest: true,
        ..checkout.clone()
    };
    vec![
        ("checkout-guest", pages::checkout(&Chrome::default(), &lowered)),
        ("guest-link", pages::guest_link(&Chrome::default(), &asked_for_link())),
        ("guest-order", pages::guest_order(&Chrome::default(), &guest_order())),
        ("claim", pages::claim(&john("/guest/claim"), &claimable())),
        ("checkout", pages::checkout(&john("/checkout/now-and-forever"), &checkout)),
        ("checkout-refused", pages::checkout(&john("/checkout/harbour-lp"), &refused_checkout())),
        ("thank-you", pages::thank_you(&john("/orders/1/thank-you"), &paid())),
        ("thank-you-reserved", pages::thank_you(&john("/orders/1/thank-you"), &reserved())),
        ("thank-you-pending", pages::thank_you(&john("/orders/1/thank-you"), &pending)),
        ("orders", pages::orders(&john("/orders"), &orders, &Paging::default())),
        ("orders-none", pages::orders(&john("/orders"), &[], &Paging::default())),
        ("order-paid", pages::order(&john("/orders/1"), &paid())),
        ("order-reserved", pages::order(&john("/orders/1"), &reserved())),
        ("order-refund-asked", {
            let wait = RequestStep::EscalateFrom(at(75));
            pages::order(&john("/orders/1"), &asked(RefundAnswer::Open, wait, false))
        }),
        ("order-refund-declined", pages::order(&john("/orders/1"), &declined(RequestStep::Escalate))),
        ("order-escalated", pages::order(&john("/orders/1"), &escalated(RequestStep::Nothing, false))),
        ("order-refused", pages::order(&john("/orders/1"), &refused())),
        ("escalate", pages::escalate(&john("/orders/1"), &escalation())),
        ("order-failed", pages::order(&john("/orders/1"), &failed())),
        ("order-cancelled", pages::order(&noticed, &cancelled)),
        ("library", pages::library(&john("/library"), &library)),
        ("library-between", pages::library(&john("/library"), &second)),
        ("library-empty", pages::library(&john("/library"), &LibraryPage::default())),
    ]
}
