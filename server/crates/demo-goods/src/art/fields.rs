//! Motifs that fill the sheet with shapes.

use super::Inks;
use crate::draw::path::Point;
use crate::draw::{Page, Path};
use crate::random::Random;
use std::f32::consts::TAU;

/// A year as twelve rows of tiles: each day's tile is turned as the wind was, and as full as the rain.
pub fn weather_tiles(page: &mut Page, random: &mut Random, inks: &Inks) {
    let columns = 16;
    let size = page.width / (columns as f32 + 2.0);
    let rows = (page.height / size) as usize - 2;
    for row in 0..rows {
        let season = (TAU * row as f32 / rows as f32).cos();
        for column in 0..columns {
            let (x, y) = (size * (column as f32 + 1.0), size * (row as f32 + 1.0));
            let wet = random.part() + season * 0.35;
            let colour = if wet > 0.75 {
                inks.inks[0]
            } else if wet > 0.4 {
                inks.inks[1]
            } else if wet > 0.1 {
                inks.inks[2]
            } else {
                inks.inks[4]
            };
            page.fill(Path::rect(x, y, size + 0.3, size + 0.3), colour.towards(inks.paper, 0.62));
            let turned = random.below(2) == 0;
            let corners = if turned { [(0.0, 0.0), (1.0, 1.0)] } else { [(1.0, 0.0), (0.0, 1.0)] };
            for (cx, cy) in corners {
                page.fill(wedge((x + cx * size, y + cy * size), size * 0.66, (cx, cy)), colour);
                page.fill(wedge((x + cx * size, y + cy * size), size * 0.34, (cx, cy)), inks.paper);
            }
            if random.chance(0.05) {
                page.fill(Path::circle((x + size / 2.0, y + size / 2.0), size * 0.13), inks.inks[3]);
            }
        }
    }
}

/// A quarter of a disc in a corner of a square.
fn wedge(corner: Point, radius: f32, (cx, cy): Point) -> Path {
    let start = match (cx > 0.5, cy > 0.5) {
        (false, false) => 0.0,
        (true, false) => 0.25,
        (true, true) => 0.5,
        (false, true) => 0.75,
    };
    let mut points = vec![corner];
    points.extend((0..=14).map(|step| {
        let angle = TAU * (start + 0.25 * step as f32 / 14.0);
        (corner.0 + radius * angle.cos(), corner.1 + radius * angle.sin())
    }));
    Path::polygon(&points)
}

/// Folds of a cloth that hangs over something.
pub fn tarpaulin(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let (columns, rows) = (18, 14);
    let waves: Vec<[f32; 3]> =
        (0..5).map(|_| [random.between(0.2, 1.1), random.between(0.2, 1.0), random.part() * TAU]).collect();
    let lift =
        |c: f32, r: f32| -> f32 { waves.iter().map(|[a, b, start]| (c * a + r * b + start).sin()).sum() };
    let place = |c: usize, r: usize| -> Point {
        let (c, r) = (c as f32, r as f32);
        let sag = lift(c * 0.6, r * 0.6);
        (
            width * (0.1 + 0.8 * c / columns as f32) + 5.0 * lift(r, c),
            height * (0.2 + 0.6 * r / rows as f32) - 12.0 * sag,
        )
    };
    page.fill(Path::rect(0.0, height * 0.72, width, height * 0.28), inks.inks[4].towards(inks.paper, 0.3));
    for row in 0..rows {
        for column in 0..columns {
            let corners = [
                place(column, row),
                place(column + 1, row),
                place(column + 1, row + 1),
                place(column, row + 1),
            ];
            let (c, r) = (column as f32, row as f32);
            for (number, triangle) in
                [[corners[0], corners[1], corners[2]], [corners[0], corners[2], corners[3]]]
                    .into_iter()
                    .enumerate()
            {
                let slope =
                    lift(c * 0.6 + 0.5, r * 0.6) - lift(c * 0.6, r * 0.6 + 0.5) + number as f32 * 0.25;
                let shade = (0.5 + 0.28 * slope).clamp(0.0, 1.0);
                let colour =
                    inks.inks[0].towards(inks.inks[1], shade).towards(inks.inks[2], (shade - 0.5).max(0.0));
                page.fill(Path::polygon(&triangle), colour);
            }
        }
    }
    for column in (0..=columns).step_by(3) {
        for row in [0, rows] {
            page.fill(Path::circle(place(column, row), 4.5), inks.inks[3]);
        }
    }
}

/// Circles that touch and do not overlap.
pub fn pebbles(page: &mut Page, random: &mut Random, inks: &Inks) {
    let mut stones: Vec<(f32, f32, f32)> = Vec::new();
    for round in 0..5000 {
        let (x, y) = (random.between(20.0, page.width - 20.0), random.between(20.0, page.height - 20.0));
        let edge = x.min(y).min(page.width - x).min(page.height - y) - 12.0;
        let room =
            stones.iter().map(|stone| (x - stone.0).hypot(y - stone.1) - stone.2 - 3.0).fold(edge, f32::min);
        let least = if round < 600 { 24.0 } else { 5.0 };
        if room > least {
            stones.push((x, y, room.min(78.0)));
        }
    }
    for (number, (x, y, radius)) in stones.into_iter().enumerate() {
        let colour = inks.inks[random.below(5)];
        page.fill(Path::circle((x, y), radius), colour);
        if number % 3 == 0 {
            for ring in 1..4 {
                page.stroke(
                    Path::circle((x, y), radius * ring as f32 / 4.0),
                    inks.paper,
                    radius / 26.0 + 0.5,
                );
            }
        } else if number % 3 == 1 && radius > 14.0 {
            page.fill(
                Path::circle((x - radius * 0.25, y - radius * 0.25), radius * 0.45),
                colour.towards(inks.paper, 0.3),
            );
        }
    }
}

/// A net of triangles under one light.
pub fn facets(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (columns, rows) = (11_usize, (11.0 * page.height / page.width) as usize + 1);
    let (dx, dy) = (page.width / columns as f32, page.height / rows as f32);
    let mut net = vec![vec![(0.0, 0.0); columns + 3]; rows + 3];
    for (row, line) in net.iter_mut().enumerate() {
        for (column, point) in line.iter_mut().enumerate() {
            let shift = if row % 2 == 0 { 0.5 } else { 0.0 };
            *point = (
                (column as f32 - 1.0 + shift + random.between(-0.34, 0.34)) * dx,
                (row as f32 - 1.0 + random.between(-0.34, 0.34)) * dy,
            );
        }
    }
    for row in 0..rows + 2 {
        for column in 0..columns + 2 {
            let [a, b, c, d] =
                [net[row][column], net[row][column + 1], net[row + 1][column], net[row + 1][column + 1]];
            let triangles = if row % 2 == 0 { [[a, b, d], [a, d, c]] } else { [[a, b, c], [b, d, c]] };
            for triangle in triangles {
                let down =
                    (triangle.iter().map(|point| point.1).sum::<f32>() / 3.0 / page.height).clamp(0.0, 0.999);
                let place = down * 4.0;
                let (low, part) = (place as usize, place.fract());
                let base = inks.inks[low].towards(inks.inks[low + 1], part);
                let colour = base.towards(inks.paper, random.between(0.0, 0.28));
                page.fill(Path::polygon(&triangle), colour);
                page.stroke(Path::polygon(&triangle), colour, 0.6);
            }
        }
    }
}

/// Ribbons over and under.
pub fn weave(page: &mut Page, random: &mut Random, inks: &Inks) {
    let count = 14;
    let pitch = page.width / count as f32;
    let rows = (page.height / pitch).ceil() as usize;
    let across: Vec<usize> = (0..rows).map(|_| random.below(5)).collect();
    let along: Vec<usize> = (0..count).map(|_| random.below(5)).collect();
    let wide = pitch * 0.8;
    let edge = (pitch - wide) / 2.0;
    for (row, across) in across.iter().enumerate() {
        for (column, along) in along.iter().enumerate() {
            let (x, y) = (column as f32 * pitch, row as f32 * pitch);
            let level = Path::rect(x, y + edge, pitch + 0.3, wide);
            let upright = Path::rect(x + edge, y, wide, pitch + 0.3);
            let (level_ink, upright_ink) = (inks.inks[*across], inks.inks[*along].towards(inks.paper, 0.18));
            if (row + column / 2) % 2 == 0 {
                page.fill(level, level_ink.towards(inks.inks[0], 0.25));
                page.fill(upright, upright_ink);
            } else {
                page.fill(upright, upright_ink.towards(inks.inks[0], 0.25));
                page.fill(level, level_ink);
            }
        }
    }
}

/// Seeds as a sunflower sets them: each a golden turn after the last.
pub fn seed_head(page: &mut Page, random: &mut Random, inks: &Inks) {
    let centre = (page.width / 2.0, page.height / 2.0);
    let count = 900;
    let start = random.part() * TAU;
    for number in (0..count).rev() {
        let part = number as f32 / count as f32;
        let angle = start + number as f32 * 2.399_963;
        let reach = page.width * 0.45 * part.sqrt();
        let at = (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin());
        let colour = if part > 0.82 { inks.inks[3] } else { inks.inks[number % 3] };
        let size = page.width * (0.004 + 0.010 * part);
        if part > 0.9 {
            let tip = (centre.0 + (reach + 34.0) * angle.cos(), centre.1 + (reach + 34.0) * angle.sin());
            page.stroke(Path::line(at, tip), inks.inks[4], size * 1.5);
        }
        page.fill(Path::circle(at, size), colour);
    }
}

/// Quarters of discs in squares.
pub fn quarters(page: &mut Page, random: &mut Random, inks: &Inks) {
    let columns = 7;
    let size = page.width / columns as f32;
    let rows = (page.height / size).ceil() as usize;
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f32 * size, row as f32 * size);
            let (ground, figure) = (random.below(5), random.below(5));
            page.fill(Path::rect(x, y, size + 0.4, size + 0.4), inks.inks[ground].towards(inks.paper, 0.75));
            let corner = random.pick(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
            let at = (x + corner.0 * size, y + corner.1 * size);
            match random.below(4) {
                0 => {
                    page.fill(Path::circle((x + size / 2.0, y + size / 2.0), size * 0.32), inks.inks[figure]);
                }
                1 => {
                    page.fill(wedge(at, size, corner), inks.inks[figure]);
                    page.fill(wedge(at, size / 2.0, corner), inks.paper);
                }
                _ => page.fill(wedge(at, size, corner), inks.inks[figure]),
            }
        }
    }
}
