//! Books: a spine, a title in the upper half, a picture in the lower.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SERIF, Style, fit};
use super::sheet::{SIDE, Sheet};

/// Where the picture begins; everything above is for the words.
const HORIZON: f64 = 318.0;

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(subject.palette.ground);
    match dice.below(4) {
        0 => hills(sheet, dice, subject),
        1 => arches(sheet, dice, subject),
        2 => leaves(sheet, dice, subject),
        _ => shelf(sheet, dice, subject),
    }
    words(sheet, subject);
    spine(sheet);
}

fn words(sheet: &mut Sheet, subject: &Subject<'_>) {
    let style = Style::new(SERIF, 700, subject.palette.ink).centered();
    let title = fit(subject.title, style, 460, 3, &[72, 64, 56, 48, 42, 36, 30]);
    let top = 70.0 + (176.0 - title.depth() - f64::from(title.size)) / 2.0;
    let last = title.put(sheet, 318.0, top + f64::from(title.size) * 0.8, style);
    let style = Style { weight: 400, ..style }.italic();
    fit(subject.creator, style, 440, 1, &[30, 26, 22, 18]).put(sheet, 318.0, last + 50.0, style);
    let ink = subject.palette.ink;
    sheet.add(format_args!(
        r#"<rect x="66" y="30" width="504" height="540" fill="none" stroke="{ink}" stroke-width="3"/>"#
    ));
}

fn spine(sheet: &mut Sheet) {
    sheet.add(format_args!(
        r##"<rect width="34" height="600" fill="#000000" fill-opacity="0.26"/><rect x="34" width="5" height="600" fill="#ffffff" fill-opacity="0.22"/>"##
    ));
}

fn hills(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let radius = dice.between(42.0, 70.0);
    sheet.circle(dice.between(170.0, 480.0), HORIZON + 78.0, radius, palette.first);
    for (index, color) in [palette.second, palette.third, palette.ink].into_iter().enumerate() {
        let index = u32::try_from(index).unwrap_or_default();
        let base = HORIZON + 92.0 + f64::from(index) * 62.0;
        let (left, middle, right) =
            (dice.between(-50.0, 50.0), dice.between(-64.0, 64.0), dice.between(-50.0, 50.0));
        let path = format!(
            "M0 {:.1}C150 {:.1} 210 {:.1} 320 {:.1}S520 {:.1} 600 {:.1}V600H0z",
            base + left,
            base - middle,
            base + middle,
            base + middle / 3.0,
            base + right * 1.5,
            base + right
        );
        sheet.path(&path, color);
    }
}

fn arches(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let colors = [palette.first, palette.second, palette.third, palette.ground];
    let count = 2 + dice.below(2);
    let width = 504.0 / f64::from(count);
    for column in 0..count {
        let middle = 66.0 + width * (f64::from(column) + 0.5);
        let top = HORIZON + dice.between(12.0, 58.0);
        let start = dice.below(3);
        for ring in 0..5u32 {
            let half = (width / 2.0 - 10.0) * (1.0 - f64::from(ring) * 0.2);
            let index = usize::try_from((start + ring) % 3).unwrap_or_default();
            let color = if ring == 4 { palette.ink } else { colors[index] };
            let path = format!(
                "M{:.1} 570V{:.1}A{half:.1} {half:.1} 0 0 1 {:.1} {:.1}V570z",
                middle - half,
                top + width / 2.0,
                middle + half,
                top + width / 2.0
            );
            sheet.path(&path, color);
        }
    }
}

/// A branch with leaves in pairs.
fn leaves(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let lean = dice.between(-40.0, 40.0);
    let bottom = 560.0;
    for plant in 0..3u32 {
        let foot = 168.0 + f64::from(plant) * 150.0;
        let top = HORIZON + dice.between(8.0, 60.0);
        let tip = foot + lean;
        let stem =
            format!("M{foot:.1} {bottom:.1}Q{foot:.1} {:.1} {tip:.1} {top:.1}", f64::midpoint(bottom, top));
        sheet.stroke(&stem, palette.ink, 5.0, 1.0);
        let pairs = 4 + dice.below(2);
        for pair in 0..pairs {
            let along = f64::from(pair) / f64::from(pairs);
            let (x, y) = (foot + lean * along * along, bottom - 30.0 - (bottom - top - 40.0) * along);
            let length = dice.between(44.0, 62.0) * (1.0 - along * 0.45);
            let color = dice.pick_color(&palette.accents());
            for side in [-1.0, 1.0] {
                let path = format!(
                    "M{x:.1} {y:.1}q{:.1} {:.1} {:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}z",
                    side * length * 0.2,
                    -length * 0.75,
                    side * length,
                    -length * 0.8,
                    side * -length * 0.1,
                    length * 0.72,
                    side * -length,
                    length * 0.8
                );
                sheet.path(&path, color);
            }
        }
    }
}

/// Spines on a board.
fn shelf(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let board = 548.0;
    let mut x = 88.0;
    while x < 520.0 {
        let width = dice.between(22.0, 54.0);
        let height = dice.between(118.0, 206.0);
        let color = dice.pick_color(&[palette.first, palette.second, palette.third, palette.ink]);
        let top = board - height;
        sheet.rect(x, top, width, height, color);
        let band = if color == palette.ink { palette.ground } else { palette.ink };
        sheet.rect(x, top + height * 0.14, width, 4.0, band);
        if dice.one_in(2) {
            sheet.rect(x, top + height * 0.82, width, 8.0, band);
        }
        x += width + 4.0;
    }
    sheet.rect(66.0, board, SIDE - 96.0, 10.0, palette.ink);
}
