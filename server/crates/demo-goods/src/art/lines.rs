//! Motifs made of lines and bands.

use super::Inks;
use crate::draw::path::Point;
use crate::draw::{Colour, Page, Path};
use crate::random::Random;
use std::f32::consts::TAU;

/// A line over the width of the sheet that is the sum of a few waves.
struct Swell {
    parts: Vec<(f32, f32, f32)>,
}

impl Swell {
    fn new(random: &mut Random, height: f32) -> Self {
        let parts = (1..=4)
            .map(|part| {
                let part = part as f32;
                (height / part * random.between(0.4, 1.0), part * random.between(0.6, 1.4), random.part())
            })
            .collect();
        Self { parts }
    }

    fn at(&self, part: f32) -> f32 {
        self.parts.iter().map(|(height, turns, start)| height * (TAU * (turns * part + start)).sin()).sum()
    }
}

/// The ground below a line.
fn band(page: &Page, swell: &Swell, top: f32, shift: f32) -> Path {
    let mut points: Vec<Point> = (0..=60)
        .map(|step| {
            let part = step as f32 / 60.0;
            (part * page.width, top + swell.at(part + shift))
        })
        .collect();
    points.push((page.width, page.height + 5.0));
    points.push((0.0, page.height + 5.0));
    Path::polygon(&points)
}

/// Bands of water that come nearer, with a sun that is in it.
pub fn tides(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let sun = (width * random.between(0.3, 0.7), height * random.between(0.2, 0.3));
    page.fill(Path::circle(sun, width * 0.11), inks.inks[3]);
    let bands = 17;
    for number in 0..bands {
        let part = number as f32 / (bands - 1) as f32;
        let swell = Swell::new(random, 5.0 + 16.0 * part);
        let top = height * (0.3 + 0.68 * part.powf(1.25));
        let near = inks.inks[2].towards(inks.inks[0], part);
        let colour = if number % 5 == 3 { inks.inks[4].towards(near, 0.35) } else { near };
        page.fill(band(page, &swell, top, 0.0), colour);
        for _ in 0..3 {
            let shift = random.between(2.0, 9.0 + 12.0 * part);
            let from = random.between(0.0, 0.7);
            let line: Vec<Point> = (0..=20)
                .map(|step| {
                    let part = from + 0.3 * step as f32 / 20.0;
                    (part * width, top + shift + swell.at(part))
                })
                .collect();
            page.stroke(Path::polyline(&line), inks.paper.towards(colour, 0.55), 1.2);
        }
    }
}

/// Hills behind hills.
pub fn hills(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    page.fill(Path::circle((width * random.between(0.25, 0.75), height * 0.28), width * 0.09), inks.inks[4]);
    for number in 0..9 {
        let part = number as f32 / 8.0;
        let swell = Swell::new(random, 26.0 + 30.0 * (1.0 - part));
        let far = inks.paper.towards(inks.inks[1], 0.25);
        let colour = far.towards(inks.inks[0], part);
        page.fill(band(page, &swell, height * (0.36 + 0.58 * part), 0.0), colour);
    }
}

/// Particles that drift through a field of directions.
pub fn flow(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let waves: Vec<[f32; 4]> = (0..4)
        .map(|_| {
            [
                random.between(0.002, 0.007),
                random.between(0.002, 0.007),
                random.part() * TAU,
                random.between(0.5, 1.4),
            ]
        })
        .collect();
    let direction = |x: f32, y: f32| -> f32 {
        waves.iter().map(|[a, b, start, strength]| strength * (x * a + y * b + start).sin()).sum()
    };
    for number in 0..720 {
        let mut at = (random.between(-40.0, width + 40.0), random.between(-40.0, height + 40.0));
        let mut line = vec![at];
        for _ in 0..random.below(46) + 16 {
            let angle = direction(at.0, at.1);
            at = (at.0 + 6.0 * angle.cos(), at.1 + 6.0 * angle.sin());
            line.push(at);
        }
        let colour = inks.inks[number % 5];
        page.stroke(Path::smooth(&line, false), colour, random.pick(&[1.2, 1.8, 2.6, 4.2]));
    }
}

/// Heights of an island, by their lines.
pub fn contours(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let centre = (width * random.between(0.42, 0.58), height * random.between(0.42, 0.58));
    let parts: Vec<(f32, f32, f32)> = (2..8_u8)
        .map(|turns| (f32::from(turns), random.part(), random.between(0.06, 0.3) / f32::from(turns).sqrt()))
        .collect();
    let steps = 26;
    for level in 0..steps {
        let part = level as f32 / steps as f32;
        let radius = width * 0.46 * (1.0 - part);
        let drift = (width * 0.12 * part * (parts[0].1 - 0.5), height * 0.12 * part * (parts[1].1 - 0.5));
        let ring: Vec<Point> = (0..90)
            .map(|step| {
                let angle = step as f32 / 90.0;
                let bump: f32 = parts
                    .iter()
                    .map(|(turns, start, size)| size * (TAU * (turns * angle + start + part * 0.35)).sin())
                    .sum();
                let reach = radius * (1.0 + bump);
                (
                    centre.0 + drift.0 + reach * (TAU * angle).cos(),
                    centre.1 + drift.1 + reach * 1.1 * (TAU * angle).sin(),
                )
            })
            .collect();
        let path = Path::smooth(&ring, true);
        let land = inks.inks[2].towards(inks.inks[4], part);
        page.fill(path.clone(), if level == 0 { inks.paper.towards(inks.inks[2], 0.5) } else { land });
        page.stroke(path, inks.inks[0], if level % 5 == 0 { 2.0 } else { 0.8 });
    }
}

/// The line that two pendulums draw while they come to rest.
pub fn pendulum(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let ratio = random.pick(&[(2.0, 3.0), (3.0, 4.0), (3.0, 5.0), (4.0, 5.0), (1.0, 2.0)]);
    let off = random.between(0.004, 0.012);
    let starts = [random.part(), random.part(), random.part(), random.part()].map(|part| part * TAU);
    for (layer, colour) in [inks.inks[0], inks.inks[1], inks.inks[3]].into_iter().enumerate() {
        let shift = layer as f32 * 0.09;
        let line: Vec<Point> = (0..2200)
            .map(|step| {
                let time = step as f32 / 22.0;
                let rest = (-time * 0.013).exp();
                let x = (time * (ratio.0 + off) + starts[0] + shift).sin()
                    + 0.5 * (time * ratio.1 + starts[1]).sin();
                let y = (time * ratio.1 + starts[2] + shift).sin()
                    + 0.5 * (time * (ratio.0 - off) + starts[3]).sin();
                (width / 2.0 + x * rest * width * 0.29, height / 2.0 + y * rest * height * 0.29)
            })
            .collect();
        page.stroke(Path::polyline(&line), colour, 0.9);
    }
}

/// Rings from three stones, one over the other.
pub fn ripples(page: &mut Page, random: &mut Random, inks: &Inks) {
    let (width, height) = (page.width, page.height);
    let stones: Vec<(Point, Colour)> = (0..3)
        .map(|number| {
            ((width * random.between(0.2, 0.8), height * random.between(0.2, 0.8)), inks.inks[number])
        })
        .collect();
    for (centre, colour) in stones {
        for ring in 1..64 {
            let radius = ring as f32 * width / 60.0;
            let weight = 3.4 - ring as f32 * 0.04;
            page.stroke(Path::circle(centre, radius), colour, weight.max(0.9));
        }
        page.fill(Path::circle(centre, width / 90.0), inks.inks[3]);
    }
}
