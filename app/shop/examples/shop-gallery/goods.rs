//! What the shop of the gallery sells, and who looks at it.

use super::buying::split_of;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use shop_pages::model::{
    Availability, Category, Chrome, Description, FileFacts, ItemCard, ItemPage, RateRow, Rating, RefundRule,
    Seller, ShippingOffer, Shown, Viewer, Way, WaySplit,
};

/// Slug, title, creator, seller, category, cents.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str, i32);

pub const ENTRIES: [Entry; 40] = [
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

pub fn cards() -> Vec<ItemCard> {
    ENTRIES.into_iter().map(card).collect()
}

pub fn card((slug, title, creator, seller, category, cents): Entry) -> ItemCard {
    ItemCard {
        slug: slug.to_owned(),
        title: title.to_owned(),
        creator: creator.to_owned(),
        seller: seller.to_owned(),
        category: category.to_owned(),
        price: Money::from_cents(cents),
        handling_days: None,
        physical: category == "records",
        rating: Rating::default(),
    }
}

pub fn some_cards(numbers: &[usize]) -> Vec<ItemCard> {
    numbers.iter().map(|number| card(ENTRIES[*number])).collect()
}

pub fn categories() -> Vec<Category> {
    let category =
        |(slug, name): (&str, &str)| Category { slug: slug.to_owned(), name: name.to_owned(), items: 8 };
    CATEGORIES.into_iter().map(category).collect()
}

/// The same as the catalogue's page has them.
pub fn dividers() -> Vec<Way> {
    let everything = Way { label: "Everything".to_owned(), href: "/".to_owned(), ..Way::default() };
    let divider = |category: Category| Way {
        label: category.name,
        count: Some(category.items.to_string()),
        href: format!("/?category={}", category.slug),
        current: false,
    };
    std::iter::once(everything).chain(categories().into_iter().map(divider)).collect()
}

pub fn at(minutes: i64) -> Timestamp {
    let start = Timestamp::from_second(1_795_474_500).expect("within range");
    start.checked_add(SignedDuration::from_mins(minutes)).expect("within range")
}

pub fn guest(path: &str) -> Chrome {
    Chrome { path: path.to_owned(), site_url: "http://localhost:3000".to_owned(), ..Chrome::default() }
}

pub fn john(path: &str) -> Chrome {
    let viewer = Viewer {
        name: "John Doe".to_owned(),
        merchant: false,
        operator: false,
        unread: 0,
        unread_mail: 1,
        in_cart: 2,
    };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

pub fn martha(path: &str) -> Chrome {
    let viewer = Viewer {
        name: "Martha Reyes".to_owned(),
        merchant: true,
        operator: false,
        unread: 2,
        unread_mail: 1,
        in_cart: 0,
    };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

pub fn boss(path: &str) -> Chrome {
    let viewer = Viewer {
        name: "Olga Operator".to_owned(),
        merchant: false,
        operator: true,
        unread: 0,
        unread_mail: 1,
        in_cart: 0,
    };
    Chrome { viewer: Some(viewer), ..guest(path) }
}

pub fn song_file() -> FileFacts {
    FileFacts {
        name: "Now and Forever.mp3".to_owned(),
        format: "MP3 audio".to_owned(),
        bytes: 3_412_118,
        sha256: Some("5f2b9c01".repeat(8)),
    }
}

pub fn words(text: &str) -> Description {
    Description { html: format!("<p>{text}</p>"), text: text.to_owned() }
}

pub fn song() -> ItemPage {
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
        preview_seconds: Some(7),
        type_tester: false,
        pictures: Vec::new(),
        sample: None,
        demo: None,
        shown: Shown::Pictures,
        news: String::new(),
        more_by_seller: some_cards(&[1, 2, 3, 4, 34, 36]),
        reviews: Vec::new(),
        may_review: false,
        splits: splits_of(99),
        owned_order: None,
        own_item: false,
        wished: false,
        availability: Availability::ForSale,
        seller: seller_of_it(),
        rates: Vec::new(),
        hold_reason: None,
    }
}

/// As it would be with the fees of the gallery.
pub fn splits_of(cents: i32) -> Vec<WaySplit> {
    let way = |label| WaySplit { label, split: Some(split_of(cents)), rules: Vec::new() };
    ["Card", "Bank account", "Balance"].map(way).into()
}

pub fn seller_of_it() -> Seller {
    let refund_rule = RefundRule::AtOnce { days: 30, unless_downloaded: false };
    let path = Some("/sellers/right-here-records".to_owned());
    Seller { path, picture: None, refund_rule, rating: Rating([1, 0, 2, 9, 30]) }
}

pub fn rates() -> Vec<RateRow> {
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

pub fn offer() -> ShippingOffer {
    let countries = vec!["Canada", "Germany", "United States"];
    ShippingOffer { countries, rates: rates().first().copied(), known: Vec::new() }
}

pub fn record() -> ItemPage {
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
