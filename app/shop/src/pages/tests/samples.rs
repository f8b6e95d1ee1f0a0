//! Data for pages, with a word of the test where people can put words.

use super::*;
use app::form::FormState;
use money::Money;

pub fn card(title: &str) -> ItemCard {
    ItemCard {
        slug: "now-and-forever".to_owned(),
        title: title.to_owned(),
        creator: title.to_owned(),
        seller: title.to_owned(),
        category: "music".to_owned(),
        price: Money::from_cents(99),
        handling_days: None,
        physical: false,
        rating: RATING,
    }
}

pub fn item_page(title: &str) -> ItemPage {
    ItemPage {
        card: card(title),
        category_name: title.to_owned(),
        description: Description { html: app::components::field::escape_text(title), text: title.to_owned() },
        licence: title.to_owned(),
        instant: true,
        files: vec![file(title)],
        tags: vec![title.to_owned()],
        has_preview: true,
        preview_seconds: Some(67),
        type_tester: true,
        pictures: vec![Picture { src: "/pictures/x/1".to_owned(), alt: title.to_owned() }],
        sample: Some("/samples/x".to_owned()),
        demo: Some("/demos/x".to_owned()),
        shown: Shown::Pages,
        news: title.to_owned(),
        more_by_seller: vec![card(title)],
        reviews: vec![review(title)],
        may_review: true,
        splits: ways(),
        owned_order: None,
        own_item: false,
        wished: false,
        availability: Availability::ForSale,
        seller: seller_of_it(),
        rates: Vec::new(),
        hold_reason: None,
    }
}

pub fn ways() -> Vec<WaySplit> {
    let way = |label, amazon| {
        let parts = split(990_000, 149_000, amazon);
        WaySplit { label, split: Some(parts), rules: Vec::new() }
    };
    vec![way("Card", 99_500), way("Bank account", 60_000), way("Balance", 60_000)]
}

pub fn seller_of_it() -> Seller {
    let refund_rule = RefundRule::AtOnce { days: 30, unless_downloaded: false };
    Seller {
        path: Some("/sellers/right-here-records".to_owned()),
        picture: None,
        refund_rule,
        rating: RATING,
    }
}

pub const RATING: Rating = Rating([0, 0, 1, 1, 1]);

pub fn review(words: &str) -> ReviewView {
    let at = "2026-11-23T22:55:00Z".parse().unwrap();
    ReviewView {
        id: "review-1".to_owned(),
        author: words.to_owned(),
        stars: 4,
        words: words.to_owned(),
        at,
        changed_at: Some(at),
        refunded: true,
        answer: Some(SaidView { at, words: words.to_owned() }),
    }
}

pub fn review_row(words: &str) -> ReviewRow {
    ReviewRow {
        review: review(words),
        title: words.to_owned(),
        item_slug: "now-and-forever".to_owned(),
        held: true,
    }
}

pub const RATES: RateRow = RateRow {
    region: "United States",
    standard: Some(Money::from_cents(450)),
    express: Some(Money::from_cents(1_200)),
};

pub fn offer(rates: Option<RateRow>) -> ShippingOffer {
    ShippingOffer { countries: vec!["Canada", "United States"], rates, known: Vec::new() }
}

pub fn seller_page(title: &str) -> SellerPage {
    SellerPage {
        name: title.to_owned(),
        path: "/sellers/right-here-records".to_owned(),
        picture: Some(title.to_owned()),
        about: title.to_owned(),
        links: vec![format!("https://example.com/{title}")],
        refund_rule: RefundRule::OnRequest,
        rates: vec![RATES],
        availability: Availability::OnVacation { words: title.to_owned() },
        rating: RATING,
        items: vec![card(title)],
        paging: Paging::default(),
        own: true,
    }
}

pub fn summary(title: &str, status: OrderStatus, actions: OrderActions) -> OrderSummary {
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

pub fn order_page(title: &str, status: OrderStatus, actions: OrderActions) -> OrderPage {
    OrderPage {
        promise: None,
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
        discount: None,
        shipping_speed: Some(title.to_owned()),
        downloads: Vec::new(),
        links: Vec::new(),
        gift: None,
        guest: None,
        basket: None,
        licence_key: None,
        receipt: None,
        failure: Some(title.to_owned()),
        transaction_id: Some(title.to_owned()),
        split: None,
        divided: Some(Divided {
            way: "Card",
            paid: split(990_000, 149_000, 99_500),
            charged: true,
            left: None,
        }),
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

pub fn split(total: i64, marketplace: i64, amazon: i64) -> PriceSplit {
    let [total, marketplace, amazon] = [total, marketplace, amazon].map(Money::from_micros);
    PriceSplit { total, merchant: total.split_off(&[marketplace, amazon]).unwrap(), marketplace, amazon }
}

pub fn file(name: &str) -> FileFacts {
    let (format, sha256) = ("MP3 audio".to_owned(), Some("0123abcd".repeat(8)));
    FileFacts { name: name.to_owned(), format, bytes: 3_400_000, sha256 }
}

pub fn listing(title: &str) -> Listing {
    let split = split(990_000, 149_000, 328_710);
    Listing { card: card(title), state: ListingState::Published, split, sold: 1, stock: Some(2) }
}

pub fn edited(title: &str) -> EditedItem {
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
        demo: Some(("samples/3".to_owned(), file(title))),
        pictures: vec![(
            "samples/3".to_owned(),
            Picture { src: "/pictures/x/1".to_owned(), alt: title.to_owned() },
        )],
        missing: vec!["a price".to_owned()],
    }
}

pub fn editor(categories: Vec<Category>, form: FormState) -> ItemEditorPage {
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

pub fn merchant(title: &str) -> MerchantDesk {
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

pub fn sell_page(merchant: Option<MerchantDesk>) -> SellPage {
    SellPage { merchant, form: FormState::default(), fee_words: "$0.05 and 10 % of the price".to_owned() }
}

pub fn hostile_form() -> FormState {
    let mut form = FormState::default();
    for field in ["email", "name", "title", "description", "price", "ship_name", "licence"] {
        form.set(field, HOSTILE);
        form.refuse(field, HOSTILE);
    }
    form
}

pub fn profile_page() -> ProfilePage {
    ProfilePage {
        name: HOSTILE.to_owned(),
        path: Some("/sellers/right-here-records".to_owned()),
        picture: None,
        form: hostile_form(),
        picture_form: FormState::default(),
        rates_unset: true,
    }
}

pub fn not_ready_page() -> NotReadyPage {
    NotReadyPage { why: NotReady::NotVerified, account_url: "http://pay.test/account".to_owned() }
}

pub fn customer_of(name: &str) -> Customer {
    Customer {
        id: "buyer-1".to_owned(),
        name: name.to_owned(),
        bought: 2,
        gross: Money::from_cents(198),
        refunded: Money::ZERO,
        last_at: "2026-11-23T22:55:00Z".parse().unwrap(),
    }
}

pub fn sales_figures(title: &str) -> SalesFigures {
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

pub fn figures_page(title: &str) -> FiguresPage {
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
    FiguresPage {
        form,
        figures: Some(sales_figures(title)),
        refunds: vec![refund],
        coupons: CouponSums { orders: 3, by_sellers: Money::from_cents(60), by_market: Money::from_cents(5) },
    }
}

pub fn amazon_page(title: &str) -> AmazonFiguresPage {
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

pub fn checkout_page(physical: bool, instant: bool) -> CheckoutPage {
    CheckoutPage {
        card: ItemCard { physical, ..card("Song") },
        instant,
        seller: seller_of_it(),
        shipping: physical.then(|| offer(Some(RATES))),
        credit: crate::model::CreditOffer::default(),
        attempt: String::new(),
        guest: false,
        discount: None,
        splits: ways(),
        owned_order: None,
        form: FormState::default(),
    }
}
