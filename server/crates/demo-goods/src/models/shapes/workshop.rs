//! Gears, boxes, knobs, hooks, bobbins, coasters: for house and bench.

use super::{Parts, plain, round};
use crate::draw::path::Point;
use crate::models::Solid;
use std::f32::consts::TAU;

pub fn gears() -> Parts {
    // Module 2: the pitch radius is the number of teeth, in millimetres.
    [12_u16, 16, 20, 24, 32, 40]
        .into_iter()
        .map(|teeth| {
            let pitch = f32::from(teeth);
            let outline = round(usize::from(teeth) * 16, |turn| {
                let place = (turn * f32::from(teeth)).fract();
                let distance = (place - 0.5).abs() * 2.0;
                // A flank from the root to the tip, a little hollow as an involute is.
                let rise = ((0.72 - distance) / 0.34).clamp(0.0, 1.0);
                pitch - 2.3 + 4.2 * rise.powf(0.85)
            });
            let hole = round(outline.len(), |_| 2.6);
            let hub = Solid::plate(&round(64, |_| 6.5), Some(&round(64, |_| 2.6)), 6.0, 11.0);
            (format!("gear-{teeth}-teeth"), Solid::plate(&outline, Some(&hole), 0.0, 6.0).with(hub))
        })
        .collect()
}

/// A rectangle with round corners, with as many points whatever its size.
fn rounded(wide: f32, deep: f32, corner: f32) -> Vec<Point> {
    let mut points = Vec::new();
    for (number, (cx, cy)) in [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].into_iter().enumerate() {
        for step in 0..=8 {
            let angle = TAU * (number as f32 + step as f32 / 8.0) / 4.0;
            points.push((
                cx * (wide / 2.0 - corner) + corner * angle.cos(),
                cy * (deep / 2.0 - corner) + corner * angle.sin(),
            ));
        }
    }
    points
}

fn tray(wide: f32, deep: f32, tall: f32, wall: f32) -> Solid {
    let ring = |inset: f32, height: f32| -> Vec<[f32; 3]> {
        rounded(wide - 2.0 * inset, deep - 2.0 * inset, (5.0 - inset).max(1.0))
            .into_iter()
            .map(|(x, y)| [x, y, height])
            .collect()
    };
    Solid::loft(&[ring(0.0, 0.0), ring(0.0, tall), ring(wall, tall), ring(wall, 1.6)])
}

pub fn boxes() -> Parts {
    let mut parts = Vec::new();
    for (name, wide, deep, tall) in [
        ("stamps", 60.0, 40.0, 24.0),
        ("screws", 84.0, 42.0, 30.0),
        ("pencils", 190.0, 60.0, 34.0),
        ("cards", 98.0, 70.0, 42.0),
    ] {
        parts.push((format!("box-{name}"), tray(wide, deep, tall, 1.6)));
        let lid = tray(wide + 4.0, deep + 4.0, 10.0, 1.6);
        parts.push((format!("lid-{name}"), lid));
    }
    parts
}

pub fn knobs() -> Parts {
    let knob = |radius: f32, ribs: f32, depth: f32| {
        let profile = [(0.0, 0.0), (radius, 0.0), (radius, 12.0), (radius - 2.0, 15.0), (0.0, 15.4)];
        Solid::turned(&profile, 120, move |turn, height| {
            (
                if height > 0.5 && height < 13.0 {
                    1.0 - depth * (TAU * turn * ribs).cos().max(0.0)
                } else {
                    1.0
                },
                0.0,
            )
        })
        .with(Solid::plate(&round(48, |_| 5.0), Some(&round(48, |_| 3.05)), -9.0, 0.0))
    };
    vec![
        ("knob-ribbed".into(), knob(14.0, 24.0, 0.06)),
        ("knob-lobes".into(), knob(16.0, 6.0, 0.16)),
        ("knob-plain".into(), knob(12.0, 1.0, 0.0)),
        ("knob-wide".into(), knob(21.0, 40.0, 0.04)),
    ]
}

pub fn coasters() -> Parts {
    let coaster = |waves: f32, depth: f32| {
        let rim = Solid::plate(
            &round(144, move |turn| 46.0 + depth * (TAU * turn * waves).cos()),
            Some(&round(144, |_| 41.0)),
            2.0,
            5.0,
        );
        let base =
            Solid::plate(&round(144, move |turn| 46.0 + depth * (TAU * turn * waves).cos()), None, 0.0, 2.0);
        let mut all = base.with(rim);
        for ring in 1..5_u8 {
            let radius = 8.0 * f32::from(ring);
            let outer = round(144, move |turn| radius + 0.8 + 1.6 * (TAU * turn * waves).cos());
            let inner = round(144, move |turn| radius - 0.8 + 1.6 * (TAU * turn * waves).cos());
            all = all.with(Solid::plate(&outer, Some(&inner), 2.0, 2.8));
        }
        all
    };
    vec![
        ("coaster-round".into(), coaster(1.0, 0.0)),
        ("coaster-flower".into(), coaster(8.0, 2.6)),
        ("coaster-cog".into(), coaster(24.0, 1.4)),
        ("coaster-clover".into(), coaster(4.0, 4.0)),
    ]
}

pub fn hooks() -> Parts {
    let hook = |reach: f32, wide: f32| {
        let thick = 4.5;
        // A ribbon along a line: down the wall, out, and up again.
        let mut middle: Vec<Point> = vec![(0.0, 60.0), (0.0, 14.0)];
        middle.extend((0..=16).map(|step| {
            let angle = TAU * 0.5 * (1.0 + step as f32 / 16.0);
            (reach / 2.0 + reach / 2.0 * angle.cos(), 12.0 + reach / 2.0 * angle.sin())
        }));
        middle.push((reach, 24.0));
        let ring = |index: usize| {
            let (a, b) = (middle[index.saturating_sub(1)], middle[(index + 1).min(middle.len() - 1)]);
            let length = (b.0 - a.0).hypot(b.1 - a.1).max(0.01);
            let (nx, ny) = (-(b.1 - a.1) / length * thick / 2.0, (b.0 - a.0) / length * thick / 2.0);
            let (x, y) = middle[index];
            vec![
                [x + nx, -wide / 2.0, y + ny],
                [x - nx, -wide / 2.0, y - ny],
                [x - nx, wide / 2.0, y - ny],
                [x + nx, wide / 2.0, y + ny],
            ]
        };
        Solid::loft(&(0..middle.len()).map(ring).collect::<Vec<_>>())
    };
    vec![
        ("hook-key".into(), hook(16.0, 10.0)),
        ("hook-cup".into(), hook(26.0, 14.0)),
        ("hook-coat".into(), hook(38.0, 20.0)),
        ("hook-bag".into(), hook(52.0, 24.0)),
    ]
}

pub fn bobbins() -> Parts {
    let bobbin = |tall: f32, wide: f32| {
        let profile = [
            (3.2, 0.0),
            (wide, 0.0),
            (wide, 2.0),
            (5.2, 3.2),
            (5.2, tall - 3.2),
            (wide, tall - 2.0),
            (wide, tall),
            (3.2, tall),
            (3.2, 0.0),
        ];
        let mut solid = Solid::turned(&profile, 64, plain);
        let caps = 2 * 64;
        solid.triangles.truncate(solid.triangles.len() - caps);
        solid
    };
    vec![
        ("bobbin-small".into(), bobbin(30.0, 12.0)),
        ("bobbin-thread".into(), bobbin(45.0, 16.0)),
        ("bobbin-ribbon".into(), bobbin(60.0, 24.0)),
        ("bobbin-yarn".into(), bobbin(90.0, 32.0)),
    ]
}
