//! A cover that is drawn from the title, as a PNG: most networks show no SVG beside a link.

use super::letters::{OWN, OwnLetters};
use super::png_of;

/// As wide as those who show it want it at least.
pub const WIDTH: u16 = 1200;

/// `None`: it cannot be drawn.
pub fn png(title: &str, creator: &str, category: &str) -> Option<Vec<u8>> {
    let letters: &'static OwnLetters = &OWN;
    png_of(&covers::outlined_svg(title, creator, category, letters), WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_of_every_category_is_a_picture_of_the_right_size() {
        for category in ["music", "fonts", "software", "books", "sounds", "no such"] {
            let png = png("Now & <Forever>", "Richard Marx", category).unwrap();
            assert_eq!(&png[1..4], b"PNG");
            let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            assert_eq!((size(16), size(20)), (1200, 1200), "{category}");
            assert!((5_000..1_500_000).contains(&png.len()), "{category}: {}", png.len());
        }
    }
}
