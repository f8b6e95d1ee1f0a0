//! Somebody's own words in a font that is for sale: a picture, which gives no outline away.

use super::{letters, png_of};
use std::fmt::Write;
use ttf_parser::Face;

/// Letters that are set.
pub const LONGEST: usize = 60;
/// Larger files are not looked into.
pub const LARGEST: u64 = 5 << 20;
const WIDTH: u16 = 1200;
const MARGIN: f64 = 40.0;
const LARGEST_SIZE: f64 = 120.0;

/// The words as they are set, on one line: what cannot be shown is left out.
pub fn readable(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

/// The words in these fonts, each on a line of its own below its name; `None` where none of the files is a font.
pub fn png(fonts: &[Vec<u8>], words: &str) -> Option<Vec<u8>> {
    let faces: Vec<Face<'_>> = fonts.iter().filter_map(|bytes| Face::parse(bytes, 0).ok()).collect();
    if faces.is_empty() {
        return None;
    }
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    let widest = faces.iter().map(|face| letters::line(face, words, LARGEST_SIZE).1).fold(1.0, f64::max);
    let size = LARGEST_SIZE.min(LARGEST_SIZE * room / widest);
    let step = size * 1.5;
    let mut lines = String::new();
    for (number, face) in (1_u32..).zip(&faces) {
        let (path, _) = letters::line(face, words, size);
        let baseline = MARGIN + f64::from(number) * step - step * 0.35;
        // Writing to a String cannot fail.
        let _ = write!(
            lines,
            r##"<path transform="translate({MARGIN} {baseline:.1})" d="{path}" fill="#191a1c"/>"##
        );
    }
    let height = 2.0 * MARGIN + step * f64::from(u32::try_from(faces.len()).unwrap_or(1));
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0}"><rect width="100%" height="100%" fill="#fcfcfb"/>{lines}</svg>"##
    );
    png_of(&svg, WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_set_in_a_font_and_in_nothing_else() {
        let font = demo_goods::typeface("halden-grotesk", 400).unwrap();
        let one = png(std::slice::from_ref(&font), "Hamburg").unwrap();
        let other = png(std::slice::from_ref(&font), "Bremen").unwrap();
        assert!(one.starts_with(b"\x89PNG") && one != other);
        assert!(png(&[font.clone(), font], &"W".repeat(LONGEST)).is_some());
        assert!(png(&[b"no font".to_vec(), Vec::new()], "Hamburg").is_none());
    }

    #[test]
    fn only_so_many_letters_are_set_and_none_that_cannot_be_seen() {
        assert_eq!(readable("  a\u{7}b \n c  "), "ab c");
        assert_eq!(readable(&"x".repeat(1000)).len(), LONGEST);
    }
}
