//! What is filled in: weeks, days, accounts, beds.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::lettering::SANS;
use super::super::sheet::Sheet;
use super::{Area, FAINT, INK, PAPER};

/// Boxes for days with lines, and something done.
pub(super) fn week(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    const GAP: f64 = 16.0;
    let (wide, tall) = ((area.width() - GAP) / 2.0, 156.0);
    for row in 0..3u32 {
        for column in 0..2u32 {
            let (x, y) = (area.left + f64::from(column) * (wide + GAP), area.top + f64::from(row) * tall);
            let right = x + wide;
            let color = area.color(usize::try_from(row + column).unwrap_or_default());
            sheet.rect(x, y, right - x, 24.0, color);
            for line in 1..4u32 {
                let line = y + 24.0 + f64::from(line) * 34.0;
                sheet.line((x, line), (right, line), FAINT, 2.4);
                if dice.below(5) < 3 {
                    let long = dice.between(0.3, 0.95) * (right - x - 34.0);
                    sheet.ring(x + 10.0, line - 15.0, 8.0, INK, 2.6);
                    sheet.line((x + 32.0, line - 15.0), (x + 30.0 + long, line - 15.0), INK, 6.0);
                }
            }
        }
    }
}

/// Hours down the side, and what they are for.
pub(super) fn day(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    const HOUR: f64 = 44.0;
    let left = area.left + 58.0;
    let first = 6 + dice.below(3);
    sheet.add(format_args!(
        r#"<g font-family="{SANS}" font-size="26" font-weight="700" text-anchor="end" fill="{INK}">"#
    ));
    for hour in 0..10u32 {
        let y = area.top + f64::from(hour) * HOUR;
        sheet.line((left, y), (area.right, y), FAINT, 2.4);
        sheet.add(format_args!(
            r#"<text x="{:.0}" y="{:.0}">{}</text>"#,
            left - 18.0,
            y + 32.0,
            first + hour
        ));
    }
    sheet.add(format_args!("</g>"));
    let mut hour = f64::from(dice.below(2));
    let mut index = 0;
    while hour < 9.0 {
        let long = f64::from(2 + dice.below(3)) / 2.0;
        let wide = area.right - left - 8.0;
        let y = area.top + hour * HOUR + 4.0;
        sheet.add(format_args!(
            r#"<rect x="{:.1}" y="{y:.1}" width="{wide:.1}" height="{:.1}" rx="7" fill="{}"/>"#,
            left + 8.0,
            long * HOUR - 8.0,
            area.color(index)
        ));
        let written = left + 26.0 + dice.between(0.2, 0.7) * wide;
        sheet.line((left + 26.0, y + 18.0), (written, y + 18.0), PAPER, 7.0);
        hour += long + f64::from(dice.below(3)) / 2.0;
        index += 1;
    }
    sheet.line((left, area.top), (left, area.bottom), INK, 3.0);
}

/// Columns for what came in and what went out.
pub(super) fn ledger(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    const ROW: f64 = 36.0;
    let edges = [0.0, 0.16, 0.64, 0.82, 1.0].map(|share| area.left + share * area.width());
    for row in 0..10u32 {
        let y = area.top + f64::from(row) * ROW;
        if row == 0 {
            sheet.rect(area.left, y, area.width(), ROW, area.color(0));
            for (from, to) in edges.iter().zip(&edges[1..]) {
                sheet.line((from + 12.0, y + 18.0), (to - 14.0, y + 18.0), PAPER, 7.0);
            }
            continue;
        }
        if row % 2 == 0 {
            sheet.add(format_args!(
                r#"<rect x="{:.1}" y="{y:.1}" width="{:.1}" height="{ROW}" fill="{}" fill-opacity="0.14"/>"#,
                area.left,
                area.width(),
                area.color(0)
            ));
        }
        let middle = y + ROW / 2.0;
        sheet.line((edges[0] + 12.0, middle), (edges[0] + 44.0, middle), FAINT, 7.0);
        sheet.line((edges[1] + 12.0, middle), (edges[1] + dice.between(60.0, 166.0), middle), INK, 7.0);
        let (column, color) = if dice.one_in(4) { (3, area.color(1)) } else { (4, INK) };
        sheet.line(
            (edges[column] - dice.between(30.0, 54.0), middle),
            (edges[column] - 14.0, middle),
            color,
            7.0,
        );
    }
    for edge in &edges[1..4] {
        sheet.line((*edge, area.top), (*edge, area.bottom), INK, 2.4);
    }
}

/// Beds on dotted paper, a row of plants beside another.
pub(super) fn beds(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let gap = 26.0;
    let mut y = area.top + 4.0;
    let mut index = 0;
    while y < area.bottom {
        let tall = dice.between(92.0, 132.0);
        let share = dice.between(0.3, 0.7);
        let wide = area.width() - gap;
        for (x, wide) in [(area.left, wide * share), (area.left + wide * share + gap, wide * (1.0 - share))] {
            let color = area.color(index);
            sheet.add(format_args!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="{wide:.1}" height="{tall:.1}" rx="10" fill="{color}" fill-opacity="0.16" stroke="{INK}" stroke-width="4"/>"#
            ));
            bed(sheet, dice, (x + 10.0, y + 10.0), (wide - 20.0, tall - 20.0), color);
            index += 1;
        }
        y += tall + gap;
    }
}

/// Plants of one kind, with as much room as they need.
fn bed(sheet: &mut Sheet, dice: &mut Dice, (x, y): (f64, f64), (wide, tall): (f64, f64), color: &str) {
    let room = dice.between(22.0, 40.0);
    let (columns, rows) = ((wide / room).floor().max(1.0), (tall / room).floor().max(1.0));
    let leaves = dice.one_in(2);
    let mut row = 0.0;
    while row < rows {
        let mut column = 0.0;
        while column < columns {
            let place = (x + (column + 0.5) * wide / columns, y + (row + 0.5) * tall / rows);
            if leaves {
                sheet.circle(place.0, place.1, room * 0.3, color);
            } else {
                sheet.ring(place.0, place.1, room * 0.26, color, 4.0);
            }
            column += 1.0;
        }
        row += 1.0;
    }
}
