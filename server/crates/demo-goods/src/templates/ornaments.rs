//! Patterns that repeat without a seam, and rules and frames.

use crate::draw::path::Point;
use crate::draw::{Colour, Page, Path, svg};
use std::f32::consts::TAU;

const INKS: [(u32, u32); 6] = [
    (0x0013_3b5c, 0x00f3_efe6),
    (0x0025_4d32, 0x00f6_f2e4),
    (0x00a6_4b32, 0x00f7_ede2),
    (0x0044_1f45, 0x00f8_f0ee),
    (0x00f4_d58d, 0x0019_1b33),
    (0x0018_1a1f, 0x00fb_faf5),
];
const TILE: f32 = 120.0;

/// Draws one tile; what reaches over an edge comes in at the other.
type Draw = fn(&mut Path, f32);

const PATTERNS: [(&str, Draw); 7] = [
    ("rings", |path, t| {
        for (x, y) in [(0.0, 0.0), (t, 0.0), (0.0, t), (t, t), (t / 2.0, t / 2.0)] {
            for radius in [14.0, 26.0, 38.0] {
                path.add(Path::circle((x, y), radius));
            }
        }
    }),
    ("scales", |path, t| {
        for row in 0..5_u8 {
            for column in 0..4_u8 {
                let shift = if row % 2 == 0 { 0.0 } else { t / 4.0 };
                let at = (t / 2.0 * f32::from(column) - t / 4.0 + shift, t / 4.0 * f32::from(row));
                path.add(Path::arc(at, t / 4.0, 0.0, 0.5));
            }
        }
    }),
    ("waves", |path, t| {
        for row in 0..5_u8 {
            let points: Vec<Point> = (-6..=54_i16)
                .map(|step| {
                    let x = t * f32::from(step) / 48.0;
                    (x, t * (f32::from(row) / 4.0) + 9.0 * (TAU * 2.0 * x / t).sin())
                })
                .collect();
            path.add(Path::smooth(&points, false));
        }
    }),
    ("lattice", |path, t| {
        for step in -1..=4_i8 {
            let x = t / 4.0 * f32::from(step) * 1.0;
            path.add_polyline(&[(x - t, 0.0), (x, t)]);
            path.add_polyline(&[(x, 0.0), (x + t, t)]);
            path.add_polyline(&[(x, 0.0), (x - t, t)]);
            path.add_polyline(&[(x + t, 0.0), (x, t)]);
        }
    }),
    ("stars", |path, t| {
        for (x, y) in [(0.0, 0.0), (t, 0.0), (0.0, t), (t, t), (t / 2.0, t / 2.0)] {
            let points: Vec<Point> = (0..16_u8)
                .map(|step| {
                    let reach = if step % 2 == 0 { 34.0 } else { 14.0 };
                    let angle = TAU * f32::from(step) / 16.0;
                    (x + reach * angle.cos(), y + reach * angle.sin())
                })
                .collect();
            path.add(Path::polygon(&points));
        }
    }),
    ("bricks", |path, t| {
        for row in 0..=4_u8 {
            let y = t / 4.0 * f32::from(row);
            path.add_polyline(&[(-2.0, y), (t + 2.0, y)]);
            let shift = if row % 2 == 0 { 0.0 } else { t / 4.0 };
            for column in 0..=2_u8 {
                let x = t / 2.0 * f32::from(column) + shift;
                path.add_polyline(&[(x, y), (x, y + t / 4.0)]);
            }
        }
    }),
    ("leaves", |path, t| {
        for (x, y, turn) in
            [(0.0, 0.0, 0.0), (t, 0.0, 0.0), (0.0, t, 0.0), (t, t, 0.0), (t / 2.0, t / 2.0, 0.125)]
        {
            for leaf in 0..4_u8 {
                let angle = TAU * (f32::from(leaf) / 4.0 + turn);
                let along =
                    |reach: f32, by: f32| (x + reach * (angle + by).cos(), y + reach * (angle + by).sin());
                path.add(Path::smooth(
                    &[along(6.0, 0.0), along(28.0, 0.35), along(48.0, 0.0), along(28.0, -0.35)],
                    true,
                ));
            }
        }
    }),
];

fn tile(draw: Draw, (ink, paper): (u32, u32), size: f32, repeats: u8) -> Page {
    let mut page = Page::new(size, size);
    page.background(Colour::hex(paper));
    let mut path = Path::default();
    draw(&mut path, TILE);
    let scale = size / f32::from(repeats) / TILE;
    for row in 0..repeats {
        for column in 0..repeats {
            let at =
                (size / f32::from(repeats) * f32::from(column), size / f32::from(repeats) * f32::from(row));
            page.stroke(
                path.map(|(x, y)| (at.0 + x * scale, at.1 + y * scale)),
                Colour::hex(ink),
                2.4 * scale,
            );
        }
    }
    page
}

/// Seven patterns in six pairs of inks.
pub fn patterns() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (name, draw) in PATTERNS {
        for (number, inks) in INKS.into_iter().enumerate() {
            let page = tile(draw, inks, TILE, 1);
            files.push((format!("{name}-{}.svg", number + 1), svg::document(&page, name).into_bytes()));
        }
    }
    files
}

pub fn patterns_picture() -> String {
    let mut page = Page::new(900.0, 600.0);
    for (number, (_, draw)) in PATTERNS.into_iter().enumerate().take(6) {
        let part = tile(draw, INKS[number], 300.0, 3);
        let at = (300.0 * (number % 3) as f32, 300.0 * (number / 3) as f32);
        for op in part.ops {
            if let crate::draw::Op::Shape { path, paint } = op {
                // A tile's strokes end at its edge on paper too: what reaches over is cut off by the next.
                let inside = |value: f32| value.clamp(0.0, 300.0);
                let path = path.map(|(x, y)| (at.0 + inside(x), at.1 + inside(y)));
                page.ops.push(crate::draw::Op::Shape { path, paint });
            }
        }
    }
    svg::document(&page, "Six of the patterns")
}

/// A rule or a frame of a kind.
fn ornament(kind: u8, frame: bool) -> Page {
    let mut page = Page::new(600.0, if frame { 400.0 } else { 60.0 });
    let ink = Colour::hex(INKS[usize::from(kind) % INKS.len()].0);
    let edge = |page: &mut Page, from: Point, to: Point| {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let (dx, dy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
        let at =
            |along: f32, across: f32| (from.0 + dx * along - dy * across, from.1 + dy * along + dx * across);
        let count = (length / 20.0).round() as usize;
        let step = length / count as f32;
        for number in 0..count {
            let start = step * number as f32;
            match kind {
                0 => page.fill(Path::circle(at(start + step / 2.0, 0.0), 3.4), ink),
                1 => page.stroke(
                    Path::polyline(&[at(start, -5.0), at(start + step / 2.0, 5.0), at(start + step, -5.0)]),
                    ink,
                    2.0,
                ),
                2 => page.fill(
                    Path::polygon(&[
                        at(start + 3.0, 0.0),
                        at(start + step / 2.0, 6.0),
                        at(start + step - 3.0, 0.0),
                        at(start + step / 2.0, -6.0),
                    ]),
                    ink,
                ),
                3 => {
                    let wave: Vec<Point> = (0..=8_u8)
                        .map(|part| {
                            at(
                                start + step * f32::from(part) / 8.0,
                                6.0 * (TAU * f32::from(part) / 8.0).sin(),
                            )
                        })
                        .collect();
                    page.stroke(Path::smooth(&wave, false), ink, 2.0);
                    let other: Vec<Point> = (0..=8_u8)
                        .map(|part| {
                            at(
                                start + step * f32::from(part) / 8.0,
                                -6.0 * (TAU * f32::from(part) / 8.0).sin(),
                            )
                        })
                        .collect();
                    page.stroke(Path::smooth(&other, false), ink, 2.0);
                }
                4 => {
                    page.stroke(Path::polyline(&[at(start, 0.0), at(start + step, 0.0)]), ink, 1.4);
                    let side = if number % 2 == 0 { 1.0 } else { -1.0 };
                    page.fill(
                        Path::smooth(
                            &[
                                at(start, 0.0),
                                at(start + step * 0.5, side * 10.0),
                                at(start + step * 0.9, side * 7.0),
                                at(start + step * 0.5, side * 2.0),
                            ],
                            true,
                        ),
                        ink,
                    );
                }
                _ => {
                    page.stroke(Path::polyline(&[at(start, -4.0), at(start + step, -4.0)]), ink, 3.0);
                    page.stroke(Path::polyline(&[at(start, 3.0), at(start + step, 3.0)]), ink, 1.0);
                }
            }
        }
    };
    if frame {
        let corners = [(20.0, 20.0), (580.0, 20.0), (580.0, 380.0), (20.0, 380.0)];
        for number in 0..4 {
            edge(&mut page, corners[number], corners[(number + 1) % 4]);
        }
    } else {
        edge(&mut page, (20.0, 30.0), (580.0, 30.0));
    }
    page
}

const KINDS: [&str; 6] = ["pearls", "zigzag", "lozenges", "chain", "vine", "double"];

pub fn ornaments() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (kind, name) in (0_u8..).zip(KINDS) {
        for (form, frame) in [("rule", false), ("frame", true)] {
            files.push((
                format!("{form}-{name}.svg"),
                svg::document(&ornament(kind, frame), name).into_bytes(),
            ));
        }
    }
    files
}

pub fn ornaments_picture() -> String {
    let mut page = Page::new(900.0, 600.0);
    page.background(Colour::hex(0x00fb_faf5));
    for kind in 0..6_u8 {
        let at = (300.0 * f32::from(kind % 3), 300.0 * f32::from(kind / 3));
        for op in ornament(kind, true).ops {
            if let crate::draw::Op::Shape { path, paint } = op {
                page.ops.push(crate::draw::Op::Shape {
                    path: path.map(|(x, y)| (at.0 + x / 2.0, at.1 + 50.0 + y / 2.0)),
                    paint,
                });
            }
        }
    }
    svg::document(&page, "Six frames")
}
