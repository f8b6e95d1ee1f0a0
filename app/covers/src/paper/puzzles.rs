//! What is solved with a pencil.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::lettering::{MONO, SANS};
use super::super::sheet::{Sheet, outline};
use super::{Area, INK, PAPER};
use std::f64::consts::TAU;
use std::fmt::Write;

/// A square that has an answer, as far as the sheet shows it.
pub(super) fn sudoku(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    let cell = area.width() / 9.0;
    let mut digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    dice.shuffle(&mut digits);
    let tint = dice.below(2);
    for block in 0..9u32 {
        if block % 2 == tint {
            let (x, y) = (f64::from(block % 3) * 3.0, f64::from(block / 3) * 3.0);
            sheet.add(format_args!(
                r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" fill="{}" fill-opacity="0.24"/>"#,
                area.left + x * cell,
                area.top + y * cell,
                cell * 3.0,
                cell * 3.0,
                area.color(0)
            ));
        }
    }
    sheet.add(format_args!(
        r#"<g font-family="{SANS}" font-size="31" font-weight="600" text-anchor="middle" fill="{INK}">"#
    ));
    for row in 0..9u32 {
        for column in 0..9u32 {
            let place = usize::try_from((row * 3 + row / 3 + column) % 9).unwrap_or_default();
            let (x, y) =
                (area.left + (f64::from(column) + 0.5) * cell, area.top + (f64::from(row) + 0.74) * cell);
            if y < area.bottom && dice.below(5) < 2 {
                sheet.add(format_args!(r#"<text x="{x:.0}" y="{y:.0}">{}</text>"#, digits[place]));
            }
        }
    }
    sheet.add(format_args!("</g>"));
    for line in 0..=9u32 {
        let (along, width) = (f64::from(line) * cell, if line % 3 == 0 { 5.0 } else { 1.6 });
        sheet.line((area.left + along, area.top), (area.left + along, area.top + cell * 9.0), INK, width);
        sheet.line((area.left, area.top + along), (area.right, area.top + along), INK, width);
    }
}

/// Round or square, as the title says; else as the dice fall.
pub(super) fn maze(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, area: &Area) {
    let square = subject.names(&["square"]) || (!subject.names(&["round"]) && dice.one_in(2));
    if square { square_maze(sheet, dice, area) } else { round_maze(sheet, dice, area) }
}

/// Walls fall along a walk that visits every cell; the pencil has found the way to the last row.
fn square_maze(sheet: &mut Sheet, dice: &mut Dice, area: &Area) {
    const WIDE: usize = 11;
    const HIGH: usize = 11;
    let cell = area.width() / 11.0;
    let mut right = [[true; WIDE]; HIGH];
    let mut below = [[true; WIDE]; HIGH];
    let mut visited = [[false; WIDE]; HIGH];
    let start = (dice.index(WIDE), 0);
    let mut walk = vec![start];
    let mut way = Vec::new();
    visited[0][start.0] = true;
    while let Some(&(x, y)) = walk.last() {
        if y == HIGH - 1 && way.is_empty() {
            way.clone_from(&walk);
        }
        let mut next = Vec::with_capacity(4);
        next.extend((x > 0).then(|| (x.wrapping_sub(1), y)));
        next.extend((y > 0).then(|| (x, y.wrapping_sub(1))));
        next.extend((x + 1 < WIDE).then_some((x + 1, y)));
        next.extend((y + 1 < HIGH).then_some((x, y + 1)));
        next.retain(|&(x, y)| !visited[y][x]);
        if next.is_empty() {
            walk.pop();
            continue;
        }
        let (to_x, to_y) = next[dice.index(next.len())];
        if to_y == y {
            right[y][x.min(to_x)] = false;
        } else {
            below[y.min(to_y)][x] = false;
        }
        visited[to_y][to_x] = true;
        walk.push((to_x, to_y));
    }
    let edge = |cells: usize| f64::from(u32::try_from(cells).unwrap_or_default()) * cell;
    let middle =
        |(x, y): &(usize, usize)| (area.left + edge(*x) + cell / 2.0, area.top + edge(*y) + cell / 2.0);
    let found: Vec<(f64, f64)> = way.iter().take(way.len() * 3 / 5).map(middle).collect();
    sheet.add(format_args!(
        r#"<path d="{}" fill="none" stroke="{}" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"/>"#,
        outline(&found),
        area.color(0)
    ));
    let (x, y) = middle(&start);
    sheet.circle(x, y, cell * 0.3, area.color(0));
    let mut walls = format!(
        "M{:.1} {:.1}V{:.1}M{:.1} {:.1}H{:.1}",
        area.left,
        area.top,
        area.top + edge(HIGH),
        area.left,
        area.top,
        area.right
    );
    for y in 0..HIGH {
        for x in 0..WIDE {
            let (left, top) = (area.left + edge(x), area.top + edge(y));
            if right[y][x] {
                let _ = write!(walls, "M{:.1} {top:.1}v{cell:.1}", left + cell);
            }
            if below[y][x] {
                let _ = write!(walls, "M{left:.1} {:.1}h{cell:.1}", top + cell);
            }
        }
    }
    sheet.stroke(&walls, INK, 5.0, 1.0);
}

/// Rings with a door each, and one wall across each way round, so that there is one way in.
fn round_maze(sheet: &mut Sheet, dice: &mut Dice, area: &Area) {
    const RINGS: u32 = 6;
    let radius = area.width() * 0.5;
    let (x, y) = (f64::midpoint(area.left, area.right), area.top + radius);
    let step = radius / f64::from(RINGS);
    sheet.circle(x, y, step * 0.6, area.color(0));
    for ring in 1..=RINGS {
        let far = f64::from(ring) * step;
        let door = dice.between(0.0, TAU);
        let gap = step * 0.8 / far;
        let (from, to) = (door + gap / 2.0, door - gap / 2.0);
        sheet.stroke(
            &format!(
                "M{:.1} {:.1}A{far:.1} {far:.1} 0 1 1 {:.1} {:.1}",
                x + far * from.cos(),
                y + far * from.sin(),
                x + far * to.cos(),
                y + far * to.sin()
            ),
            INK,
            6.0,
            1.0,
        );
        if ring < RINGS {
            let wall = door + dice.between(0.5, 2.2) * if dice.one_in(2) { 1.0 } else { -1.0 };
            let (dx, dy) = (wall.cos(), wall.sin());
            sheet.line(
                (x + dx * far, y + dy * far),
                (x + dx * (far + step), y + dy * (far + step)),
                INK,
                6.0,
            );
        }
    }
}

/// Letters without order, but one word of the title is among them.
pub(super) fn letters(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, area: &Area) {
    const COLUMNS: usize = 10;
    let word: Vec<char> = subject
        .title
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| word.len() <= COLUMNS)
        .max_by_key(|word| word.len())
        .map(|word| word.to_ascii_uppercase().chars().collect())
        .unwrap_or_default();
    let cell = area.width() / 10.0;
    let (hidden, start) = (1 + dice.index(3), dice.index(COLUMNS + 1 - word.len().min(COLUMNS)));
    let place = |index: usize| f64::from(u32::try_from(index).unwrap_or_default()) * cell;
    if !word.is_empty() {
        sheet.add(format_args!(
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="{:.1}" fill="{}" fill-opacity="0.3" stroke="{}" stroke-width="4"/>"#,
            area.left + place(start) + 1.0,
            area.top + place(hidden) + 2.0,
            place(word.len()) - 2.0,
            cell - 4.0,
            cell / 2.0 - 2.0,
            area.color(0),
            area.color(0)
        ));
    }
    sheet.add(format_args!(
        r#"<g font-family="{MONO}" font-size="30" font-weight="700" text-anchor="middle" fill="{INK}">"#
    ));
    for row in 0..10 {
        for column in 0..COLUMNS {
            let (x, y) = (area.left + place(column) + cell / 2.0, area.top + place(row) + cell * 0.75);
            let other = char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or_default());
            let of_word =
                column.checked_sub(start).filter(|_| row == hidden).and_then(|index| word.get(index));
            if y < area.bottom + 20.0 {
                let letter = of_word.copied().unwrap_or(other);
                sheet.add(format_args!(r#"<text x="{x:.0}" y="{y:.0}">{letter}</text>"#));
            }
        }
    }
    sheet.add(format_args!("</g>"));
}

/// Dots and boxes, half played.
pub(super) fn dots(sheet: &mut Sheet, dice: &mut Dice, _: &Subject<'_>, area: &Area) {
    const SIDE: u32 = 6;
    let cell = (area.width() - 24.0) / f64::from(SIDE);
    let at = |x: u32, y: u32| (area.left + 12.0 + f64::from(x) * cell, area.top + 12.0 + f64::from(y) * cell);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (left, top) = at(x, y);
            match dice.below(9) {
                0..=2 => won(sheet, (left, top), cell, area.color(dice.index(2)), area.color(0)),
                3 | 4 => sheet.line((left, top), at(x + 1, y), INK, 6.0),
                5 => sheet.line((left, top), at(x, y + 1), INK, 6.0),
                _ => {}
            }
        }
    }
    for y in 0..=SIDE {
        for x in 0..=SIDE {
            let (x, y) = at(x, y);
            sheet.circle(x, y, 7.5, INK);
        }
    }
}

/// A box that is closed, with the sign of the one who closed it.
fn won(sheet: &mut Sheet, (x, y): (f64, f64), cell: f64, color: &str, round: &str) {
    sheet.add(format_args!(
        r#"<rect x="{x:.1}" y="{y:.1}" width="{cell:.1}" height="{cell:.1}" fill="{color}" stroke="{INK}" stroke-width="6"/>"#
    ));
    let mark = cell * 0.24;
    let (x, y) = (x + cell / 2.0, y + cell / 2.0);
    if color == round {
        sheet.ring(x, y, mark, PAPER, 7.0);
    } else {
        sheet.line((x - mark, y - mark), (x + mark, y + mark), PAPER, 7.0);
        sheet.line((x - mark, y + mark), (x + mark, y - mark), PAPER, 7.0);
    }
}
