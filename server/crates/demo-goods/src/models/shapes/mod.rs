//! The things themselves, and the profiles and outlines that they are made from.

mod games;
mod vessels;
mod workshop;

pub use games::{chess, dice, terrain, tops};
pub use vessels::{candles, lampshades, planters, vases};
pub use workshop::{bobbins, boxes, coasters, gears, hooks, knobs};

use super::Solid;
use crate::draw::path::Point;
use std::f32::consts::TAU;

type Parts = Vec<(String, Solid)>;

const fn plain(_: f32, _: f32) -> (f32, f32) {
    (1.0, 0.0)
}

/// A curve of radius over height.
fn curve(height: f32, steps: usize, radius: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
    (0..=steps).map(|step| step as f32 / steps as f32).map(|part| (radius(part), part * height)).collect()
}

/// A circle, or what a function makes of it.
fn round(count: usize, radius: impl Fn(f32) -> f32) -> Vec<Point> {
    (0..count)
        .map(|index| index as f32 / count as f32)
        .map(|turn| (radius(turn) * (TAU * turn).cos(), radius(turn) * (TAU * turn).sin()))
        .collect()
}
