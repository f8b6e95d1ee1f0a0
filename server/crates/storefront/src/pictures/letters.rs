//! Words as outlines of a font's letters.

use covers::{Face as Kind, Letters};
use std::fmt::Write;
use std::sync::LazyLock;
use ttf_parser::{Face, OutlineBuilder};

/// A line of text at this size, its first letter at the origin, in the language of SVG's paths; and how wide it is. A
/// letter that the font does not have is a gap.
pub fn line(face: &Face<'_>, text: &str, size: f64) -> (String, f64) {
    let scale = size / f64::from(face.units_per_em().max(1));
    let mut pen = Pen { path: String::new(), x: 0.0, scale };
    for letter in text.chars() {
        let Some(glyph) = face.glyph_index(letter) else {
            pen.x += size / 2.0;
            continue;
        };
        face.outline_glyph(glyph, &mut pen);
        pen.x += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
    }
    (pen.path, pen.x)
}

/// Where the next letter begins, and what is drawn so far. Fonts count upwards, pictures downwards.
struct Pen {
    path: String,
    x: f64,
    scale: f64,
}

impl Pen {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let (x, y) = (self.x + f64::from(*x) * self.scale, -f64::from(*y) * self.scale);
            // Writing to a String cannot fail.
            let _ = write!(self.path, "{x:.1} {y:.1} ");
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

/// The shop's own letters: those of the demo data's fonts, which are made by the program and need no file.
#[derive(Debug)]
pub struct OwnLetters {
    sans: [Vec<u8>; 2],
    serif: [Vec<u8>; 2],
    mono: [Vec<u8>; 2],
}

pub static OWN: LazyLock<OwnLetters> = LazyLock::new(|| {
    let family = |slug: &str| [400, 700].map(|class| demo_goods::typeface(slug, class).unwrap_or_default());
    OwnLetters { sans: family("halden-grotesk"), serif: family("halden-text"), mono: family("tramline-mono") }
});

impl Letters for OwnLetters {
    fn line(&self, text: &str, kind: Kind, weight: u32, size: f64) -> (String, f64) {
        let [regular, bold] = match kind {
            Kind::Sans => &self.sans,
            Kind::Serif => &self.serif,
            Kind::Mono => &self.mono,
        };
        let bytes = if weight > 500 { bold } else { regular };
        Face::parse(bytes, 0).map_or((String::new(), 0.0), |face| line(&face, text, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shops_own_letters_are_there_in_every_face() {
        for kind in [Kind::Sans, Kind::Serif, Kind::Mono] {
            for weight in [400, 800] {
                let (path, width) = OWN.line("Ünder 7", kind, weight, 100.0);
                assert!(
                    path.starts_with('M') && (200.0..600.0).contains(&width),
                    "{kind:?} {weight}: {width}"
                );
            }
        }
        let (path, width) = OWN.line("漢字", Kind::Sans, 400, 100.0);
        assert_eq!((path.as_str(), width), ("", 100.0), "what is not there is a gap");
    }
}
