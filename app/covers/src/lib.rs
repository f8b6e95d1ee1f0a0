//! Covers drawn from a title: for items whose seller sent no picture.
//!
//! The same title, creator and category always give the same picture, on every machine: the dice are
//! thrown from a hash of the words. The pictures look alike in light and dark pages, name no font that a
//! visitor must have, and load nothing.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

mod blackboard;
mod books;
mod dice;
mod games;
mod lettering;
mod mosaics;
mod music;
mod objects;
mod paintings;
mod palette;
mod paper;
mod screens;
mod sheet;
mod solids;
mod specimens;
mod terminal;

pub use lettering::{Face, Letters};

use dice::Dice;
use palette::Palette;
use sheet::Sheet;

/// What a picture is drawn from.
struct Subject<'a> {
    title: &'a str,
    creator: &'a str,
    palette: &'static Palette,
}

impl Subject<'_> {
    /// Whether one of these words, in small letters, stands in the title.
    fn names(&self, words: &[&str]) -> bool {
        let title = self.title.to_lowercase();
        title.split(|letter: char| !letter.is_alphanumeric()).any(|word| words.contains(&word))
    }
}

/// A square picture of 600 units as a whole SVG document. `category` is the category's slug; one that has
/// no style of its own is drawn like a book.
pub fn svg(title: &str, creator: &str, category: &str) -> String {
    drawn(Sheet::default(), title, creator, category)
}

/// The same where no font can be relied on: its words are outlines, which these letters give.
pub fn outlined_svg(title: &str, creator: &str, category: &str, letters: &'static dyn Letters) -> String {
    drawn(Sheet::lettered(letters), title, creator, category)
}

fn drawn(mut sheet: Sheet, title: &str, creator: &str, category: &str) -> String {
    let mut dice = Dice::from_words(&[creator, category, title]);
    let palette = dice.pick(&palette::PALETTES);
    let subject = Subject { title, creator, palette };
    match category {
        "music" => music::draw(&mut sheet, &mut dice, &subject),
        "art" => paintings::draw(&mut sheet, &mut dice, &subject),
        "games" => games::draw(&mut sheet, &mut dice, &subject),
        "software" => terminal::draw(&mut sheet, &mut dice, &subject),
        "courses" => blackboard::draw(&mut sheet, &mut dice, &subject),
        "fonts" => specimens::draw(&mut sheet, &mut dice, &subject),
        "records" => objects::draw(&mut sheet, &mut dice, &subject),
        "sounds" => screens::draw(&mut sheet, &mut dice, &subject),
        "paper" => paper::draw(&mut sheet, &mut dice, &subject),
        "models" => solids::draw(&mut sheet, &mut dice, &subject),
        "templates" => mosaics::draw(&mut sheet, &mut dice, &subject),
        _ => books::draw(&mut sheet, &mut dice, &subject),
    }
    sheet.into_svg(&format!("{title} by {creator}"))
}

#[cfg(test)]
mod tests {
    use super::svg;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    const CATEGORIES: [&str; 13] = [
        "music",
        "books",
        "art",
        "games",
        "software",
        "courses",
        "fonts",
        "records",
        "sounds",
        "paper",
        "models",
        "templates",
        "something else",
    ];

    #[test]
    fn the_same_words_give_the_same_picture_and_others_another() {
        for category in CATEGORIES {
            let first = svg("Now and Forever", "Richard Marx", category);
            assert_eq!(first, svg("Now and Forever", "Richard Marx", category));
            assert_ne!(first, svg("Slow Ferry", "The Quay Ensemble", category));
        }
    }

    #[test]
    fn words_are_escaped_and_read_aloud() {
        for category in CATEGORIES {
            let picture = svg("</svg><script>alert('1')</script>", "A & \"B\"", category);
            assert!(!picture.contains("<script"), "{category}");
            assert_eq!(picture.matches("</svg>").count(), 1, "{category}");
            assert!(
                picture.contains("<title>&lt;/svg&gt;&lt;script&gt;alert('1')&lt;/script&gt; by A &amp; ")
            );
        }
    }

    #[test]
    fn any_title_is_drawn_within_bounds() {
        let long = "word ".repeat(200);
        let unbroken = "x".repeat(500);
        for title in [
            "",
            " ",
            "é",
            "日本語のとても長い題名日本語のとても長い題名",
            "🎵🎵🎵",
            &long,
            &unbroken,
            "\u{0}\u{7}\u{fffe}",
        ] {
            for category in CATEGORIES {
                let picture = svg(title, title, category);
                assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"));
                assert!(picture.len() < 24_000, "{category}: {} bytes", picture.len());
                assert!(!picture.contains(['\u{0}', '\u{7}', '\u{fffe}']), "XML cannot hold these");
                assert!(!picture.contains("NaN") && !picture.contains("inf"), "{category}");
            }
        }
    }

    /// The dice must fall often enough to show every kind of picture.
    #[test]
    fn whatever_the_dice_say_is_xml_of_a_modest_size() {
        for category in CATEGORIES {
            for number in 0..120 {
                let picture = svg(&format!("Number {number}"), "Somebody", category);
                assert!(picture.len() < 24_000, "{category} {number}: {} bytes", picture.len());
                let (mut reader, mut depth) = (Reader::from_str(&picture), 0);
                loop {
                    match reader.read_event().unwrap_or_else(|error| panic!("{category} {number}: {error}")) {
                        Event::Start(element) => {
                            depth += 1;
                            assert!(
                                element.attributes().all(|attribute| attribute.is_ok()),
                                "{category} {number}"
                            );
                        }
                        Event::Empty(element) => {
                            assert!(
                                element.attributes().all(|attribute| attribute.is_ok()),
                                "{category} {number}"
                            );
                        }
                        Event::End(_) => depth -= 1,
                        Event::Eof => break,
                        _ => {}
                    }
                }
                assert_eq!(depth, 0, "{category} {number}");
            }
        }
    }
}
