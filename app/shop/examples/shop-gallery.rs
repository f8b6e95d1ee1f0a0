//! Writes every page of the shop, in the states that people meet, as files into a folder (the first
//! argument): to look at them without a server. Serve the folder beside `style/` and `public/`.

#[path = "gallery/operator.rs"]
mod operator_pages;

use app::components::security::SessionEntry;
use app::form::FormState;
use jiff::{SignedDuration, Timestamp};
use money::{Money, Percent};
use shop_pages::model::{
    AccountPage, AmazonComparison, AmazonFiguresPage, AmazonSays, Availability, Category, CheckoutPage,
    Chrome, ConfirmPage, Customer, CustomerPage, CustomersPage, Description, Download, EditedItem, ErrorPage,
    EscalatePage, FeeFacts, FiguresPage, FileFacts, ForgotPage, HomePage, ItemCard, ItemEditorPage, ItemPage,
    Letter, LibraryEntry, LibraryPage, Listing, ListingState, ListingsPage, MailEntry, MailPage, MailReach,
    MailboxOf, MailboxPage, MarketFiguresPage, MerchantDesk, MerchantNotice, MessageThread, MessageView,
    MessagesPage, NotReady, NotReadyPage, NoticesPage, OperatorPage, OrderActions, OrderDifference,
    OrderPage, OrderStatus, OrderSummary, Paging, Paid, Part, PaymentDifference, PriceSplit, ProfilePage,
    RateRow, ReceivedNotification, RefundAnswer, RefundDecision, RefundRequestRow, RefundRequestView,
    RefundRule, RefundedSale, RequestStep, ResetPage, SaidView, SalesFigures, SellPage, Seller, SellerPage,
    ShippingOffer, SignPage, Span, Sums, ThreadRow, TimelineEntry, TopItem, Unit, Viewer, WaitingFile,
    WaitingOrders, WaySplit,
};
use shop_pages::pages;
use std::path::{Path, PathBuf};

/// Slug, title, creator, seller, category, cents.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str, i32);

const ENTRIES: [Entry; 40] = [
    ("now-and-forever", "Now and Forever", "Richard Marx", "Right Here Records", "music", 99),
    ("slow-ferry", "Slow Ferry", "The Quay Ensemble", "Right Here Records", "music", 99),
    ("tin-roof", "Tin Roof Weather", "Odalys Finch", "Right Here Records", "music", 129),
    ("long-way", "The Long Way Down to the Water", "Bronwen Achebe", "Right Here Records", "music", 129),
    ("glasshouse", "Glasshouse", "Idris Vane", "Right Here Records", "music", 149),
    ("paper-moons", "Paper Moons", "Lovell Street Choir", "Right Here Records", "music", 99),
    ("cartographer", "The Cartographer's Apprentice", "Lena Marchetti", "Lamplight Books", "books", 799),
    ("salt", "Salt for the Winter", "Joachim Brandt", "Lamplight Books", "books", 650),
    ("field-guide", "A Field Guide to Kitchen Light", "Priya Solberg", "Lamplight Books", "books", 499),
    ("museum", "The Museum of Unsent Letters", "Catalina Ferro", "Lamplight Books", "books", 899),
    ("gates", "Ninety-Nine Gates", "Samir Aldous", "Lamplight Books", "books", 699),
    ("tidal", "Tidal Study No. 3", "Ines Okafor", "Tessera Studio", "art", 1500),
    ("allotment", "Allotment, August", "Ines Okafor", "Tessera Studio", "art", 1200),
    ("kettles", "Nine Kettles", "Wim Castellan", "Tessera Studio", "art", 900),
    ("night-bus", "Night Bus Window", "Wim Castellan", "Tessera Studio", "art", 1100),
    ("tarpaulin", "Blue Tarpaulin", "Wim Castellan", "Tessera Studio", "art", 1000),
    ("lighthouse", "The Lighthouse Rota", "Gareth Pell", "Moth & Lamp", "games", 500),
    ("parcel", "Parcel", "Gareth Pell & Ida Roux", "Moth & Lamp", "games", 350),
    ("cloud", "Cloud Herding for Beginners", "Ida Roux", "Moth & Lamp", "games", 399),
    ("tram", "The Last Tram", "Benedikt Ozols", "Moth & Lamp", "games", 600),
    ("castle", "Castle Inventory", "Ida Roux", "Moth & Lamp", "games", 350),
    ("tallymark", "Tallymark", "Yuki Brandvold", "Plainspoken Software", "software", 1900),
    ("inkwell", "Inkwell Notes", "Yuki Brandvold", "Plainspoken Software", "software", 2400),
    (
        "ledgerling",
        "Ledgerling Office, five seats",
        "Plainspoken Software",
        "Plainspoken Software",
        "software",
        12000,
    ),
    ("sextant", "Sextant", "Omar Weiss", "Plainspoken Software", "software", 1400),
    ("drawing", "Drawing What Is There", "Noor Halloran", "Open Door Courses", "courses", 3900),
    ("sql", "SQL Without Fear", "Amara Dietz", "Open Door Courses", "courses", 4900),
    (
        "portuguese",
        "Spoken Portuguese: The First Forty Hours",
        "Teresa Madeira",
        "Open Door Courses",
        "courses",
        5900,
    ),
    ("handwriting", "Reading Old Handwriting", "Agnes Thorvald", "Open Door Courses", "courses", 2900),
    ("halden", "Halden Grotesk", "Henrik Halden", "Halden Type", "fonts", 6000),
    ("halden-text", "Halden Text", "Henrik Halden", "Halden Type", "fonts", 7500),
    ("tramline", "Tramline Mono", "Sofia Kettering", "Halden Type", "fonts", 4000),
    ("ferrier", "Ferrier Script", "Luc Ferrier", "Halden Type", "fonts", 3500),
    ("gooseberry", "Gooseberry", "Sofia Kettering", "Halden Type", "fonts", 2500),
    ("harbour-lp", "Harbour Lights (LP)", "The Quay Ensemble", "Right Here Records", "records", 2400),
    ("tin-roof-ep", "Tin Roof Weather (10-inch EP)", "Odalys Finch", "Right Here Records", "records", 1800),
    ("moons-tape", "Paper Moons (cassette)", "Lovell Street Choir", "Right Here Records", "records", 900),
    ("gannet", "Gannet, linocut", "Rosalind Achterberg", "Gannet Press", "records", 4200),
    ("knots", "An Alphabet of Knots, poster", "Gannet Press", "Gannet Press", "records", 2200),
    ("calendar", "Tide Table, letterpress calendar", "Gannet Press", "Gannet Press", "records", 2800),
];

const CATEGORIES: [(&str, &str); 8] = [
    ("music", "Music"),
    ("books", "Books"),
    ("art", "Art"),
    ("games", "Games"),
    ("software", "Software"),
    ("courses", "Courses"),
    ("fonts", "Fonts"),
    ("records", "Records and prints"),
];

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "gallery".into()).into();
    std::fs::create_dir_all(folder.join("covers"))?;
    write_covers(&folder)?;
    let pages = catalogue_pages().into_iter().chain(buyer_pages()).chain(seller_pages());
    let pages = pages.chain(listing_pages()).chain(figure_pages());
    let pages =
        pages.chain(profile_pages()).chain(sign_pages()).chain(mail_pages()).chain(operator_pages::pages());
    for (name, html) in pages {
        std::fs::write(folder.join(name).with_extension("html"), html)?;
    }
    Ok(())
}

fn write_covers(folder: &Path) -> std::io::Result<()> {
    for (slug, title, creator, _, category, _) in ENTRIES {
        std::fs::write(folder.join("covers").join(slug), covers::svg(title, creator, category))?;
    }
    Ok(())
}

fn cards() -> Vec<ItemCard> {
    ENTRIES.into_iter().map(card).collect()
}

fn card((slug, title, creator, seller, category, cents): Entry) -> ItemCard {
    ItemCard {
        slug: slug.to_owned(),
        title: title.to_owned(),
        creator: creator.to_owned(),
        seller: seller.to_owned(),
        category: category.to_owned(),
        price: Money::from_cents(cents),
        physical: category == "records",
    }
}

fn some_cards(numbers: &[usize]) -> Vec<ItemCard> {
    numbers.iter().map(|number| card(ENTRIES[*number])).collect()
}

fn categories() -> Vec<Category> {
    let category =
        |(slug, name): (&str, &str)| Category { slug: slug.to_owned(), name: name.to_owned(), items: 8 };
    CATEGORIES.into_iter().map(category).collect()
}

fn at(minutes: i64) -> Timestamp {
    let start = Timestamp::from_second(1_795_474_500).expect("within range");
    start.checked_add(SignedDuration::from_mins(minutes)).expect("within range")
}

fn guest(path: &str) -> Chrome {
    Chrome { path: path.to_owned(), site_url: "http://localhost:3000".to_owned(), ..Chrome::default() }
}

fn john(path: &str) -> Chrome {
    let viewer =
        Viewer { name: "John Doe".to_owned(), merchant: false, operator: false, unread: 0, unread_mail: 1 };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

fn martha(path: &str) -> Chrome {
    let viewer = Viewer {
        name: "Martha Reyes".to_owned(),
        merchant: true,
        operator: false,
        unread: 2,
        unread_mail: 1,
    };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

fn boss(path: &str) -> Chrome {
    let viewer = Viewer {
        name: "Olga Operator".to_owned(),
        merchant: false,
        operator: true,
        unread: 0,
        unread_mail: 1,
    };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

fn catalogue_pages() -> Vec<(&'static str, String)> {
    let front = HomePage {
        categories: categories(),
        new: some_cards(&[34, 12, 6, 16, 29, 25]),
        popular: some_cards(&[0, 37, 19, 26, 8, 32]),
        items: cards().into_iter().take(24).collect(),
        total: 68,
        page: 1,
        pages: 3,
        ..HomePage::default()
    };
    let music = HomePage {
        category: Some("music".to_owned()),
        new: Vec::new(),
        popular: Vec::new(),
        items: some_cards(&[0, 1, 2, 3, 4, 5]),
        total: 6,
        pages: 1,
        ..front.clone()
    };
    let nothing = HomePage {
        category: None,
        query: "nothing <like> this".to_owned(),
        items: Vec::new(),
        total: 0,
        ..music.clone()
    };
    let everything =
        HomePage { new: Vec::new(), popular: Vec::new(), items: cards(), page: 2, ..front.clone() };
    let refused = ErrorPage {
        status: 404,
        title: "There is no such page".to_owned(),
        detail: "The address may be mistyped, or what was here is no longer for sale.".to_owned(),
        request_id: "0193a5c0-7f2e-7b11-9d51-2f0f4b1c9a77".to_owned(),
    };
    vec![
        ("home", pages::home(&guest("/"), &front)),
        ("home-signed-in", pages::home(&john("/"), &front)),
        ("home-category", pages::home(&guest("/?category=music"), &music)),
        ("home-nothing", pages::home(&guest("/?q=nothing"), &nothing)),
        ("home-page-2", pages::home(&guest("/?page=2"), &everything)),
        ("item", pages::item(&guest("/items/now-and-forever"), &song())),
        (
            "item-owned",
            pages::item(
                &john("/items/now-and-forever"),
                &ItemPage { owned_order: Some("ord-1".to_owned()), ..song() },
            ),
        ),
        (
            "item-not-for-sale",
            pages::item(
                &john("/items/now-and-forever"),
                &ItemPage { availability: Availability::SellerNotRegistered, ..song() },
            ),
        ),
        ("item-own", pages::item(&martha("/items/now-and-forever"), &ItemPage { own_item: true, ..song() })),
        ("item-physical", pages::item(&guest("/items/harbour-lp"), &record())),
        ("error", pages::error(&guest("/nowhere"), &refused)),
    ]
}

fn song_file() -> FileFacts {
    FileFacts {
        name: "Now and Forever.mp3".to_owned(),
        format: "MP3 audio".to_owned(),
        bytes: 3_412_118,
        sha256: Some("5f2b9c01".repeat(8)),
    }
}

fn words(text: &str) -> Description {
    Description { html: format!("<p>{text}</p>"), text: text.to_owned() }
}

fn song() -> ItemPage {
    ItemPage {
        card: card(ENTRIES[0]),
        category_name: "Music".to_owned(),
        description: words(
            "The single as an MP3, ready the moment the payment is through. Recorded in one take, with the windows open; \
             you can hear the street in the last chorus.",
        ),
        licence: "Personal use. Keep as many copies as you like; do not pass them on.".to_owned(),
        instant: true,
        files: vec![song_file()],
        tags: vec!["ballad".to_owned(), "one take".to_owned()],
        has_preview: true,
        pictures: Vec::new(),
        sample: None,
        news: String::new(),
        more_by_seller: some_cards(&[1, 2, 3, 4, 34, 36]),
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

fn rates() -> Vec<RateRow> {
    let row = |region, standard: Option<i32>, express: Option<i32>| RateRow {
        region,
        standard: standard.map(Money::from_cents),
        express: express.map(Money::from_cents),
    };
    vec![
        row("United States", Some(450), Some(1_200)),
        row("Canada", Some(900), Some(2_200)),
        row("Europe", Some(1_200), None),
        row("Rest of the world", None, None),
    ]
}

fn offer() -> ShippingOffer {
    let countries = vec!["Canada", "Germany", "United States"];
    ShippingOffer { countries, rates: rates().first().copied() }
}

fn seller_page() -> SellerPage {
    SellerPage {
        name: "Right Here Records".to_owned(),
        path: "/sellers/right-here-records".to_owned(),
        picture: None,
        about: "Small runs, recorded in one room.\n\nEverything is made by hand and sent by post.".to_owned(),
        links: vec!["https://righthere.example/".to_owned()],
        refund_rule: RefundRule::AtOnce { days: 30, unless_downloaded: true },
        rates: rates(),
        availability: Availability::ForSale,
        items: some_cards(&[0, 1, 2, 3, 4, 34, 36]),
        paging: Paging::default(),
        own: false,
    }
}

fn profile_pages() -> Vec<(&'static str, String)> {
    let mut form = FormState::default();
    for (field, value) in [
        ("name", "Right Here Records"),
        ("refund", "at-once"),
        ("refund_days", "30"),
        ("rate_united_states_standard", "4.50"),
        ("rate_united_states_express", "12.00"),
    ] {
        form.set(field, value);
    }
    let profile = ProfilePage {
        name: "Right Here Records".to_owned(),
        path: Some("/sellers/right-here-records".to_owned()),
        picture: None,
        form: form.clone(),
        picture_form: FormState::default(),
        rates_unset: true,
    };
    form.refuse("name", "There is this name already, or one that looks like it. Choose another one.");
    form.refuse("rate_canada_standard", "Enter an amount like 4.50, or nothing where you do not send.");
    let refused = ProfilePage { form, ..profile.clone() };
    let away = Availability::OnVacation { words: "At the sea. Back on 3 March.".to_owned() };
    let away = SellerPage { availability: away, ..seller_page() };
    let account_url = "http://127.0.0.1:3001/account".to_owned();
    let not_ready = NotReadyPage { why: NotReady::NotVerified, account_url };
    vec![
        ("seller", pages::seller(&guest("/sellers/right-here-records"), &seller_page())),
        ("seller-away", pages::seller(&guest("/sellers/right-here-records"), &away)),
        ("sell-profile", pages::profile(&martha("/sell/profile"), &profile)),
        ("sell-profile-refused", pages::profile(&martha("/sell/profile"), &refused)),
        ("sell-not-ready", pages::not_ready(&martha("/sell/items/new"), &not_ready)),
    ]
}

fn record() -> ItemPage {
    ItemPage {
        card: card(ENTRIES[34]),
        category_name: "Records and prints".to_owned(),
        description: words("Twelve-inch, 140 g, with a printed inner sleeve."),
        licence: "The object is yours.".to_owned(),
        instant: false,
        files: Vec::new(),
        rates: rates(),
        ..song()
    }
}

fn order(number: usize, status: OrderStatus, actions: OrderActions) -> OrderSummary {
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
        shipping_speed: None,
        downloads: Vec::new(),
        failure: None,
        transaction_id: Some("15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS".to_owned()),
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
fn asked(answer: RefundAnswer, step: RequestStep, seller: bool) -> OrderPage {
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

fn escalated(step: RequestStep, seller: bool) -> OrderPage {
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

fn request() -> RefundRequestRow {
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

fn to_fulfil() -> OrderPage {
    let mut page = reserved();
    page.order.actions = OrderActions { fulfil: true, cancel: true, ..OrderActions::default() };
    OrderPage { split: Some(split_of(2400)), ..page }
}

fn split_of(cents: i32) -> PriceSplit {
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
        owned_order: Some("o1".to_owned()),
        form,
    }
}

fn buyer_pages() -> Vec<(&'static str, String)> {
    let none = OrderActions::default();
    let checkout = CheckoutPage {
        card: card(ENTRIES[0]),
        instant: true,
        seller: seller_of_it(),
        shipping: None,
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
            card: card(ENTRIES[0]),
            downloads: vec![download()],
            granted_at: at(3),
            revoked_at: None,
        },
        LibraryEntry {
            order_id: "2".to_owned(),
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
    vec![
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

fn desk() -> MerchantDesk {
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

fn seller_pages() -> Vec<(&'static str, String)> {
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

fn listing_pages() -> Vec<(&'static str, String)> {
    let mut form = FormState::default();
    form.set("title", "Harbour at Dusk, A3 print");
    form.set("price", "24,50");
    form.set("kind", "physical");
    form.refuse("price", "Write the price with a point, such as 24.50.");
    form.refuse("category", "Choose a category.");
    let new_item = |form| ItemEditorPage {
        item: None,
        categories: categories(),
        form,
        waiting: Vec::new(),
        fees: vec![FeeFacts {
            category: None,
            fixed: Money::from_cents(5),
            variable: Percent::from_ten_thousandths(100_000),
            least: None,
            most: None,
        }],
        fee_words: "$0.05 and 10 % of the price".to_owned(),
        splits: ["Card", "Bank account", "Balance"]
            .map(|label| WaySplit { label, split: Some(split_of(2_450)), rules: Vec::new() })
            .into(),
        preview: None,
        room_words: "Your files take 38 MB of 1024 MB.".to_owned(),
        largest_file: 50 << 20,
    };
    let waiting = WaitingFile { field: "file", key: "uploads/1".to_owned(), file: song_file() };
    let refused_item = ItemEditorPage { waiting: vec![waiting], ..new_item(form) };
    let mut typed = FormState::default();
    typed.set("title", "Now and Forever");
    typed.set("description", "The single.\n\n- **one** take");
    let preview = Description {
        html: "<p>The single.</p><ul><li><strong>one</strong> take</li></ul>".into(),
        ..Description::default()
    };
    let edited = ItemEditorPage { item: Some(edited_item()), preview: Some(preview), ..new_item(typed) };
    let listings = ListingsPage {
        name: "Right Here Records".to_owned(),
        state: None,
        listings: desk().listings,
        paging: Paging::default(),
        registered: true,
    };
    let no_drafts =
        ListingsPage { state: Some(ListingState::Draft), listings: Vec::new(), ..listings.clone() };
    vec![
        ("new-item", pages::item_editor(&martha("/sell/items/new"), &new_item(FormState::default()))),
        ("new-item-refused", pages::item_editor(&martha("/sell/items/new"), &refused_item)),
        ("edit-item", pages::item_editor(&martha("/sell/items/now-and-forever"), &edited)),
        ("listings", pages::listings(&martha("/sell/items"), &listings)),
        ("listings-none", pages::listings(&martha("/sell/items?state=draft"), &no_drafts)),
    ]
}

fn figure_pages() -> Vec<(&'static str, String)> {
    vec![
        (
            "figures-amazon",
            pages::amazon_figures(&martha("/sell/figures/amazon"), &amazon_figures(Some(amazon_says()))),
        ),
        (
            "figures-amazon-away",
            pages::amazon_figures(&martha("/sell/figures/amazon"), &amazon_figures(None)),
        ),
        ("figures", pages::figures(&martha("/sell/figures"), &figures_page(true))),
        ("figures-none", pages::figures(&martha("/sell/figures"), &figures_page(false))),
        ("figures-refused", pages::figures(&martha("/sell/figures"), &refused_figures())),
        ("operator-figures", pages::market_figures(&boss("/operator/figures"), &market_figures())),
        ("operator", pages::operator(&boss("/operator"), &operator())),
    ]
}

fn edited_item() -> EditedItem {
    EditedItem {
        slug: "now-and-forever".to_owned(),
        title: "Now and Forever".to_owned(),
        state: ListingState::Published,
        was_published: true,
        version: Some(2),
        files: vec![("uploads/1".to_owned(), song_file())],
        cover: Some("covers/1".to_owned()),
        audio: None,
        page: None,
        pictures: Vec::new(),
        missing: Vec::new(),
    }
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

/// Thirty days, on most of which something was sold.
fn sales_figures(some: bool) -> SalesFigures {
    let from = "2026-11-01".parse().expect("a day");
    let day = |number: i64| {
        let sold = if some { [3, 0, 1, 5, 2, 4, 7][usize::try_from(number % 7).unwrap_or(0)] } else { 0 };
        let gross = Money::from_cents(sold * 349 + i32::try_from(number).unwrap_or(0) * sold);
        let part = |of: i64| Money::from_micros(gross.micros() / of);
        let date: jiff::civil::Date = from;
        let date = date.saturating_add(jiff::Span::new().days(number));
        let sums = Sums {
            sold: u32::try_from(sold).unwrap_or(0),
            gross,
            refunds: u32::from(sold == 5),
            refunded: if sold == 5 { Money::from_cents(349) } else { Money::ZERO },
            marketplace_fees: part(10),
            amazon_fees: part(30),
            fees_unknown: 0,
        };
        Span { from: date, to: date, sums }
    };
    let spans: Vec<_> = (0..30).map(day).collect();
    let sum =
        |of: fn(&Sums) -> Money| Money::sum(spans.iter().map(|span| of(&span.sums))).unwrap_or_default();
    let total = Sums {
        sold: spans.iter().map(|span| span.sums.sold).sum(),
        gross: sum(|sums| sums.gross),
        refunds: spans.iter().map(|span| span.sums.refunds).sum(),
        refunded: sum(|sums| sums.refunded),
        marketplace_fees: sum(|sums| sums.marketplace_fees),
        amazon_fees: sum(|sums| sums.amazon_fees),
        fees_unknown: u32::from(some),
    };
    let top = |number: usize, sold: u16| TopItem {
        slug: ENTRIES[number].0.to_owned(),
        title: ENTRIES[number].1.to_owned(),
        sold: u32::from(sold),
        gross: Money::from_cents(ENTRIES[number].5 * i32::from(sold)),
        refunded: Money::ZERO,
    };
    let top_items = if some { vec![top(27, 7), top(34, 12), top(3, 31), top(0, 28)] } else { Vec::new() };
    let to = spans.last().map_or(from, |span| span.to);
    SalesFigures { from, to, unit: Unit::Day, spans, total, top_items }
}

fn figures_page(some: bool) -> FiguresPage {
    let mut form = FormState::default();
    form.set("from", "2026-11-01");
    form.set("to", "2026-11-30");
    let refund = RefundedSale {
        order_id: "1".to_owned(),
        title: "The Long Way Down to the Water".to_owned(),
        buyer: "John Doe".to_owned(),
        placed_at: at(0),
        price: Money::from_cents(129),
        refunded: Money::from_cents(129),
    };
    let refunds = if some { vec![refund] } else { Vec::new() };
    FiguresPage { form, figures: Some(sales_figures(some)), refunds }
}

fn amazon_says() -> AmazonSays {
    let difference =
        |order: Option<&str>, title: &str, status, believed: &str, found: &str| PaymentDifference {
            order_id: order.map(str::to_owned),
            title: title.to_owned(),
            status,
            believed: believed.to_owned(),
            found: found.to_owned(),
        };
    AmazonSays {
        paid: Paid {
            payments: 90,
            charged: Money::from_cents(32_986),
            refunded: Money::from_cents(1_396),
            amazon_fees: Money::from_cents(1_100),
        },
        differences: vec![
            difference(
                Some("3"),
                "The Long Way Down to the Water",
                Some(OrderStatus::Paid),
                "Success, $1.29",
                "Cancelled, $1.29",
            ),
            difference(None, "15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS", None, "No order", "Success, $1.00"),
        ],
        read_until: None,
        too_many_orders: false,
        not_compared: 0,
        read: 412,
    }
}

fn amazon_figures(amazon: Option<AmazonSays>) -> AmazonFiguresPage {
    let FiguresPage { form, figures, .. } = figures_page(true);
    let figures = figures.unwrap_or_else(|| sales_figures(true));
    let shop = Paid {
        payments: figures.total.sold,
        charged: figures.total.gross,
        refunded: figures.total.refunded,
        amazon_fees: figures.total.amazon_fees,
    };
    AmazonFiguresPage {
        form,
        compared: Some(AmazonComparison { from: figures.from, to: figures.to, shop, amazon }),
        account_url: "http://127.0.0.1:3001/account".to_owned(),
    }
}

fn market_figures() -> MarketFiguresPage {
    let FiguresPage { form, figures, .. } = figures_page(true);
    MarketFiguresPage { form, figures }
}

fn refused_figures() -> FiguresPage {
    let mut page = FiguresPage { figures: None, ..figures_page(false) };
    page.form.set("from", "last week");
    page.form.refuse("from", "Write the day as year, month and day, such as 2026-11-23.");
    page
}

fn operator() -> OperatorPage {
    let none = OrderActions::default();
    let said = |summary: &str, outcome: &str| ReceivedNotification {
        at: at(3),
        transaction_id: "15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS".to_owned(),
        order_id: Some("1".to_owned()),
        summary: summary.to_owned(),
        outcome: outcome.to_owned(),
    };
    OperatorPage {
        orders: vec![
            order(34, OrderStatus::Reserved, none),
            order(0, OrderStatus::Paid, none),
            order(3, OrderStatus::Refunded, none),
        ],
        fees_earned: Money::from_cents(1_184),
        orders_total: 131,
        to_decide: 1,
        refund_requests: Vec::new(),
        differences: vec![OrderDifference {
            order_id: "3".to_owned(),
            title: "The Long Way Down to the Water".to_owned(),
            believed: "Success, $1.29".to_owned(),
            found: "Cancelled, $1.29".to_owned(),
            since: at(2),
        }],
        differences_total: 1,
        notifications: vec![
            said("PAY SUCCESS", "Changed nothing: known already"),
            said("RESERVE RESERVED", "Order is Reserved"),
        ],
        by_status: vec![
            (OrderStatus::Paid, 112),
            (OrderStatus::Reserved, 9),
            (OrderStatus::Refunded, 6),
            (OrderStatus::Failed, 4),
        ],
    }
}

fn account(form: FormState) -> AccountPage {
    let session = |browser: &str, hours, this_one| SessionEntry {
        handle: "h4ndle".to_owned(),
        browser: browser.to_owned(),
        address: "203.0.113.77".to_owned(),
        begun_at: at(hours + 20),
        used_at: at(hours),
        this_one,
    };
    AccountPage {
        name: "John Doe".to_owned(),
        email: "john@example.com".to_owned(),
        form,
        sessions: vec![session("Firefox on Linux", 0, true), session("Safari on an iPhone", 30, false)],
    }
}

fn mailbox(of: MailboxOf) -> MailboxPage {
    let entry = |id: &str, subject: &str, minutes, unread| MailEntry {
        id: id.to_owned(),
        subject: subject.to_owned(),
        at: at(minutes),
        unread,
    };
    let entries = vec![
        entry("3", "Fulfil by 5 Jan 2030, 12:00 UTC: The Cartographer's Apprentice", 240, true),
        entry("2", "Your receipt: Now and Forever", 30, true),
        entry("1", "Welcome to DigitalDownload", 0, false),
    ];
    let paging = Paging { newer: None, older: Some("older=1".to_owned()) };
    MailboxPage { of, entries, paging, sends: false }
}

fn receipt() -> MailPage {
    let facts = [
        ("Item", "Now and Forever"),
        ("Seller", "Right Here Records"),
        ("Price", "$0.99"),
        ("Order", "0190163d-8694-739b-aea5-966c26f8ad91"),
    ];
    let words =
        "Thank you for buying Now and Forever. $0.99 was paid, and what you bought is in your library.";
    let letter = Letter {
        subject: "Your receipt: Now and Forever".to_owned(),
        parts: vec![
            Part::Paragraph(words.to_owned()),
            Part::Quote("It stops in the middle.".to_owned()),
            Part::Facts(facts.map(|(term, words)| (term, words.to_owned())).into()),
            Part::Link { words: "Your order", url: "http://localhost:3000/orders/2".to_owned() },
        ],
    };
    MailPage {
        of: MailboxOf::Own,
        id: "2".to_owned(),
        to: "john@example.com".to_owned(),
        at: at(30),
        letter,
        sent: Some("It was sent by e-mail as well."),
    }
}

fn mail_pages() -> Vec<(&'static str, String)> {
    let forgot = |reach, written_to: Option<&str>| {
        let written_to = written_to.map(ToOwned::to_owned);
        let data = ForgotPage { form: FormState::default(), reach, written_to };
        pages::forgot_password(&guest("/password/forgot"), &data)
    };
    let reset = |token: Option<&str>| {
        let data = ResetPage { form: FormState::default(), token: token.map(ToOwned::to_owned) };
        pages::reset_password(&guest("/password/reset"), &data)
    };
    let of_jane = MailboxOf::Address("jane@example.com".to_owned());
    let token = Some("token".to_owned());
    vec![
        ("mailbox", pages::mailbox(&john("/mail"), &mailbox(MailboxOf::Own))),
        ("mailbox-in-the-lab", pages::mailbox(&guest("/mail"), &mailbox(of_jane))),
        ("mailbox-empty", pages::mailbox(&john("/mail"), &MailboxPage::default())),
        ("mail", pages::mail(&john("/mail/2"), &receipt())),
        ("password-forgot", forgot(MailReach::Lab, None)),
        ("password-forgot-written", forgot(MailReach::Lab, Some("john@example.com"))),
        ("password-forgot-off", forgot(MailReach::Nowhere, None)),
        ("password-reset", reset(Some("token"))),
        ("password-reset-over", reset(None)),
        ("sign-up-sent", pages::sign_up_sent(&guest("/sign-up/sent"))),
        ("sign-up-confirm", pages::confirm_sign_up(&guest("/sign-up/confirm"), &ConfirmPage { token })),
    ]
}

fn sign_pages() -> Vec<(&'static str, String)> {
    let mut refused = FormState::default();
    refused.set("email", "john@example.com");
    refused.refuse("", "This e-mail and password do not belong together. Check both and try again.");
    let mut wrong_password = FormState::default();
    wrong_password.refuse("current_password", "This is not your password.");
    wrong_password.refuse("new_password", "Use at most 256 characters.");
    let page = |form, next: &str| SignPage { form, next: next.to_owned(), show_demo: true };
    vec![
        (
            "sign-in",
            pages::sign_in(&guest("/sign-in"), &page(FormState::default(), "/checkout/now-and-forever")),
        ),
        ("sign-in-refused", pages::sign_in(&guest("/sign-in"), &page(refused, ""))),
        ("account", pages::account(&john("/account"), &account(FormState::default()))),
        ("account-refused", pages::account(&john("/account"), &account(wrong_password))),
        ("sign-up", pages::sign_up(&guest("/sign-up"), &page(FormState::default(), "/sell"))),
    ]
}
