//! Music: grooves, discs, waves, a sun cut into stripes.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, Style, fit};
use super::sheet::{SIDE, Sheet};

const SIZES: [u32; 7] = [84, 72, 62, 54, 46, 38, 32];
/// Where the words at the foot begin at the latest.
const FOOT: f64 = 366.0;

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(subject.palette.ground);
    match dice.below(4) {
        0 => grooves(sheet, dice, subject),
        1 => discs(sheet, dice, subject),
        2 => wave(sheet, dice, subject),
        _ => sun(sheet, dice, subject),
    }
}

/// Title and creator from the top left corner. Returns where the picture can begin.
fn words_on_top(sheet: &mut Sheet, subject: &Subject<'_>) -> f64 {
    let style = Style::new(SANS, 800, subject.palette.ink);
    let title = fit(subject.title, style, 516, 3, &SIZES);
    let last = title.put(sheet, 42.0, 42.0 + f64::from(title.size) * 0.78, style);
    let style = Style { weight: 500, ..style };
    fit(subject.creator, style, 500, 1, &[28, 24, 20]).put(sheet, 44.0, last + 42.0, style) + 34.0
}

/// Title and creator down to the bottom left corner.
fn words_at_the_foot(sheet: &mut Sheet, subject: &Subject<'_>) {
    let style = Style::new(SANS, 800, subject.palette.ink);
    let title = fit(subject.title, style, 516, 2, &SIZES);
    title.put(sheet, 42.0, 522.0 - title.depth(), style);
    let style = Style { weight: 500, ..style };
    fit(subject.creator, style, 500, 1, &[28, 24, 20]).put(sheet, 44.0, 562.0, style);
}

fn grooves(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let top = words_on_top(sheet, subject);
    let (x, y) = (dice.between(240.0, 560.0), dice.between(500.0, 590.0));
    let step = dice.between(15.0, 24.0);
    let mut radius = 78.0;
    while y - radius - step / 2.0 > top {
        let color =
            dice.pick_color(&[palette.first, palette.first, palette.second, palette.third, palette.ink]);
        let width = dice.between(step * 0.3, step * 0.92);
        if dice.one_in(3) {
            let (on, off) = (radius * dice.between(1.6, 4.4), radius * dice.between(0.4, 1.5));
            let turn = dice.between(0.0, 360.0);
            sheet.add(format_args!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="none" stroke="{color}" stroke-width="{width:.1}" stroke-dasharray="{on:.1} {off:.1}" transform="rotate({turn:.1} {x:.1} {y:.1})"/>"#
            ));
        } else {
            sheet.ring(x, y, radius, color, width);
        }
        radius += step;
    }
    sheet.circle(x, y, 62.0, palette.second);
    sheet.circle(x, y, 9.0, palette.ground);
}

fn discs(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let accents = palette.accents();
    let count = 4 + dice.below(3);
    for index in 0..count {
        let radius = dice.between(56.0, 140.0);
        let (x, y) = (dice.between(90.0, 510.0), dice.between(80.0, FOOT - radius));
        let color = dice.pick_color(&accents);
        if index % 3 == 2 {
            let turn = dice.between(0.0, 360.0);
            sheet.add(format_args!(
                r#"<path d="M{:.1} {y:.1}a{radius:.1} {radius:.1} 0 0 1 {:.1} 0z" fill="{color}" transform="rotate({turn:.0} {x:.1} {y:.1})"/>"#,
                x - radius,
                radius * 2.0
            ));
        } else {
            sheet.add(format_args!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{color}" fill-opacity="0.9"/>"#
            ));
        }
    }
    let (x, y) = (dice.between(150.0, 450.0), dice.between(140.0, 240.0));
    sheet.ring(x, y, dice.between(50.0, FOOT - y), palette.ink, 6.0);
    sheet.circle(x, y, 12.0, palette.ink);
    words_at_the_foot(sheet, subject);
}

/// A sound as bars.
fn wave(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let (slow, fast) = (dice.between(0.006, 0.016), dice.between(0.03, 0.08));
    let (shift, other) = (dice.between(0.0, 6.0), dice.between(0.0, 6.0));
    let middle = 196.0;
    let mut x = 48.0;
    while x < 556.0 {
        let swell = (x * slow + shift).sin().abs() * 0.7 + (x * fast + other).sin().abs() * 0.3;
        let half = 12.0 + swell * dice.between(100.0, 144.0);
        let color = if dice.one_in(7) { palette.second } else { palette.first };
        sheet.line((x, middle - half), (x, middle + half), color, 9.0);
        x += 17.4;
    }
    sheet.rect(0.0, middle - 1.5, SIDE, 3.0, palette.ground);
    words_at_the_foot(sheet, subject);
}

fn sun(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let top = words_on_top(sheet, subject);
    let radius = dice.between(170.0, 205.0).min((SIDE - top) * 0.56);
    let (x, y) = (dice.between(250.0, 400.0), top + radius);
    sheet.circle(x, y, radius, palette.first);
    sheet.circle(x, y, radius * 0.62, palette.second);
    sheet.circle(x, y, radius * 0.28, palette.third);
    let mut stripe = y - radius * dice.between(0.1, 0.4);
    let mut height = 5.0;
    while stripe < SIDE {
        sheet.rect(0.0, stripe, SIDE, height, palette.ground);
        stripe += 26.0;
        height += dice.between(0.8, 1.9);
    }
}
