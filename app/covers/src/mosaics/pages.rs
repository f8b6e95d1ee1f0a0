//! Tables, letters and what a table knows of the sky.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::lettering::MONO;
use super::super::palette::{contrast, luminance};
use super::super::sheet::{Sheet, outline};
use super::{Field, LEFT, Place, RIGHT};
use std::f64::consts::TAU;

const PAPER: &str = "#fdfcf8";
const INK: &str = "#23262d";
const FAINT: &str = "#cfd2d8";
const NIGHT: &str = "#141a2b";

/// The accents that can be told from paper; there is always one.
fn printed(subject: &Subject<'_>) -> Vec<&'static str> {
    let mut colors = subject.palette.seen_on(PAPER);
    colors.truncate(3);
    colors
}

fn whole(field: &Field) -> Place {
    Place { x: LEFT, y: field.top, width: Field::WIDTH, height: field.height() }
}

/// A word of a table, which nobody can read.
fn word(sheet: &mut Sheet, x: f64, y: f64, width: f64, color: &str) {
    sheet.add(format_args!(
        r#"<path d="M{x:.1} {y:.1}h{width:.1}" stroke="{color}" stroke-width="9" stroke-linecap="round"/>"#
    ));
}

/// Rows and columns, one of them with bars.
pub(super) fn table(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let colors = printed(subject);
    let place = whole(field);
    place.clip(sheet, "table", 14.0);
    place.fill(sheet, 0.0, PAPER);
    sheet.rect(place.x, place.y, place.width, 44.0, colors[0]);
    let edges = [0.0, 0.1, 0.42, 0.64, 1.0].map(|share| place.x + share * place.width);
    let head = if contrast(colors[0], PAPER) >= contrast(colors[0], INK) { PAPER } else { INK };
    for (edge, width) in edges.into_iter().zip([22.0, 84.0, 56.0, 100.0]) {
        word(sheet, edge + 20.0, place.y + 22.0, width, head);
    }
    let rows = ((place.height - 44.0) / 35.0).round().max(1.0);
    let tall = (place.height - 44.0) / rows;
    let chosen = 1.0 + f64::from(dice.below(4));
    let mut row = 0.0;
    while row < rows {
        let y = place.y + 44.0 + row * tall;
        let (middle, is_chosen) = (y + tall / 2.0, (row - chosen).abs() < 0.5);
        if is_chosen {
            sheet.add(format_args!(
                r#"<rect x="{:.1}" y="{y:.1}" width="{:.1}" height="{tall:.1}" fill="{}" fill-opacity="0.25"/>"#,
                place.x,
                place.width,
                colors[0]
            ));
        }
        sheet.line((place.x, y), (RIGHT, y), FAINT, 2.0);
        sheet.circle(edges[0] + 28.0, middle, 7.0, colors[dice.index(colors.len())]);
        word(sheet, edges[1] + 20.0, middle, dice.between(50.0, 138.0), INK);
        word(sheet, edges[2] + 20.0, middle, dice.between(28.0, 74.0), FAINT);
        let long = dice.between(0.15, 0.95) * (edges[4] - edges[3] - 40.0);
        let bar = if is_chosen { INK } else { colors[colors.len() - 1] };
        sheet.rect(edges[3] + 16.0, middle - 9.0, long, 18.0, bar);
        row += 1.0;
    }
    for edge in &edges[1..4] {
        sheet.line((*edge, place.y + 44.0), (*edge, field.bottom), FAINT, 2.0);
    }
    sheet.add(format_args!("</g>"));
}

/// Cells, their letters and numbers, a chosen one, and a chart over them.
pub(super) fn workbook(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let colors = printed(subject);
    let place = whole(field);
    place.clip(sheet, "book", 14.0);
    place.fill(sheet, 0.0, PAPER);
    let (wide, tall) = ((place.width - 44.0) / 5.0, 34.0);
    sheet.rect(place.x, place.y, place.width, tall, FAINT);
    sheet.rect(place.x, place.y, 44.0, place.height, FAINT);
    sheet.add(format_args!(
        r#"<g font-family="{MONO}" font-size="20" font-weight="700" text-anchor="middle" fill="{INK}">"#
    ));
    for (index, letter) in ["A", "B", "C", "D", "E"].into_iter().enumerate() {
        let x = place.x + 44.0 + (f64::from(u32::try_from(index).unwrap_or_default()) + 0.5) * wide;
        sheet.add(format_args!(r#"<text x="{x:.1}" y="{:.1}">{letter}</text>"#, place.y + 24.0));
    }
    for row in 1..14u32 {
        let y = place.y + f64::from(row) * tall;
        sheet.add(format_args!(r#"<text x="{:.1}" y="{:.1}">{row}</text>"#, place.x + 22.0, y + 24.0));
        for column in 0..5u32 {
            let x = place.x + 44.0 + f64::from(column) * wide;
            if column == 0 {
                word(sheet, x + 14.0, y + 17.0, dice.between(26.0, wide - 30.0), INK);
            } else {
                let long = dice.between(20.0, wide - 40.0);
                word(sheet, x + wide - 14.0 - long, y + 17.0, long, FAINT);
            }
            sheet.line((x, y), (x, y + tall), FAINT, 1.6);
        }
        sheet.line((place.x, y), (RIGHT, y), FAINT, 1.6);
    }
    sheet.add(format_args!("</g>"));
    let (x, y) = (place.x + 44.0 + wide, place.y + tall * 2.0);
    sheet.add(format_args!(
        r#"<rect x="{x:.1}" y="{y:.1}" width="{wide:.1}" height="{tall:.1}" fill="none" stroke="{}" stroke-width="5"/>"#,
        colors[0]
    ));
    chart(sheet, dice, &colors, &place, wide);
    sheet.add(format_args!("</g>"));
}

/// Twelve bars and the line of what they come to.
fn chart(sheet: &mut Sheet, dice: &mut Dice, colors: &[&'static str], place: &Place, wide: f64) {
    let (left, right) = (place.x + 44.0 + wide * 1.5, RIGHT - 20.0);
    let (top, bottom) = (place.y + place.height * 0.36, place.y + place.height - 20.0);
    sheet.add(format_args!(
        r##"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="8" fill="#000000" fill-opacity="0.18"/><rect x="{left:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" rx="8" fill="{PAPER}" stroke="{INK}" stroke-width="3"/>"##,
        left + 6.0,
        top + 7.0,
        right - left,
        bottom - top,
        right - left,
        bottom - top
    ));
    let step = (right - left - 40.0) / 12.0;
    let mut points = Vec::new();
    for month in 0..12u32 {
        let x = left + 20.0 + f64::from(month) * step;
        let share = 0.2 + 0.5 * f64::from(month) / 12.0;
        let tall = (share * dice.between(0.5, 1.1)) * (bottom - top - 40.0);
        let color = colors[usize::from(month == 8) % colors.len()];
        sheet.rect(x + 2.0, bottom - 18.0 - tall, step - 5.0, tall, color);
        points.push((
            x + step / 2.0,
            bottom - 18.0 - (share + 0.18) * (bottom - top - 40.0) - dice.between(0.0, 12.0),
        ));
    }
    sheet.stroke(&outline(&points), INK, 5.0, 1.0);
}

/// Sheets that lie over one another.
pub(super) fn letters(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let colors = printed(subject);
    let count = if subject.names(&["two"]) {
        2
    } else if subject.names(&["four"]) {
        4
    } else {
        3 + dice.below(2)
    };
    let wide = if count == 2 { 258.0 } else { 212.0 };
    let apart = (Field::WIDTH - wide) / f64::from(count - 1);
    whole(field).clip(sheet, "desk", 0.0);
    for index in 0..count {
        let x = LEFT + f64::from(index) * apart;
        let y = field.top + 6.0 + f64::from(index % 2) * 26.0;
        let page = Place { x, y, width: wide, height: field.height() + 60.0 };
        let shadow = Place { x: x - 7.0, y: y + 7.0, ..page };
        sheet.add(format_args!(r#"<g fill-opacity="0.22">"#));
        shadow.fill(sheet, 4.0, "#000000");
        sheet.add(format_args!("</g>"));
        page.fill(sheet, 4.0, PAPER);
        let kind = (index + dice.below(2)) % 3;
        let color = colors[usize::try_from(index).unwrap_or_default() % colors.len()];
        letter(sheet, dice, &page, kind, color);
    }
    sheet.add(format_args!("</g>"));
}

/// A head in one of three ways, then paragraphs.
fn letter(sheet: &mut Sheet, dice: &mut Dice, page: &Place, kind: u32, color: &str) {
    let (left, right) = (page.x + 26.0, page.x + page.width - 26.0);
    match kind {
        0 => {
            sheet.rect(page.x, page.y, page.width, 62.0, color);
            word(sheet, left, page.y + 92.0, (right - left) * 0.6, INK);
        }
        1 => {
            sheet.circle(left + 28.0, page.y + 56.0, 28.0, color);
            word(sheet, left + 76.0, page.y + 46.0, right - left - 90.0, INK);
            word(sheet, left + 76.0, page.y + 68.0, (right - left) * 0.3, FAINT);
        }
        _ => {
            sheet.rect(left, page.y + 30.0, right - left, 5.0, color);
            word(sheet, left, page.y + 58.0, (right - left) * 0.45, INK);
            sheet.rect(left, page.y + 80.0, right - left, 5.0, color);
        }
    }
    let (x, mut y) = (left, page.y + 122.0);
    while y < 600.0 {
        for line in 0..3 + dice.below(3) {
            let last = dice.one_in(4) && line > 1;
            let long = (right - x) * if last { 0.5 } else { dice.between(0.86, 1.0) };
            sheet.line((x, y), (x + long, y), FAINT, 7.0);
            y += 19.0;
        }
        y += 16.0;
    }
}

/// Phases of the moon, or how long the days are.
pub(super) fn sky(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let place = whole(field);
    place.clip(sheet, "sky", 14.0);
    place.fill(sheet, 0.0, NIGHT);
    if subject.names(&["moon", "stars"]) {
        moons(sheet, dice, subject, field);
    } else {
        daylight(sheet, dice, subject, &place);
    }
    sheet.add(format_args!("</g>"));
}

fn moons(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, field: &Field) {
    let colors = subject.palette.seen_on(NIGHT);
    let brightest = colors.into_iter().max_by(|one, other| luminance(one).total_cmp(&luminance(other)));
    let light = brightest.unwrap_or(PAPER);
    let rows: u32 = if field.height() > 330.0 { 5 } else { 4 };
    let start = dice.below(29);
    for (index, place) in field.places(7, rows, 0.0).into_iter().enumerate() {
        let day = (u32::try_from(index).unwrap_or_default() + start) % 29;
        let phase = f64::from(day) / 29.0;
        let (x, y) = place.middle();
        let radius = place.width.min(place.height) * 0.34;
        sheet.circle(x, y, radius, "#2c3550");
        // The lit half is a half circle and half an ellipse, which swells or shrinks it.
        let swell = (TAU * phase).cos();
        let waxing = phase < 0.5;
        let (limb, turn) = (u32::from(waxing), u32::from(waxing == (swell < 0.0)));
        sheet.path(
            &format!(
                "M{x:.1} {:.1}A{radius:.1} {radius:.1} 0 0 {limb} {x:.1} {:.1}A{:.1} {radius:.1} 0 0 {turn} {x:.1} {:.1}z",
                y - radius,
                y + radius,
                radius * swell.abs(),
                y - radius
            ),
            light,
        );
    }
}

/// A year from left to right, a day from top to bottom.
fn daylight(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, place: &Place) {
    let colors = subject.palette.seen_on(NIGHT);
    let swing = dice.between(0.13, 0.2);
    let bands = [(0.34, "#39456e"), (0.28, colors[colors.len() - 1]), (0.2, colors[0])];
    for (half, color) in bands {
        let edge = |side: f64| {
            (0..=36u32).map(move |step| {
                let share = f64::from(step) / 36.0;
                let long = half - swing * 0.5 + swing * (0.5 - 0.5 * (TAU * (share + 0.03)).cos());
                (place.x + share * place.width, place.y + place.height * (0.5 + side * long))
            })
        };
        let mut points: Vec<(f64, f64)> = edge(-1.0).collect();
        points.extend(edge(1.0).collect::<Vec<_>>().into_iter().rev());
        sheet.polygon(&points, color);
    }
    for month in 1..12u32 {
        let x = place.x + place.width * f64::from(month) / 12.0;
        sheet.line((x, place.y), (x, place.y + place.height), NIGHT, 2.5);
    }
    for hour in 1..6u32 {
        let y = place.y + place.height * f64::from(hour) / 6.0;
        sheet.add(format_args!(
            r#"<path d="M{:.1} {y:.1}H{RIGHT}" stroke="{NIGHT}" stroke-width="2" stroke-dasharray="4 8"/>"#,
            place.x
        ));
    }
}
