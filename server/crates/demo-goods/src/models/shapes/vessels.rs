//! Vases, pots, candlesticks, lampshades: what is turned.

use super::{Parts, curve, plain};
use crate::models::Solid;
use std::f32::consts::TAU;

/// A wall of some thickness about a profile: up outside, down inside to a floor.
fn hollow(outside: &[(f32, f32)], wall: f32, floor: f32) -> Vec<(f32, f32)> {
    let mut profile = vec![(0.0, outside[0].1)];
    profile.extend_from_slice(outside);
    let inside = outside.iter().rev().filter(|point| point.1 > floor + 0.5);
    profile.extend(inside.map(|(radius, height)| (radius - wall, *height)));
    let base = outside.iter().rfind(|point| point.1 <= floor + 0.5).map_or(outside[0].0, |point| point.0);
    profile.extend([(base - wall, floor), (0.0, floor)]);
    profile
}

fn vase(height: f32, waves: f32, depth: f32, twist: f32, radius: impl Fn(f32) -> f32) -> Solid {
    let profile = hollow(&curve(height, 34, radius), 2.0, 2.4);
    Solid::turned(&profile, 96, |turn, at| (1.0 + depth * (TAU * turn * waves).cos(), twist * at / height))
}

pub fn vases() -> Parts {
    vec![
        (
            "vase-slow-twist".into(),
            vase(150.0, 6.0, 0.09, 0.22, |part| 30.0 + 13.0 * (TAU * part * 0.55).sin()),
        ),
        ("vase-reeds".into(), vase(170.0, 16.0, 0.05, 0.0, |part| 24.0 + 15.0 * (TAU * 0.5 * part).sin())),
        ("vase-tulip".into(), vase(130.0, 3.0, 0.12, 0.08, |part| 22.0 + 26.0 * part * part)),
        (
            "vase-bud".into(),
            vase(110.0, 8.0, 0.04, -0.3, |part| 10.0 + 24.0 * (TAU * 0.5 * (1.0 - part).powf(1.6)).sin()),
        ),
    ]
}

pub fn planters() -> Parts {
    let pot = |radius: f32, height: f32, waves: f32, depth: f32| {
        let profile = hollow(&curve(height, 12, |part| radius * (0.8 + 0.2 * part)), 2.4, 3.0);
        Solid::turned(&profile, 72, move |turn, _| (1.0 + depth * (TAU * turn * waves).cos().abs(), 0.0))
    };
    let saucer = |radius: f32| {
        Solid::turned(&hollow(&[(radius, 0.0), (radius, 2.0), (radius + 5.0, 12.0)], 2.2, 2.2), 72, plain)
    };
    let mut parts = Vec::new();
    for (size, radius) in [("small", 35.0), ("middle", 50.0), ("large", 68.0)] {
        parts.push((format!("pot-{size}-fluted"), pot(radius, radius * 1.6, 12.0, 0.08)));
        parts.push((format!("pot-{size}-plain"), pot(radius, radius * 1.6, 1.0, 0.0)));
        parts.push((format!("saucer-{size}"), saucer(radius * 0.95)));
    }
    parts
}

pub fn lampshades() -> Parts {
    let shade = |waves: f32, depth: f32, twist: f32, low: f32, high: f32| {
        let outside = curve(140.0, 30, |part| low + (high - low) * part);
        let mut profile = outside.clone();
        profile.extend(outside.iter().rev().map(|(radius, height)| (radius - 1.2, *height)));
        profile.push(outside[0]);
        let mut solid = Solid::turned(&profile, 120, |turn, at| {
            (1.0 + depth * (TAU * turn * waves).cos(), twist * at / 140.0)
        });
        // The ends are open: what closes them is taken away again.
        let caps = 2 * 120;
        solid.triangles.truncate(solid.triangles.len() - caps);
        solid
    };
    vec![
        ("shade-pleats".into(), shade(30.0, 0.05, 0.0, 70.0, 40.0)),
        ("shade-twist".into(), shade(12.0, 0.07, 0.16, 66.0, 42.0)),
        ("shade-drum".into(), shade(48.0, 0.02, 0.0, 60.0, 60.0)),
    ]
}

pub fn candles() -> Parts {
    let stick = |tall: f32, base: f32| {
        let profile = [
            (0.0, 0.0),
            (base, 0.0),
            (base, 3.0),
            (base * 0.55, 8.0),
            (6.0, 14.0),
            (8.5, tall * 0.4),
            (5.5, tall * 0.5),
            (7.5, tall - 23.0),
            (15.0, tall - 17.5),
            (15.0, tall),
            (11.2, tall),
            (11.2, tall - 16.0),
            (0.0, tall - 16.0),
        ];
        Solid::turned(&profile, 72, plain)
    };
    vec![
        ("candlestick-low".into(), stick(60.0, 32.0)),
        ("candlestick-middle".into(), stick(110.0, 38.0)),
        ("candlestick-tall".into(), stick(160.0, 44.0)),
    ]
}
