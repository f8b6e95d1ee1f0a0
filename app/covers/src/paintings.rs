//! Art: strokes of a brush within a mat, with a label under it as in a museum.

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, Style, fit};
use super::sheet::Sheet;

const PAPER: &str = "#f7f5ef";
const LABEL: &str = "#23211d";
/// The painting's edges.
const LEFT: f64 = 36.0;
const TOP: f64 = 36.0;
const WIDTH: f64 = 528.0;
const HEIGHT: f64 = 424.0;

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    sheet.fill(PAPER);
    sheet.add(format_args!(
        r#"<clipPath id="canvas"><rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}"/></clipPath><g clip-path="url(#canvas)">"#
    ));
    sheet.rect(LEFT, TOP, WIDTH, HEIGHT, subject.palette.ground);
    match dice.below(3) {
        0 => bands(sheet, dice, subject),
        1 => dabs(sheet, dice, subject),
        _ => gestures(sheet, dice, subject),
    }
    sheet.add(format_args!("</g>"));
    label(sheet, subject);
}

fn label(sheet: &mut Sheet, subject: &Subject<'_>) {
    let style = Style::new(SANS, 700, LABEL);
    let title = fit(subject.title, style, 520, 1, &[40, 36, 32, 28, 24]);
    title.put(sheet, 38.0, 516.0, style);
    let style = Style { weight: 400, ..style };
    fit(subject.creator, style, 500, 1, &[26, 22]).put(sheet, 38.0, 556.0, style);
}

/// One stroke: many hairs that run side by side, a few of them with other paint.
fn brush(sheet: &mut Sheet, dice: &mut Dice, points: [(f64, f64); 4], width: f64, color: &str, other: &str) {
    // A hair for every six units, or so: more would not be seen.
    let hairs: u32 = if width < 60.0 { 6 } else { 10 };
    let spread = width / f64::from(hairs);
    let (dx, dy) = (points[3].0 - points[0].0, points[3].1 - points[0].1);
    let length = dx.hypot(dy).max(1.0);
    let (across_x, across_y) = (-dy / length, dx / length);
    sheet.add(format_args!(r#"<g fill="none" stroke-linecap="round" stroke="{color}">"#));
    for hair in 0..hairs {
        let offset = (f64::from(hair) - f64::from(hairs) / 2.0) * spread;
        let ragged = [0.0, 1.0, 2.0, 3.0].map(|_| offset + dice.between(-spread, spread) * 0.4);
        let at = |index: usize| {
            (points[index].0 + across_x * ragged[index], points[index].1 + across_y * ragged[index])
        };
        let (start, first, second, end) = (at(0), at(1), at(2), at(3));
        let ends = (length * 0.09).min(26.0);
        let (early, late) = (dice.between(-ends, ends), dice.between(-ends, ends));
        let path = format!(
            "M{:.0} {:.0}C{:.0} {:.0} {:.0} {:.0} {:.0} {:.0}",
            start.0 + dx / length * early,
            start.1 + dy / length * early,
            first.0,
            first.1,
            second.0,
            second.1,
            end.0 + dx / length * late,
            end.1 + dy / length * late
        );
        let paint = if dice.one_in(5) { format!(r#" stroke="{other}""#) } else { String::new() };
        let (thickness, opacity) = (spread * dice.between(1.0, 2.1), dice.between(0.72, 1.0));
        sheet.add(format_args!(
            r#"<path d="{path}"{paint} stroke-width="{thickness:.0}" stroke-opacity="{opacity:.2}"/>"#
        ));
    }
    sheet.add(format_args!("</g>"));
}

/// Sea, field and sky.
fn bands(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let colors = [palette.first, palette.second, palette.third, palette.ink, palette.ground];
    let mut y = TOP + dice.between(26.0, 90.0);
    while y < TOP + HEIGHT + 20.0 {
        let width = dice.between(34.0, 78.0);
        let (rise, fall) = (dice.between(-34.0, 34.0), dice.between(-34.0, 34.0));
        let points =
            [(LEFT - 40.0, y), (190.0, y + rise), (400.0, y + fall), (LEFT + WIDTH + 40.0, y + rise / 2.0)];
        let (color, other) = (dice.pick_color(&colors), dice.pick_color(&colors));
        brush(sheet, dice, points, width, color, other);
        y += width * dice.between(0.7, 1.05);
    }
    let (x, sun) = (dice.between(120.0, 480.0), dice.between(28.0, 56.0));
    sheet.circle(x, TOP + dice.between(66.0, 130.0), sun, dice.pick_color(&palette.accents()));
}

/// Short strokes in rows, turning a little from one to the next.
fn dabs(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let (turn, start) = (dice.between(-0.5, 0.5), dice.between(0.0, 3.0));
    for row in 0..5u32 {
        for column in 0..6u32 {
            let (x, y) = (80.0 + f64::from(column) * 88.0, 80.0 + f64::from(row) * 84.0);
            let angle = start + turn * f64::from(row + column);
            let (dx, dy) = (angle.cos() * 34.0, angle.sin() * 34.0);
            let bend = dice.between(-9.0, 9.0);
            let points = [
                (x - dx, y - dy),
                (x - dx / 3.0 + bend, y - dy / 3.0 - bend),
                (x + dx / 3.0 + bend, y + dy / 3.0 - bend),
                (x + dx, y + dy),
            ];
            let color =
                dice.pick_color(&[palette.first, palette.first, palette.second, palette.third, palette.ink]);
            brush(sheet, dice, points, 54.0, color, palette.second);
        }
    }
}

/// A few large movements of the arm.
fn gestures(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    for color in [palette.third, palette.second, palette.first, palette.ink] {
        let mut point =
            |from: f64, to: f64| (dice.between(from, to), dice.between(TOP - 30.0, TOP + HEIGHT + 30.0));
        let points = [point(20.0, 150.0), point(60.0, 560.0), point(40.0, 540.0), point(450.0, 590.0)];
        let width = if color == palette.ink { 34.0 } else { dice.between(84.0, 140.0) };
        let other = dice.pick_color(&palette.accents());
        brush(sheet, dice, points, width, color, other);
    }
    for _ in 0..7 {
        let (x, y) = (dice.between(70.0, 530.0), dice.between(70.0, 430.0));
        let color = dice.pick_color(&[palette.ink, palette.first, palette.second]);
        sheet.circle(x, y, dice.between(2.0, 9.0), color);
    }
}
