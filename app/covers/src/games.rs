//! Games: a creature or a land of pixels, the title on a bar as on a screen.

use super::Subject;
use super::dice::Dice;
use super::lettering::{MONO, Style, fit};
use super::sheet::{SIDE, Sheet};

/// The bar of the title; above it the screen.
const BAR: f64 = 430.0;

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(subject.palette.ground);
    sheet.add(format_args!(r#"<g shape-rendering="crispEdges">"#));
    if dice.one_in(2) {
        creature(sheet, dice, subject);
    } else {
        land(sheet, dice, subject);
    }
    sheet.add(format_args!("</g>"));
    words(sheet, subject);
}

fn words(sheet: &mut Sheet, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.rect(0.0, BAR, SIDE, SIDE - BAR, palette.ink);
    let style = Style::new(MONO, 700, palette.ground);
    let title = fit(&subject.title.to_uppercase(), style, 528, 2, &[54, 48, 42, 36, 32, 28, 24]);
    let first = if title.lines.len() > 1 { BAR + 56.0 } else { BAR + 82.0 };
    let last = title.put(sheet, 36.0, first, style);
    let style = Style { weight: 400, ..style };
    fit(subject.creator, style, 528, 1, &[24, 20, 17]).put(sheet, 36.0, last + 38.0, style);
}

/// Mirrored left to right, as creatures are.
fn creature(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    const CELL: f64 = 32.0;
    let palette = subject.palette;
    let body = dice.pick_color(&palette.accents());
    let marks = dice.pick_color(&[palette.ink, palette.first, palette.second]);
    stars(sheet, dice, palette.third);
    let (middle, top) = (SIDE / 2.0, 38.0);
    for row in 0..11u32 {
        // Fuller in the middle than at head and feet.
        let reach = [2, 4, 5, 6, 6, 6, 6, 5, 5, 4, 4][usize::try_from(row).unwrap_or_default()];
        for column in 0..reach {
            let solid = column == 0 && row > 0 && row < 9;
            if !solid && dice.one_in(4) {
                continue;
            }
            let color = if dice.one_in(6) { marks } else { body };
            let y = top + f64::from(row) * CELL;
            let offset = f64::from(column) * CELL;
            sheet.rect(middle + offset, y, CELL, CELL, color);
            sheet.rect(middle - offset - CELL, y, CELL, CELL, color);
        }
    }
    for side in [-1.0, 1.0] {
        let x = middle + side * CELL * 2.0 - CELL / 2.0;
        sheet.rect(x - CELL / 2.0, top + CELL * 3.0, CELL * 2.0, CELL * 2.0, palette.ground);
        sheet.rect(x, top + CELL * 3.5, CELL, CELL, palette.ink);
    }
}

fn stars(sheet: &mut Sheet, dice: &mut Dice, color: &str) {
    for _ in 0..26 {
        let (x, y) = (f64::from(dice.below(50)) * 12.0, f64::from(dice.below(36)) * 12.0);
        sheet.rect(x, y, 6.0, 6.0, color);
    }
}

fn land(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    const CELL: f64 = 20.0;
    let palette = subject.palette;
    stars(sheet, dice, palette.ink);
    let (x, y) = (f64::from(dice.below(20)) * CELL + 60.0, 60.0 + f64::from(dice.below(4)) * CELL);
    for (row, half) in [1.0, 2.0, 3.0, 3.0, 2.0, 1.0].into_iter().enumerate() {
        let row = u32::try_from(row).unwrap_or_default();
        sheet.rect(x - half * CELL, y + f64::from(row) * CELL, half * 2.0 * CELL, CELL, palette.second);
    }
    for (color, low, high) in [(palette.third, 6, 12), (palette.first, 3, 8), (palette.ink, 1, 4)] {
        let mut height = low + dice.below(high - low);
        for column in 0..30u32 {
            match dice.below(3) {
                0 if height > low => height -= 1,
                1 if height < high => height += 1,
                _ => {}
            }
            let tall = f64::from(height) * CELL;
            sheet.rect(f64::from(column) * CELL, BAR - tall, CELL, tall, color);
        }
    }
}
