//! Pieces, tops, dice, and ground to play on.

use super::{Parts, plain};
use crate::draw::path::Point;
use crate::models::Solid;
use crate::random::Random;
use std::f32::consts::TAU;

/// A foot that all pieces share, with what stands on it.
fn piece(height: f32, upper: &[(f32, f32)]) -> Solid {
    let mut profile = vec![(0.0, 0.0), (14.0, 0.0), (14.0, 3.5), (12.0, 5.5), (12.6, 7.5), (9.0, 10.5)];
    profile.push((6.2, height * 0.42));
    profile.push((5.4, height * 0.62));
    profile.extend_from_slice(upper);
    Solid::turned(&profile, 48, plain)
}

pub fn chess() -> Parts {
    let ball = |middle: f32, radius: f32| -> Vec<(f32, f32)> {
        (1..=12)
            .map(|step| {
                let angle = TAU * 0.5 * step as f32 / 12.0;
                ((radius * angle.sin()).max(0.0), middle - radius * angle.cos())
            })
            .collect()
    };
    let mut pawn = vec![(9.0, 27.0), (9.0, 29.0), (5.0, 31.0)];
    pawn.extend(ball(37.0, 7.5));
    let mut bishop = vec![(9.5, 36.0), (9.5, 38.5), (5.5, 41.0), (8.0, 47.0), (7.0, 53.0), (2.6, 60.0)];
    bishop.extend(ball(62.5, 2.8));
    let queen = [
        (10.0, 44.0),
        (10.0, 47.0),
        (6.5, 49.5),
        (7.0, 58.0),
        (11.0, 69.0),
        (8.0, 70.0),
        (5.0, 72.0),
        (3.0, 77.0),
        (0.0, 78.0),
    ];
    let king = [
        (10.5, 47.0),
        (10.5, 50.0),
        (7.0, 53.0),
        (7.5, 62.0),
        (11.0, 73.0),
        (9.0, 77.0),
        (2.4, 79.0),
        (2.4, 90.0),
        (0.0, 90.0),
    ];
    let cross = Solid::plate(&[(-6.0, -2.0), (6.0, -2.0), (6.0, 2.0), (-6.0, 2.0)], None, 82.0, 86.0);
    let rook_body =
        piece(40.0, &[(9.5, 34.0), (11.5, 37.0), (11.5, 43.0), (7.5, 43.0), (7.5, 40.0), (0.0, 40.0)]);
    let mut rook = rook_body;
    for merlon in 0..6 {
        let outline: Vec<Point> = [(7.6, -0.05), (11.5, -0.05), (11.5, 0.05), (7.6, 0.05)]
            .iter()
            .map(|(radius, turn): &(f32, f32)| {
                let angle = TAU * (turn + merlon as f32 / 6.0);
                (radius * angle.cos(), radius * angle.sin())
            })
            .collect();
        rook = rook.with(Solid::plate(&outline, None, 42.8, 47.0));
    }
    let head = [
        (-8.0, 0.0),
        (6.0, 0.0),
        (7.0, 12.0),
        (4.0, 22.0),
        (0.0, 27.0),
        (-3.0, 25.0),
        (-9.0, 16.0),
        (-8.0, 12.0),
        (-3.0, 12.0),
    ];
    let head: Vec<Point> = head.to_vec();
    let mut knight = piece(36.0, &[(9.0, 28.0), (9.0, 31.0), (0.0, 31.0)]);
    // The head is a plate that stands on its edge.
    let mut standing = Solid::plate(&head, None, -4.0, 4.0);
    for vertex in standing.triangles.iter_mut().flatten() {
        *vertex = [vertex[0], -vertex[2], vertex[1] + 30.5];
    }
    knight = knight.with(standing);
    vec![
        ("pawn".into(), piece(30.0, &pawn)),
        ("rook".into(), rook),
        ("knight".into(), knight),
        ("bishop".into(), piece(42.0, &bishop)),
        ("queen".into(), piece(52.0, &queen)),
        ("king".into(), piece(56.0, &king).with(cross)),
    ]
}

pub fn tops() -> Parts {
    let top = |wide: f32, tall: f32, waist: f32| {
        let profile = [
            (0.0, 0.0),
            (1.2, 1.2),
            (wide * waist, tall * 0.3),
            (wide, tall * 0.45),
            (wide, tall * 0.55),
            (wide * 0.3, tall * 0.66),
            (3.0, tall * 0.75),
            (2.6, tall),
            (0.0, tall),
        ];
        Solid::turned(&profile, 72, plain)
    };
    vec![
        ("top-quick".into(), top(12.0, 32.0, 0.5)),
        ("top-steady".into(), top(20.0, 34.0, 0.6)),
        ("top-broad".into(), top(28.0, 30.0, 0.75)),
        ("top-tall".into(), top(14.0, 46.0, 0.35)),
        ("top-pocket".into(), top(9.0, 22.0, 0.55)),
    ]
}

/// The five regular bodies, by their points and faces.
pub fn dice() -> Parts {
    let g = 1.618_034_f32;
    let hull = |points: &[[f32; 3]], size: f32| {
        let mut solid = Solid::default();
        let count = points.len();
        // Every plane with all other points behind it is a face: its points go around its middle.
        let mut seen: Vec<Vec<usize>> = Vec::new();
        for a in 0..count {
            for b in 0..count {
                for c in 0..count {
                    if let Some(face) = face_of(points, a, b, c)
                        && !seen.contains(&face)
                    {
                        seen.push(face);
                    }
                }
            }
        }
        for face in seen {
            add_face(&mut solid, points, &face, size);
        }
        solid
    };
    let cube: Vec<[f32; 3]> =
        (0..8_u8).map(|bits| [1, 2, 4].map(|bit| if bits & bit == 0 { -1.0 } else { 1.0 })).collect();
    let tetra = [[1.0, 1.0, 1.0], [1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]];
    let octa = [
        [1.5, 0.0, 0.0],
        [-1.5, 0.0, 0.0],
        [0.0, 1.5, 0.0],
        [0.0, -1.5, 0.0],
        [0.0, 0.0, 1.5],
        [0.0, 0.0, -1.5],
    ];
    let mut icosa = Vec::new();
    let mut dodeca = cube.clone();
    for a in [-1.0, 1.0] {
        for b in [-1.0, 1.0] {
            icosa.extend([[0.0, a, b * g], [a, b * g, 0.0], [b * g, 0.0, a]]);
            dodeca.extend([[0.0, a / g, b * g], [a / g, b * g, 0.0], [b * g, 0.0, a / g]]);
        }
    }
    vec![
        ("d4".into(), hull(&tetra, 9.0)),
        ("d6".into(), hull(&cube, 8.0)),
        ("d8".into(), hull(&octa, 8.0)),
        ("d12".into(), hull(&dodeca, 7.0)),
        ("d20".into(), hull(&icosa, 7.5)),
    ]
}

/// The points on the plane of three, if no point lies before it.
fn face_of(points: &[[f32; 3]], a: usize, b: usize, c: usize) -> Option<Vec<usize>> {
    let normal = cross(points, a, b, c);
    if normal.iter().all(|part| part.abs() < 1e-4) {
        return None;
    }
    let height = |index: usize| -> f32 {
        (0..3).map(|axis| normal[axis] * (points[index][axis] - points[a][axis])).sum()
    };
    if (0..points.len()).any(|index| height(index) > 1e-3) {
        return None;
    }
    Some((0..points.len()).filter(|index| height(*index).abs() < 1e-3).collect())
}

fn cross(points: &[[f32; 3]], a: usize, b: usize, c: usize) -> [f32; 3] {
    let along = |to: usize| [0, 1, 2].map(|axis| points[to][axis] - points[a][axis]);
    let (u, v) = (along(b), along(c));
    [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
}

fn add_face(solid: &mut Solid, points: &[[f32; 3]], face: &[usize], size: f32) {
    let middle =
        [0, 1, 2].map(|axis| face.iter().map(|index| points[*index][axis]).sum::<f32>() / face.len() as f32);
    let axis_u = [0, 1, 2].map(|axis| points[face[0]][axis] - middle[axis]);
    // The body is about the origin, so that the face's middle points outward.
    let axis_v = [
        middle[1] * axis_u[2] - middle[2] * axis_u[1],
        middle[2] * axis_u[0] - middle[0] * axis_u[2],
        middle[0] * axis_u[1] - middle[1] * axis_u[0],
    ];
    let length = |v: [f32; 3]| v.iter().map(|part| part * part).sum::<f32>().sqrt().max(1e-6);
    let (lu, lv) = (length(axis_u), length(axis_v));
    let angle = |index: usize| -> f32 {
        let off = [0, 1, 2].map(|axis| points[index][axis] - middle[axis]);
        let dot = |v: [f32; 3]| off.iter().zip(v).map(|(a, b)| a * b).sum::<f32>();
        (dot(axis_v) / lv).atan2(dot(axis_u) / lu)
    };
    let mut order = face.to_vec();
    order.sort_by(|a, b| angle(*a).total_cmp(&angle(*b)));
    let big = |v: [f32; 3]| v.map(|part| part * size);
    for index in 0..order.len() {
        let (a, b) = (points[order[index]], points[order[(index + 1) % order.len()]]);
        solid.triangles.push([big(middle), big(a), big(b)]);
    }
}

pub fn terrain() -> Parts {
    ["island", "valley", "dunes", "crater"].iter().map(|name| (format!("tile-{name}"), tile(name))).collect()
}

/// A tile of 80 mm that lies flat: a height for each point of a net, walls and a floor.
fn tile(name: &str) -> Solid {
    let count = 48_usize;
    let mut random = Random::named(name);
    let waves: Vec<[f32; 4]> = (0..9)
        .map(|_| {
            [random.between(-4.0, 4.0), random.between(-4.0, 4.0), random.part(), random.between(0.5, 1.5)]
        })
        .collect();
    let height = |x: f32, y: f32| -> f32 {
        let rough: f32 = waves
            .iter()
            .map(|[a, b, s, h]| h * (TAU * (x * a + y * b + s)).sin() / (1.0 + a.abs() + b.abs()))
            .sum();
        let r = (x - 0.5).hypot(y - 0.5) * 2.0;
        let form = match name {
            "island" => 15.0 * (1.0 - r).max(0.0),
            "valley" => 16.0 * (x - 0.5 + 0.15 * (TAU * y).sin()).abs(),
            "dunes" => 4.0 + 3.0 * (TAU * (2.4 * x + 0.5 * (TAU * y * 0.7).sin())).sin(),
            _ => 12.0 * (-(r - 0.6) * (r - 0.6) * 26.0).exp() + 2.0,
        };
        (4.0 + form + 2.0 * rough).max(2.0)
    };
    let at = |c: usize, r: usize| -> [f32; 3] {
        let (x, y) = (c as f32 / count as f32, r as f32 / count as f32);
        [x * 80.0 - 40.0, y * 80.0 - 40.0, height(x, y)]
    };
    let mut solid = Solid::default();
    for row in 0..count {
        for column in 0..count {
            let (a, b, c, d) =
                (at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1));
            solid.triangles.extend([[a, b, c], [a, c, d]]);
            let down = |v: [f32; 3]| [v[0], v[1], 0.0];
            solid.triangles.extend([[down(a), down(c), down(b)], [down(a), down(d), down(c)]]);
        }
    }
    let down = |v: [f32; 3]| [v[0], v[1], 0.0];
    for step in 0..count {
        for (a, b) in [
            (at(step, 0), at(step + 1, 0)),
            (at(count, step), at(count, step + 1)),
            (at(step + 1, count), at(step, count)),
            (at(0, step + 1), at(0, step)),
        ] {
            solid.triangles.extend([[down(a), down(b), b], [down(a), b, a]]);
        }
    }
    solid
}
