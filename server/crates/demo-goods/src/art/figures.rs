//! Motifs of things.

use super::Inks;
use crate::draw::path::Point;
use crate::draw::{Page, Path};
use crate::random::Random;
use std::f32::consts::TAU;

/// Beds, rows of green, string, a barrel.
pub fn allotment(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(Path::rect(0.0, 0.0, width, height * 0.24), inks.inks[4].towards(inks.paper, 0.45));
    for bed in 0..5 {
        let top = height * (0.24 + 0.155 * bed as f32);
        let colour = if bed % 2 == 0 { inks.inks[1] } else { inks.inks[2] };
        page.fill(Path::rect(0.0, top, width, height * 0.157), colour.towards(inks.paper, 0.2));
        let plants = 7 + 2 * (5 - bed);
        for plant in 0..plants {
            let x = width * (plant as f32 + 0.5) / plants as f32 + random.between(-6.0, 6.0);
            let size = width / plants as f32 * random.between(0.26, 0.4);
            let middle = top + height * 0.09;
            match bed {
                0 | 3 => {
                    for leaf in 0..5 {
                        let angle = TAU * (0.55 + 0.1 * leaf as f32);
                        let tip = (x + size * 1.3 * angle.cos(), middle + size * 1.5 * angle.sin());
                        page.stroke(Path::line((x, middle + size * 0.4), tip), inks.inks[0], size * 0.16);
                    }
                }
                1 => {
                    page.line((x, middle + size), (x, middle - size * 1.6), inks.inks[0], 2.5);
                    for pod in 0..4 {
                        let side = if pod % 2 == 0 { -1.0 } else { 1.0 };
                        let y = middle - size * 1.2 + pod as f32 * size * 0.5;
                        page.fill(
                            Path::ellipse((x + side * size * 0.3, y), size * 0.26, size * 0.12),
                            inks.inks[0],
                        );
                    }
                }
                _ => {
                    page.fill(Path::circle((x, middle), size), inks.inks[if bed == 2 { 0 } else { 3 }]);
                    page.fill(Path::circle((x - size * 0.2, middle - size * 0.2), size * 0.45), inks.inks[2]);
                }
            }
        }
    }
    let (x, y) = (width * 0.8, height * 0.13);
    page.fill(Path::rect(x, y, width * 0.11, height * 0.13), crate::draw::Colour::hex(0x0035_6a9a));
    page.fill(
        Path::ellipse((x + width * 0.055, y), width * 0.055, height * 0.017),
        crate::draw::Colour::hex(0x0022_4a70),
    );
}

/// Nine kettles on three shelves.
pub fn kettles(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (cell_w, cell_h) = (page.width / 3.0, page.height / 3.0);
    for row in 0..3_usize {
        page.fill(
            Path::rect(0.0, cell_h * (row as f32 + 0.86), page.width, cell_h * 0.05),
            inks.inks[4].towards(inks.inks[0], 0.15),
        );
        for column in 0..3_usize {
            let base = (cell_w * (column as f32 + 0.47), cell_h * (row as f32 + 0.86));
            kettle(page, random, inks, base, cell_w * 0.29, (row * 3 + column) % 4);
        }
    }
}

fn kettle(page: &mut Page, random: &mut Random, inks: &Inks, (x, y): Point, size: f32, ink: usize) {
    let colour = inks.inks[ink];
    let dark = inks.inks[0];
    let (belly, tall) = (size * random.between(0.75, 1.0), size * random.between(1.0, 1.5));
    let shoulder = random.between(0.35, 0.75);
    let half = [
        (belly * 0.85, 0.0),
        (belly, -tall * 0.3),
        (belly * shoulder.max(0.5), -tall * 0.8),
        (belly * 0.4, -tall),
    ];
    let mut body: Vec<Point> = half.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    body.extend(half.iter().rev().map(|(dx, dy)| (x - dx, y + dy)));
    let spout = [
        (x + belly * 0.8, y - tall * 0.25),
        (x + belly * 1.25, y - tall * 0.55),
        (x + belly * 1.4, y - tall * 0.95),
        (x + belly * 1.55, y - tall * 0.92),
        (x + belly * 1.4, y - tall * 0.4),
        (x + belly * 0.85, y - tall * 0.02),
    ];
    page.fill(Path::polygon(&spout), colour.towards(dark, 0.25));
    page.stroke(Path::arc((x, y - tall), belly * 0.72, 0.52, 0.98), dark, size * 0.1);
    page.fill(Path::smooth(&body, true), colour);
    page.fill(Path::ellipse((x, y - tall * 0.98), belly * 0.42, tall * 0.06), dark);
    page.fill(Path::circle((x, y - tall * 1.07), size * 0.09), dark);
    page.stroke(Path::arc((x, y - tall * 0.4), belly * 0.72, 0.42, 0.58), inks.paper, size * 0.06);
}

/// A street that leans on the glass of a bus.
pub fn bus_window(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    for _ in 0..26 {
        let (x, tall) = (random.between(-30.0, width), random.between(0.2, 0.6) * height);
        let colour = inks.inks[4].towards(inks.paper, random.between(0.2, 0.75));
        page.fill(
            Path::rect(x, height * 0.78 - tall, random.between(40.0, 120.0), tall + height * 0.3),
            colour,
        );
    }
    for _ in 0..150 {
        let at = (random.between(0.0, width), random.between(0.1, 0.95) * height);
        let ink = random.pick(&[0, 0, 1, 2]);
        let size = random.between(2.0, 15.0);
        for ring in (1..4).rev() {
            let part = ring as f32 / 4.0;
            page.fill(Path::circle(at, size * (0.4 + part)), inks.inks[ink].towards(inks.paper, part * 0.95));
        }
        page.fill(Path::circle(at, size * 0.45), inks.inks[ink]);
        if random.chance(0.35) {
            let long = random.between(20.0, 90.0);
            page.line(
                at,
                (at.0 + long * 0.16, at.1 + long),
                inks.inks[ink].towards(inks.paper, 0.5),
                size * 0.3,
            );
        }
    }
    for _ in 0..170 {
        let at = (random.between(0.0, width), random.between(0.0, height));
        let long = random.between(4.0, 26.0);
        page.line(at, (at.0 - long * 0.35, at.1 + long), inks.inks[0].towards(inks.paper, 0.45), 1.1);
    }
}

/// A room with a window, a table and what stands on it.
pub fn room(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(Path::rect(0.0, height * 0.68, width, height * 0.32), inks.inks[1].towards(inks.paper, 0.4));
    let (wx, wy, ww, wh) = (width * random.between(0.12, 0.3), height * 0.12, width * 0.3, height * 0.36);
    page.fill(Path::rect(wx - 10.0, wy - 10.0, ww + 20.0, wh + 20.0), inks.inks[0]);
    page.fill(Path::rect(wx, wy, ww, wh), inks.inks[4].towards(inks.paper, 0.3));
    page.fill(Path::circle((wx + ww * 0.7, wy + wh * 0.3), ww * 0.1), inks.inks[3]);
    page.line((wx + ww / 2.0, wy), (wx + ww / 2.0, wy + wh), inks.inks[0], 6.0);
    page.line((wx, wy + wh / 2.0), (wx + ww, wy + wh / 2.0), inks.inks[0], 6.0);
    let light = [
        (wx, height * 0.74),
        (wx + ww, height * 0.74),
        (wx + ww * 1.7, height * 0.97),
        (wx + ww * 0.5, height * 0.97),
    ];
    page.fill(Path::polygon(&light), inks.inks[4].towards(inks.paper, 0.5));
    let table = height * 0.6;
    page.fill(Path::rect(width * 0.42, table, width * 0.5, height * 0.035), inks.inks[0]);
    for leg in [0.45, 0.87] {
        page.fill(Path::rect(width * leg, table, width * 0.022, height * 0.27), inks.inks[0]);
    }
    for number in 0..9 {
        let tall = height * random.between(0.09, 0.15);
        let x = width * (0.46 + 0.022 * number as f32);
        page.fill(Path::rect(x, table - tall, width * 0.019, tall), inks.inks[number % 5]);
    }
    kettle(page, random, inks, (width * 0.78, table), width * 0.06, 3);
    page.stroke(Path::line((width * 0.66, 0.0), (width * 0.66, height * 0.14)), inks.inks[0], 3.0);
    let shade = [(0.61, 0.2), (0.71, 0.2), (0.68, 0.14), (0.64, 0.14)].map(|(x, y)| (x * width, y * height));
    page.fill(Path::polygon(&shade), inks.inks[3]);
}

/// Rows of trees from the hill behind them.
pub fn orchard(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(Path::rect(0.0, height * 0.18, width, height * 0.82), inks.inks[2].towards(inks.paper, 0.45));
    for row in 0..13 {
        let part = row as f32 / 12.0;
        let y = height * (0.22 + 0.76 * part.powf(1.4));
        let pitch = 26.0 + 62.0 * part;
        let shift = if row % 2 == 0 { 0.0 } else { pitch / 2.0 };
        let mut x = shift - pitch;
        while x < width + pitch {
            let size = pitch * random.between(0.34, 0.42);
            page.fill(Path::ellipse((x + size * 0.3, y + size * 0.85), size, size * 0.28), inks.inks[1]);
            page.line((x, y + size * 0.9), (x, y), inks.inks[0], size * 0.2);
            page.fill(
                Path::circle((x, y - size * 0.2), size),
                inks.inks[0].towards(inks.inks[1], random.part()),
            );
            for _ in 0..4 {
                let at =
                    (x + random.between(-0.6, 0.6) * size, y - size * 0.2 + random.between(-0.6, 0.6) * size);
                page.fill(Path::circle(at, size * 0.11), inks.inks[3]);
            }
            x += pitch;
        }
    }
}

/// Houses along a river, and the same houses in it.
pub fn skyline(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let water = height * 0.66;
    page.fill(Path::circle((width * 0.72, height * 0.24), width * 0.08), inks.inks[4]);
    page.fill(Path::rect(0.0, water, width, height - water), inks.inks[1].towards(inks.paper, 0.35));
    let mut x = -10.0;
    while x < width {
        let (wide, tall) = (random.between(44.0, 92.0), random.between(0.12, 0.38) * height);
        let colour = inks.inks[random.below(4)];
        page.fill(Path::rect(x, water - tall, wide, tall), colour);
        let roof = if random.chance(0.5) {
            vec![(x, water - tall), (x + wide / 2.0, water - tall - wide * 0.5), (x + wide, water - tall)]
        } else {
            vec![(x, water - tall), (x, water - tall - 16.0), (x + wide, water - tall)]
        };
        page.fill(Path::polygon(&roof), colour.towards(inks.inks[0], 0.5));
        page.fill(
            Path::rect(x, water, wide, tall * 0.62),
            colour.towards(inks.inks[1].towards(inks.paper, 0.35), 0.6),
        );
        let (columns, rows) = ((wide / 20.0) as usize, (tall / 30.0) as usize);
        for row in 0..rows {
            for column in 0..columns {
                let at = (x + 9.0 + column as f32 * 20.0, water - tall + 12.0 + row as f32 * 30.0);
                let lit = random.chance(0.4);
                page.fill(
                    Path::rect(at.0, at.1, 9.0, 15.0),
                    if lit { inks.inks[4] } else { inks.paper.towards(colour, 0.55) },
                );
            }
        }
        x += wide;
    }
    for _ in 0..60 {
        let at = (random.between(0.0, width), random.between(water + 6.0, height));
        page.line(at, (at.0 + random.between(14.0, 70.0), at.1), inks.paper, 1.4);
    }
}

/// Constellations of no sky in particular.
pub fn stars(page: &mut Page, random: &mut Random, inks: &Inks) {
    let centre = (page.width / 2.0, page.height / 2.0);
    let radius = page.width * 0.44;
    for ring in 1..=4 {
        page.stroke(
            Path::circle(centre, radius * ring as f32 / 4.0),
            inks.inks[4].towards(inks.paper, 0.3),
            0.8,
        );
    }
    for spoke in 0..24 {
        let angle = TAU * spoke as f32 / 24.0;
        let to = (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin());
        page.line(centre, to, inks.inks[4].towards(inks.paper, 0.45), 0.5);
    }
    for _ in 0..900 {
        let (angle, reach) = (random.part() * TAU, radius * random.part().sqrt());
        let at = (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin());
        page.fill(Path::circle(at, 0.5 + 1.9 * random.part().powi(4)), inks.inks[0]);
    }
    for _ in 0..13 {
        let (angle, reach) = (random.part() * TAU, radius * random.between(0.2, 0.8));
        let mut at = (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin());
        let mut heading = random.part() * TAU;
        for _ in 0..random.below(4) + 3 {
            heading += random.between(-1.1, 1.1);
            let step = random.between(26.0, 64.0);
            let to = (at.0 + step * heading.cos(), at.1 + step * heading.sin());
            if (to.0 - centre.0).hypot(to.1 - centre.1) > radius {
                break;
            }
            page.line(at, to, inks.inks[1], 1.2);
            page.fill(Path::circle(at, random.between(2.4, 5.0)), inks.inks[0]);
            page.fill(Path::circle(to, random.between(2.4, 5.0)), inks.inks[random.below(2)]);
            at = to;
        }
    }
}

/// A tree without its leaves, and then with them.
pub fn tree(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(
        Path::ellipse((width / 2.0, height * 0.9), width * 0.36, height * 0.03),
        inks.inks[2].towards(inks.paper, 0.3),
    );
    let mut leaves = Vec::new();
    branch(page, random, inks, &mut leaves, (width / 2.0, height * 0.9), (-TAU / 4.0, height * 0.2, 8));
    for at in leaves {
        let ink = random.pick(&[1, 1, 2, 3]);
        page.fill(Path::ellipse(at, random.between(5.0, 12.0), random.between(4.0, 9.0)), inks.inks[ink]);
    }
}

fn branch(
    page: &mut Page,
    random: &mut Random,
    inks: &Inks,
    leaves: &mut Vec<Point>,
    from: Point,
    (heading, length, depth): (f32, f32, u8),
) {
    let to = (from.0 + length * heading.cos(), from.1 + length * heading.sin());
    page.line(from, to, inks.inks[0], f32::from(depth).powf(1.35) * 1.3);
    if depth < 4 {
        leaves.push(to);
    }
    if depth == 0 {
        return;
    }
    for side in [-1.0, 1.0] {
        if depth < 7 && random.chance(0.08) {
            continue;
        }
        let turn = heading + side * random.between(0.16, 0.58);
        let shorter = length * random.between(0.68, 0.84);
        branch(page, random, inks, leaves, to, (turn, shorter, depth - 1));
    }
}

/// A harbour of sails.
pub fn boats(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(Path::rect(0.0, height * 0.3, width, height * 0.7), inks.inks[2].towards(inks.paper, 0.4));
    page.fill(Path::circle((width * 0.24, height * 0.16), width * 0.07), inks.inks[4]);
    for row in 0..7 {
        let part = row as f32 / 6.0;
        let y = height * (0.36 + 0.56 * part);
        let size = 26.0 + 66.0 * part;
        let mut x = random.between(-20.0, 60.0);
        while x < width {
            let (hull, sail) = (inks.inks[random.pick(&[0, 1])], inks.inks[random.pick(&[3, 4])]);
            let boat = [
                (x - size * 0.5, y),
                (x + size * 0.55, y),
                (x + size * 0.36, y + size * 0.2),
                (x - size * 0.34, y + size * 0.2),
            ];
            page.fill(Path::polygon(&boat), hull);
            page.line((x, y), (x, y - size * 1.15), inks.inks[0], size * 0.03);
            page.fill(
                Path::polygon(&[
                    (x + 2.0, y - size * 0.08),
                    (x + 2.0, y - size * 1.12),
                    (x + size * 0.5, y - size * 0.12),
                ]),
                sail,
            );
            let front = sail.towards(inks.paper, 0.55);
            page.fill(
                Path::polygon(&[
                    (x - 2.0, y - size * 0.1),
                    (x - 2.0, y - size * 0.9),
                    (x - size * 0.36, y - size * 0.12),
                ]),
                front,
            );
            for line in 1..4 {
                let below = y + size * (0.2 + 0.09 * line as f32);
                page.line((x - size * 0.3, below), (x + size * 0.3, below), inks.paper, size * 0.022);
            }
            x += size * random.between(1.3, 2.2);
        }
    }
}
