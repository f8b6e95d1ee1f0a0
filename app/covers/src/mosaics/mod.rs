//! Templates and data: a specimen of what is inside, piece by piece.

mod pages;
mod pieces;

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, Style, fit};
use super::sheet::Sheet;

const LEFT: f64 = 30.0;
const RIGHT: f64 = 570.0;

/// The part of the picture without words.
struct Field {
    top: f64,
    bottom: f64,
}

impl Field {
    const WIDTH: f64 = RIGHT - LEFT;

    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Places for pieces in rows and columns, with their width and height.
    fn places(&self, columns: u32, rows: u32, gap: f64) -> Vec<Place> {
        let wide = (Self::WIDTH + gap) / f64::from(columns);
        let tall = (self.height() + gap) / f64::from(rows);
        (0..rows * columns)
            .map(|index| Place {
                x: LEFT + f64::from(index % columns) * wide,
                y: self.top + f64::from(index / columns) * tall,
                width: wide - gap,
                height: tall - gap,
            })
            .collect()
    }
}

#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Place {
    fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    fn fill(&self, sheet: &mut Sheet, rounding: f64, color: &str) {
        let Self { x, y, width, height } = self;
        sheet.add(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{rounding}" fill="{color}"/>"#
        ));
    }

    /// Begins what is cut off at the edges; `</g>` ends it.
    fn clip(&self, sheet: &mut Sheet, name: &str, rounding: f64) {
        let Self { x, y, width, height } = self;
        sheet.add(format_args!(
            r#"<clipPath id="{name}"><rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{rounding}"/></clipPath><g clip-path="url(#{name})">"#
        ));
    }
}

type Motif = fn(&mut Sheet, &mut Dice, &Subject<'_>, &Field);

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(subject.palette.ground);
    let field = words(sheet, dice, subject);
    motif(dice, subject)(sheet, dice, subject, &field);
}

/// The title says what is inside; else the dice do.
fn motif(dice: &mut Dice, subject: &Subject<'_>) -> Motif {
    const NAMED: [(&[&str], Motif); 9] = [
        (&["sign", "signs", "icon", "icons", "symbols", "glyphs"], pieces::signs),
        (&["palette", "palettes", "colors", "colours", "swatches"], pieces::swatches),
        (&["pattern", "patterns", "textures", "tiles"], pieces::patterns),
        (&["frame", "frames", "rules", "ornament", "ornaments", "borders"], pieces::frames),
        (&["wallpaper", "wallpapers", "backgrounds", "screens"], pieces::wallpapers),
        (&["moon", "sun", "sunrise", "sky", "stars", "tides"], pages::sky),
        (&["table", "tables", "data", "library", "list", "days", "dataset"], pages::table),
        (&["letter", "letters", "page", "pages", "résumé", "cv", "mail", "slides"], pages::letters),
        (&["formulas", "spreadsheet", "spreadsheets", "budget", "year", "chart", "charts"], pages::workbook),
    ];
    const ANY: [Motif; 7] = [
        pieces::signs,
        pieces::swatches,
        pieces::patterns,
        pieces::frames,
        pages::table,
        pages::letters,
        pages::workbook,
    ];
    NAMED.iter().find(|(words, _)| subject.names(words)).map_or_else(|| *dice.pick(&ANY), |(_, motif)| *motif)
}

/// Above or below, as the dice fall; returns what is left.
fn words(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) -> Field {
    let palette = subject.palette;
    let style = Style::new(SANS, 800, palette.ink);
    let small = Style { weight: 500, ..style };
    let title = fit(subject.title, style, 536, 2, &[80, 72, 64, 57, 50, 44, 38, 32]);
    let creator = fit(subject.creator, small, 530, 1, &[28, 24, 20]);
    let capital = f64::from(title.size) * 0.74;
    if dice.one_in(2) {
        let last = title.put(sheet, LEFT, 32.0 + capital, style);
        let last = creator.put(sheet, LEFT + 2.0, last + 44.0, small);
        Field { top: last + 28.0, bottom: 570.0 }
    } else {
        creator.put(sheet, LEFT + 2.0, 564.0, small);
        let first = 520.0 - title.depth();
        title.put(sheet, LEFT, first, style);
        Field { top: 30.0, bottom: first - capital - 26.0 }
    }
}
