//! What is made by hand after a drawing: stitches, patches, boxes.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::sheet::Sheet;
use super::{Area, FAINT, INK, PAPER};
use std::fmt::Write;

/// A chart, the same from left and right: squares to knit, crosses to sew.
pub(super) fn stitches(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, area: &Area) {
    const HALF: u32 = 12;
    const ROWS: u32 = 22;
    let cell = area.width() / f64::from(HALF * 2 + 1);
    let crosses = subject.names(&["cross", "samplers", "embroidery"]);
    let mut paths = [const { String::new() }; 3];
    let mut row = 0;
    while row < ROWS {
        let (tall, kind, period) = (1 + dice.below(6), dice.below(3), 3 + dice.below(4));
        let color = dice.index(3);
        for line in 0..tall.min(ROWS - row) {
            for column in 0..=HALF {
                let wave = column % (period * 2);
                let folded = wave.min(period * 2 - wave);
                let middle = line.min(tall - 1 - line);
                let stitched = match kind {
                    0 => folded % period == line % period,
                    1 => folded <= middle,
                    _ => (column + line) % 2 == 0,
                };
                if !stitched {
                    continue;
                }
                let y = area.top + f64::from(row + line) * cell;
                for side in [f64::from(HALF + column), f64::from(HALF - column)] {
                    let x = area.left + side * cell;
                    let _ = if crosses {
                        write!(paths[color], "M{:.1} {:.1}l11 11m0-11l-11 11", x + 3.0, y + 3.0)
                    } else {
                        write!(paths[color], "M{x:.1} {y:.1}h{cell:.1}v{cell:.1}h-{cell:.1}z")
                    };
                    if column == 0 {
                        break;
                    }
                }
            }
        }
        row += tall + 1;
    }
    chart(sheet, area, cell, ROWS);
    for (index, path) in paths.iter().enumerate() {
        if crosses {
            sheet.stroke(path, area.color(index), 3.8, 1.0);
        } else {
            sheet.path(path, area.color(index));
        }
    }
}

/// The squares, every fifth line stronger.
fn chart(sheet: &mut Sheet, area: &Area, cell: f64, rows: u32) {
    let mut lines = [const { String::new() }; 2];
    for line in 0..=25u32 {
        let x = area.left + f64::from(line) * cell;
        let _ = write!(
            lines[usize::from(line % 5 == 0)],
            "M{x:.1} {:.1}v{:.1}",
            area.top,
            f64::from(rows) * cell
        );
        if line <= rows {
            let y = area.top + f64::from(line) * cell;
            let _ = write!(lines[usize::from(line % 5 == 0)], "M{:.1} {y:.1}H{:.1}", area.left, area.right);
        }
    }
    let [thin, strong] = lines;
    sheet.stroke(&thin, FAINT, 1.0, 1.0);
    sheet.stroke(&strong, FAINT, 2.6, 1.0);
}

/// A block, four times the same quarter turned.
pub(super) fn quilt(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let patch = area.width() / 8.0;
    let mut quarter = Vec::new();
    for y in 0..2u32 {
        for x in 0..2u32 {
            let kind = if x == y { dice.below(2) } else { dice.below(5) };
            quarter.push((x, y, kind, dice.index(3), dice.index(2)));
        }
    }
    for row in 0..2u32 {
        for column in 0..2u32 {
            let (x, y) =
                (area.left + f64::from(column) * patch * 4.0, area.top + f64::from(row) * patch * 4.0);
            let (middle_x, middle_y) = (x + patch * 2.0, y + patch * 2.0);
            let swapped = usize::from((row + column) % 2 == 1);
            for turn in 0..4u32 {
                sheet.add(format_args!(
                    r#"<g transform="rotate({} {middle_x:.1} {middle_y:.1})">"#,
                    turn * 90
                ));
                for (across, down, kind, first, second) in &quarter {
                    let (x, y) = (x + f64::from(*across) * patch, y + f64::from(*down) * patch);
                    // Every palette has two colours that differ much: one of them, and the paper.
                    let one = area.color(first + swapped);
                    let other = if *second == 0 { PAPER } else { area.color(first + second + swapped) };
                    cut(sheet, (x, y), patch, *kind, [one, other]);
                }
                sheet.add(format_args!("</g>"));
            }
            sheet.add(format_args!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{:.1}" fill="none" stroke="{INK}" stroke-width="3.5"/>"#,
                patch * 4.0,
                patch * 4.0
            ));
        }
    }
}

/// Two triangles, one way or the other, a square, a flying goose, or nothing.
fn cut(sheet: &mut Sheet, (x, y): (f64, f64), patch: f64, kind: u32, [one, other]: [&str; 2]) {
    let (right, low) = (x + patch, y + patch);
    match kind {
        0 => {
            sheet.polygon(&[(x, y), (right, y), (x, low)], one);
            sheet.polygon(&[(right, y), (right, low), (x, low)], other);
        }
        1 => {
            sheet.polygon(&[(x, y), (right, y), (right, low)], other);
            sheet.polygon(&[(x, y), (right, low), (x, low)], one);
        }
        2 => sheet.rect(x, y, patch, patch, one),
        3 => sheet.polygon(&[(x, y), (x + patch / 2.0, low), (right, y)], one),
        _ => {}
    }
}

/// A box before it is folded: cut along the lines, fold along the dashes.
pub(super) fn net(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let side = 114.0;
    let tall = dice.between(90.0, 112.0);
    let (left, top) = (area.left + 10.0, area.top + side * 0.62);
    let lid = 1 + dice.below(2);
    let color = area.color(0);
    for face in 0..3u32 {
        let x = left + f64::from(face) * side;
        let fill = area.color(usize::try_from(face % 2).unwrap_or_default());
        face_of(sheet, x, top, side, tall, fill);
        if face + 1 != lid {
            let flap = format!("M{x:.1} {top:.1}l16 -30h{:.1}l16 30z", side - 32.0);
            sheet.add(format_args!(
                r#"<path d="{flap}" fill="{color}" fill-opacity="0.22" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>"#
            ));
        }
    }
    let x = left + f64::from(lid - 1) * side;
    face_of(sheet, x, top - side * 0.56, side, side * 0.56, area.color(1));
    face_of(sheet, x, top + tall, side, side, area.color(1));
    let tab = format!("M{:.1} {top:.1}l34 16v{:.1}l-34 16z", left + side * 3.0, tall - 32.0);
    sheet.add(format_args!(
        r#"<path d="{tab}" fill="{color}" fill-opacity="0.22" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>"#
    ));
    let mut folds = String::new();
    for fold in 1..=3u32 {
        let _ = write!(folds, "M{:.1} {top:.1}v{tall:.1}", left + f64::from(fold) * side);
    }
    let _ = write!(folds, "M{left:.1} {top:.1}h{:.1}M{x:.1} {:.1}h{side:.1}", side * 3.0, top + tall);
    sheet.add(format_args!(
        r#"<path d="{folds}" fill="none" stroke="{PAPER}" stroke-width="5"/><path d="{folds}" fill="none" stroke="{INK}" stroke-width="4" stroke-dasharray="12 9"/>"#
    ));
}

fn face_of(sheet: &mut Sheet, x: f64, y: f64, wide: f64, tall: f64, color: &str) {
    sheet.add(format_args!(
        r#"<rect x="{x:.1}" y="{y:.1}" width="{wide:.1}" height="{tall:.1}" fill="{color}" fill-opacity="0.7" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>"#
    ));
}
