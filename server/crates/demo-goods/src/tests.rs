//! The catalogue and its goods as a buyer meets them: all of it is there, each file is what it says, and is worth its
//! price.

use crate::{Catalogue, Delivery, Goods, GoodsFile, Item, Listed, PreviewKind, catalogue};
use money::Money;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::sync::OnceLock;

/// What the shop had before: slug, seller and delivery, which links, orders and tests rely on.
const BEFORE: &str = include_str!("before.txt");

fn whole() -> &'static Catalogue {
    catalogue().unwrap()
}

/// Every item with its goods, made once for all tests.
fn goods() -> &'static [(&'static Item, Goods)] {
    static GOODS: OnceLock<Vec<(&'static Item, Goods)>> = OnceLock::new();
    GOODS.get_or_init(|| whole().items.iter().map(|item| (item, item.goods().unwrap())).collect())
}

fn files() -> impl Iterator<Item = (&'static Item, &'static GoodsFile)> {
    goods().iter().flat_map(|(item, goods)| goods.all().map(move |(_, file)| (*item, file)))
}

#[test]
fn two_hundred_items_of_twelve_sellers_in_twelve_categories() {
    let whole = whole();
    assert_eq!([whole.items.len(), whole.sellers.len(), whole.categories.len()], [200, 12, 12]);
    let slugs: BTreeSet<&str> = whole.items.iter().map(|item| item.slug.as_str()).collect();
    assert_eq!(slugs.len(), 200, "no two have one slug");
    let titles: BTreeSet<&str> = whole.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles.len(), 200, "no two have one title");
    assert_eq!(whole.items.iter().filter(|item| item.deep).count(), 24);
    for category in &whole.categories {
        assert!(
            whole.items.iter().filter(|item| item.category == category.slug).count() >= 12,
            "{}",
            category.slug
        );
    }
    for (number, seller) in whole.sellers.iter().enumerate() {
        assert!(whole.items.iter().any(|item| item.seller == number), "{} sells nothing", seller.shop);
        assert!(seller.about.len() > 100 && !seller.links.is_empty(), "{}", seller.shop);
    }
}

#[test]
fn what_the_shop_had_is_there() {
    for line in BEFORE.lines() {
        let fields: Vec<&str> = line.split('|').collect();
        let [slug, email, delivery, title] = fields[..] else { panic!("{line}") };
        let item =
            whole().items.iter().find(|item| item.slug == slug).unwrap_or_else(|| panic!("{slug} is gone"));
        assert_eq!(whole().sellers[item.seller].email, email, "{slug}");
        assert_eq!(item.delivery == Delivery::Manual, delivery == "Manual", "{slug}");
        assert_eq!(item.title, title, "{slug}");
    }
    assert_eq!(BEFORE.lines().count(), 68);
    for (slug, dollars) in
        [("now-and-forever", "0.99"), ("session-masters", "12.00"), ("harbour-lights-lp", "24.00")]
    {
        let item = whole().items.iter().find(|item| item.slug == slug).unwrap();
        assert_eq!(item.price, Money::parse_dollars(dollars).unwrap(), "{slug}");
        assert_eq!(item.seller, 0, "{slug}");
    }
}

#[test]
fn every_item_says_what_it_is() {
    for item in &whole().items {
        assert!((3..=6).contains(&item.tags.len()), "{} has {} tags", item.slug, item.tags.len());
        assert!(item.tags.iter().all(|tag| *tag == tag.to_lowercase()), "{}", item.slug);
        assert!(item.description.split_whitespace().count() >= 18, "{} has few words", item.slug);
        assert!(!item.deep || item.description.contains("\n- "), "{} lists what one gets", item.slug);
        assert!(!item.creator.is_empty() && !item.licence.is_empty(), "{}", item.slug);
        assert!(
            item.slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
    }
}

#[test]
fn everything_that_is_not_posted_has_files() {
    for (item, goods) in goods() {
        assert_eq!(item.physical, goods.files.is_empty(), "{}", item.slug);
        assert!(goods.files.len() <= 6, "{} has {} files", item.slug, goods.files.len());
        let names: BTreeSet<&str> = goods.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names.len(), goods.files.len(), "{}", item.slug);
        if item.category == "music" || item.category == "sounds" {
            assert!(goods.previews.iter().any(|preview| preview.kind == PreviewKind::Audio), "{}", item.slug);
        }
    }
    let bytes: usize = files().map(|(_, file)| file.bytes.len()).sum();
    assert!(bytes < 130_000_000, "all together are {bytes} bytes");
}

#[test]
fn games_can_be_tried_and_programs_be_seen() {
    for (item, goods) in goods() {
        let demo = goods.previews.iter().find(|preview| preview.kind == PreviewKind::Demo);
        let pages = goods.files.iter().filter(|file| file.media_type == "text/html");
        if item.category == "games" || item.category == "software" {
            assert_eq!(goods.pictures.len(), pages.count(), "{} has a picture of what runs", item.slug);
        }
        assert_eq!(demo.is_some(), item.category == "games", "{}", item.slug);
        if let Some(demo) = demo {
            let text = std::str::from_utf8(&demo.file.bytes).unwrap();
            assert!(text.contains("180000") && !text.contains("the whole game:"), "{}", item.slug);
            assert!(demo.file.bytes.len() < 20_000, "{}", item.slug);
        }
    }
}

/// `cargo run -p demo-goods --example goods -- --list` writes the list anew.
#[test]
fn the_list_of_files_tells_the_truth() {
    for (item, goods) in goods() {
        let made: Vec<Listed> = goods.all().map(|(purpose, file)| Listed::of(purpose, file)).collect();
        assert_eq!(made, item.listed, "{}", item.slug);
    }
}

#[test]
fn every_file_is_what_its_media_type_says() {
    for (item, file) in files() {
        let name = format!("{}: {}", item.slug, file.name);
        match file.media_type {
            "application/pdf" => assert!(pages(&file.bytes) > 0, "{name}"),
            "audio/wav" => assert!(seconds(&file.bytes) > 1.0, "{name}"),
            "image/png" => assert!(dots(&file.bytes) > 100_000.0, "{name}"),
            "font/ttf" => assert!(glyphs(&file.bytes) > 150, "{name}"),
            "application/zip" | "application/epub+zip" => assert!(entries(&file.bytes).len() > 2, "{name}"),
            "image/svg+xml" | "application/vnd.oasis.opendocument.spreadsheet-flat-xml" => {
                well_formed(std::str::from_utf8(&file.bytes).unwrap(), &name);
            }
            "text/csv" => assert!(rows(&file.bytes) > 100, "{name}"),
            "text/html" => alone(std::str::from_utf8(&file.bytes).unwrap(), &name),
            "audio/mpeg" => assert_eq!(infer::get(&file.bytes).unwrap().mime_type(), "audio/mpeg", "{name}"),
            "text/plain" | "text/x-python" => {
                assert!(std::str::from_utf8(&file.bytes).unwrap().len() > 150, "{name}");
            }
            other => panic!("{name} is of a kind that nobody reads: {other}"),
        }
    }
}

#[test]
fn archives_hold_what_their_names_say() {
    for (item, file) in files().filter(|(_, file)| file.media_type.ends_with("zip")) {
        for (name, bytes) in entries(&file.bytes) {
            let place = format!("{}: {} in {}", item.slug, name, file.name);
            match name.rsplit('.').next().unwrap() {
                "wav" => assert!(seconds(&bytes) > 0.0, "{place}"),
                "ttf" => assert!(glyphs(&bytes) > 150, "{place}"),
                "pdf" => assert!(pages(&bytes) > 0, "{place}"),
                "svg" | "xhtml" | "opf" | "xml" => well_formed(std::str::from_utf8(&bytes).unwrap(), &place),
                "stl" => {
                    let count = u32::from_le_bytes(bytes[80..84].try_into().unwrap());
                    assert_eq!(bytes.len(), 84 + 50 * count as usize, "{place}");
                }
                _ => assert!(!bytes.is_empty(), "{place}"),
            }
        }
    }
}

#[test]
fn a_thing_to_print_has_no_hole() {
    for (item, file) in
        files().filter(|(item, file)| item.category == "models" && file.media_type == "application/zip")
    {
        for (name, bytes) in entries(&file.bytes).into_iter().filter(|(name, _)| name.starts_with("stl/")) {
            assert_eq!(open_edges(&bytes), 0, "{}: {name}", item.slug);
        }
    }
}

/// The edges that have a triangle on one side alone.
fn open_edges(stl: &[u8]) -> usize {
    let mut edges = std::collections::HashMap::new();
    for triangle in stl[84..].chunks(50) {
        let corner = |number: usize| {
            [0, 1, 2].map(|axis| {
                let at = 12 + number * 12 + axis * 4;
                (f32::from_le_bytes(triangle[at..at + 4].try_into().unwrap()) * 1000.0).round() as i32
            })
        };
        for number in 0..3 {
            let (from, to) = (corner(number), corner((number + 1) % 3));
            *edges.entry((from, to)).or_insert(0) += 1;
            *edges.entry((to, from)).or_insert(0) -= 1;
        }
    }
    edges.values().filter(|sum| **sum != 0).count()
}

/// The rule: a dollar buys so much of what the files hold. Work that somebody does by hand for each order, and things
/// that are posted, are not priced by the file.
fn worth(item: &Item, goods: &Goods) -> f64 {
    goods.files.iter().map(|file| worth_of(item, &file.name, &file.bytes)).sum()
}

fn worth_of(item: &Item, name: &str, bytes: &[u8]) -> f64 {
    match name.rsplit('.').next().unwrap() {
        // Music: a dollar for twenty seconds; a sound of a kit fifty cents, and so the same words for another reader.
        "wav" | "mp3" if item.category == "music" || item.category == "sounds" => {
            seconds_of_any(bytes) / 20.0
        }
        "wav" | "epub" => 0.5,
        // A page of a book or of sheets sixty cents.
        "pdf" => 0.6 * f64::from(u32::try_from(pages(bytes)).unwrap()),
        // A drawing with its printable sheet, and what it has in dots.
        "svg" if item.category == "art" => 14.0,
        "svg" => 0.25,
        "png" => dots(bytes) / 4_000_000.0,
        // A weight of a face that sets the languages of Western Europe.
        "ttf" => f64::from(glyphs(bytes)) / 9.0,
        // A game or a program, by what was written for it.
        "html" | "py" => bytes.len() as f64 / 1200.0,
        "csv" => rows(bytes) as f64 / 500.0,
        "css" | "gpl" | "json" => rows(bytes) as f64 / 1000.0,
        // A workbook with its sums.
        "fods" => 3.0,
        "stl" => 2.5,
        "zip" => entries(bytes)
            .iter()
            .map(|(name, bytes)| if item.category == "sounds" { 0.5 } else { worth_of(item, name, bytes) })
            .sum(),
        _ => 0.0,
    }
}

#[test]
fn the_price_fits_the_content() {
    let dear: Vec<String> = goods()
        .iter()
        .filter(|(item, _)| !item.physical && item.delivery == Delivery::Instant)
        .map(|(item, goods)| (item, item.price.micros() as f64 / 1_000_000.0, worth(item, goods)))
        .filter(|(_, price, worth)| price > worth)
        .map(|(item, price, worth)| format!("{} asks {price:.2} for what is worth {worth:.2}", item.slug))
        .collect();
    assert!(dear.is_empty(), "{dear:#?}");
}

#[test]
fn the_same_files_every_time() {
    for (item, before) in goods().iter().step_by(3) {
        assert!(item.goods().unwrap() == *before, "{}", item.slug);
    }
}

fn pages(pdf: &[u8]) -> usize {
    lopdf::Document::load_mem(pdf).unwrap().get_pages().len()
}

fn seconds(wav: &[u8]) -> f64 {
    let mut reader = hound::WavReader::new(Cursor::new(wav)).unwrap();
    let seconds = f64::from(reader.duration()) / f64::from(reader.spec().sample_rate);
    let loudest = reader.samples::<i16>().map(|sample| sample.unwrap().unsigned_abs()).max().unwrap();
    assert!(loudest > 10_000, "it is silent: {loudest}");
    seconds
}

fn seconds_of_any(bytes: &[u8]) -> f64 {
    // The one MP3 has 24 kilobits a second.
    if bytes.starts_with(b"RIFF") { seconds(bytes) } else { bytes.len() as f64 / 3_000.0 }
}

fn dots(png: &[u8]) -> f64 {
    let reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    f64::from(reader.info().width) * f64::from(reader.info().height)
}

/// How many letters it has; it has all that a text of Western Europe needs, and they have outlines.
fn glyphs(ttf: &[u8]) -> u16 {
    struct Count(usize);
    impl ttf_parser::OutlineBuilder for Count {
        fn move_to(&mut self, _: f32, _: f32) {
            self.0 += 1;
        }
        fn line_to(&mut self, _: f32, _: f32) {}
        fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
        fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
        fn close(&mut self) {}
    }
    let face = ttf_parser::Face::parse(ttf, 0).unwrap();
    for letter in ('!'..='~').chain("ÄÖÜäöüßÀÉÈÊÇÑØÅÆàéèêçñøåæ€£“”‘’–—…«»¿¡".chars())
    {
        let glyph = face.glyph_index(letter).unwrap_or_else(|| panic!("{letter} is missing"));
        let mut count = Count(0);
        face.outline_glyph(glyph, &mut count).unwrap_or_else(|| panic!("{letter} has no outline"));
        assert!(count.0 > 0 && face.glyph_hor_advance(glyph).unwrap() > 0, "{letter}");
    }
    face.number_of_glyphs()
}

fn entries(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().to_owned(), bytes)
        })
        .collect()
}

fn rows(text: &[u8]) -> usize {
    std::str::from_utf8(text).unwrap().lines().count()
}

fn well_formed(xml: &str, name: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
    outside(xml, name);
}

/// A page that needs nothing from elsewhere.
fn alone(html: &str, name: &str) {
    assert!(html.starts_with("<!doctype html>"), "{name}");
    assert!(!html.contains("{{"), "{name} has a place that nobody filled in");
    for word in ["<link", "src=\"http", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon"] {
        assert!(!html.contains(word), "{name} has {word}");
    }
    outside(html, name);
}

/// No address but those that only name a format.
fn outside(text: &str, name: &str) {
    for (at, _) in text.match_indices("http") {
        let rest = &text[at..text.len().min(at + 40)];
        let names_a_format = ["http://www.w3.org/", "http://www.idpf.org/", "http://purl.org/"];
        let is_address = rest.starts_with("http://") || rest.starts_with("https://");
        assert!(
            !is_address || names_a_format.iter().any(|format| rest.starts_with(format)),
            "{name}: {rest}"
        );
    }
}
