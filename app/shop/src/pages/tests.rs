//! What the pages promise, checked in the HTML that they give.

use super::*;
use crate::model::*;
use app::form::FormState;
use money::Money;
use std::sync::Arc;

const HOSTILE: &str = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

fn chrome() -> Chrome {
    Chrome { path: "/".to_owned(), site_url: "http://shop.test".to_owned(), ..Chrome::default() }
}

fn signed_in() -> Chrome {
    let viewer =
        Viewer { name: HOSTILE.to_owned(), merchant: true, operator: true, unread: 2, unread_mail: 1 };
    Chrome { viewer: Some(viewer), notice: Some(HOSTILE.to_owned()), ..chrome() }
}

fn card(title: &str) -> ItemCard {
    ItemCard {
        slug: "now-and-forever".to_owned(),
        title: title.to_owned(),
        creator: title.to_owned(),
        seller: title.to_owned(),
        category: "music".to_owned(),
        price: Money::from_cents(99),
        physical: false,
    }
}

fn item_page(title: &str) -> ItemPage {
    ItemPage {
        card: card(title),
        category_name: title.to_owned(),
        description: Description { html: app::components::field::escape_text(title), text: title.to_owned() },
        licence: title.to_owned(),
        instant: true,
        files: vec![file(title)],
        tags: vec![title.to_owned()],
        has_preview: true,
        pictures: vec![Picture { src: "/pictures/x/1".to_owned(), alt: title.to_owned() }],
        sample: Some("/samples/x".to_owned()),
        news: title.to_owned(),
        more_by_seller: vec![card(title)],
        owned_order: None,
        own_item: false,
        availability: Availability::ForSale,
        seller: seller_of_it(),
        rates: Vec::new(),
        hold_reason: None,
    }
}

fn seller_of_it() -> Seller {
    let refund_rule = RefundRule::AtOnce { days: 30, unless_downloaded: false };
    Seller { path: Some("/sellers/right-here-records".to_owned()), refund_rule }
}

const RATES: RateRow = RateRow {
    region: "United States",
    standard: Some(Money::from_cents(450)),
    express: Some(Money::from_cents(1_200)),
};

fn offer(rates: Option<RateRow>) -> ShippingOffer {
    ShippingOffer { countries: vec!["Canada", "United States"], rates }
}

fn seller_page(title: &str) -> SellerPage {
    SellerPage {
        name: title.to_owned(),
        path: "/sellers/right-here-records".to_owned(),
        picture: Some(title.to_owned()),
        about: title.to_owned(),
        links: vec![format!("https://example.com/{title}")],
        refund_rule: RefundRule::OnRequest,
        rates: vec![RATES],
        availability: Availability::OnVacation { words: title.to_owned() },
        items: vec![card(title)],
        paging: Paging::default(),
        own: true,
    }
}

fn summary(title: &str, status: OrderStatus, actions: OrderActions) -> OrderSummary {
    OrderSummary {
        id: "order-1".to_owned(),
        title: title.to_owned(),
        item_slug: "now-and-forever".to_owned(),
        seller: title.to_owned(),
        buyer: title.to_owned(),
        price: Money::from_cents(99),
        status,
        placed_at: "2026-11-23T22:55:00Z".parse().unwrap(),
        actions,
        unread_messages: 0,
    }
}

fn order_page(title: &str, status: OrderStatus, actions: OrderActions) -> OrderPage {
    OrderPage {
        order: summary(title, status, actions),
        physical: false,
        instant: true,
        timeline: vec![TimelineEntry {
            at: "2026-11-23T22:55:00Z".parse().unwrap(),
            title: title.to_owned(),
            detail: title.to_owned(),
        }],
        shipping: vec![title.to_owned()],
        shipping_price: Money::ZERO,
        shipping_speed: Some(title.to_owned()),
        downloads: Vec::new(),
        failure: Some(title.to_owned()),
        transaction_id: Some(title.to_owned()),
        split: None,
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
        messages: Some(MessageThread {
            messages: vec![MessageView {
                author: title.to_owned(),
                own: false,
                text: title.to_owned(),
                at: "2026-11-23T22:55:00Z".parse().unwrap(),
            }],
            may_write: true,
            reader: title.to_owned(),
            ..MessageThread::default()
        }),
        suggestions: vec![card(title)],
    }
}

fn split(total: i64, marketplace: i64, amazon: i64) -> PriceSplit {
    let [total, marketplace, amazon] = [total, marketplace, amazon].map(Money::from_micros);
    PriceSplit { total, merchant: total.split_off(&[marketplace, amazon]).unwrap(), marketplace, amazon }
}

fn file(name: &str) -> FileFacts {
    let (format, sha256) = ("MP3 audio".to_owned(), Some("0123abcd".repeat(8)));
    FileFacts { name: name.to_owned(), format, bytes: 3_400_000, sha256 }
}

fn listing(title: &str) -> Listing {
    let split = split(990_000, 149_000, 328_710);
    Listing { card: card(title), state: ListingState::Published, split, sold: 1, stock: Some(2) }
}

fn edited(title: &str) -> EditedItem {
    EditedItem {
        slug: "now-and-forever".to_owned(),
        title: title.to_owned(),
        state: ListingState::Draft,
        was_published: true,
        version: Some(1),
        files: vec![("uploads/1".to_owned(), file(title))],
        cover: Some("covers/1".to_owned()),
        audio: Some("samples/1".to_owned()),
        page: Some(("samples/2".to_owned(), file(title))),
        pictures: vec![(
            "samples/3".to_owned(),
            Picture { src: "/pictures/x/1".to_owned(), alt: title.to_owned() },
        )],
        missing: vec!["a price".to_owned()],
    }
}

fn editor(categories: Vec<Category>, form: FormState) -> ItemEditorPage {
    let fees = vec![FeeFacts {
        category: Some(HOSTILE.to_owned()),
        fixed: Money::from_cents(5),
        variable: money::Percent::from_ten_thousandths(100_000),
        least: None,
        most: Some(Money::from_cents(500)),
    }];
    ItemEditorPage {
        item: None,
        categories,
        form,
        waiting: vec![WaitingFile { field: "file", key: "uploads/2".to_owned(), file: file(HOSTILE) }],
        fees,
        fee_words: HOSTILE.to_owned(),
        splits: vec![WaySplit {
            label: "Card",
            split: Some(split(990_000, 149_000, 99_500)),
            rules: Vec::new(),
        }],
        preview: Some(Description::default()),
        room_words: HOSTILE.to_owned(),
        largest_file: 1,
    }
}

fn merchant(title: &str) -> MerchantDesk {
    let order =
        summary(title, OrderStatus::Reserved, OrderActions { fulfil: true, ..OrderActions::default() });
    MerchantDesk {
        name: title.to_owned(),
        registered: true,
        cancelled: false,
        held: None,
        refund_requests: Vec::new(),
        to_fulfil: WaitingOrders {
            orders: vec![order.clone()],
            total: 1,
            since: Some(order.placed_at),
            paging: Paging::default(),
        },
        notices: vec![MerchantNotice {
            order_id: "order-1".to_owned(),
            text: title.to_owned(),
            at: "2026-11-23T22:55:00Z".parse().unwrap(),
            unread: true,
        }],
        more_notices: false,
        unread_messages: 0,
        sales: vec![order],
        listings: vec![listing(title)],
        more_listings: false,
        earned: Money::ZERO,
    }
}

fn sell_page(merchant: Option<MerchantDesk>) -> SellPage {
    SellPage { merchant, form: FormState::default(), fee_words: "$0.05 and 10 % of the price".to_owned() }
}

fn hostile_form() -> FormState {
    let mut form = FormState::default();
    for field in ["email", "name", "title", "description", "price", "ship_name", "licence"] {
        form.set(field, HOSTILE);
        form.refuse(field, HOSTILE);
    }
    form
}

fn profile_page() -> ProfilePage {
    ProfilePage {
        name: HOSTILE.to_owned(),
        path: Some("/sellers/right-here-records".to_owned()),
        picture: None,
        form: hostile_form(),
        picture_form: FormState::default(),
        rates_unset: true,
    }
}

fn not_ready_page() -> NotReadyPage {
    NotReadyPage { why: NotReady::NotVerified, account_url: "http://pay.test/account".to_owned() }
}

fn customer_of(name: &str) -> Customer {
    Customer {
        id: "buyer-1".to_owned(),
        name: name.to_owned(),
        bought: 2,
        gross: Money::from_cents(198),
        refunded: Money::ZERO,
        last_at: "2026-11-23T22:55:00Z".parse().unwrap(),
    }
}

fn sales_figures(title: &str) -> SalesFigures {
    let sums = Sums {
        sold: 2,
        gross: Money::from_cents(200),
        refunds: 1,
        refunded: Money::from_cents(50),
        marketplace_fees: Money::from_cents(20),
        amazon_fees: Money::from_cents(10),
        fees_unknown: 1,
    };
    let from = "2026-11-23".parse().unwrap();
    SalesFigures {
        from,
        to: from,
        unit: Unit::Day,
        spans: vec![Span { from, to: from, sums }],
        total: sums,
        top_items: vec![TopItem {
            slug: "song".to_owned(),
            title: title.to_owned(),
            sold: 2,
            gross: sums.gross,
            refunded: sums.refunded,
        }],
    }
}

fn figures_page(title: &str) -> FiguresPage {
    let refund = RefundedSale {
        order_id: "order-1".to_owned(),
        title: title.to_owned(),
        buyer: title.to_owned(),
        placed_at: "2026-11-23T22:55:00Z".parse().unwrap(),
        price: Money::from_cents(100),
        refunded: Money::from_cents(50),
    };
    let mut form = FormState::default();
    form.set("by", title);
    for field in ["from", "to"] {
        form.set(field, title);
        form.refuse(field, title);
    }
    FiguresPage { form, figures: Some(sales_figures(title)), refunds: vec![refund] }
}

fn amazon_page(title: &str) -> AmazonFiguresPage {
    let paid = Paid { payments: 2, charged: Money::from_cents(200), ..Paid::default() };
    let difference = PaymentDifference {
        order_id: Some("order-1".to_owned()),
        title: title.to_owned(),
        status: Some(OrderStatus::Paid),
        believed: title.to_owned(),
        found: title.to_owned(),
    };
    let unknown = PaymentDifference { order_id: None, status: None, ..difference.clone() };
    let says = AmazonSays {
        paid,
        differences: vec![difference, unknown],
        read_until: Some("2026-11-23T22:55:00Z".parse().unwrap()),
        too_many_orders: true,
        not_compared: 3,
        read: 1000,
    };
    let from = "2026-11-23".parse().unwrap();
    AmazonFiguresPage {
        form: figures_page(title).form,
        compared: Some(AmazonComparison { from, to: from, shop: paid, amazon: Some(says) }),
        account_url: "http://127.0.0.1:3001/account".to_owned(),
    }
}

/// Every page, filled with words that try to be markup.
fn hostile_pages() -> Vec<(&'static str, String)> {
    let chrome = signed_in();
    let category = Category { slug: "music".to_owned(), name: HOSTILE.to_owned(), items: 1 };
    let found = HomePage {
        categories: vec![category.clone()],
        query: HOSTILE.to_owned(),
        items: vec![card(HOSTILE)],
        total: 1,
        page: 1,
        pages: 2,
        ..HomePage::default()
    };
    let order = order_page(HOSTILE, OrderStatus::Failed, OrderActions::default());
    let entries = vec![LibraryEntry {
        order_id: "order-1".to_owned(),
        card: card(HOSTILE),
        downloads: Vec::new(),
        granted_at: "2026-11-23T22:55:00Z".parse().unwrap(),
        revoked_at: None,
    }];
    let library_page = LibraryPage { entries, paging: Paging::default() };
    let sign = SignPage { form: hostile_form(), next: HOSTILE.to_owned(), show_demo: true };
    let checkout_page = CheckoutPage {
        owned_order: None,
        seller: seller_of_it(),
        shipping: Some(offer(Some(RATES))),
        card: ItemCard { physical: true, ..card(HOSTILE) },
        instant: false,
        form: hostile_form(),
    };
    let new_page = editor(vec![category], hostile_form());
    let edit_page = ItemEditorPage { item: Some(edited(HOSTILE)), ..new_page.clone() };
    let listings_page = ListingsPage {
        name: HOSTILE.to_owned(),
        state: None,
        listings: vec![listing(HOSTILE)],
        paging: Paging::default(),
        registered: true,
    };
    let operator_page = OperatorPage {
        orders: vec![order.order.clone()],
        fees_earned: Money::ZERO,
        orders_total: 1,
        to_decide: 2,
        refund_requests: Vec::new(),
        differences: vec![OrderDifference {
            order_id: "order-1".to_owned(),
            title: HOSTILE.to_owned(),
            believed: HOSTILE.to_owned(),
            found: HOSTILE.to_owned(),
            since: "2026-11-23T22:55:00Z".parse().unwrap(),
        }],
        differences_total: 1,
        notifications: vec![ReceivedNotification {
            at: "2026-11-23T22:55:00Z".parse().unwrap(),
            transaction_id: HOSTILE.to_owned(),
            order_id: None,
            summary: HOSTILE.to_owned(),
            outcome: HOSTILE.to_owned(),
        }],
        by_status: vec![(OrderStatus::Paid, 1)],
    };
    let refused = ErrorPage {
        status: 404,
        title: HOSTILE.to_owned(),
        detail: HOSTILE.to_owned(),
        request_id: HOSTILE.to_owned(),
    };
    let mut pages = super::operator::tests::hostile_pages(&chrome, HOSTILE, &card(HOSTILE), &order.order);
    pages.extend([
        ("home", home(&chrome, &found)),
        ("item", item(&chrome, &item_page(HOSTILE))),
        ("checkout", checkout(&chrome, &checkout_page)),
        ("thank_you", thank_you(&chrome, &order)),
        ("orders", orders(&chrome, std::slice::from_ref(&order.order), &Paging::default())),
        ("order", super::order(&chrome, &order)),
        ("library", library(&chrome, &library_page)),
        ("sell", sell(&chrome, &sell_page(Some(merchant(HOSTILE))))),
        ("new_item", item_editor(&chrome, &new_page)),
        ("edit_item", item_editor(&chrome, &edit_page)),
        ("listings", listings(&chrome, &listings_page)),
        ("operator", operator(&chrome, &operator_page)),
        ("seller", seller(&chrome, &seller_page(HOSTILE))),
        ("profile", profile(&chrome, &profile_page())),
        ("not_ready", not_ready(&chrome, &not_ready_page())),
        ("sign_in", sign_in(&chrome, &sign)),
        ("sign_up", sign_up(&chrome, &sign)),
        ("error", error(&chrome, &refused)),
    ]);
    pages.extend(hostile_desk(&chrome));
    pages.extend(hostile_dispute(&chrome, order));
    pages
}

/// What buyers say to sellers, and to the marketplace.
fn hostile_dispute(chrome: &Chrome, order: OrderPage) -> [(&'static str, String); 2] {
    let said = SaidView { at: order.order.placed_at, words: HOSTILE.to_owned() };
    let asked = RefundRequestView {
        id: "q".to_owned(),
        amount: Money::from_cents(99),
        reason: HOSTILE.to_owned(),
        at: order.order.placed_at,
        at_amazon: false,
        answer: RefundAnswer::Escalated { declined_at: None, said },
        step: RequestStep::Escalate,
    };
    let escalation = EscalatePage { order: order.order.clone(), asked: asked.clone(), form: hostile_form() };
    let disputed = OrderPage { refund_request: Some(asked), ..order };
    [("order_disputed", super::order(chrome, &disputed)), ("escalate", escalate(chrome, &escalation))]
}

/// Those of the desk, and of figures.
fn hostile_desk(chrome: &Chrome) -> Vec<(&'static str, String)> {
    let at = "2026-11-23T22:55:00Z".parse().unwrap();
    let paging = Paging::default;
    let told = NoticesPage { notices: merchant(HOSTILE).notices, paging: paging() };
    let one = customer_of(HOSTILE);
    let all = CustomersPage { customers: vec![one.clone()], paging: paging() };
    let orders = vec![summary(HOSTILE, OrderStatus::Paid, OrderActions::default())];
    let thread = ThreadRow {
        order_id: "order-1".to_owned(),
        title: HOSTILE.to_owned(),
        buyer: HOSTILE.to_owned(),
        last_at: at,
        last_author: HOSTILE.to_owned(),
        last_text: HOSTILE.to_owned(),
        unread: true,
    };
    let market =
        MarketFiguresPage { form: figures_page(HOSTILE).form, figures: Some(sales_figures(HOSTILE)) };
    vec![
        ("figures", figures(chrome, &figures_page(HOSTILE))),
        ("market_figures", market_figures(chrome, &market)),
        ("amazon_figures", amazon_figures(chrome, &amazon_page(HOSTILE))),
        ("notices", notices(chrome, &told)),
        ("customers", customers(chrome, &all)),
        ("customer", customer(chrome, &CustomerPage { customer: one, orders, paging: paging() })),
        ("messages", messages(chrome, &MessagesPage { threads: vec![thread], paging: paging() })),
    ]
}

#[test]
fn words_never_become_markup() {
    for (name, html) in hostile_pages() {
        assert!(!html.contains("<script>"), "{name}: an element got through");
        assert!(!html.contains("<img src=x"), "{name}: an element got through");
        let titles = html.matches("<title").count();
        assert_eq!(html.matches("</title>").count(), titles, "{name}: a title ended early");
        let ends = html.matches("</script>").count();
        assert_eq!(ends, html.matches("<script ").count(), "{name}: a script ended early");
        assert!(!html.contains("\"' onerror") && !html.contains(" onerror=alert(1)>\"'&\""), "{name}");
    }
}

#[test]
fn every_page_has_one_first_heading_the_landmarks_and_nothing_inline() {
    for (name, html) in hostile_pages() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        for landmark in
            ["<main ", "<header ", "<footer ", "<nav ", r##"href="#main""##, r#"<html lang="en">"#]
        {
            assert!(html.contains(landmark), "{name} lacks {landmark}");
        }
        assert!(
            !html.contains(" style=") && !html.contains("<style"),
            "{name}: the policy forbids inline styles"
        );
        assert!(!html.contains(" onclick="), "{name}");
    }
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_leads_to_each_field() {
    let mut form = FormState::default();
    form.set("ship_name", "Jane Doe");
    form.set("ship_speed", "express");
    form.refuse("ship_city", "Write the city.");
    let page = CheckoutPage {
        seller: seller_of_it(),
        shipping: Some(offer(Some(RATES))),
        card: ItemCard { physical: true, ..card("A Record") },
        instant: false,
        owned_order: None,
        form,
    };
    let html = checkout(&chrome(), &page);
    assert!(html.contains(r#"role="alert""#));
    assert!(html.contains(r##"<a href="#field-ship_city">Write the city.</a>"##));
    assert!(html.contains(r#"id="field-ship_city""#));
    assert!(html.contains(r#"value="Jane Doe""#));
    assert!(html.contains(r#"value="express" checked"#));
    assert!(html.contains("<title>Please check: Checkout"));
}

#[test]
fn every_summary_link_of_every_form_has_its_field() {
    for (name, html) in hostile_pages() {
        for link in html.split("href=\"#field-").skip(1) {
            let field = link.split('"').next().unwrap();
            // Each form has some of the fields that were refused; those it shows must be reachable.
            let shown = html.contains(&format!(" name=\"{field}\""));
            assert!(!shown || html.contains(&format!("id=\"field-{field}\"")), "{name}: {field}");
        }
    }
}

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

fn checkout_page(physical: bool, instant: bool) -> CheckoutPage {
    CheckoutPage {
        card: ItemCard { physical, ..card("Song") },
        instant,
        seller: seller_of_it(),
        shipping: physical.then(|| offer(Some(RATES))),
        owned_order: None,
        form: FormState::default(),
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
    let all = OrderActions { restart: true, cancel: true, refund: true, fulfil: true };
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
fn the_buyer_does_not_see_the_split_and_the_seller_sees_parts_that_add_up() {
    let buyer = order(&chrome(), &order_page("Song", OrderStatus::Paid, OrderActions::default()));
    assert!(!buyer.contains("Marketplace fee"));
    // 0.5145 + 0.1455 + 0.33: each rounded by itself, the parts would make up 1.00.
    let parts = split(990_000, 145_500, 330_000);
    let page =
        OrderPage { split: Some(parts), ..order_page("Song", OrderStatus::Paid, OrderActions::default()) };
    let seller = order(&chrome(), &page);
    assert!(seller.contains("$0.15") && seller.contains("$0.33") && seller.contains("$0.51"), "{seller}");
    assert!(seller.contains("Marketplace fee"));
}

#[test]
fn a_kept_fragment_gives_the_same_page() {
    let page = item_page("Now and Forever");
    let fragment = item_main(&page);
    assert_eq!(complete(&chrome(), &fragment), item(&chrome(), &page));
    let again = Fragment { html: Arc::clone(&fragment.html), head: fragment.head.clone() };
    assert!(complete(&signed_in(), &again).contains("Sign out"), "around it stands this visitor's page");
}

#[test]
fn a_page_for_nobody_in_particular_becomes_anybodys() {
    // Text of people that looks like what the page is made of.
    let hostile = format!("{HOSTILE}</nav><main id=\"main\"><nav class=\"site-nav\"");
    let page = HomePage { query: hostile.clone(), items: vec![card(&hostile)], ..HomePage::default() };
    for (main, path) in [(item_main(&item_page(&hostile)), "/items/a"), (home_main(&page), "/?q=a")] {
        let at = |chrome: Chrome| Chrome { path: path.to_owned(), ..chrome };
        let shared = complete(&at(chrome()), &main);
        let own = OwnParts::of(&shared);
        for visitor in [chrome(), signed_in(), Chrome { notice: None, ..signed_in() }] {
            let visitor = at(visitor);
            assert_eq!(own.fill(&shared, &visitor), complete(&visitor, &main), "{visitor:?}");
        }
    }
}

#[test]
fn what_stands_around_a_page_of_ones_own_is_what_stands_around_the_others() {
    use crate::model::{Fragment, Head};
    use leptos::prelude::*;
    for chrome in [chrome(), signed_in()] {
        let own = shell::page(&chrome, HOSTILE, || view! { <p>{HOSTILE}</p> }.into_any());
        let html = app::render::fragment(|| view! { <p>{HOSTILE}</p> }).into();
        let head = Head { title: HOSTILE.to_owned(), ..Head::default() };
        assert_eq!(own, complete(&chrome, &Fragment { head, html }));
    }
}

#[test]
fn the_grid_alone_is_what_the_page_shows() {
    let cards = vec![card("Now and Forever")];
    let page = HomePage { items: cards.clone(), total: 1, page: 1, pages: 1, ..HomePage::default() };
    assert!(home(&chrome(), &page).contains(&item_grid_html(&cards)));
}

#[test]
fn product_data_is_what_json_readers_expect() {
    let html = item(&chrome(), &item_page(HOSTILE));
    let start = html.find(r#"<script type="application/ld+json">"#).unwrap();
    let json = html[start..].split_once('>').unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(data["name"], HOSTILE);
    assert_eq!(data["offers"]["price"], "0.99");
    assert_eq!(data["offers"]["priceCurrency"], "USD");
    assert!(html.contains(r#"<meta property="og:image" content="http://shop.test/covers/now-and-forever""#));
}

#[test]
fn signing_in_leads_back() {
    let there = Chrome { path: "/items/a?b=c&d".to_owned(), ..chrome() };
    let html = item(&there, &item_page("Song"));
    assert!(html.contains("href=\"/sign-in?next=%2Fitems%2Fa%3Fb%3Dc%26d\""));
    let on_the_page = Chrome { path: "/sign-in?next=%2Flibrary".to_owned(), ..chrome() };
    let sign = SignPage { next: "/library".to_owned(), ..SignPage::default() };
    let html = sign_in(&on_the_page, &sign);
    assert!(html.contains(r#"<input type="hidden" name="next" value="/library""#));
    assert!(html.contains("href=\"/sign-up?next=%2Flibrary\""), "the other form leads on to the same place");
    assert!(!html.contains("john@example.com"), "demo accounts only where they may be shown");
}

#[test]
fn nothing_there_says_what_to_do_first() {
    let none = OrderActions::default();
    assert!(orders(&chrome(), &[], &Paging::default()).contains("href=\"/\">Look around the shop"));
    assert!(library(&chrome(), &LibraryPage::default()).contains("href=\"/\">Find something to buy"));
    assert!(
        home(&chrome(), &HomePage { query: "x".to_owned(), ..HomePage::default() })
            .contains("Show everything")
    );
    let fresh =
        MerchantDesk { to_fulfil: WaitingOrders::default(), listings: Vec::new(), ..merchant("Shop") };
    assert!(sell(&chrome(), &sell_page(Some(fresh))).contains("Add your first item"));
    let unregistered = MerchantDesk { registered: false, ..merchant("Shop") };
    let html = sell(&chrome(), &sell_page(Some(unregistered)));
    assert!(html.contains("action=\"/sell/register\"") && !html.contains("/sell/items/new"));
    assert!(!order(&chrome(), &order_page("Song", OrderStatus::Paid, none)).contains("What you can do now"));
}

#[test]
fn figures_add_up_and_every_chart_has_its_table() {
    let html = figures(&chrome(), &figures_page("Song"));
    for amount in ["$2.00", "$0.50", "$0.20", "$0.10", "$1.20"] {
        assert!(html.contains(amount), "{amount}");
    }
    assert_eq!(html.matches("<details").count(), 2);
    assert!(html.contains("/sell/figures?from=2026-11-23&amp;to=2026-11-23&amp;by=week"), "{html}");
    let nothing = SalesFigures {
        spans: Vec::new(),
        top_items: Vec::new(),
        total: Sums::default(),
        ..sales_figures("Song")
    };
    let html = figures(&chrome(), &FiguresPage { figures: Some(nothing), ..figures_page("Song") });
    assert!(html.contains("Nothing was sold in this time.") && !html.contains("<details"));
}

#[test]
fn only_an_open_order_asks_to_be_looked_at_again() {
    let html = |status| thank_you(&chrome(), &order_page("Song", status, OrderActions::default()));
    assert!(html(OrderStatus::PaymentPending).contains(r#"data-live="open""#));
    assert!(!html(OrderStatus::Paid).contains("data-live"));
}

#[test]
fn an_editor_has_the_buttons_that_can_work_now() {
    let html = |state| {
        let item = EditedItem { state, ..edited("Song") };
        item_editor(
            &chrome(),
            &ItemEditorPage { item: Some(item), ..editor(Vec::new(), FormState::default()) },
        )
    };
    for (state, has, lacks) in [
        (ListingState::Draft, ["Publish", "Save", "Archive"], ["Unpublish", "Bring back"]),
        (ListingState::Published, ["Save", "Unpublish", "Archive"], [">Publish", "Bring back"]),
        (ListingState::Archived, ["Bring back", "Save", "Save"], ["Unpublish", ">Publish"]),
    ] {
        let html = html(state);
        for button in has {
            assert!(html.contains(&format!("{button}</button>")), "{state:?} lacks {button}");
        }
        for button in lacks {
            assert!(!html.contains(&format!("{button}</button>")), "{state:?} has {button}");
        }
    }
    assert!(html(ListingState::Draft).contains("Before it can be published it needs a price."));
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
        ..order_page("Song", OrderStatus::Paid, OrderActions::default())
    };
    let html = order(&chrome(), &page);
    assert!(
        html.contains("The files are yours")
            && html.contains("Download a.mp3")
            && html.contains("sha256 0123abcd")
    );
}
