//! What is written on: calendars, plans, lines.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::lettering::SANS;
use super::super::sheet::Sheet;
use super::{Area, FAINT, INK, PAPER};
use std::fmt::Write;

/// A month; which one, nobody can tell.
pub(super) fn calendar(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let cell = area.width() / 7.0;
    let before = dice.below(7);
    let marked = 8 + dice.below(14);
    sheet.rect(area.left, area.top, area.width(), 26.0, area.color(0));
    let top = area.top + 36.0;
    sheet.add(format_args!(
        r#"<g font-family="{SANS}" font-size="24" font-weight="700" text-anchor="middle" fill="{INK}">"#
    ));
    for day in 1..=31u32 {
        let place = day - 1 + before;
        let (column, row) = (place % 7, place / 7);
        let (x, y) = (area.left + f64::from(column) * cell, top + f64::from(row) * cell);
        let weekend = column > 4;
        sheet.add(format_args!(
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" fill="{}" fill-opacity="{}" stroke="{FAINT}" stroke-width="2"/>"#,
            x + 1.0,
            y + 1.0,
            cell - 2.0,
            cell - 2.0,
            if weekend { area.color(1) } else { PAPER },
            if weekend { "0.28" } else { "1" }
        ));
        if day == marked {
            sheet.circle(x + cell / 2.0, y + cell / 2.0, cell * 0.4, area.color(0));
        }
        let color = if day == marked { PAPER } else { INK };
        sheet.add(format_args!(
            r#"<text x="{:.1}" y="{:.1}" fill="{color}">{day}</text>"#,
            x + cell / 2.0,
            y + cell / 2.0 + 9.0
        ));
    }
    sheet.add(format_args!("</g>"));
}

/// A ring for each day, filled where one kept to it.
pub(super) fn habits(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    const COLUMNS: u32 = 10;
    let (start, cell) = (area.left + 92.0, (area.width() - 92.0) / f64::from(COLUMNS));
    for row in 0..11u32 {
        let y = area.top + 16.0 + f64::from(row) * 36.0;
        let color = area.color(usize::try_from(row / 2).unwrap_or_default());
        sheet.line((area.left + 4.0, y), (area.left + dice.between(30.0, 72.0), y), INK, 7.0);
        let kept = 1 + dice.below(4);
        for column in 0..COLUMNS {
            let x = start + (f64::from(column) + 0.5) * cell;
            if dice.below(5) < kept {
                sheet.circle(x, y, 12.0, color);
            } else {
                sheet.ring(x, y, 11.0, FAINT, 2.4);
            }
        }
    }
}

/// Four kinds of lines, a quarter of the sheet each, or slanted ones for a nib.
pub(super) fn rulings(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, area: &Area) {
    if subject.names(&["nib", "handwriting", "lines"]) {
        return nib(sheet, dice, area);
    }
    let (wide, tall) = (area.width() / 2.0, 190.0);
    let mut kinds: [fn(&mut Sheet, &Area); 5] = [squares, dots, triangles, waves, hexagons];
    dice.shuffle(&mut kinds);
    for (index, kind) in kinds.into_iter().take(4).enumerate() {
        let (right, low) = (index % 2 == 1, index > 1);
        let left = area.left + if right { wide + 6.0 } else { 0.0 };
        let top = area.top + if low { tall + 12.0 } else { 0.0 };
        let quarter =
            Area { left, top, right: left + wide - 6.0, bottom: top + tall, colors: vec![area.color(index)] };
        let (x, y, w, h) = (quarter.left, quarter.top, quarter.width(), tall);
        sheet.add(format_args!(
            r#"<clipPath id="quarter{index}"><rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}"/></clipPath><g clip-path="url(#quarter{index})">"#
        ));
        kind(sheet, &quarter);
        sheet.add(format_args!(
            r#"</g><rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" fill="none" stroke="{INK}" stroke-width="3"/>"#
        ));
    }
}

/// Numbers from `from` on, `step` apart, up to `to`.
fn marks(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..200u32).map(move |mark| from + f64::from(mark) * step).take_while(move |at| *at <= to)
}

fn squares(sheet: &mut Sheet, area: &Area) {
    let mut path = String::new();
    for x in marks(area.left, area.right, 20.0) {
        let _ = write!(path, "M{x:.0} {:.0}V{:.0}", area.top, area.bottom);
    }
    for y in marks(area.top, area.bottom, 20.0) {
        let _ = write!(path, "M{:.0} {y:.0}H{:.0}", area.left, area.right);
    }
    sheet.stroke(&path, area.color(0), 2.4, 1.0);
}

fn dots(sheet: &mut Sheet, area: &Area) {
    let mut path = String::new();
    for y in marks(area.top + 12.0, area.bottom, 20.0) {
        for x in marks(area.left + 12.0, area.right, 20.0) {
            let _ = write!(path, "M{x:.0} {y:.0}h0");
        }
    }
    sheet.stroke(&path, area.color(0), 6.5, 1.0);
}

fn triangles(sheet: &mut Sheet, area: &Area) {
    let (wide, tall) = (area.width(), area.bottom - area.top);
    let mut path = String::new();
    for y in marks(area.top, area.bottom, 20.0) {
        let _ = write!(path, "M{:.0} {y:.0}h{wide:.0}", area.left);
    }
    let lean = tall / 3.0_f64.sqrt();
    for x in marks(area.left - 138.6, area.right + 138.6, 23.1) {
        let _ = write!(
            path,
            "M{x:.1} {:.0}l{lean:.1} {tall:.0}M{x:.1} {:.0}l-{lean:.1} {tall:.0}",
            area.top, area.top
        );
    }
    sheet.stroke(&path, area.color(0), 2.2, 1.0);
}

fn waves(sheet: &mut Sheet, area: &Area) {
    let mut path = String::new();
    for y in marks(area.top + 6.0, area.bottom + 20.0, 18.0) {
        let _ = write!(path, "M{:.0} {y:.0}q13 -18 26 0", area.left);
        for _ in marks(area.left + 26.0, area.right, 26.0) {
            path.push_str("t26 0");
        }
    }
    sheet.stroke(&path, area.color(0), 2.4, 1.0);
}

fn hexagons(sheet: &mut Sheet, area: &Area) {
    let mut path = String::new();
    for (row, y) in marks(area.top - 12.0, area.bottom, 30.0).enumerate() {
        let shift = if row % 2 == 0 { 0.0 } else { 17.3 };
        for x in marks(area.left - 17.3 - shift, area.right, 34.6) {
            let _ = write!(path, "M{x:.1} {y:.0}l17.3 -10l17.3 10v20");
        }
    }
    sheet.stroke(&path, area.color(0), 2.4, 1.0);
}

/// Lines at the heights of letters, the slant, and a first exercise.
fn nib(sheet: &mut Sheet, dice: &mut Dice, area: &Area) {
    let lean = dice.between(14.0, 34.0);
    for row in 0..4u32 {
        let y = area.top + f64::from(row) * 112.0;
        let mut slants = String::new();
        for x in marks(area.left, area.right - lean, 34.0) {
            let _ = write!(slants, "M{x:.0} {:.0}l{lean:.0} -92", y + 92.0);
        }
        sheet.stroke(&slants, FAINT, 1.8, 1.0);
        for (down, color, width) in
            [(0.0, FAINT, 2.0), (30.0, area.color(0), 2.6), (62.0, INK, 3.4), (92.0, FAINT, 2.0)]
        {
            sheet.line((area.left, y + down), (area.right, y + down), color, width);
        }
        if row > 1 {
            continue;
        }
        let mut loops = format!("M{:.0} {:.0}", area.left + 6.0, y + 62.0);
        let times = if row == 0 { 11 } else { 7 };
        for _ in 0..times {
            let _ = write!(loops, "c18 0 34 -30 26 -44c-6 -12 -20 -4 -18 12c2 20 10 32 22 32");
        }
        sheet.stroke(&loops, area.color(row.try_into().unwrap_or_default()), 5.0, 1.0);
    }
}

/// Five lines, and boxes for six strings.
pub(super) fn staves(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let mut y = area.top + 10.0;
    for stave in 0..3u32 {
        for line in 0..5u32 {
            let y = y + f64::from(line) * 15.0;
            sheet.line((area.left, y), (area.right, y), INK, 2.2);
        }
        sheet.line((area.left, y), (area.left, y + 60.0), INK, 5.0);
        sheet.line((area.right, y), (area.right, y + 60.0), INK, 5.0);
        if stave != 1 {
            for note in 0..7u32 {
                let (x, height) = (area.left + 40.0 + f64::from(note) * 54.0, f64::from(dice.below(7)) * 7.5);
                let color = area.color(0);
                sheet.add(format_args!(
                    r#"<ellipse cx="{x:.0}" cy="{:.1}" rx="11" ry="8" transform="rotate(-20 {x:.0} {:.1})" fill="{color}"/>"#,
                    y + 7.5 + height,
                    y + 7.5 + height
                ));
                sheet.line((x + 10.0, y + 5.0 + height), (x + 10.0, y - 40.0 + height), color, 3.4);
            }
            y += 104.0;
            continue;
        }
        y += 88.0;
        for chord in 0..4u32 {
            let left = area.left + 8.0 + f64::from(chord) * 104.0;
            for line in 0..6u32 {
                let along = f64::from(line) * 14.0;
                sheet.line((left + along, y), (left + along, y + 80.0), INK, 2.2);
                if line < 5 {
                    let across = f64::from(line) * 20.0;
                    sheet.line(
                        (left, y + across),
                        (left + 70.0, y + across),
                        INK,
                        if line == 0 { 6.0 } else { 2.2 },
                    );
                }
            }
            for finger in 0..3u32 {
                let (x, y) = (left + f64::from(dice.below(6)) * 14.0, y + 10.0 + f64::from(finger) * 20.0);
                sheet.circle(x, y, 7.5, area.color(1));
            }
        }
        y += 116.0;
    }
}
