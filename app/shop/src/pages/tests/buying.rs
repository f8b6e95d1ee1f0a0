//! Items, the checkout, orders.

use super::samples::{RATES, checkout_page, file, item_page, offer, order_page, split};
use super::*;
use money::Money;

#[test]
fn an_order_shows_only_the_buttons_that_can_work() {
    let none = OrderActions::default();
    let cases = [
        (none, &[][..]),
        (OrderActions { cancel: true, ..none }, &["cancel"][..]),
        (OrderActions { refund: true, ..none }, &["refund"][..]),
        (OrderActions { restart: true, ..none }, &["restart"][..]),
        (OrderActions { fulfil: true, cancel: true, ..none }, &["fulfil", "cancel"][..]),
    ];
    for (actions, possible) in cases {
        let html = order(&chrome(), &order_page("Song", OrderStatus::Reserved, actions));
        for step in ["cancel", "refund", "restart", "fulfil"] {
            let shown = html.contains(&format!("action=\"/orders/order-1/{step}\""));
            assert_eq!(shown, possible.contains(&step), "{step} with {actions:?}");
            assert_eq!(shown, html.contains(&format!("aria-describedby=\"{step}-effect\"")));
        }
    }
}

#[test]
fn the_checkout_says_what_each_way_costs_and_carries_what_it_says() {
    let html = checkout(&chrome(), &checkout_page(true, false));
    for words in ["$4.50 for sending it, $5.49 in all.", "$12.00 for sending it, $12.99 in all."] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(html.contains(r#"name="shown_standard" value="0.99+4.50""#), "{html}");
    assert!(html.contains(r#"name="shown_express" value="0.99+12.00""#));
    assert!(html.contains(r#"<option value="Canada">"#) && html.contains(r#"list="countries""#));
    let one = RateRow { express: None, ..RATES };
    let html =
        checkout(&chrome(), &CheckoutPage { shipping: Some(offer(Some(one))), ..checkout_page(true, false) });
    assert!(!html.contains(r#"value="express""#), "what is not offered cannot be chosen");
    let none = RateRow { standard: None, ..one };
    let html = checkout(
        &chrome(),
        &CheckoutPage { shipping: Some(offer(Some(none))), ..checkout_page(true, false) },
    );
    assert!(html.contains("Song does not send to this country (United States)."), "{html}");
    let html =
        checkout(&chrome(), &CheckoutPage { shipping: Some(offer(None)), ..checkout_page(true, false) });
    assert!(html.contains(r#"name="shown_express" value="""#), "nothing was shown yet");
    let html = checkout(&chrome(), &checkout_page(false, true));
    assert!(html.contains(r#"name="shown" value="0.99+0.00""#));
    assert!(html.contains("You can take all of your money back yourself within 30 days"));
}

#[test]
fn an_item_tells_of_its_seller_and_the_sellers_terms() {
    let html = item(&chrome(), &ItemPage { rates: vec![RATES], ..item_page("Song") });
    for words in ["href=\"/sellers/right-here-records\"", "within 30 days after the sale", "$12.00"] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let away = Availability::OnVacation { words: "Back in May.".to_owned() };
    let html = item(&chrome(), &ItemPage { availability: away, ..item_page("Song") });
    assert!(html.contains("Song is away at present") && html.contains("Back in May."), "{html}");
    assert!(!html.contains("/checkout/") && html.contains("OutOfStock"));
}

#[test]
fn a_receipt_of_a_parcel_has_the_item_and_its_shipping() {
    let page = order_page("Print", OrderStatus::Paid, OrderActions::default());
    let page = OrderPage { physical: true, shipping_price: Money::from_cents(45), ..page };
    for html in [order(&chrome(), &page), thank_you(&chrome(), &page)] {
        for (term, amount) in [("Price", "$0.54"), ("Shipping", "$0.45"), ("Total", "$0.99")] {
            let line = format!("<dt>{term}</dt><dd><span class=\"amount\">{amount}</span></dd>");
            assert!(html.contains(&line), "{line}: {html}");
        }
    }
    // Less was charged than that.
    let page = OrderPage { ordered: Some(Money::from_cents(150)), ..page };
    let html = order(&chrome(), &page);
    for (term, amount) in
        [("Price", "$1.05"), ("Shipping", "$0.45"), ("Total", "$1.50"), ("Charged", "$0.99")]
    {
        let line = format!("<dt>{term}</dt><dd><span class=\"amount\">{amount}</span></dd>");
        assert!(html.contains(&line), "{line}: {html}");
    }
}

#[test]
fn the_buttons_have_the_names_that_others_rely_on() {
    let all = OrderActions { restart: true, cancel: true, refund: true, fulfil: true, review: true };
    let html = order(&chrome(), &order_page("Song", OrderStatus::Reserved, all));
    for name in [">Fulfil</button>", ">Cancel</button>", ">Refund</button>", ">Try again</button>"] {
        assert_eq!(html.matches(name).count(), 1, "{name}");
    }
    assert!(item(&chrome(), &item_page("Song")).contains(">Buy Now</a>"));
    let buy = |physical, instant| checkout(&chrome(), &checkout_page(physical, instant));
    assert!(buy(false, true).contains(">Download Now</button>"));
    assert!(buy(true, false).contains(">Continue to Amazon Payments</button>"));
    assert!(buy(false, false).contains(">Continue to Amazon Payments</button>"));
    assert!(buy(false, true).contains("Amazon Payments</label>"));
    let thanks = thank_you(&chrome(), &order_page("Song", OrderStatus::Paid, OrderActions::default()));
    assert!(thanks.contains("<h1>Thank You</h1>") && thanks.contains(">Keep shopping</a>"));
}

#[test]
fn who_may_not_buy_gets_no_button_for_it() {
    let own = item(&chrome(), &ItemPage { own_item: true, ..item_page("Song") });
    assert!(!own.contains("/checkout/"));
    let owned = ItemPage { owned_order: Some("order-9".to_owned()), ..item_page("Song") };
    let html = item(&chrome(), &owned);
    assert!(html.contains("href=\"/orders/order-9\""), "the order that there is comes first");
}

#[test]
fn the_buyer_sees_who_got_what_and_the_seller_parts_that_add_up() {
    let page = order_page("Song", OrderStatus::Paid, OrderActions::default());
    for buyer in [order(&chrome(), &page), thank_you(&chrome(), &page)] {
        assert!(!buyer.contains("Marketplace fee"));
        assert!(buyer.contains("You paid $0.99 by card"), "{buyer}");
        for part in ["seller $0.74", "marketplace $0.15", "Amazon $0.10"] {
            assert!(buyer.contains(part), "{part}: {buyer}");
        }
    }
    // 0.5145 + 0.1455 + 0.33: each rounded by itself, the parts would make up 1.00.
    let parts = split(990_000, 145_500, 330_000);
    let page =
        OrderPage { split: Some(parts), ..order_page("Song", OrderStatus::Paid, OrderActions::default()) };
    let seller = order(&chrome(), &page);
    assert!(seller.contains("$0.15") && seller.contains("$0.33") && seller.contains("$0.51"), "{seller}");
    assert!(seller.contains("Marketplace fee"));
}

#[test]
fn an_order_that_may_change_by_itself_says_what_it_has_shown() {
    let html = |status| thank_you(&chrome(), &order_page("Song", status, OrderActions::default()));
    for (status, seen) in [
        (OrderStatus::PaymentPending, "PaymentPending-"),
        (OrderStatus::Reserved, "Reserved-"),
        (OrderStatus::AwaitingAuthorization, "AwaitingAuthorization-"),
    ] {
        let live = format!("data-live=\"/orders/order-1/events?seen={seen}");
        assert!(html(status).contains(&live), "{live} in {}", html(status));
    }
    for status in [OrderStatus::Paid, OrderStatus::Refunded, OrderStatus::Failed] {
        assert!(!html(status).contains("data-live"), "{status:?}");
    }
}

#[test]
fn who_looks_at_an_item_that_cannot_be_bought_is_told_why() {
    for (availability, words, to_the_seller) in [
        (Availability::SoldOut, "It is sold out.", "It is sold out"),
        (Availability::Archived, "sells this no more.", "It is archived"),
        (Availability::Draft, "does not sell this at present.", "This item is a draft"),
    ] {
        let page = ItemPage { availability: availability.clone(), ..item_page("Song") };
        let html = item(&chrome(), &page);
        assert!(html.contains(words) && !html.contains("/checkout/"), "{availability:?}");
        assert!(html.contains("schema.org/OutOfStock"));
        let own = item(&chrome(), &ItemPage { own_item: true, ..page });
        assert!(
            own.contains(to_the_seller) && own.contains("/sell/items/now-and-forever"),
            "{availability:?}"
        );
    }
}

#[test]
fn several_files_are_listed_each_with_its_way() {
    let download =
        |number: u32| Download { href: format!("/orders/1/download/{number}"), file: file("a.mp3") };
    let page = OrderPage {
        downloads: vec![download(1), download(2)],
        links: Vec::new(),
        basket: None,
        licence_key: None,
        receipt: None,
        ..order_page("Song", OrderStatus::Paid, OrderActions::default())
    };
    let html = order(&chrome(), &page);
    assert!(
        html.contains("The files are yours")
            && html.contains("Download a.mp3")
            && html.contains("sha256 0123abcd")
    );
}
