//! Patterns for hands: charts for needles, blocks for quilts, figures to colour in.

use super::{grid, sheet};
use crate::draw::path::Point;
use crate::draw::{Align, Colour, Face, Page, Path};
use crate::random::Random;
use std::f32::consts::TAU;

/// A motif of cells that is the same left and right, and mostly above and below.
fn motif(random: &mut Random, columns: usize, rows: usize, inks: usize, upright: bool) -> Vec<Vec<usize>> {
    let mut cells = vec![vec![0; columns]; rows];
    let (half_c, half_r) = (columns.div_ceil(2), if upright { rows } else { rows.div_ceil(2) });
    // Strokes of a few cells make figures; single cells would be noise.
    for _ in 0..half_c * half_r / 5 {
        let ink = 1 + random.below(inks);
        let (mut c, mut r) = (random.below(half_c), random.below(half_r));
        let (dc, dr) = random.pick(&[(1_isize, 0_isize), (0, 1), (1, 1), (1, -1)]);
        for _ in 0..random.below(5) + 2 {
            if c >= half_c || r >= half_r {
                break;
            }
            for (column, row) in
                [(c, r), (columns - 1 - c, r), (c, rows - 1 - r), (columns - 1 - c, rows - 1 - r)]
            {
                if !upright || row == r {
                    cells[row][column] = ink;
                }
            }
            c = c.wrapping_add_signed(dc);
            r = r.wrapping_add_signed(dr);
        }
    }
    cells
}

const YARNS: [(&str, u32); 6] = [
    ("oat", 0x00ef_e6d2),
    ("navy", 0x0022_3a52),
    ("rust", 0x00b5_5434),
    ("moss", 0x006b_7f4a),
    ("mustard", 0x00dd_a63a),
    ("heather", 0x0087_6f91),
];

fn chart(page: &mut Page, cells: &[Vec<usize>], at: Point, cell: f32, symbols: bool) {
    for (row, line) in cells.iter().enumerate() {
        for (column, ink) in line.iter().enumerate() {
            let (x, y) = (at.0 + cell * column as f32, at.1 + cell * row as f32);
            page.fill(Path::rect(x, y, cell, cell), Colour::hex(YARNS[*ink].1));
            if symbols && *ink > 0 {
                let mark = ["", "x", "o", "/", "+", "v"][*ink];
                page.coloured_text(
                    (x + cell / 2.0, y + cell * 0.7),
                    Align::Centre,
                    Face::Sans,
                    cell * 0.7,
                    Colour::WHITE,
                    mark,
                );
            }
        }
    }
    let columns = cells.first().map_or(0, Vec::len);
    grid(page, at, (cell, cell), columns, cells.len(), 0.35);
    grid(page, at, (cell * 10.0, cell * 10.0), columns / 10, cells.len() / 10, 1.0);
}

fn key(page: &mut Page, at: Point, inks: usize) {
    for (number, (name, colour)) in YARNS.iter().enumerate().take(inks + 1) {
        let x = at.0 + 84.0 * number as f32;
        page.fill(Path::rect(x, at.1, 13.0, 13.0), Colour::hex(*colour));
        page.stroke(Path::rect(x, at.1, 13.0, 13.0), Colour::GREY, 0.5);
        page.text((x + 18.0, at.1 + 10.0), Align::Left, Face::Sans, 9.0, name);
    }
}

/// Borders and all-over motifs for stranded knitting, with the number of stitches that they repeat over.
pub fn knitting(name: &str) -> Vec<Page> {
    let mut random = Random::named(name);
    (1..=12)
        .map(|number| {
            let (columns, rows) = random.pick(&[(12, 9), (16, 13), (20, 15), (24, 17), (24, 21)]);
            let inks = 1 + number % 3;
            let cells = motif(&mut random, columns, rows, inks, false);
            let mut page = sheet(&format!("Chart {number}: {columns} stitches, {rows} rounds"));
            let cell = 400.0 / 24.0;
            chart(&mut page, &cells, (40.0, 84.0), cell, true);
            key(&mut page, (40.0, 84.0 + cell * rows as f32 + 14.0), inks);
            let y = 490.0;
            page.text((40.0, y - 8.0), Align::Left, Face::Sans, 9.0, "Repeated, as it looks when it is worn");
            let small = 6.0;
            let repeats = (515.0 / (small * columns as f32)) as usize;
            for down in 0..((270.0 / (small * rows as f32)) as usize).max(1) {
                for across in 0..repeats {
                    for (row, line) in cells.iter().enumerate() {
                        for (column, ink) in line.iter().enumerate() {
                            let x = 40.0 + small * (across * columns + column) as f32;
                            let top = y + small * (down * rows + row) as f32;
                            page.fill(
                                Path::rect(x, top, small + 0.2, small + 0.2),
                                Colour::hex(YARNS[*ink].1),
                            );
                        }
                    }
                }
            }
            page
        })
        .collect()
}

pub fn cross_stitch(name: &str) -> Vec<Page> {
    let mut random = Random::named(name);
    (1..=8)
        .map(|number| {
            let inks = 3 + number % 3;
            let cells = motif(&mut random, 50, 60, inks.min(5), number % 2 == 0);
            let mut page = sheet(&format!("Sampler {number}: 50 by 60 stitches"));
            chart(&mut page, &cells, (40.0, 84.0), 10.0, true);
            key(&mut page, (40.0, 700.0), inks.min(5));
            let counts: Vec<String> = (1..=inks.min(5))
                .map(|ink| {
                    let stitches = cells.iter().flatten().filter(|cell| **cell == ink).count();
                    format!("{} {stitches}", YARNS[ink].0)
                })
                .collect();
            let line = format!("Stitches: {}. On 14-count cloth 9.1 by 10.9 cm.", counts.join(", "));
            page.text((40.0, 736.0), Align::Left, Face::Sans, 9.0, &line);
            page
        })
        .collect()
}

/// Blocks of squares and half squares, with the pieces to cut for one of 30 cm.
pub fn quilt(name: &str) -> Vec<Page> {
    let mut random = Random::named(name);
    (1..=12)
        .map(|number| {
            let count = if number % 3 == 0 { 6 } else { 4 };
            let half = count / 2;
            let quarter: Vec<(usize, usize, bool)> =
                (0..half * half).map(|_| (random.below(4), random.below(4), random.chance(0.7))).collect();
            let mut page = sheet(&format!("Block {number}"));
            let block = |page: &mut Page, at: Point, size: f32| {
                let cell = size / count as f32;
                for row in 0..count {
                    for column in 0..count {
                        let (r, c) = (row.min(count - 1 - row), column.min(count - 1 - column));
                        let (a, b, split) = quarter[r * half + c];
                        let (x, y) = (at.0 + cell * column as f32, at.1 + cell * row as f32);
                        page.fill(Path::rect(x, y, cell + 0.2, cell + 0.2), Colour::hex(YARNS[a].1));
                        if split && a != b {
                            let corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)];
                            // The seam runs toward the middle of the block.
                            let right = column >= half;
                            let low = row >= half;
                            let skip = match (right, low) {
                                (false, false) => 2,
                                (true, false) => 3,
                                (true, true) => 0,
                                (false, true) => 1,
                            };
                            let triangle: Vec<Point> = (0..4)
                                .filter(|corner| *corner != skip)
                                .map(|corner| corners[corner])
                                .collect();
                            page.fill(Path::polygon(&triangle), Colour::hex(YARNS[b].1));
                        }
                    }
                }
                page.stroke(Path::rect(at.0, at.1, size, size), Colour::GREY, 0.6);
            };
            block(&mut page, (40.0, 84.0), 300.0);
            for place in 0..16 {
                let at = (40.0 + 78.0 * (place % 4) as f32, 430.0 + 78.0 * (place / 4) as f32);
                block(&mut page, at, 78.0);
            }
            pieces(&mut page, &quarter, count);
            page
        })
        .collect()
}

fn pieces(page: &mut Page, quarter: &[(usize, usize, bool)], count: usize) {
    let finished = 30.0 / count as f32;
    page.text((366.0, 100.0), Align::Left, Face::SansBold, 11.0, "For one block of 30 cm, cut");
    let mut y = 120.0;
    for (number, (cloth, _)) in YARNS.iter().enumerate().take(4) {
        let whole = quarter.iter().filter(|(a, b, split)| *a == number && (!split || a == b)).count() * 4;
        let halves =
            quarter.iter().filter(|(a, b, split)| *split && a != b && (*a == number || *b == number)).count()
                * 4;
        if whole > 0 {
            let line = format!("{whole} squares of {:.1} cm, {cloth}", finished + 1.2);
            page.text((366.0, y), Align::Left, Face::Sans, 9.0, &line);
            y += 16.0;
        }
        if halves > 0 {
            let line =
                format!("{} squares of {:.1} cm, {cloth}, cut once", halves.div_ceil(2), finished + 2.2);
            page.text((366.0, y), Align::Left, Face::Sans, 9.0, &line);
            page.text((366.0, y + 11.0), Align::Left, Face::Sans, 9.0, "from corner to corner");
            y += 28.0;
        }
    }
    page.text((366.0, y + 8.0), Align::Left, Face::Sans, 9.0, "Seams of 6 mm are in the measures.");
}

/// Tilings to fill in with colours.
pub fn colouring(name: &str, count: usize) -> Vec<Page> {
    let mut random = Random::named(name);
    (0..count)
        .map(|number| {
            let mut page = Page::a4();
            let (left, top, size) = (47.5, 60.0, 500.0 / (5 + number % 4) as f32);
            let kind = number % 4;
            let mut path = Path::default();
            for row in 0..(720.0 / size) as usize {
                for column in 0..(500.0 / size + 0.1) as usize {
                    let at = (left + size * column as f32, top + size * row as f32);
                    path.add(tile(&mut random, kind, at, size));
                }
            }
            page.stroke(path, Colour::BLACK, 1.1);
            page
        })
        .collect()
}

fn tile(random: &mut Random, kind: usize, (x, y): Point, size: f32) -> Path {
    let mut path = Path::rect(x, y, size, size);
    let centre = (x + size / 2.0, y + size / 2.0);
    match kind {
        // Rings, whole and in quarters.
        0 => {
            let corners = if random.below(2) == 0 {
                [(0.0, 0.0, 0.0), (1.0, 1.0, 0.5)]
            } else {
                [(1.0, 0.0, 0.25), (0.0, 1.0, 0.75)]
            };
            for (cx, cy, turn) in corners {
                for part in [0.35, 0.5, 0.65] {
                    path.add(Path::arc((x + cx * size, y + cy * size), size * part, turn, turn + 0.25));
                }
            }
        }
        // Stars of eight points.
        1 => {
            let points: Vec<Point> = (0..16)
                .map(|step| {
                    let reach = size * if step % 2 == 0 { 0.48 } else { 0.26 };
                    let angle = TAU * step as f32 / 16.0;
                    (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin())
                })
                .collect();
            path.add(Path::polygon(&points));
            path.add(Path::circle(centre, size * 0.18));
        }
        // Petals.
        2 => {
            for petal in 0..6 {
                let angle = TAU * petal as f32 / 6.0;
                let tip = (centre.0 + size * 0.45 * angle.cos(), centre.1 + size * 0.45 * angle.sin());
                let side = |by: f32| {
                    (centre.0 + size * 0.28 * (angle + by).cos(), centre.1 + size * 0.28 * (angle + by).sin())
                };
                path.add(Path::smooth(&[centre, side(0.5), tip, side(-0.5)], true));
            }
            path.add(Path::circle(centre, size * 0.09));
        }
        // Squares that turn.
        _ => {
            for ring in 1..5_u8 {
                let angle = TAU / 4.0 * 0.18 * f32::from(ring);
                let reach = size * 0.5 * 0.82_f32.powi(i32::from(ring)) * 1.2;
                let points: Vec<Point> = (0..4)
                    .map(|corner| {
                        let turn = angle + TAU * (0.125 + corner as f32 / 4.0);
                        (centre.0 + reach * turn.cos(), centre.1 + reach * turn.sin())
                    })
                    .collect();
                path.add(Path::polygon(&points));
            }
        }
    }
    path
}

pub fn mandalas(name: &str, count: usize) -> Vec<Page> {
    let mut random = Random::named(name);
    (0..count)
        .map(|number| {
            let mut page = Page::a4();
            let centre = (297.5, 421.0);
            let fold = [6, 8, 10, 12, 16][number % 5];
            let mut inner = 14.0;
            page.stroke(Path::circle(centre, inner), Colour::BLACK, 1.1);
            while inner < 235.0 {
                let outer = inner + random.between(22.0, 46.0);
                let count = fold * if inner > 110.0 { 2 } else { 1 };
                let kind = random.below(4);
                for place in 0..count {
                    page.stroke(
                        leaf(centre, inner, outer, place as f32 / count as f32, 1.0 / count as f32, kind),
                        Colour::BLACK,
                        1.1,
                    );
                }
                page.stroke(Path::circle(centre, outer), Colour::BLACK, 1.1);
                inner = outer;
            }
            page
        })
        .collect()
}

fn leaf(centre: Point, inner: f32, outer: f32, turn: f32, wide: f32, kind: usize) -> Path {
    let at = |reach: f32, by: f32| {
        let angle = TAU * (turn + by * wide);
        (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin())
    };
    let middle = f32::midpoint(inner, outer);
    match kind {
        0 => Path::smooth(&[at(inner, 0.0), at(middle, -0.42), at(outer, 0.0), at(middle, 0.42)], true),
        1 => {
            let mut path = Path::polyline(&[at(inner, -0.5), at(outer, 0.0), at(inner, 0.5)]);
            path.add(Path::circle(at(inner + (outer - inner) * 0.3, 0.0), (outer - inner) * 0.13));
            path
        }
        2 => {
            let radius = ((outer - inner) / 2.0).min(TAU * middle * wide / 2.0) * 0.86;
            let mut path = Path::circle(at(middle, 0.0), radius);
            path.add(Path::circle(at(middle, 0.0), radius * 0.5));
            path
        }
        _ => {
            let mut path = Path::smooth(
                &[
                    at(inner, -0.5),
                    at(middle, -0.35),
                    at(outer * 0.995, 0.0),
                    at(middle, 0.35),
                    at(inner, 0.5),
                ],
                false,
            );
            path.add(Path::smooth(
                &[
                    at(inner, -0.25),
                    at(middle, -0.14),
                    at(outer - (outer - inner) * 0.3, 0.0),
                    at(middle, 0.14),
                    at(inner, 0.25),
                ],
                false,
            ));
            path
        }
    }
}
